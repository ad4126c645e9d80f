"""What those who make findings whole share: a story's words with the labels they have so far."""

from __future__ import annotations

from collections.abc import Iterator

from conversations.redaction.evidence import Evidence
from conversations.redaction.tokens import ACRONYM, FIRST, MID, SHOUTED, Token
from conversations.wordlist.fold import words_in
from conversations.wordlist.lexicon import Lexicon

CAPITAL = frozenset((MID, ACRONYM, FIRST, SHOUTED))
ANNOUNCES = frozenset(("title", "kin", "job", "called", "greet", "bye"))
SUFFIXES = words_in("""
    bis hs huis rood zwart a b c d e f g h i ii iii iv o rd boven beneden
""")
LONG_INITIALS = words_in("Tj Th Ch Ph Sj Joh Fr IJ Kl Chr Jac Jb Wm")
JOINS = frozenset((" ", ".", ". ", "-", "'", " '", "’")) | {" ’"}
HEADS = frozenset(("school", "care", "centre", "faith", "club", "firm"))
_MORE_PARTICLES = words_in(
    "van de den het t v d فان دي دو تن تين دير تير ابو ابا ابي ام بو با بن عبد ال"
)


class Whole:
    """Changes labels in place."""

    def __init__(
        self, tokens: list[Token], labels: list[str], evidence: Evidence, lexicon: Lexicon
    ) -> None:
        self.tokens = tokens
        self.labels = labels
        self.evidence = evidence
        self.lexicon = lexicon

    def behind(self, label: str) -> Iterator[int]:
        """The words right behind one with the label, which a word may get meanwhile."""
        return (at + 1 for at in places(self.labels, label) if at + 1 < len(self.labels))

    def free(self, at: int) -> bool:
        return 0 <= at < len(self.tokens) and self.labels[at] == "-" and self.evidence.open[at]

    def is_open(self, at: int) -> bool:
        """Whether a word may become part of a name, whatever else it was taken for."""
        return self.evidence.open[at]

    def is_particle(self, at: int) -> bool:
        word = self.tokens[at].lower
        return self.evidence.cues[at] == "particle" or word in _MORE_PARTICLES

    def is_initial(self, at: int) -> bool:
        tokens = self.tokens
        behind = tokens[at + 1].gap if at + 1 < len(tokens) else "."
        return len(tokens[at].text) == 1 and tokens[at].text.isalpha() and behind.startswith(".")


def places(labels: list[str], label: str) -> Iterator[int]:
    """Where the label stands, one after the other; what is labelled meanwhile further on, too."""
    at = -1
    while True:
        try:
            at = labels.index(label, at + 1)
        except ValueError:
            return
        yield at


def runs(labels: list[str], label: str) -> Iterator[tuple[int, int]]:
    """Where the label stands in a row: the first index and the one behind the last."""
    last = 0
    for first in places(labels, label):
        if first < last:
            continue
        last = first + 1
        while last < len(labels) and labels[last] == label:
            last += 1
        yield first, last
