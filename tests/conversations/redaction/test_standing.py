"""Rules that look at a text only where their first word stands find what they would find if they
looked everywhere."""

from __future__ import annotations

import pytest

from benchmarks import redact
from conversations.redaction.findings import Findings
from conversations.redaction.names import read
from conversations.redaction.rules import addresses, dates, organisations, shapes, spoken, unique
from conversations.redaction.rules.standing import Standing, standing
from conversations.wordlist.lexicon import FREQUENT
from conversations.wordlist.load import lexicon_of

ODD = (
    "OP TWEE MEİ BEN IK ACHTTIEN, en toen ıK negentien was.",
    "Ik ben\ndrie_ik ben achttien. ik ik ben vijfenzeventig",
    "Kerkstraat-Kerkstraat Kerkſtraat kerkstraat_2 De Wilgenlaan, 5straat",
    "een_twee een-twee-drie-vier nul zes ÉÉN üç dört واحد اثنين ثلاثة أربعة",
)


@pytest.fixture(scope="module")
def texts() -> list[Standing]:
    told = [story["text"] for part in redact.parts() for story in redact.stories(part)]
    return [standing(text) for text in (*ODD, *told, *(text.upper() for text in told[::9]))]


def test_a_rule_finds_the_same_where_its_first_words_stand(texts: list[Standing]) -> None:
    rules = [
        (addresses._LAAN_VAN, addresses._LAANS),
        *((unique._PATTERNS[place], words) for place, words in unique._BEGINS.items()),
        (dates._DAY_IN_WORDS, dates._DAYS),
        *((organisations._HEADED[head], words) for head, words in organisations._BEGINS.items()),
    ]
    found = 0
    for at in texts:
        aged = [dates._beginning(at, words) for words in dates._AGES_BEGIN]
        begun = zip(dates._AGES, aged, strict=True)
        for pattern, words in (
            *rules,
            *((age, words) for age, words in begun if words is not None),
        ):
            spans = [each.span() for each in pattern.finditer(at.text)]
            assert [each.span() for each in at.found(pattern, words)] == spans, at.text
            found += len(spans)
        streets = [word for word in at.places if word.endswith(addresses._STREETS)]
        spans = [each.span() for each in addresses._NAMED.finditer(at.text)]
        assert [each.span() for each in at.found(addresses._NAMED, streets)] == spans, at.text
        found += len(spans)
    assert found > 150


def test_numbers_in_words_are_known_as_the_rule_for_telephones_knows_them(
    texts: list[Standing],
) -> None:
    usual = lexicon_of("nl").frequent.items()
    words = {word for word, band in usual if band <= FREQUENT}
    words.update(word for at in texts for word in at.places)
    numbers = {word for word in words if spoken._FIRST.fullmatch(word)}
    assert spoken._numbers(words) == numbers
    assert len(numbers) > 60


def test_what_must_stand_in_a_text_stands_wherever_a_rule_finds_something(
    texts: list[Standing],
) -> None:
    for at in texts:
        for label, pattern in organisations._TAILED.items():
            assert bool(at.at(organisations._TAILS[label])) >= bool(pattern.search(at.text))
        assert at.holds(*organisations._GLUED_TO) >= bool(organisations._GLUED.search(at.text))
        assert at.holds("hoog", "links", "rechts") >= bool(addresses._FLOOR.search(at.text))
        for pattern, needed in zip(dates._AGES, dates._AGES_NEED, strict=True):
            assert not needed or at.holds(*needed) >= bool(pattern.search(at.text))
        for pattern, needed in zip(unique._PATTERNS, unique._NEEDED, strict=True):
            assert at.holds(*needed) >= bool(pattern.search(at.text)), at.text
        old_or_new = bool(addresses._OLD_AND_NEW.search(at.text))
        assert at.holds(*addresses._OLD_OR_NEW) >= old_or_new, at.text
        assert at.holds(*shapes._URL_HINTS) >= bool(shapes._URL.search(at.text)), at.text
        spelt = bool(spoken._MAIL.search(at.text))
        pointed = bool(spoken._DOTTED.search(at.text)) or not spoken._POINTS.isdisjoint(at.places)
        assert pointed >= spelt, at.text


@pytest.mark.parametrize("language", ["nl", "en", "tr", "ar"])
def test_a_word_that_is_passed_over_at_once_could_not_be_part_of_a_name(
    texts: list[Standing], language: str
) -> None:
    for at in texts[::7]:
        tokens, evidence = read(at.text, Findings(), lexicon_of(language), language)
        looked_at = [evidence._is_active(place) for place in range(len(tokens))]
        assert evidence.active == looked_at, at.text
