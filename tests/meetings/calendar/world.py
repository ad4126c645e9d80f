"""Calendars that are read one after another, in memory: what is then known, and who is asked when
about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.meetings.calendar.changes.diff import Changes, FeedRead, diff
from bot.meetings.calendar.ics_reader import read_calendar
from bot.meetings.calendar.report import Report
from bot.meetings.change_notices import ChangeNotices, news_of
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.series import occurrences
from bot.meetings.prompts.schedule import PromptRules, due
from tests.meetings.make import at

SEPTEMBER = at("2026-09-20 12:00")
RULES = PromptRules()


def calendar(*events: str, before: str = "") -> bytes:
    """A calendar of these events, each without its first and last line."""
    body = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\n{before}{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def event(
    start: str = "20261006T140000",
    end: str = "20261006T160000",
    *more: str,
    uid: str = "a1@probe",
    title: str = "Leergroep Schulden",
    zone: str = ";TZID=Europe/Amsterdam",
) -> str:
    """The lines of an event."""
    times = [f"DTSTART{zone}:{start}", f"DTEND{zone}:{end}"]
    stamp = "DTSTAMP:20260901T080000Z"
    given = [each for each in more if not each.startswith("DTSTAMP")]
    stamps = [each for each in more if each.startswith("DTSTAMP")] or [stamp]
    return "\n".join([f"UID:{uid}", *stamps, f"SUMMARY:{title}", *times, *given])


@dataclass
class World:
    """What is known, as it is after every reading."""

    now: datetime = SEPTEMBER
    known: list[Meeting] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    """The ids of what the feed holds."""
    news: list[tuple[str, ChangeNotices]] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    report: Report = field(default_factory=Report)

    def take(self, *files: bytes) -> World:
        """Take over files, one after another."""
        for data in files:
            self._read(data, None)
        return self

    def read(self, *feeds: bytes, others: bool = False) -> World:
        """Read what the feed holds, one time after another."""
        for data in feeds:
            own = frozenset(one.uid for one in self.known if one.id in self.own)
            self._read(data, FeedRead(own, others))
        return self

    def change(self, number: int, **changes: object) -> None:
        """Change a meeting here, as a coordinator does."""
        old = self.known[number]
        self.known[number] = replace(old, sequence=old.sequence + 1, **changes)  # type: ignore[arg-type]  # a table of changes

    def asks(self, *, weeks: int = 8) -> list[str]:
        """When somebody who takes part in everything is asked, on the clock of Amsterdam."""
        found = {
            due(one.end, meeting.delay, RULES)
            for meeting in self.known
            for one in occurrences(meeting, self.now, self.now + timedelta(weeks=weeks))
            if one.state != "cancelled" and one.end > self.now
        }
        return [f"{moment.astimezone(RULES.zone):%m-%d %H:%M}" for moment in sorted(found)]

    def listed(self) -> list[str]:
        """Titles, beginnings and states, on the clock of Amsterdam."""
        return [
            f"{one.title} {one.start.astimezone(RULES.zone):%m-%d %H:%M} {one.state}"
            for one in sorted(self.known, key=lambda one: (one.start, one.title))
        ]

    def problems(self) -> list[str]:
        return [one.problem.code for one in self.report.problems]

    def notes(self) -> list[str]:
        return [one.problem.code for one in self.report.notes]

    def _read(self, data: bytes, feed: FeedRead | None) -> None:
        kinds = {uid: one.kind for one in self.known for uid in one.uids}
        self.report = read_calendar(data, None, kinds)
        made = self.changes = diff(self.known, self.report, self.now, feed=feed)
        changed = {each.before.id: each.after for each in (*made.changed, *made.cancelled)}
        quiet = {each.before.id: each.after for each in made.quiet}
        for old in self.known:
            new = changed.get(old.id, old)
            self.news += [(old.id, one) for one in news_of(old, new, self.now)]
        gone = {one.id for one in made.absorbed}
        self.known = [
            changed.get(one.id, quiet.get(one.id, one)) for one in self.known if one.id not in gone
        ]
        for one in made.added:
            new_id = f"m{len(self.known)} {one.uid}"
            self.known.append(replace(one, id=new_id))
            self.own |= {new_id} if feed else set()
