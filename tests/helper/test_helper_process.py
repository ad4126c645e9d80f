"""Heavy work is done in a process of its own: what it reads, what it knows, and how it ends."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import psutil
import pytest
from pydantic import SecretStr

from bot.coordinators import compiled_pages
from bot.coordinators.compiled_pages import CompiledPages
from bot.coordinators.pattern_findings import pattern_findings
from bot.guides import GuideStore
from bot.helper.helper_process import HelperProcess, HelperStore
from bot.helper.pipe_messages import Opening
from bot.helper.tasks import HelperFailed, InProcess
from bot.services import Services
from bot.settings import MailSettings, Settings, TelegramSettings, without_secrets
from bot.templating import templates_in
from conversations.guide.loading import load_guides
from storage.stories import withdrawals
from storage.stories.reading import Filters
from tests.coordinators.office import Office, close_office, open_office
from tests.helper import odd_tasks
from tests.helper.odd_tasks import BOSS
from tests.storage.stores import WEEK, Store

ROOT = Path(__file__).parents[2]
SECRET = "123456:of-telegram"


def helper_of(store: Store, loads: Sequence[str] = ()) -> HelperProcess:
    def opening(keys: bytes) -> Opening:
        return Opening(store.url, keys, without_secrets(Settings()), (), loads)

    return HelperProcess(HelperStore(store.database, store.vault, opening))


@pytest.fixture
async def helper(store: Store) -> AsyncIterator[HelperProcess]:
    """The helper process of a store, on both kinds of database."""
    made = helper_of(store)
    yield made
    await made.close()


async def shared(store: Store) -> str:
    """A story that the association may read; its id."""
    office = await open_office(store)
    try:
        return await office.tell("Oost")
    finally:
        await close_office(office)


async def withdraw(store: Store, story_id: str) -> None:
    await store.database.write(lambda c: withdrawals.withdraw(c, story_id, store.log, WEEK))


def seen_of(pid: int) -> bytes:
    """What others can see of a process."""
    seen = Path(f"/proc/{pid}/cmdline").read_bytes()
    environ = Path(f"/proc/{pid}/environ")
    return seen + (environ.read_bytes() if os.access(environ, os.R_OK) else b"")


async def test_a_question_is_answered_as_in_this_process(
    store: Store, helper: HelperProcess
) -> None:
    story_id = await shared(store)
    shelf = GuideStore(load_guides())
    await store.database.write(shelf.remember)
    here = InProcess(store.database, Services(store.vault, store.log, shelf, Settings()))
    asked = BOSS, Filters(), ("resident.promise", "")
    there = await helper.ask(pattern_findings, *asked, merge=True)
    assert there.n == 1
    assert there.pattern == (await here.ask(pattern_findings, *asked, merge=True)).pattern
    assert "Fatima" in await helper.ask(odd_tasks.words_of, story_id)
    await withdraw(store, story_id)
    assert await helper.ask(odd_tasks.words_of, story_id) == ""


async def test_what_was_withdrawn_before_the_answer_is_not_in_it(
    store: Store, helper: HelperProcess, tmp_path: Path
) -> None:
    story_id = await shared(store)
    gate, opened = tmp_path / "gate", tmp_path / "gate.open"
    os.mkfifo(opened)
    gate.touch()
    asking = asyncio.create_task(helper.ask(odd_tasks.count_slowly, gate))
    held = await asyncio.to_thread(opened.open, "wb")  # it has counted the story by now
    await withdraw(store, story_id)
    held.close()
    assert await asking == 0


async def test_a_question_that_ends_the_process_is_asked_once_more(
    sqlite_store: Store, tmp_path: Path
) -> None:
    helper, times = helper_of(sqlite_store), tmp_path / "times"
    try:
        times.write_text("x")
        assert await helper.ask(odd_tasks.die, times) == "alive"
        times.write_text("xx")
        with pytest.raises(HelperFailed):
            await helper.ask(odd_tasks.die, times)
        assert await helper.ask(odd_tasks.die, times) == "alive"
    finally:
        await helper.close()


async def test_only_the_kind_of_a_fault_leaves_and_only_tasks_are_done(store: Store) -> None:
    helper = helper_of(store)
    try:
        with pytest.raises(HelperFailed) as told:
            await helper.ask(odd_tasks.complain)
        assert "ValueError" in str(told.value)
        assert "Fatima" not in str(told.value)
        with pytest.raises(HelperFailed):
            await helper.run(odd_tasks.unmarked)
        first = await helper.run(odd_tasks.own_number)
        assert first == await helper.run(odd_tasks.own_number)
    finally:
        await helper.close()
    assert not psutil.pid_exists(first)


@pytest.mark.usefixtures("as_it_is")
async def test_the_key_is_where_nobody_can_see_it(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERTELBOT_TELEGRAM__TOKEN", SECRET)
    helper = helper_of(sqlite_store)
    try:
        pid = await helper.run(odd_tasks.own_number)
        seen = seen_of(pid)
        files = " ".join(each.path for each in psutil.Process(pid).open_files())
        assert "key" not in files
        for secret in (*sqlite_store.vault.hand_over().split(b'"'), SECRET.encode()):
            assert len(secret) < 40 or secret not in seen
        assert SECRET.encode() not in seen
        assert psutil.Process(pid).nice() > psutil.Process().nice()
    finally:
        await helper.close()


def test_no_secret_of_a_channel_goes_along() -> None:
    given = Settings(
        telegram=TelegramSettings(token=SecretStr(SECRET)),
        mail=MailSettings(password=SecretStr(SECRET)),
    )
    assert SECRET.encode() in pickle.dumps(given)
    assert SECRET.encode() not in pickle.dumps(without_secrets(given))
    assert without_secrets(given).organisation == given.organisation


async def test_a_key_that_was_added_since_is_known(sqlite_store: Store) -> None:
    store, helper = sqlite_store, helper_of(sqlite_store)
    try:
        await helper.ask(odd_tasks.words_of, "0" * 32)
        store.vault.rotate()
        story_id = await shared(store)
        assert "Fatima" in await helper.ask(odd_tasks.words_of, story_id)
    finally:
        await helper.close()


async def test_it_ends_with_the_one_who_asks_also_when_that_is_killed(tmp_path: Path) -> None:
    told, opened = tmp_path / "told", tmp_path / "told.open"
    os.mkfifo(opened)
    program = (
        "import asyncio, sys, pathlib\n"
        "from bot.helper.helper_process import HelperProcess\n"
        "from tests.helper import odd_tasks\n"
        "asyncio.run(HelperProcess().run(odd_tasks.sleep, pathlib.Path(sys.argv[1])))\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, told, cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    await asyncio.to_thread(opened.read_bytes)  # it is at work
    helper = psutil.Process(int(told.read_text()))
    parent.send_signal(signal.SIGKILL)
    await parent.wait()
    await asyncio.to_thread(helper.wait, timeout=60)
    assert not helper.is_running()


@pytest.mark.usefixtures("as_it_is")
async def test_pages_come_compiled_from_the_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_pages, "PATIENCE", 60)  # on however slow a machine
    helper, folder = HelperProcess(), ROOT / "bot" / "coordinators" / "templates"
    pages = CompiledPages(helper, [folder])
    environment = templates_in(folder, compiled=pages.cache)
    try:
        await pages.ready()
    finally:
        await helper.close()
    environment.compile = None  # type: ignore[assignment,method-assign]
    assert environment.get_template("patterns.html").name == "patterns.html"


@pytest.mark.usefixtures("as_it_is")
async def test_a_page_says_so_when_it_cannot_be_made(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")  # it dies before it can answer
    office: Office = await open_office(sqlite_store, helper=helper_of(sqlite_store))
    try:
        boss = await office.login("association")
        status, page = await boss.get("/coordinator/patterns")
        assert status == 503
        assert "Probeer het zo nog eens" in page
    finally:
        await close_office(office)
