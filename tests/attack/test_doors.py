"""Every door of the server, pushed: forged posts, strange paths and headers, guessed codes."""

from __future__ import annotations

import asyncio
import io
from collections import Counter, defaultdict
from contextlib import suppress

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from bot.channels.telegram.updates import arrivals
from bot.channels.web.cookies import OLD_COOKIE
from bot.channels.web.frames import BadFrame, read_frame
from tests.attack.visitors import Visitor
from tests.end_to_end.kit import House
from tests.end_to_end.scripts import RESIDENT, YES_TO_ALL, tell

PATHS = (
    "/static/../../etc/passwd",
    "/static/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%2f..%2fpyproject.toml",
    "/static//etc/passwd",
    "/static/chat.css%00.html",
    "/m/" + "x" * 200,
    "/m/%0d%0aSet-Cookie:%20a=b",
    "/t/..%2f..%2f",
    "/coordinator/story/../../x",
    "/coordinator/login/" + "a" * 43,
    "/coordinator/%3Cscript%3E",
    "/telegram",
    "/nothing-here",
    "/?" + "a=b&" * 500,
)
HEADERS = (
    {"Host": "evil.example"},
    {"Origin": "https://evil.example"},
    {"X-Forwarded-For": "127.0.0.1, ::1"},
    {"X-Forwarded-Host": "evil.example"},
    {"Cookie": "vertelbot=" + "x" * 3000},
    {"Cookie": "=; ;;,"},
    {"Accept-Language": "nl-" + "x" * 5000},
    {"Accept-Language": "../../etc/passwd, <script>;q=9"},
    {"Range": "bytes=0-99999999999999"},
    {"Content-Length": "0"},
)


@pytest.mark.parametrize("path", PATHS)
async def test_a_strange_path_finds_nothing_and_breaks_nothing(house: House, path: str) -> None:
    async with aiohttp.ClientSession() as session:
        url = URL(house.url + path, encoded=True)
        async with session.get(url, allow_redirects=False) as answer:
            body = await answer.text()
            assert answer.status < 500
            assert "root:" not in body
            assert "[project]" not in body
            assert "<script>" not in body.partition("<body")[2].replace('<script src="', "")
            assert "Set-Cookie: a" not in str(answer.headers)
    await house.settle()


BROKEN = (
    b"--a\r\nno header\r\n--", b"no part", b"--a\r\nContent-Type: text/plain\r\n\r\nx\r\n--a--",
    b"--a\r\nContent-Disposition: form-data; name=x\r\nContent-Length: zz\r\n\r\nq\r\n--a--",
)  # fmt: skip
"""Forms in parts that no browser sends."""


def posted(house: House) -> set[str]:
    """Every address that takes a form or a file."""
    gaps = defaultdict(lambda: "x", token="a" * 43, id="0" * 32, number="0", door="m")
    return {
        route.resource.canonical.format_map(gaps)
        for route in house.app._pages().router.routes()
        if route.method == "POST" and route.resource is not None
    }


async def test_a_broken_form_is_the_fault_of_who_sent_it_at_every_address(house: House) -> None:
    """Otherwise each is an error in the log, which anybody may fill."""
    posts = posted(house)
    head = {"Content-Type": "multipart/form-data; boundary=a"}
    failed = []
    async with aiohttp.ClientSession() as session:
        for path in sorted(posts):
            for body in BROKEN:
                async with session.post(house.url + path, data=body, headers=head) as answer:
                    if answer.status == 500:
                        failed.append((path, body))
    assert posts
    assert failed == []


TOO_MUCH = b"a=" + b"b" * 2_200_000


async def test_whoever_is_refused_reads_why_in_their_language_at_every_address(
    house: House,
) -> None:
    head = {"Accept": "text/html", "Accept-Language": "nl"}
    form = {"Content-Type": "application/x-www-form-urlencoded", **head}
    bare, seen = [], Counter[int]()
    async with aiohttp.ClientSession(headers=head) as session:
        for path in sorted(posted(house) - {"/telegram", "/whatsapp"}):
            for method, data in (("POST", TOO_MUCH), ("PATCH", b"")):
                asked = session.request(
                    method, house.url + path, data=io.BytesIO(data), headers=form
                )
                async with asked as answer:
                    seen[answer.status] += 1
                    page = "text/html" in answer.content_type and 'lang="nl"' in await answer.text()
                    if answer.status >= 400 and not page:
                        bare.append((method, path, answer.status))
    assert bare == []
    assert seen[413]


