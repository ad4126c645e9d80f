"""A server that answers as a test wants."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.meetings.calendar.feed_servers import Handler, Serve


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
