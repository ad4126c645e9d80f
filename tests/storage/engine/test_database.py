"""The writer: shared commits, failures that stay where they are, one process on one file."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from storage import meta
from storage.engine import writer
from storage.engine.database import AlreadyRunning, Database, Unavailable
from storage.engine.transaction import Transaction
from storage.engine.writer import Writer
from storage.people import states
from tests.forks import PIPE, forked
from tests.storage.stores import NOW, Store


def put(key: str, value: str = "x") -> Any:
    return lambda connection: meta.put(connection, key, value)


async def value(store: Store, key: str) -> str | None:
    return await store.database.read(lambda session: meta.get(session, key))


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts the commits."""
    seen: list[int] = []

    def commit(self: Writer, connection: Transaction) -> None:
        seen.append(1)
        connection.commit()

    monkeypatch.setattr(Writer, "_commit", commit)
    return seen


async def test_what_is_written_can_be_read(store: Store) -> None:
    await store.database.write(put("a", "1"))
    assert await value(store, "a") == "1"


async def test_what_is_asked_at_the_same_time_shares_commits(
    store: Store, commits: list[int]
) -> None:
    await asyncio.gather(*(store.database.write(put(f"k{n}")) for n in range(200)))
    assert len(commits) < 50
    assert [await value(store, f"k{n}") for n in (0, 199)] == ["x", "x"]


async def test_a_patient_write_shares_the_commit_of_the_next_one_and_comes_before_it(
    store: Store, commits: list[int]
) -> None:
    patient = store.database.write(put("a", "1"), patient=True)
    again = store.database.write(put("a", "2"), patient=True)
    await store.database.write(put("a", "3"))
    assert (patient.done(), again.done(), len(commits)) == (True, True, 1)
    assert await value(store, "a") == "3"


async def test_a_patient_write_to_which_nothing_is_added_goes_by_itself(store: Store) -> None:
    await asyncio.gather(*(store.database.write(put(f"k{n}"), patient=True) for n in range(3)))
    await store.database.write(put("a"), patient=True)
    assert [await value(store, key) for key in ("k0", "k2", "a")] == ["x"] * 3


async def test_a_patient_write_is_kept_when_the_database_is_closed(sqlite_store: Store) -> None:
    patient = sqlite_store.database.write(put("a"), patient=True)
    sqlite_store.database.close()
    await patient
    sqlite_store.database.start()
    assert await value(sqlite_store, "a") == "x"


async def test_a_failing_write_undoes_only_itself(store: Store) -> None:
    gate = threading.Event()

    def fails(connection: Transaction) -> None:
        meta.put(connection, "bad", "x")
        raise LookupError("no")

    def breaks_a_rule(connection: Transaction) -> None:
        connection.execute(text("INSERT INTO meta (key, value) VALUES ('nul', NULL)"))

    waiting = store.database.write(lambda _: gate.wait(5))  # the others queue behind this one
    writes = [waiting, *(store.database.write(fn) for fn in (put("before"), fails, breaks_a_rule))]
    together = asyncio.gather(*writes, store.database.write(put("after")), return_exceptions=True)
    await asyncio.sleep(0.05)
    gate.set()
    _, before, failed, broken, after = await together
    assert (before, after) == (None, None)
    assert isinstance(failed, LookupError)
    assert isinstance(broken, IntegrityError)
    assert [await value(store, key) for key in ("before", "bad", "after")] == ["x", None, "x"]


async def test_who_waits_hears_of_it_when_there_was_no_next_one(store: Store) -> None:
    """A future takes no StopIteration: all that shares the commit would wait for good."""

    def nothing(_: object) -> object:
        return next(iter(()))

    asked = [store.database.write(each) for each in (put("a"), nothing, put("b"))]
    async with asyncio.timeout(60):
        first, failed, last = await asyncio.gather(*asked, return_exceptions=True)
        with pytest.raises(RuntimeError, match="StopIteration"):
            await store.database.read(nothing)
    assert (first, last) == (None, None)
    assert isinstance(failed, RuntimeError)
    assert isinstance(failed.__cause__, StopIteration)
    assert await value(store, "b") == "x"


async def test_a_failing_commit_fails_everything_in_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def commit(self: Writer, connection: Transaction) -> None:
        raise OperationalError("COMMIT", None, sqlite3.OperationalError("disk I/O error"))

    monkeypatch.setattr(Writer, "_commit", commit)
    results = await asyncio.gather(
        store.database.write(put("a")), store.database.write(put("b")), return_exceptions=True
    )
    assert all(isinstance(result, Unavailable) for result in results)
    monkeypatch.undo()
    assert await value(store, "a") is None
    await store.database.write(put("a", "again"))
    assert await value(store, "a") == "again"


async def test_a_reader_cannot_write(store: Store) -> None:
    await store.database.write(put("a", "1"))
    with pytest.raises((DBAPIError, Unavailable), match=r"read-?only|write there"):
        await store.database.read(
            lambda session: session.transaction.exec_driver_sql("DELETE FROM meta")
        )
    assert await value(store, "a") == "1"


