"""What a batch of people begins with is what each of them would have found alone."""

from __future__ import annotations

from datetime import timedelta

from storage.engine.transaction import Transaction
from storage.outbox import outbox, queue
from storage.people import states
from storage.people.prefetch import Prefetch
from tests.storage.people.test_states import state
from tests.storage.stores import NOW, Store


def ahead(connection: Transaction, store: Store, *addresses: str, alone: bool = True) -> Prefetch:
    wanted = [("telegram", address, f"u{address}") for address in addresses]
    return Prefetch(connection, wanted, NOW, alone=alone)


async def test_people_come_with_their_conversation_and_what_waits(store: Store) -> None:
    alice, bob = await store.person("1"), await store.person("2")

    def fill(connection: Transaction) -> None:
        states.save(connection, alice.id, state(turn=9), NOW)
        states.accept(connection, "telegram", "u1", NOW)
        for text in ("eerst", "daarna"):
            said = {"text": text}
            outbox.put(connection, bob.id, said, 1, "say", "reply", NOW)

    await store.database.write(fill)

    def look(connection: Transaction) -> None:
        read = ahead(connection, store, "1", "2", "3")
        first, second = read.take("telegram", "1"), read.take("telegram", "2")
        assert first is not None
        assert second is not None
        assert (first.person, first.state, first.waiting) == (alice, state(turn=9), None)
        assert (second.person, second.state) == (bob, None)
        assert second.waiting == outbox.waiting(connection, bob.id)
        assert second.waiting is not None
        assert second.waiting.effect == {"text": "daarna"}
        assert [read.seen("telegram", f"u{number}") for number in (1, 2)] == [True, False]
        assert read.take("telegram", "1") is None  # a turn changes it: the next one looks itself
        assert read.take("telegram", "3") is None

    await store.database.write(look)


async def test_what_is_forgotten_is_looked_up(store: Store) -> None:
    await store.person("1")

    def look(connection: Transaction) -> None:
        read = ahead(connection, store, "1")
        read.forget()
        assert read.take("telegram", "1") is None

    await store.database.write(look)


async def test_among_several_processes_it_knows_what_went_lately(store: Store) -> None:
    alice = await store.person("1")
    moments = [NOW - timedelta(minutes=1), NOW - timedelta(seconds=2), NOW + timedelta(hours=1)]

    def fill(connection: Transaction) -> None:
        for moment in moments:
            row_id = outbox.put(connection, alice.id, {}, 1, "say", "reply", NOW)
            queue.mark_sent(connection, row_id, "m", moment, tried=0)

    await store.database.write(fill)

    def look(connection: Transaction) -> None:
        for alone, lately in ((True, []), (False, [2.0])):
            known = ahead(connection, store, "1", alone=alone).take("telegram", "1")
            assert known is not None
            assert list(known.lately) == lately

    await store.database.write(look)


async def test_ids_rise_and_are_taken_once(store: Store) -> None:
    alice = await store.person("1")

    def put(connection: Transaction) -> list[int]:
        known = ahead(connection, store, "1").take("telegram", "1")
        assert known is not None
        return [
            outbox.put(
                connection,
                alice.id,
                {"text": str(number)},
                1,
                "say",
                "reply",
                NOW,
                place=outbox.Slot(known.new_id()),
            )
            for number in range(40)
        ]

    ids = [*await store.database.write(put), *await store.database.write(put)]
    assert ids == sorted(set(ids))
    rows = await store.database.read(lambda s: outbox.log(s, alice.id))
    assert [row.id for row in rows] == ids
