"""Two Vertelbots on one PostgreSQL do together what one would do alone."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

from sqlalchemy import text

from storage.people import states
from storage.replicas.presence import BEAT
from tests.botapi import BotApi
from tests.end_to_end.kit import MovableClock, Phone, running
from tests.end_to_end.scripts import RESIDENT, YES_TO_ALL, Say, tell
from tests.replicas.kit import begin, browser, replicas, shown, typed


async def test_a_story_goes_on_when_the_process_that_polls_is_gone(
    tmp_path: Path, url: str
) -> None:
    clock, half = MovableClock(), len(RESIDENT) // 2
    async with BotApi() as api, AsyncExitStack() as later:
        async with running(tmp_path, api, url, clock) as first:
            alice = first.phone("Alice")
            await tell(alice, RESIDENT[:half])
            second = await later.enter_async_context(running(tmp_path, api, url, clock))
        began = time.monotonic()
        await tell(Phone(second, alice.user), RESIDENT[half : half + 1])
        print(f"taken over in {time.monotonic() - began:.1f} s")
        await tell(Phone(second, alice.user), RESIDENT[half + 1 :], YES_TO_ALL)
        assert len(await second.stories()) == 1


async def test_the_messages_of_one_person_at_two_processes_are_all_kept(
    tmp_path: Path, url: str
) -> None:
    async with BotApi() as api, replicas(tmp_path, api, url) as (one, two):
        chat = await begin(one)
        said = [typed(chat, number, f"zin {number}") for number in range(40)]
        await asyncio.gather(
            *(house.app.runner.accept([each]) for each in said[::2] for house in (one, two)),
            *(two.app.runner.accept([each]) for each in said[1::2]),
        )
        (person,) = [row[0] for row in await one.rows("person")]
        state = await one.app.database.read(lambda s: states.load(s, person))
        assert state is not None
        parts = Counter(part.text for part in state.draft)
        assert parts == Counter(f"zin {number}" for number in range(40))
        await one.settle()


async def test_a_page_at_one_process_shows_what_another_one_puts(tmp_path: Path, url: str) -> None:
    async with BotApi() as api, replicas(tmp_path, api, url) as (one, two), browser() as pages:
        here = await pages.open(one)
        await shown(here, "Welkom")
        there = await pages.open(two)
        await shown(there, "Welkom")
        for number, (said, socket) in enumerate(((here, there), (there, here))):
            words = f"een vraag {number}"
            await said.send_json({"t": "say", "id": f"m{number}", "text": words})
            await shown(socket, words)
            await shown(said, words)


async def test_a_page_is_cleared_wherever_it_is_open(tmp_path: Path, url: str) -> None:
    async with BotApi() as api, replicas(tmp_path, api, url) as (one, two), browser() as pages:
        await shown(await pages.open(one), "Welkom")
        there = await pages.open(two)
        await shown(there, "Welkom")
        async with pages.session.post(f"{one.url}/wipe", headers={"Origin": one.url}) as answer:
            assert answer.status == 200
        async with asyncio.timeout(30):
            while (await there.receive_json())["t"] != "gone":
                pass


async def test_every_message_is_sent_by_one_of_them_and_once(tmp_path: Path, url: str) -> None:
    people = 30
    async with BotApi() as api, replicas(tmp_path, api, url) as (one, two):
        for number in range(people):
            await api.user(f"P{number}").send("/start")
        await two.settle()
        rows = await one.rows("outbox WHERE state = 'sent'")
        sent = Counter((call.chat_id, call.params["text"]) for call in api.called("sendMessage"))
        owners = Counter(row[-2] for row in rows)
    print(f"{len(rows)} rows, by process: {sorted(owners.values())}")
    assert len({chat for chat, _ in sent}) == people
    assert set(sent.values()) == {1}
    assert len(rows) == sum(sent.values())


async def test_what_a_lost_process_had_in_hand_is_sent_within_seconds(
    tmp_path: Path, url: str
) -> None:
    async with BotApi() as api, replicas(tmp_path, api, url) as (one, two):
        await one.phone("Alice").say("/start")
        before = len(api.called("sendMessage"))
        claim = text(
            "UPDATE outbox SET state = 'pending', owner = '12345',"
            " leased_until = now() + interval '1000 days' WHERE state = 'sent'"
        )
        await one.app.database.write(lambda c: c.execute(claim))
        began = time.monotonic()
        await api.world.wait(lambda: len(api.called("sendMessage")) >= 2 * before, 60)
        print(f"found after {time.monotonic() - began:.1f} s")
        await two.settle()


async def test_one_of_them_polls(tmp_path: Path, url: str) -> None:
    async with BotApi() as api, replicas(tmp_path, api, url, count=3) as houses:
        await tell(houses[0].phone("Alice"), (Say("/start"),))
        beats = await houses[0].rows(f"meta WHERE key = '{BEAT}'")
        assert len(beats) == 1
        assert not [call for call in api.calls if call.status == 409]
