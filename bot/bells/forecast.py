"""When the bells that wait for the budget of their channel will have been rung."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.bells.bell_lane import BellLane
from bot.clock import Clock
from bot.meetings.prompts.planning import rules_of
from bot.meetings.prompts.schedule import PromptRules, allowed
from storage.bells import rings
from storage.engine.database import Database
from storage.engine.transaction import Snapshot

_A_DAY = timedelta(hours=24)
_log = logging.getLogger(__name__)


def last_day(
    due: int, planned: datetime | None, limit: int, now: datetime, rules: PromptRules
) -> datetime:
    """When the last bell rings, when nothing else comes: those that are due come behind what is
    planned, the budget of today is spent, and days off do not count. Pure."""
    at = planned or now
    for _ in range(-(-due // max(1, limit))):
        at = allowed(at + _A_DAY, rules)
    return at


class BellForecast:
    """Says, in the log, what waits and until when."""

    def __init__(self, database: Database, lane: BellLane, clock: Clock) -> None:
        self._database = database
        self._lane = lane
        self._clock = clock

    async def tell(self) -> dict[str, datetime]:
        """By channel, when the last of those that wait rings."""
        now = self._clock.now()
        found = await self._database.read(lambda session: self._read(session, now))
        for channel, at in found.items():
            _log.info(
                "bells of %s wait for the people a day that it may ring; the last one on %s",
                channel, f"{at:%Y-%m-%d}",
            )  # fmt: skip
        return found

    def _read(self, session: Snapshot, now: datetime) -> dict[str, datetime]:
        rules = rules_of(self._lane.services.settings.prompts)
        found = {}
        for channel in self._lane.budgets:
            limit = self._lane.limit(session, channel)
            due, planned = rings.waiting(session, channel, now)
            if limit is not None and (due or planned):
                found[channel] = last_day(due, planned, limit, now, rules)
        return found
