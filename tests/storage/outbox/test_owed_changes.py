"""Changes that messages owe: one of each message, the newest, until it is made."""

from __future__ import annotations

from datetime import timedelta

from storage.engine.transaction import Transaction
from storage.outbox import leases, open_question, outbox, owed_changes, queue
from storage.outbox.outbox import ANYWHERE, OUTBOX, Slot
from storage.outbox.owed_changes import OwedChange
from storage.outbox.sent_marks import SentMark, SentMarks
from storage.people import people
from storage.people.people import Person
from tests.storage.stores import NOW, Store

MINUTE = timedelta(minutes=1)
GOES: dict[str, object] = {"turn": 5}
CHOSEN: dict[str, object] = {"turn": 5, "chosen": "Ja"}


async def asked(store: Store, person: Person, *, sent: bool = True, turn: int = 5) -> int:
    """A question with buttons."""
    effect = {"text": "Doe je mee?", "buttons": [{"id": "yes", "label": "Ja"}]}

    def ask(connection: Transaction) -> int:
        row_id = outbox.put(connection, person.id, effect, turn, "say", "reply", NOW, stands=True)
        if sent:
            queue.mark_sent(connection, row_id, f"m{row_id}", NOW, tried=0)
        return row_id

    return await store.database.write(ask)


async def owe(
    store: Store, person: Person, change: dict[str, object], place: Slot = ANYWHERE
) -> None:
    """All messages that stand are to become this."""

    def put(connection: Transaction) -> None:
        for messages in open_question.standing(connection, [person.id])[person.id].values():
            for each in messages:
                owed_changes.owe(connection, each.said, change, NOW, place)

    await store.database.write(put)


async def due(store: Store, owner: str = "", at: timedelta = timedelta(0)) -> list[OwedChange]:
    return list(
        await store.database.write(
            lambda c: owed_changes.due(c, NOW + at, 10, "telegram", owner=owner)
        )
    )


async def test_a_change_waits_until_it_is_made_and_goes_with_what_was_said(store: Store) -> None:
    alice = await store.person()
    row_id = await asked(store, alice)
    await owe(store, alice, GOES)
    [change] = await due(store)
    assert (change.row.id, change.row.kind, change.row.effect) == (row_id, "mark", GOES)
    assert (change.said["text"], change.ref) == ("Doe je mee?", f"m{row_id}")
    mark = SentMark(row_id, alice.id, "", 0, "", NOW, owed=change.row.owed)
    await SentMarks(store.database).add(mark)
    assert await due(store) == []
    assert await store.database.read(lambda s: queue.due_lanes(s, NOW)) == []


async def test_a_message_stands_until_it_owes_a_change_or_needs_none(store: Store) -> None:
    alice = await store.person()
    first, second = await asked(store, alice), await asked(store, alice, turn=6)
    standing = await store.database.read(lambda s: open_question.standing(s, [alice.id]))
    assert {turn: [each.said.id for each in its] for turn, its in standing[alice.id].items()} == {
        5: [first],
        6: [second],
    }
    await store.database.write(lambda c: owed_changes.over(c, second))
    await owe(store, alice, GOES)
    assert await store.database.read(lambda s: open_question.standing(s, [alice.id])) == {
        alice.id: {}
    }


async def test_a_change_of_a_message_that_waits_is_due_once_that_is_there(store: Store) -> None:
    alice = await store.person()
    row_id = await asked(store, alice, sent=False)
    await owe(store, alice, GOES)
    assert await due(store) == []
    await store.database.write(lambda c: queue.mark_sent(c, row_id, "m9", NOW, tried=0))
    assert [change.ref for change in await due(store)] == ["m9"]


async def test_a_newer_change_is_not_taken_for_made_when_the_one_before_it_was(
    store: Store,
) -> None:
    alice = await store.person()
    row_id = await asked(store, alice)
    await owe(store, alice, GOES)
    [before] = await due(store)
    stands = OUTBOX.update().where(OUTBOX.c.id == row_id).values(stands=True)
    await store.database.write(lambda c: c.execute(stands))
    await owe(store, alice, CHOSEN)
    await store.database.write(lambda c: owed_changes.made(c, row_id, before.row.owed))
    await store.database.write(
        lambda c: owed_changes.later(c, row_id, before.row.owed, NOW + MINUTE, 1)
    )
    assert [change.row.effect for change in await due(store)] == [CHOSEN]


async def test_a_change_that_was_not_made_is_tried_again_later(store: Store) -> None:
    alice = await store.person()
    row_id = await asked(store, alice)
    await owe(store, alice, GOES)
    [change] = await due(store)
    await store.database.write(
        lambda c: owed_changes.later(c, row_id, change.row.owed, NOW + MINUTE, 1)
    )
    assert await due(store) == []
    assert [each.row.attempts for each in await due(store, at=MINUTE)] == [1]


async def test_a_change_in_the_hands_of_one_process_is_free_when_that_is_gone(
    store: Store,
) -> None:
    alice = await store.person()
    await asked(store, alice)
    await owe(store, alice, GOES, Slot(0, "one", NOW + MINUTE))
    assert [len(await due(store, owner)) for owner in ("one", "two")] == [1, 0]
    assert len(await due(store, "two", at=MINUTE)) == 1
    assert await store.database.write(lambda c: leases.release(c, ["one"], NOW)) == 1
    assert len(await due(store, "two")) == 1


async def test_of_who_cannot_be_reached_nothing_is_owed(store: Store) -> None:
    alice = await store.person()
    await asked(store, alice)
    await owe(store, alice, GOES)
    await store.database.write(lambda c: queue.gone(c, alice.id))
    assert await due(store) == []


async def test_a_change_that_does_not_open_is_not_made(store: Store) -> None:
    alice = await store.person()
    row_id = await asked(store, alice)
    await owe(store, alice, GOES)
    broken = OUTBOX.update().where(OUTBOX.c.id == row_id).values(owed=b"broken")
    await store.database.write(lambda c: c.execute(broken))
    assert await due(store) == []
    assert await store.database.read(lambda s: queue.due_lanes(s, NOW)) == []


async def test_a_change_goes_with_its_person(store: Store) -> None:
    alice = await store.person()
    await asked(store, alice)
    await owe(store, alice, GOES)
    erased = people.PERSON.delete().where(people.PERSON.c.id == alice.id)
    await store.database.write(lambda c: c.execute(erased))
    assert await due(store) == []


async def test_what_was_sent_just_now_by_another_process_may_be_changed_and_what_is_over_not(
    store: Store,
) -> None:
    alice = await store.person()

    async def stands(message: str) -> bool:
        return await store.database.read(
            lambda reads: open_question.stands(reads, alice.id, 5, message)
        )

    old = await asked(store, alice)
    await store.database.write(lambda c: owed_changes.over(c, old))
    assert not await stands(f"m{old}")
    new = await asked(store, alice, sent=False)
    assert await stands(f"m{new}")  # the mark that it went is not kept yet
    assert not await stands(f"m{old}")
    await store.database.write(lambda c: queue.mark_sent(c, new, f"m{new}", NOW, tried=0))
    assert [await stands(message) for message in (f"m{new}", f"m{old}", "a copy", "")] == [
        True, False, True, True
    ]  # fmt: skip
    await store.database.write(lambda c: owed_changes.over(c, new))
    assert [await stands(message) for message in (f"m{new}", "a copy", "")] == [False] * 3
