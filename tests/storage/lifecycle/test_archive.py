"""Archives: everything, in one encrypted file, into either database, without what was erased."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import insert

from storage import migrations, tables
from storage.lifecycle import archive, archive_file
from storage.outbox import outbox, state_counts
from storage.people import people, states
from storage.stories import stories, withdrawals
from storage.stories.rows import SEVERAL
from storage.vault.vault import Vault
from tests.storage.lifecycle.archives import backup, content, read_back
from tests.storage.stores import NOW, WEEK, Store
from tests.storage.vault.test_erasure import fill


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
    await full.database.write(lambda c: withdrawals.withdraw(c, theirs[1], full.log, WEEK))
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
