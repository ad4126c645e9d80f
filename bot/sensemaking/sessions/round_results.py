"""Closes a round: what participants gave becomes the one result that leaves it."""

from __future__ import annotations

from statistics import median
from typing import Any

from bot.coordinators.questions import Question
from bot.sensemaking.sessions.story_pick import asked_of, stories_of
from bot.services import Services
from conversations.sensemaking.coarse_shares import step_at, steps_of
from conversations.sensemaking.rounds import (
    Spread,
    agreed,
    bridging,
    gap,
    held_by,
    predicted,
)
from storage import narrowings
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Reads, Transaction
from storage.sensemaking import patterns, rounds
from storage.sensemaking.patterns import SessionPattern, in_short
from storage.sensemaking.sessions import SenseSession
from storage.stories.reading import Answered


def observed_now(
    reads: Reads, services: Services, who: Coordinator, session: SenseSession
) -> dict[str, int | None]:
    """Where the stories stand on the pattern that is being predicted, by its id; see `observed`.
    All stories of the session are read: never in a write, which everybody waits for."""
    pattern = open_pattern(reads, session)
    if session.state != "predicting" or pattern is None:
        return {}
    told = stories_of(reads, who, session)
    question = asked_of(reads, services, told, who.language).find(pattern.one)
    k = services.settings.privacy.small_number
    return {pattern.id: observed(told, question, pattern.answer, k)}


def close_predictions(
    connection: Transaction,
    services: Services,
    session: SenseSession,
    pattern: SessionPattern,
    stand: int | None,
) -> None:
    """The predictions of a pattern leave, with how far they were from where the stories stand.
    Where the same was predicted before, in another pattern, that result stands: the difference of
    two would tell of who came in between."""
    earlier = rounds.results(connection, session.id)
    asked = pattern.one, pattern.answer
    for each in patterns.listed(connection, session.id):
        left = earlier.get(f"predict:{each.id}")
        if left is not None and (each.one, each.answer) == asked:
            rounds.keep_result(connection, session.id, f"predict:{pattern.id}", left)
            return
    k = services.settings.privacy.small_number
    given = predicted(rounds.predictions(connection, pattern.id), k)
    seen = stand if given else None
    result: dict[str, Any] = {
        "spread": {role: [each.middle, each.low, each.high] for role, each in given.items()},
        "observed": seen,
        "gap": {
            role: gap(Spread(each.middle, each.low, each.high), seen)
            for role, each in given.items()
            if seen is not None
        },
        "narrowings": narrowings.newest(connection),
    }
    rounds.keep_result(connection, session.id, f"predict:{pattern.id}", result)


def close_votes(
    connection: Transaction, services: Services, session: SenseSession, pattern: SessionPattern
) -> None:
    """The answers to the interpretations of a pattern leave. Of one in the same words as one that
    was voted on before, that result stands."""
    k, result = services.settings.privacy.small_number, dict[str, Any]()
    before = _left_before(connection, session)
    for reading in pattern.interpretations:
        if not reading.shown:
            continue
        if in_short(reading.text) in before:
            result[reading.id] = before[in_short(reading.text)]
            continue
        votes = rounds.votes(connection, reading.id)
        shares = agreed(votes, k)
        bridge = bridging(held_by(votes, k))
        result[reading.id] = {
            "shares": shares,
            "word": bridge.word if bridge else "",
            "between": [round(10 * bridge.low) * 10, round(10 * bridge.high) * 10]
            if bridge
            else [],
        }
    rounds.keep_result(connection, session.id, f"vote:{pattern.id}", result)


def _left_before(reads: Reads, session: SenseSession) -> dict[str, dict[str, Any]]:
    """What left of interpretations in the rounds that are closed, by their words."""
    left = rounds.results(reads, session.id)
    return {
        in_short(reading.text): left[f"vote:{each.id}"][reading.id]
        for each in patterns.listed(reads, session.id)
        for reading in each.interpretations
        if reading.id in left.get(f"vote:{each.id}", {})
    }


def observed(stories: list[Answered], question: Question | None, answer: str, k: int) -> int | None:
    """Where the stories stand: the middle of a scale in steps of ten, or the share in percent of an
    answer, which tells no count (`steps_of`). None: too few stories, or too few with the answer or
    without it."""
    if question is None:
        return None
    if question.shape == "scale":
        places = [
            place
            for each in stories
            if (place := question.place(each.guide, each.answers)) is not None
        ]
        return round(median(places) / 10) * 10 if len(places) >= k else None
    given = [question.given(each.guide, each.answers) for each in stories]
    answered = [each for each in given if each]
    with_it = sum(answer in each for each in answered)
    if with_it < k or len(answered) - with_it < k:
        return None
    steps = steps_of(len(answered), k, len(answered) - k)
    return step_at(with_it, steps).percent if steps else None


def open_pattern(reads: Reads, session: SenseSession) -> SessionPattern | None:
    """The pattern whose round is open."""
    listed = patterns.listed(reads, session.id)
    return next((each for each in listed if each.id == session.round), None)


def seen_by(who: Coordinator, left: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What left the rounds of a session, for who leads it now. Who came after some story went out
    of reach, and so could not read all that was counted, does not see where the stories stood."""
    late = {
        round_: {**each, "observed": None, "gap": {}, "late": True}
        for round_, each in left.items()
        if round_.startswith("predict:") and (who.joined or 0) > each.get("narrowings", 0)
    }
    return left | late
