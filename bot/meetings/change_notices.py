"""Notices to participants: a meeting is moved, off, or on again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from babel.lists import format_list

from bot.delivery.enqueue import enqueue
from bot.meetings.model.labels import day_named, facts_of, time_named
from bot.meetings.model.meeting import Meeting, Override
from bot.meetings.model.series import goes_on, occurrences
from bot.meetings.prompts.letters import compose, words
from bot.meetings.prompts.planning import rules_of
from bot.meetings.prompts.schedule import allowed
from bot.services import Services
from storage.engine.transaction import Reads, Transaction
from storage.meetings import meetings
from storage.meetings.links import Link
from storage.people import people
from storage.people.people import Person

MOST = 5
"""The most days of a series that one change tells about; what is further away can wait."""

LOOK_AHEAD = timedelta(days=366)

Kind = Literal["cancelled", "days_off", "on_again", "moved", "moved_to", "day_moved"]
_SUBJECTS = {"days_off": "cancelled", "moved_to": "moved", "day_moved": "moved"}


@dataclass(frozen=True, slots=True)
class ChangeNotices:
    """One thing to hear. `days` are when meetings begin (or would have), `to` is the new beginning
    and end."""

    kind: Kind
    days: tuple[datetime, ...] = ()
    to: tuple[datetime, datetime] | None = None


def news_of(before: Meeting, after: Meeting, now: datetime) -> tuple[ChangeNotices, ...]:
    """What a change is to who takes part; what is past is no news."""
    if not goes_on(before, now):
        return ()
    was_off, is_off = (one.state == "cancelled" for one in (before, after))
    if is_off:
        return () if was_off else (ChangeNotices("cancelled"),)
    if was_off:
        return _on_again(after, now)
    if not (after.series or before.series):
        if (before.start, before.end) == (after.start, after.end):
            return ()
        return (ChangeNotices("moved_to", to=(after.start, after.end)),)
    if _rules(before) != _rules(after):
        return _of_series(before, after, now)
    return _of_days(before, after, now)


def tell(
    connection: Transaction,
    services: Services,
    meeting: Meeting,
    news: Iterable[ChangeNotices],
    now: datetime,
) -> None:
    """Tell who takes part, at a decent hour; who asked for silence hears nothing."""
    rules = rules_of(services.settings.prompts)
    at, home = allowed(now, rules), rules.zone
    members = [member.person_id for member in meetings.members(connection, meeting.id)]
    everybody = people.locked(connection, members, wait=True)
    for one in news:
        for person in filter(_hears, everybody):
            slots = facts_of(meeting, services.shelf.library.phrases(person.language))
            slots |= _moments(home, one, person.language, now)
            subject = f"mail_{_SUBJECTS.get(one.kind, one.kind)}_subject"
            effect = compose(
                connection,
                services,
                person,
                words(services, person, f"meeting_{one.kind}", slots),
                (),
                subject=words(services, person, subject, slots),
                about=Link(person.id, meeting.id),
                now=now,
            )
            enqueue(connection, person.id, effect, "prompt", at)


def hearers(reads: Reads, meeting: Meeting) -> int:
    """How many would hear of a change."""
    members = (member.person_id for member in meetings.members(reads, meeting.id))
    found = (people.by_id(reads, member) for member in members)
    return sum(person is not None and _hears(person) for person in found)


def _hears(person: Person) -> bool:
    return not person.blocked and person.memory.prompts != "off"


def _on_again(after: Meeting, now: datetime) -> tuple[ChangeNotices, ...]:
    found = occurrences(after, now, max(now, after.start) + LOOK_AHEAD)
    coming = [one.start for one in found if one.start > now and one.state != "cancelled"]
    return (ChangeNotices("on_again", tuple(coming[:1])),) if coming else ()


def _rules(meeting: Meeting) -> tuple[object, ...]:
    pieces = (meeting, *meeting.parts)
    return tuple((one.start, one.end, one.rrule, one.state == "cancelled") for one in pieces)


def _of_series(before: Meeting, after: Meeting, now: datetime) -> tuple[ChangeNotices, ...]:
    """What another rule is to people: the days that they would have gone to. A series that is cut
    in two is none, as long as all of it goes on as it was."""
    until = now + LOOK_AHEAD
    was, then = (
        {one.key: one for one in occurrences(each, now, until) if one.state != "cancelled"}
        for each in (replace(before, id=after.id), after)
    )
    was = {key: one for key, one in was.items() if one.end > now}
    if not any(one.end > now for one in then.values()):
        return (ChangeNotices("cancelled"),) if was else ()
    gone = sorted(one.start for key, one in was.items() if key not in then)
    if any(key in then and then[key].start != one.start for key, one in was.items()):
        return (ChangeNotices("moved"),)
    if gone and then.keys() - was.keys():
        return (ChangeNotices("moved"),)
    return (ChangeNotices("days_off", tuple(gone[:MOST])),) if gone else ()


def _of_days(before: Meeting, after: Meeting, now: datetime) -> tuple[ChangeNotices, ...]:
    """Single meetings of a series that are off, moved, or on again."""
    was, then = ({one.at: one for one in _overrides(each)} for each in (before, after))
    gone, off_before = (
        {at for piece in (each, *each.parts) for at in piece.exdates}
        | {one.at for one in _overrides(each) if one.cancelled}
        for each in (after, before)
    )
    off = sorted(at for at in gone - off_before if at > now)
    back = sorted(at for at in off_before - gone if at > now)
    moved = [
        one
        for at, one in sorted(then.items())
        if not one.cancelled
        and max(at, one.start) > now
        and one.start != (was[at].start if at in was else at)
    ]
    news = [ChangeNotices("days_off", tuple(off[:MOST]))] if off else []
    news += [ChangeNotices("on_again", tuple(back[:MOST]))] if back else []
    news += [ChangeNotices("day_moved", (one.at,), (one.start, one.end)) for one in moved[:MOST]]
    return tuple(news)


def _overrides(meeting: Meeting) -> list[Override]:
    return [one for piece in (meeting, *meeting.parts) for one in piece.overrides]


def _moments(home: ZoneInfo, news: ChangeNotices, language: str, now: datetime) -> dict[str, str]:
    today = now.astimezone(home).date()
    days: Sequence[str] = [day_named(at.astimezone(home), language, today) for at in news.days]
    slots = {"days": format_list(days, locale=language), "day": "".join(days[:1])}
    if news.to:
        start, end = (at.astimezone(home) for at in news.to)
        slots["when"] = time_named(start, end, language, today)
    return slots
