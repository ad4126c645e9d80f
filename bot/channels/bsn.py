"""Masks citizen service numbers (BSN) in a text before anything of it is stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MASK = "[BSN]"

_GAP = r"[ .\-‐‑‒–\u00a0\u2009\u202f]{1,3}"
_RUN = re.compile(rf"\d+(?:{_GAP}\d+)*")
_DIGITS = re.compile(r"\d+")
_PHONE_GAP = r"[ .\-‑–()/\u00a0]{0,3}"
_OTHERWISE = (
    re.compile(
        rf"(?:\+|(?<!\d)00)31{_PHONE_GAP}(?:\(0\){_PHONE_GAP})?(?:\d{_PHONE_GAP}){{8}}\d(?!\d)"
    ),
    re.compile(rf"\+(?!31)\d(?:{_PHONE_GAP}\d){{6,13}}(?!\d)"),
    *(
        re.compile(
            rf"(?<!\d)0\d{{{n}}}[ .\-‑–)/\u00a0]{{1,3}}(?:\d{_PHONE_GAP}){{{8 - n}}}\d(?!\d)"
        )
        for n in (1, 2, 3)
    ),
    re.compile(r"(?<!\d)[0-3]?\d[-/.][01]?\d[-/.](?:19|20)\d\d(?!\d)"),
)
_IBAN = re.compile(r"\b[A-Za-z]{2}\d\d(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?\b")


def mask_bsn(text: str) -> tuple[str, bool]:
    """The text with every citizen service number replaced by "[BSN]", and whether there was one.

    A number counts when its nine digits, written together or in groups, pass the eleven-test.
    Telephone numbers, dates, account numbers and parts of longer numbers stay. In doubt it is
    taken out: some other numbers of nine digits pass the test too.
    """
    masked = False
    while (found := _first(text)) is not None:
        start, end = found
        text = text[:start] + MASK + text[end:]
        masked = True
    return text, masked


def _first(text: str) -> tuple[int, int] | None:
    if sum(map(len, _DIGITS.findall(text))) < 9:
        return None
    taken = list(_other_numbers(text))
    for run in _RUN.finditer(text):
        for start, end in _nine_digits(text, run):
            if any(start < until and since < end for since, until in taken):
                continue
            if _passes_the_test(_ascii_digits(text[start:end])):
                return start, end
    return None


def _nine_digits(text: str, run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Every stretch of whole groups of one run that holds nine digits."""
    groups = [group.span() for group in _DIGITS.finditer(text, *run.span())]
    for first in range(len(groups)):
        digits = 0
        for last in range(first, len(groups)):
            digits += groups[last][1] - groups[last][0]
            if digits >= 9:
                if digits == 9 and _stands_alone(groups, first, last):
                    yield groups[first][0], groups[last][1]
                break


def _stands_alone(groups: list[tuple[int, int]], first: int, last: int) -> bool:
    """Whether these groups are a number of their own, not a piece of a longer grouped one."""
    if first == last or last - first + 1 == len(groups):
        return True
    sizes = [end - start for start, end in groups]
    if min(sizes[first : last + 1]) == 1:
        return False
    before = sizes[first - 1] if first else 0
    after = sizes[last + 1] if last + 1 < len(sizes) else 0
    return before != sizes[first] and after != sizes[last]


def _other_numbers(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _OTHERWISE:
        yield from (found.span() for found in pattern.finditer(text))
    yield from (found.span() for found in _IBAN.finditer(text) if _is_account(found[0]))


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(letter)) for letter in text if letter.isdecimal())


def _passes_the_test(digits: str) -> bool:
    from stdnum.nl import bsn  # with the first number: who starts waits for nothing of it

    return bsn.is_valid(digits)


def _is_account(text: str) -> bool:
    from stdnum import iban

    return iban.is_valid(text)
