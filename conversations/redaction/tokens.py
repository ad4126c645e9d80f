"""Cuts a text into words and numbers, and says how each is written: a capital at the beginning of
a sentence says nothing, nor do capitals in a text that has nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from conversations.wordlist.fold import words_in

_MARKS = "\u064b-\u0652\u0670\u0300-\u036f"
_PIECES = re.compile(r"[^\W\d_]+(?:['’`´][^\W\d_]+)*|\d+")
_MARKED = re.compile(rf"[^\W\d_]+(?:[{_MARKS}'’`´]+[^\W\d_]+)*[{_MARKS}]*|\d+")
_HAS_MARKS = re.compile(f"[{_MARKS}]")
_ENDS = re.compile(r"[.!?…:;](?=[\s\"'”’»)\]]|$)|[\n•(\"“„«‘]|(?:^|\s)['*–—-]+(?=\s|$)|(?:^|\s)'$")
_ABBREVIATIONS = words_in("""
    dr drs mr mrs ms ir ing prof mevr mw mvr dhr st fam nr tel bijv bv evt resp vd v d ca jl geb
    kent burg gr ds art
""")
_POSSESSIVE = re.compile(r"['’`´]s?$")

MID, FIRST, SMALL, SLOPPY, SHOUTED, ACRONYM, INITIAL, NUMBER = "MIlnsAX9"
"""How a word is written: with a capital in mid-sentence or at the beginning of one, small in a
text with capitals or in one without, in capitals like the whole text or alone, a single capital,
digits."""


class Token:
    """A word or number of the text. `gap` is what stands between it and the one before, `case` one
    of the constants above, `lower` the word in small letters without the possessive or an ending,
    `apart` whether an ending stands behind an apostrophe; the name in the word lies between
    `bare_start` and `bare_end`."""

    __slots__ = (
        "apart",
        "bare_end",
        "bare_start",
        "case",
        "end",
        "gap",
        "initial",
        "lower",
        "start",
        "text",
    )

    def __init__(self, start: int, text: str, gap: str, initial: bool) -> None:
        self.start = self.bare_start = start
        self.text = text
        self.end = start + len(text)
        self.gap = gap
        self.initial = initial
        self.case = SMALL
        self.apart = False
        self.lower = lower = text.lower()
        self.bare_end = self.end
        if not text.isalnum():
            self.lower = _POSSESSIVE.sub("", lower)
            if len(lower) == len(text):
                self.bare_end = start + len(self.lower)


def tokenise(text: str, language: str = "nl") -> list[Token]:
    """The words and numbers of a text, in order; signs are gaps. In Turkish the ending behind an
    apostrophe is a gap as well."""
    pattern = _MARKED if _HAS_MARKS.search(text) else _PIECES
    tokens: list[Token] = []
    last, before = 0, ""
    for found in pattern.finditer(text):
        start, word = found.start(), found.group()
        cut = max(word.find("'"), word.find("’")) if language == "tr" else 0
        if cut > 0:
            word = word[:cut]
        gap = text[last:start]
        initial = not tokens or (gap != " " and _begins(gap, before))
        token = Token(start, word, gap, initial)
        token.apart = cut > 0
        tokens.append(token)
        last, before = token.end, token.lower
    _set_case(tokens)
    return tokens


def _set_case(tokens: Sequence[Token]) -> None:
    shouted = small = begins = begins_small = 0
    for token in tokens:
        text = token.text
        if text.isdigit():
            token.case = NUMBER
        elif text.islower() or not text[0].isupper():
            small += len(text) > 1
            begins_small += token.initial
        elif len(text) == 1:
            token.case = INITIAL
        elif text.isupper():
            token.case = ACRONYM
            shouted += 1
        else:
            token.case = FIRST if token.initial else MID
        begins += token.initial
    if shouted > 2 * small and len(tokens) > 3:
        for token in tokens:
            if token.case == ACRONYM:
                token.case = SHOUTED
    if begins_small * 2 >= begins:
        for token in tokens:
            if token.case == SMALL:
                token.case = SLOPPY


def _begins(gap: str, before: str) -> bool:
    if gap.startswith(".") and (before in _ABBREVIATIONS or len(before) == 1):
        gap = gap[1:]
    if _ENDS.search(gap):
        return True
    return not gap.isascii() and any(
        unicodedata.category(sign) in {"So", "Sk", "Cs"} for sign in gap
    )
