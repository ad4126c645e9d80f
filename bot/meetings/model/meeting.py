"""A meeting: a visit or a learning group, once or in a series. Data only; all moments are UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

PromptKind = Literal["ask", "remind", "follow_up"]
MeetingKind = Literal["visit", "learning_group"]
MeetingState = Literal["planned", "moved", "cancelled"]
Noted = Literal["", "missing", "asked", "overruled"]
"""What is to be looked at: it is no longer in its calendar, for once; it is not, and what is new
there may be it; its calendar changed what was changed here."""

YEARS = 10
"""A rule must give its first meeting, and with COUNT its last, within this many years."""
COUNT_MAX = 1000
FIRST_YEAR, LAST_YEAR = 1990, 2099
LONGEST = timedelta(days=31)
"""What lasts longer is no meeting."""


@dataclass(frozen=True, slots=True)
class Override:
    """What is different about one meeting of a series: the one that would have begun `at`."""

    at: datetime
    start: datetime
    end: datetime
    title: str
    place: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class CalendarVersion:
    """What a calendar said last: its version, and a fingerprint of each part of it, to see what
    changed there since and what was changed here. `modified` and `stamp` are its moments as text,
    which sort as the moments do; empty when it has none."""

    sequence: int = 0
    modified: str = ""
    stamp: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A visit or a learning group. With an `rrule` or `rdates` it is a series.

    `id` is ours (empty until it is stored), `uid` and `sequence` are the calendar's, `code` is what
    people join with. `tz` is the zone on whose clock the series repeats. Teams are named as they
    were written: `host_team` and `guest_team` of a visit, `teams` of a learning group. `delay` is
    in minutes after the end (None: the usual one). `said` is what its calendar said last (None: it
    has none). `noted` is something for a coordinator to look at. `aliases` are the names by which
    other calendars know it. `parts` are other stretches of the
    same series: calendars cut a series in two when it changes from a day on, and its people stay.
    """

    uid: str
    kind: MeetingKind
    title: str
    start: datetime
    end: datetime
    tz: str
    id: str = ""
    sequence: int = 0
    place: str = ""
    rrule: str = ""
    rdates: tuple[datetime, ...] = ()
    exdates: tuple[datetime, ...] = ()
    overrides: tuple[Override, ...] = ()
    all_day: bool = False
    state: MeetingState = "planned"
    host_team: str = ""
    guest_team: str = ""
    teams: tuple[str, ...] = ()
    delay: int | None = None
    code: str = ""
    said: CalendarVersion | None = field(default=None, hash=False)
    noted: Noted = ""
    aliases: tuple[str, ...] = ()
    parts: tuple[Meeting, ...] = ()

    def __post_init__(self) -> None:
        for moment in (self.start, self.end, *self.rdates, *self.exdates):
            if moment.tzinfo is not UTC:
                raise ValueError("the moments of a meeting are in UTC")
        if self.end < self.start:
            raise ValueError("a meeting ends after it begins")

    @property
    def series(self) -> bool:
        return bool(self.rrule or self.rdates or self.parts)

    @property
    def uids(self) -> tuple[str, ...]:
        """All names under which calendars know it."""
        return (self.uid, *self.aliases, *(part.uid for part in self.parts))

    def local(self, moment: datetime) -> datetime:
        """A moment on the clock of this meeting."""
        return moment.astimezone(ZoneInfo(self.tz))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A meeting on one day: what people go to, and what a prompt is about.

    `at` is when it would have begun had it not been moved.
    """

    meeting: Meeting
    at: datetime
    start: datetime
    end: datetime
    title: str
    place: str
    state: MeetingState

    @property
    def key(self) -> str:
        """Names it for good: moving it, or giving the whole series another hour, leaves its key
        as it was. A series meets once a day at most."""
        name = self.meeting.id or self.meeting.uid
        return f"{name}@{self.meeting.local(self.at):%Y-%m-%d}" if self.meeting.series else name
