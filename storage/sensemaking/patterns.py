"""The patterns of a session: an observation of one or two questions, and how it may be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.vault.vault import new_id

PATTERN = core(tables.SessionPattern)
READING = core(tables.Interpretation)

FEWEST_READINGS = 2
"""A pattern with fewer interpretations is an answer, and starts no conversation."""


class TooFewReadings(Exception):
    """A pattern needs an observation, and two interpretations that differ."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A reading of a pattern, and who would say so. `added`: by a participant; until it is `shown`
    only the facilitator sees it."""

    id: str
    text: str
    who: str
    added: bool = False
    shown: bool = True


@dataclass(frozen=True, slots=True)
class SessionPattern:
    """A chart of the questions `one` and `other` (empty: one alone), what is seen in it, and how it
    may be read. `answer`: of a choice, the one whose share is predicted."""

    id: str
    session_id: str
    one: str
    other: str
    observation: str
    answer: str
    interpretations: Sequence[Interpretation]


def in_short(text: str) -> str:
    """The words of an interpretation, however they were typed: the same say the same."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def add(
    connection: Transaction,
    session_id: str,
    one: str,
    other: str,
    observation: str,
    interpretations: Sequence[tuple[str, str]],
    answer: str = "",
) -> str:
    """The id of a new pattern. Interpretations are texts, each with who would say so. Raises
    TooFewReadings."""
    texts = {in_short(text) for text, _ in interpretations if text.strip()}
    if not observation.strip() or len(texts) < FEWEST_READINGS:
        raise TooFewReadings("a pattern needs an observation and two interpretations")
    pattern_id = new_id()
    query = select(func.count()).select_from(PATTERN).where(PATTERN.c.session_id == session_id)
    row = {
        "id": pattern_id,
        "session_id": session_id,
        "place": int(connection.execute(query).scalar_one()),
        "one": one,
        "other": other,
        "sealed": connection.vault.seal_json(
            f"pattern:{pattern_id}", {"observation": observation, "answer": answer}
        ),
    }
    connection.execute(insert(PATTERN).values(row))
    for text, who in interpretations:
        if text.strip():
            add_reading(connection, pattern_id, text, who)
    return pattern_id


def add_reading(
    connection: Transaction,
    pattern_id: str,
    text: str,
    who: str,
    *,
    added: bool = False,
) -> str:
    """The id of a new interpretation; one of a participant waits until it is shown."""
    reading_id = new_id()
    query = select(func.count()).select_from(READING).where(READING.c.pattern_id == pattern_id)
    row = {
        "id": reading_id,
        "pattern_id": pattern_id,
        "place": int(connection.execute(query).scalar_one()),
        "added": added,
        "shown": not added,
        "sealed": connection.vault.seal_json(
            f"interpretation:{reading_id}", {"text": text, "who": who}
        ),
    }
    connection.execute(insert(READING).values(row))
    return reading_id


def show_reading(connection: Transaction, session_id: str, reading_id: str) -> None:
    """The group may see an interpretation that a participant added."""
    ours = select(PATTERN.c.id).where(PATTERN.c.session_id == session_id)
    mine = (READING.c.id == reading_id, READING.c.pattern_id.in_(ours))
    connection.execute(update(READING).where(*mine).values(shown=True))


def remove_reading(connection: Transaction, session_id: str, reading_id: str) -> None:
    """An interpretation that a participant added goes."""
    ours = select(PATTERN.c.id).where(PATTERN.c.session_id == session_id)
    mine = (READING.c.id == reading_id, READING.c.pattern_id.in_(ours), READING.c.added)
    connection.execute(delete(READING).where(*mine))


def remove(connection: Transaction, session_id: str, pattern_id: str) -> None:
    mine = (PATTERN.c.id == pattern_id, PATTERN.c.session_id == session_id)
    connection.execute(delete(PATTERN).where(*mine))


def listed(reads: Reads, session_id: str) -> list[SessionPattern]:
    """The patterns of a session in order, each with its interpretations."""
    query = select(PATTERN).where(PATTERN.c.session_id == session_id).order_by(PATTERN.c.place)
    rows = list(reads.execute(query))
    readings: defaultdict[str, list[Interpretation]] = defaultdict(list)
    of = READING.c.pattern_id.in_([row.id for row in rows])
    for row in reads.execute(select(READING).where(of).order_by(READING.c.place)):
        words = reads.vault.open_json(f"interpretation:{row.id}", row.sealed)
        made = Interpretation(row.id, words["text"], words["who"], row.added, row.shown)
        readings[row.pattern_id].append(made)
    found = []
    for row in rows:
        words = reads.vault.open_json(f"pattern:{row.id}", row.sealed)
        found.append(
            SessionPattern(
                row.id, row.session_id, row.one, row.other, words["observation"], words["answer"],
                tuple(readings[row.id]),
            )
        )  # fmt: skip
    return found
