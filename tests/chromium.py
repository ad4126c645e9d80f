"""Chromium, started once for all tests of a process. Tests that look through it run in the loop of
the session, in which it lives."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest_asyncio

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NAMED = os.environ.get("VERTELBOT_CHROMIUM")
CHROMIUM = NAMED or next(filter(None, map(shutil.which, NAMES)), "")
"""With clipboard and notifications, which are of the windows around pages."""
SHELL = NAMED or (CHROMIUM and shutil.which("chromium-headless-shell")) or CHROMIUM
"""Draws the same pages without the windows, for a third of the work; where it is installed."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000
"""Milliseconds after which something in a page will not come any more, on the slowest machine."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    from playwright.async_api import async_playwright, expect

    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        yield playwright


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    browser = await playwright.chromium.launch(executable_path=SHELL, args=ARGUMENTS)
    yield browser
    await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def whole_chromium(playwright: Playwright, chromium: Browser) -> AsyncIterator[Browser]:
    """For what is around a page: the clipboard, notifications."""
    if SHELL == CHROMIUM:
        yield chromium
        return
    browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """The same, from which every window goes that a test opened."""
    before = chromium.contexts
    yield chromium
    for context in chromium.contexts:
        if context not in before:
            await context.close()
