"""The pacer holds the limits, and no more than that."""

from __future__ import annotations

import heapq
import itertools
from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pacer import HANGING, TOGETHER, Pacer, telegram_paces
from storage.replicas.pace import SECOND, Pace
from tests.botapi import Limits


def _send(pacer: Pacer, chats: list[str]) -> list[tuple[float, str]]:
    """Send to these chats one after the other, as soon as each may go."""
    now, sent = 0.0, []
    for chat in chats:
        now += pacer.wait(chat, now)
        pacer.sent(chat, now)
        sent.append((now, chat))
    return sent


def test_a_broadcast_keeps_an_even_pace() -> None:
    sent = _send(Pacer(Pace(30), Pace(1)), [str(chat) for chat in range(300)])
    assert abs(sent[-1][0] - 299 / 30) < 0.001


@given(st.lists(st.sampled_from("abcdefgh"), max_size=60), st.integers(1, 4))
def test_no_chat_and_no_second_gets_more_than_its_share(chats: list[str], burst: int) -> None:
    sent = _send(Pacer(Pace(5), Pace(1, burst)), chats)
    for at, chat in sent:
        second = [other for other in sent if at <= other[0] < at + 0.999]
        assert len(second) <= 5
        assert sum(other[1] == chat for other in second) <= burst


@given(st.lists(st.integers(0, 5), max_size=30))
def test_a_row_that_was_several_messages_takes_the_room_of_all_of_them(pieces: list[int]) -> None:
    rows, singly = Pacer(Pace(100), Pace(1, 3)), Pacer(Pace(100), Pace(1, 3))
    for more in pieces:
        rows.sent("a", 0.0)
        rows.more("a", more, 0.0)
        for _ in range(more + 1):
            singly.sent("a", 0.0)
    assert rows.chat("a", 0.0) == singly.chat("a", 0.0)


def test_a_halt_silences_every_chat() -> None:
    pacer = Pacer(Pace(30), Pace(1))
    pacer.halt(7, now=100)
    assert pacer.wait("a", 100) == 7
    assert pacer.wait("b", 103) == 4
    assert pacer.wait("a", 107) == 0


def test_silence_does_not_save_up() -> None:
    pacer = Pacer(Pace(10), Pace(1))
    assert pacer.wait("a", 0) == 0
    pacer.sent("a", 1000)
    assert 0.09 < pacer.wait("b", 1000) < 0.11


@given(
    st.lists(st.floats(0, 0.3), max_size=200),
    st.lists(st.tuples(st.floats(0.01, 0.4), st.floats(0.01, 0.4)), min_size=1, max_size=50),
)
def test_no_second_of_the_server_is_too_full(
    stalls: list[float], ways: list[tuple[float, float]]
) -> None:
    """Whatever the process must catch up, and however long each message is on its way there and
    its answer on the way back."""
    pacer = Pacer(Pace(29.4, burst=6, most=30), Pace(1, 3))
    way = itertools.cycle([(0.01, 0.01), *ways])
    answers: list[tuple[float, str]] = []
    came_in: list[float] = []
    now = 0.0

    def wait_until(moment: float) -> None:
        while answers and answers[0][0] <= moment:
            answered, chat = heapq.heappop(answers)
            pacer.answered(chat, answered)

    for number in range(len(stalls) + 100):
        now += stalls[number] if number < len(stalls) else 0
        wait_until(now)
        while wait := pacer.turn(now):
            now += min(wait, 0.005)
            wait_until(now)
        pacer.sent(str(number), now)
        there, back = next(way)
        came_in.append(now + there)
        heapq.heappush(answers, (now + there + back, str(number)))
    came_in.sort()
    for begin, moment in enumerate(came_in):
        assert sum(other <= moment + 1 for other in came_in[begin:]) <= 30


def test_a_slow_way_costs_no_pace_if_it_is_always_as_slow() -> None:
    pacer = Pacer(Pace(29.4, burst=3, most=30), Pace(1))
    now, began, answers = 0.0, 0.0, deque[tuple[float, str]]()
    for number in range(340):
        began = now if number == 40 else began  # the first ones tell how long the way is
        while wait := pacer.turn(now):
            now += min(wait, 0.005)
            while answers and answers[0][0] <= now:
                pacer.answered(answers[0][1], answers.popleft()[0])
        pacer.sent(str(number), now)
        answers.append((now + 0.3, str(number)))
    assert 300 / (now - began) > 0.97 * 30


def test_a_message_that_hangs_holds_up_the_others_for_a_moment_only() -> None:
    pacer = Pacer(Pace(1000, most=2), Pace(1))
    pacer.sent("a", 0)
    pacer.sent("b", 0.001)
    assert pacer.turn(0.5) > 0
    assert pacer.turn(HANGING + SECOND + 0.1) == 0


@given(st.lists(st.tuples(st.floats(0, 0.6), st.floats(0, 0.6), st.floats(0, 2)), max_size=40))
def test_a_chat_is_never_refused_however_long_each_message_is_under_way(
    ways: list[tuple[float, float, float]],
) -> None:
    """As in a story: the next message goes when the one before is answered and there is something
    to say. The server counts what comes in, three at once and one a second."""
    pacer, server, now = Pacer(*telegram_paces()), Limits(), 0.0
    for there, back, thinking in ways:
        now += pacer.wait("a", now)
        pacer.sent("a", now)
        server.take(1, now + there)
        now += there + back
        pacer.answered("a", now)
        now += thinking if thinking > 1 else 0


def test_a_refused_chat_is_held_and_no_other() -> None:
    pacer = Pacer(*telegram_paces())
    assert pacer.refused("a", 40, now=100) == 0
    assert abs(pacer.wait("a", 100) - 40) < 1e-6
    assert pacer.wait("b", 100) == 0
    assert pacer.wait("a", 141) == 0


def test_chats_that_are_refused_together_silence_all_for_what_they_share() -> None:
    pacer = Pacer(*telegram_paces())
    assert pacer.refused("a", 300, now=100) == 0
    assert pacer.refused("a", 300, now=100.1) == 0
    assert pacer.refused("b", 9, now=100.2) == 0
    assert abs(pacer.refused("c", 8, now=100.4) - 8) < 1e-6
    later = Pacer(*telegram_paces())
    for number, chat in enumerate("abcdefg"):
        assert later.refused(chat, 300, now=100 + number * TOGETHER) == 0
