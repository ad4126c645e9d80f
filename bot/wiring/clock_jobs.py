"""The jobs of the clock: prompts, digests, feeds, retention, backups and what else becomes due.
Read after the start: nobody who writes meanwhile waits for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from bot.authoring.learning.use_job import UseJob
from bot.bells.bell_lane import BellLane
from bot.bells.forecast import BellForecast
from bot.channels.base import Channel
from bot.clock import Clock
from bot.coordinators.charts.renderer import ChartRenderer
from bot.coordinators.digest.digest_sender import WeeklyDigests
from bot.inbox.runner import Runner
from bot.meetings.calendar.fetch import FeedRules
from bot.meetings.jobs import MeetingJobs
from bot.operations.clock_guard import ClockGuard
from bot.operations.maintenance import Backups, give_back, policy_of
from bot.operations.metrics import Metrics
from bot.operations.ticker import Ticker
from bot.services import Services
from storage.engine.database import Database
from storage.lifecycle import retention
from storage.lifecycle.rotation import FOLLOWED_EVERY
from storage.outbox import state_counts
from storage.sensemaking import sessions

FORGOTTEN_SESSION = timedelta(days=7)
"""After so long without a step a sense-making session closes by itself."""


class Jobs:
    """What is done by the clock, and the ticker that calls it."""

    def __init__(
        self,
        database: Database,
        services: Services,
        clock: Clock,
        metrics: Metrics,
        runner: Runner,
        channels: Mapping[str, Channel],
        bells: BellLane,
        studio: ChartRenderer,
        *,
        wake: Callable[[], None],
        refresh: Callable[[], Awaitable[None]],
        follow_guides: Callable[[], Awaitable[None]],
    ) -> None:
        self.database, self.services, self.clock, self.runner = database, services, clock, runner
        feeds = services.settings.feeds
        rules = FeedRules(plain_http=feeds.plain_http, private=feeds.private)
        self.meetings = MeetingJobs(database, services, clock, wake, channels, rules)
        self.digests = WeeklyDigests(database, services, clock, studio, wake)
        self.backups = Backups(database, services, clock)
        self.watch = ClockGuard(database, Clock().now, metrics)
        self.use = UseJob(database, services, clock)
        self.ticker = Ticker(
            {
                "timers": (5, self._take_due),
                "places": (FOLLOWED_EVERY, refresh),
                "guides": (2, follow_guides),
                "prompts": (1, self.meetings.prompt),
                "cancellations": (5, self.meetings.cancel),
                "bells": (3600, BellForecast(database, bells, clock).tell),
                "planning": (600, self.meetings.plan),
                "feeds": (60, self.meetings.read_feeds),
                "digests": (30, self.digests.go),
                "retention": (3600, self._purge),
                "backup": (60, self.backups.go),
                "memory": (120, give_back),
                "use": (600, self.use.go),
            },
            metrics,
        )

    async def _take_due(self) -> None:
        await self.runner.take_due(timers=await self.watch.believes())

    async def _purge(self) -> None:
        if await self.watch.believes():
            await self.purge()

    async def purge(self) -> dict[str, int]:
        """Forget what is old enough; how much of each. Timers go first: they know what to say."""
        await self.runner.take_due()
        policy = policy_of(self.services.settings.retention)
        now, vault = self.clock.now(), self.services.vault
        gone = await self.database.write(lambda c: retention.purge(c, now, policy))
        forgotten = now - FORGOTTEN_SESSION
        gone["sessions"] = await self.database.write(
            lambda c: sessions.close_forgotten(c, forgotten)
        )
        await self.database.write(state_counts.gather)
        vault.lately.forget()
        if any(gone.values()):
            await self.database.scrub(deep=True)
        return gone
