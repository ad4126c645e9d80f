"""SMS: one message of plain letters with one link, to a strict gateway."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.channels.base import Bell, Outgoing, Refused, SendError, TryLater, Uncertain, Unreachable
from bot.channels.sms import SEGMENT, Sms, text_of
from bot.settings import SmsSettings
from conversations.guide.loading import load_guides

LINK = f"https://vertel.gemeente-voorbeeld.nl/v/{'x' * 43}"
BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


class Gateway:
    """Takes messages; `answers` are statuses to give next without taking one."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.answers: deque[int] = deque()

    async def take(self, request: web.Request) -> web.Response:
        if self.answers:
            return web.Response(status=self.answers.popleft(), text="+31612345678")
        if request.headers.get("Authorization") != "Bearer geheim":
            return web.Response(status=401)
        message = await request.json()
        strict = (
            message.keys() == {"to", "from", "text"}
            and message["to"].startswith("+31")
            and len(message["text"]) <= SEGMENT
            and set(message["text"]) <= BASIC
            and message["text"].count("://") == 1
        )
        if not strict:
            return web.Response(status=400)
        self.taken.append(message)
        return web.json_response({"id": "1"})


@asynccontextmanager
async def sms(word: str = "geheim") -> AsyncIterator[tuple[Gateway, Sms]]:
    gateway, app = Gateway(), web.Application()
    app.router.add_post("/send", gateway.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    channel = Sms(
        SmsSettings(url=f"http://{host}:{port}/send", token=SecretStr(word), sender="Vertelbot")
    )
    try:
        yield gateway, channel
    finally:
        await channel.close()
        await runner.cleanup()


def outgoing(language: str = "nl", link: str = LINK) -> Outgoing:
    said = load_guides().phrases(language).get("bell_question")
    return Outgoing(1, "+31612345678", Bell("Vertelbot", said, link, language), language)


async def test_one_message_with_one_link_in_every_language() -> None:
    async with sms() as (gateway, channel):
        for language in ("nl", "en", "tr", "ar"):
            await channel.send(outgoing(language))
        said = [each["text"] for each in gateway.taken]
    assert said[0] == f"Vertelbot: Er staat een vraag klaar. {LINK}"
    assert said[3] == f"Vertelbot: {LINK}"
    assert all(LINK in each for each in said)


def test_a_link_that_does_not_fit_is_not_cut() -> None:
    bell = outgoing(link=f"https://example.nl/{'x' * 160}").effect
    assert isinstance(bell, Bell)
    with pytest.raises(ValueError, match="does not fit"):
        text_of(bell)


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        (400, Refused), (401, Refused), (404, Unreachable), (422, Unreachable), (429, TryLater),
        (500, Uncertain), (503, TryLater), (504, Uncertain),
    ],
)  # fmt: skip
async def test_what_an_answer_means(status: int, meant: type[SendError]) -> None:
    async with sms() as (gateway, channel):
        gateway.answers.append(status)
        with pytest.raises(meant) as refused:
            await channel.send(outgoing())
    assert type(refused.value) is meant
    assert "316" not in str(refused.value)


async def test_a_wrong_token_is_refused() -> None:
    async with sms("anders") as (gateway, channel):
        with pytest.raises(Refused):
            await channel.send(outgoing())
    assert gateway.taken == []
