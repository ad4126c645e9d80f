"""The measured stories keep their promises: enough of them, well marked, and well found."""

import re
from functools import cache
from typing import Any

import pytest

from benchmarks.redact import ORIGINS, Score, frames, measure, parts, report, report_frames, stories

PARTS = parts()
OWN = {"dev": 0.97, "test": 0.95, "tr-dev": 0.95, "tr-test": 0.9, "ar-dev": 0.95, "ar-test": 0.8}
HANDS = {"nl": 0.94, "tr": 0.9, "ar": 0.85}
HARD = {"ar": 0.4, "ha": 0.5} | {"de": 0.15, "te": 0.15, "tr": 0.25}
"""The share of direct identifiers that must be hidden: in the project's own stories, and in those
by hands that have not seen the rules."""
UNSEEN = {
    "hands-nl-u-test": (0.96, 0, 4),
    "hands-tr-u-test": (0.905, 0, 2),
    "hands-nl-w-test": (0.95, 0, 3),
    "hands-tr-w-test": (0.95, 2, 5),
    "hands-nl-y-test": (1, 0, 5),
    "hands-tr-y-test": (1, 0, 6),
    "hands-ar-z-test": (0.84, 0, 0),
}
"""What holds in parts that were only measured, never read while rules or weights changed: the
share hidden, and the ordinary and hard clean stories with an alarm. Below the goals still
(`benchmarks/redact.md`); better is welcome, worse is not."""


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
            whole = not re.match(r"\w\B", story["text"][span["end"] - 1 :])
            assert whole or "tr" in story["id"], story["id"]  # endings are written to the name
            assert (span["kind"] == "PER") == ("origin" in span), story["id"]
            last = span["end"]


def bounds(part: str) -> tuple[float, float, float]:
    """The least share hidden, and the most ordinary and hard clean stories with an alarm."""
    if part in UNSEEN:
        return UNSEEN[part]
    clean = measured(part).clean
    least = OWN[part] if part in OWN else HANDS[part.split("-")[1]]
    return least, max(1, 0.1 * clean["plain"]), max(1, HARD[part[:2]] * clean["hard"])


@cache
def measured(part: str) -> Score:
    return measure(stories(part))


@pytest.mark.parametrize("part", PARTS)
def test_direct_identifiers_are_hidden_and_clean_stories_stay_quiet(part: str) -> None:
    score = measured(part)
    least, plain, hard = bounds(part)
    enough_is_hidden = score.direct() >= least
    clean_stories_stay_quiet = score.alarms["plain"] <= plain and score.alarms["hard"] <= hard
    # no figure is told: rules would follow it, and those parts would not be unseen any more
    assert (enough_is_hidden, clean_stories_stay_quiet) == (True, True)


@pytest.mark.parametrize(("case", "share"), [("mid", 0.93), ("lower", 0.85)])
def test_names_of_every_origin_are_hidden_in_sentences(case: str, share: float) -> None:
    hidden = frames("dev", case, tries=1)
    assert len(hidden) >= 20
    assert min(hidden.values()) >= share


def test_the_report_prints_every_kind_and_origin() -> None:
    table = report("test", measure(stories("test")))
    assert "PER" in table
    assert "Frisian" in table
    assert "clean stories with an alarm, hard" in table
    assert ORIGINS["vn"] in report_frames("dev")