NO_HTTP = (
    b"GET / HTTP/1.1\r\nBad Header\r\n\r\n", b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01", b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n\x16\x03\x01",
    b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", b"SSH-2.0-x\r\n",
)  # fmt: skip


async def test_who_breaks_off_or_speaks_no_http_writes_nothing_into_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    head = (
        f"Host: x\r\nOrigin: {house.url}\r\nX-Message: m\r\nContent-Length: 9\r\n"
        "Expect: 100-continue\r\n"
        f"Cookie: {OLD_COOKIE}={house.app.web.cookies.new_address()}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nAccept: text/html\r\n\r\na=b"
    )
    half = [f"POST {path} HTTP/1.1\r\n{head}".encode() for path in sorted(posted(house))]
    for sent in (*NO_HTTP, *half):
        reader, writer = await asyncio.open_connection("127.0.0.1", URL(house.url).port)
        writer.write(sent)
        await writer.drain()
        if sent in half:
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.transport.abort()
        else:
            writer.write_eof()
            await reader.read()
            writer.close()
    async with Visitor(house.url) as visitor:
        await visitor.hello()  # reads from the database, as those who broke off did
    await house.settle()
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize("headers", HEADERS)
async def test_a_strange_header_changes_nothing(house: House, headers: dict[str, str]) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(house.url + "/", headers=headers) as answer:
            body = await answer.text()
            assert answer.status < 500
            assert "evil.example" not in body
            if answer.status == 200:
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        async with session.get(house.url + "/health") as answer:
            assert answer.status == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "http://[", "null", ""])
async def test_another_site_opens_no_socket_and_wipes_nothing(house: House, origin: str) -> None:
    async with aiohttp.ClientSession() as session:
        headers = {"Origin": origin} if origin else {}
        async with session.post(house.url + "/wipe", headers=headers) as answer:
            assert answer.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await session.ws_connect(house.url + "/ws", headers=headers)


async def test_codes_cannot_be_guessed_by_trying(house: House) -> None:
    alice, eve = house.phone("Alice"), house.phone("Eve")
    await tell(alice, RESIDENT, YES_TO_ALL)
    await eve.say("/start")
    said = len(eve.sentences)
    for number in range(12):
        await eve.say("/mijnverhalen", f"appel boom fiets huis {'kat' * (number + 1)}")
        await eve.say("aardbei baken cactus dadel eland")
    answers = eve.since(said)
    assert not [each for each in answers if "De stoel bij het raam" in each]
    assert await house.count("story") == 1


@pytest.mark.parametrize("payload", ["x" * 64, "t_0", "m" * 40, "../..", "🙂" * 10, "' OR 1=1 --"])
async def test_a_guessed_link_opens_an_ordinary_conversation(house: House, payload: str) -> None:
    eve = house.phone("Eve")
    await eve.say(f"/start {payload}")
    assert eve.last.labels
    assert await house.count("member") == 0


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)
fields = st.sampled_from(
    ["message", "edited_message", "callback_query", "my_chat_member", "channel_post", "update_id"]
)
parts = st.fixed_dictionaries(
    {},
    optional={
        "message_id": anything,
        "from": anything,
        "chat": anything | st.fixed_dictionaries({"id": st.integers(), "type": anything}),
        "text": anything,
        "data": anything,
        "date": anything,
        "voice": anything,
        "photo": anything,
        "new_chat_member": anything,
    },
)


@given(st.dictionaries(fields, parts | anything, max_size=3), st.integers())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_no_update_does_more_than_be_left_out(update: dict[str, object], number: int) -> None:
    left_out = (KeyError, TypeError, ValueError, AttributeError)  # what the channel catches
    with suppress(*left_out):
        arrivals({**update, "update_id": number}, {})


@given(st.text() | st.dictionaries(st.text(max_size=9), anything).map(repr))
@settings(max_examples=300)
def test_no_frame_does_more_than_be_refused(text: str) -> None:
    with suppress(BadFrame):
        read_frame(text)


async def test_short_codes_are_not_to_be_found_by_trying_them_all(house: House) -> None:
    """Of a session and of a card: one network cannot try many, and a hall that scans one code is
    let in."""
    for path in ("/s/BCDFGH", "/k/BCDFGHJK"):
        async with Visitor(house.url) as attacker, Visitor(house.url) as honest:
            tried = Counter([await attacker.get(path) for _ in range(330)])
            assert await honest.get(path) == 200
        assert 300 <= tried[200] < 330
        assert tried[429] > 10
