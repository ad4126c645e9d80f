"""Killed at every write and at every send, before and after: nobody is rung twice for one prompt,
and what is in doubt passes on to nobody.

At every third moment by default; at every one with `pytest --torture`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.channels.base import Refused, TryLater, Uncertain, Unreachable
from tests.bells.kit import Bench, Does, bench

CHANNELS = ("push", "whatsapp", "sms", "mail")
SCRIPTS: dict[str, dict[str, tuple[Does, ...]]] = {
    "the first one rings": {},
    "three fail and the last one rings": {
        "push": (Unreachable("410"),),
        "whatsapp": (Refused("131026"),),
        "sms": (TryLater("busy"), Refused("400")),
    },
    "the second one is in doubt": {
        "push": (Refused("403"),),
        "whatsapp": (Uncertain("no answer"),),
    },
}


async def told(house: Bench, name: str, script: dict[str, tuple[Does, ...]], dies: int) -> bool:
    """One prompt to somebody new, by a process that dies at a moment, and by those that come after
    it. Whether it died."""
    for channel, belfry in house.channels.items():
        belfry.does.clear()
        belfry.does.extend(script.get(channel, ()))
    person = await house.teller(name, *CHANNELS)
    await house.prompt()
    house.moments, house.dies = 0, dies
    await house.deliver()
    died, house.dies = house.died.is_set(), None
    house.died.clear()
    for _ in range(3):
        house.clock.move(seconds=40)
        await house.deliver()
    attempts = await house.attempts(person)
    rung = house.rung(name)
    assert len(rung) <= 1, (dies, rung, attempts)
    *failed, last = attempts or [("", "none", "")]
    assert all(state == "failed" and reason for _, state, reason in failed), attempts
    assert last[1] in ("rung", "uncertain", "none"), attempts
    if last[1] == "rung":
        assert rung == [last[0]]
    if rung:
        assert rung == [last[0]], attempts  # the one that nobody passed on from
    if not died:
        assert last[1] == ("uncertain" if "doubt" in str(script) else last[1])
    return died


@pytest.mark.parametrize("name", SCRIPTS)
async def test_nobody_is_rung_twice_wherever_it_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, torture: bool, name: str
) -> None:
    monkeypatch.setattr("bot.delivery.sender.GRACE", 0.0)
    outcomes: Counter[bool] = Counter()
    async with bench(tmp_path) as house:
        moment = list(SCRIPTS).index(name)
        while True:
            moment += 1 if torture else 3
            died = await told(house, f"p{moment}", SCRIPTS[name], moment)
            outcomes[died] += 1
            if not died:
                break
            assert moment < 150
    assert outcomes[True] > 3
