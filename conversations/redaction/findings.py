"""Findings: what a rule found, where, and of which kind."""

from __future__ import annotations

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
                self._findings.append(finding)

    def cover(self, findings: Iterable[Finding]) -> None:
        """Add findings in the place of what lies within them."""
        for finding in findings:
            inside = [
                each
                for each in self._findings
                if each.start < finding.end and finding.start < each.end
            ]
            start = min([finding.start, *(each.start for each in inside)])
            end = max([finding.end, *(each.end for each in inside)])
            self._findings = [each for each in self._findings if each not in inside]
            self._findings.append(replace(finding, start=start, end=end))

    def overlaps(self, start: int, end: int) -> bool:
        """Whether something was found within these bounds."""
        return any(found.start < end and start < found.end for found in self._findings)

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
        return sorted(self._findings, key=lambda finding: finding.start)
