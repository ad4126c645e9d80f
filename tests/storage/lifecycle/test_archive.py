"""Archives: everything, in one encrypted file, into either database, without what was erased."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import insert, select

from storage import meta, migrations, narrowings, tables
from storage.coordinators import audit, coordinators, teams
from storage.engine.transaction import Snapshot
from storage.engine.types import core
from storage.gate import publications
from storage.lifecycle import archive, archive_file, restore
from storage.lifecycle.archive_file import ArchiveProblem
from storage.outbox import outbox, state_counts
from storage.people import guide_versions, people, states
from storage.stories import stories, version
from storage.stories.rows import SEVERAL
from storage.vault.erasure import NoErasureLog
from storage.vault.vault import Vault
from tests.storage.stores import NOW, WEEK, Postgres, Store, open_store
from tests.storage.vault.test_erasure import fill


@pytest.fixture
async def full(store: Store) -> Store:
    """A store with something in every table."""
    await fill(store)

    def more(connection: Any) -> None:
        team = teams.add(connection, "Wijkteam Oost", "Zwolle")
        bob = coordinators.add(connection, "team", "Bob", team=team.id)
        coordinators.make_link(connection, bob.id, NOW)
        coordinators.open_session(connection, bob.id, NOW, NOW - NOW)
        guide_versions.remember(connection, "resident", "f00d", '{"title": "Één verhaal"}')
        audit.note(connection, bob, "search", NOW)
        narrowings.note(connection, WEEK, [team.id])
        part = publications.week_part(connection, "association", WEEK, 3, final=True)
        assert part is not None
        publications.let_out(connection, part)
        connection.execute(
            insert(core(tables.PublishedNumber)).values(
                period=WEEK,
                audience="association",
                part=2,
                scope="",
                dimension="story",
                value="",
                count=9,
                base=9,
            )
        )
        connection.execute(insert(core(tables.DigestSent)).values(coordinator_id=bob.id, week=WEEK))
        meta.put(connection, "telegram_offset", "42")
        outbox.put(
            connection, None, {"text": "dag"}, 0, "leave", "reply", NOW,
            to=("telegram", "-100", "nl"))  # fmt: skip
        for person in connection.execute(select(people.PERSON)).all()[:3]:
            states.set_timer(connection, person.id, "remind", 1, NOW)

    await store.database.write(more)
    return store


@pytest.fixture
async def targets(
    postgres: Postgres, tmp_path: Path, store: Store
) -> AsyncIterator[dict[str, Store]]:
    """Two empty stores with the key of `store`."""
    opened = {}
    for name, url in (
        ("sqlite", f"sqlite:///{tmp_path}/second.db"),
        ("postgresql", postgres.fresh()),
    ):
        opened[name] = await open_store(url, tmp_path)
    yield opened
    for target in opened.values():
        target.close()


async def content(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every field of every row, but for how often stories were changed: to restore them is a change
    too; and what the database works out itself."""

    def read(session: Snapshot) -> dict[str, list[dict[str, Any]]]:
        return {
            table.name: sorted(
                (
                    dict(row)
                    for row in session.connection().execute(select(table)).mappings()
                    if row.get("key") != version.KEY
                ),
                key=lambda row: json.dumps(row, default=str, sort_keys=True),
            )
            for table in tables.every().sorted_tables
            if table.name not in tables.WORKED_OUT
        }

    return await store.database.read(read)


async def backup(store: Store, name: str = "backup") -> Path:
    path = store.folder / name
    await archive.backup(store.database, store.vault, store.log, path)
    return path


async def read_back(path: Path, target: Store) -> int:
    return await restore.restore(path, target.database, target.vault, target.log)


async def test_a_backup_reads_back_field_by_field_through_both_databases(
    full: Store, targets: dict[str, Store]
) -> None:
    before = await content(full)
    assert {name for name, rows in before.items() if rows} >= {
        "meta", "person", "conversation", "timer", "inbox", "outbox", "consent", "story",
        "publishednumber", "guideversion", "team", "coordinator", "loginlink", "websession",
    }  # fmt: skip
    path = await backup(full)
    assert path.stat().st_mode & 0o777 == 0o600
    for number, target in enumerate(targets.values()):
        count = await read_back(path, target)
        assert count == sum(len(rows) for rows in before.values()) + 1  # that number too
        assert await content(target) == before
        states = Counter(row["state"] for row in before["outbox"])
        assert await target.database.read(state_counts.by_state) == states
        path = await backup(target, f"again{number}")


