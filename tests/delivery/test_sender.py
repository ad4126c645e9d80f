"""One row on its way: replies in the order in which they came, and what is marked when it stops."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from bot.channels.base import Accept, Outgoing
from bot.clock import Clock
from bot.delivery.pacer import Pacer
from bot.delivery.sender import RowSender
from bot.guides import GuideStore
from bot.operations.metrics import Metrics
from bot.services import Services
from bot.settings import Settings
from conversations.engine.effects import Say, Tick
from conversations.guide.loading import load_guides
from storage.outbox import outbox, queue
from storage.outbox.outbox import Lane, OutboxMessage
from storage.replicas.pace import Pace
from tests.storage.stores import NOW, Store, open_store


class Listed:
    """A channel that writes down to whom something was sent."""

    def __init__(self, name: str = "telegram") -> None:
        self.name = name
        self.sent: list[str] = []

    async def run(self, accept: Accept) -> None: ...

    async def send(self, outgoing: Outgoing) -> str:
        self.sent.append(outgoing.address)
        return "m"

    async def close(self) -> None: ...


async def delivered(store: Store, addresses: Sequence[str], ticked: str = "") -> list[str]:
    """In which order replies to these chats arrive that are asked for in this order; the one who
    `ticked` gets other ticks below a question, in place of a reply."""
    channel, effect = Listed(), Say("Dag")
    house = Services(store.vault, store.log, GuideStore(load_guides()), Settings())
    paces = {"telegram": Pacer(Pace(100), Pace(2))}
    delivery = RowSender(store.database, house, Clock(), {"telegram": channel}, paces, Metrics())

    async def reply(number: int, address: str) -> None:
        row = OutboxMessage(number, "p", "telegram", address, "nl", 0, "say", "reply", {}, 0)
        if address == ticked:
            tick = Outgoing(number, address, Tick(1, ()), "nl", effect, "7")
            assert await delivery.edit_wait(row, tick) == 0.0  # its chat is at rest
            sent = await delivery.edit(row, tick)
        else:
            sent = await delivery.reply(row, Outgoing(number, address, effect, "nl"))
        assert sent is not None
        await sent.kept

    async with asyncio.TaskGroup() as tasks:
        for number, address in enumerate(addresses, 1):
            tasks.create_task(reply(number, address))
            for _ in range(3):
                await asyncio.sleep(0)  # it stands in line
    return channel.sent


async def test_replies_go_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/vertelbot.db", tmp_path)
    people = [str(number) for number in range(40)]
    assert await delivered(store, people) == people
    store.close()


async def test_who_ticks_sees_it_before_the_replies_to_taps_that_came_later(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/vertelbot.db", tmp_path)
    people = [str(number) for number in range(40)]
    assert await delivered(store, people, ticked="20") == people
    store.close()


@pytest.mark.parametrize(("channel", "lane"), [("telegram", "prompt"), ("whatsapp", "reply")])
async def test_what_was_marked_but_not_called_when_it_stops_waits_again(
    tmp_path: Path, channel: str, lane: Lane
) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/vertelbot.db", tmp_path)
    house = Services(store.vault, store.log, GuideStore(load_guides()), Settings())
    listed = Listed(channel)
    delivery = RowSender(store.database, house, Clock(), {channel: listed}, {}, Metrics())
    alice = await store.person(channel=channel)
    effect = Say("Dag")
    put = partial(
        outbox.put,
        person_id=alice.id,
        effect={"text": "Dag"},
        turn=1,
        kind="say",
        lane=lane,
        due=NOW,
    )
    await store.database.write(put)
    look = partial(queue.due, now=Clock().now(), limit=9)
    [row] = await store.database.write(look)
    outgoing = Outgoing(row.id, row.address, effect, "nl")
    sending = delivery.broadcast if lane == "prompt" else delivery.reply
    begun = asyncio.ensure_future(sending(row, outgoing))
    await asyncio.sleep(0)  # the mark is asked for
    begun.cancel()
    await asyncio.wait([begun])
    assert listed.sent == []
    again = await store.database.write(partial(queue.due, now=Clock().now(), limit=9))
    assert [each.id for each in again] == [row.id]
    store.close()
