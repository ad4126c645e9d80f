"""What can be wrong with a meeting that is planned or read: a code and its slots.

The sentences stand in `coordinator.po`, found by the code."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

from bot.spreadsheets.table_problems import TableCode

MeetingCode = Literal[
    # a file as a whole
    "calendar_too_large", "no_calendar", "breaks_off", "too_many_events",
    # an event of a calendar
    "event_unclosed", "event_unreadable", "event_without_uid", "event_without_start",
    "event_in_another_age", "event_ends_before", "event_too_long",
    "event_with_two_rules", "event_with_too_many_dates", "event_date_unreadable",
    "event_time_unreadable", "event_time_in_another_age", "event_time_not_single",
    "event_end_is_a_day", "event_duration_unreadable", "event_uid_twice",
    # what a calendar says that is passed over
    "not_ours", "long_past", "message_reply", "message_counter", "message_answer",
    "message_unknown",
    # a row of a table
    "too_many_cells", "twice", "word_unclear", "days_differ", "kind_unknown",
    # what a table was taken for
    "whole_days", "rows_not_ours", "row_alike",
    # what someone typed
    "date_unreadable", "no_such_date", "date_ambiguous", "weekday_wrong", "time_unreadable",
    "length_unreadable", "repeat_unreadable", "when_unreadable", "long_over",
    # a meeting that is planned
    "kind_unclear", "no_team", "no_start", "no_time", "no_end_time", "ends_before", "too_long",
    "another_age", "time_skipped", "zone_unknown", "delay_wrong",
    # a rule of a series
    "rule_unreadable", "rule_too_long", "rule_in_another_age", "rule_within_a_day",
    "rule_of_another_calendar", "rule_too_often", "rule_end_wrong", "rule_never", "series_too_long",
]  # fmt: skip
ProblemCode = MeetingCode | TableCode
MeetingField = Literal[
    "", "start", "end", "tz", "host", "repeat", "except", "delay", "when", "length", "state", "off",
    "on", "whole_day",
]  # fmt: skip
"""What someone filled in; empty where the problem is about no single field."""

_SEEN_MAX = 40


@dataclasses.dataclass(frozen=True, slots=True)
class MeetingProblem:
    """One thing to mend: what it is, the field that it is about, what fills its sentence."""

    code: ProblemCode
    field: MeetingField = ""
    slots: Mapping[str, object] = dataclasses.field(default_factory=dict)


class BadMeeting(ValueError):
    """A meeting that is not taken; `problem` says why."""

    def __init__(self, code: ProblemCode, field: MeetingField = "", **slots: object) -> None:
        super().__init__(code)
        self.problem = MeetingProblem(code, field, slots)


def seen(text: str) -> str:
    """What was read, short enough for a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= _SEEN_MAX else f"{line[:_SEEN_MAX]}…"


@contextmanager
def about(field: MeetingField) -> Iterator[None]:
    """Name the field of a problem that is raised inside."""
    try:
        yield
    except BadMeeting as bad:
        raise BadMeeting(bad.problem.code, field, **bad.problem.slots) from None
