"""From where a calendar is fetched: public addresses, over a connection that can be trusted."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from bot.meetings.calendar import fetch as feeds
from bot.meetings.calendar.fetch import FeedRules, fetch
from bot.validation import public_addresses
from bot.validation.public_addresses import is_public
from tests.meetings.calendar.feed_servers import HERE, Serve, a_certificate, refused

OPEN = "127.0.0.2"
"""An address of this machine that some tests take for one in the open internet."""


class Names(AbstractResolver):
    """Knows one answer after the other, and the last one for ever."""

    def __init__(self, *answers: str, port: int = 0) -> None:
        self.answers, self.port, self.asked = list(answers), port, 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=one,
                port=self.port or port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for one in answer.split()
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("file:///etc/passwd", "address of the web"),
        ("ftp://127.0.0.1/", "address of the web"),
        ("http://127.0.0.1/", "private"),
        ("https://[::1]/", "private"),
        ("//169.254.169.254/x", "private"),
        ("http://inside.example/", "private"),
    ],
)
async def test_a_redirect_to_a_forbidden_place_is_not_followed(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, target: str, words: str
) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": target})

    address = await serve(handler)
    for place in (feeds, public_addresses):
        monkeypatch.setattr(place, "is_public", lambda ip: ip == OPEN or is_public(ip))
    port = int(address.split(":")[2].split("/")[0])
    names = Names(OPEN, "127.0.0.1", port=port)
    rules = FeedRules(plain_http=True, seconds=5)
    error = await refused("http://feeds.example/secret", rules, resolver=names)
    assert words in str(error)


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/secret",
        "https://[::1]/secret",
        "https://[::ffff:10.0.0.1]/secret",
        "https://10.1.2.3/secret",
        "https://192.168.1.1/secret",
        "https://169.254.169.254/secret",
        "https://0.0.0.0/secret",
        "https://localhost/secret",
        "https://2130706433/secret",
        "https://127.1/secret",
    ],
)
async def test_a_private_address_is_never_reached(address: str) -> None:
    error = await refused(address, FeedRules(seconds=5))
    assert "private" in str(error) or "not an address" in str(error)
    assert not error.later


async def test_a_name_is_looked_up_once_and_every_answer_counts(serve: Serve) -> None:
    reached = 0

    async def handler(request: web.Request) -> web.Response:
        nonlocal reached
        reached += 1
        return web.Response(status=302, headers={"Location": "http://again.example/secret"})

    address = await serve(handler)
    port = int(address.split(":")[2].split("/")[0])
    strict = FeedRules(plain_http=True, seconds=5)
    for answer in ("127.0.0.1", "1.1.1.1 127.0.0.1", "127.0.0.1 1.1.1.1"):
        names = Names(answer, port=port)
        error = await refused("http://feeds.example/secret", strict, resolver=names)
        assert ("private" in str(error), names.asked) == (True, 1)
    assert reached == 0
    open_once = Names("127.0.0.1", port=port)
    await refused("http://feeds.example/secret", HERE, resolver=open_once)
    assert (reached, open_once.asked) == (4, 4)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://feeds.example/secret", "not https"),
        ("ftp://feeds.example/secret", "address of the web"),
        ("file:///secret", "address of the web"),
        ("secret", "not an address"),
        ("", "not an address"),
        ("https://", "not an address"),
        ("https://feeds.example:99999/secret", "not an address"),
    ],
)
async def test_only_https_is_fetched(address: str, words: str) -> None:
    assert words in str(await refused(address, FeedRules(seconds=5)))


async def test_https_and_webcal_are_fetched_only_with_a_valid_certificate(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=b"BEGIN:VCALENDAR")

    certificate = a_certificate(tmp_path)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate)
    app = web.Application()
    app.router.add_get("/secret", handler)
    server = TestServer(app)
    await server.start_server(ssl=served)
    try:
        trusting = ssl.create_default_context(cafile=str(certificate))
        for scheme in ("https", "webcal"):
            address = f"{scheme}://127.0.0.1:{server.port}/secret"
            assert (await fetch(address, HERE, tls=trusting)).body == b"BEGIN:VCALENDAR"
        assert "certificate" in str(await refused(f"https://127.0.0.1:{server.port}/secret"))
    finally:
        await server.close()


@pytest.mark.parametrize(
    ("address", "open_"),
    [
        ("1.1.1.1", True),
        ("2606:4700:4700::1111", True),
        ("127.0.0.1", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::101:101", True),
        ("feeds.example", False),
    ],
)
def test_an_address_is_public_only_if_all_of_it_is(address: str, open_: bool) -> None:
    assert is_public(address) is open_
