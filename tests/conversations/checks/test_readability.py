"""Counting sentences, words and syllables, and the reading ease that follows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.checks.lint_words import guide_word_findings
from conversations.checks.readability import (
    dutch_syllables,
    english_syllables,
    reading_ease,
    sentences,
    turkish_syllables,
    word_count,
    words,
)
from conversations.checks.sentence_readings import sentence_readings
from conversations.guide.loading import load_guides

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


def codes(text: str, language: str = "nl") -> set[str]:
    """What is told of a text of a guide."""
    phrases = load_guides().phrases(language)
    return {each.code for each in guide_word_findings({"a.say": text}, phrases, frozenset())}


@given(
    st.sampled_from(["/", ",", ";", ", ", "\u00a0", "\t", "-", "_", ".", "…", "+", "|", " \u200b"])
)
def test_a_sentence_is_as_long_with_anything_between_its_words(between: str) -> None:
    text = between.join(["dit", "is", "wat", "we", "zien"] * 4)
    assert codes(text) & {"long-sentence", "long-word"}
    assert not any(
        each.fits for each in sentence_readings({"a.say": text}, load_guides().phrases("nl"))
    )


@pytest.mark.parametrize("between", ["", "\u00ad", "\u200b", "\u2060"])
def test_words_without_a_space_are_one_long_word(between: str) -> None:
    """Whatever it begins with, and how ever little else is said."""
    for first in ("verzekering", "Verzekering", "VERZEKERING"):
        text = between.join([first, "maatschappij", "overzicht"])
        assert "long-word" in codes(f"{text}?")
        assert "long-word" in codes(text, "ar")


@pytest.mark.parametrize(
    "text",
    [
        "Interdisciplinaire ondersteuningstrajecten.",
        "Gemeentelijke samenwerkingsverbanden coördineren ondersteuningstrajecten.",
        "Privacyverklaringen evalueren",
    ],
)
def test_a_few_hard_words_are_hard_and_one_name_is_not(text: str) -> None:
    assert codes(text) == {"not-plain"}
    assert codes("Wie is je coördinator?") == codes("Telefoonnummer") == set()


@pytest.mark.parametrize("short", ["bijv.", "enz.", "d.w.z.", "o.a.", "dhr.", "nr.", "(art."])
def test_a_word_that_is_cut_short_ends_no_sentence(short: str) -> None:
    after = "Jansen" if short == "dhr." else "5" if short in ("nr.", "(art.") else "een brief"
    text = f"We gaan dan naar {short} {after} en nog veel meer van wat er hier zo is."
    assert sentences(text) == [text]
    assert codes(text) == {"long-sentence"}


def test_numbers_are_read_too() -> None:
    assert codes("Bel 112. " + "12 " * 16) == {"long-sentence"}
    assert codes("9" * 41) == {"long-word"}
    assert word_count("Kijk op https://www.wijkteams.nl/een/heel/lang/adres/van/een/blad") == 3


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("هل حدث شيء اليوم في " + "الفريق " * 12, "ar"),
        ("今天在团队里发生了什么事情你能告诉我们吗我们很想知道这个故事是怎么开始的", "zh"),
        ("วันนี้เกิดอะไรขึ้นในทีมของคุณช่วยเล่าให้เราฟังหน่อยได้ไหมเราอยากรู้เรื่องนี้มากจริงๆนะครับและขอบคุณ", "th"),
    ],
)
def test_sentences_are_measured_in_every_script(text: str, language: str) -> None:
    assert word_count(text) > 15
    phrases = replace(load_guides().phrases("nl"), language=language)
    found = guide_word_findings({"a.say": text}, phrases, frozenset())
    assert {each.code for each in found} == {"long-sentence"}


def test_questions_in_arabic_are_sentences_of_their_own() -> None:
    assert sentences("كيف حالك؟ أنا بخير.") == ["كيف حالك؟", "أنا بخير."]


@pytest.mark.parametrize("text", ["Что случилось сегодня?", "今天发生了什么？", "ماذا حدث؟"])
@pytest.mark.parametrize("language", ["nl", "en", "tr"])
def test_words_in_other_letters_than_those_of_the_language_are_told(
    text: str, language: str
) -> None:
    assert "other-letters" in codes(text, language)
    assert "other-letters" not in codes(f"Zeg het zo in het Russisch: {text[:4]}", language)
