"""What a channel says later of messages that it took: settles what was uncertain, and takes up
again what failed after all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.channels.base import Closed, SendError, StatusReport
from bot.clock import Clock
from bot.delivery.lanes import BroadcastLane, HearsLater
from bot.delivery.retries import not_delivered
from bot.services import Services
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.outbox import queue, uncertain_rows
from storage.outbox.outbox import OutboxMessage
from storage.whatsapp import contacts, deliveries

THERE = ("delivered", "read")


class StatusReports:
    """Keeps reports, each once, in one commit. `wake` is called when something waits again."""

    def __init__(
        self,
        database: Database,
        services: Services,
        clock: Clock,
        lane: BroadcastLane,
        bells: HearsLater,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._services = services
        self._clock = clock
        self._lane = lane
        self._bells = bells
        self._wake = wake

    async def take(self, reports: Sequence[StatusReport]) -> None:
        """Returns when they are kept."""
        if not reports:
            return
        now = self._clock.now()

        def take(connection: Transaction) -> bool:
            ready = [self._taken(connection, each, now) for each in reports]
            return any(ready)

        if await self._database.write(take):
            self._wake()

    def _taken(self, connection: Transaction, report: StatusReport, now: datetime) -> bool:
        """Whether something may go because of it."""
        news = deliveries.note(
            connection,
            report.row,
            report.piece,
            report.ref,
            report.status,
            now,
            code=report.code,
        )
        if not news:
            return False
        if report.error is not None:
            if self._bells.failed(connection, report.row, report.error, now):
                return True
            row = uncertain_rows.taken_by_channel(connection, report.row, contacts.CHANNEL)
            return row is not None and self._failed(connection, row, report.error, now)
        return self._arrived(connection, report, now)

    def _arrived(self, connection: Transaction, report: StatusReport, now: datetime) -> bool:
        taken = deliveries.arrived(connection, report.row)
        if len(taken) < report.pieces:
            return False
        refs = ",".join(each.ref for each in taken)
        rung = self._bells.arrived(connection, report.row, now)
        lane = uncertain_rows.mark_arrived(connection, report.row, refs, now)
        if all(each.status in THERE for each in taken):
            queue.let_go(connection, report.row)
        if lane == "prompt" and not rung:
            self._lane.settle(connection, report.row, "sent", now)
        return lane is not None

    def _failed(
        self, connection: Transaction, row: OutboxMessage, error: SendError, now: datetime
    ) -> bool:
        """It was taken, and did not arrive: as if that had been known at once."""
        if isinstance(error, Closed):
            contacts.shut(connection, row.address)
        outcome = not_delivered(connection, row, error, now, told_later=True)
        if row.lane == "prompt":
            self._lane.settle(connection, row.id, outcome, now, error)
        return outcome == "later"
