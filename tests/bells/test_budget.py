"""Many prompts over mixed bells, with a budget of new people a day: how long it takes, that nobody
is rung twice, and that who waits keeps the place in the line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.bells import ring_everybody
from bot.bells.bell_lane import SLACK, WINDOW
from storage.bells import rings
from storage.bells.rings import ATTEMPT
from tests.bells.kit import MORNING, Bench, bench


async def test_a_budget_of_new_people_spreads_the_bells_over_days(tmp_path: Path) -> None:
    async with bench(tmp_path, {"whatsapp": 4}) as house:
        found = await ring_everybody(house, 60)
        newest = select(func.max(ATTEMPT.c.outbox_id))
        rows = await house.store.database.read(lambda s: s.execute(newest).scalar_one())
    assert found.rung == 60
    assert (found.twice, found.never) == (0, 0)
    assert found.days["whatsapp"] == 4  # fifteen people, four a day
    assert found.days["push"] == found.days["sms"] == found.days["mail"] == 1
    assert found.foretold is not None
    assert found.done is not None
    assert found.foretold.date() == found.done.date()
    assert found.most_in_a_day["whatsapp"] <= 4
    assert rows <= 60 + 60 + 11  # prompts, bells; eleven were put off, each once


async def test_who_comes_later_waits_behind_those_who_wait(tmp_path: Path) -> None:
    async with bench(tmp_path, {"whatsapp": 2}) as house:
        await house.tellers([(f"early{number}", ("whatsapp",)) for number in range(5)])
        await house.prompt()
        await house.deliver()
        house.clock.move(seconds=WINDOW.total_seconds())  # there is room, but for who waits
        await house.tellers([("late", ("whatsapp",))])
        order = await _until_all_rang(house, 6)
    assert [name[:5] for name in order] == ["early"] * 5 + ["late"]


async def test_a_larger_budget_is_used_at_once(tmp_path: Path) -> None:
    budgets = {"whatsapp": 2}
    async with bench(tmp_path, budgets) as house:
        house.lane.budgets = {"whatsapp": lambda _: budgets["whatsapp"]}
        await house.tellers([(f"p{number}", ("whatsapp",)) for number in range(6)])
        await house.prompt()
        await house.deliver()
        assert len(house.channels["whatsapp"].sent) == 2
        budgets["whatsapp"] = 5
        await house.write(lambda c: rings.look_again(c, "whatsapp", house.clock.now()))
        await house.deliver()
        assert len(house.channels["whatsapp"].sent) == 5
        house.clock.move(seconds=(WINDOW + SLACK).total_seconds())
        await house.deliver()
        assert len(house.channels["whatsapp"].sent) == 6


async def _until_all_rang(house: Bench, people: int) -> list[str]:
    """Who was rung by WhatsApp, in that order."""
    sent = house.channels["whatsapp"].sent
    for _ in range(10 * people):
        if len(sent) == people:
            break
        await house.prompt()
        await house.deliver()
        house.clock.move(seconds=3600)
    assert house.clock.now() - MORNING < timedelta(days=8)
    return [each.address.partition(":")[2] for each in sent]
