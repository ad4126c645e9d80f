"""The stores of the storage tests serve here too. The helper process begins at once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.helper import helper_process
from tests.forks import DEVNULL, PIPE, Fork, forked, orders
from tests.storage.conftest import sqlite_store, store, url

__all__ = ["sqlite_store", "store", "url"]

started = helper_process._started


async def at_once(patience: str, environment: Mapping[str, str]) -> Fork:
    """The same process, forked from one that has read what it would read."""
    return await forked(
        *("-m", "bot.helper", patience), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment
    )


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    orders()  # to a process that is there before a test counts what it began
    monkeypatch.setattr(helper_process, "_started", at_once)


@pytest.fixture
def as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """It begins as the product begins it."""
    monkeypatch.setattr(helper_process, "_started", started)
