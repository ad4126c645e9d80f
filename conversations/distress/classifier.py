"""Weighs a message by what was learned from sentences that ask for help and from ordinary ones.

A linear model for each language: every word, pair of words and piece of a word has a weight, and so
has every mark that the patterns find. Their sum, above zero, means that the help card is shown. The
weights are made by `benchmarks/distress_train.py`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conversations.wordlist.arabic_letters import fold
from conversations.wordlist.fold import fold_latin

HOME = Path(__file__).parent
SCALE = 8.0
MARK = 0.5
"""How much what patterns find counts beside words, before it is weighed."""
PIECES = (3, 4, 5)
"""How many letters the pieces of a word have."""
MOST_WORDS = 12
"""How many words are weighed together; a single longer sentence is weighed whole."""
MARGIN = 0.1
"""How much more a part of a longer message must weigh, for every doubling of the parts: the more
are weighed, the sooner one of them is heavy by chance."""

_WORD = re.compile(r"[\w'-]+")
_END = re.compile(r"(?<=[.!?…؟])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Classifier:
    """The weights of one language. `common` are its most usual words, by which it is recognised."""

    bias: float
    weights: Mapping[str, float]
    common: frozenset[str]

    def score(self, features: Sequence[str], marks: Iterable[str] = ()) -> float:
        """What a text weighs: above zero it asks for help. The marks of patterns weigh as much in a
        long text as in a short one."""
        get = self.weights.get
        words = sum(get(feature, 0.0) for feature in features)
        size = math.sqrt(max(len(features), 1))
        found = sum(get(mark, 0.0) for mark in marks)
        return self.bias + words * SCALE / size + found * MARK


@cache
def classifier_of(language: str) -> Classifier:
    """The weights of a language, read once."""
    lines = (HOME / f"weights-{language}.tsv").read_text(encoding="utf-8").splitlines()
    rows = dict(line.split("\t") for line in lines)
    common = frozenset(rows.pop("common").split())
    bias = float(rows.pop("bias"))
    return Classifier(bias, {name: int(worth) / 100 for name, worth in rows.items()}, common)


def words_of(text: str) -> list[str]:
    """The words of a text, as letters without marks."""
    return _WORD.findall(fold_latin(fold(text.replace("İ", "i"))).replace("'", ""))


def features_of(words: Sequence[str]) -> list[str]:
    """What words are weighed by: each once."""
    found: dict[str, None] = {}
    before = "^"
    for word in words:
        found[f"w:{word}"] = found[f"b:{before} {word}"] = None
        before = word
        whole = f"<{word}>"
        for size in PIECES:
            for place in range(len(whole) - size + 1):
                found[f"c:{whole[place : place + size]}"] = None
    found[f"b:{before} $"] = None
    return list(found)


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
        common = classifier_of(language).common
        return sum(word in common for word in words)

    return max(languages, key=usual)
