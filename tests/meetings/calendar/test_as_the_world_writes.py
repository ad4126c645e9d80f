"""Calendars as programs and people send them: what is known after reading them, and when somebody
who goes to everything is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest

from tests.meetings.calendar.world import World, calendar, event

AMSTERDAM = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10{more}
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
LONDON = (
    AMSTERDAM.replace("+0100", "+0000").replace("+0200", "+0100")
    .replace("T030000", "T020000").replace("DTSTART:16010101T020000\nTZOFFSETFROM:+0000",
    "DTSTART:16010101T010000\nTZOFFSETFROM:+0000")
)  # fmt: skip
FIRST = "Schulden 10-06 14:00 planned"
ONCE = ["10-06 18:00"]
THRICE = ["10-06 18:00", "10-13 18:00", "10-20 18:00"]
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=3"


class Read(NamedTuple):
    """Files, one after another, and what is known then."""

    files: Sequence[bytes]
    listed: Sequence[str] = (FIRST,)
    asks: Sequence[str] = ONCE
    problems: Sequence[str] = ()
    notes: Sequence[str] = ()


def zoned(name: str, explained: str = "", more: str = "") -> list[bytes]:
    plain = name.strip('"')
    before = explained.replace("{name}", plain.replace(",", "\\,")).replace("{more}", more)
    return [calendar(event(zone=f";TZID={name}"), before=before)]


def once(*more: str, title: str = "Leergroep Schulden") -> bytes:
    return calendar(event("20261006T140000", "20261006T160000", *more, title=title))


def spelled(lines: str) -> list[bytes]:
    """An event that is written out, after its UID and title."""
    return [calendar("UID:a1@probe\nSUMMARY:Leergroep Schulden\n" + lines)]


LONG_NAME = '"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"'
ODD_TEXT = (
    "DESCRIPTION:Regel een\nLOCATION: zaal 3 (zie boven)\n\nDTSTART: volgende keer later\n"
    "BEGIN: wij verzamelen om twee uur"
)
BIRTHDAYS = [
    f"UID:b{year}\nSUMMARY:Verjaardag {year}\nDTSTART;VALUE=DATE:{year}1215\nRRULE:FREQ=YEARLY"
    for year in (1604, 1900, 1958)
]
HISTORY = [
    f"UID:o{number}\nSUMMARY:Overleg {number}\n"
    f"DTSTART:2019{number % 12 + 1:02}{number % 28 + 1:02}T100000Z"
    for number in range(2001)
]
DAY_OFF = event(
    "20261013T140000", "20261013T160000",
    "RECURRENCE-ID;TZID=Europe/Amsterdam:20261013T140000", "SEQUENCE:1", "STATUS:CANCELLED",
)  # fmt: skip
CANCEL, REQUEST, REPLY = (f"METHOD:{name}\n" for name in ("CANCEL", "REQUEST", "REPLY"))
SERIES = event("20261006T140000", "20261006T160000", WEEKLY, "SEQUENCE:0")
OFF = (FIRST.replace("planned", "cancelled"),)
OTHER = event(uid="x2", title="Leergroep Wonen")

CASES = {
    # zones
    "a name of Windows": Read(zoned("W. Europe Standard Time")),
    "a name of Windows with a number": Read(zoned("W. Europe Standard Time 1")),
    "another name of Windows": Read(zoned("Romance Standard Time")),
    "a custom name that is explained": Read(zoned('"Customized Time Zone"', AMSTERDAM)),
    "a custom name that is London's clock": Read(
        zoned("Customized Time Zone", LONDON),
        ["Schulden 10-06 15:00 planned"],
        ["10-06 19:00"],
    ),
    "the name that people see": Read(zoned(LONG_NAME, AMSTERDAM)),
    "the name that people see, not explained": Read(zoned(LONG_NAME)),
    "a name that says there is none": Read(zoned("(no TZ description)", AMSTERDAM)),
    "a name of their own with empty dates": Read(
        zoned("Hogeschool Tijd", AMSTERDAM, "\nRDATE:\nRDATE:")
    ),
    "no zone at all": Read([calendar(event(zone=""))]),
    "a calendar that says it is in New York": Read(
        [
            calendar(
                event(zone=""),
                event("20261006T120000Z", "20261006T140000Z", uid="u2", zone=""),
                before="X-WR-TIMEZONE:America/New_York\n",
            )
        ],
        [FIRST, "Schulden 10-06 20:00 planned"],
        ["10-06 18:00", "10-07 08:00"],
    ),
    # dates and rules
    "a day taken out of a series": Read(
        [once(WEEKLY, "EXDATE;VALUE=DATE:20261013")], asks=["10-06 18:00", "10-20 18:00"]
    ),
    "days taken out on lines of their own": Read(
        [
            once(
                "RRULE:FREQ=WEEKLY;COUNT=4",
                "EXDATE;TZID=Europe/Amsterdam:20261013T140000",
                "EXDATE;TZID=Europe/Amsterdam:20261020T140000",
            )
        ],
        asks=["10-06 18:00", "10-27 18:00"],
    ),
    "a series that was cut at its first day": Read(
        [once("RRULE:FREQ=WEEKLY;UNTIL=20261006T115900Z")]
    ),
    "a last day without a time": Read(
        [once("RRULE:FREQ=WEEKLY;UNTIL=20261013")], asks=["10-06 18:00", "10-13 18:00"]
    ),
    "an end, and a number below one": Read(
        [once("RRULE:FREQ=WEEKLY;UNTIL=20261013;COUNT=-1;INTERVAL=1")],
        asks=["10-06 18:00", "10-13 18:00"],
    ),
    "a time without seconds": Read(spelled("DTSTART:20261006T1400\nDTEND:20261006T1600")),
    "a day without saying so": Read(
        spelled("DTSTART:20261006\nDTEND:20261007"),
        ["Schulden 10-06 00:00 planned"],
        ["10-07 08:00"],
    ),
    "an empty extra day": Read([once("RDATE:")]),
    "an empty day that is taken out": Read([once("EXDATE;VALUE=DATE:", 'X-FOO;X-BAR="a:b;c":d')]),
    "a length below nothing": Read(
        spelled("DTSTART:20261006T140000\nDURATION:-PT2H"), [], [], ["event_ends_before"]
    ),
    "a length over the end of summer time": Read(
        spelled("DTSTART;TZID=Europe/Amsterdam:20261024T140000\nDURATION:P1DT2H"),
        ["Schulden 10-24 14:00 planned"],
        ["10-26 08:00"],
    ),
    "no name of its own": Read(
        [calendar("SUMMARY:Leergroep Schulden\nDTSTART:20261006T120000Z")],
        [],
        [],
        ["event_without_uid"],
    ),
    "a leap day every year": Read(
        spelled("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
        ["Schulden 02-29 00:00 planned"],
        [],
    ),
    "a series without an end since long ago": Read(
        [calendar(event("20080108T140000", "20080108T160000", "RRULE:FREQ=WEEKLY"))],
        ["Schulden 01-08 14:00 planned"],
        [
            "09-22 18:00", "09-29 18:00", "10-06 18:00", "10-13 18:00", "10-20 18:00",
            "10-27 18:00", "11-03 18:00", "11-10 18:00",
        ],
    ),
    "past midnight, and the hour that comes twice": Read(
        [
            calendar(
                event("20261006T220000", "20261007T003000"),
                event("20261025T023000", "20261025T033000", uid="n2"),
            )
        ],
        ["Schulden 10-06 22:00 planned", "Schulden 10-25 02:30 planned"],
        ["10-07 08:00", "10-26 08:00"],
    ),
    # letters
    "a letter that is folded in the middle": Read(
        [
            once().replace(
                b"Leergroep Schulden", b"Leergroep Caf\xc3\r\n \xa9 Samen"
            )
        ],
        ["Café Samen 10-06 14:00 planned"],
    ),
    "a mark of UTF-8 and bare line ends": Read(
        [b"\xef\xbb\xbf" + once().replace(b"\r\n", b"\n")]
    ),
    "lines of a description that look like properties": Read([once(ODD_TEXT)]),
    "texts in HTML, and an alarm with a title": Read(
        [
            once(
                "X-ALT-DESC;FMTTYPE=text/html:<p>Deelnemen: <a href=\"https://example.com\">x</a>",
                "BEGIN:VALARM\nSUMMARY:Andere titel\nTRIGGER:-PT15M\nEND:VALARM",
            ).replace(b"SUMMARY:Leer", b"SUMMARY;LANGUAGE=nl:Leer")
        ]
    ),
    # what is ours
    "birthdays of other centuries beside it": Read(
        [calendar(*BIRTHDAYS, event())], notes=["not_ours"]
    ),
    "two thousand old appointments beside it": Read(
        [calendar(*HISTORY, event())], notes=["not_ours"]
    ),
    "other words for the same": Read(
        [
            calendar(
                event(title="Leergroepbijeenkomst schulden"),
                event(uid="a2", title="Werkbezoek wijkteam Oost"),
            )
        ],
        [],
        [],
        notes=["not_ours"],
    ),
    "a task of the same name": Read(
        [
            once().replace(
                b"BEGIN:VEVENT", b"BEGIN:VTODO\r\nUID:t\r\nSUMMARY:Leergroep voorbereiden\r\n"
                b"END:VTODO\r\nBEGIN:VEVENT"
            )
        ]
    ),
    "a year of two digits beside a good one": Read(
        [calendar(event("00261006T140000", "00261006T160000", uid="bad"), event(uid="ok"))],
        problems=["event_in_another_age"],
    ),
    "two meetings with one name": Read(
        [
            calendar(
                event(uid="1"),
                event("20261108T140000", "20261108T160000", uid="1", title="Leergroep Wonen"),
            )
        ],
        ["Wonen 11-08 14:00 planned"],
        ["11-09 08:00"],
        ["event_uid_twice"],
    ),
    "one meeting twice": Read([calendar(event(), event())]),
    # messages
    "one day called off by a message": Read(
        [calendar(SERIES, before=REQUEST), calendar(DAY_OFF, before=CANCEL)],
        asks=["10-06 18:00", "10-20 18:00"],
    ),
    "one day called off before the series comes": Read(
        [calendar(DAY_OFF, before=CANCEL), calendar(SERIES, before=REQUEST)],
        asks=["10-06 18:00", "10-20 18:00"],
    ),
    "one day called off without a beginning": Read(
        [
            calendar(SERIES, before=REQUEST),
            calendar("UID:a1@probe\nSEQUENCE:1\nRECURRENCE-ID:20261013T120000Z", before=CANCEL),
        ],
        asks=["10-06 18:00", "10-20 18:00"],
    ),
    "all of it called off without a word why": Read(
        [calendar(event(), before=REQUEST), calendar(event(), before=CANCEL)], OFF, []
    ),
    "all of it called off by name alone": Read(
        [once(), calendar("UID:a1@probe\nSEQUENCE:1", before=CANCEL)], OFF, []
    ),
    "a method inside the event": Read([once(), once("METHOD:CANCEL")]),
    "the answer of a guest": Read(
        [once(), calendar(event(title="Geweigerd: Leergroep Schulden"), before=REPLY)],
        notes=["message_reply"],
    ),
    "the proposal of a guest": Read(
        [
            once(),
            calendar(event("20261007T140000", "20261007T160000", "SEQUENCE:1"),
                     before="METHOD:COUNTER\n"),
        ],
        notes=["message_counter"],
    ),
    "an extra day": Read(
        [
            calendar(SERIES, before=REQUEST),
            calendar(event("20261008T100000", "20261008T110000", "SEQUENCE:1"),
                     before="METHOD:ADD\n"),
        ],
        asks=["10-06 18:00", "10-08 13:00", "10-13 18:00", "10-20 18:00"],
    ),
    "a day and all after it called off": Read(
        [
            calendar(SERIES, before=REQUEST),
            calendar(
                "UID:a1@probe\nSEQUENCE:1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261013T120000Z",
                before=CANCEL,
            ),
        ],
    ),
    "two calendars in one file, one to cancel": Read(
        [
            calendar(event(uid="x1"), before=CANCEL)
            + calendar(OTHER, before=REQUEST)
        ],
        [OFF[0], "Wonen 10-06 14:00 planned"],
    ),
    "called off in the title alone": Read(
        [once(), once("STATUS:CONFIRMED", title="Geannuleerd: Leergroep Schulden")], OFF, []
    ),
    # newer and older
    "another time under the same number": Read(
        [once(), calendar(event("20261006T150000", "20261006T170000"))],
        ["Schulden 10-06 15:00 moved"],
        ["10-06 19:00"],
    ),
    "an older version after a newer one": Read(
        [calendar(event("20261006T150000", "20261006T170000", "SEQUENCE:3")), once("SEQUENCE:1")],
        ["Schulden 10-06 15:00 planned"],
        ["10-06 19:00"],
    ),
    # days of a series
    "a day that moved, named in UTC": Read(
        [
            calendar(
                event("20261006T140000", "20261006T160000", WEEKLY),
                event("20261014T140000", "20261014T160000", "RECURRENCE-ID:20261013T120000Z"),
            )
        ],
        asks=["10-06 18:00", "10-14 18:00", "10-20 18:00"],
    ),
    "a day that moved from an hour of before": Read(
        [
            calendar(
                event("20261006T150000", "20261006T170000", WEEKLY),
                event("20261013T100000", "20261013T120000",
                      "RECURRENCE-ID;TZID=Europe/Amsterdam:20261013T140000"),
            )
        ],
        ["Schulden 10-06 15:00 planned"],
        ["10-06 19:00", "10-13 14:00", "10-20 19:00"],
    ),
    "a day and all after it at another hour": Read(
        [
            calendar(
                event("20261006T140000", "20261006T160000", WEEKLY),
                event("20261013T100000", "20261013T120000",
                      "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Amsterdam:20261013T140000"),
            )
        ],
        ["Schulden 10-06 14:00 planned", "Schulden 10-13 10:00 planned"],
        ["10-06 18:00", "10-13 14:00", "10-20 14:00"],
    ),
    "a message that gives a day and all after it another hour": Read(
        [
            once(WEEKLY),
            calendar(
                event("20261013T100000", "20261013T120000", "SEQUENCE:1",
                      "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Amsterdam:20261013T140000"),
                before="METHOD:REQUEST\n",
            ),
        ],
        ["Schulden 10-06 14:00 planned"],
        ["10-06 18:00", "10-13 14:00", "10-20 14:00"],
    ),
    "a series cut in two": Read(
        [
            once(WEEKLY),
            calendar(
                event("20261006T140000", "20261006T160000",
                      "RRULE:FREQ=WEEKLY;UNTIL=20261012T215959Z", "SEQUENCE:1"),
                event("20261013T100000", "20261013T120000", "RRULE:FREQ=WEEKLY;COUNT=2",
                      uid="a1_R20261013@probe"),
            ),
        ],
        ["Schulden 10-06 14:00 moved"],
        ["10-06 18:00", "10-13 14:00", "10-20 14:00"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_calendar_is_read_as_it_was_meant(name: str) -> None:
    case = CASES[name]
    world = World().take(*case.files)
    assert world.listed() == list(case.listed)
    assert world.asks() == list(case.asks)
    assert world.problems() == list(case.problems)
    assert world.notes() == list(case.notes)
