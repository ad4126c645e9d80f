"""Changes of messages that are there: what was chosen below a question, or that its buttons go.
Each lies in the row of its message until it is made, and a newer one takes its place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, literal_column, null, or_, update

from storage.engine.compiled import CompiledStatement
from storage.engine.transaction import Transaction
from storage.engine.types import Among, one_of
from storage.outbox.open_question import AskingRow
from storage.outbox.outbox import OUTBOX, OutboxMessage, Slot, carrier, row_name
from storage.outbox.queue import FREE, ROWS, SOON, read_row
from storage.vault.vault import SealBroken

COMING = ("pending", "sending", "sent")
"""The states of a row whose message is there, or will be."""

_OVER = CompiledStatement(
    lambda _: update(OUTBOX).where(OUTBOX.c.id == bindparam("row")).values(stands=False), apart=True
)
_WHEN_SENT = CompiledStatement(
    lambda _: (
        update(OUTBOX)
        .where(OUTBOX.c.id == bindparam("row"))
        .values(stands=False, owed=bindparam("its_owed"))
    ),
    apart=True,
)
_OWED = CompiledStatement(
    lambda _: (
        update(OUTBOX)
        .where(OUTBOX.c.id == bindparam("row"))
        .values(
            stands=False,
            owed=bindparam("its_owed"),
            due_at=bindparam("at"),
            attempts=literal_column("0"),
            owner=bindparam("by"),
            leased_until=bindparam("until"),
        )
    ),
    apart=True,
)
_SAME = and_(OUTBOX.c.id == bindparam("row"), OUTBOX.c.owed == bindparam("its_owed"))
_MADE = CompiledStatement(
    lambda _: update(OUTBOX).where(_SAME).values(owed=null(), leased_until=null()), apart=True
)
_NOT_MADE = CompiledStatement(
    lambda _: (
        update(OUTBOX)
        .where(_SAME)
        .values(
            due_at=bindparam("at"),
            attempts=bindparam("tried"),
            owner=literal_column("''"),
            leased_until=null(),
        )
    )
)
_DUE = CompiledStatement(
    lambda _: (
        ROWS.where(
            OUTBOX.c.owed.is_not(None),
            one_of(OUTBOX.c.state, "sent"),
            or_(
                OUTBOX.c.due_at <= bindparam("now"),
                OUTBOX.c.attempts == literal_column("0"),
                OUTBOX.c.due_at > bindparam("soon"),
            ),
            FREE,
            Among(OUTBOX.c.id, "busy", none=True),
        )
        .order_by(OUTBOX.c.id)
        .limit(bindparam("most"))
        .with_for_update(of=OUTBOX, skip_locked=True)
    )
)


class OwedChange(NamedTuple):
    """A change that may be made now, of what was said in a message of the channel."""

    row: OutboxMessage
    said: dict[str, Any]
    ref: str


def over(connection: Transaction, row_id: int) -> None:
    """The message of a row needs no change any more."""
    _OVER.later(connection, row=row_id)


def owe(
    connection: Transaction, row: AskingRow, change: dict[str, Any], now: datetime, place: Slot
) -> bytes:
    """The message of a row that stands is to become this, once it is there; as it is sealed. In the
    hands of the owner of the `place`, if it is there already."""
    sealed = connection.vault.seal_json(row_name(row.queue, row.turn, "owed"), change)
    if row.state == "sent":
        by = {"by": place.owner, "until": place.until}
        _OWED.later(connection, row=row.id, its_owed=sealed, at=now, **by)
    else:
        _WHEN_SENT.later(connection, row=row.id, its_owed=sealed)
    return sealed


def made(connection: Transaction, row_id: int, owed: bytes) -> None:
    """It was made, or need not be made any more; not when a newer one took its place."""
    _MADE.later(connection, row=row_id, its_owed=owed)


def later(connection: Transaction, row_id: int, owed: bytes, due: datetime, attempts: int) -> None:
    """It was not made; to be tried again."""
    _NOT_MADE.run(connection, row=row_id, its_owed=owed, at=due, tried=attempts)


def due(
    connection: Transaction,
    now: datetime,
    limit: int,
    channel: str,
    *,
    busy: Collection[int] = (),
    owner: str = "",
) -> Sequence[OwedChange]:
    """What may be changed now. One that does not open is not made."""
    given = {"now": now, "soon": now + SOON, "by": owner, "busy": list(busy)}
    changes: list[OwedChange] = []
    for found in _DUE.all_named(connection, **given, most=max(0, limit)):
        name = row_name(found.queue, found.turn, "owed")
        try:
            row = read_row(connection.vault, found)
            effect = connection.vault.open_json(name, found.owed)
        except (SealBroken, ValueError, LookupError, TypeError):
            made(connection, found.id, found.owed)
            continue
        if row.channel == channel:
            change = row._replace(kind="mark", effect=effect, owed=found.owed)
            changes.append(OwedChange(change, row.effect, carrier(found.ref)))
    return changes
