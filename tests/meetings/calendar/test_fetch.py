"""Fetching a calendar, from servers that are kind and from servers that are not."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.meetings.calendar import fetch as feeds
from bot.meetings.calendar.fetch import FeedError, FeedRules, fetch
from bot.meetings.calendar.ics_reader import read_calendar
from bot.validation import public_addresses
from bot.validation.public_addresses import is_public
from tests.meetings.calendar.feeds import feed

OPEN = "127.0.0.2"
"""An address of this machine that some tests take for one in the open internet."""

HERE = FeedRules(plain_http=True, private=True, seconds=5)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[str]]


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


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    servers: list[TestServer] = []

    async def start(handler: Handler) -> str:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handler)
        server = TestServer(app, host="0.0.0.0")  # noqa: S104  # so that it is OPEN as well
        servers.append(server)
        await server.start_server()
        return f"http://127.0.0.1:{server.port}/secret-feed.ics"

    yield start
    for server in servers:
        await server.close()


async def refused(address: str, rules: FeedRules = HERE, **rest: AbstractResolver) -> FeedError:
    with pytest.raises(FeedError) as caught:
        await fetch(address, rules, **rest)  # type: ignore[arg-type]  # only a resolver comes here
    assert caught.value.mend
    assert caught.value.__cause__ is None
    assert "secret" not in f"{caught.value} {caught.value.mend}"
    return caught.value


async def test_a_calendar_is_fetched_and_read(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        assert request.headers["Accept"] == "text/calendar"
        return web.Response(body=feed("google"), headers={"ETag": '"v1"'})

    found = await fetch(await serve(handler), HERE)
    assert found.etag == '"v1"'
    assert found.body is not None
    assert len(read_calendar(found.body).meetings) == 3


async def test_a_calendar_that_did_not_change_is_not_sent_again(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        known = request.headers.get("If-None-Match") == '"v1"'
        assert request.headers.get("If-Modified-Since", "") in ("", "Tue, 24 Nov 2026 12:00:00 GMT")
        return web.Response(
            status=304 if known else 200,
            headers={"ETag": '"v1"', "Last-Modified": "Tue, 24 Nov 2026 12:00:00 GMT"},
        )

    address = await serve(handler)
    first = await fetch(address, HERE)
    again = await fetch(address, HERE, first.etag, first.modified)
    assert (first.body, again.body) == (b"", None)
    assert (again.etag, again.modified) == (first.etag, first.modified)


@pytest.mark.parametrize(
    ("status", "words", "later"),
    [
        (401, "not shared", False),
        (403, "not shared", False),
        (404, "not there any more", False),
        (410, "not there any more", False),
        (429, "answered 429", True),
        (500, "answered 500", True),
        (204, "answered 204", True),
    ],
)
async def test_an_answer_without_a_calendar_says_whether_to_come_back(
    serve: Serve, status: int, words: str, later: bool
) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=status)

    error = await refused(await serve(handler))
    assert words in str(error)
    assert error.later is later


@pytest.mark.parametrize("announced", [True, False])
async def test_a_calendar_that_is_too_large_is_not_read_to_its_end(
    serve: Serve, announced: bool
) -> None:
    sent = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        answer = web.StreamResponse()
        if announced:
            answer.content_length = 500_000_000
        await answer.prepare(request)
        for _ in range(5000):
            await answer.write(b"X" * 100_000)
            sent += 100_000
        return answer

    error = await refused(await serve(handler))
    assert "larger than" in str(error)
    assert sent < 20_000_000


async def test_a_small_file_that_unpacks_to_a_large_one_is_refused(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        bomb = gzip.compress(b"\0" * 50_000_000)
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    assert "larger than" in str(await refused(await serve(handler)))


async def test_a_server_that_drips_is_left_in_time(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(100):
            await answer.write(b"X")
            await asyncio.sleep(0.05)
        return answer

    rules = FeedRules(plain_http=True, private=True, seconds=0.3)
    error = await refused(await serve(handler), rules)
    assert ("too slow" in str(error), error.later) == (True, True)


async def test_a_moved_calendar_is_followed_a_few_times(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        left = int(request.query.get("left", 0))
        if left:
            return web.Response(status=302, headers={"Location": f"/secret?left={left - 1}"})
        return web.Response(body=b"BEGIN:VCALENDAR")

    address = await serve(handler)
    assert (await fetch(f"{address}?left=3", HERE)).body == b"BEGIN:VCALENDAR"
    assert "from one to the other" in str(await refused(f"{address}?left=4"))


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


async def test_a_server_that_is_not_there_is_tried_later() -> None:
    error = await refused("http://127.0.0.1:1/secret")
    assert ("cannot be reached" in str(error), error.later) == (True, True)


async def test_an_answer_that_is_no_http_is_an_error(serve: Serve) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 smtp.example ESMTP\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert "cannot be reached" in str(await refused(f"http://127.0.0.1:{port}/secret"))


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


def a_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


async def test_what_a_server_says_of_its_calendar_holds_no_half_character() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nETag: "\xff"\r\nLast-Modified: \xed\xa0\xbd\r\n\r\n')
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await fetch(f"http://127.0.0.1:{port}/", HERE)
    assert (found.etag, found.modified) == ('"?"', "???")
