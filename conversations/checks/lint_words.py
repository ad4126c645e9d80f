"""Lints the words of a guide or of the fixed sentences in one language: short, plain, and
complete."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from conversations.checks.lint_steps import read_as
from conversations.checks.readability import (
    endless_words,
    hard_words,
    in_other_letters,
    reading_ease,
    sentences,
    too_hard,
    word_count,
)
from conversations.guide.model import Phrases, fill_slots
from conversations.guide.problems import Flaw

LONGEST_TEXT = 1000
LONGEST_LABEL = 24
LONGEST_SHORT = 20
LONGEST_SENTENCE = 15
EASIEST = {"nl": 80, "en": 70, "tr": 70}
"""The least reading ease of a text, by language; elsewhere sentences are measured and no more."""

RESERVED = frozenset(
    {
        "Story title",
        "Story text",
        "Collection date",
        "Language",
        "Eliciting question",
        "Participant ID",
    }
)
"""Names that the import of NarraFirma keeps for itself; a label on the card cannot be one."""

SLOTS = frozenset(
    {
        "association",
        "team",
        "host_team",
        "guest_team",
        "learning_group",
        "meeting",
        "retention",
        "code",
        "minutes",
        "sentence",
    }
)

_SLOT = re.compile(r"\{([^{}]*)\}")
_LABEL = re.compile(r"\w+\.(option\.\w+|pole\.\w+|skip)")


def slots(text: str) -> set[str]:
    """The slots of a text, without their capital."""
    return {name[:1].lower() + name[1:] for name in _SLOT.findall(text)}


def guide_word_findings(
    texts: Mapping[str, str], phrases: Phrases, known: frozenset[str]
) -> Iterator[Flaw]:
    """What is wrong with the texts of a guide in one language, by name (`feeling.short`).

    `known` are the slots that get filled.
    """
    sample = sample_facts(phrases)
    for key, text in texts.items():
        yield from _empty(key, text)
        for name in sorted(slots(text) - known):
            yield Flaw(key, "unknown-slot", {"slot": name, "known": ", ".join(sorted(known))})
        if key.endswith(".short"):
            yield from _too_long(key, text, LONGEST_SHORT, "long-short")
            if text.casefold() in {name.casefold() for name in RESERVED}:
                yield Flaw(key, "reserved-short", {"text": text})
        elif _LABEL.fullmatch(key):
            yield from _too_long(key, text, LONGEST_LABEL, "long-label")
        elif not key.startswith("guide."):
            yield from _too_long(key, text, LONGEST_TEXT, "long-text")
            yield from _plain(key, fill_slots(text, sample), phrases.language)
    yield from _twice(texts)


def phrase_findings(sentences_by_key: Mapping[str, str], phrases: Phrases) -> Iterator[Flaw]:
    """What is wrong with fixed sentences in one language, by key."""
    sample = sample_facts(phrases)
    for key, text in sentences_by_key.items():
        yield from _empty(key, text)
        if _is_button(key, sentences_by_key):
            yield from _too_long(key, text, LONGEST_LABEL, "long-label")
        elif not key.startswith(("words.", "help.")):
            yield from _too_long(key, text, LONGEST_TEXT, "long-text")
            yield from _plain(key, fill_slots(text, sample), phrases.language)
    yield from _buttons_twice(sentences_by_key)


def _buttons_twice(known: Mapping[str, str]) -> Iterator[Flaw]:
    """Two buttons of one fixed sentence that read the same."""
    seen: dict[tuple[str, str], str] = {}
    for key, text in known.items():
        sentence = key.rpartition(".")[0]
        if sentence in known:
            first = seen.setdefault((sentence, read_as(text)), key)
            if first != key:
                yield Flaw(key, "label-twice", {"text": text, "first": first})


def _is_button(key: str, known: Mapping[str, str]) -> bool:
    sentence = key.rpartition(".")[0]
    return sentence in ("button", "prompt") or sentence in known


def _empty(key: str, text: str) -> Iterator[Flaw]:
    if not text.strip():
        yield Flaw(key, "empty")


def _too_long(key: str, text: str, most: int, code: str) -> Iterator[Flaw]:
    if len(text) > most:
        slots = {"text": _shown(text), "n": len(text), "most": most, "over": len(text) - most}
        yield Flaw(key, code, slots)


def _twice(texts: Mapping[str, str]) -> Iterator[Flaw]:
    seen: dict[tuple[str, str], str] = {}
    for key, text in texts.items():
        step = key.partition(".")[0]
        group = "short" if key.endswith(".short") else step if _LABEL.fullmatch(key) else ""
        if not group:
            continue
        if not text.strip():
            continue
        first = seen.setdefault((group, read_as(text)), key)
        if first != key:
            code = "short-twice" if group == "short" else "label-twice"
            yield Flaw(key, code, {"text": text, "first": first})


def _plain(key: str, text: str, language: str) -> Iterator[Flaw]:
    text = _SLOT.sub("", text)
    for sentence in sentences(text):
        count = word_count(sentence)
        if count > LONGEST_SENTENCE:
            slots = {"text": _shown(sentence), "n": count, "most": LONGEST_SENTENCE}
            yield Flaw(key, "long-sentence", slots)
    for word in endless_words(text):
        yield Flaw(key, "long-word", {"text": _shown(word), "n": len(word)})
    if in_other_letters(text, language):
        yield Flaw(key, "other-letters", {"text": _shown(text), "language": language})
    elif language in EASIEST and too_hard(text, language, EASIEST[language]):
        hard = ", ".join(hard_words(text, language))
        ease = reading_ease(text, language)
        slots = {"ease": f"{ease or 0:.0f}", "least": EASIEST[language], "hard": hard}
        yield Flaw(key, "not-plain", slots, "words" if hard else "")


def sample_facts(phrases: Phrases) -> dict[str, str]:
    """Something for every slot, so that a sentence can be read as a teller reads it."""
    facts = {
        name.removesuffix("_default"): words_for
        for name, words_for in phrases.sentences.items()
        if name.endswith("_default")
    }
    years = phrases.sentences.get("retention.years", "{n}").replace("{n}", "2")
    return {**facts, "retention": years, "code": "", "minutes": "4"}


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
