"""Reading stories: one, a page of them, their answers, how many there are, and when some are due.
Who may read which, `permissions` decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal_column, select, true

from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Reads
from storage.stories.movements import as_counted
from storage.stories.permissions import STORY, is_kept, may_moderate, may_read, ways_apart
from storage.stories.rows import Story, opened

COUNTED = 20_000
"""The newest stories whose answers are looked at for a pattern."""
IN_PASSING = 2 * COUNTED
"""Up to so many stories are read in the order in which they lie: SQLite, left to itself, looks them
up by their weeks one by one, which takes four times as long for each."""
PAGE = 20


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look at; empty means all. `state` is `waiting` (nobody looked yet), `held` or
    `serious`; `answers` maps a question to an answer. A question is a step, of any guide, or a step
    of some guides: `professional-resident.need`. An answer is an option, or one of several (`a,b`);
    for a scale a stretch `0-19`, or of a movement `left`; for a triad the pole that weighs most
    `pole:1`; for all of them `answered` and `unanswered`. What must hold together has a `+` between
    it.
    `words` must be searched for in opened stories: see `search`; what counts closed answers leaves
    them out."""

    guide: str = ""
    team: str = ""
    language: str = ""
    first: str = ""
    last: str = ""
    state: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    words: str = ""


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
class Selected:
    """How many stories some filters leave; their ids, when answers had to be read to know."""

    total: int
    ids: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class StoryList:
    """Stories of one page, by its number, and how many there are on all pages."""

    stories: list[Story]
    total: int
    number: int


def one(reads: Reads, who: Coordinator, story_id: str) -> Story | None:
    """A story, if this coordinator may read it."""
    query = select(STORY).where(STORY.c.id == story_id, may_read(who))
    row = reads.execute(query).one_or_none()
    return None if row is None else opened(reads.vault, row)


def moderates(reads: Reads, who: Coordinator, story_id: str) -> bool:
    query = select(STORY.c.id).where(STORY.c.id == story_id, may_moderate(who))
    return reads.execute(query).first() is not None


def selected(reads: Reads, who: Coordinator, filters: Filters) -> Selected:
    """How many stories the filters leave, and which, when answers are among them: only reading all
    tells. Worth to keep until a story changes."""
    if filters.answers:
        ids = [each.id for each in answered(reads, who, filters)]
        return Selected(len(ids), ids)
    return Selected(sum(by_week(reads, who, filters).values()))


def page(
    reads: Reads,
    who: Coordinator,
    filters: Filters,
    number: int = 0,
    chosen: Selected | None = None,
) -> StoryList:
    """Stories, newest week first, twenty at a time. Beyond the last page is the last page."""
    chosen = chosen or selected(reads, who, filters)
    number = within(number, chosen.total)
    wanted: Sequence[str]
    if chosen.ids is None:
        wanted = newest_ids(reads, who, filters, number * PAGE, PAGE)
    else:
        wanted = chosen.ids[number * PAGE : (number + 1) * PAGE]
    shown = [opened(reads.vault, row) for row in rows(reads, who, wanted)]
    return StoryList(shown, chosen.total, number)


