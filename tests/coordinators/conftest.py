"""The stores of the storage tests serve here too."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.coordinators.charts import drawing
from bot.coordinators.charts.drawing import CannotDraw
from tests.chromium import CHROMIUM
from tests.coordinators.office import Office, close_office, open_office
from tests.end_to_end.conftest import api
from tests.storage.conftest import sqlite_store, store, url
from tests.storage.stores import Store

collect_ignore_glob = [] if CHROMIUM else ["test_in_chromium.py"]

__all__ = ["api", "sqlite_store", "store", "url"]


@pytest.fixture
async def office(sqlite_store: Store) -> AsyncIterator[Office]:
    """Served pages on a SQLite store with two teams."""
    opened = await open_office(sqlite_store)
    yield opened
    await close_office(opened)


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing to draw with: it takes seconds to start."""

    def nothing(_picture: object) -> str:
        raise CannotDraw("ModuleNotFoundError")

    monkeypatch.setattr(drawing, "drawn", nothing)
