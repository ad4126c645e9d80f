"""However many stories a team keeps, what waits for its moderator is found by an index of that."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot
from storage.stories import reading
from tests.storage.stores import Store

TEAM = Coordinator("a", "team", "oost", "Alice")


async def test_what_waits_for_a_team_is_found_by_an_index_of_what_waits(
    sqlite_store: Store,
) -> None:
    ran: list[tuple[str, Any]] = []

    def run(_connection: object, _cursor: object, sql: str, given: Any, *_: object) -> None:
        ran.append((sql, given))

    def look(session: Snapshot) -> list[str]:
        connection = session.transaction
        event.listen(connection, "before_cursor_execute", run)
        reading.waiting(session, TEAM)
        reading.waits(session, TEAM, "waiting")
        reading.waits(session, TEAM, "serious")
        reading.due_days(session, TEAM)
        event.remove(connection, "before_cursor_execute", run)
        return [
            str(row[-1])
            for sql, given in ran
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)
            if "story" in row[-1]
        ]

    plans = await sqlite_store.database.read(look)
    indexes = ("ix_story_waiting (team_id=?)", "ix_story_held (team_id=?)")
    assert len(plans) == 5
    assert [each for each in plans if not each.endswith(indexes)] == []
