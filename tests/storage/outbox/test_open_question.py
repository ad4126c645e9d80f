"""The question that stands: the message that carries it, and the buttons that it shows."""

from __future__ import annotations

from storage.outbox import outbox, queue
from tests.storage.outbox.kit import put
from tests.storage.stores import NOW, Store


async def test_the_question_of_a_turn_is_found_with_the_message_that_carried_it(
    store: Store,
) -> None:
    alice = await store.person()
    row_id = await put(store, alice.id, "Hoe voelde dat?", turn=5)
    read = store.database.read
    assert await read(lambda s: outbox.asked(s, alice.id, 5)) == (
        {"text": "Hoe voelde dat?"}, ""
    )  # fmt: skip
    await store.database.write(lambda c: queue.mark_sent(c, row_id, "m99", NOW, tried=0))
    found = await read(lambda s: outbox.asked(s, alice.id, 5))
    assert found == ({"text": "Hoe voelde dat?"}, "m99")
    assert await read(lambda s: outbox.asked(s, alice.id, 6)) is None
