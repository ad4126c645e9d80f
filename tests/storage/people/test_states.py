"""Turns: an update counts once, a conversation goes on where it was, timers go off once."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from conversations.engine.state import Answer, Part, State
from storage.engine.transaction import Transaction
from storage.people import states
from tests.storage.stores import NOW, Store, next_timer


def state(**changes: Any) -> State:
    return State(
        "resident",
        "f00d",
        "nl",
        "feeling",
        turn=3,
        path=("door",),
        answers={"door": Answer(("worked",)), "need": Answer(text="rust")},
        draft=(Part("text", "Het begon met een sleutel", "m1"),),
    ).but(**changes)


async def test_an_update_is_taken_once(store: Store) -> None:
    write = store.database.write
    assert await write(lambda c: states.accept(c, "telegram", "1", NOW))
    assert not await write(lambda c: states.accept(c, "telegram", "1", NOW))
    assert await write(lambda c: states.accept(c, "web", "1", NOW))


async def test_a_held_update_comes_back_until_it_is_done(store: Store) -> None:
    write = store.database.write
    await write(lambda c: states.hold(c, "telegram", "7", {"text": "hoi"}, NOW))
    [first] = await write(states.held)
    assert await write(lambda c: states.tried(c, first)) == 2
    assert not await write(lambda c: states.accept(c, "telegram", "7", NOW))
    held = await write(states.held)
    assert [(h.external_id, h.payload(), h.attempts) for h in held] == [("7", {"text": "hoi"}, 2)]
    await write(lambda c: states.done(c, held[0].id))
    assert await write(states.held) == []
    assert not await write(lambda c: states.accept(c, "telegram", "7", NOW))


async def test_a_held_update_that_is_given_up_keeps_no_words(store: Store) -> None:
    write = store.database.write
    await write(lambda c: states.hold(c, "telegram", "7", {"text": "hoi"}, NOW))
    [held] = await write(states.held)
    await write(lambda c: states.give_up(c, held.id))
    row = await write(lambda c: c.execute(states.INBOX.select()).one())
    assert (row.state, row.sealed, row.person_id) == ("failed", None, None)


async def test_a_conversation_goes_on_where_it_was(store: Store) -> None:
    alice = await store.person()
    assert await store.database.read(lambda s: states.load(s, alice.id)) is None
    for turn in (3, 4):
        await store.database.write(
            partial(states.save, person_id=alice.id, state=state(turn=turn), now=NOW)
        )
    assert await store.database.read(lambda s: states.load(s, alice.id)) == state(turn=4)
    await store.database.write(lambda c: states.drop(c, alice.id))
    assert await store.database.read(lambda s: states.load(s, alice.id)) is None


@pytest.mark.parametrize(
    "wrong", [{"guide": None}, {"turn": "3"}, {"mode": "x"}, {"draft": [{}]}, {"path": "door"}]
)
def test_what_is_no_state_is_refused(wrong: dict[str, Any]) -> None:
    data = {**json.loads(state().to_json()), **wrong}
    with pytest.raises(ValueError, match=next(iter(wrong))):
        State.from_json(json.dumps({k: v for k, v in data.items() if v is not None}))


async def test_a_timer_goes_off_once_and_a_later_one_replaces_it(store: Store) -> None:
    alice, write = await store.person(), store.database.write
    await write(lambda c: states.set_timer(c, alice.id, "remind", 1, NOW))
    await write(lambda c: states.set_timer(c, alice.id, "remind", 2, NOW + timedelta(days=2)))
    await write(lambda c: states.set_timer(c, alice.id, "forget", 2, NOW + timedelta(days=7)))
    assert await write(lambda c: states.take_due_timers(c, NOW)) == []
    assert await store.database.read(next_timer) == NOW + timedelta(days=2)
    went = await write(lambda c: states.take_due_timers(c, NOW + timedelta(days=3)))
    assert [(timer.kind, timer.turn) for timer in went] == [("remind", 2)]
    await write(lambda c: states.clear_timers(c, alice.id, "remind"))
    assert await store.database.read(next_timer) == NOW + timedelta(days=7)
    await write(lambda c: states.clear_timers(c, alice.id))
    assert await store.database.read(next_timer) is None


async def test_a_turn_that_fails_gives_its_timer_back(store: Store) -> None:
    alice, write = await store.person(), store.database.write
    await write(lambda c: states.set_timer(c, alice.id, "remind", 1, NOW))

    def fails(connection: Transaction) -> None:
        assert states.take_due_timers(connection, NOW)
        raise LookupError

    with pytest.raises(LookupError):
        await write(fails)
    assert len(await write(lambda c: states.take_due_timers(c, NOW))) == 1


async def test_what_was_just_sealed_need_not_be_opened_and_is_forgotten_on_demand(
    store: Store,
) -> None:
    alice, vault = await store.person(), store.vault
    told = state(turn=5)
    await store.database.write(lambda c: states.save(c, alice.id, told, NOW))
    assert await store.database.read(lambda s: states.load(s, alice.id)) is told
    vault.lately.forget()
    opened = await store.database.read(lambda s: states.load(s, alice.id))
    assert opened == told
    assert opened is not told
    await store.database.write(lambda c: states.save(c, alice.id, state(turn=6), NOW))
    await store.database.write(lambda c: states.save(c, alice.id, state(turn=7), NOW))
    assert await store.database.read(lambda s: states.load(s, alice.id)) == state(turn=7)
