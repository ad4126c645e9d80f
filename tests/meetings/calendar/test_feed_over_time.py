"""A feed that is read again and again: what its people hear, and who they stay with."""

from __future__ import annotations

import pytest

from tests.meetings.calendar.world import World, calendar, event

ONE = event("20261006T140000", "20261006T160000", uid="1", title="Leergroep Een")
TWO = event("20261008T140000", "20261008T160000", uid="2", title="Leergroep Twee")
THREE = event("20261012T140000", "20261012T160000", uid="3", title="Leergroep Drie")
FOUR = event("20261014T140000", "20261014T160000", uid="4", title="Leergroep Vier")
EMPTY = calendar()
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4"


def heard(world: World) -> list[str]:
    return [news.kind for _, news in world.news]


@pytest.mark.parametrize("number", range(1, 5))
def test_a_feed_that_is_empty_for_once_is_not_believed_however_little_it_held(number: int) -> None:
    whole = calendar(*(ONE, TWO, THREE, FOUR)[:number])
    world = World().read(whole, EMPTY)
    assert world.changes.doubted == number
    world.read(whole)
    assert heard(world) == []
    assert all(one.noted == "" for one in world.known)


def test_what_stays_away_is_off_the_second_time() -> None:
    world = World().read(calendar(ONE, TWO), EMPTY, EMPTY)
    assert heard(world) == ["cancelled", "cancelled"]
    assert world.asks() == []


def test_one_of_three_that_is_deleted_is_off_at_once() -> None:
    world = World().read(calendar(ONE, TWO, THREE), calendar(ONE, THREE))
    assert heard(world) == ["cancelled"]


def test_with_another_feed_it_may_have_moved_there_until_both_were_read() -> None:
    world = World().read(calendar(ONE, TWO, THREE))
    world.read(calendar(ONE, THREE), others=True)
    assert heard(world) == []
    world.read(calendar(ONE, THREE), others=True)
    assert heard(world) == ["cancelled"]


def test_a_calendar_without_numbers_goes_on_changing_what_was_changed_here() -> None:
    world = World().read(calendar(ONE))
    start = world.known[0].start.replace(hour=13)
    world.change(0, start=start, end=start.replace(hour=15), state="moved")
    world.read(calendar(ONE))
    assert world.listed() == ["Een 10-06 15:00 moved"]
    later = event("20261008T100000", "20261008T120000", uid="1", title="Leergroep Een")
    world.read(calendar(later))
    assert world.listed() == ["Een 10-08 10:00 moved"]
    assert [one.title for one in world.changes.overruled] == ["Een"]
    assert world.known[0].noted == "overruled"


def test_what_is_changed_here_stays_when_the_calendar_changes_something_else() -> None:
    world = World().read(calendar(ONE))
    world.change(0, state="cancelled")
    renamed = event("20261006T140000", "20261006T160000", uid="1", title="Leergroep Nieuw")
    world.read(calendar(renamed))
    assert world.listed() == ["Nieuw 10-06 14:00 cancelled"]
    assert world.changes.overruled == ()


def test_what_is_called_off_here_is_on_again_with_a_newer_version_only() -> None:
    world = World().read(calendar(ONE))
    world.change(0, state="cancelled")
    world.read(calendar(ONE))
    assert world.listed() == ["Een 10-06 14:00 cancelled"]
    world.read(calendar(ONE + "\nSEQUENCE:2"))
    assert world.listed() == ["Een 10-06 14:00 planned"]


SERIES = event("20261006T140000", "20261006T160000", WEEKLY, uid="abc@google.com")
BEFORE = event(
    "20261006T140000",
    "20261006T160000",
    "RRULE:FREQ=WEEKLY;UNTIL=20261012T215959Z",
    uid="abc@google.com",
)


@pytest.mark.parametrize(
    ("uid", "title"),
    [
        ("abc_R20261013T120000@google.com", "Leergroep Schulden"),
        ("abc_R20261013@google.com", "Leergroep Schulden, nieuwe opzet"),
        ("b1d2-77", "Leergroep Schulden"),
        ("b1d2-77", "Leergroep Geldzorgen"),
    ],
)
def test_a_series_that_is_cut_in_two_stays_one_with_its_people(uid: str, title: str) -> None:
    rest = event(
        "20261013T100000", "20261013T120000", "RRULE:FREQ=WEEKLY;COUNT=3", uid=uid, title=title
    )
    world = World().read(calendar(SERIES), calendar(BEFORE, rest))
    assert len(world.known) == 1
    assert world.asks() == ["10-06 18:00", "10-13 14:00", "10-20 14:00", "10-27 14:00"]
    assert heard(world) == ["moved"]
    world.read(calendar(BEFORE, rest))
    assert heard(world) == ["moved"]
    moved = rest.replace("T100000", "T110000").replace("T120000", "T130000", 1)
    world.read(
        calendar(
            BEFORE,
            moved.replace(
                "DTEND;TZID=Europe/Amsterdam:20261013T120000",
                "DTEND;TZID=Europe/Amsterdam:20261013T130000",
            ),
        )
    )
    assert world.asks()[1:] == ["10-13 15:00", "10-20 15:00", "10-27 15:00"]
    assert len(world.known) == 1


