"""The same half, wrong and foreign answers through the clients of every other service that we call:
they fail in our own words, and nobody's words reach the log."""

from __future__ import annotations

import io
import json
from collections.abc import Awaitable, Callable

import pytest
from pydantic import SecretStr

from bot.channels.base import Bell, Outgoing, SendError
from bot.channels.push.channel import WebPush
from bot.channels.push.sealed_push import VapidKey
from bot.channels.sms import Sms
from bot.channels.telegram.client import Client
from bot.channels.telegram.files import FileFetcher, FileLimits, Offer
from bot.channels.whatsapp.graph_client import GraphClient
from bot.clock import Clock
from bot.settings import SmsSettings
from tests.channels.test_foreign_answers import ANSWERS, WHOLE, Foreign, foreign, log, planted
from tests.push.service import Device

__all__ = ["log"]

LINKS: tuple[dict[str, object], ...] = (
    {"url": "Fatima geheim"}, {"url": "file:///geheim"}, {"url": ["Fatima"]},
    {"url": "http://geheim@127.0.0.1:1/Fatima"}, {"url": "http://127.0.0.1:1/geheim"},
    {"file_size": "Fatima geheim", "url": "x"}, {"file_size": 1e300, "url": "geheim"},
    {"file_size": {"Fatima": 1}}, {"messages": "Fatima"}, {"messages": [["geheim"]]},
    {"data": ["Fatima geheim"]}, {"error": {"code": True, "message": "Fatima"}},
    {"messages": [{"id": 1}], "contacts": "Fatima"}, {"messages": [], "contacts": {}},
)  # fmt: skip
"""Whole answers of the Cloud API with something else in them."""
WRONG = [
    *ANSWERS,
    *((200, json.dumps(told).encode()) for told in LINKS),
    (302, b"Fatima"), (401, b'{"error": {"code": 190, "message": "Fatima"}}'), (204, b""),
]  # fmt: skip


Call = Callable[[], Awaitable[object]]


async def answers_of(server: Foreign, call: Call, log: io.StringIO) -> set[str]:
    """Call as long as there are answers; the classes of what was raised."""
    raised, said = set(), []
    while server.answers:
        try:
            await call()
        except SendError as error:
            raised.add(type(error).__name__)
            said.append(str(error))
    assert planted(" ".join(said) + log.getvalue()) == []
    return raised


@pytest.mark.parametrize("what", ["send", "upload", "download", "templates"])
async def test_the_cloud_api_may_answer_anything(what: str, log: io.StringIO) -> None:
    async with foreign(WRONG) as server:
        client = GraphClient(server.url, "geheim", "424242", "5")
        calls: dict[str, Call] = {
            "send": lambda: client.send({"to": "424242", "text": {"body": "Fatima"}}),
            "upload": lambda: client.upload(b"geheim", "image/png", "Fatima.png"),
            "download": lambda: client.download("424242"),
            "templates": client.templates,
        }
        assert await answers_of(server, calls[what], log)
        await client.close()


async def test_a_push_service_may_answer_anything(log: io.StringIO) -> None:
    async with foreign(WRONG[::4]) as server:
        push = WebPush(VapidKey(bytes(range(32)), "mailto:b@example.nl"), Clock(), private=True)
        bell = Bell("Vertelbot", "Fatima, hoe was het?", f"{server.url}/t/geheim", "nl")
        address = Device(f"{server.url}/push/geheim").address
        assert await answers_of(server, lambda: push.send(Outgoing(1, address, bell)), log)
        await push.close()


async def test_an_sms_gateway_may_answer_anything(log: io.StringIO) -> None:
    async with foreign(WRONG) as server:
        sms = Sms(SmsSettings(url=f"{server.url}/geheim", token=SecretStr("geheim"), sender="X"))
        bell = Bell("Vertelbot", "hoe was het?", "https://x.nl/t/geheim", "nl")
        assert await answers_of(server, lambda: sms.send(Outgoing(1, "+31424242", bell)), log)
        await sms.close()


async def test_a_file_of_telegram_may_be_anything(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.files.TRIES", 1)
    async with foreign(WRONG, WHOLE) as server:
        client = Client("1:geheim", server.url)
        fetcher = FileFetcher(client, FileLimits())

        async def fetch() -> None:
            assert await fetcher._file(Offer("Fatima", 3)) in ("lost", "too_big")

        await answers_of(server, fetch, log)
        await client.close()
    assert "a file could not be fetched" in log.getvalue()
