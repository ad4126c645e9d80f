"""A meeting planned in a chat, on the page, by a table or by the command is the same meeting."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.cli.meeting_options import described
from bot.cli.parser import parser
from bot.coordinators.pages.planning.planning_form import REPEATS, read_form
from bot.meetings import chat_planning
from bot.meetings.calendar.report import Report
from bot.meetings.draft import MeetingDraft
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.problems import BadMeeting
from bot.meetings.typed.meeting_table import read_meetings
from tests.meetings.make import HOME

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
RULES = tuple(chat_planning.REPEATS.values())
"""In the order of the choices of the page."""
Outcome = Meeting | str


@dataclass(frozen=True)
class Planned:
    """What someone has in mind. The times are words, so that they can be wrong too."""

    kind: str = "visit"
    title: str = ""
    day: str = "01-12-2026"
    start: str = "14:00"
    end: str = "16:00"
    host: str = "Oost"
    guest: str = "West"
    repeat: int = 0


def by_table(planned: Planned) -> Outcome:
    row = {
        "soort": "visite" if planned.kind == "visit" else "leergroep",
        "titel": planned.title,
        "datum": planned.day,
        "begin": planned.start,
        "einde": planned.end,
        "team": planned.host,
        "gast_team": planned.guest,
        "herhaling": REPEATS[planned.repeat],
    }
    table = io.StringIO()
    writer = csv.DictWriter(table, list(row), delimiter=";")
    writer.writeheader()
    writer.writerow(row)
    return outcome(read_meetings(table.getvalue().encode()))


def on_the_page(planned: Planned) -> Outcome:
    fields = [
        ("kind", planned.kind),
        ("title", planned.title),
        ("day", planned.day),
        ("start", planned.start),
        ("end", planned.end),
        ("place", ""),
        ("repeat", REPEATS[planned.repeat]),
    ]
    if planned.kind == "visit":
        fields += [("host", planned.host), ("guest", planned.guest)]
    else:
        fields += [("teams", planned.host), ("teams", planned.guest)]
    try:
        return read_form(fields).meeting()
    except BadMeeting as bad:
        return bad.problem.code


def outcome(report: Report) -> Outcome:
    codes = [each.problem.code for each in report.problems]
    found: list[Outcome] = [*report.meetings, *codes]
    assert len(found) == 1
    return found[0]


def by_command(planned: Planned) -> Outcome:
    day = "-".join(reversed(planned.day.split("-")))
    options = parser().parse_args(
        ["meeting", "add", f"--kind={planned.kind}", f"--title={planned.title}",
         f"--start={day}T{planned.start}", f"--end={day}T{planned.end}",
         f"--host={planned.host}", f"--guest={planned.guest}",
         f"--rrule={RULES[planned.repeat]}"]
    )  # fmt: skip
    return tried(lambda: described(options))


def in_the_chat(planned: Planned) -> Outcome:
    names = {"title": planned.title, "host": planned.host, "guest": planned.guest}
    asked = {"kind": planned.kind, **names}
    text = f"{planned.day} {planned.start}-{planned.end}"
    again = list(chat_planning.REPEATS)[planned.repeat]

    def plan() -> Meeting:
        known = chat_planning.with_times(asked, text, NOW, HOME)
        return chat_planning.draft_of({**known, "repeat": again}, HOME).checked()

    return tried(plan)


def tried(plan: Callable[[], Meeting]) -> Outcome:
    try:
        return plan()
    except BadMeeting as bad:
        return str(bad.problem.code)


def same(one: Outcome) -> Outcome:
    """Without the uid: the command makes a new meeting every time."""
    return one if isinstance(one, str) else replace(one, uid="")


DAYS = st.dates(date(2026, 11, 26), date(2101, 1, 1)).map("{:%d-%m-%Y}".format)
CLOCKS = st.times().map("{:%H:%M}".format)
NAMES = st.sampled_from(
    ["", "Oost", "Team  West", "Jeugd", "Visite", "Visite: Oost ← West", "van West bij Oost",
     "Leergroep Schulden", "a\x07b", "x" * 250]
)  # fmt: skip
PLANNED = st.builds(
    Planned,
    kind=st.sampled_from(["visit", "learning_group"]),
    title=NAMES,
    day=st.one_of(DAYS, st.sampled_from(["28-03-2027", "31-10-2027"])),
    start=CLOCKS,
    end=CLOCKS,
    host=NAMES,
    guest=NAMES,
    repeat=st.integers(0, 3),
)


@given(PLANNED)
@example(Planned(day="28-03-2027", start="02:30", end="04:00"))
@example(Planned(day="31-02-2027"))
@example(Planned(day="01-12-2150"))
@example(Planned(host="", guest=""))
@example(Planned(kind="learning_group", host="", guest=""))
def test_the_same_meeting_or_the_same_problem_comes_of_all_four_ways(planned: Planned) -> None:
    expected = same(by_table(planned))
    assert same(on_the_page(planned)) == expected
    if planned.start < planned.end:  # else it may be on the next day, but for the command
        assert same(by_command(planned)) == expected
        assert same(in_the_chat(planned)) == expected


@pytest.mark.parametrize(
    ("planned", "code"),
    [
        (Planned(day="31-02-2027"), "no_such_date"),
        (Planned(day="01-12-2150"), "another_age"),
        (Planned(day="28-03-2027", start="02:30", end="04:00"), "time_skipped"),
        (Planned(day="gisteren"), "date_unreadable"),
        (Planned(host="", guest=""), "no_team"),
    ],
)
def test_a_problem_has_the_same_code_in_all_four_ways(planned: Planned, code: str) -> None:
    ways = (by_table, on_the_page, by_command, in_the_chat)
    assert [way(planned) for way in ways] == [code] * 4


def test_a_page_a_table_and_a_chat_give_a_meeting_the_uid_that_it_always_had() -> None:
    ways = (by_table, on_the_page, in_the_chat)
    uids = {made.uid for made in (way(Planned()) for way in ways) if isinstance(made, Meeting)}
    assert uids == {"3e1267a5cce664690f715cbc@csv"}


def code_of(draft: MeetingDraft) -> Outcome:
    return tried(draft.checked)


START, END = map(datetime.fromisoformat, ("2026-12-01T14:00", "2026-12-01T16:00"))
GOOD = MeetingDraft("visit", start=START, end=END, host="Oost")


def test_what_only_some_ways_can_say_is_checked_for_all() -> None:
    assert code_of(replace(GOOD, start=None)) == "no_start"
    assert code_of(replace(GOOD, start=START.date())) == "no_time"
    assert code_of(replace(GOOD, end=START)) == "ends_before"
    assert code_of(replace(GOOD, end=END + timedelta(days=40))) == "too_long"
    assert code_of(replace(GOOD, kind="feest")) == "kind_unknown"
    assert code_of(replace(GOOD, kind="")) == "kind_unclear"
    assert code_of(replace(GOOD, rrule="FREQ=HOURLY")) == "rule_within_a_day"
    assert [code_of(replace(GOOD, delay=delay)) for delay in (-1, 20161)] == ["delay_wrong"] * 2
    for zone in ("", "Europe", "../../etc/passwd", "Nergens/Huizen", "\0"):
        assert code_of(replace(GOOD, tz=zone)) == "zone_unknown"


def test_a_time_with_a_zone_of_its_own_is_that_moment() -> None:
    sydney = ZoneInfo("Australia/Sydney")
    start = datetime(2026, 12, 1, 14, tzinfo=UTC)
    made = replace(GOOD, start=start, end=datetime(2026, 12, 2, 3, tzinfo=sydney)).checked()
    assert (made.start, made.end) == (start, datetime(2026, 12, 1, 16, tzinfo=UTC))


def test_what_is_being_planned_in_the_chat_of_the_version_before_is_read() -> None:
    stored = (
        '{"kind": "visit", "host": "Oost", "guest": "West", "repeat": "weekly",'
        ' "start": "2026-12-01T13:00:00+00:00", "end": "2026-12-01T15:00:00+00:00"}'
    )
    made = chat_planning.draft_of(json.loads(stored), HOME).checked()
    assert same(made) == same(by_table(Planned(repeat=1)))


def test_a_day_alone_is_a_whole_day() -> None:
    made = replace(GOOD, start=START.date(), end=None).checked()
    assert (made.all_day, made.end - made.start) == (True, timedelta(days=1))
    assert made.local(made.start).time() == time()
