"""The interface of a broadcast lane: what a feature decides about its own messages. Delivery knows
no feature."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

from bot.channels.base import SendError
from storage.engine.transaction import Transaction

Outcome = Literal["sent", "lost", "refused", "later"]
"""`lost`: no answer, or a crash while sending. `later`: the channel said that nothing was executed
(429, connection refused)."""


class HearsLater(Protocol):
    """Hears what a channel says of a message long after it took it."""

    def failed(self, connection: Transaction, row_id: int, error: SendError, now: datetime) -> bool:
        """It certainly did not arrive, for this reason. False when the row is none of its own."""
        ...

    def arrived(self, connection: Transaction, row_id: int, now: datetime) -> bool:
        """It did arrive, though that was not certain."""
        ...


class BroadcastLane(Protocol):
    """Hears of each row of its lane, in the transaction that changes the row of the outbox."""

    def may_send(self, connection: Transaction, row_id: int, now: datetime) -> bool:
        """The call follows as soon as this is committed. False when it must not any more."""
        ...

    def settle(
        self,
        connection: Transaction,
        row_id: int,
        outcome: Outcome,
        now: datetime,
        refusal: SendError | None = None,
    ) -> None:
        """What came of the call, and when it was refused, how."""
        ...

    def recover(self, connection: Transaction, now: datetime) -> int:
        """Settle what a crash left behind; how many rows that were."""
        ...
