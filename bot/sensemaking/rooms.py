"""The rooms of sense-making on the dashboard, for the wiring to hand in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.coordinators.pages.rooms import PagePart, Room
from bot.coordinators.pages.site import Site
from bot.sensemaking.figures.area_page import AreaPage, own_area_section
from bot.sensemaking.figures.contradiction_page import ContradictionPage
from bot.sensemaking.figures.import_pages import ImportPages
from bot.sensemaking.figures.indicator_pages import IndicatorPages

HERE = Path(__file__).parent


def _figures(site: Site) -> Sequence[PagePart]:
    return ImportPages(site), AreaPage(site), ContradictionPage(site), IndicatorPages(site)


ROOMS = (Room(HERE / "figures" / "templates", _figures, own_area_section),)
