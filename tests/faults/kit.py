"""People who send messages again until they hear that they are kept, and what came of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from bot.app import App
from bot.channels.base import Account, Arrival
from conversations.engine.events import Event, Said, Tapped
from storage.engine.transaction import Transaction
from storage.people import people, states

Accept = Callable[[Sequence[Arrival]], Awaitable[None]]


def messages(person: str, sentences: int = 10) -> list[Arrival]:
    """What one person sends: enough to be in the middle of a story."""
    events: list[Event | Account] = [Account("start"), Tapped(0, "d:begin:resident")]
    events += [Said(f"zin {number}", ref=f"{number}") for number in range(sentences)]
    return [
        Arrival("telegram", f"{person}-{number}", person, event, "nl")
        for number, event in enumerate(events)
    ]


async def send_all(
    accept: Accept, persons: Sequence[str], found: Counter[str], sentences: int = 10
) -> None:
    """All of them at the same time, each in order, each message until it is taken."""

    async def send(person: str) -> None:
        for arrival in messages(person, sentences):
            await _until_taken(accept, arrival, found)

    await asyncio.gather(*(send(person) for person in persons))


async def _until_taken(accept: Accept, arrival: Arrival, found: Counter[str]) -> None:
    for _ in range(200):
        found["tries"] += 1
        try:
            await accept([arrival])
        except Exception:
            found["refused"] += 1
            await asyncio.sleep(0.05)
        else:
            return
    found["silent"] += 1


async def judge(app: App, persons: Sequence[str], found: Counter[str], sentences: int = 10) -> None:
    """Every message of everybody is known once, every person is answered, every state is whole."""

    def look(connection: Transaction) -> None:
        query = "SELECT external_id, count(*) FROM inbox WHERE state = 'done' GROUP BY external_id"
        known = dict(tuple(row) for row in connection.exec_driver_sql(query))
        expected = {
            arrival.external_id for person in persons for arrival in messages(person, sentences)
        }
        found["lost"] += len(expected - set(known))
        found["twice"] += sum(count > 1 for count in known.values())
        for person in persons:
            someone = people.find(connection, "telegram", person)
            assert someone is not None
            assert states.load(connection, someone.id) is not None
            query = f"SELECT count(*) FROM outbox WHERE person_id = '{someone.id}'"
            answers = connection.exec_driver_sql(query).scalar_one()
            found["silent"] += answers < 2
            found["answers"] += answers

    await app.database.write(look)
