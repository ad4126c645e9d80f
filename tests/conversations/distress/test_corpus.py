"""Words that ask for help are noticed, and ordinary ones seldom, as far as a corpus can tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.distress import LANGUAGES, measure, parts, report, sentences
from conversations.distress.classifier import HOME, _learned_pieces, classifier_of, words_of
from conversations.distress.detect import worrying
from conversations.distress.patterns import patterns_of

FLOORS, CEILINGS = 0.9, 0.05
UNSEEN = {
    "test": {"nl": (0.9, 0.09)},
    "hands-3-test": {"nl": (0.75, 0.04), "en": (0.82, 0.05), "tr": (0.87, 0.07), "ar": (0.9, 0.07)},
    "hands-nl-en-test": {"nl": (0.68, 0.09), "en": (0.7, 0.1)},
    "hands-tr-ar-test": {"tr": (0.69, 0.16), "ar": (0.78, 0.14)},
}
"""What holds where it is not `FLOORS` and `CEILINGS`: the share seen, and the share of ordinary
sentences, hard and plain together, with the card. Nothing was learned from the last three, but
thresholds and sizes were chosen in sight of how many they show."""
STORY = {
    "nl": (
        "Dinsdag koken we samen in het buurthuis en daarna drinken we koffie.",
        "De gemeente belde terug over het formulier en mijn zus hielp met invullen.",
    ),
    "en": (
        "On Tuesdays we cook together at the community centre and drink coffee.",
        "The council rang back about the form and my sister helped me fill it in.",
    ),
    "tr": (
        "Salı günleri mahalle evinde birlikte yemek yapıp çay içiyoruz.",
        "Belediye form için geri aradı, kız kardeşim doldurmama yardım etti.",
    ),
    "ar": (
        "كل ثلاثاء نطبخ معاً في مركز الحي ونشرب القهوة.",
        "اتصلت البلدية بخصوص الاستمارة وساعدتني أختي في تعبئتها.",
    ),
}
CORPUS = Path(__file__).parents[3] / "benchmarks" / "redact_corpus"


def test_there_are_sixty_sentences_of_both_sorts_in_dutch() -> None:
    dutch = [each for each in sentences("dev") if each["lang"] == "nl"]
    assert sum(each["help"] for each in dutch) >= 60
    assert sum(not each["help"] for each in dutch) >= 60
    assert len({each["text"] for each in dutch}) == len(dutch)


@pytest.mark.parametrize("part", parts())
@pytest.mark.parametrize("language", LANGUAGES)
def test_enough_is_seen_and_little_is_shown_needlessly(part: str, language: str) -> None:
    score = measure(part, language)
    least, most = UNSEEN.get(part, {}).get(language, (FLOORS, CEILINGS))
    assert score.recall() >= least
    assert score.alarm_rate() <= most


def test_a_report_names_every_kind() -> None:
    said = report("dev")
    assert all(each["kind"] in said for each in sentences("dev") if each["help"])


@pytest.mark.parametrize(
    ("part", "most"), [("nl-u-test", 0.14), ("tr-u-test", 0.125), ("ar-u-2-dev", 0.075)]
)
def test_stories_that_were_not_learned_from_seldom_show_the_card(part: str, most: float) -> None:
    lines = (CORPUS / f"hands-{part}.jsonl").read_text(encoding="utf-8").splitlines()
    language = part[:2]
    shown = [worrying(json.loads(line)["text"], language) for line in lines]
    assert sum(shown) <= most * len(shown), "some of these stories do ask for help"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cry_for_help_is_seen_inside_an_ordinary_story(language: str) -> None:
    before, after = STORY[language]
    asking = [
        each["text"] for each in sentences("dev") if each["help"] and each["lang"] == language
    ]
    seen = [worrying(f"{before} {text.rstrip('.!?')}. {after}", language) for text in asking]
    assert sum(seen) >= 0.7 * len(seen)


def test_the_weights_are_small() -> None:
    assert sum(path.stat().st_size for path in HOME.glob("weights-*.tsv")) < 500_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_evidence_that_is_looked_for_by_its_first_word_is_all_that_its_rows_find(
    language: str,
) -> None:
    patterns = patterns_of(language)
    rows = {
        (kind, place): row
        for kind, its in patterns.evidence.items()
        for place, (_, row) in enumerate(its.rows)
    }
    for sentence in (each["text"].lower() for each in sentences("dev")):
        held = patterns.evident.held(sentence)
        seen = {(kind, place) for kind, places in held.items() for place in places}
        assert seen == {at for at, row in rows.items() if row.search(sentence)}


def test_only_of_words_that_were_learned_the_pieces_are_remembered() -> None:
    learned = classifier_of("nl").words
    told = "Xandrijn Quobelmans en ik wil zo niet verder leven."
    _learned_pieces.cache_clear()
    worrying(told)
    words = words_of(told)
    assert _learned_pieces.cache_info().currsize == len({each for each in words if each in learned})
