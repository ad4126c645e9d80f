"""Readability of a text: sentences, words, syllables, and the reading ease of Flesch.

Dutch: W.H. Douma, *De leesbaarheid van landbouwbladen* (Wageningen, 1960), after Flesch:
206.84 - 0.77 x syllables per 100 words - 0.93 x words per sentence.
English: R. Flesch, *A new readability yardstick* (Journal of Applied Psychology 32, 1948):
206.835 - 84.6 x syllables per word - 1.015 x words per sentence.
Turkish: E. Ateşman, *Türkçede okunabilirliğin ölçülmesi* (Dil Dergisi 58, 1997):
198.825 - 40.175 x syllables per word - 2.610 x words per sentence.
Higher is easier; 80 is easy, 60 plain (in Turkish easy begins at 70). Syllables are counted as
vowel sounds, not looked up. For Arabic the formulas want vowels that nobody writes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_END = re.compile(r"(?<=[.?!…])[’”)]*\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")

_DUTCH_SOUND = re.compile(
    r"aai|ooi|oei|eeu|ieu|eau|aa|ee|oo|uu|ie|oe|eu|ui|ei|ij|au|ou|[aeiou]|y(?![aeiou])"
)
_DUTCH_BORROWED = (("qu", "kw"), ("team", "tiem"), ("website", "websijt"), ("museum", "muse-um"))
_DIAERESIS = "\u0308"

_ENGLISH_SOUND = re.compile(r"[aeiouy]+")
_ENGLISH_SILENT = re.compile(r"(?<=[^aeiouy])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouysxzcg])es$")
_ENGLISH_SPLIT = re.compile(
    r"(?<![tscgx])i[ao]|(?<=c)ia(?=t)|(?<![tg])ie(?=n[ct]|t)|ea$|(?<=cr)ea(?=t)|(?<=ar)ea|[oe]i(?=ng)"
    r"|ui(?=ci|t[yi])|eo(?=[nr])|oo(?=rd)"
)
_ENGLISH_SPELT = (("every", "evry"), ("some", "sum"), ("safe", "saif"), ("league", "leeg"))
_ENGLISH_KNOWN = {"people": 2, "once": 1, "museum": 3}

_HARD = {"nl": 4, "en": 4, "tr": 5}
"""From how many syllables a word is called hard; a Turkish word carries its small words with it."""
_LONG = 14
"""Letters of a word that is hard to see as one."""

_TURKISH_VOWEL = re.compile("[aeıioöuüâîûAEIİOÖUÜÂÎÛ]")


def sentences(text: str) -> list[str]:
    """The sentences of a text; a new line begins a new one."""
    return [piece.strip() for piece in _END.split(text) if _WORD.search(piece)]


def words(text: str) -> list[str]:
    """The words of a text, without numbers."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


def reading_ease(text: str, language: str) -> float | None:
    """The reading ease of a text; None where the language has no formula or there are no words."""
    found = words(text)
    if language not in _FORMULAS or not found:
        return None
    start, per_sentence, per_word, count = _FORMULAS[language]
    syllables = sum(map(count, found))
    return (
        start
        - per_word * syllables / len(found)
        - per_sentence * len(found) / max(1, len(sentences(text)))
    )


def syllables(word: str, language: str) -> int:
    """How many syllables a word has; 0 where the language has no formula."""
    return _FORMULAS[language][3](word) if language in _FORMULAS else 0


def hard_words(text: str, language: str) -> list[str]:
    """The words that make a text hard, the hardest first, each once."""
    least = _HARD.get(language, 0)
    found = (
        {word.casefold(): word for word in words(text) if not word[:1].isupper()} if least else {}
    )
    counted = {word: syllables(word, language) for word in found.values()}
    hard = [word for word, count in counted.items() if count >= least or len(word) >= _LONG]
    return sorted(hard, key=lambda word: -counted[word])


def dutch_syllables(word: str) -> int:
    """How many syllables a Dutch word has: its vowel sounds; a diaeresis begins a new one."""
    if word.isupper() and len(word) > 1:
        return len(word)
    apart = unicodedata.normalize("NFD", word.casefold())
    apart = re.sub(f"(\\w){_DIAERESIS}", r"-\1", apart)
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    for borrowed, spelt in _DUTCH_BORROWED:
        plain = plain.replace(borrowed, spelt)
    return max(1, len(_DUTCH_SOUND.findall(plain)))


def english_syllables(word: str) -> int:
    """How many syllables an English word has: its vowel groups, without silent endings."""
    if word.isupper() and len(word) > 1:
        return len(word)
    plain = re.sub(r"[’']\w+$", "", word.casefold())
    if plain in _ENGLISH_KNOWN:
        return _ENGLISH_KNOWN[plain]
    for written, spelt in _ENGLISH_SPELT:
        plain = plain.replace(written, spelt)
    spoken = _ENGLISH_SILENT.sub("", plain)
    if plain.endswith("le") and len(plain) > 3 and plain[-3] not in "aeiouy":
        spoken = plain
    count = len(_ENGLISH_SOUND.findall(spoken)) + len(_ENGLISH_SPLIT.findall(spoken))
    return max(1, count)


def turkish_syllables(word: str) -> int:
    """How many syllables a Turkish word has: its vowels."""
    return max(1, len(_TURKISH_VOWEL.findall(word)))


_FORMULAS: dict[str, tuple[float, float, float, Callable[[str], int]]] = {
    "nl": (206.84, 0.93, 77.0, dutch_syllables),
    "en": (206.835, 1.015, 84.6, english_syllables),
    "tr": (198.825, 2.610, 40.175, turkish_syllables),
}
