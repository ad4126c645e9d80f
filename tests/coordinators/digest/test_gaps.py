"""Whom to ask next: another gap each week, first those that are nearest."""

from __future__ import annotations

from bot.coordinators.digest.gaps import PROMISES, ROLES, silence
from storage.gate.counts import VOICE

SPOKEN = ("nl", "en", "ar")


def heard(*voices: str) -> list[tuple[str, str]]:
    return [(VOICE, voice) for voice in voices]


def test_promises_languages_and_roles_take_turns() -> None:
    missing = silence(heard("own_life resident nl", "context resident nl"), SPOKEN)
    asked = [missing.next(turn) for turn in range(60)]
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
    assert silence([], SPOKEN).next(7) is None
    everything = [f"{p} {r} nl" for p in PROMISES for r in ROLES]
    assert silence(heard(*everything), ("nl",)).next(7) is None


def test_stories_without_a_role_are_heard_too() -> None:
    missing = silence(heard("own_life professional nl"), SPOKEN)
    assert missing.voiced(1) == []
    assert missing.next(0) == ("own_life", "resident", "nl")


def test_what_was_heard_is_known_by_promise_role_and_language() -> None:
    missing = silence([*heard("own_life resident nl"), ("story", "")], SPOKEN)
    assert missing.voiced(0) == ["own_life"]
    assert missing.silent(2) == ["en", "ar"]
    assert ("own_life", "resident", "nl") not in missing.gaps
    assert len(missing.gaps) == len(PROMISES) * len(ROLES) * len(SPOKEN) - 1
