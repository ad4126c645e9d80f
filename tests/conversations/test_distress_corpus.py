"""Words that ask for help are noticed, and ordinary ones seldom, as far as a corpus can tell."""

from __future__ import annotations

import pytest

from benchmarks.distress import LANGUAGES, measure, parts, report, sentences

FLOORS = {"dev": 0.95, "own": 0.9}
CEILINGS = {"dev": 0.05, "own": 0.05}


def test_there_are_sixty_sentences_of_both_sorts_in_dutch() -> None:
    dutch = [each for each in sentences("dev") if each["lang"] == "nl"]
    assert sum(each["help"] for each in dutch) >= 60
    assert sum(not each["help"] for each in dutch) >= 60
    assert len({each["text"] for each in dutch}) == len(dutch)


@pytest.mark.parametrize("part", parts())
@pytest.mark.parametrize("language", LANGUAGES)
def test_enough_is_seen_and_little_is_shown_needlessly(part: str, language: str) -> None:
    score = measure(part, language)
    assert score.recall() >= FLOORS.get(part, 0.7 if language == "nl" else 0.5)
    assert score.alarm_rate() <= CEILINGS.get(part, 0.09 if language == "nl" else 0.2)


def test_a_report_names_every_kind() -> None:
    assert all(each["kind"] in report("dev") for each in sentences("dev") if each["help"])
