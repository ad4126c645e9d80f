"""Response rate after meetings, by the teams that met: counted from meetings and prompts alone.
Nobody's stories are looked at."""

from __future__ import annotations

from collections import defaultdict

from bot.meetings.model.meeting import Meeting
from bot.meetings.model.rows import from_row
from bot.meetings.model.team_names import known_teams, teams_of
from bot.services import Services
from storage.coordinators import teams
from storage.engine.transaction import Snapshot
from storage.gate.cells import Asked
from storage.gate.rules import stories
from storage.meetings import meetings, prompts
from storage.weeks import span_of


def response(session: Snapshot, week: str) -> Asked:
    """About the prompts that were due in a week. In a visit someone belongs to the team of their
    side, elsewhere to all teams that met together."""
    known = teams.by_name(teams.all_teams(session))
    met: dict[str, Meeting | None] = {}
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for (meeting_id, side), (asked, told) in prompts.tally(session, *span_of(week)).items():
        if meeting_id not in met:
            row = meetings.by_id(session, meeting_id)
            met[meeting_id] = from_row(row) if row else None
        one = met[meeting_id]
        names = () if one is None else _of_side(one, side)
        group = " ".join(sorted({team.id for team in known_teams(names, known)}))
        before = found[group]
        found[group] = before[0] + asked, before[1] + told
    return {group: numbers for group, numbers in found.items() if numbers[0]}


def teams_asked(session: Snapshot, services: Services, week: str, team: str) -> int:
    """Of how many teams people were asked after the meetings of a team: those who are in its
    number, which is a sum over all who met together."""
    asked, k = response(session, week), services.settings.privacy.small_number
    shown = stories({group: count for group, (count, _) in asked.items()}, k)
    return len({each for group in shown if team in group.split() for each in group.split()})


def _of_side(meeting: Meeting, side: str) -> tuple[str, ...]:
    """Whose someone on this side is."""
    if meeting.kind == "visit" and side in ("host", "guest"):
        return (meeting.host_team if side == "host" else meeting.guest_team,)
    return teams_of(meeting)
