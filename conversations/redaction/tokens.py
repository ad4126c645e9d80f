"""Cuts a text into words, and says which of them begin a sentence: there a capital says nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_LETTERS = re.compile(r"[^\W\d_]+(?:['’`‑-][^\W\d_]+)*")
_ENDS = re.compile(r"[.!?…:;](?=[\s\"'”’»)\]]|$)|[\n•(\"“„«‘]|(?:^|\s)['*–—-]+(?=\s|$)|(?:^|\s)'$")
_ABBREVIATIONS = re.compile(
    "dr|drs|mr|mrs|ms|ir|ing|prof|mevr|mw|dhr|st|fam|nr|tel|bijv|bv|evt|resp|vd|ca|jl"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text. `gap` is what stands between it and the word before."""

    start: int
    end: int
    text: str
    gap: str
    initial: bool

    @property
    def lower(self) -> str:
        """The word in lower case, without the possessive ("Fatima's" is "fatima")."""
        return re.sub(r"['’`]s?$", "", self.text.lower())

    @property
    def bare_end(self) -> int:
        """Where the word ends without the possessive."""
        return self.start + len(re.sub(r"['’`]s?$", "", self.text))

    @property
    def bare(self) -> str:
        """The word as written, without the possessive."""
        return re.sub(r"['’`]s?$", "", self.text)

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()

    @property
    def shouted(self) -> bool:
        """Whether it is written in capitals only."""
        return len(self.text) > 1 and self.text.isupper()


def tokenise(text: str) -> list[Token]:
    """The words of a text, in order; numbers and signs are gaps."""
    tokens: list[Token] = []
    last = 0
    for found in _LETTERS.finditer(text):
        gap = text[last : found.start()]
        before = tokens[-1].text.lower() if tokens else ""
        tokens.append(
            Token(
                start=found.start(),
                end=found.end(),
                text=found.group(),
                gap=gap,
                initial=not tokens or _begins(gap, before),
            )
        )
        last = found.end()
    return tokens


def _begins(gap: str, before: str) -> bool:
    if gap.startswith(".") and (_ABBREVIATIONS.fullmatch(before) or len(before) == 1):
        gap = gap[1:]
    if _ENDS.search(gap):
        return True
    return any(unicodedata.category(sign) in {"So", "Sk", "Cs"} for sign in gap)
