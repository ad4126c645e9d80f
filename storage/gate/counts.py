"""Counts stories of a week by answer, of those that an audience may read: with the predicate by
which they are read, so that what cannot be read cannot be counted. Raw: the gate comes after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from storage.engine.transaction import Reads
from storage.stories.movements import MOVEMENTS, SAME_MOVEMENT
from storage.stories.permissions import (
    ASSOCIATION,
    EVERYONE,
    NOBODY,
    STORY,
    is_kept,
    readable_by,
)
from storage.vault.vault import Vault

VOICE = "voice"
"""The dimension of promise, role (or kind of story) and language in one: who speaks of what."""
PROMISE = "answer:promise"
ANSWERS: Mapping[str, bool] = {
    "promise": True,
    **dict.fromkeys(MOVEMENTS, False),
    "role": False,
}
"""The questions whose answers are counted, and whether a story can give several."""
Key = tuple[str, str, str, str, str]
"""Week, guide, team, dimension and value."""


@dataclass(frozen=True, slots=True)
class Count:
    week: str
    guide: str
    team: str
    dimension: str
    value: str
    count: int


def of_week(reads: Reads, audience: str, week: str) -> list[Count]:
    """The answers of a week's stories that this audience may read and nobody holds back. By team
    for the association; all others see one number."""
    found: Counter[Key] = Counter()
    for row in _stories(reads, audience, week, week):
        team = (row.team_id or "") if audience == ASSOCIATION else ""
        for dimension, value in _marks(reads.vault, row):
            found[week, row.guide, team, dimension, value] += 1
    return _counts(found)


def of_quarter(
    reads: Reads, audience: str, weeks: Sequence[str]
) -> tuple[list[Count], list[Count]]:
    """The same of these weeks, not by team, and the voices (see `VOICE`), which are."""
    answers: Counter[Key] = Counter()
    voices: Counter[Key] = Counter()
    for row in _stories(reads, audience, weeks[0], weeks[-1]):
        for dimension, value in _marks(reads.vault, row):
            answers[row.week, row.guide, "", dimension, value] += 1
        team = (row.team_id or "") if audience == ASSOCIATION else ""
        for voice in _voices(row):
            voices["", "", team, VOICE, voice] += 1
    return _counts(answers), _counts(voices)


def of_places(reads: Reads, weeks: Sequence[str], places: Mapping[str, str]) -> list[Count]:
    """The stories of these weeks that everyone who reads may read, and what promises they are
    about, by the place of their team; those of a team without a place have none."""
    query = select(STORY.c.guide, STORY.c.team_id, STORY.c.answers).where(
        readable_by(EVERYONE), is_kept(), STORY.c.week.between(weeks[0], weeks[-1])
    )
    found: Counter[Key] = Counter()
    for row in reads.execute(query.execution_options(yield_per=500)):
        place = places.get(row.team_id or "", "")
        found["", row.guide, place, "story", ""] += 1
        for promise in set(row.answers.get("promise") or ()):
            found["", row.guide, place, PROMISE, str(promise)] += 1
    return _counts(found)


def unread(reads: Reads, first: str, last: str) -> int:
    """How many stories of these weeks nobody reads."""
    mine = readable_by(NOBODY), STORY.c.week.between(first, last)
    return int(reads.execute(select(func.count()).select_from(STORY).where(*mine)).scalar_one())


# -- inside


def _stories(reads: Reads, audience: str, first: str, last: str) -> Iterator[Any]:
    query = select(
        STORY.c.id, STORY.c.week, STORY.c.guide, STORY.c.team_id, STORY.c.language, STORY.c.kind,
        STORY.c.answers, STORY.c.sealed,
    ).where(readable_by(audience), is_kept(), STORY.c.week.between(first, last))  # fmt: skip
    yield from reads.execute(query.execution_options(yield_per=500))


def _counts(found: Mapping[Key, int]) -> list[Count]:
    return [Count(*key, count) for key, count in found.items()]


def _marks(vault: Vault, row: Row[Any]) -> Iterator[tuple[str, str]]:
    """What a story counts for: (dimension, value). An answer's dimension is its step; a scale is
    counted in five bands."""
    yield "story", ""
    yield "language", row.language
    yield "channel", vault.open_json(f"story:{row.id}", row.sealed)["channel"]
    answers = row.answers
    for step, dimension in _STEPS:
        if (answer := answers.get(step)) is None:
            continue
        if isinstance(answer, int):
            yield dimension, str(round(answer / 25))
        else:
            for option in set(answer):
                yield dimension, str(option)


_STEPS = tuple(
    (step, f"answer:{counted}")
    for step, counted in (*((each, each) for each in ANSWERS), *SAME_MOVEMENT.items())
)


def _voices(row: Row[Any]) -> Iterator[str]:
    role = next(iter(row.answers.get("role", ())), row.kind)
    for promise in set(row.answers.get("promise", ())):
        yield f"{promise} {role} {row.language}"
