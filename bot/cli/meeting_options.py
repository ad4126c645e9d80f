"""The options of `vertelbot meeting` that describe a meeting or its times."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time

from bot.cli.common import Failure
from bot.meetings.calendar.problem_texts import FieldNames, explain
from bot.meetings.draft import MeetingDraft
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.problems import BadMeeting, about
from bot.meetings.typed.dutch_dates import read_date
from storage.vault.vault import new_id

OPTIONS: FieldNames = {
    "start": ("--start", "2026-11-24T14:00"),
    "end": ("--end", "2026-11-24T16:00"),
    "tz": ("--tz", "Europe/Amsterdam"),
    "host": ("--host", "Wijkteam Oost"),
    "repeat": ("--rrule", "FREQ=WEEKLY;INTERVAL=2;COUNT=10"),
    "delay": ("--delay", "120"),
}
"""The options of a planned meeting, as its problems name them."""


def described(options: argparse.Namespace) -> Meeting:
    """The meeting that the options describe. Raises BadMeeting."""
    start, end = times_of(options)
    return MeetingDraft(
        kind=options.kind,
        title=options.title,
        start=start,
        end=end,
        tz=options.tz,
        place=options.place,
        host=options.host,
        guest=options.guest,
        teams=tuple(options.team),
        rrule=options.rrule,
        delay=options.delay,
        uid=f"{new_id()}@vertelbot",
    ).checked()


def times_of(options: argparse.Namespace) -> tuple[datetime, datetime]:
    """The beginning and the end that the options say. Raises BadMeeting."""
    with about("start"):
        start = _typed(options.start)
    with about("end"):
        return start, _typed(options.end)


def _typed(text: str) -> datetime:
    """A time in ISO form, or as people write it here. A day alone is its beginning."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        day, clock = read_date(text)
        return datetime.combine(day, clock or time())


@contextmanager
def naming_options() -> Iterator[None]:
    """A problem of a meeting ends the command, with the name of the option that it is about."""
    try:
        yield
    except BadMeeting as bad:
        raise Failure(explain(bad.problem, names=OPTIONS)) from None
