"""The question that a person has before them: whether and since when, as far as the outbox
knows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Text, and_, bindparam, cast, func, literal_column, or_, select

from storage.engine.compiled import CompiledStatement
from storage.engine.transaction import Reads
from storage.engine.types import Among, one_of
from storage.outbox.outbox import NEWEST_ASKED, OUTBOX, carrier, opened
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
_SHOWN = [
    OUTBOX.c[name] for name in ("person_id", "queue", "turn", "kind", "sealed", "ref", "state")
]
_ALL = CompiledStatement(
    lambda _: (
        select(*_SHOWN)
        .where(
            OUTBOX.c.person_id == bindparam("person"),
            OUTBOX.c.turn == bindparam("its_turn"),
            one_of(OUTBOX.c.kind, "say", "tick", "mark"),
        )
        .order_by(OUTBOX.c.id)
    )
)
_ITS_TURN = OUTBOX.c.person_id.concat(literal_column("':'")).concat(cast(OUTBOX.c.turn, Text))
_ALL_OF = CompiledStatement(
    lambda _: (
        select(*_SHOWN)
        .where(
            Among(OUTBOX.c.person_id, "people"),
            Among(_ITS_TURN, "turns"),
            one_of(OUTBOX.c.kind, "say", "tick", "mark"),
        )
        .order_by(OUTBOX.c.id)
    )
)


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


def rows_of(reads: Reads, person_id: str, turn: int) -> Sequence[Any]:
    """The messages with the question of a turn, and their changes, in order."""
    return _ALL.all_named(reads, person=person_id, its_turn=turn)


def questions(
    reads: Reads, asked: Mapping[str, Collection[int]]
) -> dict[str, Mapping[int, Sequence[Any]]]:
    """As `rows_of`, for several people: the questions of these turns, by turn."""
    rows: dict[str, dict[int, list[Any]]] = {
        person: {turn: [] for turn in turns} for person, turns in asked.items()
    }
    turns = [f"{person}:{turn}" for person, its in asked.items() for turn in its]
    for row in _ALL_OF.all_named(reads, people=asked, turns=turns) if turns else ():
        rows[row.person_id][row.turn].append(row)
    return {**rows}


def shown_buttons(vault: Vault, rows: Sequence[Any]) -> dict[str, set[str]]:
    """Which buttons each message of `rows_of` shows, when all is done that was put; by the
    channel's id of the message, which is empty for one that is not delivered yet. What does not
    open is passed over. Not opened is what was said in a message whose buttons are known to be
    gone: a story in many parts leaves one such message for each."""
    bare = {
        _changed(row.ref, row.state): place
        for place, row in enumerate(rows)
        if row.kind == "mark" and row.state == "sent"
    }
    shows: dict[str, set[str]] = {}
    newest = ""
    for place, row in enumerate(rows):
        message = carrier(row.ref) if row.kind == "say" else _changed(row.ref, row.state)
        is_bare = message and place <= bare.get(message, -1)
        try:
            effect = {} if is_bare else opened(vault, row)["effect"]
        except SealBroken:
            continue
        if row.kind != "say":
            shows[message or effect.get("ref") or newest] = _ids(effect)
            continue
        newest = message
        if newest or row.state in ("pending", "sending"):
            shows[newest] = _ids(effect)
    return shows


def _changed(ref: str, state: str) -> str:
    """The message that a change was made in; empty while it is not made."""
    return carrier(ref) if state == "sent" else ""


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
