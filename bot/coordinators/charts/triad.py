"""A triad: where stories stand between three poles, with their density."""

from __future__ import annotations

from typing import Any

import mpltern  # noqa: F401 - it teaches matplotlib the projection
import numpy as np
from numpy.typing import NDArray

from bot.coordinators.charts.paper import ACCENT, INK, LINE, WIDTH, folded, sheet, svg
from bot.coordinators.charts.picture_data import TriadPicture

FEWEST = 10
"""Below this many points a density says nothing."""
GRID = 60
SPREAD = 0.11
"""How far a story spreads in the density, in shares of the triangle."""

Numbers = NDArray[np.float64]


def density(points: Numbers) -> tuple[Numbers, Numbers]:
    """A grid over the triangle (shares), and how many stories lie near each place of it."""
    steps = [(i, j, GRID - i - j) for i in range(GRID + 1) for j in range(GRID + 1 - i)]
    grid = np.array(steps, dtype=float) / GRID
    apart = ((grid[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)
    return grid, np.exp(-apart / (2 * SPREAD**2)).sum(axis=1)


def draw(picture: TriadPicture) -> str:
    figure = sheet(WIDTH, WIDTH * 0.95)
    axes: Any = figure.add_subplot(projection="ternary", ternary_sum=100)
    points = np.array(picture.points, dtype=float).reshape(-1, 3)
    if len(points) >= FEWEST:
        grid, near = density(points / 100)
        top, left, right = (grid * 100).T
        levels = np.linspace(near.max() * 0.15, near.max(), 6)
        axes.tricontourf(top, left, right, near, levels=levels, cmap="BuGn", alpha=0.55)
    marks = axes.scatter(*points.T, s=48, color=ACCENT, alpha=0.6, linewidths=0, clip_on=False)
    marks.set_urls(list(picture.links))
    for axis in (axes.taxis, axes.laxis, axes.raxis):
        axis.set_ticks([])
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_color(LINE)
    corners = ((100, 0, 0), (0, 100, 0), (0, 0, 100))
    places = (("center", "bottom"), ("left", "top"), ("right", "top"))
    for pole, corner, (across, up) in zip(picture.poles, corners, places, strict=True):
        axes.text(*corner, folded(pole), ha=across, va=up, color=INK, fontsize=12, weight=600)
    return svg(figure, picture.title, picture.about)
