"""Delivered messages of a conversation: other words in them, and their removal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from storage.engine.transaction import Transaction
from storage.outbox.outbox import OUTBOX, row_name
from storage.vault.vault import Vault

Effect = dict[str, Any]


def reword(connection: Transaction, person_id: str, change: Callable[[Effect], Effect]) -> int:
    """Let `change` make something else of every effect that is there for a person, delivered or
    not; how many rows became another one. The bytes of the old ones go when the journal is
    cleaned."""
    changed = 0
    for row in connection.execute(select(OUTBOX).where(OUTBOX.c.person_id == person_id)).all():
        if values := _reworded(connection.vault, row, change):
            connection.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(**values))
            changed += 1
    return changed


def _reworded(
    vault: Vault, row: Row[Any], change: Callable[[Effect], Effect]
) -> Mapping[str, bytes]:
    """The columns that become another one: what was said, and what its message still is to get."""
    name, owed = (row_name(row.queue, row.turn, kind) for kind in (row.kind, "owed"))
    values = {}
    data = vault.open_json(name, row.sealed)
    if (effect := change(data["effect"])) != data["effect"]:
        values["sealed"] = vault.seal_json(name, {**data, "effect": effect})
    if row.owed is not None:
        mark = vault.open_json(owed, row.owed)
        if (effect := change(mark)) != mark:
            values["owed"] = vault.seal_json(owed, effect)
    return values


def clear(
    connection: Transaction,
    person_id: str,
    last: Callable[[Effect], bool],
    since: datetime,
) -> list[str]:
    """Take away what was shown, up to the message that is the `last`, but for the one with the
    code; a message that still waits to be delivered stays. The channel's own ids of those that
    were sent since that moment and can be deleted there."""
    query = select(OUTBOX).where(OUTBOX.c.person_id == person_id).order_by(OUTBOX.c.id)
    going: list[int] = []
    refs: list[str] = []
    staying: set[str] = set()
    for row in connection.execute(query).all():
        effect = connection.vault.open_json(row_name(row.queue, row.turn, row.kind), row.sealed)[
            "effect"
        ]
        if "code" in effect.get("slots", ()):  # what was chosen under it is shown in it
            staying |= set(row.ref.split(","))
        elif row.state not in ("pending", "sending"):
            going.append(row.id)
            if row.ref and row.sent_at is not None and row.sent_at >= since:
                refs += row.ref.split(",")
        if last(effect):
            break
    connection.execute(delete(OUTBOX).where(OUTBOX.c.id.in_(going)))
    return [ref for ref in refs if ref not in staying]
