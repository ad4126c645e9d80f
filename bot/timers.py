"""The two timers of a conversation: a reminder, and when a draft is forgotten.

They stand where they were set first. One that goes off after the person did something since is set
again, as much later: see `Runner._timer`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.house import House
from conversations.state import State
from storage import turns


def waits(state: State | None) -> tuple[str, ...]:
    """The timers that a conversation has."""
    if state is None or not state.open:
        return ()
    return ("forget",) if state.reminded or state.kept else ("remind", "forget")


def patience(house: House, kind: str) -> timedelta:
    """How long a conversation must have been silent before a timer goes off."""
    days = house.settings.retention
    return timedelta(days=days.draft_reminder_days if kind == "remind" else days.draft_days)


def follow(
    connection: Connection,
    house: House,
    person_id: str,
    change: tuple[State | None, State],
    now: datetime,
) -> None:
    """Set or clear the timers of a conversation that became another one."""
    before, after = (waits(state) for state in change)
    if before == after:
        return
    if not after:
        turns.clear_timers(connection, person_id, "remind", "forget")
        return
    remind, forget = (now + patience(house, kind) for kind in ("remind", "forget"))
    once = remind if "remind" in after else None
    turns.set_timers(connection, person_id, change[1].turn, once, forget)
