"""Two processes on one PostgreSQL: every prompt goes out once."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path

from tests.botapi import BotApi
from tests.end_to_end.kit import MovableClock
from tests.meetings.prompts.kit import TUESDAY, group, open_house
from tests.storage.stores import Postgres

PEOPLE = 25


async def test_two_processes_never_send_one_prompt_twice(
    tmp_path: Path, api: BotApi, clock: MovableClock, postgres: Postgres
) -> None:
    url = postgres.fresh()
    async with (
        open_house(tmp_path, api, clock, url=url) as one,
        open_house(tmp_path, api, clock, url=url) as other,
    ):
        made = await one.plan(group())
        phones = [one.house.phone(f"P{number}") for number in range(PEOPLE)]
        for phone in phones:
            await phone.user.send(f"/start {made.code}")
        await one.house.settle()
        clock.move(hours=5)
        async with asyncio.timeout(30):
            while not all("Wat bleef je bij" in phone.read for phone in phones):
                await asyncio.gather(one.tick(), other.tick())
        clock.move(hours=1)
        await asyncio.gather(one.tick(), other.tick())
        asked = Counter(
            call.chat_id for call in api.called("sendMessage") if "bleef" in call.params["text"]
        )
        assert asked == Counter({phone.user.id: 1 for phone in phones})
        assert set(await one.states()) == {
            ("ask", "sent"), ("remind", "planned"), ("follow_up", "planned"),
        }  # fmt: skip
        assert clock.now() < TUESDAY + timedelta(days=1)
