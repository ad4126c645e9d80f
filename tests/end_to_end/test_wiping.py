"""Who leaves in haste is erased some seconds later, also when the page is closed."""

from __future__ import annotations

from tests.end_to_end.kit import House
from tests.end_to_end.scripts import RESIDENT, YES_TO_ALL, tell
from tests.end_to_end.tellers import WebTeller


async def test_wiping_waits_ten_seconds_though_the_page_is_closed(house: House) -> None:
    async with WebTeller(house) as alice:
        await tell(alice, RESIDENT, YES_TO_ALL)
        await alice.post("/wipe")
    assert len(await house.stories()) == 1
    assert await house.count("timer WHERE kind = 'wipe_now'") == 1  # in the store: outlives us
    house.clock.move(seconds=9)
    await house.due()
    assert len(await house.stories()) == 1
    house.clock.move(seconds=2)
    await house.due()
    assert len(await house.stories()) == 0
    assert await house.count("person") == 0


async def test_after_all_not_leaves_everything(house: House) -> None:
    async with WebTeller(house) as alice:
        await tell(alice, RESIDENT, YES_TO_ALL)
        await alice.post("/wipe")
        await alice.post("/wipe/undo")
        house.clock.move(seconds=30)
        await house.due()
        assert len(await house.stories()) == 1
