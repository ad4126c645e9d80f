"""Many prompts over mixed bells, with a budget of new people a day: how long it takes, and that
nobody is rung twice."""

from __future__ import annotations

from pathlib import Path

from benchmarks.bells import ring_everybody
from tests.bells.kit import bench


async def test_a_budget_of_new_people_spreads_the_bells_over_days(tmp_path: Path) -> None:
    async with bench(tmp_path, {"whatsapp": 4}) as house:
        found = await ring_everybody(house, 36)
    assert found.rung == 36
    assert (found.twice, found.never) == (0, 0)
    assert found.days["whatsapp"] == 3  # nine people, four a day
    assert found.days["push"] == found.days["sms"] == found.days["mail"] == 1
    assert found.foretold is not None
    assert found.done is not None
    assert found.foretold.date() == found.done.date()
    assert found.most_in_a_day["whatsapp"] <= 4
