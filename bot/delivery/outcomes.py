"""What became of a row that was called out, kept for the outbox and for its lane in one commit.

Only a reply goes again when nobody knows whether it arrived; of anything else it stays uncertain.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from bot.channels.base import (
    TELL_LATER,
    TOLD_WITHIN,
    Closed,
    SendError,
    Uncertain,
    Unreachable,
)
from bot.clock import Clock
from bot.delivery.lanes import BroadcastLane, Outcome
from bot.delivery.retries import again, not_delivered
from bot.operations.metrics import Metrics
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.outbox import leases, owed_changes, queue, uncertain_rows
from storage.outbox.outbox import OutboxMessage
from storage.outbox.sent_marks import SentMark, SentMarks

_log = logging.getLogger(__name__)


TURN = 0.01
"""Seconds after which a row that another process has in a turn is tried again."""


class DeliveredMessage(NamedTuple):
    """A row was delivered: the channel's own id of the message, and when that is kept."""

    ref: str
    kept: asyncio.Future[Any]


_Settle = Callable[[Transaction], Outcome | None]


class _Settled(NamedTuple):
    """What came of a row, if it was still held."""

    held: leases.Held
    outcome: Outcome | None


class Outcomes:
    """Keeps what became of rows, unless someone else has them by now."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        metrics: Metrics,
        lanes: Mapping[str, BroadcastLane],
    ) -> None:
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._lanes = lanes
        self.marks = SentMarks(database)

    def delivered(self, row: OutboxMessage, ref: str) -> DeliveredMessage:
        """The channel took it, and calls it so."""
        self._metrics.sent(row.channel, "sent")
        kept = row.person_id is not None or _told_later(row)
        by, now = row.owner, self._clock.now()
        if row.lane == "reply":
            mark = SentMark(row.id, row.person_id, by, row.attempts, ref, now, kept, row.owed)
            return DeliveredMessage(ref, self.marks.add(mark))
        sent = partial(queue.mark_sent, row_id=row.id, ref=ref, at=now)
        keep = partial(sent, owner=by, kept=kept, tried=row.attempts)
        return DeliveredMessage(ref, self._settle(row, "sent", keep))

    async def failed(self, row: OutboxMessage, error: SendError) -> None:
        """The channel did not take it, or did not say so."""
        if isinstance(error, Uncertain):
            self._metrics.sent(row.channel, "uncertain")
            await self._uncertain(row, error)
            return
        now = self._clock.now()
        outcome = await self._keep(row, lambda c: not_delivered(c, row, error, now), error)
        gone = isinstance(error, Unreachable)
        self._metrics.sent(row.channel, "unreachable" if gone else outcome or "later")
        if outcome == "refused" and not isinstance(error, Closed | Unreachable):
            _log.error("channel %s refused a message for good: %s", row.channel, error)

    async def later(self, row: OutboxMessage, after: float | None = None) -> None:
        """Nothing was sent: try again after so many seconds, or longer every time."""
        now = self._clock.now()
        await self._settle(row, "later", lambda c: again(c, row, now, after))

    async def put_back(self, row: OutboxMessage, held: float) -> None:
        """It was not tried: it waits as before, until its chat may have a message after so many
        seconds, and counts as what is to be tried again."""
        due = self._clock.now() + timedelta(seconds=min(queue.LONGEST, held))
        attempts = max(1, row.attempts)
        await self._settle(row, "later", lambda c: queue.later(c, row.id, due, attempts))

    def drop(self, row: OutboxMessage) -> None:
        """It need not be sent any more."""
        dropped = self._settle(row, "later", partial(_drop, row=row))
        dropped.add_done_callback(lambda each: each.cancelled() or each.exception())

    async def _uncertain(self, row: OutboxMessage, error: Uncertain) -> None:
        """It may have arrived."""
        if row.lane != "reply":
            lost = partial(uncertain_rows.mark_uncertain, row_id=row.id)
            await self._settle(row, "lost", lost)
        elif error.after is None:
            await self.later(row)
        else:
            due = self._clock.now() + min(TOLD_WITHIN, timedelta(seconds=error.after))
            tried = row.attempts + 1
            wait = partial(uncertain_rows.wait_for_word, row_id=row.id, until=due, attempts=tried)
            await self._settle(row, "later", wait)

    def _settle(
        self, row: OutboxMessage, outcome: Outcome, keep: Callable[[Transaction], object]
    ) -> asyncio.Future[Outcome | None]:
        def kept(connection: Transaction) -> Outcome:
            keep(connection)
            return outcome

        return self._keep(row, kept)

    def _keep(
        self,
        row: OutboxMessage,
        keep: Callable[[Transaction], Outcome],
        error: SendError | None = None,
    ) -> asyncio.Future[Outcome | None]:
        """What came of it, once that is committed; None when someone else has the row by now. It is
        asked here, and so kept also when nobody waits for it."""
        now = self._clock.now()

        def settle(connection: Transaction) -> Outcome | None:
            outcome = keep(connection)
            if lane := self._lanes.get(row.lane):
                lane.settle(connection, row.id, outcome, now, error)
            return outcome

        if not row.owner:
            return self._database.write(settle)
        return asyncio.ensure_future(self._kept(row, settle, self._ask(row, settle)))

    async def _kept(
        self, row: OutboxMessage, settle: _Settle, asked: asyncio.Future[_Settled]
    ) -> Outcome | None:
        """Asks again as long as another process has the row in a turn."""
        while (settled := await asked).held == "in a turn":
            await asyncio.sleep(TURN)
            asked = self._ask(row, settle)
        return settled.outcome

    def _ask(self, row: OutboxMessage, settle: _Settle) -> asyncio.Future[_Settled]:
        """After the turns of its transaction: then nothing is waited for while the row is held."""

        def ask(connection: Transaction) -> _Settled:
            held = leases.held(connection, row)
            return _Settled(held, settle(connection) if held == "still" else None)

        return self._database.write(ask, last="rows")


def _drop(connection: Transaction, row: OutboxMessage) -> None:
    """It need not be done any more."""
    if row.owed:
        owed_changes.made(connection, row.id, row.owed)
    else:
        queue.drop(connection, row.id)


def _told_later(row: OutboxMessage) -> bool:
    """Whether its channel tells what became of an answer: it may have to go again."""
    return row.lane == "reply" and row.channel in TELL_LATER
