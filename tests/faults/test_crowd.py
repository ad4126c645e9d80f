"""A thousand people at once: each message is kept, each person is answered, and in time."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path

from bot.app import App
from bot.clock import Clock
from tests.end_to_end.kit import settings
from tests.faults.kit import judge, messages, send_all


async def test_a_thousand_people_at_once(tmp_path: Path, torture: bool) -> None:
    persons = [str(number) for number in range(5000 if torture else 1000)]
    found = Counter(lost=0, twice=0, silent=0)
    async with App.opened(settings(tmp_path), Clock()) as app:
        began = time.perf_counter()
        await send_all(app.runner.accept, persons, found, 2)
        seconds = time.perf_counter() - began
        await judge(app, persons, found, 2)
        alone = messages("someone who comes later")[0]
        late = time.perf_counter()
        await asyncio.wait_for(app.runner.accept([alone]), 30)
        late = time.perf_counter() - late
    print(
        f"{len(persons)} people in {seconds:.1f} s, {found['tries'] / seconds:.0f} turns a second"
    )
    print(f"{dict(found)}; who comes after them waits {1000 * late:.1f} ms")
    assert (found["lost"], found["twice"], found["silent"], found["refused"]) == (0, 0, 0, 0)
