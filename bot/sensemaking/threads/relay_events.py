"""A guest lets a question travel: it goes to the team of the visit where they left it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.meetings.model.rows import from_row
from bot.meetings.model.series import last_held
from bot.meetings.model.team_names import known_teams
from bot.sensemaking.threads.meeting_threads import next_visits
from storage.coordinators import teams
from storage.engine.transaction import Transaction
from storage.meetings import meetings
from storage.people.people import Person
from storage.stories import relays
from storage.weeks import span_of

LATELY = timedelta(days=60)
"""A story is about a visit of at most so long before."""


def on_relay(
    connection: Transaction,
    person: Person,
    story: tuple[str, str],
    now: datetime,
) -> None:
    """The question of a story (its id and week) is offered to the team of the last visit that its
    teller was at as a guest. Without such a visit there is nowhere for it to go."""
    story_id, week = story
    by = min(now, span_of(week)[1])
    known = teams.by_name(teams.all_teams(connection))
    found = []
    for place in meetings.memberships(connection, (person.id, *person.memory.mail)):
        row = meetings.by_id(connection, place.meeting_id)
        if row is None or row.kind != "visit" or place.side == "host":
            continue
        meeting = from_row(row)
        host, last = known_teams([meeting.host_team], known), last_held(meeting, by)
        if host and last is not None and last.end > by - LATELY:
            found.append((last.end, meeting.id, host[0].id))
    if not found:
        return
    _, left, host_team = max(found)
    coming = next((m.id for m, _ in next_visits(connection, host_team, now)), "")
    relays.offer(connection, story_id, host_team, (left, coming), now)
