"""Histograms: where stories stand between two poles, all together or by answer."""

from __future__ import annotations

from statistics import median

from bot.coordinators.charts.paper import (
    ACCENT,
    INK,
    LINE,
    SOFT,
    WARM,
    WIDTH,
    folded,
    plain,
    sheet,
    svg,
)
from bot.coordinators.charts.picture_data import HistogramPicture

BINS = 10


def bins(values: list[int]) -> list[int]:
    """How many in each of ten bins; 100 falls in the last."""
    counts = [0] * BINS
    for value in values:
        counts[min(value // 10, BINS - 1)] += 1
    return counts


def draw(picture: HistogramPicture) -> str:
    """Groups have their own heights: shapes are compared, not numbers (those stand beside)."""
    rows = len(picture.groups)
    figure = sheet(WIDTH, 2.2 if rows == 1 else 0.5 + 0.66 * rows)
    grid = figure.subplots(rows, 1, sharex=True, squeeze=False)
    for place, (group, values) in enumerate(zip(picture.groups, picture.values, strict=True)):
        axes = grid[place][0]
        counts = bins(list(values))
        most = max([*counts, 1])
        for each, count in enumerate(counts):
            (bar,) = axes.bar(each * 10 + 5, count, width=9, color=ACCENT)
            bar.set_url(picture.links[place][each])
            if count and rows == 1:
                axes.text(each * 10 + 5, count + most * 0.03, str(count), ha="center",
                          fontsize=10, color=SOFT)  # fmt: skip
        if values:
            axes.axvline(median(values), color=WARM, linewidth=1.6)
        if group:
            axes.set_ylabel(f"{folded(group, 14)} ({len(values)})", rotation=0, ha="right",
                            va="center", color=INK, labelpad=6)  # fmt: skip
        axes.set_ylim(0, most * 1.2)
        axes.set_xlim(0, 100)
        axes.set_yticks([])
        axes.set_xticks([])
        plain(axes)
        axes.spines["bottom"].set_color(LINE)
    last, room = grid[-1][0], 20 if rows == 1 else 12
    for x, text, side in ((0, picture.left, "left"), (100, picture.right, "right")):
        below = last.get_xaxis_transform()
        last.text(x, -0.1, folded(text, room), transform=below, ha=side, va="top")
    return svg(figure, picture.title, picture.about)
