"""Rows of a table that look like a known meeting with something corrected: another time, title or
team. Without a mark of its own (`kenmerk`) a row is known by what stands in it, so that a corrected
one would be a second meeting, of which the first is held by nobody. Whoever sent it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Literal

from bot.meetings.calendar.report import ImportProblem, Report
from bot.meetings.draft import MADE_UP
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.problems import MeetingProblem
from bot.meetings.model.series import goes_on

Answer = Literal["", "same", "both"]
"""What rows that look like a known meeting are: not said yet, that meeting, or another one."""
ANSWERS: tuple[Answer, ...] = ("same", "both")
NEAR = timedelta(days=14)
"""So far a meeting to come may have moved and still be recognised by its words alone. Of one that
is over only the time of the day: tables leave out what is past, and the next one is a new one."""
_ALIKE = 0.7


def settle(
    report: Report, known: Callable[[], Iterable[Meeting]], now: datetime, answer: Answer = ""
) -> Report:
    """The report in which rows that look like a known meeting are that meeting, others, or left out
    and asked about, as it was answered. What is `known` is only read where a row has no mark."""
    if not any(one.uid.endswith(MADE_UP) for one in report.meetings):
        return report
    found = corrected(report.meetings, known(), now)
    every = {one.uid: one for one in report.meetings}
    same = {new: old.uid for new, old in found.items() if answer == "same" or _is(every[new], old)}
    asked = [] if answer == "both" else [new for new in found if new not in same]
    return replace(
        report,
        meetings=tuple(_named(one, same) for uid, one in every.items() if uid not in asked),
        problems=(*report.problems, *(_question(every[new], found[new]) for new in asked)),
    )


def corrected(
    read: Sequence[Meeting], known: Iterable[Meeting], now: datetime
) -> Mapping[str, Meeting]:
    """By the uid of a new row, the known meeting that it looks like, which is in the table no more.
    Each is found once, the nearest first."""
    uids = {one.uid for one in read}
    every = {one.uid: one for one in known if one.uid.endswith(MADE_UP)}
    gone = [
        (one, NEAR if goes_on(one, now) else timedelta())
        for one in every.values()
        if one.uid not in uids and one.state != "cancelled"
    ]
    new = [one for one in read if one.uid.endswith(MADE_UP) and one.uid not in every]
    pairs = sorted(
        (abs(one.start - old.start), one.uid, old.uid)
        for one in new
        for old, near in gone
        if _alike(one, old, near)
    )
    found: dict[str, Meeting] = {}
    taken: set[str] = set()
    for _, uid, old_uid in pairs:
        if uid not in found and old_uid not in taken:
            found[uid] = every[old_uid]
            taken.add(old_uid)
    return found


def _alike(one: Meeting, old: Meeting, near: timedelta) -> bool:
    """The same words on the same day or on one that is near, or the same time with words that are
    alike."""
    apart = one.teams and old.teams and not set(one.teams) & set(old.teams)
    if one.kind != old.kind or apart:
        return False
    if _words(one) == _words(old):
        same_day = one.local(one.start).date() == old.local(old.start).date()
        return same_day or abs(one.start - old.start) <= near
    if one.start != old.start:
        return False
    sides = {one.host_team, one.guest_team} & {old.host_team, old.guest_team} - {""}
    same_place = bool(one.place) and one.place.casefold() == old.place.casefold()
    titles = SequenceMatcher(None, one.title.casefold(), old.title.casefold())
    return bool(sides) or same_place or titles.ratio() >= _ALIKE


def _is(one: Meeting, old: Meeting) -> bool:
    """Whether it is told in other words of before: it was moved here, or an earlier table was."""
    return one.start == old.start and _words(one) == _words(old)


def _words(meeting: Meeting) -> tuple[object, ...]:
    sides = (meeting.host_team, meeting.guest_team)
    return meeting.title.casefold(), *(side.casefold() for side in sides)


def _named(meeting: Meeting, names: Mapping[str, str]) -> Meeting:
    return replace(meeting, uid=names.get(meeting.uid, meeting.uid))


def _question(one: Meeting, old: Meeting) -> ImportProblem:
    slots = {"title": one.title, "when": _shown(one), "known": _shown(old)}
    return ImportProblem(0, one.uid, MeetingProblem("row_alike", slots=slots))


def _shown(meeting: Meeting) -> str:
    return f"{meeting.local(meeting.start):%d-%m-%Y %H:%M}"
