"""Fetching a calendar, from servers that are kind and from servers that are not."""

from __future__ import annotations

import asyncio
import gzip

import pytest
from aiohttp import web

from bot.meetings.calendar.fetch import FeedRules, fetch
from bot.meetings.calendar.ics_reader import read_calendar
from tests.meetings.calendar.feed_servers import HERE, Serve, refused
from tests.meetings.calendar.feeds import feed


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


async def test_what_a_server_says_of_its_calendar_holds_no_half_character() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nETag: "\xff"\r\nLast-Modified: \xed\xa0\xbd\r\n\r\n')
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await fetch(f"http://127.0.0.1:{port}/", HERE)
    assert (found.etag, found.modified) == ('"?"', "???")
