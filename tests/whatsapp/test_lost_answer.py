"""A call of which the answer is lost, with the process or without: whether WhatsApp took the
message or not, the person has it once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import Uncertain
from bot.channels.whatsapp.graph_client import Accepted
from tests.end_to_end.kit import MovableClock
from tests.whatsapp import CloudApi
from tests.whatsapp.kit import WhatsAppHouse, whatsapp_running


@asynccontextmanager
async def after_a_death(folder: Path, api: CloudApi, taken: bool) -> AsyncIterator[WhatsAppHouse]:
    """Alice wrote, and the process ended in the middle of the call that answered her; another one
    runs."""
    clock, ended = MovableClock(), asyncio.Event()
    async with whatsapp_running(folder, api, clock=clock) as house:
        assert house.app.whatsapp is not None
        client = house.app.whatsapp.channel.client
        send = client.send

        async def dies(message: Mapping[str, Any], tries: int = 0) -> Accepted:
            if taken:
                api.tells = False  # what became of it is told later
                await send(message, tries)
            ended.set()
            await asyncio.Event().wait()
            raise AssertionError

        client.send = dies  # type: ignore[method-assign]
        await api.phone("Alice").send("hallo")
        async with asyncio.timeout(60):
            await ended.wait()
    async with whatsapp_running(folder, api, clock=clock) as house:
        yield house


async def pass_time(house: WhatsAppHouse, minutes: int = 11) -> None:
    """Look at what is due so much later."""
    house.clock.move(minutes=minutes)
    house.app.outbox.wake()
    await house.api.settled()


async def test_what_was_taken_when_the_process_ended_is_known_by_its_status(tmp_path: Path) -> None:
    """Whatever its person says before that is told: they read it already."""
    async with CloudApi() as api, after_a_death(tmp_path, api, taken=True) as house:
        alice = house.teller()
        await alice.until_shown()
        for text in ("hallo", "hoi", "dag"):
            await alice.phone.send(text)
            await pass_time(house, minutes=2)
        assert len(alice.phone.shown) == 1
        assert {row.ref for row in await house.rows("outbox") if row.state == "pending"} == {"?"}
        api.tells = True
        await house.settle()
        assert {row.state for row in await house.rows("outbox")} == {"sent"}
        assert len(alice.sentences) == 1
        await alice.tap("Een inwoner")
        assert len(alice.sentences) == 2
        assert api.refused == {}


@pytest.mark.parametrize("taken", [True, False])
async def test_without_a_word_about_it_a_reply_goes_again_after_ten_minutes(
    tmp_path: Path, taken: bool
) -> None:
    """No sooner: and that it came once is all that is known where it was not taken."""
    async with CloudApi() as api, after_a_death(tmp_path, api, taken=taken) as house:
        alice = house.teller()
        await pass_time(house, minutes=9)
        assert len(api.calls) == taken
        await pass_time(house, minutes=2)
        async with asyncio.timeout(60):
            while len(api.calls) == taken:
                await api.settled()
        api.tells = True
        await house.settle()
        assert len(alice.phone.shown) == 1 + taken
        await pass_time(house)
        assert len(alice.phone.shown) == 1 + taken


@pytest.mark.parametrize("code", [131000, 131047])
async def test_a_failure_that_is_told_before_the_call_is_answered_counts(
    tmp_path: Path, code: int
) -> None:
    """Statuses overtake answers: what failed goes again, though WhatsApp answered that it took
    it."""
    async with CloudApi() as api, whatsapp_running(tmp_path, api) as house:
        api.again = 0.0
        assert house.app.whatsapp is not None
        client = house.app.whatsapp.channel.client
        send = client.send

        async def late(message: Mapping[str, Any], tries: int = 0) -> Accepted:
            accepted = await send(message, tries)
            await api.settled()  # its status was taken
            return accepted

        client.send = late  # type: ignore[method-assign]
        alice = house.teller()
        api.fail_later.append(code)
        await alice.phone.send("hallo")
        if code == 131047:
            await alice.until_shown()
            assert alice.sentences == ["[vertelbot_vraag]"]
            await alice.phone.send("ja")
        await house.settle()
        asked = sum("Wie vertelt er?" in each for each in alice.sentences)
        assert asked == 1 if code == 131000 else asked  # "ja" may be answered too


@pytest.mark.parametrize("arrived", [True, False])
async def test_an_answer_that_is_lost_is_made_up_for_by_the_status(
    tmp_path: Path, arrived: bool
) -> None:
    async with CloudApi() as api, whatsapp_running(tmp_path, api) as house:
        assert house.app.whatsapp is not None
        client = house.app.whatsapp.channel.client
        send = client.send

        async def lost(message: Mapping[str, Any], tries: int = 0) -> Accepted:
            client.send = send  # type: ignore[method-assign]
            if arrived:
                await send(message, tries)
            raise Uncertain("no answer", 595.0)

        client.send = lost  # type: ignore[method-assign]
        alice = house.teller()
        await alice.phone.send("hallo")
        if not arrived:
            async with asyncio.timeout(60):
                while not any(row.ref == "?" for row in await house.rows("outbox")):
                    await api.settled()
            await pass_time(house)
        await house.settle()
        assert len(alice.phone.shown) == 1
