"""One way to write what is written in several: letters with and without their marks."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ə": "e"}
    | {"’": "'", "‘": "'", "`": "'", "ʻ": "'"}
)


def fold_latin(word: str) -> str:
    """A word in small letters without marks: "Małgorzata" is "malgorzata", "Şükrü" is "sukru"."""
    lower = word.lower()
    if lower.isascii():
        return lower
    split = unicodedata.normalize("NFD", lower.translate(_LETTERS))
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def words_in(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


def items(text: str) -> frozenset[str]:
    """What stands between the commas of a text, as a set."""
    return frozenset(" ".join(item.split()) for item in text.split(","))
