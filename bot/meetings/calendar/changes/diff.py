"""The difference between a newly read calendar and the meetings that are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.meetings.calendar.changes.itip import apply_message, is_day, with_day
from bot.meetings.calendar.changes.recognise import Recognised, may_be, recognise
from bot.meetings.calendar.changes.versions import (
    PARTS,
    changed_here,
    changed_parts,
    fingerprinted,
    is_older,
    seen_as,
    with_parts,
)
from bot.meetings.calendar.report import CalendarMessage, Report
from bot.meetings.model.meeting import CalendarVersion, Meeting, MeetingState, Override
from bot.meetings.model.series import goes_on, occurrence

LONG_PAST = timedelta(days=366)
"""What was over so long ago is not taken over: it would be forgotten at once."""


@dataclass(frozen=True, slots=True)
class MeetingChange:
    """A meeting before and after; `after` keeps what is ours: id, code, and what a calendar does
    not say (teams, delay)."""

    before: Meeting
    after: Meeting


@dataclass(frozen=True, slots=True)
class Changes:
    """What to store: new meetings, changed ones, and those that are off from now on. `quiet` are
    changed only in what is remembered about them, `absorbed` were known as one day of a new series.
    `doubted` is how many are gone, which is not believed yet; `asked` are gone and may be something
    that is new; `overruled` were changed here, and otherwise by their calendar. `past` is how many
    were over too long ago."""

    added: tuple[Meeting, ...] = ()
    changed: tuple[MeetingChange, ...] = ()
    unchanged: tuple[Meeting, ...] = ()
    cancelled: tuple[MeetingChange, ...] = ()
    quiet: tuple[MeetingChange, ...] = ()
    absorbed: tuple[Meeting, ...] = ()
    doubted: int = 0
    asked: tuple[Meeting, ...] = ()
    overruled: tuple[Meeting, ...] = ()
    past: int = 0


@dataclass(frozen=True, slots=True)
class FeedRead:
    """How a feed was read: which meetings are its own (uids), and whether there are other feeds,
    to which one of them may have moved."""

    own: frozenset[str] = frozenset()
    others: bool = False


def diff(
    known: Iterable[Meeting], read: Report, now: datetime, *, feed: FeedRead | None = None
) -> Changes:
    """Compare what is known with what was read.

    An older version than the known one changes nothing, and of a newer one only what the calendar
    itself changed, so that what was changed here stays. In a `feed` (the whole calendar, read to
    its end) a meeting of it that is no longer there is cancelled, if it still lies ahead of `now`:
    many calendars leave out what is past. One that could not be read stays as it is, and so does
    one that goes on under another name. When most of a feed is gone, that is believed only the
    second time; and when something new may be what is gone, it is asked about.
    """
    return _Comparison(list(known), read, now, feed).made()


@dataclass
class _Comparison:
    known: list[Meeting]
    read: Report
    now: datetime
    feed: FeedRead | None
    overruled: list[Meeting] = field(default_factory=list)
    absorbed: list[Meeting] = field(default_factory=list)
    past: int = 0

    def made(self) -> Changes:
        found = [fingerprinted(one) if one.said is None else one for one in self.read.meetings]
        mine = self.feed.own if self.feed else frozenset[str]()
        which = recognise(self.known, found, mine)
        after = {one.uid: self._after(one, which) for one in self.known}
        self._hear(after)
        added = self._added(which)
        asked, doubted = self._gone(after, which, added)
        changed, unchanged, cancelled = self._sorted(after)
        quiet = [MeetingChange(one, after[one.uid]) for one in unchanged if after[one.uid] != one]
        return Changes(
            tuple(added),
            tuple(changed),
            tuple(unchanged),
            tuple(cancelled),
            tuple(quiet),
            tuple(self.absorbed),
            doubted,
            tuple(asked),
            tuple(self.overruled),
            self.past,
        )

    def _sorted(
        self, after: dict[str, Meeting]
    ) -> tuple[list[MeetingChange], list[Meeting], list[MeetingChange]]:
        changed: list[MeetingChange] = []
        unchanged: list[Meeting] = []
        cancelled: list[MeetingChange] = []
        for old in self.known:
            new = after[old.uid]
            if _content(new) == _content(old):
                unchanged.append(old)
            elif new.state == "cancelled" != old.state:
                cancelled.append(MeetingChange(old, new))
            else:
                changed.append(MeetingChange(old, new))
        return changed, unchanged, cancelled

    # -- what was found of a known meeting

    def _after(self, old: Meeting, which: Recognised) -> Meeting:
        new = old
        for found in which.named.get(old.uid, ()):
            new = self._of_name(new, found)
        if renamed := which.renamed.get(old.uid):
            new = self._renamed(new, renamed)
        for part in which.rest.get(old.uid, ()):
            new = replace(new, parts=(*new.parts, replace(part, state=_on(part))))
        for day in which.days.get(old.uid, ()):
            new = _with_single(new, day)
        if old.uid in which.seen() and new.noted in ("missing", "asked"):
            new = replace(new, noted="")
        return new

    def _of_name(self, old: Meeting, found: Meeting) -> Meeting:
        if found.uid in old.aliases:  # a copy in another calendar, with versions of its own
            return self._merged(old, found, same=False) if old.noted == "missing" else old
        for number, part in enumerate(old.parts):
            if part.uid == found.uid:
                parts = list(old.parts)
                parts[number] = self._merged(part, found, same=True)
                return replace(old, parts=tuple(parts))
        return self._merged(old, found, same=True)

    def _renamed(self, old: Meeting, found: Meeting) -> Meeting:
        new = self._merged(old, found, same=False)
        if self.feed and old.uid in self.feed.own:
            return replace(new, uid=found.uid)
        return replace(new, aliases=(*new.aliases, found.uid))

    def _merged(self, old: Meeting, found: Meeting, *, same: bool) -> Meeting:
        """What was read, with what only we know. A new time makes it a moved meeting, and it stays
        one while nothing else is said. `same`: it goes by the same name, so versions compare."""
        said, last = found.said or CalendarVersion(), old.said
        if last is None or not last.parts:
            if same and found.sequence < old.sequence:  # changed here, before versions were kept
                return self._remember(old, found)
            parts = set(said.parts)
        elif same and is_older(said, last, feed=self.feed is not None):
            return old
        else:
            parts = changed_parts(found, last, raised=same)
        new = with_parts(old, found, parts)
        if found.uid in self.read.asked and "times" not in parts - _same(old, found):
            new = replace(new, overrides=_kept_days(old, found))
        if "state" in parts or old.state != "cancelled":
            moved = "times" in parts and _times(new) != _times(old)
            off = new.state == "cancelled"
            state: MeetingState = (
                "cancelled" if off else "moved" if moved or old.state == "moved" else "planned"
            )
            new = replace(new, state=state)
        if _content(new) == _content(old):
            return self._remember(old, found)
        if same and changed_here(old) & _SHOWN - _same(old, new):
            new = replace(new, noted="overruled")
            self.overruled.append(new)
        newer = found.sequence > old.sequence
        sequence = found.sequence if newer or not same else old.sequence + _behind(old, found)
        return replace(new, sequence=sequence, said=said)

    def _remember(self, old: Meeting, found: Meeting) -> Meeting:
        """What was said, although it changes nothing."""
        known = old.said
        if known is None or not known.parts or known.sequence != found.sequence:
            return replace(old, said=found.said)
        return old

    def _hear(self, after: dict[str, Meeting]) -> None:
        for message in self.read.messages:
            for uid in self._meant(message):
                if not self._counts(after[uid], message):
                    continue
                new = apply_message(after[uid], message)
                if message.at is None and message.off and new.state == "cancelled":
                    new = seen_as(new, message.said)
                after[uid] = new

    def _meant(self, message: CalendarMessage) -> list[str]:
        """The uids of the known meetings that a message is about: one, or the days of a series of
        which only days are known."""
        whole = next((one.uid for one in self.known if message.uid in one.uids), None)
        if whole is not None:
            return [whole]
        days = [one for one in self.known if one.uid.partition("#")[0] == message.uid]
        return [one.uid for one in days if message.at is None or is_day(one, message.at)]

    def _counts(self, known: Meeting, message: CalendarMessage) -> bool:
        last = known.said
        return last is None or not is_older(message.said, last, feed=False)

    # -- what is new

    def _added(self, which: Recognised) -> list[Meeting]:
        added: list[Meeting] = []
        for new in which.new:
            for day in which.days_known.get(new.uid, ()):
                new = _with_known_day(new, day)
                self.absorbed.append(day)
            if goes_on(new, self.now - LONG_PAST):
                added.append(new)
            else:
                self.past += 1
        return added

    # -- what is gone

    def _gone(
        self, after: dict[str, Meeting], which: Recognised, added: list[Meeting]
    ) -> tuple[list[Meeting], int]:
        """Call off what its feed does not hold any more, although it lies ahead and could have been
        read; or doubt it."""
        feed = self.feed
        if feed is None or not self.read.complete:
            return [], 0
        seen = which.seen()
        unreadable = {problem.uid for problem in self.read.problems}
        ahead = [
            one
            for one in self.known
            if one.uid in feed.own and one.state != "cancelled" and goes_on(one, self.now)
        ]
        gone = [
            one
            for one in ahead
            if one.uid not in seen and one.uid.partition("#")[0] not in unreadable
        ]
        most = len(gone) > len(ahead) - len(gone)
        asked: list[Meeting] = []
        doubted = 0
        for one in gone:
            if any(may_be(one, new) for new in added) or one.noted == "asked":
                asked.append(one)
                after[one.uid] = replace(after[one.uid], noted="asked")
            elif one.noted != "missing" and (most or feed.others):
                doubted += 1
                after[one.uid] = replace(after[one.uid], noted="missing")
            else:
                after[one.uid] = _off(after[one.uid])
        for one in ahead:
            if one.parts and one.uid in seen:
                after[one.uid] = self._parts_gone(after[one.uid], which)
        return asked, doubted

    def _parts_gone(self, series: Meeting, which: Recognised) -> Meeting:
        """A stretch of a series that is gone while another is there: it is off from now on."""
        found = {one.uid for one in (*which.named[series.uid], *which.rest.get(series.uid, ()))}
        parts = tuple(
            replace(part, state="cancelled")
            if part.uid not in found and goes_on(part, self.now)
            else part
            for part in series.parts
        )
        return replace(series, parts=parts)


_SHOWN = {"times", "days", "state"}
"""The parts in which a difference between here and the calendar is shown."""


def _content(one: Meeting) -> Meeting:
    """A meeting without what is only remembered about it."""
    parts = tuple(map(_content, one.parts))
    return replace(one, said=None, noted="", parts=parts, aliases=())


def _behind(old: Meeting, found: Meeting) -> int:
    """Whether what we give out needs a later number than the calendar has, to be seen."""
    return 1 if old.sequence > found.sequence else 0


def _same(old: Meeting, found: Meeting) -> set[str]:
    """The parts in which two do not differ."""
    return {part for part in PARTS if with_parts(old, found, {part}) == old}


def _times(meeting: Meeting) -> tuple[object, ...]:
    return meeting.start, meeting.end, meeting.tz, meeting.rrule


def _on(part: Meeting) -> MeetingState:
    return "cancelled" if part.state == "cancelled" else "planned"


def _off(meeting: Meeting) -> Meeting:
    return seen_as(replace(meeting, state="cancelled", noted=""), meeting.said or CalendarVersion())


def _kept_days(old: Meeting, found: Meeting) -> tuple[Override, ...]:
    """The days that differ: an invitation to a whole series leaves out what was said before."""
    days: defaultdict[datetime, Override] = defaultdict()
    days.update({one.at: one for one in (*old.overrides, *found.overrides)})
    return tuple(sorted(days.values(), key=lambda one: one.at))


def _with_single(series: Meeting, day: Meeting) -> Meeting:
    """The series with what its calendar says about one day, as a meeting by itself."""
    held = occurrence(series, series.local(day.start).date())
    if held is None:
        return series
    off = day.state == "cancelled"
    if (held.start, held.end) == (day.start, day.end) and off == (held.state == "cancelled"):
        return series
    made = Override(held.at, day.start, day.end, day.title, day.place, cancelled=off)
    return with_day(series, made)


def _with_known_day(series: Meeting, day: Meeting) -> Meeting:
    """The new series with one of its days as it was known before."""
    at = datetime.strptime(day.uid.rpartition("#")[2], "%Y%m%dT%H%M%S%z")
    said, off = day.said or CalendarVersion(), day.state == "cancelled"
    return apply_message(series, CalendarMessage(series.uid, said, at, off, alone=day))