def test_a_series_that_is_cut_without_another_hour_is_no_news() -> None:
    rest = event("20261013T140000", "20261013T160000", "RRULE:FREQ=WEEKLY;COUNT=3", uid="x")
    world = World().read(calendar(SERIES), calendar(BEFORE, rest))
    assert heard(world) == []
    assert world.asks() == ["10-06 18:00", "10-13 18:00", "10-20 18:00", "10-27 18:00"]


def test_a_meeting_with_another_name_and_title_at_the_same_time_is_the_same() -> None:
    renamed = event("20261006T140000", "20261006T160000", uid="9", title="Leergroep Anders")
    world = World().read(calendar(ONE, TWO, THREE), calendar(renamed, TWO, THREE))
    assert (len(world.known), heard(world)) == (3, [])
    assert world.listed()[0] == "Anders 10-06 14:00 planned"


def test_a_meeting_that_was_made_anew_on_another_day_has_moved() -> None:
    anew = event("20261007T100000", "20261007T120000", uid="9", title="Leergroep Een")
    world = World().read(calendar(ONE, TWO, THREE), calendar(anew, TWO, THREE))
    assert (len(world.known), heard(world)) == (3, ["moved_to"])


def test_what_may_be_something_new_is_asked_about_and_not_called_off() -> None:
    new = [
        event("20261110T100000", "20261110T120000", uid=f"n{day}", title="Leergroep Een").replace(
            "20261110", f"202611{day}"
        )
        for day in (10, 17)
    ]
    world = World().read(calendar(ONE, TWO, THREE), calendar(*new, TWO, THREE))
    assert [one.title for one in world.changes.asked] == ["Een"]
    assert heard(world) == []
    world.read(calendar(*new, TWO, THREE))
    assert heard(world) == []
    assert world.known[0].noted == "asked"


def test_a_series_that_is_listed_day_by_day_keeps_its_people() -> None:
    days = [
        event(f"202610{day}T140000", f"202610{day}T160000", uid=f"abc_202610{day}@google.com")
        for day in ("06", "13", "27")
    ]
    days[1] = days[1].replace("T140000", "T150000").replace("T160000", "T170000")
    world = World().read(calendar(SERIES), calendar(*days))
    assert (len(world.known), heard(world)) == (1, ["day_moved"])
    assert world.asks() == ["10-06 18:00", "10-13 19:00", "10-20 18:00", "10-27 18:00"]
    world.read(calendar(SERIES))
    assert len(world.known) == 1


def test_a_calendar_with_other_names_every_time_changes_nothing() -> None:
    world = World()
    for number in range(4):
        world.read(calendar(ONE.replace("UID:1", f"UID:x{number}"), TWO))
    assert (len(world.known), heard(world)) == (2, [])


def test_what_was_over_more_than_a_year_ago_is_not_taken_over() -> None:
    old = event("20250901T140000", "20250901T160000", uid="old")
    lately = event("20260901T140000", "20260901T160000", uid="lately")
    world = World().read(calendar(old, lately, ONE))
    assert [one.uid for one in world.known] == ["lately", "1"]
    assert world.changes.past == 1


def test_two_groups_of_other_teams_at_one_time_stay_two() -> None:
    oost, zuid = (
        event(uid=team, title="Leergroep Schulden") + f"\nX-VERTELBOT-TEAM:{team}"
        for team in ("Oost", "Zuid")
    )
    world = World().take(calendar(oost), calendar(zuid))
    assert [one.teams for one in world.known] == [("Oost",), ("Zuid",)]


def test_a_copy_in_another_calendar_is_the_same_meeting() -> None:
    world = World().read(calendar(ONE)).take(calendar(ONE.replace("UID:1", "UID:copy")))
    assert [one.uids for one in world.known] == [("1", "copy")]
    world.read(calendar(ONE))
    assert heard(world) == []
