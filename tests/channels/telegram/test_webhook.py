"""Telegram by webhook: only the right server is heard, and 200 means that it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.channels.base import Arrival
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.webhook import MAX_UPDATE, SECRET_HEADER, Webhook
from conversations.engine.events import Said
from tests.botapi import BotApi
from tests.channels.telegram.kit import Recorder

SECRET = "a-secret-of-some-length"
UPDATE: dict[str, Any] = {
    "update_id": 7,
    "message": {
        "message_id": 1,
        "date": 0,
        "chat": {"id": 5, "type": "private"},
        "from": {"id": 5, "is_bot": False, "first_name": "Alice"},
        "text": "hoi",
    },
}


class Served:
    """A webhook that is served, and posts to it."""

    def __init__(self, url: str, recorder: Recorder) -> None:
        self.url = url
        self.recorder = recorder

    async def post(self, body: object = UPDATE, secret: str = SECRET, raw: bytes = b"") -> int:
        content = {"data": raw} if raw else {"json": body}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, headers={SECRET_HEADER: secret}, **content) as answer,
        ):
            return answer.status


@pytest.fixture
async def webhook(telegram: Telegram) -> Webhook:
    return Webhook(telegram, "https://vertel.example", SECRET)


@pytest.fixture
async def served(webhook: Webhook, recorder: Recorder) -> AsyncIterator[Served]:
    app = web.Application()
    webhook.setup(app)
    webhook._accept = recorder
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield Served(f"http://127.0.0.1:{port}/telegram", recorder)
    await runner.cleanup()


async def test_a_post_with_the_secret_is_taken(served: Served) -> None:
    assert await served.post() == 200
    assert served.recorder.arrivals["7"].event == Said("hoi", ref="1")


async def test_a_text_that_ends_in_half_a_character_is_taken(served: Served) -> None:
    message = {**UPDATE["message"], "text": "half \ud83d"}
    assert await served.post({**UPDATE, "message": message}) == 200
    assert served.recorder.arrivals["7"].event == Said("half ?", ref="1")


async def test_a_number_that_is_too_large_is_passed_over_and_not_posted_again(
    served: Served,
) -> None:
    message = b'{"chat": {"id": 1e400, "type": "private"}, "message_id": 1, "text": "hoi"}'
    assert await served.post(raw=b'{"update_id": 7, "message": %s}' % message) == 200
    assert not served.recorder.arrivals


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", "geheim-é"])
async def test_a_forged_post_is_refused(served: Served, secret: str) -> None:
    assert await served.post(secret=secret.encode().decode("latin-1")) == 403
    assert not served.recorder.arrivals


async def test_a_secret_that_is_no_text_is_refused_too(served: Served) -> None:
    assert await served.post(secret="geheim-\udcff") == 403
    assert not served.recorder.arrivals


@pytest.mark.parametrize(
    "raw",
    [
        b"{", b"[]", b"{}", b"[" * 100_000, b"x" * (MAX_UPDATE + 1),
        b'{"update_id": null}', b'{"update_id": 1e400}', b'{"update_id": true}',
    ],
)  # fmt: skip
async def test_what_is_no_update_is_refused_for_good(served: Served, raw: bytes) -> None:
    assert await served.post(raw=raw) in (400, 413)


async def test_what_could_not_be_committed_is_to_be_posted_again(
    served: Served, webhook: Webhook
) -> None:
    async def full(
        arrivals: Sequence[Arrival], *, offset: int | None = None, epoch: int = 0
    ) -> None:
        raise OSError("the disk is full")

    webhook._accept = full
    assert await served.post() == 503
    webhook._accept = None
    assert await served.post() == 503


async def test_the_server_is_told_where_to_post(
    api: BotApi, webhook: Webhook, recorder: Recorder
) -> None:
    assert await webhook._set()
    assert api.world.webhook["url"] == "https://vertel.example/telegram"
    assert api.world.webhook["secret_token"] == SECRET
