"""Scheduled jobs of meetings: plan prompts, send them, read feeds again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.meetings import agenda
from bot.meetings.calendar.changes.change_report import said_of
from bot.meetings.calendar.fetch import FeedError, FeedRules, fetch
from bot.meetings.calendar.problem_texts import explain_import
from bot.meetings.calendar.report import Report
from bot.meetings.prompts import planning, sending
from bot.services import Services
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.meetings import feeds, links, meetings
from storage.meetings.feeds import Feed

if TYPE_CHECKING:
    from bot.meetings.calendar.changes.diff import Changes

PLANNED_AT_ONCE = 20
"""Meetings planned in one transaction."""
A_DAY = timedelta(days=1)
BETWEEN_READS = timedelta(hours=4)
"""How often a feed is read; after a failure it is tried sooner, then later and later."""

_log = logging.getLogger(__name__)


class MeetingJobs:
    """The jobs of the ticker that are about meetings. `channels` are those that prompts can go
    through now, `wake` says that the outbox has something."""

    def __init__(
        self,
        database: Database,
        services: Services,
        clock: Clock,
        wake: Callable[[], None],
        channels: Collection[str],
        feed_rules: FeedRules,
    ) -> None:
        self.database = database
        self.services = services
        self.clock = clock
        self.wake = wake
        self.channels = channels
        self.feed_rules = feed_rules

    async def prompt(self) -> Mapping[str, int]:
        """Put the prompts that are due in the outbox, as far as there is room; how many became
        what."""
        done: Counter[str] = Counter()
        now = self.clock.now()
        for channel in self.channels:
            while some := await self.database.write(
                partial(sending.take, services=self.services, now=now, channel=channel)
            ):
                done += Counter(some)
        if done["claimed"]:
            self.wake()
        if done["expired"]:
            _log.warning("%d prompts were not sent: too late", done["expired"])
        return done

    async def cancel(self) -> int:
        """Call off the meetings whose time to think is over, each in a transaction of its own, and
        tell who takes part; how many."""
        now, off = self.clock.now(), 0
        while await self.database.write(
            partial(agenda.cancel_due, services=self.services, now=now)
        ):
            off += 1
        if off:
            self.wake()
        return off

    async def plan(self) -> int:
        """Make the prompts of the coming weeks rows; how many were new."""
        now = self.clock.now()
        rules = planning.rules_of(self.services.settings.prompts)
        until = now + planning.HORIZON - A_DAY

        def some(connection: Transaction) -> tuple[int, int]:
            found = meetings.to_plan(connection, until, PLANNED_AT_ONCE)
            return len(found), sum(planning.plan(connection, row, now, rules) for row in found)

        added = 0
        while True:
            looked_at, new = await self.database.write(some)
            added += new
            if looked_at < PLANNED_AT_ONCE:
                break
        await self.database.write(lambda connection: links.forget(connection, now))
        return added

    async def read_feeds(self) -> None:
        """Read the feeds whose time has come."""
        now = self.clock.now()
        soon = now + timedelta(minutes=10)
        due = await self.database.write(lambda c: feeds.take_due(c, now, soon))
        if due:  # what reads calendars is large, and few have one read
            await asyncio.to_thread(import_module, "bot.meetings.calendar.ics_reader")
        for feed in due:
            with contextlib.suppress(FeedError):  # kept with the feed, and tried again
                await self.read_feed(feed)

    async def read_feed(self, feed: Feed) -> tuple[Changes, Report]:
        """Read one feed and take over what it says; what changed, and what could not be read."""
        from bot.meetings.calendar.changes.diff import Changes
        from bot.meetings.calendar.ics_reader import read_calendar

        now = self.clock.now()
        try:
            fetched = await fetch(feed.url, self.feed_rules, feed.etag, feed.modified)
        except FeedError as error:
            _log.warning("a calendar feed could not be read: %s", error)
            wait = min(BETWEEN_READS * 6, timedelta(minutes=15) * 2**feed.failures)
            wait = max(wait, timedelta(seconds=error.after))
            failed = replace(
                feed,
                due_at=now + wait,
                failures=feed.failures + 1,
                problems=(f"{error}; {error.mend}",),
            )
            await self._keep(failed)
            raise
        problems = () if feed.failures else feed.problems
        read = replace(feed, due_at=now + BETWEEN_READS, failures=0, problems=problems)
        if fetched.body is None:
            await self._keep(read)
            return Changes(), Report()
        known = await self.database.read(agenda.known_kinds)
        report = await asyncio.to_thread(  # some megabytes take a while
            read_calendar, fetched.body, None, known
        )

        def take_over(connection: Transaction) -> Changes:
            others = len(feeds.listed(connection)) > 1
            changes = agenda.apply(connection, self.services, report, now, feed.id, others=others)
            told = (*said_of(changes), *map(explain_import, report.problems))
            kept = replace(read, problems=told, notes=tuple(map(explain_import, report.notes)))
            if changes.doubted:  # without these the server sends all of it again
                kept = replace(kept, etag="", modified="", doubted=True)
            else:
                kept = replace(kept, etag=fetched.etag, modified=fetched.modified, doubted=False)
            feeds.save(connection, kept)
            return changes

        return await self.database.write(take_over), report

    async def _keep(self, feed: Feed) -> None:
        await self.database.write(lambda c: feeds.save(c, feed))
