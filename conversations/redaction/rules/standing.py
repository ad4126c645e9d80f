"""Where the words of a text stand. Most rules begin with one of a few words: they look at a text
only where such a word stands, which takes a tenth of the time of looking everywhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

_RUN = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_SMALL = str.maketrans({"İ": "i", "ı": "i", "ſ": "s"})
"""Letters that a pattern without regard to case takes for others; nothing moves."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A text, the same in small letters (of which some are written alike), where each of its words
    in small letters stands, and whether it holds a digit."""

    text: str
    low: str
    places: Mapping[str, Sequence[int]]
    digits: bool

    def holds(self, *parts: str) -> bool:
        """Whether one of these stands anywhere, in a word too."""
        return any(map(self.low.__contains__, parts))

    def at(self, words: Collection[str]) -> list[int]:
        """Where any of these words begins, in order."""
        if isinstance(words, frozenset) and words.isdisjoint(self.places):
            return []
        return sorted(at for word in words for at in self.places.get(word, ()))

    def found(self, pattern: re.Pattern[str], words: Collection[str]) -> Iterator[re.Match[str]]:
        """As `finditer` for a pattern that begins with one of these words."""
        end = 0
        for at in self.at(words):
            if at >= end and (found := pattern.match(self.text, at)):
                end = found.end()
                yield found


def standing(text: str) -> Standing:
    """A text with its words."""
    low = text.translate(_SMALL).lower()
    places: dict[str, list[int]] = {}
    for run in _RUN.finditer(low):
        places.setdefault(run.group(), []).append(run.start())
    return Standing(text, low, places, _DIGIT.search(text) is not None)
