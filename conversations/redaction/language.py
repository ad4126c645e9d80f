"""Detects the language of a text: people do not always tell in the language they read."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"[^.!?\n]+")
_WORD = re.compile(r"[^\W\d_]+")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SMALL = {
    "nl": _set("""
        de het een en ik je we ze hij zij wij dat die niet van voor met op aan bij naar maar ook nog
        mijn haar ons onze er was waren heb had hebben toen omdat wat hoe om te zijn heel geen
    """),
    "en": _set("""
        the and i you we they he she that this not of for with on at to but also my her our was were
        have had when because what how is are very no it there been
    """),
    "tr": _set("""
        ve bir bu için ama çok ile gibi kadar daha sonra ben bana biz bize onun var yok değil ki de
        da ne her hiç oldu olan diye benim evet hayır önce bizi beni
    """),
}
"""The small words by which a language is known."""

_TURKISH = re.compile("[^A-ZÇİÖŞÜ]*[ğış]")
"""A word without a capital, with a letter that only Turkish has."""
_TURKISH_LETTER = re.compile("[ğış]")
_ENOUGH = 3


def told_in(text: str, language: str) -> str:
    """The language of a text when its small words say so clearly; else the given one."""
    written = set(_WORD.findall(text))
    words = {word.lower() for word in written}
    counts = {each: len(words & small) for each, small in _SMALL.items()}
    if _TURKISH_LETTER.search(text):
        counts["tr"] += sum(1 for word in written if _TURKISH.match(word))
    most = max(counts, key=lambda each: counts[each])
    clear = counts[most] >= _ENOUGH and counts[most] > 2 * counts.get(language, 0)
    return most if clear else language


def english_sentences(text: str, told: str) -> Iterator[tuple[int, int]]:
    """Where sentences in English stand in a text that is told in another language."""
    here, english = _SMALL.get(told, frozenset()), _SMALL["en"]
    for sentence in _SENTENCE.finditer(text):
        words = set(_WORD.findall(sentence[0].lower()))
        if len(words & english) > 2 * len(words & here):
            yield sentence.span()