def within(number: int, total: int) -> int:
    """The number of a page that there is."""
    return max(0, min(number, (total - 1) // PAGE))


def answered(
    reads: Reads, who: Coordinator, filters: Filters, most: int = COUNTED
) -> list[Answered]:
    """The answers of the newest `COUNTED` stories that someone may read, for patterns; of those
    that the filters leave the newest, `most` of them."""
    looked = COUNTED if filters.answers else min(most, COUNTED)
    closed = select(*_CLOSED).where(*narrowed(who, filters))
    some = select(STORY.c.id).limit(IN_PASSING + 1).subquery()
    few = reads.execute(select(func.count()).select_from(some)).scalar_one() <= IN_PASSING
    if few and looked == COUNTED and not (filters.team or filters.first or filters.last):
        queries = [closed.where(may_read(who))]
    else:
        ways = ways_apart(who, filters.team)
        queries = [newest(closed.where(way)).limit(looked) for way in ways]
    found = [each for query in queries for each in _answered(reads.execute(query).all())]
    found.sort(key=lambda each: each.id)
    found.sort(key=lambda each: each.week, reverse=True)
    return [each for each in found[:looked] if matches(each, filters.answers)][:most]


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


def due_days(reads: Reads, who: Coordinator) -> dict[str, str]:
    """The day (ISO) by which somebody must have looked after each serious story that this moderator
    may act on, by its id; the most urgent first."""
    mine = _STOPPED, STORY.c.state == "serious", STORY.c.due_on.is_not(None), may_moderate(who)
    query = select(STORY.c.id, STORY.c.due_on).where(*mine).order_by(STORY.c.due_on, STORY.c.id)
    return {row.id: row.due_on for row in reads.execute(query)}


def first_due(reads: Reads, who: Coordinator) -> str:
    """The first of those days; empty when there is none."""
    return next(iter(due_days(reads, who).values()), "")


def counted(reads: Reads, who: Coordinator, team: str = "") -> dict[str, int]:
    """How many stories someone may read of each week, of all or of one team."""
    return by_week(reads, who, Filters(team=team))


def by_week(reads: Reads, who: Coordinator, filters: Filters) -> dict[str, int]:
    """Readable stories by week, as far as the database can apply the filters."""
    parts = narrowed(who, filters)
    counts: Counter[str] = Counter()
    for way in ways_apart(who, filters.team):
        query = select(STORY.c.week, func.count()).where(way, *parts).group_by(STORY.c.week)
        for week, count in reads.execute(query):
            counts[week] += count
    return dict(counts)


def newest_ids(
    reads: Reads, who: Coordinator, filters: Filters, first: int, many: int
) -> list[str]:
    """The ids of so many readable stories from the `first` on, newest week first, as far as the
    database can apply the filters: by keys alone, so that no other story is read."""
    parts = narrowed(who, filters)
    found: list[tuple[str, str]] = []
    for way in ways_apart(who, filters.team):
        query = newest(select(STORY.c.id, STORY.c.week).where(way, *parts)).limit(first + many)
        found += [(row.id, row.week) for row in reads.execute(query)]
    found.sort()
    found.sort(key=itemgetter(1), reverse=True)
    return [id_ for id_, _ in found[first : first + many]]


def rows(reads: Reads, who: Coordinator, wanted: Sequence[str]) -> list[Row[Any]]:
    """The rows of readable stories, in the order of their ids here."""
    query = select(STORY).where(STORY.c.id.in_(wanted), may_read(who).is_(true()))  # by the ids
    found = {row.id: row for row in reads.execute(query)}
    return [found[id_] for id_ in wanted if id_ in found]


_NEW: ColumnElement[Any] = literal_column("NOT story.reviewed")
_STOPPED: ColumnElement[Any] = literal_column("story.state <> 'kept'")
"""Written as in the partial indexes, so that both databases use them. Without a type: what is known
to be a truth becomes `… = 1` on SQLite, which is no condition of its indexes."""


_CLOSED = (
    STORY.c.id,
    STORY.c.week,
    STORY.c.guide,
    STORY.c.fingerprint,
    STORY.c.team_id,
    STORY.c.language,
    STORY.c.answers,
)


def _answered(found: Iterable[Any]) -> Iterator[Answered]:
    for id_, week, guide, fingerprint, team, language, answers in found:
        yield Answered(id_, week, guide, fingerprint, team or "", language, answers)


def narrowed(who: Coordinator | None, filters: Filters) -> list[ColumnElement[bool]]:
    """The filters that the database can apply; of a state only what `who` may moderate (None: the
    operator)."""
    parts: list[ColumnElement[bool]] = []
    mine = [] if who is None else [may_moderate(who)]
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
            parts += [is_kept(), _NEW, *mine]
        case "held" | "serious":
            parts += [_STOPPED, STORY.c.state == filters.state, *mine]
        case _:
            parts.append(is_kept())
    return parts


def matches(story: Any, wanted: Mapping[str, str]) -> bool:
    """Whether a story (its row, or `Answered`) gave the answers of `Filters.answers`."""
    return all(
        _is_of(story, question)
        and all(_holds(story.answers, question, v) for v in value.split("+"))
        for question, value in wanted.items()
    )


def _is_of(story: Any, question: str) -> bool:
    guides = question.rpartition(".")[0]
    return not guides or story.guide in guides.split("-")


def _holds(answers: Mapping[str, Any], question: str, value: str) -> bool:
    """Whether one thing that is asked for is so. Of a question of all guides, a part of a movement
    is what all questions say that are counted for it."""
    guides, _, step = question.rpartition(".")
    return _matches_one(
        *((answers.get(step), value) if guides else as_counted(answers, step, value))
    )


def _matches_one(answer: Any, wanted: str) -> bool:
    if wanted in ("answered", "unanswered"):
        return (answer is None or answer == []) is (wanted == "unanswered")
    if isinstance(answer, int):
        low, _, high = wanted.partition("-")
        return low.isdecimal() and high.isdecimal() and int(low) <= answer <= int(high)
    if answer and isinstance(answer[0], int):
        pole = wanted.removeprefix("pole:")
        return pole.isdecimal() and answer.index(max(answer)) == int(pole)
    return bool(answer) and any(each in answer for each in wanted.split(","))


def newest(query: Select[Any]) -> Select[Any]:
    return query.order_by(STORY.c.week.desc(), STORY.c.id)
