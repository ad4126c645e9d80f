"""The pages of coordinators, put together."""

from __future__ import annotations

from aiohttp import web

from bot.clock import Clock
from bot.coordinators.access import Access
from bot.coordinators.attached import AttachedPages
from bot.coordinators.blocked_pages import BlockedPages
from bot.coordinators.digest_page import DigestPage
from bot.coordinators.digest_round import DigestRound
from bot.coordinators.file_pages import FilePages
from bot.coordinators.meeting_pages import MeetingPages
from bot.coordinators.moderate import ModeratePages
from bot.coordinators.overview import OverviewPage
from bot.coordinators.patterns import PatternPages
from bot.coordinators.site import HERE, Site
from bot.coordinators.stories import StoryPages
from bot.coordinators.team_pages import TeamPages
from bot.house import House
from storage.database import Database


class CoordinatorPages:
    """Adds `/coordinator` to an application."""

    def __init__(
        self, database: Database, house: House, clock: Clock, digests: DigestRound
    ) -> None:
        self.site = Site(database, house, clock)
        self.digests = digests

    def setup(self, app: web.Application) -> None:
        stories = StoryPages(self.site)
        parts = (
            Access(self.site),
            OverviewPage(self.site),
            stories,
            AttachedPages(self.site),
            ModeratePages(self.site, stories),
            TeamPages(self.site),
            BlockedPages(self.site),
            MeetingPages(self.site),
            DigestPage(self.site, self.digests),
            FilePages(self.site),
            PatternPages(self.site, self.digests.studio, stories),
        )
        for part in parts:
            app.add_routes(part.routes())
        app.router.add_static("/coordinator/static", HERE / "static")
