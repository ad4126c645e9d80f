"""How each sentence of a guide reads: its words, its ease, and the words that make it hard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from conversations.checks.lint_words import EASIEST, LONGEST_SENTENCE, sample_facts
from conversations.checks.readability import (
    MEASURED_FROM,
    endless_words,
    hard_words,
    in_other_letters,
    reading_ease,
    sentences,
    too_hard,
    word_count,
    words,
)
from conversations.guide.model import Phrases, fill_slots

_SLOT = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """One sentence as a teller reads it. `text` is the name of the text that it is of
    (`feeling.say`). `ease` is None where the language has no formula, or the sentence is too short
    to measure. `hard` are stretches of the sentence (begin, end): its hard words."""

    step: str
    text: str
    sentence: str
    words: int
    ease: int | None
    hard: tuple[tuple[int, int], ...]
    fits: bool


def sentence_readings(texts: Mapping[str, str], phrases: Phrases) -> Iterator[SentenceReading]:
    """Every sentence of the texts of a guide in one language, but for titles and labels."""
    facts = sample_facts(phrases)
    for key, text in texts.items():
        if not key.endswith((".say", ".reply")):
            continue
        for sentence in sentences(_SLOT.sub("", fill_slots(text, facts))):
            yield _reading(key, sentence, phrases.language)


def _reading(key: str, sentence: str, language: str) -> SentenceReading:
    count = word_count(sentence)
    ease = reading_ease(sentence, language)
    hard = language in EASIEST and too_hard(sentence, language, EASIEST[language], alone=False)
    odd = endless_words(sentence) or in_other_letters(sentence, language)
    return SentenceReading(
        key.partition(".")[0],
        key,
        sentence,
        count,
        round(ease) if ease is not None and len(words(sentence)) >= MEASURED_FROM else None,
        tuple(_places(sentence, hard_words(sentence, language))),
        count <= LONGEST_SENTENCE and not hard and not odd,
    )


def _places(sentence: str, hard: list[str]) -> Iterator[tuple[int, int]]:
    if hard:
        either = "|".join(map(re.escape, sorted(hard, key=len, reverse=True)))
        for found in re.finditer(rf"\b(?:{either})\b", sentence):
            yield found.span()
