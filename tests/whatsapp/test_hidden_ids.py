"""An id of WhatsApp holds the number of the person: nothing that is stored does."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from storage.engine.transaction import Transaction
from storage.outbox.outbox import OUTBOX
from storage.people import states
from storage.whatsapp import deliveries, hidden_ids
from tests.end_to_end.scripts import BRIEF, tell
from tests.whatsapp import CloudApi
from tests.whatsapp.kit import WhatsAppHouse


def number_in(message_id: str) -> bool:
    return b"316" in base64.b64decode(message_id.removeprefix("wamid."))


async def test_no_id_that_tells_a_number_is_kept(
    house: WhatsAppHouse, api: CloudApi, tmp_path: Path
) -> None:
    alice = house.teller()
    await tell(alice, BRIEF)
    mine = await alice.phone.send("nog iets")
    await alice.phone.edit(mine, "nog iets anders")
    await alice.phone.revoke(mine)
    api.post("messages", {"id": api.new_id(alice.phone), "type": "unknown", "from": "31699"})
    await house.settle()
    assert all(number_in(each.id) for each in alice.phone.shown)
    assert number_in(mine)
    kept = await asyncio.to_thread(lambda: [f.read_bytes() for f in tmp_path.glob("vertelbot.db*")])
    assert len(kept) > 1  # with the journal
    for told in (b"wamid.", alice.phone.number.encode(), alice.phone.user.encode()):
        assert not any(told in each for each in kept), told


async def test_what_an_older_version_kept_is_hidden_and_known_as_before(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    alice, vault = house.teller(), house.app.services.vault
    await alice.say("hallo")
    old = [api.new_id(alice.phone) for _ in range(3)]
    now = house.clock.now()

    def as_before(connection: Transaction) -> int:
        states.accept(connection, "whatsapp", old[0], now)
        row: dict[str, Any] = {
            "queue": "x",
            "kind": "say",
            "lane": "reply",
            "state": "sent",
            "sealed": b"",
        }
        row |= {"due_at": now, "attempts": 0, "turn": 0, "ref": f"{old[1]},{old[2]}"}
        connection.execute(insert(OUTBOX).values(row))
        deliveries.note(connection, 10**6, 0, old[1], "sent", now)
        return hidden_ids.hide(connection)

    assert await house.app.database.write(as_before) == 3
    assert await house.app.database.write(hidden_ids.hide) == 0
    shown = len(alice.phone.shown)
    alice.phone.api.post(
        "messages",
        {"id": old[0], "type": "text", "text": {"body": "opnieuw"}, "from": alice.phone.number},
    )
    await house.settle()
    assert len(alice.phone.shown) == shown  # it was taken before
    refs = await house.app.database.read(
        lambda s: s.execute(text("SELECT ref FROM outbox WHERE queue = 'x'")).scalars().all()
    )
    assert list(refs) == [",".join(vault.message_hash(each) for each in old[1:])]
