"""Wiring: the only module that constructs services. `App` is a running Vertelbot."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from datetime import datetime
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Self

from aiohttp import web

from bot.bells.bell_lane import BellLane
from bot.bells.reach_page import BellPages
from bot.bells.ringing_channels import public_key, ringing_channels
from bot.channels.base import Channel
from bot.channels.mail import Mail
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.profile import profiles
from bot.channels.telegram.webhook import Webhook
from bot.channels.whatsapp import assembly as whatsapp
from bot.client_networks import ClientNetworks
from bot.clock import Clock
from bot.codec import Fresh
from bot.coordinators.charts.renderer import ChartRenderer
from bot.coordinators.digest.digest_bells import DigestLane
from bot.coordinators.login_links import first_link
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.sender import RowSender
from bot.delivery.status_reports import StatusReports
from bot.guides import follow_published
from bot.helper.tasks import InProcess
from bot.inbox.runner import Runner
from bot.media.transcription_queue import TranscriptionQueue
from bot.meetings.invitations import fill_in
from bot.meetings.prompts import story_events
from bot.meetings.prompts.prompt_lane import PromptLane
from bot.operations.health import Health
from bot.operations.late_pages import LatePages
from bot.operations.metrics import Metrics, MetricsPage
from bot.operations.open_files import connections_that_fit, pages_that_fit
from bot.operations.poll_leader import PollLeader
from bot.operations.server import GRACE, MOST_OF_A_FORM, RunningTurns, Server
from bot.operations.server import CannotListen as CannotListen
from bot.operations.slow_clients import SlowClients
from bot.sensemaking.changes.change_chat import ChangeChat
from bot.sensemaking.changes.change_messages import ChangeLane
from bot.sensemaking.sessions.session_chat import SessionChat, tell
from bot.sensemaking.threads.relay_events import on_relay
from bot.services import Services
from bot.settings import Settings
from bot.wiring.helpers import helpers
from bot.wiring.open_services import refresh, shelf_of
from bot.wiring.opening import OpenStore, open_store
from bot.wiring.pacers import pacer_of
from bot.wiring.telegram_channel import telegram_bot, telegram_channel
from bot.wiring.terminal_chat import talk_at_terminal
from bot.wiring.web_chat import web_chat
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Reads, Transaction
from storage.replicas.presence import Presence
from storage.sensemaking import changes
from storage.sensemaking.sessions import SenseSession
from storage.whatsapp import account_facts

if TYPE_CHECKING:
    from bot.wiring.clock_jobs import Jobs

LATE = ("/coordinator", "/handleiding", "/verhalen", "/proef", "/k", "/u", "/calendar", "/agenda")
"""Where the pages lie that are read when somebody first asks for one of them."""
JOBS_AFTER = 1.0
"""Seconds after the start at which the jobs of the clock are read: after who wrote meanwhile."""


class App:
    """Everything that belongs together: the store, the guides, the channels, the clockwork.

    Made by `App.opened`, which is enough for commands; `run` also talks with people, until
    `leaving` is set.
    """

    def __init__(self, store: OpenStore, *, serving: bool = False) -> None:
        settings, clock, database, vault = store.settings, store.clock, store.database, store.vault
        self.settings = settings
        self.clock = clock
        self.database = database
        self.bot: Telegram | None = None
        self.telegram: Telegram | Webhook | PollLeader | None = None
        self.services = Services(
            vault,
            store.erased,
            shelf_of(settings),
            settings,
            self._owner,
            telegram=lambda: self.bot.own_name if self.bot else "",
            on_story_kept=story_events.on_story_kept,
            on_story_closed=story_events.on_story_closed,
            on_relay=lambda c, person, story, now: on_relay(c, person, story, now),
            rooms=(SessionChat(), ChangeChat()),
            overdue=lambda reads, who, now: changes.overdue(reads, who, now),
            justice=changes.justice,
            proposes=self._proposed,
        )
        self.metrics = Metrics()
        self.leaving = asyncio.Event()
        self._reading_places = asyncio.Lock()
        self.presence = None if database.sqlite else Presence(database, vault, self._heard)
        announce = self.presence.tell if self.presence is not None else None
        self.web = web_chat(database, self.services, clock, announce)
        self.channels: dict[str, Channel] = {"web": self.web}
        self.runner = Runner(
            database,
            self.services,
            clock,
            self._wake,
            self._hand,
            self._echo,
            self._coming,
            self._marks,
            self._forgotten,
            self.metrics,
        )
        self.bot = telegram_bot(self.services, self.runner)
        if self.bot is not None:
            self.telegram = telegram_channel(self.bot, self.services, database)
            self.channels["telegram"] = self.telegram
        self.mail = Mail(settings.mail, clock, self.metrics.mail) if settings.mail.host else None
        if self.mail is not None:
            self.channels["mail"] = self.mail
        self.channels |= ringing_channels(self.services, clock)
        prompts = ChangeLane(self.services, PromptLane(self.services))
        new_people = settings.whatsapp.new_people_a_day
        budgets = {"whatsapp": lambda reads: account_facts.new_people(reads, new_people)}
        self.bells = BellLane(self.services, prompts, self.channels, budgets)
        reports = StatusReports(database, self.services, clock, self.bells, self.bells, self._wake)
        library = self.services.shelf.library
        self.whatsapp = whatsapp.make(
            settings,
            database,
            clock,
            library,
            reports.take,
            self.metrics.whatsapp,
            self.services.vault.message_hash,
        )
        paces = {"telegram": pacer_of(database)}
        if self.whatsapp is not None:
            self.channels[self.whatsapp.name] = self.whatsapp
            paces[self.whatsapp.name] = pacer_of(database, self.whatsapp.name)
        self.outbox = Dispatcher(
            RowSender(
                database,
                self.services,
                clock,
                self.channels,
                paces,
                self.metrics,
                self.presence,
                lanes={"prompt": self.bells, "digest": DigestLane(self.services)},
                fill_in=lambda connection, outgoing: fill_in(connection, self.services, outgoing),
            )
        )
        self.listener = TranscriptionQueue(database, self.services, clock, self.runner.heard)
        self.helper = (
            helpers(database, self.services) if serving else InProcess(database, self.services)
        )
        self.studio = ChartRenderer(self.helper)

    @cached_property
    def jobs(self) -> Jobs:
        """The jobs of the clock. Read when they are first asked for."""
        from bot.wiring.clock_jobs import Jobs

        return Jobs(
            self.database,
            self.services,
            self.clock,
            self.metrics,
            self.runner,
            self.channels,
            self.bells,
            self.studio,
            wake=self._wake,
            refresh=self.refresh,
            follow_guides=self._follow_guides,
        )

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(
        cls, settings: Settings, clock: Clock, *, exclusive: bool = True, serving: bool = False
    ) -> AsyncIterator[Self]:
        """The store open and unlocked, the guides read; all closed at the end. `serving`: heavy
        reading goes to a process of its own.

        Raises AlreadyRunning, WrongSchema, KeyProblem, Unavailable or GuideError, whose texts name
        the mend.
        """
        async with open_store(settings, clock, exclusive=exclusive) as store:
            app = cls(store, serving=serving)
            await app.database.write(app.services.shelf.remember)
            await app.refresh()
            try:
                yield app
            finally:
                await app.helper.close()

    async def refresh(self) -> None:
        """Read the teams and the keys again: another process may have added some. One at a time, so
        that what was read before a change never comes in the place of what was read after it."""
        async with self._reading_places:
            await refresh(self.database, self.services.shelf)
        await asyncio.to_thread(self.services.vault.follow)

    async def _follow_guides(self) -> None:
        """What a command published or recalled holds for who tells here, too."""
        await follow_published(self.database, self.services.shelf)

    async def run(self, ready: asyncio.Event | None = None) -> None:
        """Serve the pages and all channels until `leaving` is set, then finish what was begun;
        when cancelled, end at once. Raises CannotListen."""
        places = self.web.limits.places
        places.most = pages_that_fit(places.most)
        given = self.settings.web
        networks = ClientNetworks(given.trusted_proxies)
        clients = SlowClients(connections_that_fit(places.most), networks)
        server = Server(self._pages(), given.host, given.port, self.leaving, clients)
        begun = RunningTurns(self.runner.accept)
        await server.open()
        try:
            async with asyncio.TaskGroup() as tasks:
                works = [self.outbox.run(), self._tick(), self.listener.run()]
                if self.presence is not None:
                    works.append(self.presence.run())
                if self.telegram is not None:
                    works.append(self.telegram.prepare(profiles(self.services.shelf.library)))
                busy = [tasks.create_task(work) for work in works]
                receiving = {
                    name: tasks.create_task(channel.run(begun.accept))
                    for name, channel in self.channels.items()
                }
                if ready is not None:
                    ready.set()
                await self.leaving.wait()
                if not isinstance(self.telegram, Webhook) and "telegram" in receiving:
                    await begun.wait_for_none(GRACE)
                    receiving["telegram"].cancel()  # another process polls from now on
                await self._leave(server)
                for task in (*receiving.values(), *busy):
                    task.cancel()
        finally:
            for channel in self.channels.values():
                await channel.close()
            await server.close()

    async def _tick(self) -> None:
        await asyncio.sleep(JOBS_AFTER)
        await asyncio.to_thread(import_module, "bot.wiring.clock_jobs")  # beside those who write
        await self.jobs.ticker.run()

    async def _leave(self, server: Server) -> None:
        """Give who is before this process time to turn to another one; then finish what was begun,
        and what is being sent."""
        if self.presence is not None:
            await asyncio.sleep(self.settings.web.drain)
        await server.close()
        await self.outbox.finish(GRACE)
        if "jobs" in vars(self):
            await self.jobs.use.stopping()

    async def run_terminal(self) -> None:
        """Talk with the person at the terminal until the input ends, beside whatever runs."""
        await talk_at_terminal(self.database, self.services, self.clock, self.metrics)

    async def login_link(self) -> str:
        """A link that logs the first coordinator in, once, within 15 minutes. The coordinator is
        made when there is none."""
        now, url = self.clock.now(), self.settings.public_url
        return await self.database.write(lambda c: first_link(c, url, now))

    # -- making

    def _pages(self) -> web.Application:
        pages = web.Application(client_max_size=MOST_OF_A_FORM)
        self.web.setup(pages)
        if isinstance(self.telegram, Webhook):
            self.telegram.setup(pages)
        if self.whatsapp is not None:
            self.whatsapp.setup(pages)
        LatePages("bot.wiring.late", self._late_pages).setup(pages, LATE)
        self._bell_pages().setup(pages)
        backed_up = self.settings.backup.path is not None
        behind = self.services.erased.behind if backed_up else None
        stopped = self.whatsapp.channel if self.whatsapp else None
        Health(self.database, self.clock, self.leaving, behind, self.mail, stopped).setup(pages)
        token = self.settings.web.metrics_token.get_secret_value()
        public = bool(self.settings.web.public_url)
        MetricsPage(self.metrics, self.database, self.clock, token, behind, public).setup(pages)
        return pages

    def _late_pages(self) -> web.Application:
        from bot.wiring.late import late_pages

        return late_pages(
            self.database,
            self.services,
            self.clock,
            digests=self.jobs.digests,
            studio=self.studio,
            helper=self.helper,
            whatsapp=self.whatsapp.channel if self.whatsapp else None,
            push_key=public_key(self.channels),
            tell_session=self._tell_session,
            tell_guides=self.tell_guides,
            wake=self._wake,
        )

    def _bell_pages(self) -> BellPages:
        web, key = self.web, public_key(self.channels)
        return BellPages(
            self.database, self.services, web.pages, web.cookies, self.bells.channels, key
        )

    # -- between the parts

    def _proposed(self, reads: Reads, who: Coordinator, now: datetime) -> str:
        from bot.sensemaking.limits.quarterly import proposed_quarter  # for the dashboard alone

        return proposed_quarter(reads, who, now)

    def _tell_session(self, connection: Transaction, session: SenseSession) -> None:
        tell(connection, self.services, session, self.clock.now())

    async def tell_guides(self) -> None:
        """Other processes read what was published or recalled."""
        if self.presence is not None:
            await self.presence.tell("guides", "")

    def _wake(self) -> None:
        self.outbox.wake()

    def _owner(self) -> str:
        return self.outbox.delivery.owner

    def _hand(self, fresh: Sequence[Fresh]) -> None:
        self.outbox.hand(fresh)

    def _echo(self, fresh: Fresh) -> None:
        self.outbox.echo(fresh)

    def _coming(self, ids: Iterable[int]) -> None:
        self.outbox.coming.expect(ids)

    def _marks(self, connection: Transaction, people: Collection[str]) -> None:
        self.outbox.delivery.outcomes.marks.keep_of(connection, people)

    async def _heard(self, what: str, whom: str) -> None:
        """A notice of one of the processes on this database, or of this one."""
        if what == "halt":
            channel, seconds = whom.split()
            self.outbox.halt(channel, float(seconds))
        elif what == "guides":
            await self._follow_guides()
        else:
            self.web.hear(what, whom)

    async def _forgotten(self, channel: str, address: str) -> None:
        if channel == self.web.name:
            await self.web.forget(address)
