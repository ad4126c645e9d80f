"""A Vertelbot that dies where it is told: what a fork of `kit.Nursery` does.

How often it came by each point where it could have been killed stands in `tally.json` in its
folder; its clock is moved by the seconds in the file `clock` there, unless another file is named.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections import Counter
from pathlib import Path
from typing import Any

from bot.app import App
from bot.channels.base import Outgoing
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.client import Client
from bot.channels.whatsapp.cloud_api import WhatsApp
from bot.channels.whatsapp.graph_client import Accepted, GraphClient
from bot.clock import Clock
from bot.guides import GuideStore
from bot.settings import Privacy, Settings, Storage, WebSettings
from conversations.guide.dwell_times import DwellTimes
from storage.engine.writer import Writer

POINTS = (
    "before a commit",
    "after a commit",
    "before a send",
    "in a send",
    "after a send",
)


class Doom:
    """Counts the points that are passed, and ends the process at one of them."""

    def __init__(self, kill: tuple[str, int] | None, tally: Path) -> None:
        self._kill = kill
        self._tally = tally
        self._passed: Counter[str] = Counter()

    def at(self, point: str) -> None:
        self._passed[point] += 1
        if (point, self._passed[point]) == self._kill:
            self.write()
            os.kill(os.getpid(), signal.SIGKILL)

    def write(self) -> None:
        self._tally.write_text(json.dumps(self._passed))


def arm(doom: Doom) -> None:
    """Put the points where a Vertelbot can die around its commits and its sends. "In a send" is
    when the server has executed it, and the answer is not looked at yet."""
    commit, call, post = Writer._commit, Client.call, GraphClient.send

    def dying_commit(writer: Writer, connection: Any) -> None:
        written = connection.connection.driver_connection.total_changes
        if written == getattr(writer, "written", 0):
            return commit(writer, connection)  # it only read
        writer.written = written  # type: ignore[attr-defined]
        doom.at("before a commit")
        commit(writer, connection)
        return doom.at("after a commit")

    def dying(send: Any) -> Any:
        async def dying_send(channel: Any, outgoing: Outgoing) -> str:
            doom.at("before a send")
            ref: str = await send(channel, outgoing)
            doom.at("after a send")
            return ref

        return dying_send

    async def dying_call(client: Client, method: str, **params: Any) -> Any:
        result = await call(client, method, **params)
        if method.startswith(("send", "edit")):
            doom.at("in a send")
        return result

    async def dying_post(client: GraphClient, message: Any, tries: int = 0) -> Accepted:
        accepted = await post(client, message, tries)
        doom.at("in a send")
        return accepted

    for owner, name, patch in (
        (Writer, "_commit", dying_commit),
        (Telegram, "send", dying(Telegram.send)),
        (WhatsApp, "send", dying(WhatsApp.send)),
        (Client, "call", dying_call),
        (GraphClient, "send", dying_post),
    ):
        setattr(owner, name, patch)


async def serve(order: dict[str, Any]) -> None:
    folder = Path(order["folder"])
    settings = Settings(
        web=WebSettings(port=order["port"], public_url=order["public_url"]),
        storage=Storage(url=f"sqlite:///{folder}/vertelbot.db"),
        privacy=Privacy(key_file=folder / "vertelbot.key"),
        **order["channel"],
    )
    async with App.opened(settings, Clock.from_environment()) as app:
        app.outbox.delivery.pacers = {}
        await app.run()


def live(order: dict[str, Any]) -> None:
    """A Vertelbot, until it is killed or told to stop (SIGTERM). An order: `{"folder", "port",
    "public_url", "channel": {section: its settings}, "kill": [point, number] or null}`."""
    GuideStore.dwell = DwellTimes(0, 0)
    kill = order["kill"]
    doom = Doom((kill[0], kill[1]) if kill else None, Path(order["folder"]) / "tally.json")
    arm(doom)

    def stop(*_: object) -> None:
        doom.write()
        os._exit(0)

    os.environ.setdefault("VERTELBOT_CLOCK_FILE", f"{order['folder']}/clock")
    signal.signal(signal.SIGTERM, stop)
    asyncio.run(serve(order))
