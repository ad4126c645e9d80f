"""The pages that not everybody needs: the dashboard with its rooms, the handbook, public pages, and
what the links of letters open. They are half of the code of Vertelbot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.authoring.learning.room import learning_room
from bot.authoring.workbench import workbench
from bot.channels.whatsapp.cloud_api import WhatsApp
from bot.clock import Clock
from bot.coordinators.charts.renderer import ChartRenderer
from bot.coordinators.digest.digest_sender import WeeklyDigests
from bot.coordinators.pages.routes import CoordinatorPages
from bot.handbook.handbook_pages import HandbookPages
from bot.helper.tasks import Helper
from bot.meetings.calendar_link import CalendarLink
from bot.meetings.unsubscribe import UnsubscribePage
from bot.message_templates.template_pages import whatsapp_room
from bot.sensemaking.rooms import rooms
from bot.sensemaking.sessions.facilitator_pages import Tell
from bot.services import Services
from storage.engine.database import Database


def late_pages(
    database: Database,
    services: Services,
    clock: Clock,
    *,
    digests: WeeklyDigests,
    studio: ChartRenderer,
    helper: Helper,
    whatsapp: WhatsApp | None,
    push_key: str,
    tell_session: Tell,
    tell_guides: Callable[[], Awaitable[None]],
    wake: Callable[[], None],
) -> web.Application:
    pages = web.Application()
    some = (
        *rooms(studio, tell_session, wake),
        workbench(tell_guides),
        learning_room(),
        whatsapp_room(whatsapp),
    )
    CoordinatorPages(database, services, clock, digests, some, push_key, helper=helper).setup(pages)
    HandbookPages().setup(pages)
    UnsubscribePage(database, services, clock).setup(pages)
    CalendarLink(database, services, clock).setup(pages)
    return pages
