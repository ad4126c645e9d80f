"""A clock that went far ahead makes nobody's story go early."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.operations.clock_guard import ClockGuard
from bot.operations.metrics import Metrics
from storage.engine.database import Database
from tests.botapi import BotApi
from tests.end_to_end.kit import running
from tests.end_to_end.scripts import RESIDENT, YES_TO_ALL, Say, tell

NOW = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
YEARS = timedelta(days=3 * 366)


class Wall:
    """The clock of the machine, which a test puts where it wants."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/v.db")
    database.start()
    yield database
    database.close()


async def test_a_clock_that_just_runs_is_believed(database: Database) -> None:
    wall = Wall()
    watch = ClockGuard(database, wall.now, Metrics())
    for _ in range(100):
        assert await watch.believes()
        wall.at += timedelta(hours=7)


async def test_after_a_leap_nothing_is_believed_for_a_day(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    wall, metrics = Wall(), Metrics()
    watch = ClockGuard(database, wall.now, metrics)
    await watch.believes()
    wall.at += YEARS
    assert not await watch.believes()
    assert caplog.text.count("the clock went 1098 days ahead") == 1
    assert metrics.registry.get_sample_value("vertelbot_clock_doubted") == 1
    wall.at += timedelta(hours=23)
    assert not await watch.believes()
    wall.at += timedelta(hours=2)
    assert await watch.believes()
    assert metrics.registry.get_sample_value("vertelbot_clock_doubted") == 0


async def test_a_second_leap_begins_the_day_again(database: Database) -> None:
    wall = Wall()
    watch = ClockGuard(database, wall.now, Metrics())
    await watch.believes()
    for _ in range(3):
        wall.at += timedelta(days=30)
        assert not await watch.believes()


async def test_put_right_it_is_believed_at_once(database: Database) -> None:
    wall = Wall()
    watch = ClockGuard(database, wall.now, Metrics())
    await watch.believes()
    wall.at += YEARS
    assert not await watch.believes()
    wall.at = NOW + timedelta(hours=1)
    assert await watch.believes()


async def test_a_restart_does_not_make_it_believed(database: Database) -> None:
    wall = Wall()
    await ClockGuard(database, wall.now, Metrics()).believes()
    wall.at += YEARS
    for _ in range(3):
        assert not await ClockGuard(database, wall.now, Metrics()).believes()
        wall.at += timedelta(hours=2)


async def test_neither_a_story_nor_a_draft_goes_when_the_clock_leaps(tmp_path: Path) -> None:
    async with BotApi() as api, running(tmp_path, api) as house:
        alice, bob = house.phone("Alice"), house.phone("Bob")
        await tell(alice, RESIDENT, YES_TO_ALL)
        await tell(bob, RESIDENT[:5], (Say("Een half verhaal."),))
        before = len(bob.sentences)
        wall = Wall()
        house.app.jobs.watch = ClockGuard(house.app.database, wall.now, house.app.metrics)
        wall.at = datetime.now(UTC)
        await house.app.jobs.watch.believes()
        house.clock.move(days=YEARS.days)
        wall.at += YEARS
        await house.app.jobs._take_due()
        await house.app.jobs._purge()
        assert len(await house.stories()) == 1
        assert await house.count("conversation") == 2
        assert bob.since(before) == []
        for _ in range(2):
            wall.at += timedelta(hours=13)
            await house.app.jobs._take_due()
        await house.app.jobs._purge()
        await house.settle()
        assert await house.stories() == []
        assert bob.since(before) != []
