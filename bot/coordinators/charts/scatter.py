"""A scatterplot: where stories stand on two scales at once."""

from __future__ import annotations

from bot.coordinators.charts.paper import ACCENT, LINE, SOFT, WIDTH, plain, sheet, svg
from bot.coordinators.charts.picture_data import ScatterPicture


def draw(picture: ScatterPicture) -> str:
    figure = sheet(WIDTH, WIDTH)
    axes = figure.subplots()
    across = [point[0] for point in picture.points]
    up = [point[1] for point in picture.points]
    marks = axes.scatter(across, up, s=36, color=ACCENT, alpha=0.45, linewidths=0, clip_on=False)
    marks.set_urls(list(picture.links))
    axes.axhline(50, color=LINE, linewidth=1, zorder=0)
    axes.axvline(50, color=LINE, linewidth=1, zorder=0)
    axes.set_xlim(-4, 104)
    axes.set_ylim(-4, 104)
    axes.set_xticks([0, 100], [picture.across[1], picture.across[2]])
    axes.set_yticks([0, 100], [picture.up[1], picture.up[2]], rotation=90, va="center")
    first, last = axes.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")
    first, last = axes.get_yticklabels()
    first.set_verticalalignment("bottom")
    last.set_verticalalignment("top")
    axes.set_xlabel(picture.across[0], color=SOFT)
    axes.set_ylabel(picture.up[0], color=SOFT)
    plain(axes, left=True)
    return svg(figure, picture.title, picture.about)
