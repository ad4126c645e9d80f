"""What becomes of a row that certainly did not arrive, known at once or told later: it goes again,
or never."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.channels.base import TOLD_WITHIN, Closed, SendError, TryLater, Unreachable
from bot.delivery.lanes import Outcome
from storage.engine.transaction import Transaction
from storage.outbox import owed_changes, queue
from storage.outbox.outbox import OutboxMessage
from storage.people import blocked_addresses, people
from storage.weeks import week_of

TRIES_FOR_NOBODY = 20
"""So often something for somebody who is not kept goes at most: for more than an hour."""


def gives_up(row: OutboxMessage, error: TryLater) -> bool:
    """Whether it was tried as often as that may be."""
    tries = error.tries or (TRIES_FOR_NOBODY if row.person_id is None else 0)
    return bool(tries) and row.attempts >= tries


def not_delivered(
    connection: Transaction,
    row: OutboxMessage,
    error: SendError,
    now: datetime,
    *,
    told_later: bool = False,
) -> Outcome:
    """Keeps what becomes of it. Who is not kept is not waited for, and not tried for long. Where a
    channel took it and said only later that it is closed, it is called again at once: it knows now,
    and asks the person for a word."""
    if isinstance(error, TryLater) and not gives_up(row, error):
        again(connection, row, now, error.after, calmly=error.calmly)
        return "later"
    if isinstance(error, Closed):
        opened = error.opened(connection)  # the person may have said something just now
        if opened or row.person_id is not None:
            _put_off(connection, row, now if opened or told_later else now + TOLD_WITHIN)
            return "later"
    if isinstance(error, Unreachable) and row.person_id is not None:
        _leave_alone(connection, row.person_id, row, str(error), now)
    elif row.owed:
        owed_changes.made(connection, row.id, row.owed)
    else:
        queue.mark_failed(connection, row.id)
    return "refused"


def again(
    connection: Transaction,
    row: OutboxMessage,
    now: datetime,
    after: float | None = None,
    *,
    calmly: bool = False,
) -> None:
    """Nothing was delivered: try again after so many seconds, or longer every time."""
    calmly = calmly and row.lane != "reply"
    wait = queue.pause(row.attempts, calmly=calmly)
    wait = wait if after is None else min(queue.LONGEST, after)
    _put_off(connection, row, now + timedelta(seconds=wait))


def _put_off(connection: Transaction, row: OutboxMessage, due: datetime) -> None:
    if row.owed:
        owed_changes.later(connection, row.id, row.owed, due, row.attempts + 1)
    else:
        queue.later(connection, row.id, due, row.attempts + 1)


def _leave_alone(
    connection: Transaction, person_id: str, row: OutboxMessage, said: str, now: datetime
) -> None:
    """The person shut the channel, or the address does not exist: marked and left alone, unless
    something newer waits, which was put after the person came back."""
    if not row.owed:  # else its message did arrive
        queue.settle(connection, row.id, state="gone")
    queue.gone(connection, person_id, up_to=row.id)
    if queue.waits(connection, person_id):
        return
    people.block(connection, person_id)
    if row.channel == "mail":
        blocked_addresses.note(connection, person_id, said, week_of(now))
