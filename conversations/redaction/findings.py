"""Findings: what a rule found, where, and of which kind."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of text that may identify someone.

    `label` is the key of its replacement ("school", "date"); `name` tells people with the same
    replacement apart, `role` is what a person is to the teller ("moeder"). `reason` is what the
    finding rests on most: its shape, or for a name the word itself, the lists, what stands before
    or behind it, another place in the story, or the rest of the name.
    """

    start: int
    end: int
    kind: str
    label: str
    name: str = ""
    role: str = ""
    reason: str = "shape"


class Findings:
    """The findings so far. An earlier rule keeps its place: what overlaps it is not added."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []

    def add(self, findings: Iterable[Finding]) -> None:
        """Add findings that overlap nothing found before them."""
        for finding in findings:
            if finding.start < finding.end and not self.overlaps(finding.start, finding.end):
                insort(self._findings, finding, key=_start)

    def cover(self, findings: Iterable[Finding]) -> None:
        """Add findings in the place of what lies within them."""
        for finding in findings:
            first, last = self._within(finding.start, finding.end)
            inside = self._findings[first:last]
            start = min([finding.start, *(each.start for each in inside)])
            end = max([finding.end, *(each.end for each in inside)])
            self._findings[first:last] = [replace(finding, start=start, end=end)]

    def overlaps(self, start: int, end: int) -> bool:
        """Whether something was found within these bounds."""
        first, last = self._within(start, end)
        return first < last

    def _within(self, start: int, end: int) -> tuple[int, int]:
        """From and until which of them lie within these bounds, if only in part: they stand in the
        order of the text, and none overlaps another one."""
        first = bisect_right(self._findings, start, key=_end)
        return first, max(first, bisect_left(self._findings, end, key=_start))

    def kinds_at(self, places: Sequence[tuple[int, int]]) -> list[str]:
        """For each stretch, in order, what was found there ("!phone"); empty for nothing."""
        kinds = [""] * len(places)
        findings = iter(self.sorted())
        finding = next(findings, None)
        for at, (start, end) in enumerate(places):
            while finding is not None and finding.end <= start:
                finding = next(findings, None)
            if finding is None:
                break
            if finding.start < end:
                kinds[at] = "!" + finding.kind.lower()
        return kinds

    def sorted(self) -> list[Finding]:
        """All findings in the order of the text."""
        return list(self._findings)


def _start(finding: Finding) -> int:
    return finding.start


def _end(finding: Finding) -> int:
    return finding.end
