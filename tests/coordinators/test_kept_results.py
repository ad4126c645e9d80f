"""What was worked out of the stories is worked out once, until one of them changes."""

from __future__ import annotations

import asyncio

import pytest

from bot.coordinators.kept_results import KEPT, KeptResults, NotKept
from bot.helper.helper_process import HelperProcess
from storage.coordinators.coordinators import Coordinator
from storage.stories import moderation
from tests.coordinators.office import Office
from tests.storage.stores import Store

BOSS = Coordinator("a", "association", "", "Alice")
OTHER = Coordinator("b", "association", "", "Bob")
OF_TEAM = Coordinator("c", "team", "t", "Carla")


class Worker:
    """Counts how often it worked; `problem` is raised instead of the count."""

    def __init__(self) -> None:
        self.times = 0
        self.problem: Exception | None = None

    async def __call__(self) -> int:
        self.times += 1
        await asyncio.sleep(0)
        if self.problem is not None:
            raise self.problem
        return self.times


async def test_the_same_is_worked_out_once_for_all_who_see_the_same(store: Store) -> None:
    results, worker = KeptResults(store.database, HelperProcess()), Worker()
    both = await asyncio.gather(*(results.get(BOSS, "x", worker) for _ in range(3)))
    assert both == [1, 1, 1]
    assert await results.get(OTHER, "x", worker) == 1
    assert await results.get(BOSS, "y", worker) == 2
    assert await results.get(OF_TEAM, "x", worker) == 3


async def test_a_story_that_changes_makes_all_of_it_new(store: Store) -> None:
    results, worker = KeptResults(store.database, HelperProcess()), Worker()
    assert await results.get(BOSS, "x", worker) == 1
    story_id, _ = await store.story()
    assert await results.get(BOSS, "x", worker) == 2
    await store.database.write(lambda c: moderation.clear(c, story_id))
    assert await results.get(BOSS, "x", worker) == 3
    assert await results.get(BOSS, "x", worker) == 3


async def test_what_failed_is_tried_again_and_what_could_be_better_too(store: Store) -> None:
    results, worker = KeptResults(store.database, HelperProcess()), Worker()
    worker.problem = ValueError("no")
    with pytest.raises(ValueError, match="no"):
        await results.get(BOSS, "x", worker)
    worker.problem = NotKept("without pictures")
    assert await results.get(BOSS, "x", worker) == "without pictures"  # type: ignore[comparison-overlap]
    worker.problem = None
    assert await results.get(BOSS, "x", worker) == 3


async def test_only_so_many_are_remembered(store: Store) -> None:
    results, worker = KeptResults(store.database, HelperProcess()), Worker()
    for number in range(KEPT + 1):
        await results.get(BOSS, number, worker)
    assert await results.get(BOSS, KEPT, worker) == KEPT + 1
    assert await results.get(BOSS, 0, worker) == KEPT + 2


@pytest.mark.parametrize("path", ["/stories", "/stories?answer=promise:own_life", "/patterns"])
async def test_a_page_tells_of_a_story_that_was_just_told(office: Office, path: str) -> None:
    boss = await office.login("association")
    await office.tell("Oost")
    _, before = await boss.get(f"/coordinator{path}")
    await office.tell("Oost")
    _, after = await boss.get(f"/coordinator{path}")
    assert "1 verhaal" in before
    assert "2 verhalen" in after
