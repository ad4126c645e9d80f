"""Which bell rings next, and when. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time

from bot.meetings.prompts.schedule import PromptRules, allowed
from storage.bells.bells import StoredBell
from storage.bells.rings import State

_MOST_MOVES = 14
"""Two kinds of quiet hours that leave no minute of a day free are not both kept."""


def next_bell(
    bells: Sequence[StoredBell], tried: Mapping[str, State], channels: Collection[str]
) -> StoredBell | None:
    """The bell to ring after what was `tried`; None when one rang, may have rung or is still to
    ring, or none is left. Only what certainly failed passes on, and no channel rings twice."""
    if any(state != "failed" for state in tried.values()):
        return None
    return next(
        (
            each
            for each in bells
            if each.channel in channels and each.channel not in tried and not each.problem
        ),
        None,
    )


def decent_time(now: datetime, rules: PromptRules, quiet: Sequence[str]) -> datetime:
    """The first moment, not before `now`, outside the quiet hours of everybody and those of the
    person (from, until; empty: none of their own)."""
    if len(quiet) != 2:
        return allowed(now, rules)
    begin, end = (time.fromisoformat(each) for each in quiet)
    own = replace(
        rules, quiet_from=begin, quiet_until=end, evening=end, tomorrow=end, weekends=True
    )
    own = replace(own, holidays=True)
    at = now
    for _ in range(_MOST_MOVES):
        moved = allowed(allowed(at, rules), own)
        if moved == at:
            return at
        at = moved
    return allowed(now, rules)
