"""The picture of the weekly digest: stories per week, and the six promises; made for a phone."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from bot.coordinators.charts.paper import ACCENT, INK, PALE, SOFT, letters, plain, png, sheet
from bot.coordinators.charts.picture_data import DigestPicture

WIDTH, HEIGHT = 4.5, 5.625
"""Inches; at 240 dots an inch 1080 by 1350: on a phone the letters are as large as its own."""
DOTS = 240
EDGE = 0.04
LEAST = 0.1
"""A share that is not longer than this does not fill the width."""
TITLE_FITS = 36
"""Letters of a title in the largest size."""


def draw(picture: DigestPicture) -> bytes:
    """The picture as PNG."""
    with rc_context({"font.family": letters()}):
        return _drawn(picture)


def _drawn(picture: DigestPicture) -> bytes:
    figure = sheet(WIDTH, HEIGHT, fixed=True)
    size = min(16, 16 * TITLE_FITS / len(picture.title))
    figure.text(EDGE, 0.945, picture.title, fontsize=size, weight=600)
    figure.text(EDGE, 0.02, picture.subtitle, fontsize=8.5, color=SOFT, linespacing=1.25)
    figure.text(EDGE, 0.892, picture.weeks_title, fontsize=12, weight=600)
    figure.text(EDGE, 0.628, picture.promises_title, fontsize=12, weight=600)
    for name, colour, x in ((picture.this_week, ACCENT, EDGE), (picture.quarter, PALE, 0.29)):
        if not name:
            continue
        figure.patches.append(
            Rectangle((x, 0.593), 0.022, 0.0176, color=colour, transform=figure.transFigure)
        )
        figure.text(x + 0.033, 0.602, name, va="center", fontsize=10, color=SOFT)
    _weeks(figure.add_axes((EDGE, 0.71, 1 - 2 * EDGE, 0.165)), picture.weeks)
    _promises(figure.add_axes((EDGE, 0.085, 1 - 2 * EDGE, 0.495)), picture)
    return png(figure, DOTS)


def _weeks(axes: Axes, weeks: Sequence[tuple[str, int | None]]) -> None:
    """A bar for each week, the last one stressed; a dot where the number is hidden."""
    most = max([count or 0 for _, count in weeks] + [10])
    last = len(weeks) - 1
    for place, (_, count) in enumerate(weeks):
        if count is None:
            axes.plot(place, most * 0.04, marker="o", markersize=3.5, color=SOFT, mew=0)
        else:
            axes.bar(place, count, width=0.72, color=ACCENT if place == last else PALE)
            axes.text(place, count + most * 0.04, str(count), ha="center", fontsize=10)
    axes.set_xticks(range(len(weeks)), [label for label, _ in weeks], fontsize=10)
    axes.set_yticks([])
    axes.set_ylim(0, most * 1.2)
    plain(axes)


def _promises(axes: Axes, picture: DigestPicture) -> None:
    """For each promise its name, its share of the stories of this week, and of the quarter
    before."""
    rows = list(reversed(list(zip(picture.promises, picture.said, strict=True))))
    shares = [share or 0 for (_, now, past), _ in rows for share in (now, past)]
    widest = max([*shares, LEAST])
    for place, ((label, now, past), said) in enumerate(rows):
        axes.text(0, place + 0.17, label, va="bottom", fontsize=11)
        if now is None:
            axes.text(0, place - 0.02, said, va="center", fontsize=10, color=SOFT)
        else:
            axes.barh(place - 0.02, now, height=0.28, color=ACCENT)
            axes.text(now + widest * 0.015, place - 0.02, said, va="center", fontsize=11,
                      color=INK, weight=600)  # fmt: skip
        if past is not None:
            axes.barh(place - 0.27, past, height=0.15, color=PALE)
    axes.set_yticks([])
    axes.set_xticks([])
    axes.set_xlim(0, widest * 1.25)
    axes.set_ylim(-0.45, len(rows) - 0.4)
    plain(axes, bottom=False)
