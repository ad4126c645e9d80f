"""Chromium before the web chat. Without Chromium these tests are left out, which the summary says;
VERTELBOT_REQUIRE_BROWSER=1 makes that an error."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.browser.chat import Chat
from tests.browser.interview import Interview
from tests.channels.web.stage import Stage, staged

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("VERTELBOT_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
LEFT_OUT = "browser suite left out: no Chromium (VERTELBOT_REQUIRE_BROWSER=1 makes that an error)"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

if not CHROMIUM and os.environ.get("VERTELBOT_REQUIRE_BROWSER") == "1":
    raise pytest.UsageError("no Chromium: install it, or name it in VERTELBOT_CHROMIUM")

collect_ignore_glob = [] if CHROMIUM else ["test_*.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not CHROMIUM:
        terminalreporter.write_line(LEFT_OUT)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    interview = Interview()
    async with staged(interview.script) as stage:
        interview.stage = stage
        yield stage


class Devices:
    """Opens the chat on a device. Whatever goes wrong in a page fails the test at its end."""

    def __init__(self, browser: Browser, stage: Stage) -> None:
        self.browser = browser
        self.stage = stage
        self.wrong: list[str] = []
        self.hosts: set[str] = set()

    @asynccontextmanager
    async def context(self, **options: Any) -> AsyncIterator[Chat]:
        context = await self.browser.new_context(**{"locale": "nl-NL", **options})
        context.set_default_timeout(5000)
        try:
            yield await self.page(Chat(await context.new_page(), self.stage))
        finally:
            await context.close()

    async def page(self, chat: Chat, path: str = "/") -> Chat:
        self.watch(chat.page)
        await chat.page.goto(self.stage.url + path)
        return chat

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.wrong.append(message.text)
                if message.type == "error" and "Failed to load" not in message.text
                else None
            ),
        )
        page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))


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


@pytest_asyncio.fixture(loop_scope="session")
async def phone(devices: Devices) -> AsyncIterator[Chat]:
    async with devices.context(**PHONE) as chat:
        yield chat


@pytest_asyncio.fixture(loop_scope="session")
async def desktop(devices: Devices) -> AsyncIterator[Chat]:
    async with devices.context(viewport={"width": 1280, "height": 800}) as chat:
        yield chat
