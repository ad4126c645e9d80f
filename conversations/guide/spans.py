"""Spans: stretches of a text that may identify someone, with the words proposed for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text that may identify someone: code points, end exclusive.

    `kind` is one of PER, PLACE, ADDRESS, POSTCODE, PHONE, EMAIL, URL, HANDLE, IBAN, BSN,
    BIRTHDATE, DATE, AGE, ORG, PLATE, ID, UNIQUE. `replacement` is what is proposed, brackets
    included; `reason` is what it rests on most: shape, word, list, before, behind, elsewhere, rest.
    """

    start: int
    end: int
    kind: str
    replacement: str
    reason: str = ""


Finder = Callable[[str, str], tuple[Span, ...]]
"""Finds what may identify someone in a text of a language; the same text gives the same spans, in
order and never overlapping."""


def replace(text: str, spans: Iterable[Span]) -> str:
    """The text with the spans replaced by what they propose; nothing of the original stays."""
    for span in sorted(spans, key=lambda span: span.start, reverse=True):
        text = text[: span.start] + span.replacement + text[span.end :]
    return text
