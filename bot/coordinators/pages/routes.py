"""The routes of all coordinator pages."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from bot.clock import Clock
from bot.coordinators.digest.digest_sender import WeeklyDigests
from bot.coordinators.pages.access import AccessPages
from bot.coordinators.pages.digest import DigestPage
from bot.coordinators.pages.digest_unsubscribe import DigestUnsubscribePage
from bot.coordinators.pages.exports import ExportPages
from bot.coordinators.pages.login import LoginPages
from bot.coordinators.pages.media import MediaPages
from bot.coordinators.pages.moderation import ModerationPages
from bot.coordinators.pages.oversight.blocked_addresses_page import BlockedPages
from bot.coordinators.pages.oversight.log_page import LogPage
from bot.coordinators.pages.overview import OverviewPage
from bot.coordinators.pages.patterns import PatternPages
from bot.coordinators.pages.planning.meeting_changes import MeetingChanges
from bot.coordinators.pages.planning.meetings import MeetingsPage
from bot.coordinators.pages.planning.planning_form import PlanningForm
from bot.coordinators.pages.planning.table_uploads import TableUploads
from bot.coordinators.pages.planning.team_pages import TeamPages
from bot.coordinators.pages.rooms import PagePart, Room
from bot.coordinators.pages.selections import SelectionPages
from bot.coordinators.pages.site import Site, site_files
from bot.coordinators.pages.stories import StoryPages
from bot.coordinators.pages.story import StoryPage
from bot.helper.tasks import Helper
from bot.services import Services
from storage.engine.database import Database


class CoordinatorPages:
    """Adds `/coordinator` to an application, with the rooms that other features bring. `push_key`
    is the public key of web push (empty: there is none)."""

    def __init__(
        self,
        database: Database,
        services: Services,
        clock: Clock,
        digests: WeeklyDigests,
        rooms: Sequence[Room] = (),
        push_key: str = "",
        *,
        helper: Helper,
    ) -> None:
        self.site = Site(database, services, clock, [room.templates for room in rooms], helper)
        self.digests = digests
        self.rooms = rooms
        self.push_key = push_key

    def setup(self, app: web.Application) -> None:
        stories = StoryPages(self.site)
        story = StoryPage(self.site, stories)
        meetings = MeetingsPage(self.site)
        parts: tuple[PagePart, ...] = (
            LoginPages(self.site),
            OverviewPage(self.site, [room.overview for room in self.rooms if room.overview]),
            stories,
            story,
            SelectionPages(self.site),
            MediaPages(self.site),
            ModerationPages(self.site, story),
            AccessPages(self.site, self.push_key),
            TableUploads(self.site),
            TeamPages(self.site),
            LogPage(self.site),
            BlockedPages(self.site),
            PlanningForm(self.site, meetings),
            MeetingChanges(self.site, meetings),
            meetings,
            DigestPage(self.site, self.digests),
            DigestUnsubscribePage(self.site),
            ExportPages(self.site, stories),
            PatternPages(self.site, stories, [room.beside for room in self.rooms if room.beside]),
            *(part for room in self.rooms for part in room.pages(self.site)),
        )
        for part in parts:
            app.add_routes(part.routes())
        app.add_routes(site_files().routes())
