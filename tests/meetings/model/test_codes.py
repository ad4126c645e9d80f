"""The short code of a meeting, as people type it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.meetings.model.codes import ALPHABET, LENGTH, new_code, parse_code, shown

CODES = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH).map(shown)


def test_a_new_code_is_two_groups_without_look_alikes_or_words() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    for code in codes:
        assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{3}", code)
        assert not set(code) & set("01OIL8B5S2Z6GVUAE") - set("8526V")
    assert new_code(lambda letters: letters[0]) == "2222-222"


@pytest.mark.parametrize(
    "typed",
    [
        "K7MF-3QX",
        "k7mf3qx",
        " K7MF 3QX ",
        "k7mf–3qx",
        "K 7 M F 3 Q X",
        "K7MF_3QX",
        "https://vertelbot.example/m/K7MF-3QX",
        "https://vertelbot.example/m/k7mf-3qx/",
        "https://t.me/vertelbot?start=K7MF-3QX",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert parse_code(typed) == "K7MF-3QX"


def test_a_look_alike_is_read_as_what_it_looks_like() -> None:
    assert parse_code("B5Z6-UXX") == "8526-VXX"
    assert parse_code("bszg-uxx") == "8526-VXX"


@pytest.mark.parametrize("typed", ["", "K7MF-3Q", "K7MF-3QXX", "K7MF-3QO", "hallo allemaal", "/"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert parse_code(typed) is None


@given(CODES)
def test_a_printed_code_is_read_back(code: str) -> None:
    assert parse_code(code) == code
    assert parse_code(code.lower().replace("-", " ")) == code


@given(st.text())
def test_any_text_is_a_code_or_none(text: str) -> None:
    code = parse_code(text)
    assert code is None or parse_code(code) == code
