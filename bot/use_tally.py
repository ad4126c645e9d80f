"""What is to be added up of conversations that are over, in memory and nowhere else.

A conversation waits here until its day is over and enough others ended with it; then only sums go
on. Of each sum whole multiples of the small number are written; the rest waits for more. A restart
forgets what waits: it is better not to know than to keep the way of one person.
"""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from conversations.engine.way.trail import OTHER


class Version(NamedTuple):
    guide: str
    fingerprint: str


class _Over(NamedTuple):
    day: str
    marks: tuple[str, ...]


class UseTally:
    """Adds up by version of a guide, question and mark."""

    def __init__(self) -> None:
        self._waiting: dict[Version, dict[tuple[str, str], _Over]] = defaultdict(dict)
        self._rest: Counter[tuple[Version, str]] = Counter()

    def draw_wording(self) -> str:
        """Which of two wordings a new conversation hears."""
        return OTHER if secrets.randbits(1) else ""

    def add(
        self, ids: tuple[str, str], version: tuple[str, str], day: str, marks: tuple[str, ...]
    ) -> None:
        """A conversation is over. By `ids` (person, story) it can be forgotten, while it waits."""
        self._waiting[Version(*version)][ids] = _Over(day, marks)

    def forget(self, its_id: str) -> None:
        """Somebody wiped: what waits of this person, or of this story, does not count."""
        for waiting in self._waiting.values():
            for ids in [each for each in waiting if its_id in each]:
                del waiting[ids]

    def take(self, small: int, until: str) -> Mapping[str, Mapping[tuple[Version, str], int]]:
        """The sums that may be written by now, by day: of versions with which at least `small`
        conversations ended before the day `until`. They wait no longer."""
        written: dict[str, dict[tuple[Version, str], int]] = defaultdict(dict)
        for version, waiting in self._waiting.items():
            over = {ids: each for ids, each in waiting.items() if each.day < until}
            if len(over) < small:
                continue
            day = max(each.day for each in over.values())
            for ids, each in over.items():
                self._rest.update((version, mark) for mark in each.marks)
                del waiting[ids]
            for key, total in self._rest.items():
                if key[0] == version and total >= small:
                    written[day][key] = total - total % small
        for sums in written.values():
            self._rest.subtract(sums)
        return written
