"""Preview of prompts: who gets what and when, of the rows and of those that will be. Nothing is
changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.meetings.model.rows import from_row
from bot.meetings.prompts.planning import LATE_JOIN, rules_of, wanted
from bot.services import Services
from storage.engine.transaction import Reads
from storage.meetings import meetings, prompts

AHEAD = timedelta(weeks=8)
"""How far a preview looks ahead."""


def preview(
    reads: Reads, services: Services, now: datetime, ahead: timedelta = AHEAD
) -> list[dict[str, Any]]:
    """All prompts that are due up to so long after `now`, by their time, as
    `vertelbot meeting preview --json` prints them. Of what is over, only what was due lately."""
    rules = rules_of(services.settings.prompts)
    since = now - timedelta(days=rules.late_days + 3)
    found: dict[str, tuple[prompts.StoredPrompt, str]] = {}
    for row in meetings.listed(reads):
        meeting = from_row(row)
        members = meetings.members(reads, row.id)
        channels = {member.person_id: member.channel for member in members}
        if meeting.state != "cancelled":
            begin = max(row.planned_until or now - LATE_JOIN, since)
            for one in wanted(services.vault, meeting, channels, begin, now + ahead, rules):
                found[one.id] = one, channels[one.person_id]
        for one in prompts.of_meeting(reads, row.id):
            found[one.id] = one, channels.get(one.person_id, "")
    shown = [each for each in found.values() if since <= each[0].due_at <= now + ahead]
    shown.sort(key=lambda each: (each[0].due_at, each[0].id))
    return [
        {
            "prompt": row.id,
            "meeting": row.meeting_id,
            "kind": row.kind,
            "due_utc": f"{row.due_at:%Y-%m-%dT%H:%M:%SZ}",
            "channel": channel,
            "state": row.state,
        }
        for row, channel in shown
    ]
