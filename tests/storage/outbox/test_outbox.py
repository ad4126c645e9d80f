"""The outbox: in the order of each person, replies first, and settled one way or another."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest

from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.outbox import leases, outbox, queue, state_counts, uncertain_rows
from storage.outbox.outbox import Lane, OutboxMessage
from storage.people import people
from tests.storage.outbox.kit import put
from tests.storage.stores import NOW, Store

MINUTE = timedelta(minutes=1)


async def due(store: Store, at: timedelta = timedelta(0), limit: int = 100) -> list[str]:
    return [row.effect["text"] for row in await rows(store, at, limit)]


async def rows(store: Store, at: timedelta = timedelta(0), limit: int = 100) -> list[OutboxMessage]:
    return await store.database.write(lambda c: queue.due(c, NOW + at, limit))


async def claim(store: Store, owner: str, at: timedelta = timedelta(0)) -> Sequence[OutboxMessage]:
    return await store.database.write(
        lambda c: leases.claim(c, queue.due(c, NOW + at, 10), owner, NOW + at + MINUTE)
    )


async def test_a_row_says_everything_that_delivering_needs(store: Store) -> None:
    alice = await store.person()
    row_id = await put(store, alice.id, "Dag", turn=4)
    [row] = await rows(store)
    assert row == OutboxMessage(
        row_id, alice.id, "telegram", alice.address, "nl", 4, "say", "reply", {"text": "Dag"}, 0
    )


async def test_a_person_gets_messages_in_order_one_at_a_time(store: Store) -> None:
    alice, bob = await store.person("1"), await store.person("2")
    first = await put(store, alice.id, "a1")
    await put(store, alice.id, "a2")
    await put(store, bob.id, "b1")
    assert await due(store) == ["a1", "b1"]
    await store.database.write(lambda c: queue.mark_sent(c, first, "ref", NOW, tried=0))
    assert await due(store) == ["a2", "b1"]


async def test_a_message_that_is_tried_again_holds_up_only_its_own_person(store: Store) -> None:
    alice, bob = await store.person("1"), await store.person("2")
    first = await put(store, alice.id, "a1")
    await put(store, alice.id, "a2")
    await put(store, bob.id, "b1")
    await store.database.write(lambda c: queue.later(c, first, NOW + MINUTE, 1))
    assert await due(store) == ["b1"]
    assert await due(store, MINUTE) == ["b1", "a1"]
    assert [row.attempts for row in await rows(store, MINUTE)] == [0, 1]


async def test_what_is_being_sent_is_not_given_out_again(store: Store) -> None:
    alice = await store.person()
    await put(store, alice.id, "a1")
    await put(store, alice.id, "a2")
    claimed = await claim(store, "a")
    assert [row.effect["text"] for row in claimed] == ["a1"]
    assert await due(store) == []


async def test_a_claim_holds_until_its_lease_is_over_and_then_for_the_next(store: Store) -> None:
    alice = await store.person()
    await put(store, alice.id, "a1")
    [first] = await claim(store, "a")
    assert await claim(store, "b", MINUTE / 2) == []
    [second] = await claim(store, "b", MINUTE)
    assert first.id == second.id
    assert await store.database.write(lambda c: leases.held(c, first)) == "not any more"
    assert await store.database.write(lambda c: leases.held(c, second)) == "still"


@pytest.mark.parametrize(
    ("lane", "begun", "after"),
    [
        ("reply", False, "pending"),
        ("prompt", False, "pending"),
        ("reply", True, "pending"),
        ("prompt", True, "uncertain"),
    ],
)
async def test_what_a_lost_process_had_in_hand_is_free_unless_it_may_have_been_sent(
    store: Store, lane: Lane, begun: bool, after: str
) -> None:
    alice, write = await store.person(), store.database.write
    await put(store, alice.id, "x", lane=lane)
    [row] = await claim(store, "a")
    if begun:
        assert await write(lambda c: queue.begin(c, row.id, NOW + MINUTE))
    assert await store.database.read(leases.owners) == {"a"}
    assert await write(lambda c: leases.release(c, ["b"], NOW)) == 0
    assert await write(lambda c: leases.release(c, ["a"], NOW)) == 1
    await write(lambda c: uncertain_rows.recover_lost(c, NOW))
    assert await store.database.read(state_counts.by_state) == {after: 1}
    assert await store.database.read(leases.owners) == set()
    assert await due(store) == (["x"] if after == "pending" else [])


async def test_replies_go_before_broadcasts_and_do_not_wait_for_them(store: Store) -> None:
    alice, bob = await store.person("1"), await store.person("2")
    await put(store, alice.id, "digest", lane="digest", due_in=-2 * MINUTE)
    await put(store, alice.id, "prompt", lane="prompt", due_in=-MINUTE)
    await put(store, alice.id, "reply")
    await put(store, bob.id, "reply too")
    assert await due(store) == ["reply", "reply too", "prompt", "digest"]
    assert await due(store, limit=2) == ["reply", "reply too"]


async def test_nothing_goes_out_before_its_time(store: Store) -> None:
    alice = await store.person()
    await put(store, alice.id, "later", lane="prompt", due_in=MINUTE)
    assert await due(store) == []
    next_due = await store.database.read(lambda s: queue.next_due(s, "prompt"))
    assert next_due == NOW + MINUTE
    assert await due(store, MINUTE) == ["later"]


@pytest.mark.parametrize("settle", [queue.mark_failed, uncertain_rows.mark_uncertain])
async def test_what_cannot_be_delivered_lets_the_next_go(store: Store, settle: object) -> None:
    alice = await store.person()
    first = await put(store, alice.id, "a1")
    await put(store, alice.id, "a2")
    assert callable(settle)
    await store.database.write(lambda c: settle(c, first))
    assert await due(store) == ["a2"]


async def test_who_cannot_be_reached_is_sent_nothing_more(store: Store) -> None:
    alice, bob = await store.person("1"), await store.person("2")
    for person in (alice, alice, bob):
        await put(store, person.id, person.address)
    assert await store.database.write(lambda c: queue.gone(c, alice.id)) == 2
    assert await due(store) == ["2"]
    assert await store.database.read(state_counts.by_state) == {"gone": 2, "pending": 1}


@pytest.mark.parametrize(
    ("lane", "after"), [("reply", "pending"), ("prompt", "uncertain"), ("digest", "uncertain")]
)
async def test_after_a_crash_replies_go_again_and_broadcasts_are_uncertain(
    store: Store, lane: Lane, after: str
) -> None:
    alice, write = await store.person(), store.database.write
    row_id = await put(store, alice.id, "x", lane=lane)
    assert await write(lambda c: queue.begin(c, row_id, NOW + MINUTE))
    assert await write(lambda c: uncertain_rows.recover_lost(c, NOW)) == 0
    assert await write(lambda c: uncertain_rows.recover_lost(c, NOW + MINUTE)) == 1
    assert await store.database.read(state_counts.by_state) == {after: 1}
    other = await put(store, alice.id, "y", lane=lane)
    assert await write(lambda c: queue.begin(c, other, NOW + MINUTE))
    assert await write(lambda c: uncertain_rows.recover_lost(c, None)) == 1


async def test_a_clock_that_is_put_back_holds_up_nothing_that_is_to_be_tried_again(
    store: Store,
) -> None:
    alice, write = await store.person(), store.database.write
    tried, waits = await put(store, alice.id, "a", lane="digest"), timedelta(hours=26)
    await put(store, alice.id, "b", lane="digest", due_in=waits)  # it has its own time
    await write(lambda c: queue.later(c, tried, NOW + MINUTE, 1))
    assert await write(lambda c: queue.put_forward(c, NOW)) == 0
    await write(lambda c: queue.later(c, tried, NOW + waits, 1))
    assert await write(lambda c: queue.put_forward(c, NOW)) == 1
    assert await due(store) == ["a"]


async def test_a_page_reads_the_conversation_from_where_it_was(store: Store) -> None:
    alice, bob = await store.person("1"), await store.person("2")
    ids = [await put(store, alice.id, text) for text in ("a", "b", "c")]
    await put(store, bob.id, "not hers")

    async def log(after: int) -> Sequence[str]:
        rows = await store.database.read(lambda s: outbox.log(s, alice.id, after))
        return [row.effect["text"] for row in rows]

    assert await log(0) == ["a", "b", "c"]
    assert await log(ids[1]) == ["c"]
    assert await store.database.write(lambda c: outbox.forget(c, alice.id)) == 3
    assert await log(0) == []
    assert await put(store, alice.id, "d") > ids[-1]


async def test_a_row_without_a_person_goes_in_order_and_leaves_nothing(store: Store) -> None:
    first = await put(store, None, "Dag groep")
    second = await put(store, None, "Ik ga weer")
    [row] = await rows(store)
    assert (row.channel, row.address, row.effect) == ("telegram", "-100", {"text": "Dag groep"})
    await store.database.write(lambda c: queue.mark_sent(c, first, "m1", NOW, kept=False, tried=0))
    assert await due(store) == ["Ik ga weer"]
    await store.database.write(lambda c: queue.mark_failed(c, second))
    assert await store.database.read(state_counts.by_state) == {}


async def test_a_row_goes_to_a_person_or_to_an_address(store: Store) -> None:
    with pytest.raises(ValueError, match="person or to an address"):
        await store.database.write(lambda c: outbox.put(c, None, {}, 0, "say", "reply", NOW))


async def test_two_processes_never_claim_the_same_row(postgres_store: Store) -> None:
    store = postgres_store
    for number in range(10):
        person = await store.person(str(number))
        await put(store, person.id, person.address)
    other = Database(store.url)
    other.start()
    other.vault = store.vault
    taking, taken = threading.Event(), threading.Event()

    def claim_slowly(connection: Transaction) -> list[int]:
        rows = leases.claim(connection, queue.due(connection, NOW, 5), "a", NOW + MINUTE)
        taking.set()
        taken.wait(5)
        return [row.id for row in rows]

    slow = store.database.write(claim_slowly)
    await asyncio.to_thread(taking.wait, 5)
    rest = await other.write(lambda c: leases.claim(c, queue.due(c, NOW, 10), "b", NOW + MINUTE))
    taken.set()
    first = await slow
    other.close()
    assert len(first) == len(rest) == 5
    assert not set(first) & {row.id for row in rest}


async def test_what_is_put_in_hand_is_for_its_owner_until_that_one_is_gone(store: Store) -> None:
    alice = await store.person()
    place = outbox.Slot(owner="7", until=NOW + MINUTE)

    def put_in_hand(connection: Transaction) -> None:
        said = {"text": "Dag"}
        outbox.put(connection, alice.id, said, 1, "say", "reply", NOW, place=place)

    async def found(owner: str) -> int:
        write = store.database.write
        return len(await write(lambda c: queue.due(c, NOW, 10, owner=owner)))

    await store.database.write(put_in_hand)
    assert [await found("8"), await found("7")] == [0, 1]
    assert await store.database.write(lambda c: leases.release(c, ["7"], NOW)) == 1
    assert await found("8") == 1


async def test_only_its_owner_says_that_a_row_was_sent(store: Store) -> None:
    alice = await store.person()
    row_id = await put(store, alice.id, "Dag")
    write = store.database.write
    await write(lambda c: queue.mark_sent(c, row_id, "m", NOW, owner="7", tried=0))
    assert await due(store) == ["Dag"]
    await write(lambda c: queue.mark_sent(c, row_id, "m", NOW, tried=0))
    assert await due(store) == []


async def test_a_row_for_someone_in_whose_turn_another_process_is_comes_after_that_turn(
    postgres_store: Store,
) -> None:
    store, other = postgres_store, Database(postgres_store.url)
    other.start()
    other.vault = store.vault
    alice, locked, go = await store.person(), asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def turn(connection: Transaction) -> int:
        people.at(connection, alice.channel, [alice.address])
        loop.call_soon_threadsafe(locked.set)
        go.wait(5)
        return outbox.put(connection, alice.id, {}, 1, "say", "reply", NOW)

    def from_outside(connection: Transaction) -> int:
        people.locked(connection, [alice.id], wait=True)
        return outbox.put(connection, alice.id, {}, 0, "say", "reply", NOW)

    first = store.database.write(turn)
    await locked.wait()
    second = other.write(from_outside)
    await asyncio.sleep(0.2)
    go.set()
    assert await first < await second
    other.close()


async def test_how_long_something_waits_counts_the_tries_that_came_to_nothing(
    store: Store,
) -> None:
    alice, write = await store.person(), store.database.write
    row_id = await put(store, alice.id, "x")
    assert await store.database.read(lambda s: queue.tried_most(s, "reply")) is None
    await write(lambda c: queue.later(c, row_id, NOW + MINUTE, 4))
    tried = await store.database.read(lambda s: queue.tried_most(s, "reply"))
    assert tried == (NOW + MINUTE, 4)
    assert [queue.pause(number) for number in (0, 1, 5, 12)] == [0.5, 1.0, 16.0, 300.0]
