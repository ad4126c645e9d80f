"""Reading stories: one, a page of them, a search, their answers, and how many there are. Who may
read which, `permissions` decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, and_, func, literal_column, select

from storage.coordinators.coordinators import Coordinator
from storage.engine.database import Reads
from storage.stories.permissions import STORY, is_kept, may_moderate, may_read, ways_to_read
from storage.stories.rows import Story, opened
from storage.vault.vault import Vault

SCANNED = 5_000
"""The newest stories that a search opens."""
COUNTED = 20_000
"""The newest stories whose answers are looked at for a pattern."""
PAGE = 20


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look at; empty means all. `state` is `waiting` (nobody looked yet), `held` or
    `serious`; `answers` maps a question to an answer, `step: option`, or for a scale a stretch
    `step: 0-19`, or for a triad the pole that weighs most `step: pole:1`."""

    guide: str = ""
    team: str = ""
    language: str = ""
    first: str = ""
    last: str = ""
    state: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """The closed part of a story: nothing here is sealed."""

    id: str
    week: str
    guide: str
    fingerprint: str
    team: str
    language: str
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Stories that hold some words; `scanned` were opened, `more` are older and were not."""

    stories: list[Story]
    scanned: int
    more: bool


def one(reads: Reads, vault: Vault, who: Coordinator, story_id: str) -> Story | None:
    """A story, if this coordinator may read it."""
    query = select(STORY).where(STORY.c.id == story_id, may_read(who))
    row = reads.execute(query).one_or_none()
    return None if row is None else opened(vault, row)


def moderates(reads: Reads, who: Coordinator, story_id: str) -> bool:
    query = select(STORY.c.id).where(STORY.c.id == story_id, may_moderate(who))
    return reads.execute(query).first() is not None


def page(
    reads: Reads, vault: Vault, who: Coordinator, filters: Filters, number: int = 0
) -> tuple[list[Story], int]:
    """Stories, newest week first, twenty at a time, and how many there are in all."""
    if filters.answers:
        ids = [each.id for each in answered(reads, who, filters)]
        wanted = ids[number * PAGE : (number + 1) * PAGE]
        rows = {row.id: row for row in reads.execute(select(STORY).where(STORY.c.id.in_(wanted)))}
        return [opened(vault, rows[id_]) for id_ in wanted if id_ in rows], len(ids)
    narrowed = _narrowed(who, filters)
    total = sum(_by_week(reads, who, narrowed).values())
    query = _newest(select(STORY).where(may_read(who), *narrowed))
    shown = reads.execute(query.limit(PAGE).offset(number * PAGE))
    return [opened(vault, row) for row in shown], total


def search(
    reads: Reads, vault: Vault, who: Coordinator, filters: Filters, words: str
) -> SearchResult:
    """The stories that hold all of these words, among the newest `SCANNED` of the filtered ones:
    they must be opened one by one."""
    wanted = words.casefold().split()
    query = _newest(select(STORY).where(may_read(who), *_narrowed(who, filters)))
    query = query.limit(SCANNED + 1)
    found, scanned, more = [], 0, False
    for row in reads.execute(query):
        if scanned == SCANNED:
            more = True
            break
        scanned += 1
        if not _matches(row.answers, filters.answers):
            continue
        story = opened(vault, row)
        told = story.telling
        text = " ".join((told.name, told.text, *told.words.values())).casefold()
        if all(word in text for word in wanted):
            found.append(story)
    return SearchResult(found, scanned, more)


def answered(reads: Reads, who: Coordinator, filters: Filters) -> list[Answered]:
    """The answers of the newest `COUNTED` stories that someone may read, for patterns."""
    query = _newest(select(*_CLOSED).where(may_read(who), *_narrowed(who, filters)))
    query = query.limit(COUNTED)
    return list(_answered(reads.execute(query), filters.answers))


def waiting(reads: Reads, who: Coordinator) -> dict[str, int]:
    """How many stories wait for this moderator: `waiting` (nobody looked), `held`, `serious`."""
    mine = may_moderate(who)
    new = select(func.count()).select_from(STORY).where(_NEW, mine, is_kept())
    stopped = select(STORY.c.state, func.count()).where(_STOPPED, mine).group_by(STORY.c.state)
    found = {"waiting": int(reads.execute(new).scalar_one()), "held": 0, "serious": 0}
    return found | {row[0]: int(row[1]) for row in reads.execute(stopped)}


def waits(reads: Reads, who: Coordinator, state: str) -> bool:
    """Whether any story in one of the states of `waiting` waits; quicker than to count them."""
    wanted = _NEW if state == "waiting" else _STOPPED
    kept = STORY.c.state == ("kept" if state == "waiting" else state)
    query = select(STORY.c.id).where(wanted, kept, may_moderate(who)).limit(1)
    return reads.execute(query).first() is not None


def counted(reads: Reads, who: Coordinator, week: str = "") -> dict[str, int]:
    """How many stories someone may read of each week, or of one."""
    kept = [is_kept()]
    return _by_week(reads, who, [*kept, STORY.c.week == week] if week else kept)


def _by_week(
    reads: Reads, who: Coordinator, narrowed: Sequence[ColumnElement[bool]]
) -> dict[str, int]:
    """Readable stories by week. Each way to read is counted by its own index; what is readable in
    both ways is taken off once."""
    ways = ways_to_read(who)
    counts: Counter[str] = Counter()
    for sign, way in [(1, way) for way in ways] + ([(-1, and_(*ways))] if len(ways) > 1 else []):
        query = select(STORY.c.week, func.count()).where(way, *narrowed).group_by(STORY.c.week)
        for week, count in reads.execute(query):
            counts[week] += sign * count
    return {week: count for week, count in counts.items() if count}


_NEW: ColumnElement[bool] = literal_column("NOT story.reviewed", Boolean)
_STOPPED: ColumnElement[bool] = literal_column("story.state <> 'kept'", Boolean)
"""Written as in the partial indexes, so that both databases use them."""

_CLOSED = (
    STORY.c.id,
    STORY.c.week,
    STORY.c.guide,
    STORY.c.fingerprint,
    STORY.c.team_id,
    STORY.c.language,
    STORY.c.answers,
)


def _answered(rows: Iterable[Any], wanted: Mapping[str, str]) -> Iterator[Answered]:
    for row in rows:
        if _matches(row.answers, wanted):
            yield Answered(
                row.id, row.week, row.guide, row.fingerprint, row.team_id or "", row.language,
                row.answers,
            )  # fmt: skip


def _narrowed(who: Coordinator, filters: Filters) -> list[ColumnElement[bool]]:
    """The filters that the database can apply."""
    parts: list[ColumnElement[bool]] = []
    if filters.guide:
        parts.append(STORY.c.guide == filters.guide)
    if filters.team:
        parts.append(STORY.c.team_id == filters.team)
    if filters.language:
        parts.append(STORY.c.language == filters.language)
    if filters.first:
        parts.append(STORY.c.week >= filters.first)
    if filters.last:
        parts.append(STORY.c.week <= filters.last)
    match filters.state:
        case "waiting":
            parts += [is_kept(), _NEW, may_moderate(who)]
        case "held" | "serious":
            parts += [_STOPPED, STORY.c.state == filters.state, may_moderate(who)]
        case _:
            parts.append(is_kept())
    return parts


def _matches(answers: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    return all(_matches_one(answers.get(step), value) for step, value in wanted.items())


def _matches_one(answer: Any, wanted: str) -> bool:
    if wanted == "unanswered":
        return answer is None or answer == []
    if isinstance(answer, int):
        low, _, high = wanted.partition("-")
        return low.isdecimal() and high.isdecimal() and int(low) <= answer <= int(high)
    if answer and isinstance(answer[0], int):
        pole = wanted.removeprefix("pole:")
        return pole.isdecimal() and answer.index(max(answer)) == int(pole)
    return bool(answer) and wanted in answer


def _newest(query: Select[Any]) -> Select[Any]:
    return query.order_by(STORY.c.week.desc(), STORY.c.id)
