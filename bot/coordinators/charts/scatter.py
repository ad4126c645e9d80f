"""A scatterplot: where stories stand on two scales at once."""

from __future__ import annotations

from bot.coordinators.charts.paper import ACCENT, LINE, WIDTH, folded, plain, sheet, svg
from bot.coordinators.charts.picture_data import ScatterPicture


def draw(picture: ScatterPicture) -> str:
    """The poles stand at the ends of their scale, and no letter lies on its side."""
    figure = sheet(WIDTH, WIDTH * 1.2)
    axes = figure.subplots()
    across = [point[0] for point in picture.points]
    up = [point[1] for point in picture.points]
    marks = axes.scatter(across, up, s=52, color=ACCENT, alpha=0.45, linewidths=0, clip_on=False)
    marks.set_urls(list(picture.links))
    axes.axhline(50, color=LINE, linewidth=1, zorder=0)
    axes.axvline(50, color=LINE, linewidth=1, zorder=0)
    axes.set_xlim(-4, 104)
    axes.set_ylim(-4, 104)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title(f"↑ {picture.up[2]}", loc="left", fontsize="medium")
    left, right = folded(f"←\u00a0{picture.across[1]}"), folded(f"{picture.across[2]}\u00a0→")
    axes.text(-4, -8, f"↓ {picture.up[1]}", va="top")
    axes.text(-4, -17, left, va="top")
    axes.text(104, -17, right, va="top", ha="right")
    plain(axes, left=True)
    return svg(figure, picture.title, picture.about)
