"""What a calendar that is read again changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.meetings.calendar.changes.diff import FeedRead, diff
from bot.meetings.calendar.ics_reader import read_calendar
from bot.meetings.calendar.report import ImportProblem, Report
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.problems import MeetingProblem
from tests.meetings.calendar.feeds import feed
from tests.meetings.make import at, meeting

NOW = at("2026-11-20 12:00")
KNOWN = meeting(id="m1", code="K7MF-3QX", sequence=1)


def read(
    *meetings: Meeting, complete: bool = True, problems: tuple[ImportProblem, ...] = ()
) -> Report:
    return Report(meetings, problems, complete=complete)


def of(*meetings: Meeting) -> FeedRead:
    """The feed that holds these."""
    return FeedRead(frozenset(one.uid for one in meetings))


def fresh(known: Meeting, **changes: object) -> Meeting:
    """The meeting as a calendar gives it: without what is ours."""
    return replace(known, **{"id": "", "code": "", "state": "planned", **changes})  # type: ignore[arg-type]  # a table of changes


def test_a_calendar_read_twice_changes_nothing() -> None:
    for name in ("outlook", "google", "nextcloud"):
        report = read_calendar(feed(name))
        first = diff([], report, NOW, feed=FeedRead())
        assert first.added == report.meetings
        again = diff(first.added, report, NOW, feed=of(*first.added))
        assert (again.added, again.changed, again.cancelled) == ((), (), ())
        assert len(again.unchanged) == len(report.meetings)


def test_a_new_time_moves_a_meeting_and_it_stays_moved() -> None:
    later = KNOWN.start + timedelta(days=1)
    moved = fresh(KNOWN, sequence=2, start=later, end=later + timedelta(hours=1))
    (change,) = diff([KNOWN], read(moved), NOW).changed
    assert change.before == KNOWN
    assert (change.after.id, change.after.code) == ("m1", "K7MF-3QX")
    assert (change.after.state, change.after.start) == ("moved", later)
    assert diff([change.after], read(moved), NOW).unchanged == (change.after,)


def test_another_title_is_a_change_but_no_move() -> None:
    (change,) = diff([KNOWN], read(fresh(KNOWN, title="Nieuw")), NOW).changed
    assert (change.after.title, change.after.state) == ("Nieuw", "planned")


def test_an_older_sequence_changes_nothing() -> None:
    old = fresh(KNOWN, sequence=0, title="Oud")
    assert diff([KNOWN], read(old), NOW).unchanged == (KNOWN,)


def test_what_only_we_know_stays_with_the_meeting() -> None:
    known = replace(KNOWN, kind="visit", host_team="Noord", teams=("Zuid",), delay=15)
    bare = fresh(KNOWN, kind="visit")
    assert diff([known], read(bare), NOW).unchanged == (known,)


def test_a_cancelled_meeting_is_cancelled_and_can_be_planned_again() -> None:
    (change,) = diff([KNOWN], read(fresh(KNOWN, state="cancelled")), NOW).cancelled
    assert change.after.state == "cancelled"
    (back,) = diff([change.after], read(fresh(KNOWN)), NOW).changed
    assert back.after.state == "planned"


def test_a_meeting_that_left_the_feed_is_cancelled_while_it_lies_ahead() -> None:
    past = meeting("2026-11-10 14:00", uid="past", id="m2")
    other = meeting("2026-12-10 14:00", uid="other", id="m3", title="Wonen")
    changes = diff([KNOWN, past, other], read(other), NOW, feed=of(KNOWN, past, other))
    assert [change.before for change in changes.cancelled] == [KNOWN]
    assert changes.unchanged == (past, other)


def test_a_file_cancels_nothing_by_leaving_it_out() -> None:
    assert diff([KNOWN], read(), NOW).unchanged == (KNOWN,)


def test_a_feed_that_broke_off_or_has_a_bad_event_cancels_nothing_it_does_not_say() -> None:
    assert diff([KNOWN], read(complete=False), NOW, feed=of(KNOWN)).unchanged == (KNOWN,)
    bad = ImportProblem(12, KNOWN.uid, MeetingProblem("event_without_start"))
    assert diff([KNOWN], read(problems=(bad,)), NOW, feed=of(KNOWN)).unchanged == (KNOWN,)


def series_of(number: int) -> list[Meeting]:
    days = range(24, 24 + number)
    return [meeting(f"2026-11-{day} 14:00", uid=f"u{day}", id=f"m{day}") for day in days]


def test_a_feed_that_gives_other_uids_every_time_changes_nothing_but_those() -> None:
    known = series_of(3)
    renamed = [fresh(one, uid=f"new {one.uid}", sequence=0) for one in known]
    changes = diff(known, read(*renamed), NOW, feed=of(*known))
    assert (changes.added, changes.cancelled) == ((), ())
    assert [change.after.id for change in changes.changed] == ["m24", "m25", "m26"]
    assert [change.after.uid for change in changes.changed] == [one.uid for one in renamed]


def test_a_feed_that_is_suddenly_empty_is_believed_the_second_time() -> None:
    known = series_of(4)
    first = diff(known, read(known[0]), NOW, feed=of(*known))
    assert (first.cancelled, first.doubted) == ((), 3)
    assert len(first.unchanged) == 4
    left = [known[0], *(change.after for change in first.quiet)]
    again = diff(left, read(known[0]), NOW, feed=of(*left))
    assert [change.after.id for change in again.cancelled] == [one.id for one in known[1:]]
    assert again.doubted == 0


def test_a_feed_that_loses_the_smaller_part_is_believed_at_once() -> None:
    known = series_of(7)
    changes = diff(known, read(*known[3:]), NOW, feed=of(*known))
    assert len(changes.cancelled) == 3
