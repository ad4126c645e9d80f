"""Threads: the visits between two teams, and the meetings of one learning group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.meetings import agenda
from bot.meetings.model.meeting import Meeting, MeetingKind, Occurrence
from bot.meetings.model.series import occurrences
from bot.meetings.model.team_names import known_teams, meets, sees, teams_of
from storage.coordinators import teams
from storage.coordinators.coordinators import Coordinator
from storage.coordinators.teams import Team
from storage.engine.transaction import Reads

PAST = timedelta(days=730)
AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class MeetingThread:
    """A visit pair or a learning group: its meetings that were held, newest first, and those to
    come. `title` is of a group; `teams` are those that are known."""

    key: str
    kind: MeetingKind
    title: str
    teams: Sequence[Team]
    meetings: Sequence[Meeting]
    held: Sequence[Occurrence]
    coming: Sequence[Occurrence]

    @property
    def last(self) -> datetime:
        return max(one.end for one in (*self.held, *self.coming))


def threads(reads: Reads, who: Coordinator, now: datetime) -> list[MeetingThread]:
    """The threads of the meetings that somebody sees; those of lately first."""
    known = teams.by_name(teams.all_teams(reads))
    by_key: dict[str, list[Meeting]] = {}
    for each in agenda.listed(reads):
        if sees(who, each.meeting, known):
            by_key.setdefault(_key(each.meeting, known), []).append(each.meeting)
    made = (_thread(key, some, known, now) for key, some in by_key.items())
    found = [each for each in made if each.held or each.coming]
    return sorted(found, key=lambda each: (each.last, each.key), reverse=True)


def next_visits(reads: Reads, team: str, now: datetime) -> list[tuple[Meeting, Occurrence]]:
    """The visits to come in which a team meets, the first first."""
    known = teams.by_name(teams.all_teams(reads))
    found = [
        (each.meeting, one)
        for each in agenda.listed(reads)
        if each.meeting.kind == "visit" and meets(each.meeting, team, known)
        for one in occurrences(each.meeting, now, now + AHEAD)
        if one.state != "cancelled" and one.start > now
    ]
    return sorted(found, key=lambda each: (each[1].start, each[0].id))


def _key(meeting: Meeting, known: Mapping[str, Team]) -> str:
    """What belongs together: visits of the same two teams, either way; groups of one name."""
    ids = sorted({team.id for team in known_teams(teams_of(meeting), known)})
    if meeting.kind == "visit":
        return ".".join(("visit", *(ids or [meeting.id])))
    return ".".join(("group", *ids, teams.slug(meeting.title) or meeting.id))


def _thread(
    key: str, some: Sequence[Meeting], known: Mapping[str, Team], now: datetime
) -> MeetingThread:
    every = [
        one
        for meeting in some
        for one in occurrences(meeting, now - PAST, now + AHEAD)
        if one.state != "cancelled"
    ]
    names = [name for meeting in some for name in teams_of(meeting)]
    return MeetingThread(
        key,
        some[0].kind,
        some[-1].title,
        _distinct(known_teams(names, known)),
        some,
        sorted((one for one in every if one.end <= now), key=lambda one: one.end, reverse=True),
        sorted((one for one in every if one.end > now), key=lambda one: one.end),
    )


def _distinct(some: Iterable[Team]) -> list[Team]:
    found = {team.id: team for team in some}
    return sorted(found.values(), key=lambda team: team.name)
