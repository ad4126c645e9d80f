"""What is missing, what of it is news, and whom to ask next: each gap is one, and told once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coordinators.digest.gaps import (
    PROMISES,
    ROLES,
    UNSAID,
    GapChange,
    Gaps,
    changed_gaps,
    silence,
)
from storage.gate.counts import VOICE

SPOKEN = ("nl", "en", "ar")
NOTHING = silence([], SPOKEN)
VOICES = st.tuples(
    st.sampled_from(PROMISES), st.sampled_from((*ROLES, *UNSAID)), st.sampled_from(SPOKEN)
)
QUARTERS = st.frozensets(VOICES, max_size=12).map(
    lambda voices: silence([(VOICE, " ".join(voice)) for voice in voices], SPOKEN)
)


def heard(*voices: str) -> list[tuple[str, str]]:
    return [(VOICE, voice) for voice in voices]


def test_promises_languages_and_roles_take_turns() -> None:
    missing = silence(heard("own_life resident nl", "context resident nl"), SPOKEN)
    asked = [missing.next(turn, NOTHING) for turn in range(60)]
    assert asked[:4] == [
        ("easy_access", "resident", "nl"),
        ("own_life", "resident", "en"),
        ("own_life", "with_residents", "nl"),
        ("tailored", "resident", "nl"),
    ]
    gaps = set(missing.gaps)
    assert all(gap in gaps for gap in asked)
    assert {gap[2] for gap in asked if gap} == set(SPOKEN)
    assert {gap[1] for gap in asked if gap} == set(ROLES)


def test_nobody_is_asked_when_nothing_is_known_or_nothing_is_missing() -> None:
    assert NOTHING.next(7, NOTHING) is None
    everything = [f"{p} {r} nl" for p in PROMISES for r in ROLES]
    assert silence(heard(*everything), ("nl",)).next(7, NOTHING) is None


@pytest.mark.parametrize("kind", UNSAID)
def test_who_did_not_say_the_role_was_heard_all_the_same(kind: str) -> None:
    missing = silence(heard(f"tailored {kind} nl"), SPOKEN)
    assert {gap[1] for gap in missing.gaps if (gap[0], gap[2]) == ("tailored", "nl")} == {
        "resident"
    }
    assert missing.silent(1) == ["resident"]
    assert "tailored" not in missing.silent(0)
    assert missing.unsure(("tailored", "policy_board", "nl"))
    assert not missing.unsure(("tailored", "resident", "nl"))


def test_a_promise_a_role_and_a_language_are_heard_by_their_own_total() -> None:
    """Also when no role in any one language told enough of it."""
    totals = [("answer:promise", "context"), ("answer:role", "policy_board"), ("language", "ar")]
    missing = silence([*totals, ("guide", "resident"), ("story", "")], SPOKEN)
    assert missing.known
    assert missing.silent(0) == [each for each in PROMISES if each != "context"]
    assert missing.silent(1) == ["with_residents", "lead_support", "lived_experience"]
    assert missing.silent(2) == ["nl", "en"]


def test_what_was_heard_is_known_by_promise_role_and_language() -> None:
    missing = silence([*heard("own_life resident nl"), ("story", "")], SPOKEN)
    assert missing.voiced(0) == ["own_life"]
    assert missing.silent(2) == ["en", "ar"]
    assert ("own_life", "resident", "nl") not in missing.gaps
    assert len(missing.gaps) == len(PROMISES) * len(ROLES) * len(SPOKEN) - 1


def test_what_is_known_for_the_first_time_is_new() -> None:
    now = silence(heard(*(f"{p} {r} nl" for p in PROMISES[1:] for r in ROLES)), SPOKEN)
    assert changed_gaps(now, NOTHING) == [
        GapChange(0, ("own_life",), closed=False),
        GapChange(2, ("en", "ar"), closed=False),
    ]
    assert changed_gaps(NOTHING, now) == []


@given(QUARTERS, QUARTERS)
def test_only_what_opened_or_closed_is_told_and_asked_for(now: Gaps, before: Gaps) -> None:
    told = changed_gaps(now, before)
    for place in range(3):
        opened = {
            n for each in told if (each.place, each.closed) == (place, False) for n in each.names
        }
        closed = {
            n for each in told if (each.place, each.closed) == (place, True) for n in each.names
        }
        old = set(before.silent(place)) if before.known else set()
        if now.known:
            assert opened == set(now.silent(place)) - old
            assert closed == set(now.voiced(place)) & old
        else:
            assert not opened | closed
    asked = {now.next(turn, before) for turn in range(24)} - {None}
    assert asked <= set(now.gaps)
    assert not (before.known and asked & set(before.gaps))


@given(QUARTERS)
def test_a_quarter_like_the_one_before_has_no_news(quarter: Gaps) -> None:
    assert changed_gaps(quarter, quarter) == []
    assert quarter.next(3, quarter) is None
