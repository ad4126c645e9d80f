"""Recordings and pictures: sealed in pieces, kept with a consent of their own, erased for good."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from storage.engine.transaction import Transaction
from storage.lifecycle import archive, restore, retention
from storage.people import people, states
from storage.people.people import Person
from storage.stories import blobs, consents, moderation, stories, withdrawals
from storage.stories.blobs import BLOB, CHUNK, Content, TranscriptionJob
from storage.stories.moderation import StorySpan
from storage.vault.vault import SealBroken
from tests.storage.people.test_states import state
from tests.storage.stores import NOW, WEEK, Store, consent, open_store, telling
from tests.storage.vault.test_erasure import found

LATER = NOW + timedelta(minutes=1)
SOUND = Content("voice", "audio/ogg", b"OggS planted sound " * 9000, 12)
PICTURE = Content("photo", "image/jpeg", b"planted picture", 0)


async def put(store: Store, person: Person, content: Content = SOUND, **how: object) -> str:
    at = NOW if how.get("queue") else None
    return await store.database.write(lambda c: blobs.put(c, person.id, content, at))


async def read(store: Store, blob_id: str) -> Content | None:
    return await store.database.read(lambda s: blobs.read(s, blob_id))


async def kept(store: Store, person: Person, agree: bool = True) -> tuple[str, str]:
    """A story with a recording; both ids."""
    blob_id = await put(store, person)
    parts = [{"kind": "voice", "text": "Fatima kwam.", "blob": blob_id}]
    story_id, _ = await store.story(person, parts=parts, text="Fatima kwam.")
    if agree:
        await store.database.write(lambda c: stories.record(c, story_id, consent("voice")))
    return story_id, blob_id


async def count(store: Store) -> tuple[int, int]:
    """How many there are, and how many pieces."""

    def rows(connection: Transaction) -> tuple[int, int]:
        return (
            len(connection.execute(BLOB.select()).all()),
            len(connection.execute(CHUNK.select()).all()),
        )

    return await store.database.write(rows)


async def test_a_recording_reads_back_from_its_pieces(store: Store) -> None:
    blob_id = await put(store, await store.person())
    assert await read(store, blob_id) == SOUND
    assert (await count(store))[1] == 3
    assert await read(store, "unknown") is None


async def test_a_missing_or_swapped_piece_is_noticed(store: Store) -> None:
    blob_id = await put(store, await store.person())
    last = CHUNK.c.number == 2
    await store.database.write(lambda c: c.execute(delete(CHUNK).where(last)))
    with pytest.raises(SealBroken):
        await read(store, blob_id)


async def test_an_empty_recording_is_one_too(store: Store) -> None:
    empty = Content("voice", "audio/ogg", b"")
    assert await read(store, await put(store, await store.person(), empty)) == empty


async def test_a_recording_of_a_kept_story_needs_a_consent_of_its_own(store: Store) -> None:
    alice = await store.person()
    story_id, blob_id = await kept(store, alice)
    story = await store.database.read(lambda s: stories.read(s, story_id))
    assert story is not None
    assert story.purposes == ("keep", "voice")
    assert await store.database.read(lambda s: blobs.of_person(s, alice.id)) == []
    past = await store.database.read(lambda s: consents.history(s, story_id))
    given = {(each.purpose, each.event) for each in past}  # in one second: in no order
    assert given == {("keep", "given"), ("voice", "given")}
    assert await read(store, blob_id) == SOUND


@pytest.mark.parametrize("answer", [None, "photo"])
async def test_the_database_itself_refuses_one_without(store: Store, answer: str | None) -> None:
    alice = await store.person()
    story_id, blob_id = await kept(store, alice, agree=False)

    def steal(connection: Transaction) -> None:
        given = {}
        if answer:
            consent_id = consents.append(connection, story_id, consent("photo"))
            given = {"consent_id": consent_id, "consent_purpose": "photo", "consent_answer": "yes"}
        connection.execute(
            update(BLOB)
            .where(BLOB.c.id == blob_id)
            .values(person_id=None, story_hash=store.vault.story_hash(story_id), **given)
        )

    with pytest.raises(DBAPIError):
        await store.database.write(steal)


async def test_a_no_later_takes_the_recording_and_leaves_the_words(store: Store) -> None:
    story_id, blob_id = await kept(store, await store.person())
    await store.database.write(
        lambda c: stories.record(c, story_id, consent("voice", "no"), erased=store.log)
    )
    story = await store.database.read(lambda s: stories.read(s, story_id))
    assert story is not None
    assert story.purposes == ("keep",)
    assert story.telling.parts == [{"kind": "voice", "text": "Fatima kwam.", "blob": ""}]
    assert await count(store) == (0, 0)
    assert store.log.read().has("blob", store.vault.blob_hash(blob_id))


async def test_withdrawing_a_story_takes_its_recordings(store: Store) -> None:
    story_id, _ = await kept(store, await store.person())
    await store.database.write(lambda c: withdrawals.withdraw(c, story_id, store.log, WEEK))
    assert await count(store) == (0, 0)


async def test_a_changed_story_keeps_only_what_it_still_names(store: Store) -> None:
    story_id, _ = await kept(store, await store.person())
    await store.database.write(
        lambda c: stories.keep(c, telling(), consent(), WEEK, None, story_id)
    )
    assert await count(store) == (0, 0)


async def test_what_a_moderator_takes_out_of_the_words_goes_from_the_sound_too(
    store: Store,
) -> None:
    story_id, _ = await kept(store, await store.person())
    await store.database.write(
        lambda c: moderation.take_out(c, story_id, [StorySpan("text", 0, 6)])
    )
    assert await count(store) == (0, 0)


async def test_erasing_a_person_takes_what_they_sent(store: Store) -> None:
    alice = await store.person()
    await put(store, alice)
    await kept(store, alice)
    await store.database.write(lambda c: people.erase(c, alice.id, store.log, WEEK))
    assert await count(store) == (0, 0)


async def test_only_ones_own_and_only_a_draft_is_dropped(store: Store) -> None:
    alice, bob = await store.person(), await store.person("4712")
    of_bob, draft = await put(store, bob), await put(store, alice)
    _, of_story = await kept(store, alice)
    ids = [of_bob, draft, of_story]
    gone = await store.database.write(lambda c: blobs.drop(c, alice.id, ids, store.log, WEEK))
    assert gone == 1
    assert await read(store, draft) is None
    assert await read(store, of_bob) == SOUND
    assert await read(store, of_story) == SOUND


async def test_an_old_draft_and_an_old_story_go_with_what_was_sent(store: Store) -> None:
    alice = await store.person()
    await put(store, alice)
    await kept(store, alice)
    await store.database.write(lambda c: states.save(c, alice.id, state(), NOW))
    much_later = NOW + timedelta(days=900)
    policy = retention.RetentionPolicy()
    await store.database.write(lambda c: retention.purge(c, much_later, policy))
    assert await count(store) == (0, 0)


async def test_the_bytes_are_nowhere_in_the_files_and_gone_after_dropping(
    sqlite_store: Store,
) -> None:
    store, alice = sqlite_store, await sqlite_store.person()
    noise = os.urandom(200_000)
    blob_id = await put(store, alice, Content("voice", "audio/ogg", b"OggS planted" + noise))
    assert found(store.folder, b"planted", noise[:16], noise[-16:]) == []

    def sealed(connection: Transaction) -> list[bytes]:
        return [row.sealed for row in connection.execute(CHUNK.select())]

    pieces = [
        part for each in await store.database.write(sealed) for part in (each[:16], each[-16:])
    ]
    assert len(found(store.folder, *pieces)) >= len(pieces)
    await store.database.write(lambda c: blobs.drop(c, alice.id, [blob_id], store.log, WEEK))
    await store.database.scrub()
    assert found(store.folder, *pieces) == []


async def test_no_restore_brings_back_what_was_erased(store: Store, tmp_path: Path) -> None:
    alice = await store.person()
    draft, (_, stays) = await put(store, alice), await kept(store, alice)
    story_id, _ = await kept(store, alice)
    await archive.backup(store.database, store.vault, store.log, store.folder / "backup")
    await store.database.write(lambda c: blobs.drop(c, alice.id, [draft], store.log, WEEK))
    await store.database.write(lambda c: withdrawals.withdraw(c, story_id, store.log, WEEK))
    target = await open_store(f"sqlite:///{tmp_path}/restored.db", store.folder)
    try:
        await restore.restore(store.folder / "backup", target.database, store.vault, store.log)
        assert await count(target) == (1, 3)
        assert await read(target, stays) == SOUND
    finally:
        target.close()


# -- the queue


async def claim(store: Store, now: object = NOW, until: object = LATER) -> TranscriptionJob | None:
    return await store.database.write(lambda c: blobs.claim(c, now, until))  # type: ignore[arg-type]


async def test_the_one_that_waits_longest_is_first_and_nobody_else_gets_it(store: Store) -> None:
    alice = await store.person()
    first = await put(store, alice, queue=True)
    await put(store, alice, PICTURE)
    work = await claim(store)
    assert work == TranscriptionJob(first, alice.id, 1)
    assert await claim(store) is None
    assert await store.database.read(blobs.queued) == 1
    assert await store.database.write(lambda c: blobs.settle(c, work))
    assert await store.database.read(blobs.queued) == 0


async def test_a_lost_worker_gives_way_and_comes_too_late(store: Store) -> None:
    await put(store, await store.person(), queue=True)
    lost = await claim(store)
    assert lost is not None
    taken = await claim(store, LATER + timedelta(seconds=1), LATER + timedelta(minutes=1))
    assert taken == TranscriptionJob(lost.id, lost.person_id, 2)
    assert not await store.database.write(lambda c: blobs.renew(c, lost, LATER))
    assert not await store.database.write(lambda c: blobs.settle(c, lost))


async def test_after_a_stop_what_was_begun_waits_again(store: Store) -> None:
    await put(store, await store.person(), queue=True)
    await claim(store)
    assert await store.database.write(blobs.recover) == 1
    again = await claim(store)
    assert again is not None
    assert again.attempts == 2


async def test_a_recording_that_went_meanwhile_is_not_settled(store: Store) -> None:
    alice = await store.person()
    blob_id = await put(store, alice, queue=True)
    work = await claim(store)
    assert work is not None
    await store.database.write(lambda c: blobs.drop(c, alice.id, [blob_id], store.log, WEEK))
    assert not await store.database.write(lambda c: blobs.settle(c, work))
