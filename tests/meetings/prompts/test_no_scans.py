"""However much is kept, no statement of a turn, the outbox or the clock reads a whole table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from storage import tables
from storage.engine import compiled
from tests.end_to_end.kit import Phone
from tests.end_to_end.scripts import RESIDENT, YES_TO_ALL, tell
from tests.meetings.prompts.kit import TUESDAY, Meetings, meeting
from tests.waiting import until

SMALL = {
    "team",
    "coordinator",
    "feed",
    "meta",
    "meeting",
    "guide_version",
    "guidepublication",
    "guideoverlay",
    "replica",
    "outboxcount",
}
"""Tables of a few rows, or looked at by the hour."""
PARTIAL = {
    index.name
    for table in tables.every().tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What is run on the database from now on, with the parameters of one time."""
    seen: dict[str, Any] = {}

    def run(_connection: object, _cursor: object, sql: str, parameters: Any, *_: object) -> None:
        seen[sql] = parameters

    def execute(connection: Any, sql: str, parameters: Any) -> Any:
        seen[sql] = parameters
        return straight(connection, sql, parameters)

    straight = compiled._on_driver
    monkeypatch.setattr(compiled, "_on_driver", execute)
    event.listen(Engine, "before_cursor_execute", run)
    yield seen
    event.remove(Engine, "before_cursor_execute", run)


async def test_what_happens_all_day_reads_no_whole_table(
    bot: Meetings, alice: Phone, statements: dict[str, Any]
) -> None:
    made = await bot.plan(meeting())
    await alice.say(f"/start {made.code}")
    await alice.tap("Ik ben te gast")
    await tell(bot.house.phone("Bob"), RESIDENT, YES_TO_ALL)
    ticker = bot.house.app.jobs.ticker
    await until(lambda: ticker._called["use"] and not ticker._busy)  # what is done once an hour
    statements.clear()
    await bot.until(TUESDAY + timedelta(hours=4))
    await alice.tap("Morgen")
    await bot.until(TUESDAY + timedelta(days=50))
    await tell(bot.house.phone("Carol"), RESIDENT, YES_TO_ALL)
    await bot.house.due()
    await bot.house.app.outbox._recover()
    found = scans(bot.house.folder / "vertelbot.db", statements)
    assert len(statements) > 40
    assert found == []


def scans(database: Any, statements: dict[str, Any]) -> list[str]:
    """The statements that look at every row of a large table, and how; without those with which the
    tests look on."""
    found = []
    with closing(sqlite3.connect(database)) as connection:
        for sql, parameters in statements.items():
            looks_on = sql.startswith("SELECT *") or "GROUP BY outbox.state" in sql
            if looks_on or sql.split()[0] not in ("SELECT", "UPDATE", "DELETE", "INSERT"):
                continue
            for *_, how in connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters):
                words = how.split()
                large = words[0] == "SCAN" and words[1] in tables.every().tables.keys() - SMALL
                if (large and not PARTIAL & set(words)) or how.endswith("(channel=?)"):
                    found.append(f"{how}: {sql}")
    return found
