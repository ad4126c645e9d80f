"""The question that a person has before them: whether and since when, as far as the outbox
knows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, literal_column, or_, select

from storage.engine.compiled import CompiledStatement
from storage.engine.transaction import Reads
from storage.engine.types import Among, one_of
from storage.outbox.outbox import NEWEST_ASKED, OUTBOX, Kind, carrier, opened, row_name, said_in
from storage.vault.vault import SealBroken, Vault

_MOMENT = func.coalesce(OUTBOX.c.sent_at, OUTBOX.c.due_at)
_VISIBLE_SINCE = CompiledStatement(
    lambda _: (
        select(_MOMENT)
        .where(
            OUTBOX.c.person_id == bindparam("person"),
            OUTBOX.c.kind == "say",
            one_of(OUTBOX.c.state, "sent", "uncertain"),
            or_(
                and_(OUTBOX.c.turn == bindparam("its_turn"), OUTBOX.c.turn > 0),
                OUTBOX.c.ref == bindparam("whole"),
                OUTBOX.c.ref.like(bindparam("last")),
            ),
        )
        .order_by(_MOMENT)
        .limit(1)
    )
)
_CONFIRMED = CompiledStatement(
    lambda _: select(OUTBOX.c.ref).where(
        OUTBOX.c.person_id == bindparam("person"),
        OUTBOX.c.kind == "say",
        OUTBOX.c.turn == bindparam("its_turn"),
        OUTBOX.c.state == "sent",
    )
)
_COPIES = CompiledStatement(
    lambda _: (
        select(OUTBOX)
        .where(
            OUTBOX.c.person_id == bindparam("person"),
            OUTBOX.c.turn == bindparam("its_turn"),
            one_of(OUTBOX.c.kind, "say", "tick"),
        )
        .order_by(OUTBOX.c.id)
    )
)


class AskingRow(NamedTuple):
    """A row that asks a question that stands, or changes the ticks below it."""

    id: int
    person_id: str
    queue: str
    turn: int
    kind: Kind
    sealed: bytes
    ref: str
    state: str

    def effect(self, vault: Vault) -> dict[str, Any]:
        """What it says; nothing when that does not open."""
        name = row_name(self.queue, self.turn, self.kind)
        try:
            effect: dict[str, Any] = vault.open_json(name, self.sealed)["effect"]
        except SealBroken:
            return {}
        return effect


_STANDING = CompiledStatement(
    lambda _: (
        select(*(OUTBOX.c[name] for name in AskingRow._fields))
        .where(
            Among(OUTBOX.c.person_id, "people"),
            OUTBOX.c.stands,
            OUTBOX.c.turn > literal_column("0"),
            one_of(OUTBOX.c.kind, "say", "tick"),
        )
        .order_by(OUTBOX.c.id)
    )
)


class AskedMessage(NamedTuple):
    """A message of a question that stands: the row that said it, and those that changed the ticks
    below it. `ref` is the channel's id of the message, empty while it is not delivered."""

    said: AskingRow
    ref: str
    ticks: Sequence[AskingRow] = ()

    def rows(self) -> Sequence[AskingRow]:
        return self.said, *self.ticks

    def buttons(self, vault: Vault) -> set[str]:
        """What it shows, when all is done that was put."""
        return _ids(self.rows()[-1].effect(vault))


Questions = Mapping[int, Sequence[AskedMessage]]
"""The messages of questions that stand, in order, by turn."""


class Change(NamedTuple):
    """Other ticks under a question: since when they are there (None: nobody knows), and what stood
    there before them."""

    id: int
    at: datetime | None
    effect: dict[str, Any]
    before: dict[str, Any]


def visible_since(reads: Reads, person_id: str, turn: int, message: str) -> datetime | None:
    """When the first copy of the question of a turn, or what is in that message of the channel, was
    delivered. Of what is uncertain: when it must have been sent at the latest."""
    given = {"person": person_id, "its_turn": turn, "whole": message, "last": f"%,{message}"}
    row = _VISIBLE_SINCE.one(reads, **given)
    return None if row is None else row[0]


def confirmed(reads: Reads, person_id: str, turn: int) -> list[str]:
    """The channel's ids of all messages that carried the question of a turn (empty ones where the
    channel has none); none when no delivery is confirmed."""
    return [row[0] for row in _CONFIRMED.all(reads, person=person_id, its_turn=turn)]


def standing(reads: Reads, people: Collection[str]) -> dict[str, Questions]:
    """The questions that stand of these people, as far as their channel takes buttons away."""
    found: dict[str, dict[int, list[AskedMessage]]] = {person: {} for person in people}
    for row in map(AskingRow._make, _STANDING.all(reads, people=people) if people else ()):
        messages = found[row.person_id].setdefault(row.turn, [])
        if row.kind == "say":
            messages.append(AskedMessage(row, carrier(row.ref)))
        elif messages:
            place = _place(reads.vault, row, messages)
            messages[place] = messages[place]._replace(ticks=(*messages[place].ticks, row))
    return {**found}


def stands(reads: Reads, person_id: str, turn: int, message: str) -> bool:
    """Whether that message with a question of a turn (empty: the newest) may still be changed;
    always where it is not known by its turn, or not known yet: another process may have sent it
    just now, or one that was killed."""
    messages = standing(reads, [person_id])[person_id].get(turn, ())
    if not turn or any(not message or each.ref == message for each in messages):
        return True
    return bool(messages and message) and said_in(reads, person_id, message) is None


def _place(vault: Vault, tick: AskingRow, messages: Sequence[AskedMessage]) -> int:
    """Which of the messages of a question has other ticks: the newest, unless it says which."""
    message = tick.effect(vault).get("ref", "")
    places = (place for place, each in enumerate(messages) if message and each.ref == message)
    return next(places, -1)


def waits(reads: Reads, person_id: str, turn: int) -> bool:
    """Whether the newest copy of the question of a turn is still to be delivered."""
    row = NEWEST_ASKED.named(reads, person=person_id, its_turn=turn)
    return row is not None and row.state in ("pending", "sending")


def last_change(reads: Reads, person_id: str, turn: int) -> Change | None:
    """The last change of the ticks under the question of a turn: in the message itself, or (where
    messages stay as they were) by another copy of it."""
    rows = _COPIES.all_named(reads, person=person_id, its_turn=turn)
    said = [opened(reads.vault, row)["effect"] for row in rows]
    changes = [
        place
        for place, row in enumerate(rows)
        if place and (row.kind == "tick" or _picked(said[place]) != _picked(said[place - 1]))
    ]
    if not changes:
        return None
    place = changes[-1]
    row = rows[place]
    at = {"sent": row.sent_at, "uncertain": row.due_at}.get(row.state)
    return Change(row.id, at, said[place], said[place - 1])


def _ids(effect: dict[str, Any]) -> set[str]:
    return {each["id"] for each in effect.get("buttons", ())}


def _picked(effect: dict[str, Any]) -> set[str]:
    return {each["id"] for each in effect.get("buttons", ()) if each.get("picked")}
