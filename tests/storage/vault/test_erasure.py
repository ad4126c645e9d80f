"""A stolen file tells nothing, and what is erased is gone to the last byte."""

from __future__ import annotations

import asyncio
import fcntl
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import meta
from storage.engine import writer
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.lifecycle import archive
from storage.outbox import outbox
from storage.outbox.outbox import OUTBOX
from storage.people import people, states
from storage.people.people import PERSON
from storage.stories import blobs, stories, withdrawals
from storage.stories.blobs import Content
from storage.stories.stories import STORY
from storage.vault.erasure import ErasureLog, NoErasureLog
from tests.storage.people.test_states import state
from tests.storage.stores import NOW, WEEK, Store
from tests.storage.stories.test_stories import record

ADDRESS = "chat-918273645"
PLANTED = ("Fatima", "sleutel", "luistert", ADDRESS, "Het begon met")


async def fill(store: Store, around: int = 60) -> tuple[str, str]:
    """Alice, with everything a person can leave behind, between others; her id and story."""
    for number in range(0, around, 2):
        await store.story(await store.person(f"other{number}"))
    alice = await store.person(ADDRESS)
    story_id, _ = await store.story(alice)
    await record(store, story_id, ("team", "yes"), ("contact", "yes"))

    def live(connection: Transaction) -> None:
        card = {"text": "Fatima van de wijk kwam langs"}
        outbox.put(connection, alice.id, card, 1, "say", "reply", NOW, story=story_id)
        outbox.put(connection, alice.id, card, 2, "echo", "reply", NOW, story=story_id)
        states.save(connection, alice.id, state(story=story_id), NOW)
        payload = {"text": "sleutel"}
        states.hold(connection, "telegram", "u1", payload, NOW, person_id=alice.id)
        blobs.put(connection, alice.id, Content("voice", "audio/ogg", b"sleutel"), NOW)

    await store.database.write(live)
    for number in range(1, around, 2):
        await store.story(await store.person(f"other{number}"))
    return alice.id, story_id


def found(folder: Path, *needles: bytes) -> list[tuple[str, bytes]]:
    """Where in the files of a folder these bytes stand."""
    return [
        (file.name, needle)
        for file in folder.iterdir()
        if file.is_file()
        for needle in needles
        if needle in file.read_bytes()
    ]


async def test_database_journal_and_backup_hold_no_word_and_no_address(
    sqlite_store: Store,
) -> None:
    _, story_id = await fill(sqlite_store)
    await archive.backup(
        sqlite_store.database, sqlite_store.vault, sqlite_store.log, sqlite_store.folder / "b"
    )
    names = [file.name for file in sqlite_store.folder.iterdir()]
    assert {"vertelbot.db", "vertelbot.db-wal", "b"} <= set(names)
    assert found(sqlite_store.folder, *(text.encode() for text in PLANTED)) == []
    assert found(sqlite_store.folder, story_id.encode()) != []  # the search finds what is there


async def sealed_of(store: Store, person_id: str, story_id: str) -> list[bytes]:
    """Every sealed value of a person and a story, as it lies in the database."""

    def read(connection: Transaction) -> list[bytes]:
        queries = [
            select(PERSON.c.sealed).where(PERSON.c.id == person_id),
            select(STORY.c.sealed).where(STORY.c.id == story_id),
            select(STORY.c.sealed_return).where(STORY.c.id == story_id),
            select(OUTBOX.c.sealed).where(OUTBOX.c.person_id == person_id),
            select(states.CONVERSATION.c.sealed).where(
                states.CONVERSATION.c.person_id == person_id
            ),
            select(states.INBOX.c.sealed).where(states.INBOX.c.person_id == person_id),
        ]
        return [value for query in queries for value in connection.scalars(query)]

    return await store.database.write(read)


async def test_after_erasure_the_sealed_bytes_themselves_are_gone(sqlite_store: Store) -> None:
    store = sqlite_store
    person_id, story_id = await fill(store)
    sealed = await sealed_of(store, person_id, story_id)
    assert len(sealed) == 7
    pieces = [piece for value in sealed for piece in (value[:16], value[-16:])]
    assert len(found(store.folder, *pieces)) >= len(pieces)
    await store.database.write(lambda c: people.erase(c, person_id, store.log, WEEK))
    assert await store.database.scrub()
    assert found(store.folder, *pieces) == []
    traces = [
        store.vault.address_hash("telegram", ADDRESS),
        store.vault.trace(story_id),
        person_id,
        story_id,
    ]
    assert [hit for hit in found(store.folder, *(t.encode() for t in traces))
            if not hit[0].endswith(".erased")] == []  # fmt: skip


async def test_a_withdrawn_story_leaves_no_sealed_byte_of_it(sqlite_store: Store) -> None:
    store = sqlite_store
    person_id, story_id = await fill(store)
    sealed = (await sealed_of(store, person_id, story_id))[1:5]
    await store.database.write(lambda c: withdrawals.withdraw(c, story_id, store.log, WEEK))
    await store.database.scrub()
    assert found(store.folder, *(value[:16] for value in sealed)) == []


