"""The facts of a weekly digest: stories, changes, gaps, meetings to come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from bot.coordinators.digest.gaps import (
    PROMISES,
    GapChange,
    Gaps,
    Voice,
    changed_gaps,
    silence,
)
from bot.coordinators.digest.response_rate import response, teams_asked
from bot.coordinators.digest.significance import SignificantChange, changes
from bot.coordinators.digest.upcoming import UpcomingMeeting, upcoming
from bot.helper.tasks import Helper, task
from bot.services import Services
from storage.coordinators import teams
from storage.coordinators.coordinators import Coordinator
from storage.engine.database import Database
from storage.engine.transaction import Snapshot
from storage.gate import publications
from storage.gate.publications import Figures, Publishable
from storage.gate.rules import ALL
from storage.sensemaking.changes import Justice, OverdueDecision
from storage.stories import reading
from storage.stories.movements import MOVEMENTS, STRETCHES
from storage.stories.permissions import ASSOCIATION, EVERYONE
from storage.weeks import quarter_before, quarter_of, week_of, weeks_before, weeks_of_quarter

SIDES = tuple(STRETCHES)
COMPARED = (
    *(("answer:promise", promise) for promise in PROMISES),
    *((f"answer:{movement}", side) for movement in MOVEMENTS for side in ("left", "right")),
)
"""The answers whose share is compared with that in the quarter before."""
WEEKS = 13
OLDEST = 260
"""How many weeks digests go back."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything a digest tells about a week, for a team or (empty) all together. Numbers are those
    that left through the gate; what is not in `figures` is hidden. With `withheld` they left before
    this reader came, and something changed since. `before` is the quarter before: all of it, or
    (not `whole`) when the association looks at a team the weeks that could be shown. `changes`:
    None when that cannot be said. `waiting`, `serious` and the day by which a serious story is
    `due`: None when nobody in particular reads. `asked_teams` are those of whom people were asked
    after meetings. Beside a team stand all teams `together`. `decisions` are without a
    change for too long; `justice` is over all teams. `limits`: the quarter of which what
    could not be done is to be taken to a session."""

    week: str
    team: str
    team_name: str
    k: int
    final: bool
    withheld: bool
    figures: Figures
    before: Figures
    quarter: str
    changes: Sequence[SignificantChange] | None
    weeks: Mapping[str, int | None]
    whole: bool
    silence: Gaps
    earlier: Gaps
    asked_teams: int
    meetings: Sequence[UpcomingMeeting]
    waiting: bool | None = None
    serious: bool | None = None
    due: str | None = None
    together: Digest | None = None
    decisions: Sequence[OverdueDecision] = ()
    justice: Justice | None = None
    limits: str = ""

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

    def share(self, dimension: str, value: str) -> float | None:
        """The share of this week's stories, when both numbers are shown."""
        return _share(self.figures, dimension, value)

    def past_share(self, dimension: str, value: str) -> float | None:
        """The same of the quarter before."""
        return _share(self.before, dimension, value) if self.whole else None

    @property
    def said_of(self) -> Digest:
        """Whose gaps are told: of all teams together when this one is too small to say."""
        return self if self.silence.known or self.together is None else self.together

    @property
    def missing(self) -> Gaps:
        return self.said_of.silence

    @property
    def ask(self) -> Voice | None:
        """Whom to ask next about what; another gap each week."""
        return self.missing.next(int(self.week[6:]), self.said_of.earlier)

    @property
    def gaps_told(self) -> Sequence[GapChange]:
        """What opened or closed with the last full quarter."""
        return changed_gaps(self.missing, self.said_of.earlier)

    @property
    def gap(self) -> GapChange | None:
        """One of these in each week of the quarter, until all is told."""
        found = self.gaps_told
        turn = weeks_of_quarter(quarter_of(self.week)).index(self.week)
        return found[turn] if turn < len(found) else None

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
                for each in self.changes
            ]
            if self.changes is not None
            else None,
            "weeks": {week: self._shown(n) for week, n in self.weeks.items()},
            "missing": {
                "known": self.missing.known,
                "together": self.said_of is not self,
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
            "moderation": {"waiting": self.waiting, "serious": self.serious, "due": self.due},
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


def _share(figures: Figures, dimension: str, value: str) -> float | None:
    count, stories = figures.get((dimension, value)), figures.get(("story", ""))
    return None if count is None or not stories else count / stories


@task
def parts_of_weeks(
    session: Snapshot, services: Services, audience: str, weeks: Sequence[str], this: str
) -> list[Publishable]:
    """What an audience is told of these weeks, as far as it is not out for good."""
    k, found = services.settings.privacy.small_number, []
    for each in publications.to_publish(session, audience, weeks):
        if audience == publications.MEETINGS:
            asked = response(session, each)
            part = publications.meetings_part(session, each, k, asked, final=each < this)
        else:
            part = publications.week_part(session, audience, each, k, final=each < this)
        found += [part] if part is not None else []
    return found


@task
def part_of_quarter(
    session: Snapshot, services: Services, audience: str, quarter: str
) -> Publishable | None:
    """What an audience is told of a quarter, once its weeks are out."""
    k = services.settings.privacy.small_number
    return publications.quarter_part(session, audience, quarter, k)


async def publish(
    database: Database, helper: Helper, week: str, now: datetime, audiences: Iterable[str]
) -> None:
    """Let out what digests of this week tell these audiences, as far as it is not out: a period at
    a time, so that conversations go on meanwhile."""
    this, quarter = week_of(now), quarter_before(quarter_of(week))
    shown = [weeks_before(week, back) for back in range(WEEKS - 1, -1, -1)]
    weeks = sorted({*weeks_of_quarter(quarter), *(each for each in shown if each <= this)})

    async def unpublished(audience: str, *periods: str) -> list[str]:
        return await database.read(lambda s: publications.to_publish(s, audience, periods))

    for audience in (publications.MEETINGS, *audiences):
        left = await unpublished(audience, *weeks)
        for part in await helper.ask(parts_of_weeks, audience, left, this) if left else ():
            await database.write(partial(publications.let_out, part=part))
    for audience in audiences:
        if await unpublished(audience, quarter):
            whole = await helper.ask(part_of_quarter, audience, quarter)
            if whole is not None:
                await database.write(partial(publications.let_out, part=whole))


async def publish_unread(database: Database, services: Services, quarter: str) -> None:
    """Let out how many stories of a quarter that is over nobody reads."""
    k = services.settings.privacy.small_number
    await _let_out(database, lambda s: publications.unread_part(s, quarter, k))


async def _let_out(database: Database, made: Callable[[Snapshot], Publishable | None]) -> None:
    part = await database.read(made)
    if part is not None:
        await database.write(partial(publications.let_out, part=part))


def audiences_of(who: Coordinator | None, team: str) -> tuple[str, ...]:
    """Whose numbers the digest of a team (or all) shows someone. The association, and a preview of
    all, is told of what the association reads; a team of what it reads itself, and beside that of
    what everyone reads."""
    if team and (who is None or who.role != "association"):
        return team, EVERYONE
    return (ASSOCIATION,)


def digest(
    session: Snapshot,
    services: Services,
    who: Coordinator | None,
    week: str,
    team: str,
    now: datetime,
) -> Digest:
    """The digest of a week that was published. `who` gets it (nobody: a preview)."""
    audience, *beside = audiences_of(who, team)
    scope = team if audience == ASSOCIATION else ALL
    own = _told(session, services, who, week, audience, scope, team, now)
    if who is not None:
        own = replace(
            own,
            waiting=reading.waits(session, who, "waiting"),
            serious=reading.waits(session, who, "serious"),
            due=reading.first_due(session, who),
            decisions=services.overdue(session, who, now),
            limits=services.proposes(session, who, now),
        )
    if not team:
        return own
    every = [*beside, ASSOCIATION][0]
    return replace(own, together=_told(session, services, who, week, every, ALL, "", now))


def _told(
    session: Snapshot,
    services: Services,
    who: Coordinator | None,
    week: str,
    audience: str,
    scope: str,
    team: str,
    now: datetime,
) -> Digest:
    """What this audience is told of a scope within it."""
    weeks = [weeks_before(week, back) for back in range(WEEKS - 1, -1, -1)]
    quarter, spoken = quarter_before(quarter_of(week)), services.shelf.library.spoken
    earlier = quarter_before(quarter)
    periods = [*weeks, *(p for q in (quarter, earlier) for p in (q, *weeks_of_quarter(q)))]
    joined = None if who is None else who.joined
    hidden = publications.withheld(session, audience, periods, joined)
    of_team = audience == ASSOCIATION and scope != ALL

    def figures_of(*periods: str) -> Figures:
        seen = [each for each in periods if each not in hidden]
        return publications.figures(session, audience, seen, scope)

    def quarter_of_scope(period: str) -> tuple[Figures, Figures]:
        """Of a quarter what left in numbers, and who was heard about what."""
        left = figures_of(period)
        return (figures_of(*weeks_of_quarter(period)) if of_team else left), left

    told = publications.by_week(session, audience, {*weeks} - hidden, scope)
    asked = publications.figures(session, publications.MEETINGS, [week], team or ALL)
    figures, (before, past) = figures_of(week), quarter_of_scope(quarter)
    return Digest(
        week=week,
        team=team,
        team_name=_team_name(session, team),
        k=services.settings.privacy.small_number,
        final=week < week_of(now),
        withheld=week in hidden,
        figures=figures | asked,
        before=before,
        quarter=quarter,
        changes=None if team else changes(figures, past, COMPARED),
        weeks={each: told.get(each) for each in weeks},
        whole=not of_team,
        silence=silence({**before, **past}, spoken),
        earlier=silence([key for each in quarter_of_scope(earlier) for key in each], spoken),
        asked_teams=teams_asked(session, services, week, team) if team else 0,
        meetings=upcoming(session, team, now),
        justice=services.justice(session),
    )


def _team_name(session: Snapshot, team: str) -> str:
    """Also of a team that takes no stories any more: its coordinators go on reading."""
    return next((one.name for one in teams.all_teams(session) if one.id == team), team)
