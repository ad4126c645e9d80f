"""The judge of a year of prompts: it knows the rules in its own words and sees every message."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Amsterdam")
HOUR = timedelta(hours=1)
FREE = {
    date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1),
    date(2027, 3, 28), date(2027, 3, 29), date(2027, 4, 27), date(2027, 5, 6),
    date(2027, 5, 16), date(2027, 5, 17),
}  # fmt: skip
"""The public holidays of this year, from the calendar on the wall."""


@dataclass(frozen=True)
class Sent:
    """Something that a person got (or perhaps got): the prompt, and what it asked about."""

    at: datetime
    person: str
    prompt: str
    kind: str
    meeting: str
    day: str


@dataclass
class Judge:
    """What people did, by when; and what was sent against it."""

    sent: list[Sent] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    snoozes: Counter[str] = field(default_factory=Counter)
    closed: dict[str, datetime] = field(default_factory=dict)
    off: dict[tuple[str, str], datetime] = field(default_factory=dict)
    left: dict[tuple[str, str], datetime] = field(default_factory=dict)
    silent: dict[str, datetime] = field(default_factory=dict)
    open: dict[str, datetime] = field(default_factory=dict)

    def saw(self, sent: Sent) -> None:
        """A message went out."""
        self.sent.append(sent)
        local = sent.at.astimezone(HOME)
        if not time(8) <= local.time() < time(20):
            self.wrong.append(f"in quiet hours: {local:%Y-%m-%d %H:%M}")
        if local.weekday() >= 5 or local.date() in FREE:
            self.wrong.append(f"on a free day: {local:%Y-%m-%d}")
        if (sent.meeting, sent.day) in self.off:
            self.wrong.append(f"after it was called off: {sent.kind}")
        if (sent.meeting, sent.person) in self.left:
            self.wrong.append(f"after leaving: {sent.kind}")
        if sent.person in self.silent:
            self.wrong.append(f"after never again: {sent.kind}")
        if sent.prompt in self.closed:
            self.wrong.append(f"after an answer: {sent.kind}")
        if sent.person in self.open and self.open[sent.person] - sent.at > HOUR:
            self.wrong.append(f"in the middle of a story: {sent.kind}")

    def verdict(self) -> Counter[str]:
        """How much was sent of each kind; also looks whether anything came too often."""
        for prompt, times in Counter(one.prompt for one in self.sent).items():
            if times > 1 + self.snoozes[prompt]:
                self.wrong.append(f"sent {times} times, {self.snoozes[prompt]} times snoozed")
        return Counter(f"sent {one.kind}" for one in self.sent)
