"""Time zones by the names that calendars give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_PROBES = tuple(datetime(2024, 1, 15, 12, tzinfo=UTC) + timedelta(days=7 * n) for n in range(260))
_A_SEASON = timedelta(days=60)
_NUMBERED = re.compile(r"[\s_-]*[\[(]?\d{1,2}[\])]?$")
_OFFSET_FIRST = re.compile(r"^\((?:UTC|GMT)?\s*(?:[+-]\d{1,2}:?\d{2})?\)\s*")
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])0?(\d{1,2})(?::?00)?", re.IGNORECASE)
_POSIX = re.compile(r"(?:CET|MEZ|MET)-1(?:CEST|MESZ|MEST)(?:,.*)?")
_SUFFIX = re.compile(
    r"[\s(-]*\b(?:(?:standard|daylight|summer) time|time|standaardtijd|zomertijd|tijd)\)?$"
)
_LOCAL_TIME = re.compile(r"\d{8}T\d{6}(?!\d|Z)")
_ODD = {
    "west-europa": "W. Europe Standard Time",
    "romance": "Romance Standard Time",
    "midden-europese tijd": "Europe/Amsterdam",
    "midden-europese standaardtijd": "Europe/Amsterdam",
    "midden-europese zomertijd": "Europe/Amsterdam",
    "mitteleuropäische zeit": "Europe/Berlin",
    "mitteleuropäische sommerzeit": "Europe/Berlin",
    "mez": "Europe/Berlin",
    "mesz": "Europe/Berlin",
    "cest": "Europe/Amsterdam",
    "cedt": "Europe/Amsterdam",
    "mest": "Europe/Amsterdam",
    "netherlands": "Europe/Amsterdam",
    "midden-europa": "Central Europe Standard Time",
    "westeuropäische zeit": "W. Europe Standard Time",
    "heure d’europe centrale": "Europe/Paris",
    "heure d'europe centrale": "Europe/Paris",
    "gmt +0100 (standard) / gmt +0200 (daylight)": "Europe/Amsterdam",
    "gmt +0000 (standard) / gmt +0100 (daylight)": "Europe/London",
    "central european time": "Europe/Amsterdam",
    "central european standard time": "Europe/Amsterdam",
    "central european summer time": "Europe/Amsterdam",
    "western european time": "Europe/Lisbon",
    "western european summer time": "Europe/Lisbon",
    "greenwich mean time": "UTC",
    "coordinated universal time": "UTC",
    "z": "UTC",
}
"""Names that programs and people use beside those of IANA and Windows, without their suffixes."""


class UnknownZone(ValueError):
    """A name that no zone goes by; the calendar itself does not explain it either."""


class Zones:
    """Reads the times of one calendar.

    `home` is the zone of times without one, `own` the one the calendar says it is in (Google
    writes times in UTC and means that zone). `explained` maps its names of zones to VTIMEZONEs:
    where there is one, that rules, whatever the zone is called (RFC 5545, 3.6.5).
    """

    def __init__(self, home: str, explained: Mapping[str, str], own: str = "") -> None:
        self.home = home
        self._explained = explained
        self._found: dict[str, str] = {}
        self._clocks: dict[str, tzinfo] = {}
        try:
            self.own = self._find(own) if own else ""
        except UnknownZone:
            self.own = ""
        self.home = self.own or home

    def moment(self, when: date, tzid: str = "") -> datetime:
        """A date (its first instant) or time of the calendar in UTC. Raises UnknownZone."""
        if not isinstance(when, datetime):
            when = datetime.combine(when, time())
        elif when.tzinfo is not None and (not tzid or when.tzname() == "UTC"):
            return when.astimezone(UTC)
        return when.replace(tzinfo=ZoneInfo(self.named(tzid))).astimezone(UTC)

    def named(self, tzid: str) -> str:
        """The IANA name of a zone; "" for one that only this calendar has. Raises UnknownZone."""
        if not tzid:
            return self.home
        if tzid not in self._found:
            self._found[tzid] = self._find(tzid)
        return self._found[tzid]

    def in_utc(self, text: str, tzid: str) -> str:
        """The times in a text, on a clock that only this calendar has, as times in UTC."""
        clock = self._clocks[tzid]

        def moved(match: re.Match[str]) -> str:
            local = datetime.strptime(match[0], "%Y%m%dT%H%M%S").replace(tzinfo=clock)
            return f"{local.astimezone(UTC):%Y%m%dT%H%M%SZ}"

        return _LOCAL_TIME.sub(moved, text)

    def _find(self, tzid: str) -> str:
        called = zone_called(tzid)
        if tzid in self._explained:
            return self._described(tzid, called)
        if not called:
            raise UnknownZone(tzid)
        return called if called == tzid else self._rather_home(called)

    def _described(self, tzid: str, called: str) -> str:
        """The zone that a VTIMEZONE describes: home, the one it is called after, or any that tells
        the same time."""
        try:
            name, clock = _read_zone(self._explained[tzid], called, self.home)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError):
            if called:  # what cannot be read explains nothing
                return self._rather_home(called)
            raise UnknownZone("a zone of its own") from None
        self._clocks[tzid] = clock
        return name

    def _rather_home(self, name: str) -> str:
        home = _Shown(ZoneInfo(self.home))
        return self.home if _alike(_Shown(ZoneInfo(name)), home, _PROBES) else name


@lru_cache(maxsize=128)
def _read_zone(text: str, called: str, home: str) -> tuple[str, tzinfo]:
    """The name of the zone that tells the same time as a VTIMEZONE, "" when none does, and its
    clock. Raises what icalendar raises about one that cannot be read."""
    described = Timezone.from_ical(text)
    if not isinstance(described, Timezone):
        raise UnknownZone("a zone of its own")
    clock = described.to_tz(lookup_tzid=False)
    probes = _probes(described)
    location = zone_called(str(described.get("X-LIC-LOCATION", "")))
    likely = filter(None, (home, called, location))
    names = (*likely, *sorted(_known(), key=_usual_first))
    shown = _Shown(clock)
    same = (name for name in names if _alike(shown, _Shown(ZoneInfo(name)), probes))
    return next(same, ""), clock


@lru_cache(maxsize=512)
def zone_called(text: str) -> str:
    """The zone that goes by a name, of IANA, Windows or a program, also with something before or
    behind it; "" when there is none."""
    text = text.strip(" \t\"'").removeprefix("tzone://Microsoft/")
    if _POSIX.fullmatch(text):
        return "Europe/Amsterdam"
    known = {name.casefold(): name for name in _known()}
    parts = text.split("/")
    for candidate in (text, "/".join(parts[-3:]), "/".join(parts[-2:])):
        if candidate.casefold() in known:
            return known[candidate.casefold()]
    if match := _OFFSET.fullmatch(text):
        sign = "-" if match[1] == "+" else "+"
        return known.get(f"etc/gmt{sign}{match[2]}", "")
    plain = _NUMBERED.sub("", _OFFSET_FIRST.sub("", text)) or ("UTC" if "UTC" in text else "")
    if plain and plain != text and (found := zone_called(plain)):
        return found
    return _by_windows(plain) or _by_city(plain)


def _by_windows(text: str) -> str:
    """By a name of Windows or of a program, or by the stem of one: what it is called without the
    word for standard or summer time."""
    name = " ".join(text.casefold().split())
    stem = _SUFFIX.sub("", name) or name
    windows = _windows()
    for each in (name, stem):
        each = _ODD.get(each, each)
        if each in _known():
            return each
        standard = re.sub(r"\b(?:daylight|summer)\b", "standard", each.casefold())
        if found := windows.get(standard) or windows.get(f"{standard} standard time"):
            return found
    return _by_city(stem) if stem != name else ""


@cache
def _windows() -> Mapping[str, str]:
    return {name.casefold(): olson for name, olson in WINDOWS_TO_OLSON.items()}


def _by_city(text: str) -> str:
    cities = _cities()
    named = (part.strip().casefold() for part in re.split(r"[,;/&()]", text))
    return next((cities[city] for city in named if city in cities), "")


@cache
def _cities() -> Mapping[str, str]:
    """The zone of each city that one is named after, those of Europe first."""
    found: dict[str, str] = {}
    for name in sorted(_known(), key=_usual_first):
        region, _, city = name.rpartition("/")
        if region and region != "Etc":
            found.setdefault(city.replace("_", " ").casefold(), name)
    return found


def _usual_first(name: str) -> tuple[bool, bool, str]:
    return not name.startswith("Europe/"), "/" not in name, name


def _probes(described: Timezone) -> Iterable[datetime]:
    """The moments at which a VTIMEZONE is compared: of one that only lists the changes of a few
    years, those years."""
    observed: list[Any] = [*described.walk("STANDARD"), *described.walk("DAYLIGHT")]
    changes = [each["DTSTART"].dt.replace(tzinfo=UTC) for each in observed]
    rules = [each["RRULE"] for each in observed if "RRULE" in each]
    if len(observed) < 2 or any("UNTIL" not in rule and "COUNT" not in rule for rule in rules):
        return _PROBES
    first, last = min(changes), max(changes)
    weeks = int((last - first + 2 * _A_SEASON) / timedelta(days=7))
    return tuple(first + timedelta(days=1 + 7 * week) for week in range(min(weeks, 520)))


class _Shown(dict[datetime, timedelta | None]):
    """How far a clock is from UTC at a moment, found once: one that a rule describes takes long,
    and is held beside each zone there is."""

    def __init__(self, clock: tzinfo) -> None:
        self._clock = clock

    def __missing__(self, moment: datetime) -> timedelta | None:
        self[moment] = moment.astimezone(self._clock).utcoffset()
        return self[moment]


def _alike(one: _Shown, other: _Shown, probes: Iterable[datetime]) -> bool:
    """Whether two clocks show the same time at all these moments."""
    return all(one[probe] == other[probe] for probe in probes)


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