@pytest.mark.parametrize(("deep", "size", "rewritten"), [
    (False, 10**9, True), (False, 1000, False), (True, 1000, True),
])  # fmt: skip
async def test_a_small_file_is_rewritten_at_once_and_a_large_one_when_asked(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, deep: bool, size: int, rewritten: bool
) -> None:
    """A row that moved before it was deleted may have left a copy in the free space of a page."""
    monkeypatch.setattr(writer, "SMALL_BYTES", size)
    database = sqlite_store.database
    person_id, _ = await fill(sqlite_store)
    big = {"text": "x" * 100_000}
    await database.write(lambda c: outbox.put(c, person_id, big, 3, "echo", "reply", NOW))
    await database.write(lambda c: people.erase(c, person_id, sqlite_store.log, WEEK))
    assert await database.scrub(deep=deep)
    free = await database.write(lambda c: c.exec_driver_sql("PRAGMA freelist_count").scalar())
    assert (free == 0) is rewritten


async def test_an_idle_writer_cleans_up_what_another_command_erased(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "IDLE_SECONDS", 0.01)
    beside = Database(sqlite_store.url, exclusive=False)
    beside.start()
    await beside.write(lambda c: meta.put(c, "from beside", "x"))
    beside.close()
    await sqlite_store.database.write(lambda _: None)  # the new time holds from now on
    await asyncio.sleep(0.1)
    assert found(sqlite_store.folder, b"from beside") == [("vertelbot.db", b"from beside")]


async def test_the_log_has_the_line_before_the_deletion_commits(sqlite_store: Store) -> None:
    store = sqlite_store
    story_id, _ = await store.story()

    def crash(connection: Transaction) -> None:
        withdrawals.withdraw(connection, story_id, store.log, WEEK)
        assert store.log.read().has("story", store.vault.story_hash(story_id))
        raise KeyboardInterrupt

    def guarded(connection: Transaction) -> None:
        try:
            crash(connection)
        except KeyboardInterrupt:
            raise LookupError from None

    with pytest.raises(LookupError):
        await store.database.write(guarded)
    assert await store.database.read(lambda s: stories.read(s, story_id))


def test_a_line_cut_off_by_a_crash_does_not_spoil_the_log(tmp_path: Path) -> None:
    log = ErasureLog(tmp_path / "erased")
    log.create()
    log.add(WEEK, ("story", "aa"))
    with log.path.open("a") as file:
        file.write("person bb 20")
    assert set(log.read().weeks) == {("story", "aa")}
    log.add(WEEK, ("person", "cc"))
    assert set(log.read().weeks) == {("story", "aa"), ("person", "cc")}
    assert log.path.stat().st_mode & 0o777 == 0o600


def test_a_line_that_does_not_fit_on_the_disk_is_no_line(tmp_path: Path) -> None:
    log = ErasureLog(tmp_path / "erased")
    log.add(WEEK, ("story", "aa"))
    before = log.path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 20, hard))
    try:
        with pytest.raises(OSError, match="space"):
            log.add(WEEK, ("story", "b" * 64))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert log.path.read_bytes() == before
    log.add(WEEK, ("story", "cc"))
    assert set(log.read().weeks) == {("story", "aa"), ("story", "cc")}


async def test_two_processes_do_not_write_in_the_log_at_once(tmp_path: Path) -> None:
    log = ErasureLog(tmp_path / "erased")
    log.add(WEEK, ("story", "aa"))
    with log.path.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        other.write(b"story b")  # the other process is half way
        other.flush()
        adding = asyncio.create_task(asyncio.to_thread(log.add, WEEK, ("story", "cc")))
        assert not (await asyncio.wait([adding], timeout=0.2))[0]
        other.write(f"b {WEEK}\n".encode())
    await adding
    assert set(log.read().weeks) == {("story", "aa"), ("story", "bb"), ("story", "cc")}


def test_a_damaged_log_is_named_with_its_line(tmp_path: Path) -> None:
    log = ErasureLog(tmp_path / "erased")
    log.create()
    with log.path.open("a") as file:
        file.write("what is this\n")
    with pytest.raises(NoErasureLog, match="line 2"):
        log.read()


def test_nothing_of_a_person_is_said_by_an_error() -> None:
    """A statement that fails would show its parameters; the store's own errors do not."""
    program = (
        "import asyncio, tempfile\nfrom sqlalchemy import text\n"
        "from storage.engine.database import Database\n"
        "async def main():\n"
        "    database = Database('sqlite:///' + tempfile.mkdtemp() + '/v.db')\n"
        "    database.start()\n"
        "    try:\n"
        "        await database.write(lambda c: c.execute(\n"
        "            text('INSERT INTO nowhere VALUES (:name)'), {'name': 'Fatima'}))\n"
        "    finally:\n"
        "        database.close()\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "nowhere" in done.stderr
    assert "Fatima" not in done.stderr
