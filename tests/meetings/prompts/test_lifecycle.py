"""The life of a prompt, and several that become one message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.meetings.model.meeting import PromptKind
from bot.meetings.prompts.bundling import bundle
from bot.meetings.prompts.lifecycle import (
    Event,
    Machine,
    OutOfOrder,
    Person,
    Plan,
    Prompt,
    PromptState,
    may_remind,
    settled,
    transition,
)
from bot.meetings.prompts.schedule import PromptRules

STATES: tuple[PromptState, ...] = get_args(PromptState)
MACHINE: tuple[Event, ...] = get_args(Machine)
PERSON: tuple[Event, ...] = get_args(Person)
PLAN: tuple[Event, ...] = get_args(Plan)
HOME = "Europe/Amsterdam"
USUAL = PromptRules()


def reachable(start: PromptState, events: tuple[Event, ...]) -> set[PromptState]:
    seen, ahead = {start}, [start]
    while ahead:
        state = ahead.pop()
        for event in events:
            try:
                after = transition(state, event)
            except OutOfOrder:
                continue
            if after not in seen:
                seen.add(after)
                ahead.append(after)
    return seen


@pytest.mark.parametrize(
    ("events", "state"),
    [
        (["claim", "send", "sent"], "sent"),
        (["claim", "send", "sent", "now"], "answered"),
        (["claim", "send", "lost"], "uncertain"),
        (["claim", "send", "lost", "now"], "answered"),
        (["claim", "send", "later", "claim", "send", "sent"], "sent"),
        (["claim", "release", "claim", "send", "sent"], "sent"),
        (["claim", "send", "refused"], "failed"),
        (["claim", "send", "sent", "snooze", "claim", "send", "sent"], "sent"),
        (["claim", "send", "sent", "snooze", "decline"], "declined"),
        (["claim", "send", "sent", "decline"], "declined"),
        (["told"], "answered"),
        (["bundle"], "bundled"),
        (["bundle", "unbundle", "claim"], "claimed"),
        (["bundle", "snooze"], "snoozed"),
        (["expire"], "expired"),
        (["expire", "now"], "answered"),
        (["cancel"], "cancelled"),
        (["cancel", "plan"], "planned"),
        (["claim", "cancel"], "cancelled"),
        (["claim", "send", "cancel", "sent"], "sent"),
    ],
)
def test_a_prompt_lives_like_this(events: list[Event], state: PromptState) -> None:
    now: PromptState = "planned"
    for event in events:
        now = transition(now, event)
    assert now == state


def test_only_a_request_of_its_person_sends_a_prompt_again() -> None:
    """Or its channel, when it says later that the message certainly did not arrive."""
    unasked = tuple(event for event in (*MACHINE, *PERSON, *PLAN) if event != "snooze")
    assert "sending" not in reachable("answered", unasked)
    untold = tuple(event for event in unasked if event != "later")
    for state in ("sent", "uncertain", "answered"):
        assert "sending" not in reachable(state, untold)


def test_after_a_no_or_an_answer_nothing_is_sent() -> None:
    for state in ("answered", "declined", "failed", "expired"):
        assert reachable(state, (*MACHINE, *PERSON, *PLAN)) <= {state, "answered"}


def test_every_state_can_be_reached_and_every_pair_is_decided() -> None:
    every = (*MACHINE, *PERSON, *PLAN)
    assert reachable("planned", every) == set(STATES)
    for state in STATES:
        for event in (*PERSON, *PLAN):
            assert transition(state, event) in STATES


def test_an_act_of_the_machine_out_of_order_is_refused() -> None:
    for state in set(STATES) - {"claimed"}:
        with pytest.raises(OutOfOrder, match=f"send is not possible for a prompt that is {state}"):
            transition(state, "send")
    final: tuple[PromptState, ...] = ("answered", "declined", "expired", "failed")
    for state in final:
        with pytest.raises(OutOfOrder):
            transition(state, "claim")


def test_the_same_tap_twice_changes_nothing() -> None:
    for event in PERSON:
        for state in STATES:
            once = transition(state, event)
            assert transition(once, event) == once


def test_a_tap_that_overtakes_the_answer_of_the_channel_counts() -> None:
    for event in ("sent", "lost", "later", "refused"):
        tapped = transition("sending", "now")
        assert settled(tapped, event) == "answered"
    assert settled("sending", "sent") == "sent"
    with pytest.raises(OutOfOrder):
        settled("planned", "sent")


def test_only_a_prompt_that_may_have_arrived_is_followed_by_a_reminder() -> None:
    assert {state for state in STATES if may_remind(state)} == {"sent", "uncertain"}


def prompt(
    name: str,
    ended: str,
    asked: str,
    person: str = "alice",
    kind: PromptKind = "ask",
    state: PromptState = "planned",
) -> Prompt:
    def moment(text: str) -> datetime:
        return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo(HOME)).astimezone(UTC)

    return Prompt(name, person, f"m-{name}", kind, moment(ended), moment(asked), state)


def names(*prompts: Prompt) -> list[list[str]]:
    return [
        [made.carrier.id, *(other.id for other in made.others)] for made in bundle(prompts, USUAL)
    ]


def test_meetings_of_one_day_become_one_message_when_the_last_is_due() -> None:
    morning = prompt("a", "11-24 11:00", "11-24 13:00")
    late = prompt("b", "11-24 17:00", "11-24 19:00")
    evening = prompt("c", "11-24 19:00", "11-25 08:00")
    assert names(morning, late) == [["b", "a"]]
    assert names(evening, morning, late) == [["c", "a", "b"]]


def test_prompts_that_wait_for_the_same_monday_become_one_message() -> None:
    friday = prompt("a", "11-27 19:00", "11-30 08:00")
    saturday = prompt("b", "11-28 14:00", "11-30 08:00")
    monday = prompt("c", "11-30 12:00", "11-30 14:00")
    assert names(friday, saturday, monday) == [["c", "a", "b"]]


def test_meetings_of_different_days_and_people_stay_apart() -> None:
    assert names(
        prompt("a", "11-24 15:00", "11-24 17:00"),
        prompt("b", "11-25 15:00", "11-25 17:00"),
        prompt("c", "11-24 15:00", "11-24 17:00", person="bob"),
    ) == [["a"], ["c"], ["b"]]


def test_a_reminder_joins_a_question_of_that_day_and_a_follow_up_does_not() -> None:
    ask = prompt("a", "11-27 15:00", "11-27 17:00")
    remind = prompt("b", "11-24 15:00", "11-27 17:00", kind="remind")
    later = prompt("c", "10-16 15:00", "11-27 15:00", kind="follow_up")
    assert names(ask, remind, later) == [["c"], ["b", "a"]]


def test_a_reminder_never_holds_up_a_question_about_the_same_day() -> None:
    remind = prompt("a", "11-24 11:00", "11-27 13:00", kind="remind")
    ask = prompt("b", "11-24 19:00", "11-25 08:00")
    assert names(remind, ask) == [["b"], ["a"]]


def test_the_other_meetings_are_free_again_when_the_carrier_is_cancelled() -> None:
    left = prompt("a", "11-24 11:00", "11-24 13:00", state="bundled")
    gone = prompt("b", "11-24 17:00", "11-24 19:00", state="cancelled")
    assert names(left, gone) == [["a"]]


def test_a_prompt_that_was_put_off_keeps_the_time_its_person_chose() -> None:
    snoozed = prompt("a", "11-24 11:00", "11-24 19:30", state="snoozed")
    ask = prompt("b", "11-24 15:00", "11-24 17:00")
    assert names(snoozed, ask) == [["b"]]


PROMPTS = st.lists(
    st.builds(
        lambda start, wait, person, kind: (start, wait, person, kind),
        st.integers(0, 14 * 24),
        st.integers(0, 72),
        st.sampled_from(["alice", "bob"]),
        st.sampled_from(get_args(PromptKind)),
    ),
    max_size=12,
)


@given(PROMPTS)
def test_every_prompt_is_in_exactly_one_message_in_whatever_order(
    rows: list[tuple[int, int, str, PromptKind]],
) -> None:
    zero = datetime(2026, 10, 19, tzinfo=UTC)
    prompts = [
        Prompt(
            str(number),
            person,
            f"m{number}",
            kind,
            zero + timedelta(hours=start),
            zero + timedelta(hours=start + wait),
        )
        for number, (start, wait, person, kind) in enumerate(rows)
    ]
    made = bundle(prompts, USUAL)
    inside = [prompt for one in made for prompt in (one.carrier, *one.others)]
    assert sorted(inside, key=lambda one: int(one.id)) == prompts
    assert all(other.due <= one.carrier.due for one in made for other in one.others)
    days = [
        (
            one.carrier.person,
            one.carrier.kind == "follow_up",
            one.carrier.due.astimezone(ZoneInfo(HOME)).date(),
        )
        for one in made
    ]
    assert len(days) == len(set(days))
    assert made == bundle(reversed(prompts), USUAL)
    waiting = [prompt for one in made for prompt in (one.carrier,)]
    assert [one.carrier for one in bundle(waiting, USUAL)] == waiting
