"""People are found by address, remembered sealed, and erased whole."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from storage.engine.transaction import Transaction
from storage.outbox import outbox
from storage.people import people, states
from storage.people.memory import Memory
from storage.people.people import Person
from storage.stories import stories
from storage.vault.vault import SealBroken
from tests.storage.people.test_states import state
from tests.storage.stores import NOW, WEEK, Store


async def known(store: Store, person: Person) -> Person | None:
    return await store.database.read(lambda s: people.by_id(s, person.id))


async def test_the_same_address_is_the_same_person(store: Store) -> None:
    alice = await store.person("1")
    assert (await store.person("1")).id == alice.id
    assert (await store.person("2")).id != alice.id
    assert (await store.person("1", "web")).id != alice.id


async def test_a_person_keeps_language_stories_and_preferences(store: Store) -> None:
    alice = await store.person()
    changed = replace(alice, language="tr", stories=("a", "b"), memory=Memory(form="u"))
    await store.database.write(lambda c: people.save(c, changed))
    assert await known(store, alice) == changed
    found = await store.database.read(lambda s: people.find(s, "telegram", alice.address))
    assert found == changed


async def test_the_week_a_person_was_last_seen_moves_on(store: Store) -> None:
    alice = await store.person()
    later = await store.database.write(
        lambda c: people.find_or_make(c, "telegram", alice.address, "nl", "2026-W50")
    )
    assert later.seen_week == "2026-W50"
    assert await known(store, alice) == later


async def test_someone_who_blocks_is_marked_and_welcome_back(store: Store) -> None:
    alice = await store.person()
    await store.database.write(lambda c: people.block(c, alice.id))
    person = await known(store, alice)
    assert person is not None
    assert person.blocked
    await store.database.write(lambda c: people.save(c, replace(person, blocked=False)))
    assert await known(store, alice) == alice


async def test_what_was_sealed_for_one_person_does_not_open_for_another(store: Store) -> None:
    alice, bob = await store.person("1"), await store.person("2")

    def swap(connection: Transaction) -> None:
        sealed = connection.scalar(
            select(people.PERSON.c.sealed).where(people.PERSON.c.id == alice.id)
        )
        people._set(connection, bob.id, sealed=sealed)

    await store.database.write(swap)
    with pytest.raises(SealBroken):
        await known(store, bob)


async def test_an_erased_person_leaves_only_the_ids_of_updates(store: Store) -> None:
    alice, bob = await store.person("1"), await store.person("2")
    story, _ = await store.story(alice)
    other, _ = await store.story(bob)

    def live(connection: Transaction) -> None:
        for person in (alice, bob):
            outbox.put(connection, person.id, {"text": "?"}, 1, "say", "reply", NOW)
            states.save(connection, person.id, state(), NOW)
            states.set_timer(connection, person.id, "remind", 1, NOW)
            states.hold(connection, "telegram", person.address, {}, NOW, person_id=person.id)

    await store.database.write(live)
    gone = await store.database.write(lambda c: people.erase(c, alice.id, store.log, WEEK))
    assert gone == 1
    assert await known(store, alice) is None
    read = store.database.read
    assert await read(lambda s: stories.read(s, story)) is None
    assert await read(lambda s: states.load(s, alice.id)) is None
    assert await read(lambda s: outbox.log(s, alice.id)) == []
    assert [held.external_id for held in await read(states.held)] == ["2"]
    assert not await store.database.write(lambda c: states.accept(c, "telegram", "1", NOW))
    assert await known(store, bob) is not None
    assert await read(lambda s: stories.read(s, other)) is not None
    timers = await store.database.write(lambda c: states.take_due_timers(c, NOW))
    assert [timer.person_id for timer in timers] == [bob.id]
