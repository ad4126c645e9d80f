"""Bar charts: how often each answer was given. The answer stands above its bar: it may be long."""

from __future__ import annotations

from bot.coordinators.charts.paper import ACCENT, LINE, WIDTH, plain, sheet, svg
from bot.coordinators.charts.picture_data import BarPicture

ROW = 0.5
"""Inches for an answer and its bar."""


def draw(picture: BarPicture) -> str:
    rows = len(picture.labels)
    figure = sheet(WIDTH, 0.15 + ROW * max(rows, 1))
    axes = figure.subplots()
    most = max([*picture.counts, 1])
    marks = zip(picture.labels, picture.counts, picture.links, strict=True)
    for place, (label, count, link) in enumerate(marks):
        y = rows - 1 - place
        (bar,) = axes.barh(y - 0.22, count, height=0.42, color=ACCENT)
        number = axes.text(count + most * 0.015, y - 0.22, str(count), va="center", weight=600)
        name = axes.text(0, y + 0.06, label, va="bottom")
        for mark in (bar, number, name):
            mark.set_url(link)
    axes.set_yticks([])
    axes.set_xticks([])
    axes.set_xlim(0, most * 1.12)
    axes.set_ylim(-0.5, rows - 0.4)
    plain(axes, left=True, bottom=False)
    axes.spines["left"].set_color(LINE)
    return svg(figure, picture.title, picture.about)
