"""A citizen service number never gets past the channel."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.nl import bsn

from bot.channels.bsn import MASK, mask_bsn

words = st.text("abcdefg ,;:!?\n", max_size=20)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Nine digits that pass the eleven-test, together or in groups."""
    front = draw(st.integers(1, 99_999_999))
    digits = [int(digit) for digit in f"{front:08d}"]
    last = sum((9 - place) * digit for place, digit in enumerate(digits)) % 11
    if last == 10:
        digits[7] ^= 1
        last = sum((9 - place) * digit for place, digit in enumerate(digits)) % 11
    number = "".join(map(str, digits)) + str(last % 10)
    gaps = draw(st.sampled_from(["", " ", ".", "-", "\u00a0"]))
    cuts = draw(st.sampled_from([(), (3, 6), (4, 6), (2, 5)]))
    return gaps.join(number[a:b] for a, b in zip((0, *cuts), (*cuts, 9), strict=True))


@given(words, numbers().filter(lambda n: bsn.is_valid(n)), words)
def test_every_number_is_taken_out_of_any_sentence(before: str, number: str, after: str) -> None:
    assert mask_bsn(before + number + after) == (before + MASK + after, True)


@given(st.text())
def test_masking_twice_is_masking_once(text: str) -> None:
    once, _ = mask_bsn(text)
    assert mask_bsn(once) == (once, False)


@given(st.text("0123456789 .-+ab", max_size=60))
def test_what_is_said_about_masking_is_true(text: str) -> None:
    result, masked = mask_bsn(text)
    assert masked == (result != text) == (MASK in result)


@pytest.mark.parametrize(
    "text",
    [
        "111222333",
        "1112.22.333",
        "111 222 333",
        "111-222-333",
        "1 11222333",
        "1 1 1 2 2 2 3 3 3",
        "111\u00a0222\u00a0333",
        "111 – 222 – 333",
        "012345672",
        "١١١٢٢٢٣٣٣",
    ],
)
def test_it_is_found_however_it_is_written(text: str) -> None:
    assert mask_bsn(f"Mijn nummer is {text}.") == (f"Mijn nummer is {MASK}.", True)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("bsn111222333", f"bsn{MASK}"),
        ("BSN:111222333, dank", f"BSN:{MASK}, dank"),
        ("ik ben 34 111222333", f"ik ben 34 {MASK}"),
        ("ik ben 34 111 222 333", f"ik ben 34 {MASK}"),
        ("111222333 en 123456782", f"{MASK} en {MASK}"),
        ("111222333 123456782", f"{MASK} {MASK}"),
        ("bel 06-12345678 111222333", f"bel 06-12345678 {MASK}"),
        ("bel +31612345678 111 222 333", f"bel +31612345678 {MASK}"),
    ],
)
def test_what_stands_beside_it_stays(text: str, result: str) -> None:
    assert mask_bsn(text) == (result, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Geen nummer",
        "111222334",
        "000000000",
        "11222333",
        "1112223330",
        "0111222333",
        "111 222 333 444",
        "+31 111222333",
        "+31 (0)111222333",
        "0031 111222333",
        "bel 06-12345678",
        "CH93 0076 2011 6238 5295 7",
        "NL91 ABNA 0417 1643 00",
        "op 11-12-2012 3 keer",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask_bsn(text) == (text, False)


SHAPES = (
    "111222333\n", "111222333x", "111 222 333\n", "111222333 ", "1111 22333 ", "4 5 ", "123 ", "1 ",
    "1.", "1 23 ", "1-1-", "0 ", "+1 ", "0031 6 ", "0612345678 ", "NL00 ABNA ", "11-12-2012 ", "1",
)  # fmt: skip


def lines(text: str) -> int:
    """Lines that are run for a text, each time that they are: what it costs, without a clock."""
    count = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        mask_bsn(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_the_cost_of_a_text_rises_with_its_length_and_no_faster(shape: str) -> None:
    """A text of 6,000 characters stopped everybody for more than half a second."""
    short, long = (lines(shape * (size // len(shape))) for size in (600, 2400))
    assert long < 5 * short


@given(st.lists(st.one_of(numbers(), st.text("0123456789 -x", max_size=5)), max_size=8))
def test_of_many_numbers_none_is_left(parts: list[str]) -> None:
    result, _ = mask_bsn(" en ".join(parts))
    for part in parts:
        assert len(part) != 9 or not bsn.is_valid(part) or part not in result.split()
