"""What all tests share: the options to accept changed transcripts, and to test for longer."""

from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from bot.guides import GuideStore
from conversations.guide.dwell_times import DwellTimes
from tests.chromium import browser, chromium, playwright, whole_chromium
from tests.memory import in_memory
from tests.once import do_once
from tests.storage.stores import Postgres

__all__ = ["browser", "chromium", "playwright", "whole_chromium"]

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # once for all processes that tests start
gc.disable()  # until all is imported: nothing of it can go
do_once()

GuideStore.dwell = DwellTimes(0, 0)
"""Nobody waits here before tapping but in the tests about that, which say so themselves."""

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
"""How long an example takes says something of the machine, and fails nothing."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write the transcripts as they go today")
    parser.addoption(
        "--torture", action="store_true", help="kill it everywhere, not only here and there"
    )


def pytest_configure() -> None:
    if (folder := in_memory()) is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


def pytest_collection_finish() -> None:
    """What was imported stays until the end: the collector need not look at it again and again."""
    gc.enable()
    gc.set_threshold(100_000, 20, 20)
    _stays()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Nor at what outlives the tests of some files. No file uses the databases of another."""
    if nextitem is not None and nextitem.path != item.path:
        if next(_files) % 10 == 0:
            _stays()
        for server in _servers:
            server.drop()


_files = itertools.count(1)
_servers: list[Postgres] = []


def _stays() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """A command sets it for its whole process: not for the tests after it."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real server for all tests of this process; each takes a fresh database of it."""
    server = Postgres(in_memory())
    _servers.append(server)
    yield server
    _servers.remove(server)
    server.close()


@pytest.fixture
def torture(request: pytest.FixtureRequest) -> bool:
    """Whether there is time for everything."""
    return bool(request.config.getoption("--torture"))
