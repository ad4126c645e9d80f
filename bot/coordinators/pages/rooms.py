"""Rooms: pages that another feature adds to the dashboard, and what it shows on the overview."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aiohttp import web
from markupsafe import Markup

from bot.coordinators.pages.site import Site, Visit

Section = Callable[[Site, Visit], Awaitable[Markup]]
"""Makes a part of a page; an empty one when there is nothing to show."""


BesideStories = Callable[[Site, Visit, str], Awaitable[Markup]]
"""Makes what stands beside the stories of a team (empty: of all); an empty one as above."""


class PagePart(Protocol):
    """Pages that belong together."""

    def routes(self) -> list[web.RouteDef]: ...


@dataclass(frozen=True, slots=True)
class Room:
    """What a feature brings: the folder of its templates, its pages, a section of the
    overview, and what stands beside stories where patterns are looked at."""

    templates: Path
    pages: Callable[[Site], Sequence[PagePart]]
    overview: Section | None = None
    beside: BesideStories | None = None
