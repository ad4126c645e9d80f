"""Prompts on their way, killed at every commit and every send, by a server that also drops the
connection after executing: none comes twice, and what is in doubt is said.

Here and there by default; everywhere with `pytest --torture`.
"""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.meetings import agenda
from storage.engine.transaction import Transaction
from storage.meetings import meetings, prompts
from storage.people import people
from storage.weeks import week_of
from tests.botapi import BotApi
from tests.crash.kit import Kill, Nursery, nursery, telegram
from tests.end_to_end.kit import MovableClock, settings
from tests.meetings.prompts.kit import TUESDAY, group

PEOPLE = 4
LOST = 2
"""The message after so many is executed, but its answer is lost."""
MORNING = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


@pytest.fixture
async def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with prompts that are due, and the clock of the morning after the meeting."""
    folder = tmp_path / "seed"
    folder.mkdir()
    offset = tmp_path / "clock"
    offset.write_text(str((MORNING - datetime.now(UTC)).total_seconds()))
    monkeypatch.setenv("VERTELBOT_CLOCK_FILE", str(offset))
    async with App.opened(settings(folder), MovableClock(MORNING)) as app:
        await app.database.write(lambda c: _fill(c, app))
    return folder


def _fill(connection: Transaction, app: App) -> None:
    vault = app.services.vault
    made = agenda.add(connection, app.services, group(), TUESDAY)
    for number in range(PEOPLE):
        person = people.find_or_make(
            connection, "telegram", str(1001 + number), "nl", week_of(MORNING)
        )
        meetings.join(connection, made.id, person.id, "member")
        due = made.end + timedelta(hours=2)
        row = prompts.new_row(vault, person.id, made.id, "", "ask", made.end, due)
        prompts.add(connection, [row])


def _states(folder: Path) -> Counter[str]:
    with closing(sqlite3.connect(folder / "vertelbot.db", timeout=5.0)) as database:
        query = "SELECT state, count(*) FROM prompt WHERE kind = 'ask' GROUP BY state"
        return Counter(dict(database.execute(query).fetchall()))


async def sent(bots: Nursery, folder: Path, kill: Kill | None) -> tuple[Counter[str], bool]:
    """Let the prompts go out from a Vertelbot that dies at `kill` and is started again. How often
    each outcome was, and whether it died."""
    async with BotApi() as api:
        chats = [api.user(f"P{number}") for number in range(PEOPLE)]
        for person in chats:
            person.chat.started = True
        api.fault("sendMessage", "after", skip=LOST)
        await bots.start(folder, telegram(api), kill)
        died = False
        async with asyncio.timeout(60):
            while _states(folder).keys() - {"sent", "uncertain"}:
                await asyncio.sleep(0.01)
                if bots.dead:
                    assert not died, "it died twice"
                    died = True
                    await bots.start(folder, telegram(api), None)
        await bots.stop()
        got = [len(person.messages) for person in chats]
    states = _states(folder)
    found = Counter({"twice": sum(count > 1 for count in got), "uncertain": states["uncertain"]})
    found["never came"] = got.count(0)
    found["silently lost"] = max(0, states["sent"] - (PEOPLE - got.count(0)))
    return found, died


async def test_a_killed_bot_sends_no_prompt_twice_and_says_what_is_in_doubt(
    template: Path, tmp_path: Path, torture: bool
) -> None:
    total: Counter[str] = Counter()
    async with nursery() as bots:
        calm = Path(shutil.copytree(template, tmp_path / "calm"))
        found, _ = await sent(bots, calm, None)
        assert found["twice"] == found["never came"] == 0
        assert found["uncertain"] == 1
        passed = json.loads((calm / "tally.json").read_text())
        kills = [(point, n + 1) for point, count in passed.items() for n in range(count)]
        if not torture:
            draw = random.Random(7)  # one moment of each point
            kills = [draw.choice([k for k in kills if k[0] == point]) for point in passed]
        for number, kill in enumerate(kills):
            folder = Path(shutil.copytree(template, tmp_path / str(number)))
            found, died = await sent(bots, folder, kill)
            total += found + Counter({"kills": died})
            assert found["twice"] == 0, kill
            assert found["silently lost"] == 0, kill
            assert found["never came"] <= found["uncertain"], kill
            shutil.rmtree(folder)
    print(dict(total), f"of {len(kills)} tries with {PEOPLE} prompts each")
    assert total["kills"] > 0.7 * len(kills)
