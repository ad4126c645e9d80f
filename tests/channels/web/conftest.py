"""A web chat with a short script, and two people before it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from bot.channels.base import Account, Arrival
from conversations.engine.effects import Button, Mark, Say
from conversations.engine.events import Tapped
from tests.channels.web.browser import Browser
from tests.channels.web.stage import Shown, Stage, staged


def greeting(arrival: Arrival) -> Sequence[Shown]:
    match arrival.event:
        case Account("start"):
            return [Say("Dag"), Say("Doet u mee?", (Button("o:yes", "Ja"),), turn=1)]
        case Tapped(1):
            return [Mark(1, "Ja"), Say("Fijn", turn=2)]
        case _:
            return []


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged(greeting) as stage:
        yield stage


@pytest.fixture
async def alice(stage: Stage) -> AsyncIterator[Browser]:
    browser = Browser(stage)
    yield browser
    await browser.session.close()


@pytest.fixture
async def bob(stage: Stage) -> AsyncIterator[Browser]:
    browser = Browser(stage)
    yield browser
    await browser.session.close()
