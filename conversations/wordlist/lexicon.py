"""What the lists know of one word of a text: how ordinary it is, and what it may name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from conversations.wordlist import WordList
from conversations.wordlist.fold import fold_latin

_ENDS = re.compile(
    r"(?:[ln][ae]r|[iu]m|[iu]z|s[iu]|n?[iu]n|y?[aeiu]|[dt][ae]n?|y?l[ae]|[dt][iu]|m[iu]s"
    r"|[iae]?[iu]yor?|[ae]c[ae][kg]|m[ae]"
    r"|[iae]?r|m[ae]z|m[ae]k|s[ae]|[iu]p|[iu]l|[iu]nc[ae]|k[ei]?|l[iu]k?|s[iu]z|c[iu]|ki|ken"
    r"|d[iu]r|[iu]t|n|m|y|z|g[iu])+"
)
_PERSONAL = frozenset(("kin", "title", "called"))
_ADDRESSED = _PERSONAL | {"job", "greet", "bye"}
_INFLECTED = re.compile("(?:tjes?|jes?|s|en|e|t|d)$")
FUNCTION, COMMON, FREQUENT, LISTED, COMPOUND, STRANGE, UNLISTED = "1234567"
"""How ordinary a word is, from the three hundred most frequent words of the language to what is on
no list. `STRANGE` is frequent in texts and yet no word of the dictionary: mostly names."""

Known = tuple[str, str, str]
"""The name in a word, or the word itself; its cue; how ordinary it is with what it may name, or a P
for what points at nobody."""
Phrases = dict[tuple[str, ...], tuple[tuple[str, ...], ...]]
"""Phrases by their first two words, the longest first: hardly any two words begin one."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The lists of one language.

    `frequent` holds words with how frequent they are, `sure` given names that are hardly ever
    anything else, `given` and `family` names of all origins, `towns` places, `public` what points
    at nobody, `figures` those of it that are somebody's name. All are in small letters; names and
    towns without marks. `endings` are those of words that announce something, by their length, the
    longest first. `cued` are names that are words first: only what stands beside them tells.
    `known` is filled by `learn`, never by what people write.
    """

    frequent: dict[str, str] = field(default_factory=dict)
    sure: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    family: frozenset[str] = frozenset()
    towns: frozenset[str] = frozenset()
    public: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()
    phrases: Phrases = field(default_factory=dict)
    town_phrases: Phrases = field(default_factory=dict)
    words: WordList | None = None
    cues: dict[str, str] = field(default_factory=dict)
    capitals: bool = False
    lean: float = 0.4
    strange_from: str = STRANGE
    named: float = 2.0
    unnamed: float = 0.0
    cases: re.Pattern[str] | None = None
    endings: tuple[tuple[int, dict[str, str]], ...] = ()
    cued: frozenset[str] = frozenset()
    known: dict[str, Known] = field(default_factory=dict)

    def learn(self, words: Iterable[str]) -> None:
        """Look up once and for all what most words of any text are."""
        self.known.update((word, self.look_up(word)) for word in words)

    def look_up(self, lower: str) -> Known:
        """All that the lists know of a word by itself."""
        known = self.known.get(lower)
        if known is not None:
            return known
        rarity, stem = self.rarity(lower), self.stem(lower)
        naming = "P" if stem in self.public else self.naming(stem, rarity)
        return stem, self.cue(lower), rarity + naming

    def rarity(self, lower: str) -> str:
        """How ordinary a word is: one of the constants above."""
        band = self.frequent.get(lower, "")
        if not lower.isascii() and (not band or band == STRANGE):
            band = self.frequent.get(fold_latin(lower), band)
        if not band and self.cases is not None and self._is_inflected(fold_latin(lower)):
            return COMPOUND
        if band or self.words is None:
            return band or UNLISTED
        if self.words.is_listed(lower):
            return LISTED
        if self.words.is_sound(lower):
            return COMMON
        return COMPOUND if self._is_compound(lower) else UNLISTED

    def _is_inflected(self, word: str) -> bool:
        """Whether a Turkish word begins with a word of the list and ends like a form of one."""
        return any(
            word[:cut] in self.frequent and _ENDS.fullmatch(word[cut:])
            for cut in range(len(word) - 1, 3, -1)
        )

    def is_slip(self, lower: str) -> bool:
        """Whether an unknown word is rather misspelt than a name."""
        return (
            self.words is not None
            and self.naming(lower, UNLISTED) == "-"
            and self.words.is_slip(lower)
        )

    def _is_compound(self, lower: str) -> bool:
        """Whether a word is put together from two frequent ones, or an inflected form of one."""
        frequent = self.frequent
        stem = _INFLECTED.sub("", lower)
        if stem != lower and len(stem) > 2 and "1" <= frequent.get(stem, "") <= FREQUENT:
            return True
        for cut in range(4, len(lower) - 3):
            tail = frequent.get(lower[cut:], STRANGE)
            if tail > FREQUENT:
                continue
            if len(lower) > 11 and len(lower) - cut > 4:
                return True
            head = lower[:cut]
            for link in ("", "s", "en"):
                stem = head[: len(head) - len(link)]
                frequent_head = len(stem) > 2 and frequent.get(stem, STRANGE) <= FREQUENT
                if frequent_head and head.endswith(link) and len(lower) > 7:
                    return True
        return False

    def stem(self, lower: str) -> str:
        """The name in a word with an ending ("fadimenin" is "fadime"), else the word itself."""
        if self.cases is None or len(lower) < 5:
            return lower
        word = fold_latin(lower)
        if word in self.given or word in self.frequent:
            return lower
        for cut in range(len(word) - 1, 2, -1):
            if self._is_known(word[:cut]) and self.cases.fullmatch(word[cut:]):
                return word[:cut]
        return lower

    def _is_known(self, word: str) -> bool:
        return word in self.sure or word in self.given or word in self.towns

    def naming(self, lower: str, rarity: str) -> str:
        """What a word may name: S a given name and nothing else, G a given name, F a family,
        B both, T a town, D a town and a name, C something with a capital, - nothing."""
        word = lower if lower.isascii() else fold_latin(lower)
        given, family, town = word in self.given, word in self.family, word in self.towns
        if word in self.sure or lower in self.sure or self._is_joined(word):
            return "E" if town else "S"
        if given or family:
            return "D" if town else ("B" if given and family else "G" if given else "F")
        if town and rarity != FUNCTION:
            return "T"
        if rarity >= LISTED and self.words is not None and self.words.carries_capital(lower):
            return "C"
        return "-"

    def _is_joined(self, word: str) -> bool:
        """Whether it is a Turkish name of two names ("emirhan", "aysenur")."""
        if self.cases is None or len(word) < 6:
            return False
        return word.endswith(("han", "can", "nur", "gul", "naz")) and word[:-3] in self.given

    def mark_public(self, words: Sequence[str], taken: list[str]) -> None:
        """Mark as taken what points at nobody: phrases ("jan modaal"), and words that are hardly
        ever a name, unless what stands before them announces one. In Turkish the verb stands
        last, and whom somebody told what stands side by side ("Doktor Parkinson dedi")."""
        for at, pair in enumerate(pairwise(words)):
            for phrase in self.phrases.get(pair, ()):
                if tuple(words[at : at + len(phrase)]) == phrase:
                    if not self._is_announced(words, at):
                        for place in range(at, at + len(phrase)):
                            taken[place] = taken[place] or "!public"
                    break
        for at, word in enumerate(words):
            if word not in self.public or len(word) == 1 or taken[at] or self.cue(word):
                continue
            first = self._before(words, at)
            before = self.cue(first)
            if word in self.sure and before != "det":
                continue
            if word in self.figures and (before in _ADDRESSED or self._could_be_given(first)):
                continue
            listed = word in self.given or word in self.family
            named = before in _PERSONAL
            called = (listed or word not in self.figures) and any(
                self.cue(each) == "called" for each in words[max(0, at - 3) : at]
            )
            titled = before == "title" and self.cases is None and self.rarity(word) > FREQUENT
            behind = first in self.given and self.rarity(first) > FREQUENT
            if not (called or titled or behind or (named and listed)):
                taken[at] = "!public"

    def _is_announced(self, words: Sequence[str], at: int) -> bool:
        """Whether what stands before a phrase announces a person."""
        return self.cases is None and self.cue(self._before(words, at)) in _ADDRESSED

    def _before(self, words: Sequence[str], at: int) -> str:
        """The word before this one, across initials and the small words of a name."""
        place = at - 1
        while place > max(0, at - 4) and (
            len(words[place]) == 1 or self.cue(words[place]) == "particle"
        ):
            place -= 1
        return words[place] if place >= 0 else ""

    def _could_be_given(self, word: str) -> bool:
        return bool(word) and (word in self.given or self.rarity(word) >= STRANGE)

    def cue(self, lower: str) -> str:
        """What a word announces ("kin", "title"); empty for nothing."""
        found = self.cues.get(lower)
        if not found and not lower.isascii():
            found = self.cues.get(fold_latin(lower))
        if found is None and len(lower) > 5:
            for size, endings in self.endings:
                if cue := endings.get(lower[-size:]):
                    return cue
        return found or ""
