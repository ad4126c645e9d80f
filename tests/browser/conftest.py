"""Chromium before the web chat. Without Chromium these tests are left out, which the summary says;
VERTELBOT_REQUIRE_BROWSER=1 makes that an error."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page

from tests.browser.chat import Chat
from tests.browser.interview import Interview
from tests.channels.web.stage import Stage, staged
from tests.chromium import CHROMIUM, PATIENCE

LEFT_OUT = "browser suite left out: no Chromium (VERTELBOT_REQUIRE_BROWSER=1 makes that an error)"

if not CHROMIUM and os.environ.get("VERTELBOT_REQUIRE_BROWSER") == "1":
    raise pytest.UsageError("no Chromium: install it, or name it in VERTELBOT_CHROMIUM")

collect_ignore_glob = [] if CHROMIUM else ["test_*.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not CHROMIUM:
        terminalreporter.write_line(LEFT_OUT)


@pytest_asyncio.fixture(loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    interview = Interview()
    async with staged(interview.script) as stage:
        interview.stage = stage
        yield stage


class Windows:
    """Windows that stay open for all tests, since to open one takes longer than most of them."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._pages: dict[str, Page] = {}

    async def page(self, name: str, options: dict[str, Any]) -> Page:
        if name not in self._pages or self._pages[name].is_closed():
            context = await self._browser.new_context(**{"locale": "nl-NL", **options})
            context.set_default_timeout(PATIENCE)
            self._pages[name] = await context.new_page()
        return self._pages[name]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def windows(chromium: Browser) -> Windows:
    return Windows(chromium)


class Devices:
    """Opens the chat on a device. Whatever goes wrong in a page fails the test at its end."""

    def __init__(self, browser: Browser, stage: Stage) -> None:
        self.browser = browser
        self.stage = stage
        self.wrong: list[str] = []
        self.hosts: set[str] = set()
        self._listening: dict[Page, list[tuple[Any, Callable[[Any], None]]]] = {}

    @asynccontextmanager
    async def context(self, **options: Any) -> AsyncIterator[Chat]:
        context = await self.browser.new_context(**{"locale": "nl-NL", **options})
        context.set_default_timeout(PATIENCE)
        try:
            yield await self.page(Chat(await context.new_page(), self.stage))
        finally:
            await context.close()

    @asynccontextmanager
    async def window(self, page: Page) -> AsyncIterator[Chat]:
        """The chat in a window that is open already; afterwards nothing stays in it. What cannot
        be undone in a page, such as a script that runs first, is for a `context` of its own."""
        try:
            yield await self.page(Chat(page, self.stage))
        finally:
            await self._left(page)

    async def _left(self, page: Page) -> None:
        context = page.context
        for name, listener in self._listening.pop(page, ()):
            page.remove_listener(name, listener)
        for other in context.pages:
            if other is not page:
                await other.close()
        if page.is_closed():
            await context.close()
            return
        await context.set_offline(False)
        await page.mouse.move(0, 0)
        await page.goto("about:blank")
        await context.clear_cookies()
        told = await context.new_cdp_session(page)
        every = {"origin": self.stage.url, "storageTypes": "all"}
        await told.send("Storage.clearDataForOrigin", every)
        await told.detach()

    async def page(self, chat: Chat, path: str = "/") -> Chat:
        self.watch(chat.page)
        await chat.page.goto(self.stage.url + path)
        return chat

    def watch(self, page: Page) -> None:
        if page in self._listening:
            return
        self._listening[page] = [
            ("pageerror", lambda error: self.wrong.append(str(error))),
            ("console", self._said),
            ("request", lambda request: self.hosts.add(request.url.split("/")[2])),
        ]
        for name, listener in self._listening[page]:
            page.on(name, listener)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load" not in message.text:
            self.wrong.append(message.text)


@pytest_asyncio.fixture(loop_scope="session")
async def devices(chromium: Browser, stage: Stage) -> AsyncIterator[Devices]:
    devices = Devices(chromium, stage)
    yield devices
    expected = ("WebSocket connection to",)
    assert [text for text in devices.wrong if not text.startswith(expected)] == []
    assert devices.hosts <= {f"127.0.0.1:{stage.port}"}


PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}


@pytest_asyncio.fixture(loop_scope="session")
async def phone(devices: Devices, windows: Windows) -> AsyncIterator[Chat]:
    async with devices.window(await windows.page("phone", PHONE)) as chat:
        yield chat


@pytest_asyncio.fixture(loop_scope="session")
async def desktop(devices: Devices, windows: Windows) -> AsyncIterator[Chat]:
    async with devices.window(await windows.page("desktop", DESKTOP)) as chat:
        yield chat
