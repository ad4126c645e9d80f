"""What Telegram refuses to one chat holds up that chat, and nobody else."""

from __future__ import annotations

import pytest

from bot.delivery import pacer
from bot.wiring.pacers import pacer_of
from tests.attack.visitors import waited
from tests.botapi import Limits
from tests.end_to_end.kit import House
from tests.waiting import until


@pytest.fixture
def paced(house: House) -> House:
    house.app.outbox.delivery.pacers = {"telegram": pacer_of(house.app.database)}
    return house


def refusals(house: House) -> int:
    return sum(call.status == 429 for call in house.api.calls)


async def test_a_chat_that_telegram_refuses_holds_up_nobody_else(paced: House) -> None:
    ann, ben = paced.phone("Ann"), paced.phone("Ben")
    await ben.user.send("/start")
    await ben.user.wait_for("Welkom", 30)
    paced.api.fault("sendMessage", "error", status=429, retry_after=300, chat_id=ann.user.id)
    await ann.user.send("/start")
    await until(lambda: refusals(paced) == 1)
    with waited("an answer in Telegram beside a chat that is refused for 300 s"):
        await ben.user.send("/privacy")
        await ben.user.wait_for("Wat ik met je woorden doe", 30)
    await ann.user.send("nog iets")
    await ben.user.send("/mijnverhalen")
    await ben.user.wait_for("geen verhaal", 30)
    calls = [c for c in paced.api.called("sendMessage") if c.chat_id == ann.user.id]
    assert len(calls) == 1


async def test_chats_that_are_refused_together_silence_the_channel(
    paced: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacer, "TOGETHER", 60)  # on a slow machine too
    phones = [paced.phone(name) for name in ("Alice", "Bob", "Carol")]
    for phone in phones:
        paced.api.fault("sendMessage", "error", status=429, retry_after=300, chat_id=phone.user.id)
    for phone in phones:
        await phone.user.send("/start")
    await until(lambda: refusals(paced) == 3)
    await paced.until("meta WHERE key = 'halt:telegram'")
    assert paced.app.outbox.delivery.silent("telegram")


async def test_an_ordinary_beginning_meets_no_refusal(paced: House) -> None:
    paced.api.limits = limits = Limits()
    ann = paced.phone("Ann")
    await ann.say("/start")
    await ann.tap("Een inwoner")
    assert limits.refused == 0
