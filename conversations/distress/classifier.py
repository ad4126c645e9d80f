"""Weighs a message by what was learned from sentences that ask for help and from ordinary ones.

A linear model for each language: every word, pair of words and piece of a word has a weight, and so
has every mark that the patterns find. Their sum, above zero, means that the help card is shown. The
weights are made by `benchmarks/distress_train.py`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

from conversations.wordlist.arabic_letters import fold
from conversations.wordlist.fold import fold_latin

HOME = Path(__file__).parent
SCALE = 8.0
MARK = 0.5
"""How much what patterns find counts beside words, before it is weighed."""
KINDS = "wbc"
"""What words, pairs and pieces are called in the file of weights."""
PIECES = (3, 4, 5)
"""How many letters the pieces of a word have."""
MOST_WORDS = 12
"""How many words are weighed together; a single longer sentence is weighed whole."""
MARGIN = 0.5
"""How much more a part of a longer message must weigh, for every doubling of the parts: the more
are weighed, the sooner one of them is heavy by chance."""

_WORD = re.compile(r"[\w'-]+")
_END = re.compile(r"(?<=[.!?…؟])\s+|\n+")


class Features(NamedTuple):
    """What a text is weighed by, each once: its words, pairs of words, and pieces of words."""

    words: Collection[str]
    pairs: Collection[str]
    pieces: Collection[str]

    def names(self) -> list[str]:
        """As they are called in the file of weights."""
        kinds = zip(KINDS, self, strict=True)
        return [f"{kind}:{name}" for kind, names in kinds for name in sorted(names)]


@dataclass(frozen=True, slots=True)
class Classifier:
    """The weights of one language, in hundredths: of each of `Features`, and of marks. `common` are
    its most usual words, by which it is recognised."""

    bias: float
    weights: Sequence[Mapping[str, int]]
    marks: Mapping[str, int]
    common: frozenset[str]

    @property
    def words(self) -> Container[str]:
        """The words that it learned by themselves."""
        return self.weights[0]

    def score(self, features: Features, marks: Collection[str] = ()) -> float:
        """What a text weighs: above zero it asks for help. The marks of patterns weigh as much in a
        long text as in a short one."""
        kinds = zip(self.weights, features, strict=True)
        words = sum(_sum(weights, names) for weights, names in kinds)
        size = math.sqrt(max(sum(map(len, features)), 1))
        return self.bias + (words * SCALE / size + _sum(self.marks, marks) * MARK) / 100


@cache
def classifier_of(language: str) -> Classifier:
    """The weights of a language, read once."""
    lines = (HOME / f"weights-{language}.tsv").read_text(encoding="utf-8").splitlines()
    rows = dict(line.split("\t") for line in lines)
    common = frozenset(rows.pop("common").split())
    bias = float(rows.pop("bias"))
    weights: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
    marks: dict[str, int] = {}
    for name, worth in rows.items():
        kind, _, what = name.partition(":")
        if kind in weights:
            weights[kind][what] = int(worth)
        else:
            marks[name] = int(worth)
    return Classifier(bias, tuple(weights.values()), marks, common)


def words_of(text: str) -> list[str]:
    """The words of a text, as letters without marks."""
    return _WORD.findall(fold_latin(fold(text.replace("İ", "i"))).replace("'", ""))


def features_of(words: Sequence[str], learned: Container[str] = ()) -> Features:
    """What words are weighed by. The pieces of those that were `learned` are remembered; of all
    others, among which names, nothing is."""
    pairs = map(" ".join, zip(("^", *words), (*words, "$"), strict=True))
    pieces = [_learned_pieces(word) if word in learned else _pieces(word) for word in words]
    return Features(set(words), set(pairs), set().union(*pieces))


def _sum(weights: Mapping[str, int], names: Collection[str]) -> int:
    return sum(map(weights.get, names, repeat(0)))


def _pieces(word: str) -> Collection[str]:
    """The pieces of a word, with where it begins and ends."""
    whole = f"<{word}>"
    return {
        whole[place : place + size] for size in PIECES for place in range(len(whole) - size + 1)
    }


_learned_pieces = cache(_pieces)


def parts_of(text: str) -> Iterator[str]:
    """A text in parts of some sentences, of which the last is the first of the next part."""
    sentences = [each for each in _END.split(text) if each.strip()]
    sizes = [len(each.split()) for each in sentences]
    first = 0
    while first < len(sentences):
        last, size = first + 1, sizes[first]
        while last < len(sentences) and size + sizes[last] <= MOST_WORDS:
            size += sizes[last]
            last += 1
        yield " ".join(sentences[first:last])
        if last == len(sentences):
            break
        first = max(first + 1, last - 1)


def language_of(words: Sequence[str], languages: Sequence[str]) -> str:
    """In which of these languages words are, as far as their usual words tell; else the first."""

    def usual(language: str) -> int:
        return sum(map(classifier_of(language).common.__contains__, words))

    return max(languages, key=usual)
