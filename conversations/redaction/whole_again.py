"""The same name wherever else it stands in a story."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from conversations.redaction.tokens import ACRONYM, FIRST, MID, NUMBER, SHOUTED, SLOPPY
from conversations.redaction.whole import ANNOUNCES, JOINS, SUFFIXES, places
from conversations.redaction.whole_names import WholeNames
from conversations.wordlist.lexicon import COMPOUND, FUNCTION

_ENDEARING = ("tje", "je", "pje", "etje", "tjes", "ke", "ken", "ie", "y", "cik", "cığım")


class RepeatedNames(WholeNames):
    """Finds again what was found once."""

    def find_again(self) -> None:
        """The same name wherever else it stands: in other case, in part, with an s behind it."""
        known: set[str] = set()
        small: set[tuple[str, str]] = set()
        for at in places(self.labels, "PER"):
            token = self.tokens[at]
            if len(token.text) > 1 and not self.is_particle(at):
                known.add(token.lower)
                if at and self.is_particle(at - 1) and self.labels[at - 1] == "PER":
                    small.add((self.tokens[at - 1].lower, token.lower))
        for at in self.behind("PER"):
            if self.labels[at] == "PER" and self.tokens[at].gap in " -":
                known.add(self.tokens[at - 1].lower + self.tokens[at].lower)
        alike = _by_beginning(known)
        numbers = {
            self.tokens[at].text
            for at in places(self.labels, "ADDRESS")
            if self.tokens[at].case == NUMBER
        }
        if not known and not numbers:
            return
        for at, token in enumerate(self.tokens):
            if (
                token.text in numbers
                and token.case == NUMBER
                and self.free(at)
                and at + 1 < len(self.tokens)
                and self.tokens[at + 1].gap == ""
                and self.tokens[at + 1].lower in SUFFIXES
            ):
                self.labels[at] = self.labels[at + 1] = "ADDRESS"
            word = token.lower
            names = alike.get(word[:2], ())
            if not (names or word[:1] in alike) or not self.free(at) or len(token.text) < 2:
                continue
            same = (
                word in known
                or (word.endswith("s") and word[:-1] in known)
                or (len(word) > 5 and any(_slip(word, name) for name in names))
                or any(_is_short(word, name) for name in names)
            )
            if same and self._is_again(at):
                self.labels[at] = "PER"
                self.add_before(at)
                if at and self.free(at - 1) and (self.tokens[at - 1].lower, word) in small:
                    self.labels[at - 1] = "PER"

    def _is_again(self, at: int) -> bool:
        """Whether a word that is the name of somebody is so here too, and not an ordinary word."""
        token, kind = self.tokens[at], self.evidence.kinds[at]
        rarity, naming = kind[0], kind[1]
        capital = token.case == MID or (token.case in (FIRST, ACRONYM) and rarity != FUNCTION)
        if capital or rarity > COMPOUND or naming in "SE" or token.bare_start > token.start:
            return True
        if rarity == FUNCTION or not at:
            return False
        if self.is_particle(at - 1) and token.gap in JOINS:
            return True
        cue = self.evidence.cues[at - 1]
        said = token.case == SLOPPY and cue in ("says", "person_verb", "to")
        beside = cue in ANNOUNCES or cue in ("with", "and") or token.case == SHOUTED
        return naming in "GBFD" and (said or beside)


def _by_beginning(names: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Names by their first two letters."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(name[:2], []).append(name)
    return found


def _is_short(word: str, name: str) -> bool:
    """Whether one of two words is the other with an ending of endearment ("Toontje", "Jopie")."""
    short, long = (word, name) if len(word) < len(name) else (name, word)
    return len(short) > 2 and long.startswith(short) and long[len(short) :] in _ENDEARING


def _slip(word: str, name: str) -> bool:
    """Whether two words of six letters and more, which begin alike, differ in one letter."""
    if abs(len(word) - len(name)) > 1:
        return False
    if len(word) == len(name):
        return sum(a != b for a, b in zip(word, name, strict=True)) == 1
    short, long = sorted((word, name), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
