"""Bars: how often each answer was given."""

from __future__ import annotations

from bot.coordinators.charts.paper import ACCENT, LINE, WIDTH, plain, sheet, svg
from bot.coordinators.charts.picture_data import BarPicture


def draw(picture: BarPicture) -> str:
    rows = len(picture.labels)
    figure = sheet(WIDTH, 0.4 + 0.34 * max(rows, 1))
    axes = figure.subplots()
    most = max([*picture.counts, 1])
    for place, (count, link) in enumerate(zip(picture.counts, picture.links, strict=True)):
        (bar,) = axes.barh(rows - 1 - place, count, height=0.68, color=ACCENT)
        bar.set_url(link)
        label = axes.text(count + most * 0.015, rows - 1 - place, str(count), va="center")
        label.set_url(link)
    axes.set_yticks(range(rows), list(reversed(picture.labels)))
    axes.set_xticks([])
    axes.set_xlim(0, most * 1.1)
    plain(axes, left=True, bottom=False)
    axes.spines["left"].set_color(LINE)
    return svg(figure, picture.title, picture.about)
