"""Histories of a whole Vertelbot with two processes, in which everything goes wrong by a seed.

Two by default, two thousand with `pytest --torture`. A seed that fails is in the message.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.codec import effect_to_json
from bot.settings import Privacy, Settings
from bot.wiring import open_services
from conversations.engine.effects import Say
from conversations.guide.loading import load_guides
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.lifecycle.unlock import unlock
from storage.outbox import outbox, state_counts
from storage.people import people
from storage.replicas import presence
from storage.stories import stories
from tests.simulation.virtual import virtual_time
from tests.simulation.world import BEGIN, SENTENCES, Chat, Teller, World

LIBRARY = load_guides()
PEOPLE = 2
BROADCAST = 5


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground(tmp_path_factory.mktemp("simulation"))


class Ground:
    """What all histories begin with: an empty database with its key, the guides."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(privacy=Privacy(key_file=folder / "key"))
        database = Database(f"sqlite:///{folder}/v.db")
        database.start()
        self.vault, self.erased = asyncio.run(unlock(database, folder / "key"))
        database.close()
        self.template = sqlite3.connect(folder / "v.db")

    def world(self, seed: int) -> World:
        return World(seed, self.template, self.vault, self.erased, self.settings)


async def history(world: World) -> None:
    """Two processes, people who tell, a broadcast, and trouble."""
    world.start()
    world.start()
    tellers = [Teller(world, f"{number}") for number in range(1, PEOPLE + 1)]
    trouble = asyncio.create_task(world.make_trouble())
    broadcast = asyncio.create_task(announce(world))
    await asyncio.gather(*(teller.tell() for teller in tellers), return_exceptions=True)
    await asyncio.gather(broadcast, trouble)
    for _ in range(100):
        await asyncio.sleep(10)
        if world.settled():
            break
    for replica in world.replicas:
        await replica.bury()


async def announce(world: World) -> None:
    """A message to people who tell nothing, at most once each."""
    await asyncio.sleep(world.dice.uniform(0, 5))
    effect = effect_to_json(Say("Er is nieuws"))
    now = BEGIN + timedelta(seconds=asyncio.get_running_loop().time())

    def put(connection: Transaction) -> None:
        for number in range(BROADCAST):
            address = f"news{number}"
            world.chats[address] = Chat()
            person = people.find_or_make(connection, "telegram", address, "nl", "2026-W47")
            outbox.put(connection, person.id, effect, 0, "say", "digest", now)

    world.at_once(put)


def judge(world: World) -> None:
    """Count what came of it."""
    found = world.found

    def look(connection: Transaction) -> None:
        ids = connection.execute(text("SELECT id FROM story")).scalars().all()
        told = [stories.read(connection, story_id) for story_id in ids]
        whole = [one for one in told if one and all(s in one.telling.text for s in SENTENCES)]
        found["stories"] += len(whole)
        found["lost"] += max(0, PEOPLE - len(whole))
        found["twice"] += max(0, len(ids) - PEOPLE)
        states = state_counts.by_state(connection)
        found["waiting"] += states.get("pending", 0) + states.get("sending", 0)
        found["uncertain"] += states.get("uncertain", 0)
        news = [chat for address, chat in world.chats.items() if address.startswith("news")]
        sent = [sum(chat.rows.values()) for chat in news]
        found["news"] += sum(sent)
        found["twice"] += sum(count > 1 for count in sent)
        missing = sum(count == 0 for count in sent)
        found["lost"] += max(0, missing - states.get("uncertain", 0))
        tellers = [chat for address, chat in world.chats.items() if chat not in news]
        found["replies again"] += sum(c - 1 for chat in tellers for c in chat.rows.values())

    world.at_once(look)


def test_whatever_goes_wrong_nothing_is_lost_or_doubled_and_nobody_waits_for_ever(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, torture: bool
) -> None:
    began, total = time.perf_counter(), Counter[str]()
    histories = 2000 if torture else 2
    for seed in range(histories):
        with monkeypatch.context() as patch:
            patch.setattr(open_services, "load_guides", lambda: LIBRARY)
            world = ground.world(seed)
            patch.setattr(presence, "present", world.present)
            with virtual_time(patch) as run:
                run(history(world))
        judge(world)
        wrong = {name: world.found[name] for name in ("lost", "twice", "silent", "waiting")}
        assert not any(wrong.values()), f"seed {seed}: {dict(world.found)}, {world.trouble}"
        total += world.found
    print(f"{histories} histories in {time.perf_counter() - began:.0f} s: {dict(total)}")
    assert total["kills"] > histories / 4
