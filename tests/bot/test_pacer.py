"""The pacer holds the limits, and no more than that."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.pacer import Pace, Pacer


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


@given(st.lists(st.floats(0, 0.3), max_size=200))
def test_what_is_caught_up_never_makes_a_second_too_full(stalls: list[float]) -> None:
    pacer = Pacer(Pace(29.3, burst=6), Pace(1, 3), most=30)
    now, sent = 0.0, []
    for number in range(len(stalls) + 100):
        now += stalls[number] if number < len(stalls) else 0
        now += pacer.wait(str(number), now)
        pacer.sent(str(number), now)
        sent.append(now)
    for begin, moment in enumerate(sent):
        assert sum(other < moment + 1.019 for other in sent[begin:]) <= 30
