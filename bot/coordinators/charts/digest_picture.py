"""The picture of the weekly digest: stories per week, and the six promises; made for a phone."""

from __future__ import annotations

from matplotlib import rc_context
from matplotlib.patches import Rectangle

from bot.coordinators.charts.paper import ACCENT, INK, LINE, PALE, SOFT, letters, plain, png, sheet
from bot.coordinators.charts.picture_data import DigestPicture

WIDTH, HEIGHT = 5.4, 6.75
"""Inches; at 200 dots an inch 1080 by 1350."""


def draw(picture: DigestPicture) -> bytes:
    """The picture as PNG."""
    with rc_context({"font.family": letters()}):
        return _drawn(picture)


def _drawn(picture: DigestPicture) -> bytes:
    figure = sheet(WIDTH, HEIGHT, fixed=True)
    figure.text(0.04, 0.945, picture.title, fontsize=19, weight=600)
    figure.text(0.04, 0.025, picture.subtitle, fontsize=9.5, color=SOFT)
    upper = figure.add_axes((0.04, 0.645, 0.92, 0.235))
    lower = figure.add_axes((0.335, 0.065, 0.625, 0.445))

    numbers = [count for _, count in picture.weeks]
    most = max([count or 0 for count in numbers] + [10])
    last = len(numbers) - 1
    for place, count in enumerate(numbers):
        if count is None:
            upper.plot(place, most * 0.03, marker="o", markersize=3.5, color=SOFT, mew=0)
        else:
            upper.bar(place, count, width=0.72, color=ACCENT if place == last else PALE)
            upper.text(place, count + most * 0.03, str(count), ha="center", fontsize=10)
    upper.set_xticks(range(len(numbers)), [label for label, _ in picture.weeks], fontsize=10)
    upper.set_yticks([])
    upper.set_ylim(0, most * 1.18)
    figure.text(0.04, 0.885, picture.weeks_title, fontsize=12.5, weight=600)
    plain(upper)

    rows = list(reversed(picture.promises))
    widest = max([n or 0 for _, n, _ in rows] + [a or 0 for _, _, a in rows] + [5])
    for place, (_, count, average) in enumerate(rows):
        if average is not None:
            lower.barh(place - 0.21, average, height=0.32, color=PALE)
            lower.text(average + widest * 0.02, place - 0.21, f"{average:.0f}", va="center",
                       fontsize=10, color=SOFT)  # fmt: skip
        if count is None:
            lower.text(widest * 0.01, place + 0.2, picture.hidden, va="center", fontsize=10,
                       color=SOFT)  # fmt: skip
        else:
            lower.barh(place + 0.2, count, height=0.38, color=ACCENT)
            lower.text(count + widest * 0.02, place + 0.2, str(count), va="center", fontsize=11,
                       color=INK, weight=600)  # fmt: skip
    lower.set_yticks(range(len(rows)), [label for label, _, _ in rows], fontsize=11)
    lower.set_xticks([])
    lower.set_xlim(0, widest * 1.15)
    lower.set_ylim(-0.6, len(rows) - 0.35)
    figure.text(0.04, 0.565, picture.promises_title, fontsize=12.5, weight=600)
    for name, colour, x in ((picture.this_week, ACCENT, 0.04), (picture.per_week, PALE, 0.27)):
        figure.patches.append(
            Rectangle((x, 0.533), 0.022, 0.0165, color=colour, transform=figure.transFigure)
        )
        figure.text(x + 0.033, 0.541, name, va="center", fontsize=10, color=SOFT)
    plain(lower, left=True, bottom=False)
    lower.spines["left"].set_color(LINE)
    return png(figure)
