"""Each test of the contract runs on a SQLite file and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.storage.stores import Postgres, Store, open_store


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/vertelbot.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.fresh()


@pytest.fixture
async def store(url: str, tmp_path: Path) -> AsyncIterator[Store]:
    opened = await open_store(url, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
async def sqlite_store(tmp_path: Path) -> AsyncIterator[Store]:
    """For what only a file can show."""
    opened = await open_store(f"sqlite:///{tmp_path}/vertelbot.db", tmp_path)
    yield opened
    opened.close()


@pytest.fixture
async def postgres_store(postgres: Postgres, tmp_path: Path) -> AsyncIterator[Store]:
    """For what only a server can show."""
    opened = await open_store(postgres.fresh(), tmp_path)
    yield opened
    opened.close()
