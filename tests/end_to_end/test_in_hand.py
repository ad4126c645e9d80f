"""What is in hand, held or silenced keeps nothing else waiting."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import bot.delivery.dispatcher
from bot.channels.base import Account, Arrival, Outgoing
from bot.codec import arrival_to_json, effect_to_json
from bot.wiring.pacers import pacer_of
from conversations.engine.effects import Say
from conversations.engine.events import Said
from storage.engine.transaction import Transaction
from storage.outbox import outbox
from storage.outbox.outbox import Lane, OutboxMessage
from storage.people import people, states
from storage.weeks import week_of
from tests.botapi import BotApi
from tests.end_to_end.kit import House, Phone, running


async def test_an_update_that_cannot_be_read_holds_up_no_other(house: House, alice: Phone) -> None:
    await alice.say("/start")
    now = house.clock.now()
    good = arrival_to_json(Arrival("telegram", "8", f"{alice.user.id}", Said("Een inwoner")))
    newer = {**good, "kind": "Nodded"}

    def hold(connection: Transaction) -> None:
        for external_id, payload in (("7", newer), ("8", good)):
            states.hold(connection, "telegram", external_id, payload, now)

    await house.app.database.write(hold)
    await house.app.jobs.purge()
    await house.settle()
    assert await house.count("inbox WHERE external_id = '8' AND state = 'done'") == 1
    for _ in range(5):
        await house.app.runner.take_due()
    assert await house.count("inbox WHERE external_id = '7' AND state = 'failed'") == 1


async def test_what_is_said_while_an_answer_is_on_its_way_follows_it_at_once(
    tmp_path: Path, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.delivery.dispatcher, "LOOK_EVERY", 60.0)
    async with running(tmp_path, api) as house:
        alice = house.phone("Alice")
        await alice.say("/start")
        telegram, sent = house.app.channels["telegram"], asyncio.Semaphore(0)
        send = telegram.send

        async def slow(outgoing: Outgoing) -> str:
            await asyncio.sleep(0.15)
            sent.release()
            return await send(outgoing)

        monkeypatch.setattr(telegram, "send", slow)
        for number, name in enumerate(("language", "privacy")):
            event = Account(name)  # type: ignore[arg-type]
            arrival = Arrival("telegram", f"quick{number}", f"{alice.user.id}", event)
            await house.app.runner.accept([arrival])
            await asyncio.sleep(0.05)
        async with asyncio.timeout(60):
            await sent.acquire()
            await sent.acquire()


async def put(house: House, count: int, lane: Lane) -> None:
    """So many messages to people who are new."""
    app, now = house.app, house.clock.now()
    data = effect_to_json(Say("Er is nieuws"))

    def some(connection: Transaction) -> None:
        for number in range(count):
            at = ("telegram", f"77{number}", "nl", week_of(now))
            person = people.find_or_make(connection, *at)
            outbox.put(connection, person.id, data, 0, "say", lane, now)

    await app.database.write(some)


def in_hand(number: int, lane: Lane) -> OutboxMessage:
    return OutboxMessage(number, f"p{number}", "telegram", "", "nl", 0, "say", lane, {}, 0)


@pytest.mark.parametrize(("replies", "digests"), [(139, 0), (140, 0), (141, 0), (150, 10)])
async def test_however_much_is_in_hand_replies_have_room(
    house: House, replies: int, digests: int
) -> None:
    await house.app.outbox.finish(0)  # it takes nothing by itself any more
    await put(house, 1, "reply")
    busy = [in_hand(1_000_000 + number, "reply") for number in range(replies)]
    busy += [in_hand(2_000_000 + number, "digest") for number in range(digests)]
    now = house.clock.now()
    found = await house.app.database.write(
        lambda c: house.app.outbox.rows.found(c, now, {"telegram": busy})
    )
    assert len(found) == 1


async def test_what_is_handed_over_in_a_moment_is_not_read_from_the_table(house: House) -> None:
    await house.app.outbox.finish(0)
    await put(house, 2, "reply")
    look, now = house.app.outbox.rows.found, house.clock.now()
    both = await house.app.database.write(lambda c: look(c, now, {"telegram": ()}))
    first, second = (row.id for row, _ in both)
    found = await house.app.database.write(lambda c: look(c, now, {"telegram": ()}, [first]))
    assert [row.id for row, _ in found] == [second]


async def test_while_a_channel_wants_silence_broadcasts_stay_as_they_are(house: House) -> None:
    house.app.outbox.delivery.pacers = {"telegram": pacer_of(house.app.database)}
    house.app.outbox.halt("telegram", 60)
    await put(house, 5, "digest")
    house.app.outbox.wake()
    await asyncio.sleep(0.5)
    waiting = "outbox WHERE lane = 'digest' AND state = 'pending' AND attempts = 0"
    assert await house.count(waiting) == 5
