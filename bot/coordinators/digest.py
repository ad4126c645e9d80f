"""The weekly digest as facts: what was told, what changed, what is missing, what comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.coordinators.change import Change, changes
from bot.coordinators.response import meets, response
from bot.house import House
from bot.meetings import agenda
from bot.meetings.series import occurrences
from storage import publications, reading, teams
from storage.coordinators import Coordinator
from storage.database import Database
from storage.gate import ALL
from storage.publications import Figures, Part
from storage.rollups import VOICE
from storage.weeks import quarter_before, quarter_of, week_of, weeks_before, weeks_of_quarter

PROMISES = ("own_life", "context", "easy_access", "tailored", "together", "possible")
MOVEMENTS = (
    "movement_youth_0_100",
    "movement_problems_strengths",
    "movement_individual_collective",
    "movement_chains_networks",
)
SIDES = ("left", "middle", "right")
COMPARED = (
    *(("answer:promise", promise) for promise in PROMISES),
    *((f"answer:{movement}", side) for movement in MOVEMENTS for side in ("left", "right")),
)
"""The answers whose share is compared with that in the quarter before."""
ROLES = ("resident", "with_residents", "lead_support", "policy_board", "lived_experience")
WEEKS = 13
MEETINGS = 5


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that comes up. `start` is on its own clock."""

    title: str
    kind: str
    start: datetime