async def test_a_restore_leaves_out_messages_that_told_of_several_stories(
    store: Store, targets: dict[str, Store]
) -> None:
    """Of which, nobody knows; one of them may be erased."""
    alice = await store.person("alice")

    def put(connection: Any) -> None:
        for story in (SEVERAL, "one"):
            outbox.put(
                connection, alice.id, {"text": story}, 1, "say", "reply", NOW,
                story=story)  # fmt: skip

    await store.database.write(put)
    path = await backup(store)
    for target in targets.values():
        await read_back(path, target)
        read = partial(outbox.log, person_id=alice.id)
        log = await target.database.read(read)
        assert [row.effect["text"] for row in log] == ["one"]


async def test_after_a_restore_new_rows_get_new_ids(full: Store, targets: dict[str, Store]) -> None:
    path = await backup(full)
    highest = max(row["id"] for row in (await content(full))["outbox"])
    for target in targets.values():
        await read_back(path, target)
        alice = await target.person("new")
        made = await target.database.write(
            lambda c, t=target, a=alice: outbox.put(  # type: ignore[misc]
                c, a.id, {}, 1, "say", "reply", NOW
            )
        )
        assert made > highest


async def test_what_was_erased_after_the_backup_does_not_come_back(
    full: Store, targets: dict[str, Store]
) -> None:
    alice = await full.person("chat-918273645")
    bob = await full.person("bob")
    theirs = [(await full.story(person))[0] for person in (alice, bob, bob)]
    path = await backup(full)
    await full.database.write(lambda c: people.erase(c, alice.id, full.log, WEEK))
    await full.database.write(lambda c: stories.withdraw(c, theirs[1], full.log, WEEK))
    after = await content(full)
    for target in targets.values():
        await read_back(path, target)
        restored = await content(target)
        for name in ("story", "person", "conversation", "timer", "outbox", "inbox"):
            assert restored[name] == after[name], name
        assert sorted(map(shape, restored["consent"]), key=str) == sorted(
            map(shape, after["consent"]), key=str
        )
        assert (await target.database.read(stories.counts))["all"] == 61
        left = await target.database.read(lambda s: stories.for_person(s, theirs))
        assert [story.id for story in left] == theirs[2:]


def shape(consent: dict[str, Any]) -> dict[str, Any]:
    """A consent without its random id where it has no words."""
    return consent if consent["sealed"] is not None else consent | {"id": ""}


async def test_a_restore_without_the_erasure_log_is_refused(
    full: Store, targets: dict[str, Store]
) -> None:
    path = await backup(full)
    full.log.path.unlink()
    with pytest.raises(NoErasureLog, match="missing"):
        await read_back(path, targets["sqlite"])


async def test_a_log_older_than_the_backup_is_refused(
    full: Store, targets: dict[str, Store]
) -> None:
    story_id, _ = await full.story()
    old = full.log.path.read_bytes()
    await full.database.write(lambda c: stories.withdraw(c, story_id, full.log, WEEK))
    path = await backup(full)
    full.log.path.write_bytes(old)
    with pytest.raises(NoErasureLog, match="newest one"):
        await read_back(path, targets["sqlite"])


async def test_a_filled_database_is_not_written_over(full: Store) -> None:
    path = await backup(full)
    with pytest.raises(ArchiveProblem, match="not empty"):
        await read_back(path, full)


async def test_another_key_does_not_open_an_archive(full: Store, tmp_path: Path) -> None:
    path = await backup(full)
    folder = tmp_path / "elsewhere"
    other = await open_store(f"sqlite:///{folder}/v.db", folder)
    with pytest.raises(ArchiveProblem, match="another key"):
        await read_back(path, other)
    assert (await other.database.read(stories.counts))["all"] == 0
    other.close()


async def test_an_archive_made_with_a_later_key_says_so(full: Store, tmp_path: Path) -> None:
    old = full.key_file.read_bytes()
    full.vault.rotate()
    path = await backup(full)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "key.json").write_bytes(old)
    (folder / "key.json").chmod(0o600)
    other = await open_store(f"sqlite:///{folder}/v.db", folder / "fresh")
    old_vault = Vault.load(folder / "key.json")
    with pytest.raises(ArchiveProblem, match="another key"):
        await restore.restore(path, other.database, old_vault, other.log)
    other.close()


