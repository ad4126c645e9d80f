"""Plans the prompts that follow from meetings and their members, and keeps the rows in step with
both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from bot.meetings.model.meeting import Meeting, Occurrence
from bot.meetings.model.rows import from_row
from bot.meetings.model.series import called_off, occurrence, occurrences
from bot.meetings.prompts.dequeue import dequeue
from bot.meetings.prompts.lifecycle import transition
from bot.meetings.prompts.schedule import PromptRules, due, follow_up
from bot.settings import Prompts as PromptSettings
from storage.engine.transaction import Transaction
from storage.meetings import meetings, prompts
from storage.meetings.prompts import StoredPrompt
from storage.vault.vault import Vault

HORIZON = timedelta(days=30)
"""How far ahead prompts are rows."""
LATE_JOIN = timedelta(days=1)
"""Who joins this long after the end is asked too: the code hangs on the wall until people go."""


@lru_cache
def rules_of(settings: PromptSettings) -> PromptRules:
    """The `[prompts]` of the configuration. Raises ValueError."""
    return PromptRules(**settings.model_dump())


def day_of(one: Occurrence) -> str:
    """Tells the meetings of a series apart, wherever they move; empty for a single meeting."""
    return f"{one.meeting.local(one.at):%Y-%m-%d}" if one.meeting.series else ""


def wanted(
    vault: Vault,
    meeting: Meeting,
    person_ids: Iterable[str],
    since: datetime,
    until: datetime,
    rules: PromptRules,
) -> Iterator[StoredPrompt]:
    """The prompts about what ends after `since` and up to `until`, for these people. What came of
    it is not asked about a meeting whose series goes on before then."""
    people = list(person_ids)
    if not people:
        return
    far = until + timedelta(weeks=rules.follow_up_weeks + 1)
    held = [one for one in occurrences(meeting, since, far) if one.state != "cancelled"]
    for one in held:
        if not since < one.end <= until:
            continue
        day, asked = day_of(one), due(one.end, meeting.delay, rules)
        later = follow_up(one.end, rules)
        last = not any(one.end <= next_one.start < later for next_one in held)
        for person_id in people:
            yield prompts.new_row(vault, person_id, meeting.id, day, "ask", one.end, asked)
            if last:
                yield prompts.new_row(
                    vault, person_id, meeting.id, day, "follow_up", one.end, later
                )


def plan(
    connection: Transaction,
    row: meetings.StoredMeeting,
    now: datetime,
    rules: PromptRules,
) -> int:
    """Make the prompts of a meeting rows up to the horizon; how many were new."""
    since = row.planned_until or now - LATE_JOIN
    until = now + HORIZON
    people = [member.person_id for member in meetings.members(connection, row.id)]
    added = prompts.add(
        connection, wanted(connection.vault, from_row(row), people, since, until, rules)
    )
    meetings.note_planned(connection, row.id, until)
    return added


def plan_member(
    connection: Transaction,
    row: meetings.StoredMeeting,
    person_id: str,
    now: datetime,
    rules: PromptRules,
) -> None:
    """Someone joined, or wants prompts again: about what has just ended or is still to come. What
    was cancelled because this person had left is planned again, and so is what was declined before
    the meeting was held."""
    until = row.planned_until or now + HORIZON
    meeting = from_row(row)
    rows = list(wanted(connection.vault, meeting, [person_id], now - LATE_JOIN, until, rules))
    prompts.add(connection, rows)
    fresh = {made.id: made for made in rows}
    for old in prompts.of_people(connection, [person_id], "cancelled", "declined"):
        made = fresh.get(old.id)
        early = made is not None and made.ended_at > now and old.outbox_id is None
        if made is not None and (old.state == "cancelled" or early):
            _set(connection, old, made.ended_at, made.due_at)


def drop_member(connection: Transaction, meeting_id: str, person_id: str, now: datetime) -> None:
    """Someone left: nothing more is asked about this meeting."""
    for known in prompts.of_people(connection, [person_id], *prompts.WAITING, "claimed", "bundled"):
        if known.meeting_id == meeting_id:
            row = dequeue(connection, known, now)
            prompts.change(connection, row, state=transition(row.state, "cancel"))


def replan(
    connection: Transaction,
    row: meetings.StoredMeeting,
    now: datetime,
    rules: PromptRules,
) -> None:
    """A meeting changed: prompts that were not sent move along, or are cancelled."""
    meeting = from_row(row)
    people = {member.person_id for member in meetings.members(connection, row.id)}
    days: dict[str, Occurrence | None] = {}
    for old in prompts.of_meeting(connection, row.id):
        if old.day not in days:
            days[old.day] = _now_on(meeting, old.day)
        one = days[old.day]
        if one is None and old.ended_at <= now and not called_off(meeting, old.day):
            continue  # what was held was held, also when its calendar leaves out what is past
        if one is None or one.state == "cancelled":
            old = dequeue(connection, old, now)
            prompts.change(connection, old, state=transition(old.state, "cancel"))
        elif old.kind != "remind" and old.person_id in people:
            due_at = (
                due(one.end, meeting.delay, rules)
                if old.kind == "ask"
                else follow_up(one.end, rules)
            )
            if old.state == "cancelled" or old.ended_at != one.end:
                old = dequeue(connection, old, now)
                if old.state in ("planned", "cancelled"):
                    _set(connection, old, one.end, due_at)
    until = row.planned_until or now + HORIZON
    prompts.add(
        connection, wanted(connection.vault, meeting, people, now - LATE_JOIN, until, rules)
    )
    meetings.note_planned(connection, row.id, until)


def _set(connection: Transaction, row: StoredPrompt, ended_at: datetime, due_at: datetime) -> None:
    """Give a prompt that was not sent its time."""
    prompts.change(
        connection,
        row,
        state="planned",
        ended_at=ended_at,
        due_at=due_at,
        next_at=due_at,
        outbox_id=None,
    )


def _now_on(meeting: Meeting, day: str) -> Occurrence | None:
    if not day:
        return None if meeting.series else occurrence(meeting, meeting.start.date())
    if not meeting.series:
        return None
    return occurrence(meeting, datetime.fromisoformat(day).date())
