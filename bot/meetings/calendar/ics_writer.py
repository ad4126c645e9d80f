"""Writes meetings as an iCalendar feed that every calendar can subscribe to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event, vDuration, vRecur, vText

from bot.meetings.model.meeting import Meeting, MeetingKind, Override

_PAST, _AHEAD = timedelta(days=3 * 366), timedelta(days=10 * 366)
"""How long the zones in a feed are described around the moment of writing."""

LABELS: dict[MeetingKind, str] = {"visit": "Visite", "learning_group": "Leergroep"}
"""What stands before the title, and as category; `read_calendar` takes it off again."""


def write_calendar(
    meetings: Iterable[Meeting],
    title: str,
    stamp: datetime,
    refresh: timedelta = timedelta(hours=4),
) -> bytes:
    """The feed: all meetings, each with its UID and SEQUENCE, the changed ones of a series beside
    it, and the zones they use. `stamp` is the moment of writing, in UTC."""
    calendar = Calendar()
    calendar.add("PRODID", "-//Vertelbot//Bijeenkomsten//NL")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", title)
    calendar.add("REFRESH-INTERVAL", vDuration(refresh), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(refresh))
    for meeting in meetings:
        for piece in (meeting, *meeting.parts):
            off = "cancelled" in (meeting.state, piece.state)
            calendar.add_component(_master(piece, stamp, off=off))
            for override in piece.overrides:
                calendar.add_component(_override(piece, override, stamp))
    calendar.add_missing_timezones(stamp.date() - _PAST, stamp.date() + _AHEAD)
    return bytes(calendar.to_ical())


def write_date(uid: str, title: str, link: str, at: datetime, stamp: datetime) -> bytes:
    """A quarter of an hour at `at` (UTC) for one's own calendar, with a bell and a link."""
    calendar = Calendar()
    calendar.add("PRODID", "-//Vertelbot//Bijeenkomsten//NL")
    calendar.add("VERSION", "2.0")
    event, bell = Event(), Alarm()
    event.add("UID", uid)
    event.add("DTSTAMP", stamp)
    event.add("DTSTART", at)
    event.add("DURATION", timedelta(minutes=15))
    event.add("SUMMARY", title)
    event.add("DESCRIPTION", link)
    event.add("URL", link)
    bell.add("ACTION", "DISPLAY")
    bell.add("DESCRIPTION", title)
    bell.add("TRIGGER", timedelta(0))
    event.add_component(bell)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _master(meeting: Meeting, stamp: datetime, *, off: bool) -> Event:
    event = _event(meeting, stamp, meeting.start, meeting.end, meeting.title, meeting.place)
    event.add("STATUS", "CANCELLED" if off else "CONFIRMED")
    if meeting.rrule:
        event.add("RRULE", vRecur.from_ical(meeting.rrule))
    for moment in meeting.rdates:
        event.add("RDATE", _on_clock(meeting, moment, meeting.all_day))
    for moment in meeting.exdates:
        event.add("EXDATE", _on_clock(meeting, moment, meeting.all_day))
    return event


def _override(meeting: Meeting, override: Override, stamp: datetime) -> Event:
    event = _event(meeting, stamp, override.start, override.end, override.title, override.place)
    event.add("RECURRENCE-ID", _on_clock(meeting, override.at, meeting.all_day))
    event.add("STATUS", "CANCELLED" if override.cancelled else "CONFIRMED")
    return event


def _event(
    meeting: Meeting, stamp: datetime, start: datetime, end: datetime, title: str, place: str
) -> Event:
    label = LABELS[meeting.kind]
    event = Event()
    event.add("UID", meeting.uid)
    event.add("SEQUENCE", meeting.sequence)
    event.add("DTSTAMP", stamp)
    midnights = all(meeting.local(moment).time() == time() for moment in (start, end))
    whole_days = meeting.all_day and midnights
    local = meeting.local(start)
    event.add("DTSTART", local.date() if whole_days else local)
    event.add("DTEND", _on_clock(meeting, end, whole_days))
    event.add("SUMMARY", f"{label}: {title}")
    event.add("CATEGORIES", [label])
    words = [
        ("LOCATION", place),
        ("X-VERTELBOT-KIND", meeting.kind),
        ("X-VERTELBOT-HOST", meeting.host_team),
        ("X-VERTELBOT-GUEST", meeting.guest_team),
        *(("X-VERTELBOT-TEAM", team) for team in meeting.teams),
        ("X-VERTELBOT-DELAY", "" if meeting.delay is None else str(meeting.delay)),
    ]
    for prop, text in words:
        if text:
            event.add(prop, vText(text))
    return event


def _on_clock(meeting: Meeting, moment: datetime, whole_days: bool) -> date:
    """A moment on the meeting's clock, or only its day. In the second of two equal hours a clock
    says nothing: then it stays in UTC."""
    local = meeting.local(moment)
    if whole_days:
        return local.date()
    return moment if local.fold else local
