"""Sense-making sessions: who makes one, who finds it, and how far it is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    delete,
    false,
    insert,
    not_,
    select,
    update,
)

from storage import tables
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.vault.vault import Vault, new_id

SESSION = core(tables.SenseSession)

Sits = Literal["team", "network"]
SITS: tuple[Sits, ...] = get_args(Sits)
SessionState = Literal["prepared", "open", "predicting", "interpreting", "recording", "closed"]
STATES: tuple[SessionState, ...] = get_args(SessionState)
LETTERS = "BCDFGHJKMNPQRSTVWXZ23456789"
"""Of codes: none that looks like another, no vowels to make words with."""


@dataclass(frozen=True, slots=True)
class SenseSession:
    """A session. `team`: whose it is (empty: the association's); `sits`: who sits in it, the own
    team or a wider group; `query`: the choice of stories, as filters in an address; `question`: the
    one that the cards are spread over; `round`: the pattern that is open."""

    id: str
    code: str
    team: str
    facilitator: str
    sits: Sits
    state: SessionState
    round: str
    made_at: datetime
    title: str
    question: str
    query: str

    @property
    def live(self) -> bool:
        """Whether people can take part."""
        return self.state not in ("prepared", "closed")


def draft(
    who: Coordinator, now: datetime, *, title: str, question: str, query: str, sits: Sits
) -> SenseSession:
    """A session that is not there yet, so that its cards can be chosen first. Only a team has a
    session of its own; raises ValueError for another."""
    if sits == "team" and not who.team:
        raise ValueError("the association has no team of its own to sit in a session")
    return SenseSession(
        new_id(), new_session_code(6), who.team, who.id, sits, "prepared", "", now, title, question,
        query,
    )  # fmt: skip


def add(connection: Transaction, made: SenseSession) -> None:
    """Prepare a session, as it was drafted. Its cards are put in the same transaction."""
    row = {
        "id": made.id,
        "code": made.code,
        "team_id": made.team or None,
        "facilitator_id": made.facilitator or None,
        "sits": made.sits,
        "state": made.state,
        "round": "",
        "made_at": made.made_at,
        "changed_at": made.made_at,
        "sealed": _seal(connection.vault, made),
    }
    connection.execute(insert(SESSION).values(row))


def may_see(who: Coordinator) -> ColumnElement[bool]:
    """The sessions that someone sees: those of the own team, or of the association."""
    if who.role == "association":
        return SESSION.c.team_id.is_(None)
    return SESSION.c.team_id == who.team if who.team else false()


def may_lead(who: Coordinator, session: SenseSession) -> bool:
    """Whether someone may change a session: who prepared it, or whom it was handed to; one that
    nobody leads any more is led by whoever may."""
    return who.role != "reader" and session.facilitator in ("", who.id)


def by_id(reads: Reads, who: Coordinator, session_id: str) -> SenseSession | None:
    """A session, for who may see it."""
    query = select(SESSION).where(and_(SESSION.c.id == session_id, may_see(who)))
    row = reads.execute(query).one_or_none()
    return None if row is None else _opened(reads.vault, row)


def known(reads: Reads, session_id: str) -> SenseSession | None:
    """A session by its id, for who came to it by its code or on the command line."""
    row = reads.execute(select(SESSION).where(SESSION.c.id == session_id)).one_or_none()
    return None if row is None else _opened(reads.vault, row)


def by_code(reads: Reads, text: str) -> SenseSession | None:
    """The session with this code, however it was typed."""
    code = "".join(letter for letter in text.upper() if letter.isalnum())
    row = reads.execute(select(SESSION).where(SESSION.c.code == code)).one_or_none()
    return None if row is None else _opened(reads.vault, row)


def listed(reads: Reads, who: Coordinator | None) -> list[SenseSession]:
    """The sessions that someone sees (None: the operator, all), newest first."""
    query = select(SESSION).order_by(SESSION.c.made_at.desc(), SESSION.c.id)
    if who is not None:
        query = query.where(may_see(who))
    return [_opened(reads.vault, row) for row in reads.execute(query)]


def save(connection: Transaction, session: SenseSession, now: datetime) -> None:
    """Keep what changed of a session: its words, its facilitator, or how far it is."""
    values = {
        "facilitator_id": session.facilitator or None,
        "state": session.state,
        "round": session.round,
        "changed_at": now,
        "sealed": _seal(connection.vault, session),
    }
    connection.execute(update(SESSION).where(SESSION.c.id == session.id).values(values))


def go_to(
    connection: Transaction,
    session: SenseSession,
    state: SessionState,
    now: datetime,
    round_: str = "",
) -> SenseSession:
    """Go on to another part of a session; what participants did goes when it closes."""
    gone_to = replace(session, state=state, round=round_)
    save(connection, gone_to, now)
    if state == "closed":
        forget_participants(connection, session.id)
    return gone_to


def forget_participants(connection: Transaction, session_id: str) -> None:
    """Who took part, and all that hangs on it, goes; what they wrote too, unless the group saw
    it."""
    for model in (tables.SessionSeat, tables.Participant):
        table = core(model)
        connection.execute(delete(table).where(table.c.session_id == session_id))
    reading, pattern = core(tables.Interpretation), core(tables.SessionPattern)
    ours = select(pattern.c.id).where(pattern.c.session_id == session_id)
    unseen = (reading.c.added, not_(reading.c.shown), reading.c.pattern_id.in_(ours))
    connection.execute(delete(reading).where(*unseen))


def close_forgotten(connection: Transaction, before: datetime) -> int:
    """Close the sessions in which nothing happened since a moment: who led them closed a laptop,
    and what participants did must go. How many there were."""
    live = SESSION.c.state.not_in(("prepared", "closed")), SESSION.c.changed_at < before
    found = list(connection.execute(select(SESSION.c.id).where(*live)).scalars())
    for session_id in found:
        closed = update(SESSION).where(SESSION.c.id == session_id)
        connection.execute(closed.values(state="closed", round=""))
        forget_participants(connection, session_id)
    return len(found)


def remove(connection: Transaction, session_id: str) -> None:
    """A session goes, with all that was made in it."""
    connection.execute(delete(SESSION).where(SESSION.c.id == session_id))


def new_session_code(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def _seal(vault: Vault, session: SenseSession) -> bytes:
    words = {"title": session.title, "question": session.question, "query": session.query}
    return vault.seal_json(f"session:{session.id}", words)


def _opened(vault: Vault, row: Row[Any]) -> SenseSession:
    sealed = vault.open_json(f"session:{row.id}", row.sealed)
    return SenseSession(
        row.id,
        row.code,
        row.team_id or "",
        row.facilitator_id or "",
        row.sits,
        row.state,
        row.round,
        row.made_at,
        sealed["title"],
        sealed["question"],
        sealed["query"],
    )
