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
from functools import lru_cache

_END = re.compile(
    r"(?:(?<=[?!؟۔।])|(?<=[.…])(?=[’”)]*\s+[^\sa-zà-öø-ÿğış]))[’”)]*\s+"
    r"|(?<=[a-z]{2}[.?!])(?=[A-Z][a-z])|(?<=[。！？])|\n+"
)
"""Where a sentence ends. After a full stop small letters go on: “bijv. een brief”. A space that was
forgotten ends one all the same."""
_SHORT_FORM = re.compile(
    r"(?:^|\s)\(?(?:nr|art|blz|dhr|mevr|dr|drs|mr|mrs|vb|sn|st)\.$", re.IGNORECASE
)
"""A word that is cut short, behind which a name or a number comes."""
_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*")
_SIDE_BY_SIDE = re.compile(r"[/,;:|+–—_.?!…·•()]+")
"""What stands between words where the spaces were left out."""
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2069\ufeff]")
"""What nobody sees: it breaks no word."""
_NO_SPACES = ((re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"), 2),
              (re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"), 5))  # fmt: skip
"""Scripts that put no spaces between words, and about how many letters one has."""

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
LONGEST_WORD = 25
"""Letters of a word that nobody takes in at once; no village has a longer name."""
_LONGEST_RUN = 40
"""Characters without a space, of whatever they are, but for an address."""
MEASURED_FROM = 6
"""A shorter text is measured among so many easy words (`_AMONG`): one long name would decide."""
_AMONG, _EASY = 10, 1.4
LEEWAY = 30
"""How much harder a short text, or one sentence, may be than a whole one."""

_TURKISH_VOWEL = re.compile("[aeıioöuüâîûAEIİOÖUÜÂÎÛ]")


def sentences(text: str) -> list[str]:
    """The sentences of a text; a new line begins a new one."""
    found: list[str] = []
    joins = False
    for piece in (each.strip() for each in _END.split(text)):
        if joins and piece:
            found[-1] += f" {piece}"
        elif re.search(r"\w", piece):
            found.append(piece)
        joins = bool(found) and bool(_SHORT_FORM.search(found[-1]))
    return found


def words(text: str) -> list[str]:
    """The words of a text, without numbers."""
    return _WORD.findall(unicodedata.normalize("NFC", _HIDDEN.sub("", text)))


def word_count(sentence: str) -> int:
    """How many words a reader meets, numbers too, also where no spaces stand between them."""
    count = 0
    for run in _HIDDEN.sub("", sentence).split():
        if _ADDRESS.fullmatch(run):
            count += 1
            continue
        for pattern, letters in _NO_SPACES:
            found = len(pattern.findall(run))
            count += -(-found // letters)
            run = pattern.sub("", run) if found else run
        apart = [part for part in _SIDE_BY_SIDE.split(run) if len(part) > 1]
        count += max(len(apart), bool(run))
    return count


def endless_words(text: str) -> list[str]:
    """The words, and what stands there without a space, that are too long to take in at once."""
    runs = [run for run in _HIDDEN.sub("", text).split() if not _ADDRESS.fullmatch(run)]
    found = [run for run in runs if len(run) > _LONGEST_RUN and not _without_spaces(run)]
    plain = " ".join(run for run in runs if run not in found)
    found += [w for w in words(plain) if len(w) > LONGEST_WORD and not _without_spaces(w)]
    return list(dict.fromkeys(found))


def in_other_letters(text: str, language: str) -> bool:
    """Whether most of a text is in a script that its language is not written in."""
    letters = [char for char in text if char.isalpha()]
    latin = sum(unicodedata.name(char, "").startswith("LATIN") for char in letters)
    return language in _FORMULAS and 2 * latin < len(letters)


def reading_ease(text: str, language: str) -> float | None:
    """The reading ease of a text; None where the language has no formula or there are no words."""
    found = words(text)
    return _ease(found, len(found), sum(syllables(w, language) for w in found), text, language)


def too_hard(text: str, language: str, least: float, *, alone: bool = True) -> bool:
    """Whether a text does not come up to the least reading ease of its language. Of a short one,
    and of a sentence that is not `alone` in its text, more is borne."""
    found = words(text)
    count, heard = len(found), float(sum(syllables(word, language) for word in found))
    least -= LEEWAY if count < MEASURED_FROM or not alone else 0
    if count < MEASURED_FROM:
        count, heard = _AMONG, heard + (_AMONG - count) * _EASY
    ease = _ease(found, count, heard, text, language)
    return ease is not None and ease < least


def _ease(found: list[str], count: int, heard: float, text: str, language: str) -> float | None:
    if language not in _FORMULAS or not found:
        return None
    start, per_sentence, per_word, _ = _FORMULAS[language]
    spoken = sum(bool(_WORD.search(each)) for each in sentences(text))
    return start - per_word * heard / count - per_sentence * len(found) / max(1, spoken)


def _without_spaces(run: str) -> bool:
    return any(pattern.search(run) for pattern, _ in _NO_SPACES)


@lru_cache(maxsize=20_000)
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
    hard += [word for word in endless_words(text) if word not in hard]
    return sorted(hard, key=lambda word: -counted.get(word, len(word)))


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
