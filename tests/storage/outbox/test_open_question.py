"""The question that stands: the message that carries it, and the buttons that it shows."""

from __future__ import annotations

from functools import partial
from random import Random
from types import SimpleNamespace

from storage.outbox import open_question, outbox, queue
from storage.vault.vault import Keys, Vault
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


async def test_what_is_read_ahead_of_questions_is_what_looking_them_up_finds(store: Store) -> None:
    alice, bob, carol = [await store.person() for _ in range(3)]
    for number, person in enumerate((alice, bob, alice, bob, alice)):
        await put(store, person.id, f"Vraag {number}", turn=4 + number % 3)
    asked = {alice.id: {4, 6}, bob.id: {5}, carol.id: {4}}
    read = store.database.read
    ahead = await read(lambda s: open_question.questions(s, asked))
    for who, turns in asked.items():
        for turn in range(4, 9):
            known = ahead[who].get(turn)
            found = await read(partial(open_question.rows_of, person_id=who, turn=turn))
            assert known == (found if turn in turns else None)


def test_what_buttons_show_is_known_without_opening_messages_whose_buttons_are_gone() -> None:
    """As opening everything would tell, whatever was said, ticked and taken away in which order."""
    chance, vault = Random(8), Vault(Keys.fresh())
    for _ in range(400):
        rows: list[SimpleNamespace] = []
        shows: dict[str, set[str]] = {}
        newest = ""
        for number in range(chance.randrange(1, 9)):
            kind = chance.choice(["say", "say", "mark", "tick"])
            state = chance.choice(["sent", "sent", "pending"])
            ids = set() if kind == "mark" else {chance.choice("ab")}
            if kind == "say":
                newest = f"m{number}" if state == "sent" else ""
                message = newest
            else:
                message = chance.choice([each for each in shows if each] or ["m0"])
            shows[message] = ids
            effect = {"ref": message, "buttons": [{"id": each} for each in ids]}
            sealed = vault.seal_json(outbox.row_name("q", 7, kind), {"effect": effect})
            ref = message if state == "sent" else ""
            row = {"kind": kind, "sealed": sealed, "ref": ref, "state": state}
            rows.append(SimpleNamespace(queue="q", turn=7, **row))
        found = open_question.shown_buttons(vault, rows)
        assert list(found.items()) == list(shows.items())


def test_a_long_story_opens_only_the_message_whose_buttons_are_there() -> None:
    """Each part is asked for more below, and takes the buttons from the question before."""
    vault = Vault(Keys.fresh())
    last = vault.seal_json(outbox.row_name("q", 7, "say"), {"effect": {"buttons": [{"id": "z"}]}})
    rows = [
        SimpleNamespace(queue="q", turn=7, kind=kind, sealed=b"?", ref=f"m{number}", state="sent")
        for number in range(50)
        for kind in ("say", "mark")
    ]
    rows.append(
        SimpleNamespace(queue="q", turn=7, kind="say", sealed=last, ref="m50", state="sent")
    )
    found = open_question.shown_buttons(vault, rows)
    assert {message for message, buttons in found.items() if buttons} == {"m50"}
    assert len(found) == 51
