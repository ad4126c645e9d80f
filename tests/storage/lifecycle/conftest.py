"""A filled store, and empty ones to restore it into."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from storage import meta, narrowings, tables
from storage.coordinators import audit, coordinators, logins, teams
from storage.engine.types import core
from storage.gate import publications
from storage.outbox import outbox
from storage.people import guide_versions, people, states
from tests.storage.stores import NOW, WEEK, Postgres, Store, open_store
from tests.storage.vault.test_erasure import fill


@pytest.fixture
async def full(store: Store) -> Store:
    """A store with something in every table."""
    await fill(store)

    def more(connection: Any) -> None:
        team = teams.add(connection, "Wijkteam Oost", "Zwolle")
        bob = coordinators.add(connection, "team", "Bob", team=team.id)
        logins.make_link(connection, bob.id, NOW)
        logins.open_session(connection, bob.id, NOW, NOW - NOW)
        guide_versions.remember(connection, "resident", "f00d", '{"title": "Één verhaal"}')
        audit.note(connection, bob, "search", NOW)
        narrowings.note(connection, WEEK, [team.id])
        part = publications.week_part(connection, "association", WEEK, 3, final=True)
        assert part is not None
        publications.let_out(connection, part)
        connection.execute(
            insert(core(tables.PublishedNumber)).values(
                period=WEEK,
                audience="association",
                part=2,
                scope="",
                dimension="story",
                value="",
                count=9,
                base=9,
            )
        )
        connection.execute(insert(core(tables.DigestSent)).values(coordinator_id=bob.id, week=WEEK))
        meta.put(connection, "telegram_offset", "42")
        outbox.put(
            connection, None, {"text": "dag"}, 0, "leave", "reply", NOW,
            to=("telegram", "-100", "nl"))  # fmt: skip
        for person in connection.execute(select(people.PERSON)).all()[:3]:
            states.set_timer(connection, person.id, "remind", 1, NOW)

    await store.database.write(more)
    return store


@pytest.fixture
async def targets(
    postgres: Postgres, tmp_path: Path, store: Store
) -> AsyncIterator[dict[str, Store]]:
    """Two empty stores with the key of `store`."""
    opened = {}
    for name, url in (
        ("sqlite", f"sqlite:///{tmp_path}/second.db"),
        ("postgresql", postgres.fresh()),
    ):
        opened[name] = await open_store(url, tmp_path)
    yield opened
    for target in opened.values():
        target.close()
