"""Draws, or counts, whatever is in `picture_data`: the place where libraries for it are loaded."""

from __future__ import annotations

import base64
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bot.helper.tasks import long_task, task

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

WHERE = {
    "DigestPicture": "digest_picture",
    "BarPicture": "bar",
    "HistogramPicture": "histogram",
    "ScatterPicture": "scatter",
    "TriadPicture": "triad",
    "Relations": "relations",
}
"""Which module draws (or counts) what, with a function `draw`. What another feature has drawn names
its module itself, as `DRAWN_BY`."""


class CannotDraw(Exception):
    """There is nothing here to draw with (the extra `charts`), or drawing failed."""


@task
def drawn(picture: DataclassInstance) -> Any:
    """PNG in base64, or SVG, or what was counted. Raises CannotDraw."""
    kind = type(picture)
    where = getattr(kind, "DRAWN_BY", "") or f"bot.coordinators.charts.{WHERE[kind.__name__]}"
    try:
        made = import_module(where).draw(picture)
    except Exception as error:  # the one who asked hears what kind it was
        raise CannotDraw(f"drawing failed ({type(error).__name__})") from None
    return base64.b64encode(made).decode() if isinstance(made, bytes) else made


@long_task
def typeset(pages: DataclassInstance) -> Any:
    """The same of what has many pages."""
    return drawn(pages)
