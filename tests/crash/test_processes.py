"""`vertelbot run` as a process, and the Bot API server as another: killed in the middle of a story
and started again, it goes on where it was."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.botapi import BotApi
from tests.crash.kit import kept
from tests.end_to_end.kit import free_port, it_runs, running
from tests.end_to_end.scripts import PROFESSIONAL, RESIDENT, YES_TO_ALL, Deed, Say, tell
from tests.forks import PIPE, Fork, forked

ROOT = Path(__file__).parents[2]
ALICE = 1001
A_MESSAGE = 1.3
"""Seconds in which the next message comes, at the pace of one a second."""
PACED = (
    "-c",
    """
import sys
from bot.__main__ import main
from bot.guides import GuideStore
from conversations.guide.dwell_times import DwellTimes
GuideStore.dwell = DwellTimes(0, 0)
sys.exit(main(sys.argv[1:]))
""",
)
UNPACED = (
    "-c",
    """
import sys
from bot.__main__ import main
from bot.delivery.pacer import Pacer
from bot.guides import GuideStore
from conversations.guide.dwell_times import DwellTimes
Pacer.wait = Pacer.turn = Pacer.chat = lambda *_: 0.0
GuideStore.dwell = DwellTimes(0, 0)
sys.exit(main(sys.argv[1:]))
""",
)
"""Vertelbot without the pace of one message a second, at which a story takes a minute; with
`--torture` there is time for that."""


@asynccontextmanager
async def process(folder: Path, *command: str) -> AsyncIterator[Fork]:
    started = await forked(*command, cwd=folder, stdout=PIPE)
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            started.kill()
        await started.wait()


class Door:
    """Alice's phone, in the other process. She waits until nothing came for `still` seconds."""

    def __init__(self, session: aiohttp.ClientSession, url: str, still: float) -> None:
        self._session = session
        self._url = url
        self._still = still

    async def act(self, do: str, **args: Any) -> None:
        order = {"user": ALICE, "do": do, "args": args}
        async with self._session.post(f"{self._url}/control/act", json=order) as answer:
            assert answer.status == 200, await answer.text()

    async def state(self) -> Any:
        async with self._session.get(f"{self._url}/control/state") as answer:
            return await answer.json()

    async def do(self, deed: Deed) -> None:
        """Do something, and wait until the bot has asked something new."""
        known = await self._changes()
        if isinstance(deed, Say):
            await self.act("send", text=deed.text)
        else:
            await self.act("tap", label=deed.label, timeout=20)
        async with asyncio.timeout(60):
            while (now := await self._changes()) == known:
                pass
            while now != (now := await self._changes(self._still)):
                pass

    async def _changes(self, after: float = 0.06) -> int:
        """A number that rises with every message of the bot and every change of one."""
        await asyncio.sleep(after)
        chats = (await self.state())["chats"]
        messages = chats.get(str(ALICE), {}).get("messages", [])
        return max((m["seq"] for m in messages if m["from_bot"]), default=0)


async def told(folder: Path, script: Sequence[Deed], command: Sequence[str], kill_at: int) -> Any:
    """The stories that are kept, told to a bot that is killed after so many deeds."""
    server = ("-m", "tests.botapi")
    async with process(folder, *server) as api, aiohttp.ClientSession() as session:
        assert api.stdout is not None
        url, token = (await api.stdout.readline()).decode().split()
        (folder / "config.toml").write_text(
            f'[telegram]\ntoken = "{token}"\nbase_url = "{url}"\n[web]\nport = {free_port()}\n'
        )
        alice = Door(session, url, 0.06 if command == UNPACED else A_MESSAGE)
        rest = list(script)
        for count in (kill_at, len(script) - kill_at):
            async with process(folder, *command, "run") as bot:
                await it_runs(bot)
                for deed in rest[:count]:
                    await alice.do(deed)
                rest = rest[count:]
                if rest:
                    await alice.act("send", text="/hulp")  # while it is dying
                    bot.send_signal(signal.SIGKILL)
                else:
                    bot.send_signal(signal.SIGTERM)
                    assert await bot.wait() == 0
    return await kept(folder / "data")


@pytest.mark.parametrize("script", [RESIDENT, PROFESSIONAL], ids=["resident", "professional"])
async def test_killed_in_the_middle_of_a_story_it_goes_on(
    tmp_path: Path, script: tuple[Deed, ...], torture: bool
) -> None:
    whole = (*script, *YES_TO_ALL)
    command = PACED if torture else UNPACED
    killed = await told(tmp_path, whole, command, len(whole) // 2)
    async with BotApi() as api, running(tmp_path, api) as house:
        await tell(house.phone("Alice"), whole)
    assert len(killed[0]) == 1
    assert killed == await kept(tmp_path)
