"""When a prompt is due. Pure: a moment goes in, the first moment that fits the rules comes out.

A delay is elapsed time and added in UTC. "The next morning at eight" and "after three days" are
read on the wall clock where people are, whatever zone a calendar names: that only fixes when a
meeting is. All results are in UTC and comparable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from holidays import HolidayBase

USUAL = "NL"
SATURDAY = 5
_WORKED: Mapping[str, frozenset[str]] = {"NL": frozenset({"Goede vrijdag", "Good Friday"})}
"""Holidays by name only: offices are open."""


@dataclass(frozen=True, slots=True)
class PromptRules:
    """When a prompt may arrive; the `[prompts]` part of the configuration.

    `delay` is in minutes. Quiet hours run from `quiet_from` up to
    `quiet_until` and may pass midnight; the same time twice means there are none. `closed` are
    extra days without prompts, `open` holidays on which they do go out. `tz` is where people are.
    Raises ValueError when an answer would fall in quiet hours, or
    for a country or zone that does not exist.
    """

    delay: int = 120
    quiet_from: time = time(20)
    quiet_until: time = time(8)
    weekends: bool = False
    holidays: bool = False
    country: str = USUAL
    closed: frozenset[date] = field(default_factory=frozenset)
    open: frozenset[date] = field(default_factory=frozenset)
    evening: time = time(19, 30)
    tomorrow: time = time(9)
    reminder_days: int = 3
    follow_up_weeks: int = 6
    late_days: int = 5
    tz: str = "Europe/Amsterdam"

    def __post_init__(self) -> None:
        for name in ("evening", "tomorrow"):
            if self.quiet(getattr(self, name)):
                raise ValueError(
                    f"prompts.{name} lies in the quiet hours; set it between "
                    f"{self.quiet_until:%H:%M} and {self.quiet_from:%H:%M}"
                )
        try:
            if self.country != USUAL:  # whose days off are read for the first prompt
                _holidays(self.country)
            ZoneInfo(self.tz)
        except (NotImplementedError, KeyError) as error:
            raise ValueError(f"prompts.country or prompts.tz: {error}") from None

    @property
    def zone(self) -> ZoneInfo:
        """The clock on which quiet hours, days off, this evening and tomorrow are read."""
        return ZoneInfo(self.tz)

    def quiet(self, clock: time) -> bool:
        """Whether the clock shows a quiet hour."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= clock < self.quiet_until
        return clock >= self.quiet_from or clock < self.quiet_until

    def day_off(self, day: date) -> bool:
        """Whether prompts rest all day."""
        if day in self.closed:
            return True
        if not self.weekends and day.weekday() >= SATURDAY:
            return True
        if self.holidays or day in self.open:
            return False
        names = set(_holidays(self.country).get_list(day))
        return bool(names - _WORKED.get(self.country, frozenset()))


def due(end: datetime, delay: int | None, rules: PromptRules) -> datetime:
    """When to ask about a meeting that ends at `end`. `delay` in minutes, None: the usual one."""
    minutes = rules.delay if delay is None else delay
    return allowed(_utc(end) + timedelta(minutes=minutes), rules)


def this_evening(now: datetime, rules: PromptRules) -> datetime:
    """After "this evening": today at `evening`, or on the next day that is free for it."""
    return _at_clock(now, 0, rules.evening, rules)


def tomorrow(now: datetime, rules: PromptRules) -> datetime:
    """After "tomorrow": the next day at `tomorrow`, or the first day after it that is free."""
    return _at_clock(now, 1, rules.tomorrow, rules)


def reminder(sent: datetime, rules: PromptRules) -> datetime:
    """When to remind, once, of a prompt that was sent at `sent`."""
    return allowed(_later(sent, rules.reminder_days, rules), rules)


def follow_up(end: datetime, rules: PromptRules) -> datetime:
    """When to ask what came of a meeting that ended at `end`."""
    return allowed(_later(end, 7 * rules.follow_up_weeks, rules), rules)


def expired(due_at: datetime, now: datetime, rules: PromptRules) -> bool:
    """Whether a prompt is too late to be sent: it is reported instead."""
    return now - due_at > timedelta(days=rules.late_days)


def allowed(moment: datetime, rules: PromptRules) -> datetime:
    """The first moment, not before `moment`, outside quiet hours and days off."""
    zone = rules.zone
    moment = _utc(moment)
    while True:
        local = moment.astimezone(zone)
        if rules.day_off(local.date()):
            moment = first_instant(local.date() + timedelta(days=1), time(), zone, moment)
        elif not rules.quiet(local.time()):
            return moment
        elif local.time() < rules.quiet_until:
            moment = first_instant(local.date(), rules.quiet_until, zone, moment)
        else:
            midnight = first_instant(local.date() + timedelta(days=1), time(), zone, moment)
            moment = _put_back(moment, midnight, zone) or midnight


def first_instant(day: date, clock: time, zone: ZoneInfo, after: datetime) -> datetime:
    """The first instant after `after` at which clocks in the zone show this time, in UTC. A time
    that is skipped in spring becomes the instant at which the clock jumps over it."""
    wall = datetime.combine(day, clock.replace(tzinfo=None))
    early, late = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early > late:
        return _jump(late, early, zone)
    return early if early > after else late


def _jump(before: datetime, behind: datetime, zone: ZoneInfo) -> datetime:
    """The instant between two others at which the clock jumps, to the second."""
    offset = before.astimezone(zone).utcoffset()
    while behind - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(behind - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            behind = middle
    return behind


def _put_back(moment: datetime, until: datetime, zone: ZoneInfo) -> datetime | None:
    """When the clock is put back between two instants of one day, if it is: it may then show a time
    again that is before the quiet hours."""
    early, late = (each.astimezone(zone).utcoffset() for each in (moment, until))
    return _jump(moment, until, zone) if early and late is not None and late < early else None


def _at_clock(now: datetime, days: int, clock: time, rules: PromptRules) -> datetime:
    zone = rules.zone
    now = _utc(now)
    day = now.astimezone(zone).date() + timedelta(days=days)
    while True:
        moment = first_instant(day, clock, zone, now)
        if moment > now and allowed(moment, rules) == moment:
            return moment
        day += timedelta(days=1)


def _later(moment: datetime, days: int, rules: PromptRules) -> datetime:
    """The same time of the clock, a number of days later."""
    zone = rules.zone
    moment = _utc(moment)
    local = moment.astimezone(zone)
    return first_instant(local.date() + timedelta(days=days), local.time(), zone, moment)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)


@lru_cache
def _holidays(country: str) -> HolidayBase:
    """The days off of a country. Of the library only that country is read: all 250 would hold up
    everybody for a second, and stay in memory. Raises NotImplementedError for an unknown one."""
    import holidays  # for the first prompt that is planned
    from holidays.registry import EntityLoader

    loader = getattr(holidays, country, None)
    if not isinstance(loader, EntityLoader):
        raise NotImplementedError(f"{country!r} is no country whose holidays are known")
    name = loader.module_name.rpartition(".")[2]
    path = Path(holidays.__file__).parent / "countries" / f"{name}.py"
    file = SourceFileLoader(f"{__name__}.{name}", str(path))
    module = ModuleType(file.name)
    file.exec_module(module)
    made: HolidayBase = getattr(module, loader.entity_name)()
    return made
