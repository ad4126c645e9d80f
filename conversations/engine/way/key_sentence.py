"""Proposes sentences of a story on which it may turn: those that share most with the others, as in
a graph of sentences where each vote counts by who gives it (TextRank). No model: words alone.

They are the teller's own, in the order in which they were told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import log

from conversations.wordlist.load import fold_word, stop_words

PROPOSED = 3
LONGEST = 140
"""The most characters of a sentence that is proposed; of a longer one its parts are looked at."""
FEWEST = 3
"""Words of a sentence that says something."""
RANKED = 40
"""The most sentences that are compared with each other: those with the most to say."""
ROUNDS = 20
DAMPING = 0.85
ALIKE = 0.6
"""Sentences that share more than this of their words say the same."""

_END = re.compile(r"(?<=[.!?…؟۔])[\"'”’»)]*\s+|\s*\n\s*")
_CLAUSE = re.compile(r"(?<=[,;:،؛])\s+|\s+[–—-]\s+")
_WORD = re.compile(r"[^\W\d_]+")
_SHORTENED = re.compile(
    r"(?:^|[\s(])(?:\w|dhr|mevr|mw|dr|mr|mrs|ms|drs|ing|bijv|bv|nl|evt|ca|nr|tel|vs|st|jr|incl|excl"
    r"|(?:\w\.)+\w)\.$",
    re.IGNORECASE,
)
"""Ends with a point, and ends no sentence."""


def proposals(text: str, language: str) -> tuple[str, ...]:
    """At most three sentences of a text, in its order; the same ones for the same text."""
    found = list(dict.fromkeys(_fitting(text)))
    stop = stop_words(language)
    words = [frozenset(_content(each, stop)) for each in found]
    if len(found) > RANKED:
        most = sorted(range(len(found)), key=lambda place: -len(words[place]))[:RANKED]
        found = [found[place] for place in sorted(most)]
        words = [words[place] for place in sorted(most)]
    scores = _ranked(words)
    chosen: list[int] = []
    for place in sorted(range(len(found)), key=lambda place: -scores[place]):
        if all(_shared(words[place], words[other]) <= ALIKE for other in chosen):
            chosen.append(place)
        if len(chosen) == PROPOSED:
            break
    return tuple(found[place] for place in sorted(chosen))


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a text, each on one line."""
    begun = ""
    begin = 0
    for gap in [*_END.finditer(text), None]:
        part = text[begin : gap.start() if gap else len(text)]
        closing = gap[0].strip() if gap else ""
        begun = f"{begun} {part}".strip() + closing
        begin = gap.end() if gap else len(text)
        if gap and "\n" not in gap[0] and _SHORTENED.search(begun):
            continue
        if begun:
            yield " ".join(begun.split())
        begun = ""


def _fitting(text: str) -> Iterator[str]:
    """Sentences that are neither too long nor too short to stand alone; of long ones the parts."""
    for sentence in _sentences(text):
        parts = [sentence] if len(sentence) <= LONGEST else _CLAUSE.split(sentence)
        for part in parts:
            if len(part) <= LONGEST and len(_WORD.findall(part)) >= FEWEST:
                yield part


def _content(sentence: str, stop: frozenset[str]) -> Iterator[str]:
    for word in _WORD.findall(sentence):
        folded = fold_word(word)
        if len(folded) > 1 and folded not in stop:
            yield folded


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (min(len(one), len(other)) or 1)


def _ranked(words: Sequence[frozenset[str]]) -> list[float]:
    """How much each sentence says of the whole: what it has in common with others, these weighed by
    the same; who starts a walk at any sentence starts more often at one that says more."""
    count = len(words)
    starts = [min(len(each), 8) + 1 for each in words]
    start = [each / sum(starts) for each in starts]
    weight = [
        [_likeness(one, other) if one is not other else 0.0 for other in words] for one in words
    ]
    out = [sum(row) for row in weight]
    scores = start
    for _ in range(ROUNDS if any(out) else 0):
        scores = [
            (1 - DAMPING) * start[place]
            + DAMPING
            * sum(
                scores[other] * (weight[other][place] / out[other] if out[other] else start[place])
                for other in range(count)
            )
            for place in range(count)
        ]
    return scores


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one & other)
    return both / (log(1 + len(one)) + log(1 + len(other))) if both else 0.0
