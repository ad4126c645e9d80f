"""Detects worrying words, after which the help card is shown first.

It decides nothing about anybody. Finding a crisis by words is poor work, so a match only shows the
card and asks whether to go on; nothing of it is stored, logged or told to anyone. The help that
counts is the button "Hulp nu", which is always there. What is looked for stands in
`distress/<language>.toml`, by kind: who, what, and now; how much it weighs, beside all other words
of a message, in `distress/weights-<language>.tsv`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from conversations.distress.classifier import (
    MARGIN,
    classifier_of,
    features_of,
    language_of,
    parts_of,
    words_of,
)
from conversations.distress.patterns import HelpPatterns, Kind, patterns_of
from conversations.wordlist.arabic_letters import fold

Alarm = Callable[[str, str], bool]
"""Whether a text in a language speaks of danger."""
Held = Mapping[str, Sequence[frozenset[int]]]
"""The rows of evidence that each sentence holds, by the name of the evidence."""
LANGUAGES = ("nl", "en", "tr", "ar")
REACH = 3
"""How many sentences two halves of a pattern may lie apart."""
FAR = -3.0
"""Words that weigh less than this ask for nothing, whatever the patterns find."""

FEW = 14
"""Of fewer letters than these the patterns alone decide: an answer of a word or two was seldom
learned from."""
SURE = 3.0
"""What a message of a word or two weighs in which the patterns find something."""

_NONE: frozenset[int] = frozenset()
_SENTENCE = re.compile(r"[.!?;\n…؟]+")
_WORD = re.compile(r"[\w'’-]+")


def worrying(text: str, language: str = "nl") -> bool:
    """Whether a text speaks of dying, of violence or of being held, of now.

    Each part is read as the language of the conversation, or as Dutch or English, in which people
    tell too.
    """
    read = [each for each in dict.fromkeys((language, "nl", "en")) if each in LANGUAGES]
    parts = list(parts_of(text))
    least = MARGIN * math.log2(max(len(parts), 1))
    return any(weight_of(part, read) > least for part in parts)


def weight_of(part: str, languages: Sequence[str]) -> float:
    """How much a part of a text weighs in the language in which it is: above zero it asks for
    help."""
    words = words_of(part)
    if sum(map(len, words)) < FEW:
        found = any("k:any" in marks_of(part, language) for language in languages)
        return SURE if found else FAR
    language = language_of(words, languages)
    classifier = classifier_of(language)
    features = features_of(words, classifier.words)
    weight = classifier.score(features)
    return weight if weight < FAR else classifier.score(features, marks_of(part, language))


def marks_of(text: str, language: str) -> frozenset[str]:
    """What the patterns find in a text: kinds that are meant, pieces of evidence, and what says
    that it is not about now or not about danger."""
    patterns = patterns_of(language)
    sentences = [_plain(each, patterns) for each in _SENTENCE.split(_small(text, language))]
    evident = [patterns.evident.held(sentence) for sentence in sentences]
    held = {name: [each.get(name, _NONE) for each in evident] for name in patterns.evidence}
    found = {f"k:{name}" for name in _found(sentences, patterns, held)}
    found |= {"k:any"} if found else set()
    for name, places in held.items():
        found.update(f"e:{name} {place}" for place in chain.from_iterable(places))
    for name in ("calm", "undone", "elsewhere"):
        if any(map(getattr(patterns, name).search, sentences)):
            found.add(f"k:{name}")
    return frozenset(found)


def _found(sentences: Sequence[str], patterns: HelpPatterns, held: Held) -> set[str]:
    found = _weighed(sentences, patterns, held)
    if not any(map(patterns.begins.found, sentences)):
        return found
    for name, kind in patterns.kinds.items():
        if any(_meant(sentences, place, patterns) for place in _places(sentences, kind)):
            found.add(name)
    return found


def _weighed(sentences: Sequence[str], patterns: HelpPatterns, held: Held) -> set[str]:
    """The kinds for which two sentences that follow each other hold enough evidence."""
    found: set[str] = set()
    for name, evidence in patterns.evidence.items():
        rows = held[name]
        for place, (here, after) in enumerate(zip(rows, [*rows[1:], _NONE], strict=True)):
            points = evidence.points(here | after) if here else 0
            if points < 2:
                continue
            near = sentences[place : place + 2]
            shared = _NONE.union(*map(patterns.shared.held, near))
            enough = points + patterns.shared.points(shared) >= evidence.needed
            if enough and all(
                _meant(sentences, place + each, patterns) for each in range(len(near))
            ):
                found.add(name)
                break
    return found


def _places(sentences: Sequence[str], kind: Kind) -> Iterator[int]:
    """The sentences that hold one of these patterns, or the first half of one whose other half is
    near."""
    for place, sentence in enumerate(sentences):
        if kind.whole.search(sentence):
            yield place
        elif kind.begins.search(sentence):
            near = sentences[max(0, place - REACH + 1) : place + REACH]
            if any(_both(sentence, near, *pair) for pair in kind.pairs):
                yield place


def _both(sentence: str, near: Sequence[str], one: re.Pattern[str], other: re.Pattern[str]) -> bool:
    """Whether both halves of a pattern stand near each other; the same words count once."""
    found = one.search(sentence)
    rest = found and f"{sentence[: found.start()]} … {sentence[found.end() :]}"
    return bool(found) and any(
        other.search(rest if each is sentence and rest else each) for each in near
    )


def _meant(sentences: Sequence[str], place: int, patterns: HelpPatterns) -> bool:
    """Whether a sentence speaks of now and of danger: not of the past, of a story, in jest."""
    told = sentences[max(0, place - 1) : place + 1]
    here = sentences[place : place + 2]
    return not (
        patterns.calm.search(sentences[place])
        or any(map(patterns.undone.search, here))
        or any(map(patterns.elsewhere.search, told))
    )


def _small(text: str, language: str) -> str:
    text = text if text.isascii() or language != "ar" else fold(text)
    text = text.replace("İ", "i").replace("I", "ı" if language == "tr" else "i")
    return text.lower().replace("’", "'")


def _plain(sentence: str, patterns: HelpPatterns) -> str:
    """A sentence as words with one space between, without fillers and the usual slips."""
    words = [patterns.spelt(word) for word in _WORD.findall(sentence)]
    line = " ".join(words)
    return " ".join(patterns.fillers.sub(" ", line).split())
