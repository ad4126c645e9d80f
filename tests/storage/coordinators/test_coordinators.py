"""Coordinators log in once with a link, and out again; teams have links too."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from storage.coordinators import coordinators, logins, teams
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Transaction
from tests.storage.stores import NOW, Store

MINUTE = timedelta(minutes=1)


async def bob(store: Store) -> Coordinator:
    return await store.database.write(
        lambda c: coordinators.add(c, "association", "Bob", channel="telegram", address="99")
    )


async def test_a_coordinator_reads_back_and_can_change(store: Store) -> None:
    made = await bob(store)
    read = store.database.read
    assert await read(lambda s: coordinators.by_id(s, made.id)) == made
    changed = replace(made, name="Roberta")
    await store.database.write(lambda c: coordinators.save(c, changed))
    assert await read(coordinators.listed) == [changed]


@pytest.mark.parametrize(("role", "team"), [("association", "x"), ("team", ""), ("reader", "")])
async def test_a_role_and_a_team_must_fit(store: Store, role: Any, team: str) -> None:
    with pytest.raises(ValueError, match="team"):
        await store.database.write(lambda c: coordinators.add(c, role, "Bob", team=team))


async def test_a_role_of_a_team_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="no team with this id"):
        await store.database.write(lambda c: coordinators.add(c, "team", "Bob", team="nowhere"))


async def test_a_link_logs_in_once_and_for_a_quarter_of_an_hour(store: Store) -> None:
    made, write = await bob(store), store.database.write
    link = await write(lambda c: logins.make_link(c, made.id, NOW))
    late = await write(lambda c: logins.make_link(c, made.id, NOW))
    use = logins.use_link
    assert await write(lambda c: use(c, "guess", NOW)) is None
    assert await write(lambda c: use(c, link, NOW + 14 * MINUTE)) == made.id
    assert await write(lambda c: use(c, link, NOW + 14 * MINUTE)) is None
    assert await write(lambda c: use(c, late, NOW + 15 * MINUTE)) is None


async def test_a_session_lasts_until_its_end_or_until_it_is_ended(store: Store) -> None:
    made, write = await bob(store), store.database.write

    async def log_in() -> str:
        return await write(lambda c: logins.open_session(c, made.id, NOW, MINUTE))

    async def who(token: str, at: timedelta = timedelta(0)) -> Coordinator | None:
        return await store.database.read(lambda s: logins.in_session(s, token, NOW + at))

    first, second = await log_in(), await log_in()
    assert await who(first) == made
    assert await who(first, MINUTE) is None
    assert await who("guess") is None
    await write(lambda c: logins.end_session(c, first))
    assert [await who(first), await who(second)] == [None, made]
    assert await write(lambda c: logins.end_all_sessions(c, made.id)) == 1
    assert await who(second) is None


async def test_who_is_removed_is_logged_out(store: Store) -> None:
    made, write = await bob(store), store.database.write
    token = await write(lambda c: logins.open_session(c, made.id, NOW, MINUTE))
    assert await write(lambda c: coordinators.remove(c, made.id))
    assert not await write(lambda c: coordinators.remove(c, made.id))
    assert await store.database.read(
        lambda s: logins.in_session(s, token, NOW)
    ) is None  # fmt: skip


async def test_only_hashes_of_tokens_are_kept(store: Store) -> None:
    made = await bob(store)

    def log_in(connection: Transaction) -> tuple[list[str], list[str]]:
        tokens = [
            logins.make_link(connection, made.id, NOW),
            logins.open_session(connection, made.id, NOW, MINUTE),
        ]
        kept = [
            str(connection.execute(text(f"SELECT * FROM {name}")).all())
            for name in ("loginlink", "websession", "coordinator")
        ]
        return tokens, kept

    tokens, kept = await store.database.write(log_in)
    assert not any(token in row for token in [*tokens, "Bob"] for row in kept)


async def test_a_team_is_found_by_the_code_of_its_link(store: Store) -> None:
    team = await store.database.write(lambda c: teams.add(c, "Wijkteam Oost", "Zwolle"))
    assert await store.database.read(lambda s: teams.by_code(s, team.code)) == team
    assert await store.database.read(lambda s: teams.by_code(s, "guess")) is None
    assert await store.database.read(teams.all_teams) == [team]