@pytest.mark.parametrize("cut", [1, 5, 20, 4000])
async def test_an_archive_cut_short_is_refused_whole(
    full: Store, targets: dict[str, Store], cut: int
) -> None:
    path = await backup(full)
    data = path.read_bytes()
    path.write_bytes(data[:-cut])
    with pytest.raises(ArchiveProblem):
        await read_back(path, targets["sqlite"])
    assert (await targets["sqlite"].database.read(stories.counts))["all"] == 0


async def test_an_archive_cut_between_its_pieces_is_refused(
    full: Store, targets: dict[str, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_file, "CHUNK", 1000)
    path = await backup(full)
    data = path.read_bytes()
    head = len(archive_file.MAGIC) + 18
    piece = 4 + 1000 + 16
    assert len(data) > head + 3 * piece
    for broken in (
        data[: head + 2 * piece],
        data[:head] + data[head + piece :],
        data[:head] + data[head + piece : head + 2 * piece] + data[head : head + piece],
        data + b"\0\0\0\0",
        data + data[head : head + piece],
    ):
        path.write_bytes(broken)
        with pytest.raises(ArchiveProblem, match="damaged or cut short"):
            await read_back(path, targets["sqlite"])


async def test_one_changed_byte_is_noticed(full: Store, targets: dict[str, Store]) -> None:
    path = await backup(full)
    data = path.read_bytes()
    for place in (3, 17, 18, 25, 40, len(data) // 2, len(data) - 1):
        changed = bytearray(data)
        changed[place] ^= 1
        path.write_bytes(changed)
        with pytest.raises(ArchiveProblem):
            await read_back(path, targets["sqlite"])


async def test_an_archive_of_other_tables_names_both_versions(
    full: Store, targets: dict[str, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "HEAD", "9999")
    path = await backup(full)
    monkeypatch.undo()
    with pytest.raises(ArchiveProblem, match=f"version 9999, this Vertelbot has {migrations.HEAD}"):
        await read_back(path, targets["sqlite"])


async def test_an_archive_of_before_the_upgrade_is_restored_when_its_rows_are_the_same(
    full: Store, targets: dict[str, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The numbers of then are left out: they counted stories that nobody may read."""
    row = {"week": WEEK, "guide": "", "team_id": "", "dimension": "story", "value": "", "count": 7}
    await full.database.write(lambda c: c.execute(insert(tables.FORMER[0]).values(row)))
    monkeypatch.setattr(migrations, "HEAD", "0001")
    path = await backup(full)
    monkeypatch.undo()
    assert await read_back(path, targets["sqlite"]) > 0
    assert (await content(targets["sqlite"]))["rollup"] == []


async def test_a_backup_never_replaces_a_file(full: Store) -> None:
    path = await backup(full)
    with pytest.raises(FileExistsError):
        await backup(full)
    assert [file.name for file in path.parent.iterdir() if file.name.endswith(".new")] == []


async def test_a_backup_while_people_talk_is_of_one_moment(
    store: Store, targets: dict[str, Store]
) -> None:
    await fill(store)

    async def talk() -> None:
        for number in range(40):
            alice = await store.person(f"talker{number}")
            await store.story(alice)

    talking = asyncio.create_task(talk())
    path = await backup(store)
    await talking
    await read_back(path, targets["sqlite"])
    restored = await content(targets["sqlite"])
    kept = {row["id"] for row in restored["consent"] if row["purpose"] == "keep"}
    assert kept == {row["keep_record"] for row in restored["story"]}


async def test_a_backup_does_not_hold_up_a_database_that_is_being_closed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def many(connection: Any) -> None:
        for number in range(2 * archive.ROWS):
            states.accept(connection, "telegram", f"{number}", NOW)

    await store.database.write(many)
    written = archive_file.row_to_json

    def closing(*row: Any) -> dict[str, Any]:
        store.database.closing = True
        return written(*row)

    monkeypatch.setattr(archive, "row_to_json", closing)
    with pytest.raises(archive.Interrupted):
        await backup(store)
    assert not [path for path in store.folder.iterdir() if "backup" in path.name]


def test_a_key_that_is_followed_while_a_backup_begins_does_not_spoil_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, file = Vault.create(tmp_path / "key"), BytesIO()
    cipher_of = vault.archive_cipher

    def just_then(salt: bytes, version: int) -> AESGCM:
        vault.rotate()
        return cipher_of(salt, version)

    with monkeypatch.context() as patch:
        patch.setattr(vault, "archive_cipher", just_then)
        writer = archive_file.ArchiveWriter(file, vault)
    writer.line({"one": "line"})
    writer.end()
    file.seek(0)
    assert list(archive_file.read_lines(file, vault)) == [{"one": "line"}]
