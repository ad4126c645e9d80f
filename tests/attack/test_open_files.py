"""The limit of open files is raised, or fewer pages are open: visitors without a page come in."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.operations.open_files import RESERVE
from tests.attack.visitors import Visitor, waited
from tests.end_to_end.kit import free_port, it_runs
from tests.forks import PIPE, forked

WITH_FEW_FILES = """
import resource, sys
from bot.__main__ import main
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
sys.exit(main(["run"]))
"""


@asynccontextmanager
async def vertelbot(folder: Path, soft: int, hard: int) -> AsyncIterator[tuple[str, Path]]:
    """A process that may have so many files open; where it is, and its log."""
    port, log = free_port(), folder / "log"
    environment = {
        **os.environ,
        "VERTELBOT_STORAGE__URL": f"sqlite:///{folder}/vertelbot.db",
        "VERTELBOT_PRIVACY__KEY_FILE": str(folder / "vertelbot.key"),
        "VERTELBOT_WEB__PORT": str(port),
    }
    with log.open("w") as out:
        process = await forked(
            "-c", WITH_FEW_FILES, str(soft), str(hard), env=environment, stdout=PIPE, stderr=out
        )
    try:
        async with asyncio.timeout(120):
            await it_runs(process)
        yield f"http://127.0.0.1:{port}", log
    finally:
        process.terminate()
        await process.wait()


async def as_many_as_go(visitor: Visitor) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Pages of as many browsers, until one is refused."""
    while True:
        visitor.another_browser()
        try:
            page = await visitor.connect()
        except aiohttp.WSServerHandshakeError:
            return
        await page.send_json({"t": "hello", "after": 0, "page": "p1"})
        yield page


@pytest.mark.parametrize(("soft", "hard", "pages"), [(300, 300, 150), (128, 1024, 512)])
async def test_more_pages_than_there_are_files_for_stop_nobody_else(
    tmp_path: Path, soft: int, hard: int, pages: int
) -> None:
    async with vertelbot(tmp_path, soft, hard) as (url, log):
        async with Visitor(url) as attacker, Visitor(url) as honest:
            opened = [page async for page in as_many_as_go(attacker)]
            assert len(opened) == pages
            with waited(f"the page, /ready and the chat beside {pages} pages"):
                assert await honest.get("/") == 200
                assert await honest.get("/ready") == 200
                await honest.hello()
        lines = log.read_text().splitlines()
    assert RESERVE == 512
    assert len(lines) < 5
    assert [line for line in lines if f"{pages} pages can be open at once" in line] == lines[:1]


HEAD = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /coordinator/login HTTP/1.1\r\nHost: localhost\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


IDLE = (
    b"",
    HEAD + b"X-A: ",
    HEAD + b"\r\n",
    HEAD + b"\r\n" + HEAD,
    POST + FORM + b"Content-Length: 9000\r\n\r\na",
)
"""Nothing, half a head, one request and no more, one and half of another, half a form."""


async def test_more_connections_than_there_are_files_for_stop_nobody_else(tmp_path: Path) -> None:
    async with vertelbot(tmp_path, 256, 256) as (url, log), Visitor(url) as honest:
        host, port = url.removeprefix("http://").split(":")
        writers = []
        for number in range(400):
            _, writer = await asyncio.open_connection(host, int(port), local_addr=("127.0.0.9", 0))
            writer.write(IDLE[number % len(IDLE)])
            writers.append(writer)
        with waited("the page, /ready and the chat beside 400 connections"):
            async with asyncio.timeout(5):
                assert await honest.get("/") == 200
                assert await honest.get("/ready") == 200
                await honest.hello()
        for writer in writers:
            writer.close()
        assert "system resource" not in log.read_text()
