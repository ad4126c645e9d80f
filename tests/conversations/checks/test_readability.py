"""Counting sentences, words and syllables, and the reading ease that follows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.checks.readability import (
    dutch_syllables,
    english_syllables,
    reading_ease,
    sentences,
    turkish_syllables,
    words,
)

DUTCH = (
    "één:1 jij:1 nieuw:1 mooi:1 vriend:1 mee:1 team:1 idee:2 verhaal:2 vrouwen:2 bloeien:2 visie:2 "
    "cadeau:2 wijkteams:2 website:2 eeuwig:2 quote:2 media:3 visite:3 ideeën:3 kopieën:3 reünie:3 "
    "bijeenkomst:3 computer:3 gemeente:3 overheid:3 radio:3 museum:3 BSN:3 gezondheid:3 actueel:3 "
    "beëindigen:4 financiën:4 coördinator:5 Associatie:5 ervaringsdeskundige:7"
)
ENGLISH = (
    "one:1 asked:1 names:1 closed:1 voice:1 leave:1 told:1 once:1 story:2 people:2 little:2 "
    "visit:2 wanted:2 changes:2 being:2 going:2 quiet:2 client:2 patient:2 safety:2 special:2 "
    "create:2 agree:2 colleague:2 area:3 idea:3 everything:3 computer:3 suicide:3 energy:3 "
    "resident:3 professional:4 experience:4 community:4 association:5 coordinator:5 municipality:6"
)


def _pairs(listed: str) -> list[tuple[str, int]]:
    return [(word, int(count)) for word, count in (pair.split(":") for pair in listed.split())]


@pytest.mark.parametrize(("word", "count"), _pairs(DUTCH))
def test_a_dutch_word_has_as_many_syllables_as_one_hears(word: str, count: int) -> None:
    assert dutch_syllables(word) == count


@pytest.mark.parametrize(("word", "count"), _pairs(ENGLISH))
def test_an_english_word_has_as_many_syllables_as_one_hears(word: str, count: int) -> None:
    assert english_syllables(word) == count


def test_a_new_line_a_question_mark_and_a_quote_end_a_sentence() -> None:
    text = "Dit is je code:\nvijf woorden\nKlopt het? ‘Ja.’ Chat op 113.nl of bel 0800-0432."
    assert sentences(text) == [
        "Dit is je code:",
        "vijf woorden",
        "Klopt het?",
        "‘Ja.",
        "Chat op 113.nl of bel 0800-0432.",
    ]


def test_numbers_are_no_words_and_an_apostrophe_does_not_split_one() -> None:
    assert words("Bel 112, foto’s mogen: don't 0-100") == ["Bel", "foto’s", "mogen", "don't"]


def test_the_dutch_formula_is_that_of_douma() -> None:
    # 6 words, 8 syllables, 2 sentences
    assert reading_ease("Wij gaan naar huis. Morgen vertel", "nl") == pytest.approx(
        206.84 - 77 * 8 / 6 - 0.93 * 3
    )


def test_the_english_formula_is_that_of_flesch() -> None:
    # 6 words, 7 syllables, 1 sentence
    assert reading_ease("You may tell us your story", "en") == pytest.approx(
        206.835 - 84.6 * 7 / 6 - 1.015 * 6
    )


def test_the_turkish_formula_is_that_of_atesman() -> None:
    # 5 words, 9 syllables, 2 sentences
    assert reading_ease("İki kişi geldi. Çay içtik", "tr") == pytest.approx(
        198.825 - 40.175 * 9 / 5 - 2.61 * 2.5
    )


@pytest.mark.parametrize(("word", "count"), _pairs("ev:1 Iğdır:2 İpek:2 saat:2 belediye:4 hâlâ:2"))
def test_a_turkish_word_has_as_many_syllables_as_vowels(word: str, count: int) -> None:
    assert turkish_syllables(word) == count


def test_without_a_formula_or_without_words_there_is_no_reading_ease() -> None:
    assert reading_ease("مرحباً، كيف حالك؟", "ar") is None
    assert reading_ease("112!", "nl") is None


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for language in ("nl", "en"):
        reading_ease(text, language)
    assert all(dutch_syllables(word) >= 1 <= english_syllables(word) for word in words(text))
