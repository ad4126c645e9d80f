"""A model that hears one sentence, clips to hear it in, and a Vertelbot that listens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.settings import Speech
from tests.botapi import BotApi
from tests.chromium import CHROMIUM
from tests.end_to_end.kit import House, Phone, running, settings
from tests.media import parrot
from tests.replicas.conftest import url as url

collect_ignore_glob = [] if CHROMIUM else ["test_page.py"]

CLIPS = Path(__file__).parent / "clips"


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return parrot.make(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def clip() -> Callable[[str], bytes]:
    """A voice note by its name."""
    return lambda name: (CLIPS / f"{name}.ogg").read_bytes()


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(near=True) as api:
        yield api


@asynccontextmanager
async def listening(folder: Path, api: BotApi, model: Path) -> AsyncIterator[House]:
    """A Vertelbot that writes out what it hears."""
    given = settings(folder, telegram=api)
    speech = Speech(model=str(model), threads=1)
    async with running(folder, api, given=given.model_copy(update={"speech": speech})) as house:
        yield house


@pytest.fixture
async def house(tmp_path: Path, api: BotApi, model: Path) -> AsyncIterator[House]:
    async with listening(tmp_path, api, model) as house:
        yield house


@pytest.fixture
def alice(house: House) -> Phone:
    return house.phone("Alice")
