"""Teams as they are chosen and written in a meeting: which are meant, and which are not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from bot.meetings.model.meeting import Meeting
from storage.coordinators import teams
from storage.coordinators.coordinators import Coordinator
from storage.coordinators.teams import Team

ALIKE = 0.6
"""From here on a name looks like another."""
SUGGESTED = 3
Towns = dict[str, list[tuple[str, Team]]]
"""The teams of each municipality, each with its name as it is written in a meeting."""


def teams_of(meeting: Meeting) -> tuple[str, ...]:
    """The teams of a meeting as they were written."""
    return tuple(filter(None, (meeting.host_team, meeting.guest_team, *meeting.teams)))


def known_teams(names: Iterable[str], known: Mapping[str, Team]) -> list[Team]:
    """The teams that these names mean. `known` are the teams by name."""
    return [known[name.casefold()] for name in names if name.casefold() in known]


def meets(meeting: Meeting, team: str, known: Mapping[str, Team]) -> bool:
    """Whether a team (its id) is one of those that meet."""
    return any(each.id == team for each in known_teams(teams_of(meeting), known))


def sees(who: Coordinator, meeting: Meeting, known: Mapping[str, Team]) -> bool:
    """The association sees all meetings, a team those in which it meets."""
    return who.role == "association" or meets(meeting, who.team, known)


def written_names(every: Sequence[Team]) -> dict[str, str]:
    """Each team (by id) as it is written in a meeting: with the municipality when others are called
    so too."""
    alone = teams.by_name(every)
    return {
        team.id: team.name if alone.get(team.name.casefold()) == team else teams.full_name(team)
        for team in every
    }


def by_town(every: Sequence[Team]) -> Towns:
    """What a form offers."""
    names, towns = written_names(every), Towns()
    for team in every:
        towns.setdefault(team.municipality, []).append((names[team.id], team))
    return towns


def suggestions(name: str, every: Sequence[Team]) -> list[str]:
    """The teams that may be meant by a name that means none, or several: best first."""
    wanted = name.casefold()

    def likeness(team: Team) -> float:
        called = (team.name.casefold(), teams.full_name(team).casefold())
        return max(SequenceMatcher(None, wanted, each).ratio() for each in called)

    names = written_names(every)
    found = sorted(((likeness(team), team) for team in every), key=lambda each: -each[0])
    return [names[team.id] for alike, team in found[:SUGGESTED] if alike >= ALIKE]


def unknown_in(names: Iterable[str], every: Sequence[Team]) -> list[str]:
    """The names that mean no team, or more than one."""
    known = teams.by_name(every)
    return [name for name in dict.fromkeys(names) if name.casefold() not in known]


def own_names(every: Sequence[Team], own: Team | None) -> dict[str, str]:
    """What someone of a team calls it (in lower case), and how it is written in a meeting."""
    if own is None:
        return {}
    written = written_names(every)[own.id]
    names = {name for name, team in teams.by_name(every).items() if team == own}
    return dict.fromkeys({own.name.casefold(), *names}, written)


def recognised(meeting: Meeting, every: Sequence[Team], own: Team | None = None) -> Meeting:
    """A meeting in which a visit that is only called after a team is one to that team, and a name
    that several have, among them someone's `own` team, means that one."""
    known: dict[str, Team] = teams.by_name(every)
    if own is not None:
        known = {own.name.casefold(): own, **known}
    if meeting.kind == "visit" and not teams_of(meeting) and meeting.title.casefold() in known:
        meeting = replace(meeting, host_team=meeting.title)
    return renamed(meeting, own_names(every, own))


def renamed(meeting: Meeting, instead: Mapping[str, str]) -> Meeting:
    """A meeting with other names (by the old ones in lower case) for its teams."""

    def now(name: str) -> str:
        return instead.get(name.casefold(), name)

    return replace(
        meeting,
        host_team=now(meeting.host_team),
        guest_team=now(meeting.guest_team),
        teams=tuple(map(now, meeting.teams)),
    )