async def test_a_reader_sees_one_moment(store: Store) -> None:
    await store.database.write(put("a", "old"))
    looked, changed = threading.Event(), threading.Event()

    def read_twice(session: Any) -> list[str | None]:
        first = meta.get(session, "a")
        looked.set()
        changed.wait(5)
        return [first, meta.get(session, "a")]

    reading = asyncio.create_task(store.database.read(read_twice))
    await asyncio.to_thread(looked.wait, 5)
    await store.database.write(put("a", "new"))
    changed.set()
    assert await reading == ["old", "old"]


async def test_a_locked_database_is_tried_again(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "BACK_OFF", (0.01,) * 3)
    left = [2]

    def locked_twice(connection: Transaction) -> str:
        if left[0]:
            left[0] -= 1
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise OperationalError("UPDATE", None, error)
        return "done"

    assert await sqlite_store.database.write(locked_twice) == "done"


async def test_a_database_that_stays_locked_is_a_clear_error(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "BACK_OFF", (0.01,) * 2)

    def locked(connection: Transaction) -> None:
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise OperationalError("UPDATE secret", None, error)

    with pytest.raises(Unavailable, match="cannot be used") as caught:
        await sqlite_store.database.write(locked)
    assert "secret" not in str(caught.value)


async def test_a_full_disk_loses_only_what_was_not_confirmed(sqlite_store: Store) -> None:
    database = sqlite_store.database
    await database.write(put("kept"))

    def limit(connection: Transaction, pages: int) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    used = await database.write(
        lambda c: int(c.exec_driver_sql("PRAGMA page_count").scalar_one()) + 2
    )
    await database.write(lambda c: limit(c, used))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "BACK_OFF", (0.01,))
        with pytest.raises(Unavailable):
            await database.write(put("big", "x" * 100_000))
    await database.write(lambda c: limit(c, 1_000_000))
    await database.write(put("big", "small"))
    assert [await value(sqlite_store, key) for key in ("kept", "big")] == ["x", "small"]


async def test_a_server_that_drops_the_connection_is_found_again(postgres_store: Store) -> None:
    store = postgres_store
    await store.database.write(put("a"))
    left = [1]

    def cut(connection: Transaction) -> None:
        if left[0]:
            left[0] -= 1
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        meta.put(connection, "b", "after")

    await store.database.write(cut)
    assert await value(store, "b") == "after"


async def test_after_closing_a_write_is_refused_and_what_was_asked_is_kept(store: Store) -> None:
    asked = asyncio.gather(*(store.database.write(put(f"k{n}")) for n in range(20)))
    await asyncio.sleep(0)
    await asyncio.to_thread(store.database.close)
    await asked
    with pytest.raises(Unavailable):
        await store.database.write(put("late"))


async def test_a_second_process_on_one_file_is_refused(sqlite_store: Store) -> None:
    program = (
        "import sys\nfrom storage.engine.database import AlreadyRunning, Database\n"
        "try: Database(sys.argv[1]).start()\n"
        "except AlreadyRunning as error: print(error)"
    )
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", program, sqlite_store.url],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "already runs" in done.stdout
    with pytest.raises(AlreadyRunning):
        Database(sqlite_store.url).start()


async def test_another_command_works_beside_the_one_that_runs(sqlite_store: Store) -> None:
    beside = Database(sqlite_store.url, exclusive=False)
    beside.start()
    await beside.write(put("beside"))
    assert await beside.scrub() is False
    beside.close()
    assert await value(sqlite_store, "beside") == "x"


async def test_sqlite_is_set_so_that_a_power_cut_loses_nothing(sqlite_store: Store) -> None:
    def settings(connection: Transaction) -> list[Any]:
        names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert await sqlite_store.database.write(settings) == ["wal", 2, 1, 1]


async def test_a_thousand_updates_are_each_taken_once(store: Store) -> None:
    async def accept(external_id: str) -> bool:
        return await store.database.write(lambda c: states.accept(c, "telegram", external_id, NOW))

    taken = await asyncio.gather(*(accept(str(n % 500)) for n in range(1000)))
    assert sum(taken) == 500


async def test_what_was_confirmed_survives_a_kill(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from storage import meta\n"
        "from storage.engine.database import Database\n"
        "async def keep(database, key):\n"
        "    await database.write(lambda c: meta.put(c, key, 'x'))\n"
        "    print(key, flush=True)\n"
        "async def main():\n"
        "    database = Database(sys.argv[1])\n"
        "    database.start()\n"
        "    for turn in range(100_000):\n"
        "        await asyncio.gather(*(keep(database, f'{turn}-{n}') for n in range(8)))\n"
        "asyncio.run(main())\n"
    )
    url = f"sqlite:///{tmp_path}/v.db"
    for confirmed_before_the_kill in (20, 200):
        child = await forked("-c", program, url, stdout=PIPE)
        assert child.stdout is not None
        confirmed = {
            (await child.stdout.readline()).decode().strip()
            for _ in range(confirmed_before_the_kill)
        }
        child.kill()
        confirmed |= set((await child.stdout.read()).decode().split("\n")[:-1])
        await child.wait()
        database = Database(url)
        database.start()
        kept = await database.read(
            lambda session: set(session.transaction.scalars(select(meta.META.c.key)))
        )
        sound = await database.read(
            lambda session: session.transaction.exec_driver_sql("PRAGMA integrity_check").scalar()
        )
        await asyncio.to_thread(database.close)
        assert confirmed <= kept
        assert sound == "ok"
