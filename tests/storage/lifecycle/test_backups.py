"""The backups of every day: due once, made by one process, few kept."""

from __future__ import annotations

import os
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.operations.maintenance import last_due
from storage import meta
from storage.lifecycle import backups
from storage.vault.erasure import COPY
from tests.storage.stores import NOW, Store

HOUR = timedelta(hours=1)
TODAY = NOW.replace(hour=2, minute=0)


async def claim(store: Store, now: datetime = NOW) -> bool:
    return await store.database.write(partial(backups.claim, since=TODAY, now=now))


async def test_one_process_makes_the_backup_of_a_day(store: Store) -> None:
    assert await claim(store)
    assert not await claim(store)
    await store.database.write(partial(backups.record_success, now=NOW))
    assert not await claim(store, NOW + HOUR)
    assert await store.database.read(backups.last) == NOW


async def test_a_backup_of_yesterday_does_not_do_for_today(store: Store) -> None:
    await store.database.write(partial(backups.record_success, now=TODAY - HOUR))
    assert await claim(store)


async def test_after_a_failure_it_is_tried_again_in_a_while(store: Store) -> None:
    assert await claim(store)
    await store.database.write(partial(backups.record_failure, now=NOW))
    assert not await claim(store, NOW + timedelta(minutes=9))
    assert await claim(store, NOW + timedelta(minutes=11))


async def test_a_process_that_is_lost_holds_the_backup_up_for_two_hours(store: Store) -> None:
    assert await claim(store)
    assert not await claim(store, NOW + HOUR)
    assert await claim(store, NOW + 3 * HOUR)


async def test_what_a_clock_in_the_future_wrote_counts_for_nothing(store: Store) -> None:
    later = NOW + timedelta(days=365)
    await store.database.write(partial(backups.record_success, now=later))
    assert await claim(store)
    await store.database.write(lambda c: meta.put(c, backups.BUSY, later.isoformat()))
    assert await claim(store)


def test_the_oldest_go_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    days = [NOW + timedelta(days=number) for number in range(5)]
    for day in days:
        (tmp_path / backups.name(day)).touch()
    for other in ("vertelbot-by-hand.vb", "notes.txt", COPY):
        (tmp_path / other).touch()
    aging = [tmp_path / ".vertelbot-2026-11-18-020000.vb.99.new"]
    aging.append(tmp_path / "vertelbot.version-0001.vb")
    for each in aging:
        each.touch()
    newest = tmp_path / backups.name(days[-1])
    assert sorted(backups.prune(tmp_path, 3, newest)) == [
        tmp_path / backups.name(day) for day in days[:2]
    ]
    assert len(list(tmp_path.iterdir())) == 8
    os.utime(newest, (newest.stat().st_mtime + 4 * 86400,) * 2)
    assert sorted(backups.prune(tmp_path, 3, newest)) == aging


def test_the_newest_stays_whatever_its_clock_said(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / backups.name(NOW + timedelta(days=400 + number))).touch()
    newest = tmp_path / backups.name(NOW)
    newest.touch()
    backups.prune(tmp_path, 1, newest)
    assert newest.exists()


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 11, 18, 1, 59, tzinfo=UTC), datetime(2026, 11, 17, 2, 0, tzinfo=UTC)),
        (datetime(2026, 11, 18, 2, 0, tzinfo=UTC), datetime(2026, 11, 18, 2, 0, tzinfo=UTC)),
        (datetime(2026, 7, 1, 0, 59, tzinfo=UTC), datetime(2026, 6, 30, 1, 0, tzinfo=UTC)),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), datetime(2026, 7, 1, 1, 0, tzinfo=UTC)),
    ],
)
def test_it_is_due_by_the_clock_on_the_wall(now: datetime, due: datetime) -> None:
    assert last_due(time(3, 0), now) == due
