"""The words of a language as the redactor sees them: ordinary ones, names, places, and words
that carry a capital but point at nobody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_LINKS = ("", "s", "-")
_SHORTEST_HEAD = 3
_SHORTEST_TAIL = 4
_SHORTEST_TYPO = 7
_LONGEST = 40
_NEAR = 4096
"""So many bytes are searched faster from one end to the other."""
_ENDINGS = ("ende", "elijk", "elijke", "heid", "heden", "ingen", "eren", "eerde", "eerd", "ische")
_STRETCHED = re.compile(r"([^\W\d_])\1\1")
_VOWEL = re.compile("[aeiouyıæøœ]")
_ACUTE = "\u0301"


@dataclass(frozen=True, slots=True)
class WordList:
    """What is known of words. Every question takes a word as it was written.

    `ordinary` and `capitalised` are sorted lines between newlines, so that some 400,000 words
    take 5 MB; the sets hold lower-case words. `double` are given names that are words as well.
    """

    ordinary: bytes = b"\n"
    capitalised: bytes = b"\n"
    given: frozenset[str] = frozenset()
    double: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    public: frozenset[str] = frozenset()

    @property
    def knows_words(self) -> bool:
        """Whether there is a list of ordinary words, so that an unknown word says something."""
        return len(self.ordinary) > len(b"\n\n")

    def is_ordinary(self, word: str) -> bool:
        """Whether it is a word of the language, or put together from two."""
        lower = word.lower()
        return any(_holds(self.ordinary, form) for form in {lower, _unstressed(lower)}) or (
            not self.carries_capital(word) and self._is_compound(lower)
        )

    def is_sound(self, word: str) -> bool:
        """Whether it is more a sound than a word: stretched ("jaaaa") or without vowels ("pff")."""
        lower = unicodedata.normalize("NFD", word.lower())
        return _STRETCHED.search(lower) is not None or not _VOWEL.search(lower)

    def is_slip(self, word: str) -> bool:
        """Whether an unknown word is rather misspelt than a name. Takes up to a millisecond."""
        lower = word.lower()
        if not _SHORTEST_TYPO <= len(lower) <= _LONGEST or self.carries_capital(word):
            return False
        return lower.endswith(_ENDINGS) or any(self._is_listed_lower(near) for near in _near(lower))

    def _is_listed_lower(self, lower: str) -> bool:
        return _holds(self.ordinary, lower)

    def is_listed(self, word: str) -> bool:
        """Whether the list itself holds the word; a compound it does not hold is not enough."""
        return _holds(self.ordinary, word.lower())

    def carries_capital(self, word: str) -> bool:
        """Whether the language writes it with a capital: most names known to the list."""
        return _holds(self.capitalised, word[:1].upper() + word[1:].lower()) or _holds(
            self.capitalised, word
        )

    def is_given(self, word: str) -> bool:
        """Whether it is a given name, which may be a word as well ("Roos")."""
        return word.lower() in self.given

    def is_only_given(self, word: str) -> bool:
        """Whether it is a given name and hardly ever anything else ("Fatima", "Kees")."""
        lower = word.lower()
        return lower in self.given and lower not in self.double

    def is_place(self, word: str) -> bool:
        """Whether it is a town or a neighbourhood, of one word or more."""
        return word.lower() in self.places

    def is_public(self, word: str) -> bool:
        """Whether it is a capital that points at nobody ("DigiD", "Turkse", "Pasen")."""
        return word.lower() in self.public

    def _is_compound(self, word: str) -> bool:
        if len(word) > _LONGEST:
            return False
        small = re.sub(r"(?:tje|je)s?$", "", word)
        if small != word and len(small) >= _SHORTEST_HEAD and _holds(self.ordinary, small):
            return True
        for cut in range(_SHORTEST_HEAD, len(word) - _SHORTEST_TAIL + 1):
            head, tail = word[:cut], word[cut:]
            if not _holds(self.ordinary, tail):
                continue
            if head in self.public or any(
                head.endswith(link)
                and len(stem := head.removesuffix(link)) >= _SHORTEST_HEAD
                and _holds(self.ordinary, stem)
                for link in _LINKS
            ):
                return True
        return False


def _unstressed(word: str) -> str:
    """The word without the accents of emphasis ("één", "wél"); other accents are spelling."""
    split = unicodedata.normalize("NFD", word)
    if _ACUTE not in split:
        return word
    return unicodedata.normalize("NFC", split.replace(_ACUTE, ""))


def _near(word: str) -> Iterator[str]:
    """The words of which this one may be a slip: a letter too many, too few, or two swapped."""
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
        for letter in "aeinrt" + word[at]:
            yield word[:at] + letter + word[at:]


def _holds(lines: bytes, word: str) -> bool:
    """Whether a sorted list of lines, with a newline before and after each, holds a word."""
    wanted = b"\n" + word.encode() + b"\n"
    low, high = 0, len(lines) - 1
    while high - low > _NEAR:
        start = lines.rfind(b"\n", low, (low + high) // 2 + 1)
        end = lines.find(b"\n", start + 1)
        found = lines[start : end + 1]
        if found == wanted:
            return True
        if found < wanted:
            low = end
        else:
            high = start
    return lines.find(wanted, low, high + 1) >= 0
