"""The measured stories keep their promises: enough of them, well marked, and well found."""

import re
from typing import Any

import pytest

from benchmarks.redact import ABROAD, DUTCH, ORIGINS, measure, report, stories

PARTS = (*DUTCH, *ABROAD)


@pytest.fixture(scope="module", params=PARTS)
def told(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return stories(request.param)


def test_there_are_150_stories_and_half_are_hard() -> None:
    everything = [story for part in PARTS for story in stories(part)]
    assert len(everything) >= 150
    assert sum(story["hard"] for story in everything) * 2 >= len(everything)
    assert len({story["text"] for story in everything}) == len(everything)


def test_every_mark_lies_on_whole_words_and_overlaps_no_other(told: list[dict[str, Any]]) -> None:
    for story in told:
        last = 0
        assert story["clean"] == (not story["spans"])
        for span in story["spans"]:
            assert last <= span["start"] < span["end"] <= len(story["text"]), story["id"]
            assert not re.match(r"\w\B", story["text"][span["end"] - 1 :]), story["id"]
            assert (span["kind"] == "PER") == (span.get("origin") in ORIGINS), story["id"]
            last = span["end"]


@pytest.mark.parametrize(
    ("part", "hidden", "alarms"),
    [
        *((part, 0.95, 0.05) for part in DUTCH),
        *((part, 0.95 if "dev" in part else 0.8, 0.15) for part in ABROAD),
    ],
)
def test_direct_identifiers_are_hidden_and_clean_stories_stay_quiet(
    part: str, hidden: float, alarms: float
) -> None:
    score = measure(stories(part))
    assert score.direct() >= hidden
    assert score.alarm_rate() <= alarms
    assert sorted(score.seconds)[len(score.seconds) // 2] < 0.005


def test_the_report_prints_every_kind_and_origin() -> None:
    table = report("test", measure(stories("test")))
    assert "PER" in table
    assert "Frisian" in table
    assert "clean stories with an alarm" in table
