"""Recognises the meetings of a calendar among those that are known, whatever they are called now:
people belong to a meeting, and calendars change its name when it is split, moved or renamed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.meetings.model.meeting import Meeting
from bot.meetings.model.series import goes_on, occurrence

A_FORTNIGHT = timedelta(days=14)
"""A meeting that is on another day and has another name may be this much earlier or later."""
_DERIVED = re.compile(r"(?P<name>.+)_R\d{8}(?:T\d{6}Z?)?(?P<host>@.*)?")
_DAY_OF = re.compile(r"(?P<name>.+)#\d{8}T\d{6}Z")


@dataclass(slots=True)
class Recognised:
    """What was found, by the uid of the known meeting that it is: under a name of it, under
    another, as the rest of a series that was cut in two, as one day of a series; and what is new.
    `days_known` are meetings that were known as one day of what is new."""

    named: defaultdict[str, list[Meeting]] = field(default_factory=lambda: defaultdict(list))
    renamed: dict[str, Meeting] = field(default_factory=dict)
    rest: defaultdict[str, list[Meeting]] = field(default_factory=lambda: defaultdict(list))
    days: defaultdict[str, list[Meeting]] = field(default_factory=lambda: defaultdict(list))
    days_known: dict[str, list[Meeting]] = field(default_factory=dict)
    new: list[Meeting] = field(default_factory=list)

    def seen(self) -> set[str]:
        """The uids of the known meetings that are there."""
        return {*self.named, *self.renamed, *self.rest, *self.days}


def recognise(
    known: Sequence[Meeting], found: Iterable[Meeting], mine: Collection[str]
) -> Recognised:
    """Find out which is which. `mine` are the uids of the known meetings that the calendar held
    before: only of those the times alone, or the title alone, tell enough."""
    made = Recognised()
    by_name = {uid: one for one in known for uid in one.uids}
    rest: list[Meeting] = []
    for one in found:
        if one.uid in by_name:
            made.named[by_name[one.uid].uid].append(one)
        else:
            rest.append(one)
    rest = _continued(by_name, made, rest)
    for look, those in ((_looks, None), (_times, mine), (_title, mine)):
        gone = [
            one
            for one in known
            if one.uid not in made.seen() and (those is None or one.uid in those)
        ]
        rest = _alike(gone, rest, look, made, once=those is not None)
    rest = _day_by_day([one for one in known if one.uid not in made.seen()], rest, made)
    made.new = rest
    for one in known:
        match = _DAY_OF.fullmatch(one.uid)
        if match and one.uid not in made.seen():
            series = [each for each in rest if each.series and each.uid == match["name"]]
            if series:
                made.days_known.setdefault(series[0].uid, []).append(one)
    return made


def may_be(gone: Meeting, new: Meeting) -> bool:
    """Whether something new could be what is gone, as far as anybody can tell from here."""
    if gone.kind != new.kind:
        return False
    return gone.title.casefold() == new.title.casefold() or gone.start == new.start


def derived_from(uid: str) -> str:
    """The name of the series that this one was cut from, in calendars that say so; or ""."""
    match = _DERIVED.fullmatch(uid)
    return match["name"] + (match["host"] or "") if match else ""


def _continued(
    by_name: dict[str, Meeting], made: Recognised, found: Iterable[Meeting]
) -> list[Meeting]:
    """Take out what goes on with a known series that ends earlier now."""
    left: list[Meeting] = []
    for one in found:
        series = by_name.get(derived_from(one.uid))
        if series is None:
            cut = [each for each in by_name.values() if _cut_before(each, made, one)]
            names = {each.uid: each for each in cut}
            alike = [each for each in names.values() if _titled(each) == _titled(one)]
            these = alike or list(names.values())
            series = these[0] if len(these) == 1 else None
        if series is None or series.kind != one.kind:
            left.append(one)
        else:
            made.rest[series.uid].append(one)
    return left


def _cut_before(known: Meeting, made: Recognised, one: Meeting) -> bool:
    """Whether a series went on when this begins, and stops before it now."""
    now = next((each for each in made.named.get(known.uid, ()) if each.uid == known.uid), None)
    if now is None or not known.series or known.kind != one.kind or not now.series:
        return False
    return goes_on(known, one.start) and not goes_on(now, one.start)


def _alike(
    gone: Sequence[Meeting],
    found: Sequence[Meeting],
    look: Callable[[Meeting], Hashable],
    made: Recognised,
    *,
    once: bool,
) -> list[Meeting]:
    """Take out what looks like one that is gone; with `once` only where nothing else does."""
    those: defaultdict[Hashable, list[Meeting]] = defaultdict(list)
    these: defaultdict[Hashable, list[Meeting]] = defaultdict(list)
    for one in gone:
        those[look(one)].append(one)
    for one in found:
        these[look(one)].append(one)
    left: list[Meeting] = []
    for one in found:
        before = those[look(one)]
        sure = not once or (len(before) == len(these[look(one)]) == 1 and _near(before[0], one))
        if before and sure and _same_teams(before[0], one):
            made.renamed[before.pop(0).uid] = one
        else:
            left.append(one)
    return left


def _day_by_day(
    gone: Sequence[Meeting], found: Sequence[Meeting], made: Recognised
) -> list[Meeting]:
    """Take out the single days of a series that the calendar does not give as one any more."""
    left: list[Meeting] = []
    series = [one for one in gone if one.series]
    for one in found:
        those = [each for each in series if _titled(each) == _titled(one) and _on_day(each, one)]
        if len(those) == 1 and not one.series:
            made.days[those[0].uid].append(one)
        else:
            left.append(one)
    return left


def _on_day(series: Meeting, one: Meeting) -> bool:
    held = occurrence(series, series.local(one.start).date())
    return held is not None and series.local(held.at).date() == series.local(one.start).date()


def _near(gone: Meeting, one: Meeting) -> bool:
    return gone.series == one.series and abs(gone.start - one.start) <= A_FORTNIGHT


def _same_teams(one: Meeting, other: Meeting) -> bool:
    sides = ("host_team", "guest_team")
    named = ((getattr(one, side), getattr(other, side)) for side in sides)
    groups = [{team.casefold() for team in each.teams} for each in (one, other)]
    apart = all(groups) and not groups[0] & groups[1]
    return not apart and all(not a or not b or a.casefold() == b.casefold() for a, b in named)


def _titled(one: Meeting) -> Hashable:
    return one.kind, one.title.casefold()


def _looks(one: Meeting) -> Hashable:
    return _titled(one), _times(one)


def _times(one: Meeting) -> Hashable:
    return one.kind, one.start, one.end, one.rrule


def _title(one: Meeting) -> Hashable:
    return _titled(one)
