"""The places that tellers can choose from, while they are changed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.clock import Clock
from tests.end_to_end.kit import settings


async def test_what_was_read_earlier_never_comes_in_the_place_of_what_was_read_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, go = list[str](), asyncio.Event()
    async with App.opened(settings(tmp_path), Clock()) as app:
        read, follow = app.database.read, app.services.shelf.follow

        async def reading(query: Any) -> Any:
            done.append("read")
            await go.wait()
            return await read(query)

        def following(found: Any) -> None:
            done.append("follow")
            follow(found)

        monkeypatch.setattr(app.database, "read", reading)
        monkeypatch.setattr(app.services.shelf, "follow", following)
        both = [asyncio.create_task(app.refresh()) for _ in range(2)]
        for _ in range(5):
            await asyncio.sleep(0)
        go.set()
        await asyncio.gather(*both)
    one = done[: len(done) // 2]  # the teams are read and followed, then what guides follow
    assert one[:2] == ["read", "follow"]
    assert "follow" not in one[2:]
    assert done == one * 2
