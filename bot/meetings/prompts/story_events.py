"""What a kept or closed story means for prompts. No meeting is written anywhere near the story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.meetings.prompts.lifecycle import transition
from storage.engine.transaction import Transaction
from storage.meetings import meetings, prompts
from storage.people.people import Person

_SIDES: Mapping[str, tuple[str, ...]] = {
    "after_visit_guest": ("guest", ""),
    "after_visit_host": ("host", ""),
    "after_learning_group": ("member", ""),
    "follow_up": ("guest", "host", "member", ""),
}
"""The guides of meetings, and the sides that tell with them."""


def on_story_kept(connection: Transaction, person: Person, guide: str, now: datetime) -> None:
    """A story was kept. If it was told without a tap on a prompt, with the guide of a meeting that
    was or will soon be asked about, then the last such prompt is answered."""
    if person.memory.prompted or guide not in _SIDES:
        return
    ids = _ids(person)
    sides = {(m.meeting_id, m.person_id): m.side for m in meetings.memberships(connection, ids)}
    kind = "follow_up" if guide == "follow_up" else "ask"
    rows = [
        row
        for row in prompts.of_people(connection, ids, *prompts.UNANSWERED)
        if row.kind == kind
        and (row.due_at if kind == "follow_up" else row.ended_at) <= now
        and sides.get((row.meeting_id, row.person_id), "") in _SIDES[guide]
    ]
    if rows:
        last = max(rows, key=lambda row: row.ended_at)
        reminders = prompts.siblings(connection, last, "remind") if kind == "ask" else []
        for row in (last, *reminders):
            prompts.change(connection, row, state=transition(row.state, "told"))


def on_story_closed(connection: Transaction, person: Person, now: datetime) -> None:
    """No story is open any more: what waited for that may come."""
    prompts.go_on(connection, _ids(person), now)


def _ids(person: Person) -> Sequence[str]:
    return (person.id, *person.memory.mail)
