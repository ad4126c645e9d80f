"""What was told around the meetings of a thread. A story carries no meeting: it is counted by kind,
team and week of all its meetings together, and few of them are not counted at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bot.meetings.model.meeting import MeetingKind
from bot.sensemaking.threads.meeting_threads import MeetingThread
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Reads
from storage.gate.rules import ALL, stories
from storage.stories import reading
from storage.stories.reading import Filters
from storage.weeks import week_of, weeks_before

AROUND: Mapping[MeetingKind, tuple[str, ...]] = {
    "visit": ("after_visit_host", "after_visit_guest"),
    "learning_group": ("after_learning_group",),
}
"""The guides that are told with just after a meeting."""
LATER = "follow_up"
AFTER, MUCH_LATER = range(3), range(6, 9)
"""Weeks after a meeting in which people tell of it, and of what came of it."""


@dataclass(frozen=True, slots=True)
class ToldAround:
    """How many stories somebody reads of it, where that is not few: together (0: too few to say),
    by guide and by team."""

    total: int
    guides: Mapping[str, int]
    teams: Mapping[str, int]


def told_around(reads: Reads, who: Coordinator, thread: MeetingThread, k: int) -> ToldAround:
    ended = {week_of(one.end) for one in thread.held}
    if not ended:
        return ToldAround(0, {}, {})
    soon = {weeks_before(week, -n) for week in ended for n in AFTER}
    later = {weeks_before(week, -n) for week in ended for n in MUCH_LATER}
    every = soon | later
    mine, around = {team.id for team in thread.teams}, AROUND[thread.kind]
    guides, of_team = Counter[str](), Counter[str]()
    for each in reading.answered(reads, who, Filters(first=min(every), last=max(every))):
        just = each.guide in around and each.week in soon
        if each.team in mine and (just or (each.guide == LATER and each.week in later)):
            guides[each.guide] += 1
            of_team[each.team] += 1
    by_guide, by_team = stories(guides, k), stories(of_team, k)
    total = by_guide.pop(ALL, 0)
    by_team.pop(ALL, 0)
    return ToldAround(total, by_guide, by_team)
