"""A meeting that is planned, in a chat, a form, a table or a command: the one check of all four."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from bot.meetings.model.meeting import FIRST_YEAR, LAST_YEAR, LONGEST, Meeting, MeetingKind
from bot.meetings.model.problems import BadMeeting, seen
from bot.meetings.model.titles import HOME_ZONE, UID_MAX, ReadRules, clean, name

MADE_UP = "@csv"
"""The end of a uid that is made of what a meeting says, where nothing names it."""
_DELAY_MAX = 14 * 24 * 60
_USUAL = ReadRules()


@dataclass(frozen=True, slots=True)
class MeetingDraft:
    """What someone filled in, read but not checked. Of `kind` a word for it will do too.

    A time without a zone is on the clock of `tz`; a `start` that is a day alone, without an end,
    is a whole day. `skipped` are days on which a series does not meet. Without a `uid`, one that
    is the same for the same meeting is made.
    """

    kind: str = ""
    title: str = ""
    start: date | None = None
    end: date | None = None
    tz: str = HOME_ZONE
    place: str = ""
    host: str = ""
    guest: str = ""
    teams: tuple[str, ...] = ()
    rrule: str = ""
    skipped: tuple[date, ...] = ()
    delay: int | None = None
    cancelled: bool = False
    uid: str = ""

    def checked(self, rules: ReadRules = _USUAL) -> Meeting:
        """The meeting. Raises BadMeeting when it cannot be planned like this."""
        start, end, all_day = checked_span(self.start, self.end, self.tz, rules.length)
        host, guest = clean(self.host), clean(self.guest)
        kind = next((one for one in get_args(MeetingKind) if one == self.kind), None)
        naming = name(self.title, (self.kind,), rules, kind)
        if naming is None:
            if self.kind:
                raise BadMeeting("kind_unknown", seen=seen(self.kind))
            raise BadMeeting("kind_unclear")
        if naming.kind == "visit" and not clean(self.title) and host and guest:
            naming = name(f"{host} ← {guest}", (), rules, "visit") or naming
        teams = tuple(filter(None, map(clean, self.teams)))
        if naming.kind == "learning_group":
            members = filter(None, (host, guest, *teams))
            teams, host, guest = tuple(dict.fromkeys(members)), "", ""
        else:
            host, guest = host or naming.host_team, guest or naming.guest_team
            if not (host or guest or clean(self.title)):
                raise BadMeeting("no_team", "host")
        if self.delay is not None and not 0 <= self.delay <= _DELAY_MAX:
            raise BadMeeting("delay_wrong", "delay")
        named = "|".join((naming.kind, naming.title, host, guest, *teams, start.isoformat()))
        uid = clean(self.uid) or f"{hashlib.sha256(named.encode()).hexdigest()[:24]}{MADE_UP}"
        return Meeting(
            uid=uid[:UID_MAX],
            kind=naming.kind,
            title=naming.title,
            start=start,
            end=end,
            tz=self.tz,
            place=clean(self.place),
            rrule=_checked(self.rrule, start, self.tz) if self.rrule else "",
            exdates=self._exdates(start) if self.rrule else (),
            all_day=all_day,
            state="cancelled" if self.cancelled or naming.cancelled else "planned",
            host_team=host,
            guest_team=guest,
            teams=teams,
            delay=self.delay,
        )

    def _exdates(self, start: datetime) -> tuple[datetime, ...]:
        zone = ZoneInfo(self.tz)
        clock = start.astimezone(zone).time()
        days = {_moment(datetime.combine(day, clock), zone) for day in self.skipped}
        return tuple(sorted(days))


def checked_span(
    start: date | None, end: date | None, tz: str, length: int = _USUAL.length
) -> tuple[datetime, datetime, bool]:
    """Beginning and end in UTC, and whether it lasts a whole day. Without an end it lasts `length`
    minutes. Raises BadMeeting."""
    if start is None:
        raise BadMeeting("no_start")
    try:
        zone = ZoneInfo(tz)
    except (KeyError, ValueError, OSError):
        raise BadMeeting("zone_unknown", "tz") from None
    begin = _moment(start, zone)
    if not isinstance(start, datetime):
        if end is not None:
            raise BadMeeting("no_time", "start")
        return begin, _moment(start + timedelta(days=1), zone), True
    finish = begin + timedelta(minutes=length) if end is None else _moment(end, zone)
    if finish <= begin:
        raise BadMeeting("ends_before")
    if finish - begin > LONGEST:
        raise BadMeeting("too_long")
    return begin, finish, False


def _moment(when: date, zone: ZoneInfo) -> datetime:
    """A time, or the beginning of a day, in UTC."""
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise BadMeeting("another_age")
    if not isinstance(when, datetime):
        when = datetime.combine(when, time())
    moment = (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)
    shown = moment.astimezone(when.tzinfo or zone).time()
    if shown != when.time() != time():
        raise BadMeeting("time_skipped")
    return moment


def _checked(rule: str, start: datetime, tz: str) -> str:
    from bot.meetings.model.recurrence import check_rule  # large, and few have a rule

    return check_rule(rule, start, tz)
