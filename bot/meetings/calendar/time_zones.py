"""Time zones by the names that calendars give them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_PROBES = tuple(datetime(2024, 1, 15, 12, tzinfo=UTC) + timedelta(days=7 * n) for n in range(260))


class UnknownZone(ValueError):
    """A name that no zone goes by; the calendar itself does not explain it either."""


class Zones:
    """Reads the times of one calendar.

    `home` is the zone of times without one, `own` the one the calendar says it is in (Google
    writes times in UTC and means that zone). `explained` maps its names of zones to VTIMEZONEs.
    """

    def __init__(self, home: str, explained: Mapping[str, str], own: str = "") -> None:
        self.own = own if own in _known() else ""
        self.home = self.own or home
        self._explained = explained
        self._found: dict[str, str] = {}

    def moment(self, when: date, tzid: str = "") -> datetime:
        """A date (its first instant) or time of the calendar in UTC. Raises UnknownZone."""
        if not isinstance(when, datetime):
            when = datetime.combine(when, time())
        elif when.tzinfo is not None and (not tzid or when.tzname() == "UTC"):
            return when.astimezone(UTC)
        return when.replace(tzinfo=ZoneInfo(self.named(tzid))).astimezone(UTC)

    def named(self, tzid: str) -> str:
        """The IANA name of a zone. Raises UnknownZone."""
        if not tzid:
            return self.home
        if tzid not in self._found:
            self._found[tzid] = self._find(tzid)
        return self._found[tzid]

    def _find(self, tzid: str) -> str:
        parts = tzid.split("/")
        for candidate in (tzid, "/".join(parts[-3:]), "/".join(parts[-2:])):
            if candidate in _known():
                return candidate
        if tzid in WINDOWS_TO_OLSON:
            return self._rather_home(WINDOWS_TO_OLSON[tzid])
        if tzid in self._explained:
            return self._read(self._explained[tzid])
        raise UnknownZone(tzid)

    def _read(self, text: str) -> str:
        """The zone that a VTIMEZONE describes: the one it names, or home if it tells the same."""
        try:
            described = Timezone.from_ical(text)
            if not isinstance(described, Timezone):
                raise UnknownZone("a zone of its own")
            location = str(described.get("X-LIC-LOCATION", ""))
            if location in _known():
                return location
            clock = described.to_tz(lookup_tzid=False)
            same = _alike(clock, ZoneInfo(self.home))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError):
            same = False
        if not same:
            raise UnknownZone("a zone of its own")
        return self.home

    def _rather_home(self, name: str) -> str:
        return self.home if _alike(ZoneInfo(name), ZoneInfo(self.home)) else name


def _alike(one: tzinfo, other: tzinfo) -> bool:
    """Whether two clocks show the same time all through five years."""
    return all(
        probe.astimezone(one).utcoffset() == probe.astimezone(other).utcoffset()
        for probe in _PROBES
    )


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
