"""Which version of a meeting is newer, and what of it changed since the calendar said so last.

A change that was made here counts until its calendar says something else about the same part."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from bot.meetings.model.meeting import CalendarVersion, Meeting

PARTS: Mapping[str, tuple[str, ...]] = {
    "times": ("start", "end", "tz", "rrule", "all_day"),
    "days": ("rdates", "exdates", "overrides"),
    "state": ("state",),
    "title": ("kind", "title"),
    "teams": ("host_team", "guest_team", "teams"),
    "place": ("place",),
    "delay": ("delay",),
}
"""What belongs together: of each the calendar's is taken, or ours is kept."""


def order(said: CalendarVersion) -> tuple[int, str, str]:
    """Puts the versions in one file in order."""
    return said.sequence, said.modified, said.stamp


def fingerprinted(meeting: Meeting) -> Meeting:
    """A meeting as a calendar gives it, with what to remember of that."""
    said = meeting.said or CalendarVersion(meeting.sequence)
    return replace(meeting, said=replace(said, parts=_prints(meeting)))


def is_older(found: CalendarVersion, last: CalendarVersion, *, feed: bool) -> bool:
    """Whether this is less than was said before (RFC 5546, 2.1.5). A feed holds what is so now:
    there, a later moment counts even if the number went down."""
    moments = [
        (new, old)
        for new, old in ((found.modified, last.modified), (found.stamp, last.stamp))
        if new and old
    ]
    if found.sequence != last.sequence:
        later = bool(moments) and moments[0][0] > moments[0][1]
        return found.sequence < last.sequence and not (feed and later)
    return bool(moments) and moments[0][0] < moments[0][1]


def changed_parts(found: Meeting, last: CalendarVersion, *, raised: bool = False) -> set[str]:
    """The parts about which the calendar says something else than before; all, when its number was
    `raised`, if that counts."""
    now = _prints(found)
    if raised and found.said is not None and found.said.sequence > last.sequence:
        return set(PARTS)
    return {part for part in PARTS if now[part] != last.parts.get(part)}


def changed_here(known: Meeting) -> set[str]:
    """The parts that are not as the calendar said last."""
    if known.said is None or not known.said.parts:
        return set()
    now = _prints(known)
    return {part for part in PARTS if now[part] != known.said.parts.get(part)}


def with_parts(known: Meeting, found: Meeting, parts: set[str]) -> Meeting:
    """What is known, with these parts as they were found; what a calendar leaves out stays."""
    fields = {name: getattr(found, name) for part in parts for name in PARTS[part]}
    for name in (*PARTS["teams"], *PARTS["delay"]):
        if fields.get(name) in ("", (), None):
            fields.pop(name, None)
    return replace(known, **fields)


def seen_as(meeting: Meeting, said: CalendarVersion) -> Meeting:
    """A meeting whose calendar says, in this version, that its state is what it is now."""
    parts = {**(meeting.said or said).parts, "state": _prints(meeting)["state"]}
    return replace(meeting, said=replace(said, parts=parts))


def _prints(meeting: Meeting) -> dict[str, str]:
    prints = {}
    for part, fields in PARTS.items():
        values = [getattr(meeting, name) for name in fields]
        if part == "state":
            values = [meeting.state == "cancelled"]
        prints[part] = hashlib.sha256(repr(values).encode()).hexdigest()[:12]
    return prints
