"""The rooms of sense-making on the dashboard, for the wiring to hand in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.coordinators.charts.renderer import ChartRenderer
from bot.coordinators.pages.rooms import PagePart, Room
from bot.coordinators.pages.site import Site
from bot.sensemaking.changes.change_pages import ChangePages, justice_section
from bot.sensemaking.figures.area_page import AreaPage, beside_section, own_area_section
from bot.sensemaking.figures.contradiction_page import ContradictionPage
from bot.sensemaking.figures.heard_page import HeardPage
from bot.sensemaking.figures.import_pages import ImportPages
from bot.sensemaking.figures.indicator_pages import IndicatorPages
from bot.sensemaking.limits.limit_pages import LimitPages
from bot.sensemaking.packs.pack_page import PackPage
from bot.sensemaking.publishing.public_page import PublicPage
from bot.sensemaking.publishing.publishing_pages import PublishingPages
from bot.sensemaking.sessions.card_validity import CardValidityPage
from bot.sensemaking.sessions.facilitator_pages import FacilitatorPages, Tell
from bot.sensemaking.sessions.session_pages import SessionPages
from bot.sensemaking.sessions.session_patterns import SessionPatternPages
from bot.sensemaking.sessions.session_record import SessionRecordPages
from bot.sensemaking.threads.thread_pages import ThreadPages

HERE = Path(__file__).parent


def _figures(site: Site) -> Sequence[PagePart]:
    pages = ImportPages, AreaPage, ContradictionPage, HeardPage, IndicatorPages
    return [page(site) for page in pages]


def rooms(studio: ChartRenderer, tell: Tell, wake: Callable[[], None]) -> tuple[Room, ...]:
    """All of them. `tell` sends to who takes part in a session what is asked now."""

    def sessions(site: Site) -> Sequence[PagePart]:
        pages = SessionPages(site)
        return [
            pages,
            SessionPatternPages(site, studio, pages),
            FacilitatorPages(site, pages, tell, wake),
            SessionRecordPages(site, pages),
            ChangePages(site, pages, wake),
            PackPage(site, studio, pages),
            CardValidityPage(site),
        ]

    return (
        Room(HERE / "changes" / "templates", lambda _site: (), justice_section),
        Room(HERE / "figures" / "templates", _figures, own_area_section, beside_section),
        Room(HERE / "sessions" / "templates", sessions),
        Room(
            HERE / "publishing" / "templates",
            lambda site: (PublicPage(site), PublishingPages(site)),
        ),
        Room(HERE / "limits" / "templates", lambda site: (LimitPages(site),)),
        Room(HERE / "threads" / "templates", lambda site: (ThreadPages(site),)),
    )