@dataclass(frozen=True, slots=True)
class Silence:
    """Who was heard about what in the last full quarter, and who was not: (promise, role,
    language). Without anyone heard there were too few stories to say what is missing."""

    heard: frozenset[tuple[str, str, str]]
    languages: tuple[str, ...]

    @property
    def gaps(self) -> list[tuple[str, str, str]]:
        return [
            gap
            for language in self.languages
            for role in ROLES
            for promise in PROMISES
            if (gap := (promise, role, language)) not in self.heard
        ]

    def silent(self, place: int) -> list[str]:
        """The promises (0), roles (1) or languages (2) that nobody was heard about or in."""
        return [each for each in self._every(place) if each not in self.voiced(place)]

    def voiced(self, place: int) -> list[str]:
        """The promises (0), roles (1) or languages (2) that were heard."""
        heard = {voice[place] for voice in self.heard}
        return [each for each in self._every(place) if each in heard]

    def next(self, turn: int) -> tuple[str, str, str] | None:
        """A gap to ask about, in turn: first a promise that those who tell left out, then a
        language, then a role. In a language or role that is new, residents and those who work with
        them come first."""
        if not self.heard:
            return None
        roles, languages = self.voiced(1), self.voiced(2)
        kinds = [
            [gap for gap in self.gaps if gap[1] in roles and gap[2] in languages],
            [gap for gap in self.gaps if gap[1] == roles[0] and gap[2] not in languages],
            [gap for gap in self.gaps if gap[1] not in roles and gap[2] == languages[0]],
        ]
        open_ = [kind for kind in kinds if kind]
        if not open_:
            return None
        kind = open_[turn % len(open_)]
        return kind[turn // len(open_) % len(kind)]

    def _every(self, place: int) -> Sequence[str]:
        return (PROMISES, ROLES, self.languages)[place]


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything a digest tells about a week, for a team or (empty) all together. Numbers are those
    that left through the gate; what is not in `figures` is hidden. `before` is the quarter before:
    all of it, or of a team only the weeks that could be shown. `changes`: None when that cannot be
    said."""

    week: str
    team: str
    team_name: str
    k: int
    final: bool
    figures: Figures
    before: Figures
    quarter: str
    changes: Sequence[Change] | None
    weeks: Mapping[str, int | None]
    silence: Silence
    waiting: bool
    serious: bool
    meetings: Sequence[Meeting]

    def number(self, dimension: str, value: str = "") -> int | None:
        """A number of this week; None when it is hidden."""
        return self.figures.get((dimension, value))

    def past(self, dimension: str, value: str = "") -> int | None:
        """The same number in the quarter before."""
        return self.before.get((dimension, value))

    def values(self, dimension: str) -> list[tuple[str, int]]:
        """The answers of a dimension that are shown, the most first."""
        found = [(value, n) for (name, value), n in self.figures.items() if name == dimension]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    @property
    def ask(self) -> tuple[str, str, str] | None:
        """Whom to ask next about what; another gap each week."""
        return self.silence.next(int(self.week[6:]))

    def json(self) -> dict[str, Any]:
        """The stable shape of `vertelbot digest --preview --json`."""
        return {
            "week": self.week,
            "team": self.team or None,
            "final": self.final,
            "stories": self._shown(self.number("story")),
            "guides": dict(self.values("guide")),
            "channels": dict(self.values("channel")),
            "languages": dict(self.values("language")),
            "prompts": {name: self._shown(self.number("prompt", name)) for name in SENT},
            "before": self.quarter,
            "promises": {promise: self._both("answer:promise", promise) for promise in PROMISES},
            "movements": {
                movement: {side: self._both(f"answer:{movement}", side) for side in SIDES}
                for movement in MOVEMENTS
            },
            "changes": [
                {
                    "question": each.cell[0].removeprefix("answer:"),
                    "answer": each.cell[1],
                    "percent": each.now,
                    "before": each.before,
                }
                for each in self.changes or ()
            ],
            "weeks": {week: self._shown(n) for week, n in self.weeks.items()},
            "missing": {
                "known": bool(self.silence.heard),
                "promises": self.silence.silent(0),
                "roles": self.silence.silent(1),
                "languages": self.silence.silent(2),
                "map": [
                    {"promise": promise, "role": role, "language": language}
                    for promise, role, language in self.silence.gaps
                ],
                "ask": None
                if self.ask is None
                else dict(zip(("promise", "role", "language"), self.ask, strict=True)),
            },
            "moderation": {"waiting": self.waiting, "serious": self.serious},
            "meetings": [
                {"title": each.title, "kind": each.kind, "start": each.start.isoformat()}
                for each in self.meetings
            ],
        }

    def _both(self, dimension: str, value: str) -> dict[str, Any]:
        return {
            "week": self._shown(self.number(dimension, value)),
            "before": self._shown(self.past(dimension, value)),
        }

    def _shown(self, number: int | None) -> int | dict[str, int]:
        return {"below": self.k} if number is None else number


SENT = ("sent", "answered")


async def publish(database: Database, house: House, week: str, now: datetime) -> None:
    """Let out what a digest of this week tells, as far as it is not out: a period at a time, so
    that conversations go on meanwhile."""
    k, this = house.settings.privacy.small_number, week_of(now)
    quarter = quarter_before(quarter_of(week))
    shown = [weeks_before(week, back) for back in range(WEEKS - 1, -1, -1)]
    weeks = sorted({*weeks_of_quarter(quarter), *(each for each in shown if each <= this)})
    for each in await database.read(lambda s: publications.to_publish(s, weeks)):
        part = await database.read(partial(_week_part, house=house, week=each, final=each < this))
        if part is not None:
            await database.write(partial(publications.let_out, part=part))
    part = await database.read(lambda s: publications.quarter_part(s, quarter, k))
    if part is not None:
        await database.write(partial(publications.let_out, part=part))


def _week_part(session: Session, house: House, week: str, *, final: bool) -> Part | None:
    k = house.settings.privacy.small_number
    asked = response(session, house, week) if final else None
    return publications.week_part(session, week, k, final=final, asked=asked)


def digest(
    session: Session, house: House, who: Coordinator | None, week: str, team: str, now: datetime
) -> Digest:
    """The digest of a week that was published. `who` gets it (nobody: a preview of all)."""
    weeks = [weeks_before(week, back) for back in range(WEEKS - 1, -1, -1)]
    quarter, scope = quarter_before(quarter_of(week)), team or ALL
    told = publications.by_week(session, weeks, scope)
    cells = publications.cells(session, [week], scope)
    past = publications.cells(session, [quarter], scope)
    before = {key: cell.count for key, cell in past.items()}
    if team:
        before |= publications.figures(session, weeks_of_quarter(quarter), team)
    waiting = reading.waiting(session, who) if who is not None else {}
    return Digest(
        week=week,
        team=team,
        team_name=_team_name(house, team),
        k=house.settings.privacy.small_number,
        final=week < week_of(now),
        figures={key: cell.count for key, cell in cells.items()},
        before={key: n for key, n in before.items() if key[0] != VOICE},
        quarter=quarter,
        changes=None if team else changes(cells, past, COMPARED),
        weeks={each: told.get(each) for each in weeks},
        silence=_silence(before, house.shelf.library.spoken),
        waiting=bool(waiting.get("waiting")),
        serious=bool(waiting.get("serious")),
        meetings=_meetings(session, house, team, now),
    )


def _silence(before: Figures, spoken: Iterable[str]) -> Silence:
    voices = (value.split(" ") for name, value in before if name == VOICE)
    return Silence(frozenset((p, role, lang) for p, role, lang in voices), tuple(spoken))


def _meetings(session: Session, house: House, team: str, now: datetime) -> list[Meeting]:
    """What comes up in seven days, of a team or all."""
    known, found = teams.by_name(teams.all_teams(session)), []
    for each in agenda.listed(session, house):
        one = each.meeting
        if team and not meets(one, team, known):
            continue
        found += [
            Meeting(when.title, one.kind, one.local(when.start))
            for when in occurrences(one, now, now + timedelta(days=7))
            if when.state != "cancelled"
        ]
    return sorted(found, key=lambda meeting: meeting.start)[:MEETINGS]


def _team_name(house: House, team: str) -> str:
    for town in house.shelf.places.towns:
        for option in town.teams:
            if option.id == team:
                return option.label
    return team
