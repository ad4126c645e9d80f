"""Who takes part in a session, what they predict and vote, and what left a round when it closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from sqlalchemy import Column, ColumnElement, func, insert, select, update

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.vault.vault import new_id

SEAT = core(tables.SessionSeat)
PARTICIPANT = core(tables.Participant)
PREDICTION = core(tables.Prediction)
VOTE = core(tables.Vote)
READING = core(tables.Interpretation)
RESULT = core(tables.RoundResult)

ParticipantRole = Literal["resident", "professional", "coordinator"]
PARTICIPANT_ROLES: tuple[ParticipantRole, ...] = get_args(ParticipantRole)
VoteAnswer = Literal["holds", "fails", "unsure"]
VOTE_ANSWERS: tuple[VoteAnswer, ...] = get_args(VoteAnswer)


def take_seat(
    connection: Transaction, session_id: str, person_id: str, role: ParticipantRole
) -> None:
    """A person takes part in this role; who had another one keeps what was given in it."""
    participant_id = seat_of(connection, session_id, person_id)
    if participant_id:
        mine = PARTICIPANT.c.id == participant_id
        connection.execute(update(PARTICIPANT).where(mine).values(role=role))
        return
    participant_id = new_id()
    row = {"id": participant_id, "session_id": session_id, "role": role}
    connection.execute(insert(PARTICIPANT).values(row))
    name = f"seat:{session_id}:{person_id}"
    seat = {
        "session_id": session_id,
        "person_id": person_id,
        "sealed": connection.vault.seal_json(name, participant_id),
    }
    connection.execute(insert(SEAT).values(seat))


def seat_of(reads: Reads, session_id: str, person_id: str) -> str:
    """The participant that a person is in a session; empty: none."""
    query = select(SEAT.c.sealed).where(
        SEAT.c.session_id == session_id, SEAT.c.person_id == person_id
    )
    sealed = reads.execute(query).scalar()
    return str(reads.vault.open_json(f"seat:{session_id}:{person_id}", sealed)) if sealed else ""


def sessions_of(reads: Reads, person_id: str) -> list[str]:
    """The sessions in which a person takes part, by id."""
    query = select(SEAT.c.session_id).where(SEAT.c.person_id == person_id)
    return sorted(reads.execute(query).scalars())


def people_in(reads: Reads, session_id: str) -> list[str]:
    """The people who take part, by id."""
    query = select(SEAT.c.person_id).where(SEAT.c.session_id == session_id)
    return sorted(reads.execute(query).scalars())


def taking_part(reads: Reads, session_id: str) -> int:
    """How many take part."""
    query = select(func.count()).where(PARTICIPANT.c.session_id == session_id)
    return int(reads.execute(query).scalar_one())


def answered(reads: Reads, pattern_id: str, *, votes: bool) -> int:
    """How many participants predicted a pattern, or voted on its interpretations."""
    if not votes:
        query = select(func.count()).where(PREDICTION.c.pattern_id == pattern_id)
    else:
        query = (
            select(func.count(VOTE.c.participant_id.distinct()))
            .join(READING, READING.c.id == VOTE.c.interpretation_id)
            .where(READING.c.pattern_id == pattern_id)
        )
    return int(reads.execute(query).scalar_one())


def predict(connection: Transaction, participant_id: str, pattern_id: str, value: int) -> None:
    """Where a participant expects a pattern; the last one counts."""
    mine = (PREDICTION.c.participant_id == participant_id, PREDICTION.c.pattern_id == pattern_id)
    if not connection.execute(update(PREDICTION).where(*mine).values(value=value)).rowcount:
        row = {"participant_id": participant_id, "pattern_id": pattern_id, "value": value}
        connection.execute(insert(PREDICTION).values(row))


def vote(
    connection: Transaction, participant_id: str, interpretation_id: str, answer: VoteAnswer
) -> None:
    """What a participant thinks of an interpretation; the last one counts."""
    mine = (
        VOTE.c.participant_id == participant_id,
        VOTE.c.interpretation_id == interpretation_id,
    )
    if not connection.execute(update(VOTE).where(*mine).values(answer=answer)).rowcount:
        row = {
            "participant_id": participant_id,
            "interpretation_id": interpretation_id,
            "answer": answer,
        }
        connection.execute(insert(VOTE).values(row))


def voted(reads: Reads, participant_id: str) -> set[str]:
    """The interpretations that a participant answered."""
    query = select(VOTE.c.interpretation_id).where(VOTE.c.participant_id == participant_id)
    return set(reads.execute(query).scalars())


def predictions(reads: Reads, pattern_id: str) -> dict[str, list[int]]:
    """The predictions of a pattern, by role."""
    return _by_role(reads, PREDICTION.c.value, PREDICTION.c.pattern_id == pattern_id)


def votes(reads: Reads, interpretation_id: str) -> dict[str, list[VoteAnswer]]:
    """The answers to an interpretation, by role."""
    return _by_role(reads, VOTE.c.answer, VOTE.c.interpretation_id == interpretation_id)


def keep_result(
    connection: Transaction, session_id: str, round_: str, result: Mapping[str, Any]
) -> None:
    """What leaves a round, once: a later one changes nothing."""
    if round_ not in results(connection, session_id):
        row = {"session_id": session_id, "round": round_, "result": dict(result)}
        connection.execute(insert(RESULT).values(row))


def results(reads: Reads, session_id: str) -> dict[str, dict[str, Any]]:
    """What left the rounds of a session, by round."""
    query = select(RESULT.c.round, RESULT.c.result).where(RESULT.c.session_id == session_id)
    return {row.round: row.result for row in reads.execute(query)}


def _by_role(reads: Reads, given: Column[Any], about: ColumnElement[bool]) -> dict[str, list[Any]]:
    """What participants gave, by the role that they have now."""
    found: dict[str, list[Any]] = {}
    mine = given.table.c.participant_id == PARTICIPANT.c.id
    query = select(PARTICIPANT.c.role, given).join_from(PARTICIPANT, given.table, mine)
    for role, value in reads.execute(query.where(about)):
        found.setdefault(role, []).append(value)
    return found
