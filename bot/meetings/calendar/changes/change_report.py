"""What a coordinator should know of the changes of a calendar, for commands and logs of feeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.meetings.model.meeting import Meeting

if TYPE_CHECKING:
    from bot.meetings.calendar.changes.diff import Changes

NAMED = 20
"""So many meetings are named at most."""


def said_of(changes: Changes) -> Iterator[str]:
    """What is not sure, or went against what was changed here; in English, as commands speak."""
    if changes.doubted:
        yield (
            f"{changes.doubted} meetings are gone at once; if they still are the next time, they "
            "are called off"
        )
    for one in changes.asked[:NAMED]:
        yield (
            f"{_shown(one)} is gone, and something new may be it: it stays as it is; call it off "
            "if it does not go on"
        )
    for one in changes.overruled[:NAMED]:
        yield (
            f"{_shown(one)} was changed here and then in its calendar: it is now as the calendar "
            "says; change it again if that is wrong"
        )


def _shown(one: Meeting) -> str:
    return f"{one.title} ({one.local(one.start):%d-%m-%Y %H:%M})"
