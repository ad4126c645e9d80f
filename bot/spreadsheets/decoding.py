"""Decodes the bytes of a table that says nothing of its encoding.

Excel writes UTF-8 with a mark, the encoding of Windows, that of DOS or that of old Macs, and says
nowhere which. Every one of the last three can be decoded as each other: what tells them apart is
which of them makes words.
"""

from __future__ import annotations

import codecs
from itertools import islice
from typing import NamedTuple

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as the one of UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD = ("cp1252", "mac_roman", "cp850", "cp1254")
"""In the order of how often they are met: the first of the likeliest is taken."""
_AFTER_VOWEL = frozenset("ëïö")
_USUAL = frozenset("éèëïöüÉÈËÏÖÜ")
_LETTERS = frozenset("êíîóòôúùûáàâäçñœßÁÀÄÇÑğşıİŞĞ")
_SIGNS = frozenset("€°²³§«»“”‘’„…–—•·´½¼¾±×")
_LOOKED_AT = 4_000
"""Letters beyond ASCII that are weighed: more of them tell nothing new."""


class Decoded(NamedTuple):
    """The text of a table; `doubtful` when its encoding was chosen by what reads best, and is not
    the one of Windows."""

    text: str
    encoding: str
    doubtful: bool = False


def decode(data: bytes) -> Decoded:
    """The text. Never fails: what no encoding can hold becomes a replacement character."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(data.decode(encoding, "replace").lstrip("\ufeff"), encoding)
    if encoding := wide_encoding(data):
        return Decoded(data.decode(encoding, "replace"), encoding)
    try:
        return _mended(data.decode())
    except UnicodeDecodeError:
        best = max(_OLD, key=lambda encoding: _likeliness(data, encoding))
        return Decoded(data.decode(best, "replace"), best, doubtful=best != _OLD[0])


def wide_encoding(data: bytes) -> str:
    """UTF-16 without a mark: every other byte of its signs is nothing."""
    sample = data[:2_000]
    if len(sample) < 8 or b"\0" not in sample:
        return ""
    half = len(sample) // 2
    if sample[1::2].count(0) > 0.6 * half:
        return "utf-16-le"
    return "utf-16-be" if sample[0::2].count(0) > 0.6 * half else ""


def _mended(text: str) -> Decoded:
    """A table that was saved as UTF-8, opened as if it were not, and saved so again."""
    if "Ã" in text or "Â" in text or "â€" in text:
        try:
            return Decoded(text.encode("cp1252").decode(), "utf-8 twice", doubtful=True)
        except UnicodeError:
            pass
    return Decoded(text, "utf-8")


def _likeliness(data: bytes, encoding: str) -> int:
    """How well the letters beyond ASCII fit, summed: letters that are usual here, quotation marks
    outside words, and no signs within them."""
    text = data.decode(encoding, "replace")
    places = (place for place, sign in enumerate(text) if sign > "\x7f")
    return sum(_fit(text, place) for place in islice(places, _LOOKED_AT))


def _fit(text: str, place: int) -> int:
    sign = text[place]
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    within = before.isalpha() and after.isalpha()
    if sign in _SIGNS or sign == "\xa0":
        if within:
            return 3 if sign == "’" else -3  # foto’s
        return 3
    if (sign.isupper() and before.islower()) or not sign.isalpha():
        return -3
    if not before.isalpha() and not after.isalpha():
        return 3 if sign == "à" else -2
    if sign in _USUAL:
        return 4 if sign not in _AFTER_VOWEL or before.lower() in "aeiou" else 2
    return 2 if sign in _LETTERS else 1
