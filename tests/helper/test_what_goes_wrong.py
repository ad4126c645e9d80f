"""What comes between a question to the helper process and its answer."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from bot.helper.helper_pair import HelperPair
from bot.helper.helper_process import FILES, Habits, HelperProcess
from bot.helper.tasks import HelperFailed
from tests.helper import odd_tasks
from tests.helper.test_helper_process import helper_of
from tests.storage.stores import Store


@pytest.fixture
async def helper() -> AsyncIterator[HelperProcess]:
    """One that reads nothing."""
    made = HelperProcess()
    yield made
    await made.close()


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A pipe at which a task waits for its test."""
    os.mkfifo(tmp_path / "gate.open")
    return tmp_path / "gate.open"


def children() -> set[int]:
    """The processes that were begun here, however that was."""
    return {each.pid for each in psutil.Process().children(recursive=True)}


async def test_when_all_ends_who_waits_hears_it_at_once_and_no_other_process_is_begun(
    helper: HelperProcess, tmp_path: Path, gate: Path
) -> None:
    before, told = children(), tmp_path / "gate"
    asked = [
        asyncio.create_task(helper.run(odd_tasks.sleep, told)),
        asyncio.create_task(helper.run(odd_tasks.own_number)),
    ]
    await asyncio.to_thread(gate.read_bytes)  # it is at work
    await helper.close()
    for each in asked:
        with pytest.raises(HelperFailed):
            await each
    helper.warm()
    with pytest.raises(HelperFailed):
        await helper.run(odd_tasks.own_number)
    assert children() <= before


async def test_all_can_end_while_a_process_begins(helper: HelperProcess) -> None:
    before = children()
    asked = asyncio.create_task(helper.run(odd_tasks.own_number))
    await asyncio.sleep(0)  # it has its turn
    await helper.close()
    with pytest.raises(HelperFailed):
        await asked
    assert children() <= before


async def test_who_goes_away_before_it_is_their_turn_is_not_asked_for(
    helper: HelperProcess, tmp_path: Path, gate: Path
) -> None:
    held = asyncio.create_task(helper.run(odd_tasks.wait_at, gate))
    opened = await asyncio.to_thread(gate.open, "wb")
    gone = asyncio.create_task(helper.run(odd_tasks.leave, tmp_path / "trace"))
    last = asyncio.create_task(helper.run(odd_tasks.own_number))
    await asyncio.sleep(0)  # both wait
    gone.cancel()
    opened.close()
    await held
    assert await last
    assert not (tmp_path / "trace").exists()


async def test_what_takes_long_holds_up_nobody_who_looks_at_a_page(gate: Path) -> None:
    before = children()
    both = HelperPair(HelperProcess(), HelperProcess(habits=FILES))
    try:
        written = asyncio.create_task(both.run(odd_tasks.write_at_length, gate))
        opened = await asyncio.to_thread(gate.open, "wb")
        looked = await both.run(odd_tasks.own_number)
        assert not written.done()
        opened.close()
        assert await written != looked
        page, file = psutil.Process(looked), psutil.Process(await written)
        assert file.nice() > page.nice() > psutil.Process().nice()
    finally:
        await both.close()
    assert children() <= before


async def test_the_process_of_files_begins_with_the_first_and_rests_soon(gate: Path) -> None:
    before = children()
    both = HelperPair(HelperProcess(), HelperProcess(habits=Habits(rests_after=0)))
    try:
        page = await both.run(odd_tasks.own_number)
        assert children() - before == {page}
        written = asyncio.create_task(both.run(odd_tasks.write_at_length, gate))
        (await asyncio.to_thread(gate.open, "wb")).close()
        file = psutil.Process(await written)
        await asyncio.to_thread(file.wait, timeout=60)
        assert children() - before == {page}
    finally:
        await both.close()


async def test_who_goes_away_during_their_turn_leaves_no_answer_to_the_next(
    helper: HelperProcess, gate: Path
) -> None:
    gone = asyncio.create_task(helper.run(odd_tasks.wait_at, gate))
    opened = await asyncio.to_thread(gate.open, "wb")
    gone.cancel()
    asked = asyncio.create_task(helper.run(odd_tasks.own_number))
    opened.close()
    assert isinstance(await asked, int)


async def test_what_cannot_be_unpacked_is_no_answer_and_says_nothing(
    helper: HelperProcess,
) -> None:
    pid = await helper.run(odd_tasks.own_number)
    with pytest.raises(HelperFailed) as told:
        await helper.run(odd_tasks.take, odd_tasks.NotUnderstood())
    assert "ValueError" in str(told.value)
    assert await helper.run(odd_tasks.own_number) == pid
    with pytest.raises(HelperFailed) as told:
        await helper.run(odd_tasks.give)
    assert "Fatima" not in str(told.value)
    assert await helper.run(odd_tasks.own_number)


async def test_a_key_that_came_while_it_read_is_known_the_next_time(
    sqlite_store: Store, tmp_path: Path, gate: Path
) -> None:
    store, helper = sqlite_store, helper_of(sqlite_store)
    (tmp_path / "gate").touch()
    try:
        asked = helper.ask(odd_tasks.open_before_the_key_came, tmp_path / "gate")
        asking = asyncio.create_task(asked)
        opened = await asyncio.to_thread(gate.open, "wb")
        store.vault.rotate()  # this process has it before the answer is there
        opened.close()
        assert await asking == "opened"
    finally:
        await helper.close()


async def test_a_new_key_leaves_no_open_files_of_the_old_one(sqlite_store: Store) -> None:
    store, helper = sqlite_store, helper_of(sqlite_store)
    try:
        opened = []
        for _ in range(3):
            await helper.ask(odd_tasks.words_of, "0" * 32)
            pid = await helper.run(odd_tasks.own_number)
            opened.append(len(psutil.Process(pid).open_files()))
            store.vault.rotate()
        assert opened == opened[:1] * 3
    finally:
        await helper.close()


async def test_what_cannot_be_loaded_beforehand_keeps_nobody_from_reading(
    sqlite_store: Store,
) -> None:
    helper = helper_of(sqlite_store, ["tests.helper.not_loaded", "nowhere_to_be_found"])
    try:
        assert await helper.ask(odd_tasks.words_of, "0" * 32) == ""
    finally:
        await helper.close()


async def test_no_words_stay_behind_in_a_knot(helper: HelperProcess) -> None:
    assert [await helper.run(odd_tasks.knots) for _ in range(3)] == [0, 0, 0]


async def test_what_draws_leaves_no_folder_where_it_has_no_home(
    helper: HelperProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MPLCONFIGDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", os.devnull)
    folder = await helper.run(odd_tasks.place_of_fonts)
    assert await asyncio.to_thread(os.path.isdir, folder)
    await helper.close()
    assert not await asyncio.to_thread(os.path.exists, folder)
