"""What holds for every calendar of a kind, whatever else is in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.header import Header
from itertools import permutations
from quopri import encodestring
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from icalendar import Timezone

from bot.meetings.calendar.fetch import FeedError, clean_address
from bot.meetings.calendar.ics_reader import read_calendar
from bot.meetings.calendar.time_zones import zone_called
from bot.meetings.model.meeting import Meeting, Occurrence
from bot.meetings.model.series import occurrences
from tests.meetings.calendar.world import World, calendar, event

few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4"
SERIES = calendar(event("20261006T140000", "20261006T160000", WEEKLY), before="METHOD:REQUEST\n")
OFF = calendar("UID:a1@probe\nSEQUENCE:1\nRECURRENCE-ID:20261013T120000Z", before="METHOD:CANCEL\n")
MOVED = calendar(
    event("20261021T100000", "20261021T120000", "SEQUENCE:1", "RECURRENCE-ID:20261020T120000Z"),
    before="METHOD:REQUEST\n",
)
LETTERS = st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F)
WORDS = st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=12)
ZONES = ("Europe/Amsterdam", "Europe/London", "America/New_York", "Asia/Kolkata", "Africa/Cairo",
         "Australia/Sydney", "America/Sao_Paulo", "Pacific/Chatham")  # fmt: skip


@few
@given(st.sampled_from(ZONES), WORDS, st.integers(0, 2 * 365 * 24 * 4))
def test_a_zone_that_a_file_explains_rules_whatever_it_is_called(
    zone: str, name: str, quarters: int
) -> None:
    local = datetime.fromisoformat("2026-01-01T00:00") + timedelta(minutes=15 * quarters)
    explained = Timezone.from_tzid(zone, first_date=date(2025, 1, 1), last_date=date(2030, 1, 1))
    explained["TZID"] = name
    text = explained.to_ical().decode().replace("\r\n", "\n")
    begins = f"{local:%Y%m%dT%H%M%S}"
    data = calendar(event(begins, begins, zone=f";TZID={name}"), before=text)
    (one,) = read_calendar(data).meetings
    meant = local.replace(tzinfo=ZoneInfo(zone))
    skipped = meant.utcoffset() != meant.replace(fold=1).utcoffset()
    assert skipped or one.start == meant.astimezone(UTC)


@pytest.mark.parametrize(
    "name",
    [
        "W. Europe Standard Time", "W. Europe Standard Time 1", "W. Europe Daylight Time",
        "Romance Standard Time 2", "West-Europa (standaardtijd)", "West-Europa (zomertijd)",
        "Europe/Amsterdam-1", "europe/amsterdam", "/mozilla.org/20050126_1/Europe/Amsterdam",
        "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Amsterdam, Berlin",
        "(GMT+01:00) Brussels, Copenhagen, Madrid, Paris", "Central European Time", "CET", "CEST",
        "Midden-Europese tijd", "Mitteleuropäische Zeit", "tzone://Microsoft/Europe/Amsterdam",
    ],
)  # fmt: skip
def test_a_name_for_the_time_here_is_known_without_an_explanation(name: str) -> None:
    winter, summer = (datetime.fromisoformat(f"2026-{day}T14:00") for day in ("01-06", "07-06"))
    found, home = ZoneInfo(zone_called(name)), ZoneInfo("Europe/Amsterdam")
    for moment in (winter, summer):
        assert moment.replace(tzinfo=found).utcoffset() == moment.replace(tzinfo=home).utcoffset()


@pytest.mark.parametrize("name", ["Midden-Aarde", "(no TZ description)", "Customized Time Zone"])
def test_a_name_that_is_none_is_not_guessed(name: str) -> None:
    assert zone_called(name) == ""


@pytest.mark.parametrize("order", list(permutations((SERIES, OFF, MOVED))))
def test_messages_about_days_reach_their_series_in_any_order(order: tuple[bytes, ...]) -> None:
    first = World().take(*order)
    if (order[0] != OFF and order[1] != OFF) or order.index(SERIES) < order.index(OFF):
        assert first.asks() == ["10-06 18:00", "10-21 14:00", "10-27 18:00"]
        assert len(first.known) == 1
    else:  # a day without a beginning of its own, of a series nobody knows yet
        assert first.asks() == ["10-06 18:00", "10-13 18:00", "10-21 14:00", "10-27 18:00"]


@few
@given(
    st.sampled_from(["REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER"]),
    WORDS,
    st.integers(0, 9),
    st.booleans(),
)
def test_what_guests_and_their_calendars_answer_changes_nothing(
    method: str, title: str, sequence: int, off: bool
) -> None:
    world = World().take(SERIES)
    before, status = world.listed(), "CANCELLED" if off else "CONFIRMED"
    answer = event(
        "20261007T090000", "20261007T100000", f"SEQUENCE:{sequence}", f"STATUS:{status}",
        title=title,
    )  # fmt: skip
    world.take(calendar(answer, before=f"METHOD:{method}\n"))
    assert (world.listed(), len(world.asks())) == (before, 4)
    assert len(world.notes()) == 1


@few
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "METHOD:CANCEL\n", "METHOD:REQUEST\n", "METHOD:REPLY\n"]),
            st.sampled_from(["", "X-WR-TIMEZONE:Europe/London\n", "X-WR-TIMEZONE:Asia/Tokyo\n"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_each_calendar_of_a_file_is_read_as_if_it_were_alone(parts: list[tuple[str, str]]) -> None:
    files = [
        calendar(event(uid=f"u{number}", zone=""), before="".join(part))
        for number, part in enumerate(parts)
    ]
    together = read_calendar(b"".join(files))
    apart = [read_calendar(each) for each in files]
    assert together.meetings == tuple(one for each in apart for one in each.meetings)
    assert len(together.notes) == sum(len(each.notes) for each in apart)


@few
@given(
    st.sampled_from(["DTSTART", "DTEND", "RRULE", "EXDATE", "DURATION", "RECURRENCE-ID", "RDATE"]),
    WORDS,
)
def test_what_is_not_ours_is_never_judged(prop: str, junk: str) -> None:
    strange = f"UID:x\nSUMMARY:Overleg\nDTSTART:16041215T100000Z\n{prop}:{junk}"
    report = read_calendar(calendar(strange, event()))
    assert ([one.uid for one in report.meetings], report.problems) == (["a1@probe"], ())
    assert (report.ignored, report.notes[0].problem.slots) == (1, {"n": 1})


@pytest.mark.parametrize(
    "prop",
    ["EXDATE;VALUE=DATE", "RDATE", "RRULE", "DURATION", "SEQUENCE", "STATUS", "LOCATION",
     "CATEGORIES", "LAST-MODIFIED", "RECURRENCE-ID", "X-VERTELBOT-DELAY", "DESCRIPTION"],
)  # fmt: skip
def test_an_empty_property_is_as_good_as_none(prop: str) -> None:
    report = read_calendar(calendar(event("20261006T140000", "20261006T160000", f"{prop}:")))
    assert (report.meetings, report.problems) == (read_calendar(calendar(event())).meetings, ())


@few
@given(st.text(LETTERS, min_size=1, max_size=30))
def test_a_title_in_the_letters_of_mail_is_read(words: str) -> None:
    plain = f"Leergroep {words}"
    coded = Header(plain, "utf-8", maxlinelen=400).encode()
    quoted = encodestring(plain.encode(), quotetabs=True).decode().replace("=\n", "")
    usual = calendar(event(title="X"))
    ways = (
        usual.replace(b"SUMMARY:X", b"SUMMARY:" + coded.replace("\n", "").encode()),
        usual.replace(
            b"SUMMARY:X", b"SUMMARY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + quoted.encode()
        ),
    )
    for data in ways:
        assert [one.title for one in read_calendar(data).meetings] == [words]


@pytest.mark.parametrize(
    "word",
    ["Geannuleerd", "AFGEZEGD", "Canceled", "Cancelled", "Vervalt", "Gaat niet door",
     "Geannuleerde afspraak", "Canceled event"],
)  # fmt: skip
@pytest.mark.parametrize("place", ["{}: {title}", "[{}] {title}", "{title} ({})", "{title} - {}"])
def test_a_word_in_the_title_calls_off_wherever_it_stands(word: str, place: str) -> None:
    title = place.format(word, title="Leergroep Schulden")
    world = World().take(calendar(event()), calendar(event(title=title)))
    assert world.listed() == ["Schulden 10-06 14:00 cancelled"]


@pytest.mark.parametrize(
    "title",
    ["Leergroep Afgezegde bezoeken", "Leergroep: als hulp vervalt", "Leergroep niet afgezegd"],
)
def test_a_title_about_calling_off_calls_nothing_off(title: str) -> None:
    assert World().take(calendar(event(title=title))).known[0].state == "planned"


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;COUNT=1", 1),
        ("FREQ=WEEKLY;UNTIL=20261005T000000Z", 1),
        ("FREQ=WEEKLY;UNTIL=20261006", 1),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20261231T000000Z", 3),
        ("FREQ=WEEKLY;COUNT=30;UNTIL=20261020T235959Z", 3),
        ("FREQ=WEEKLY;COUNT=0;UNTIL=20261013", 2),
        ("FREQ=WEEKLY;COUNT=-1;UNTIL=20261020T235959Z", 3),
        ("FREQ=WEEKLY;COUNT=-1", 6),
        ("FREQ=WEEKLY;COUNT=999", 6),
        ("FREQ=YEARLY;COUNT=50", 1),
        ("FREQ=WEEKLY;COUNT=2;WKST=MO;BYDAY=TU", 2),
    ],
)
def test_a_rule_that_is_irregular_but_clear_is_followed(rule: str, days: int) -> None:
    world = World().take(calendar(event("20261006T140000", "20261006T160000", f"RRULE:{rule}")))
    assert (len(world.asks()), world.problems()) == (days, [])


@pytest.mark.parametrize(
    ("extra", "asks"),
    [
        ("RDATE;VALUE=PERIOD:20261008T080000Z/20261008T090000Z", "10-08 13:00"),
        ("RDATE;VALUE=PERIOD:20261008T080000Z/PT4H", "10-08 16:00"),
        ("RDATE;VALUE=PERIOD;TZID=Europe/Amsterdam:20261008T100000/20261008T110000", "10-08 13:00"),
        ("RDATE;TZID=Europe/Amsterdam:20261008T100000", "10-08 14:00"),
        ("RDATE;VALUE=DATE:20261008", "10-08 18:00"),
    ],
)
def test_an_extra_day_may_have_an_end_of_its_own(extra: str, asks: str) -> None:
    world = World().take(calendar(event("20261006T140000", "20261006T160000", extra)))
    assert world.asks() == ["10-06 18:00", asks]


@pytest.mark.parametrize(
    ("first", "then", "taken"),
    [
        ("SEQUENCE:1", "SEQUENCE:2", True),
        ("SEQUENCE:2", "SEQUENCE:1", False),
        ("", "", True),
        ("DTSTAMP:20260902T080000Z", "DTSTAMP:20260901T080000Z", False),
        ("DTSTAMP:20260901T080000Z", "DTSTAMP:20260902T080000Z", True),
        ("LAST-MODIFIED:20260902T080000Z", "LAST-MODIFIED:20260901T080000Z", False),
        ("LAST-MODIFIED:20260901T080000Z", "LAST-MODIFIED:20260902T080000Z", True),
        ("SEQUENCE:3\nLAST-MODIFIED:20260901T080000Z",
         "SEQUENCE:0\nLAST-MODIFIED:20260902T080000Z", True),
    ],
)  # fmt: skip
def test_what_is_newer_in_a_feed_is_decided_by_all_there_is(
    first: str, then: str, taken: bool
) -> None:
    one = event("20261006T140000", "20261006T160000", *first.split("\n"))
    other = event("20261006T150000", "20261006T170000", *then.split("\n"))
    world = World().read(calendar(one), calendar(other))
    assert world.asks() == (["10-06 19:00"] if taken else ["10-06 18:00"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("<https://agenda.example.nl/x.ics>", "https://agenda.example.nl/x.ics"),
        (' "https://agenda.example.nl/x.ics" ', "https://agenda.example.nl/x.ics"),
        ("agenda.example.nl/x.ics", "https://agenda.example.nl/x.ics"),
        ("webcal://agenda.example.nl/x.ics", "https://agenda.example.nl/x.ics"),
    ],
)
def test_an_address_is_read_as_it_was_copied(typed: str, meant: str) -> None:
    assert clean_address(typed) == meant


def test_what_is_no_address_is_said_to_be_none() -> None:
    with pytest.raises(FeedError, match="not an address"):
        clean_address("mijn agenda")


@few
@given(
    st.sampled_from(
        ["FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TU,TH", "FREQ=MONTHLY",
         "FREQ=MONTHLY;BYDAY=1TU", "FREQ=WEEKLY;INTERVAL=2"]
    ),
    st.sampled_from(["", ";COUNT=9", ";UNTIL=20270330T225959Z"]),
    st.integers(1, 3),
    st.integers(-40, 40),
    st.booleans(),
)  # fmt: skip
def test_from_a_day_on_all_of_a_series_is_earlier_or_later_by_as_much(
    rule: str, end: str, number: int, hours: int, told: bool
) -> None:
    """One hour is kept on the clock, in winter too."""
    whole = event("20261006T140000", "20261006T160000", f"RRULE:{rule}{end}")
    before = World().take(calendar(whole))
    held = [series.local(one.start) for series in before.known for one in _coming(series)]
    at = held[number]
    begins, ends = (at + timedelta(hours=hours + each) for each in (0, 2))
    later = event(
        f"{begins:%Y%m%dT%H%M%S}",
        f"{ends:%Y%m%dT%H%M%S}",
        "SEQUENCE:1",
        f"RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Amsterdam:{at:%Y%m%dT%H%M%S}",
    )
    if told:
        world = before.take(calendar(later, before="METHOD:REQUEST\n"))
    else:
        world = World().take(calendar(whole, later))
    now = sorted(series.local(one.start) for series in world.known for one in _coming(series))
    expected = held[:number] + [one + timedelta(hours=hours) for one in held[number:]]
    assume(len({one.date() for one in expected}) == len(expected))  # a series meets once a day
    assert not world.problems()
    assert not world.notes()
    assert now[: len(held) - 2] == sorted(expected)[: len(held) - 2]
    again = world.take(
        calendar(later, before="METHOD:REQUEST\n") if told else calendar(whole, later)
    )
    assert not again.changes.changed
    assert not again.changes.added


def _coming(series: Meeting) -> tuple[Occurrence, ...]:
    since = datetime(2026, 10, 1, tzinfo=UTC)
    return occurrences(series, since, since + timedelta(days=200))
