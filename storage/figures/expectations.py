"""Expectations of figures and answers: stated before anybody looks, and all of a quarter count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from msgspec import convert
from sqlalchemy import Row, insert, select

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.vault.vault import new_id

EXPECTATION = core(tables.Expectation)
_FIELDS = ("id", "indicator_id", "question", "answer", "expected")


@dataclass(frozen=True, slots=True)
class StatedExpectation:
    """More of an indicator goes with more (1) or less (-1) of an answer; on a scale the answer is
    the end that it lies towards."""

    id: str
    indicator_id: str
    question: str
    answer: str
    expected: Literal[1, -1]


def state(
    connection: Transaction,
    stated: tuple[str, str, str, int],
    now: datetime,
    *,
    quarter: str,
    team: str,
    who: str,
) -> bool:
    """Add an expectation: indicator, question, answer, direction. False when this pair was stated
    this quarter already, in whatever direction."""
    indicator_id, question, answer, expected = stated
    same = {"indicator_id": indicator_id, "question": question, "answer": answer}
    wanted = {"quarter": quarter, "team_id": team, **same}
    known = select(EXPECTATION.c.id).where(*(EXPECTATION.c[n] == v for n, v in wanted.items()))
    if connection.execute(known).first() is not None:
        return False
    rest = {"id": new_id(), "coordinator_id": who, "at": now, "expected": expected}
    connection.execute(insert(EXPECTATION).values({**wanted, **rest}))
    return True


def of_quarter(reads: Reads, quarter: str, team: str) -> list[StatedExpectation]:
    """All that was stated in a quarter by a team (empty: the association), as it came."""
    query = (
        select(EXPECTATION)
        .where(EXPECTATION.c.quarter == quarter, EXPECTATION.c.team_id == team)
        .order_by(EXPECTATION.c.at, EXPECTATION.c.id)
    )
    return [_stated(row) for row in reads.execute(query)]


def _stated(row: Row[Any]) -> StatedExpectation:
    return convert({name: getattr(row, name) for name in _FIELDS}, StatedExpectation)
