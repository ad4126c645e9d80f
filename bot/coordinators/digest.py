"""The weekly digest as facts: what was told, what changed, what is missing, what comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.coordinators.change import Change, changes
from bot.coordinators.response import meets, response
from bot.coordinators.silence import PROMISES, Silence, silence
from bot.house import House
from bot.meetings import agenda
from bot.meetings.series import occurrences
from storage import publications, reading, teams
from storage.coordinators import Coordinator
from storage.database import Database
from storage.gate import ALL
from storage.publications import Figures, Part
from storage.weeks import quarter_before, quarter_of, week_of, weeks_before, weeks_of_quarter

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
WEEKS = 13
OLDEST = 260
"""How many weeks digests go back."""
MEETINGS = 5


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that comes up. `start` is on its own clock."""

    title: str
    kind: str
    start: datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything a digest tells about a week, for a team or (empty) all together. Numbers are those
    that left through the gate; what is not in `figures` is hidden. `before` is the quarter before:
    all of it, or of a team only the weeks that could be shown. `changes`: None when that cannot be
    said. Beside a team stand all teams `together`."""

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
    together: Digest | None

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

    def shows(self, *dimensions: str) -> bool:
        """Whether any number of these is shown, of the week or the quarter before."""
        return any(name in dimensions for name, _ in (*self.figures, *self.before))

    @property
    def ask(self) -> tuple[str, str, str] | None:
        """Whom to ask next about what; another gap each week."""
        return self.missing.next(int(self.week[6:]))

    @property
    def missing(self) -> Silence:
        """What is missing; of all teams together when this one is too small to say."""
        if self.silence.heard or self.together is None:
            return self.silence
        return self.together.silence

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
                "known": bool(self.missing.heard),
                "together": self.missing is not self.silence,
                "promises": self.missing.silent(0),
                "roles": self.missing.silent(1),
                "languages": self.missing.silent(2),
                "map": [
                    {"promise": promise, "role": role, "language": language}
                    for promise, role, language in self.missing.gaps
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
    asked = response(session, house, week)
    return publications.week_part(session, week, k, final=final, asked=asked)


def digest(
    session: Session, house: House, who: Coordinator | None, week: str, team: str, now: datetime
) -> Digest:
    """The digest of a week that was published. `who` gets it (nobody: a preview of all)."""
    weeks = [weeks_before(week, back) for back in range(WEEKS - 1, -1, -1)]
    quarter, spoken = quarter_before(quarter_of(week)), house.shelf.library.spoken
    told = publications.by_week(session, weeks, team or ALL)
    figures = publications.figures(session, [week], team or ALL)
    past = publications.figures(session, [quarter], team or ALL)
    before = publications.figures(session, weeks_of_quarter(quarter), team) if team else past
    return Digest(
        week=week,
        team=team,
        team_name=_team_name(house, team),
        k=house.settings.privacy.small_number,
        final=week < week_of(now),
        figures=figures,
        before=before,
        quarter=quarter,
        changes=None if team else changes(figures, past, COMPARED),
        weeks={each: told.get(each) for each in weeks},
        silence=silence(past, spoken),
        waiting=who is not None and reading.waits(session, who, "waiting"),
        serious=who is not None and reading.waits(session, who, "serious"),
        meetings=_meetings(session, house, team, now),
        together=digest(session, house, None, week, "", now) if team else None,
    )


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
