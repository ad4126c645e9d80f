"""The two timers of a conversation: the reminder, and the end of a draft.

They stand where they were set first. One that goes off after the person did something since is set
again, as much later: see `Runner._timer`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.services import Services
from conversations.engine.state import State
from storage.engine.transaction import Transaction
from storage.people import states


def waits(state: State | None) -> tuple[str, ...]:
    """The timers that a conversation has."""
    if state is None or not state.open:
        return ()
    return ("forget",) if state.reminded or state.kept else ("remind", "forget")


def patience(services: Services, kind: str) -> timedelta:
    """How long a conversation must have been silent before a timer goes off."""
    days = services.settings.retention
    return timedelta(days=days.draft_reminder_days if kind == "remind" else days.draft_days)


def follow(
    connection: Transaction,
    services: Services,
    person_id: str,
    change: tuple[State | None, State],
    now: datetime,
) -> None:
    """Set or clear the timers of a conversation that became another one."""
    before, after = (waits(state) for state in change)
    if before == after:
        return
    if not after:
        states.clear_timers(connection, person_id, "remind", "forget")
        return
    remind, forget = (now + patience(services, kind) for kind in ("remind", "forget"))
    once = remind if "remind" in after else None
    states.set_timers(connection, person_id, change[1].turn, once, forget)
