"""The record of a session: outcomes and decisions, each with the stories and interpretations that
it rests on, from both sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Select, Table, delete, func, insert, select

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.vault.vault import new_id

OUTCOME = core(tables.Outcome)
DECISION = core(tables.Decision)
DECISION_CARD = core(tables.DecisionCard)

OutcomeKind = Literal["recurring", "urgent", "surprising"]
OUTCOME_KINDS: tuple[OutcomeKind, ...] = get_args(OutcomeKind)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What something rests on: stories and interpretations, by their ids."""

    stories: Sequence[str] = ()
    interpretations: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a session found: it kept coming back, it was urgent, or it surprised."""

    id: str
    session_id: str
    kind: OutcomeKind
    text: str
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Decision:
    """What will be done, by whom, and by which day (ISO)."""

    id: str
    session_id: str
    made_at: datetime
    due_on: str
    text: str
    owner: str
    grounds: Grounds


def add_outcome(
    connection: Transaction,
    session_id: str,
    kind: OutcomeKind,
    text: str,
    grounds: Grounds,
) -> str:
    """The id of a new outcome."""
    outcome_id = new_id()
    row = {
        "id": outcome_id,
        "session_id": session_id,
        "place": _next(connection, OUTCOME, session_id),
        "kind": kind,
        "sealed": connection.vault.seal_json(f"outcome:{outcome_id}", {"text": text}),
    }
    connection.execute(insert(OUTCOME).values(row))
    _rest(connection, "outcome", outcome_id, grounds)
    return outcome_id


def add_decision(
    connection: Transaction,
    session_id: str,
    text: str,
    owner: str,
    due_on: str,
    grounds: Grounds,
    now: datetime,
) -> str:
    """The id of a new decision."""
    decision_id = new_id()
    row = {
        "id": decision_id,
        "session_id": session_id,
        "place": _next(connection, DECISION, session_id),
        "made_at": now,
        "due_on": due_on,
        "sealed": connection.vault.seal_json(
            f"decision:{decision_id}", {"text": text, "owner": owner}
        ),
    }
    connection.execute(insert(DECISION).values(row))
    _rest(connection, "decision", decision_id, grounds)
    return decision_id


def outcomes(reads: Reads, session_id: str) -> list[Outcome]:
    """What a session found, in order."""
    query = select(OUTCOME).where(OUTCOME.c.session_id == session_id).order_by(OUTCOME.c.place)
    rows = list(reads.execute(query))
    grounds = _grounds(reads, "outcome", [row.id for row in rows])
    return [
        Outcome(
            row.id,
            row.session_id,
            row.kind,
            reads.vault.open_json(f"outcome:{row.id}", row.sealed)["text"],
            grounds[row.id],
        )
        for row in rows
    ]


def decisions(reads: Reads, session_id: str) -> list[Decision]:
    """What a session decided, in order."""
    query = select(DECISION).where(DECISION.c.session_id == session_id)
    return _decisions(reads, query.order_by(DECISION.c.place))


def decision(reads: Reads, decision_id: str) -> Decision | None:
    """One decision. Who may see it is who may see its session."""
    found = _decisions(reads, select(DECISION).where(DECISION.c.id == decision_id))
    return found[0] if found else None


def of_story(reads: Reads, story_id: str) -> list[Decision]:
    """The decisions that rest on a story, first to last, for its teller."""
    resting = select(DECISION_CARD.c.decision_id).where(DECISION_CARD.c.story_id == story_id)
    query = select(DECISION).where(DECISION.c.id.in_(resting))
    return _decisions(reads, query.order_by(DECISION.c.made_at, DECISION.c.place))


def remove_outcome(connection: Transaction, session_id: str, outcome_id: str) -> None:
    mine = (OUTCOME.c.id == outcome_id, OUTCOME.c.session_id == session_id)
    connection.execute(delete(OUTCOME).where(*mine))


def remove_decision(connection: Transaction, session_id: str, decision_id: str) -> None:
    mine = (DECISION.c.id == decision_id, DECISION.c.session_id == session_id)
    connection.execute(delete(DECISION).where(*mine))


def _decisions(reads: Reads, query: Select[Any]) -> list[Decision]:
    rows = list(reads.execute(query))
    grounds = _grounds(reads, "decision", [row.id for row in rows])
    found = []
    for row in rows:
        words = reads.vault.open_json(f"decision:{row.id}", row.sealed)
        found.append(
            Decision(
                row.id, row.session_id, row.made_at, row.due_on, words["text"], words["owner"],
                grounds[row.id],
            )
        )  # fmt: skip
    return found


_RESTS: dict[str, tuple[Table, Table]] = {
    "outcome": (core(tables.OutcomeCard), core(tables.OutcomeInterpretation)),
    "decision": (DECISION_CARD, core(tables.DecisionInterpretation)),
}


def _rest(connection: Transaction, noun: str, its_id: str, grounds: Grounds) -> None:
    on_stories, on_readings = _RESTS[noun]
    for story_id in dict.fromkeys(grounds.stories):
        connection.execute(insert(on_stories).values({f"{noun}_id": its_id, "story_id": story_id}))
    for reading in dict.fromkeys(grounds.interpretations):
        row = {f"{noun}_id": its_id, "interpretation_id": reading}
        connection.execute(insert(on_readings).values(row))


def _grounds(reads: Reads, noun: str, ids: Iterable[str]) -> dict[str, Grounds]:
    wanted = list(ids)
    on_stories, on_readings = _RESTS[noun]
    stories, readings = (
        _by_owner(reads, table, f"{noun}_id", wanted) for table in (on_stories, on_readings)
    )
    return {each: Grounds(tuple(stories[each]), tuple(readings[each])) for each in wanted}


def _by_owner(
    reads: Reads, table: Table, owner: str, wanted: Sequence[str]
) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in reads.execute(select(table).where(table.c[owner].in_(wanted))):
        its_id, other = row
        found[its_id].append(other)
    return found


def _next(connection: Transaction, table: Table, session_id: str) -> int:
    query = select(func.max(table.c.place)).where(table.c.session_id == session_id)
    last = connection.execute(query).scalar()
    return 0 if last is None else int(last) + 1
