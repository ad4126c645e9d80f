"""Further habits of programs and people, by kind, each with what a careful reader makes of it."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from bot.meetings.calendar.ics_times import plain_times
from bot.meetings.calendar.time_zones import zone_called
from bot.meetings.typed.meeting_table import is_table
from tests.meetings.calendar.world import World, calendar, event

BEGIN = "DTSTART;TZID=Europe/Amsterdam:20261006T140000\n"
SERIES = calendar(event("20261006T140000", "20261006T160000", "RRULE:FREQ=WEEKLY;COUNT=3"))
THRICE = ["10-06 18:00", "10-13 18:00", "10-20 18:00"]
WITHOUT_SECOND = ["10-06 18:00", "10-20 18:00"]


def written(lines: str) -> bytes:
    return calendar(f"UID:a1@probe\nDTSTAMP:20260901T080000Z\nSUMMARY:Leergroep Schulden\n{lines}")


def message(method: str, lines: str) -> bytes:
    return calendar(f"UID:a1@probe\nDTSTAMP:20260902T080000Z\n{lines}", before=f"METHOD:{method}\n")


def day(number: int, *more: str) -> bytes:
    """An invitation to one day of a series."""
    at = f"RECURRENCE-ID;TZID=Europe/Amsterdam:202610{number}T140000"
    return calendar(
        event(f"202610{number}T140000", f"202610{number}T160000", at, *more),
        before="METHOD:REQUEST\n",
    )


HERE = ("W. Europe", "Westeuropäische Zeit", "'Europe/Amsterdam'", "Netherlands Time", "MEST",
        "CEDT", "Amsterdam Standard Time", "Heure d’Europe centrale", "CET-1CEST",
        "CET-1CEST,M3.5.0,M10.5.0/3", "Midden-Europa (standaardtijd)", "Romance (zomertijd)",
        "GMT +0100 (Standard) / GMT +0200 (Daylight)", "Central Europe",
        "Amsterdam Tijd")  # fmt: skip


@pytest.mark.parametrize("name", HERE)
def test_the_stem_of_a_zone_is_enough(name: str) -> None:
    data = calendar(event(zone=f';TZID="{name}"'))
    assert World().take(data).listed() == ["Schulden 10-06 14:00 planned"]


def test_the_stem_of_another_zone_stays_another_zone() -> None:
    found = {name: zone_called(name) for name in ("GMT (standaardtijd)", "Tokyo Time")}
    assert list(found.values()) == ["Europe/London", "Asia/Tokyo"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("20261006t140000", "20261006T140000"), (" 20261006T140000 ", "20261006T140000"),
        ("2026-10-06T14:00:00", "20261006T140000"), ("20261006T1400", "20261006T140000"),
        ("20261006T140000+0200", "20261006T120000Z"), ("20261006T235960Z", "20261006T235959Z"),
        ("2026-10-06T14:00:00.000Z", "20261006T140000Z"), ("20261006T240000", "20261007T000000"),
        ("2026-10-06", "20261006"), ("20261006T140000Z/pt3h", "20261006T140000Z/PT3H"),
        ("20261006, 20261013", "20261006,20261013"), ("20261306T140000", "20261306T140000"),
        ("20261006T250000", "20261006T250000"), ("volgende week", "VOLGENDE WEEK"),
    ],
)  # fmt: skip
def test_a_time_is_read_where_it_can_mean_one_thing(typed: str, meant: str) -> None:
    assert plain_times(typed) == meant


RULES = {
    "FREQ=WEEKLY;COUNT=3;BYHOUR=14;BYMINUTE=0;BYSECOND=0": THRICE,
    "FREQ=WEEKLY;COUNT=3;BYDAY=": THRICE,
    "FREQ=WEEKLY; COUNT=3": THRICE,
    "RRULE:FREQ=WEEKLY;COUNT=3": THRICE,
    "FREQ=WEEKLY;COUNT=3;X-EVOLUTION-ENDDATE=20261020T120000Z": THRICE,
    "RSCALE=GREGORIAN;FREQ=WEEKLY;SKIP=OMIT;COUNT=3": THRICE,
    "FREQ=WEEKLY;INTERVAL=0;COUNT=3": THRICE,
    "FREQ=WEEKLY;COUNT=3\nEXRULE:FREQ=WEEKLY;INTERVAL=2": ["10-13 18:00"],
    "FREQ=WEEKLY;COUNT=3\nEXRULE:FREQ=WEEKLY;UNTIL=20261007": ["10-13 18:00", "10-20 18:00"],
    "FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=Europe/Amsterdam:20261013T000000": WITHOUT_SECOND,
    "FREQ=WEEKLY;COUNT=3\nEXDATE:20261012T220000Z": WITHOUT_SECOND,
    "FREQ=WEEKLY;COUNT=3\nEXDATE:20261013T160000": WITHOUT_SECOND,
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_followed_as_far_as_it_is_clear(rule: str) -> None:
    world = World().take(written(f"{BEGIN}DURATION:PT2H\nRRULE:{rule}"))
    assert (world.asks(), world.problems()) == (RULES[rule], [])


@pytest.mark.parametrize(
    "rule", ["FREQ=WEEKLY;BYHOUR=9,14;COUNT=3", "FREQ=HOURLY", "FREQ=MONTHLY;RSCALE=CHINESE",
             "FREQ=MONTHLY;BYMONTHDAY=31;RSCALE=GREGORIAN;SKIP=BACKWARD", "COUNT=3"],
)  # fmt: skip
def test_a_rule_that_means_something_else_is_refused(rule: str) -> None:
    world = World().take(written(f"{BEGIN}DURATION:PT2H\nRRULE:{rule}"))
    assert (world.known, len(world.problems())) == ([], 1)


CALLED_OFF = ("GEANNULEERD - {}", "Re: Geannuleerd: {}", "FW: Canceled: {}", "ANNULERING: {}",
              "Afzegging - {}", "{} gaat niet door", "{} gaat helaas niet door!", "{} geannuleerd",
              "{} is afgezegd.", "{} is helaas vervallen", "Geannuleerd: Geannuleerd: {}", "❌ {}",
              "Gecancelled: {}", "NIET DOOR: {}", "Geannuleerde gebeurtenis: {}", "Afgelast! {}",
              "{} - gaat niet door", "{} (gaat niet door!)")  # fmt: skip


@pytest.mark.parametrize("title", CALLED_OFF)
def test_a_title_that_calls_off_is_heard(title: str) -> None:
    data = calendar(event(title=title.format("Leergroep Schulden")))
    assert World().take(calendar(event()), data).listed() == ["Schulden 10-06 14:00 cancelled"]


@pytest.mark.parametrize(
    "about", ["Als de afspraak is afgezegd", "Wat is geannuleerd", "Annulering van zorg",
              "Uitkering vervalt", "Bezoek dat is afgezegd", "afgezegde afspraken",
              "Afzegging door inwoners", "Wie is er niet", "Hoe zeg je af?", "Schulden gaat door",
              "De hulp was afgezegd"],
)  # fmt: skip
def test_a_title_about_it_is_a_title(about: str) -> None:
    assert World().take(calendar(event(title=f"Leergroep {about}"))).known[0].state == "planned"


def test_who_was_invited_to_days_alone_hears_what_becomes_of_them() -> None:
    thirteenth, twentieth = day(13), day(20)
    off = message("CANCEL", "RECURRENCE-ID:20261020T120000Z\nSEQUENCE:1")
    assert World().take(thirteenth, twentieth, off).asks() == ["10-13 18:00"]
    whole = message("CANCEL", "SEQUENCE:1")
    assert World().take(thirteenth, twentieth, whole).asks() == []
    full = message("CANCEL", "SEQUENCE:1\nSUMMARY:Leergroep Schulden\n" + BEGIN)
    world = World().take(thirteenth, twentieth, full)
    assert (world.asks(), len(world.known)) == ([], 2)


def test_a_day_that_was_moved_is_still_that_day() -> None:
    at = "RECURRENCE-ID;TZID=Europe/Amsterdam:20261013T140000"
    moved = calendar(
        event("20261014T140000", "20261014T160000", at, "SEQUENCE:1", "DTSTAMP:20260903T080000Z"),
        before="METHOD:REQUEST\n",
    )
    off = message("CANCEL", "DTSTAMP:20260904T080000Z\nRECURRENCE-ID:20261013T120000Z\nSEQUENCE:2")
    assert World().take(day(13), moved).asks() == ["10-14 18:00"]
    assert World().take(day(13), moved, off).asks() == []


@pytest.mark.parametrize("start", ["", "DTSTART;TZID=Europe/Amsterdam:20261013T140000\n"])
def test_a_day_that_is_called_off_before_its_series_is_known_stays_off(start: str) -> None:
    at = "RECURRENCE-ID;TZID=Europe/Amsterdam:20261013T140000"
    off = message("CANCEL", f"SUMMARY:Leergroep Schulden\n{start}{at}\nSEQUENCE:1")
    world = World().take(off, SERIES)
    assert (world.asks(), len(world.known)) == (WITHOUT_SECOND, 1)


def archive(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, data in files.items():
            packed.writestr(name.replace("_", "."), data)
    return made.getvalue()


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(SERIES),
        archive(lees_txt=b"x", agenda_ics=SERIES),
        SERIES.decode().encode("utf-16"),
        SERIES.decode().encode("utf-16-le"),
        b"Content-Type: text/calendar\r\n\r\n" + SERIES,
        SERIES.replace(b"\r\n", b"\r\r\n"),
    ],
    ids=["gzip", "archive", "utf-16", "no mark", "mail", "line ends"],
)
def test_a_calendar_is_read_however_it_is_packed(packed: bytes) -> None:
    assert not is_table("agenda.ics", packed)
    assert World().take(packed).asks() == THRICE


def test_calendars_of_one_archive_stay_apart_and_a_broken_one_is_said() -> None:
    other = calendar("UID:a1@probe\nSEQUENCE:9", before="METHOD:CANCEL\nX-WR-TIMEZONE:Asia/Tokyo\n")
    both = archive(b_ics=calendar(event(uid="b", zone=""), before=""), a_ics=SERIES, c_ics=other)
    world = World().take(both)
    assert "Schulden 10-06 14:00 planned" in world.listed()
    whole = archive(agenda_ics=SERIES)
    for broken in (whole[:90], gzip.compress(SERIES)[:40], archive(x_txt=b"")):
        assert World().take(broken).problems() == ["no_calendar"]
