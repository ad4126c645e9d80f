"""Who takes part in a session, what they predict and vote, and what left a round when it closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import Connection, func, insert, select

from storage import tables
from storage.engine.database import Reads
from storage.engine.types import core

PARTICIPANT = core(tables.Participant)
PREDICTION = core(tables.Prediction)
VOTE = core(tables.Vote)
READING = core(tables.Interpretation)
RESULT = core(tables.RoundResult)

VoteAnswer = Literal["holds", "fails", "unsure"]


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


def predictions(reads: Reads, pattern_id: str) -> dict[str, list[int]]:
    """The predictions of a pattern, by role."""
    found: dict[str, list[int]] = {}
    query = (
        select(PARTICIPANT.c.role, PREDICTION.c.value)
        .join(PARTICIPANT, PARTICIPANT.c.id == PREDICTION.c.participant_id)
        .where(PREDICTION.c.pattern_id == pattern_id)
    )
    for role, value in reads.execute(query):
        found.setdefault(role, []).append(value)
    return found


def votes(reads: Reads, interpretation_id: str) -> dict[str, list[VoteAnswer]]:
    """The answers to an interpretation, by role."""
    found: dict[str, list[VoteAnswer]] = {}
    query = (
        select(PARTICIPANT.c.role, VOTE.c.answer)
        .join(PARTICIPANT, PARTICIPANT.c.id == VOTE.c.participant_id)
        .where(VOTE.c.interpretation_id == interpretation_id)
    )
    for role, answer in reads.execute(query):
        found.setdefault(role, []).append(answer)
    return found


def keep_result(
    connection: Connection, session_id: str, round_: str, result: Mapping[str, Any]
) -> None:
    """What leaves a round, once: a later one changes nothing."""
    if round_ not in results(connection, session_id):
        row = {"session_id": session_id, "round": round_, "result": dict(result)}
        connection.execute(insert(RESULT).values(row))


def results(reads: Reads, session_id: str) -> dict[str, dict[str, Any]]:
    """What left the rounds of a session, by round."""
    query = select(RESULT.c.round, RESULT.c.result).where(RESULT.c.session_id == session_id)
    return {row.round: row.result for row in reads.execute(query)}
