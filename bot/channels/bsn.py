"""Masks citizen service numbers (BSN) in a text before anything of it is stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

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
    pieces, at = [], 0
    for start, end in sorted(_numbers(text)):
        pieces += [text[at:start], MASK]
        at = end
    return "".join((*pieces, text[at:])), bool(pieces)


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where they stand, at a cost that rises with the length of the text and no faster: it is
    anybody's."""
    if sum(map(len, _DIGITS.findall(text))) < 9:
        return
    other = bytearray(len(text))
    for start, end in _other_numbers(text):
        other[start:end] = b"1" * (end - start)
    for run in _RUN.finditer(text):
        groups = _Groups([group.span() for group in _DIGITS.finditer(text, *run.span())])
        yield from groups.numbers(
            lambda start, end: (
                not any(other[start:end]) and _passes_the_test(_ascii_digits(text[start:end]))
            )
        )


class _Groups:
    """Groups of digits with a gap between them."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = spans
        self._sizes = [end - start for start, end in spans]

    def numbers(self, is_one: Callable[[int, int], bool]) -> Iterator[tuple[int, int]]:
        """Every stretch of whole groups that holds nine digits and is a number. What is found
        parts the groups: those before it end there, and those behind it begin anew."""

        def found(first: int, last: int, begin: int, end: int) -> bool:
            alone = self._stands_alone(first, last, begin, end)
            return alone and is_one(self._spans[first][0], self._spans[last][1])

        begin = first = 0
        while first < len(self._spans):
            last = self._ninth(first, len(self._spans), 1)
            if last is None or not found(first, last, begin, len(self._spans)):
                first += 1
                continue
            yield self._spans[first][0], self._spans[last][1]
            end = first
            while (start := self._ninth(end - 1, begin - 1, -1)) is not None:
                if not found(start, end - 1, begin, end):
                    break
                yield self._spans[start][0], self._spans[end - 1][1]
                end = start
            begin = first = last + 1

    def _ninth(self, at: int, until: int, step: int) -> int | None:
        """The group with which nine digits are complete; None where none is."""
        digits = 0
        for group in range(at, until, step):
            digits += self._sizes[group]
            if digits >= 9:
                return group if digits == 9 else None
        return None

    def _stands_alone(self, first: int, last: int, begin: int, end: int) -> bool:
        """Whether these groups are a number of their own, not a piece of a longer grouped one."""
        if first == last or (first, last + 1) == (begin, end):
            return True
        sizes = self._sizes
        if min(sizes[first : last + 1]) == 1:
            return False
        before = sizes[first - 1] if first > begin else 0
        after = sizes[last + 1] if last + 1 < end else 0
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
