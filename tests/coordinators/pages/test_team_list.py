"""The page of teams: changed by the association alone, and nobody reads more because of it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from storage import tables
from storage.coordinators import audit, coordinators, teams
from storage.engine.transaction import Snapshot
from storage.engine.types import core
from storage.stories.permissions import may_export, may_moderate, may_read
from tests.coordinators.office import PURPOSES, Office

HERE = "/coordinator/teams"
STORY = core(tables.Story)
Seen = dict[str, tuple[frozenset[str], ...]]


async def seen(office: Office) -> Seen:
    """What each coordinator may read, moderate and take along."""

    def read(session: Snapshot) -> Seen:
        found = {}
        for who in coordinators.listed(session):
            rules = (may_read(who), may_moderate(who), may_export(who, "team"))
            found[who.id] = tuple(
                frozenset(session.execute(select(STORY.c.id).where(rule)).scalars())
                for rule in rules
            )
        return found

    return await office.store.database.read(read)


def changes(office: Office) -> list[tuple[str, dict[str, str]]]:
    oost, west = (f"{HERE}/{office.teams[name].id}" for name in ("Oost", "West"))
    into = {"into": office.teams["West"].id, "sure": "yes"}
    return [
        (f"{oost}/rename", {"name": "Zuid"}),
        (f"{oost}/merge", into),
        (f"{oost}/reopen", {}),
        (f"{west}/close", {"sure": "yes"}),
        (HERE, {"name": "Oost", "municipality": "Zwolle"}),
        (HERE, {"name": "West", "municipality": "Zwolle"}),
    ]


async def test_no_change_of_teams_lets_anybody_read_more_or_less(office: Office) -> None:
    for role, team in (("team", "Oost"), ("team", "West"), ("reader", "Oost"), ("reader", "West")):
        await office.coordinator(role, team)  # type: ignore[arg-type]  # a role
    for team in ("Oost", "West"):
        for rung in PURPOSES:
            for reviewed in (False, True):
                await office.tell(team, rung, reviewed=reviewed)
    chief = await office.login("association")
    before = await seen(office)
    assert len({readable for readable, *_ in before.values()}) == 5
    for path, form in changes(office):
        answer = await chief.post(path, form)
        assert answer.status == 303, path
        assert await seen(office) == before, path
        _, page = await chief.get(answer.headers["Location"])
        assert 'role="status"' in page
    hired = {"name": "Ann", "role": "team", "team": office.teams["West"].id, "address": ""}
    assert (await chief.post("/coordinator/people", hired)).status == 400
    actions = [line.action for line in await office.store.database.read(audit.entries)]
    assert [each for each in actions if each.startswith("team_")] == [
        "team_added", "team_added", "team_closed", "team_reopened", "team_merged", "team_renamed",
    ]  # fmt: skip


async def test_a_new_team_with_an_old_name_reads_nothing_of_before(office: Office) -> None:
    await office.tell("Oost", "team", reviewed=True)
    chief = await office.login("association")
    await chief.post(f"{HERE}/{office.teams['Oost'].id}/close", {"sure": "yes"})
    answer = await chief.post(HERE, {"name": "Oost", "municipality": "Zwolle"})
    young = answer.headers["Location"].removeprefix(f"{HERE}/").partition("?")[0]
    who = await office.store.database.write(
        lambda c: coordinators.add(c, "team", "Ann", team=young)
    )
    assert (await seen(office))[who.id] == (frozenset(),) * 3


@pytest.mark.parametrize("act", ["merge", "close"])
async def test_what_cannot_be_seen_at_once_is_asked_first(office: Office, act: str) -> None:
    chief = await office.login("association")
    oost, west = office.teams["Oost"], office.teams["West"]
    answer = await chief.post(f"{HERE}/{oost.id}/{act}", {"into": west.id})
    shown = await answer.text()
    assert "blijven bij wie ze nu al leest" in shown
    assert oost in await office.store.database.read(teams.open_teams)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown))
    assert (await chief.post(f"{HERE}/{oost.id}/{act}", hidden)).status == 303
    assert oost.id not in {t.id for t in await office.store.database.read(teams.open_teams)}
    assert office.house.shelf.places.towns[0].teams[0].id == west.id
    wrong = await chief.post(f"{HERE}/{west.id}/merge", {"into": oost.id})
    assert "Kies een ander team" in await wrong.text()


async def test_a_problem_is_said_and_changes_nothing(office: Office) -> None:
    chief = await office.login("association")
    before = await office.store.database.read(teams.all_teams)
    oost = f"{HERE}/{office.teams['Oost'].id}"
    for path, form in (
        (HERE, {"name": "oost", "municipality": "Zwolle"}),
        (HERE, {"name": " ", "municipality": "Zwolle"}),
        (f"{oost}/rename", {"name": "West"}),
        (f"{oost}/reopen", {}),
        (f"{oost}/merge", {"into": office.teams["Oost"].id}),
    ):
        answer = await chief.post(path, form)
        assert answer.status == 400, path
        assert 'role="alert"' in await answer.text()
    assert await office.store.database.read(teams.all_teams) == before


async def test_who_was_of_a_closed_team_goes_on_reading_and_sees_its_name(office: Office) -> None:
    story = await office.tell("West", "team", reviewed=True)
    reader, chief = await office.login("team", "West"), await office.login("association")
    into = {"into": office.teams["Oost"].id, "sure": "yes"}
    await chief.post(f"{HERE}/{office.teams['West'].id}/merge", into)
    for path in ("", "/stories", "/digest", "/patterns", "/meetings", "/files", "/people"):
        status, page = await reader.get(f"/coordinator{path}")
        assert status == 200, path
        assert ">zwolle-west" not in page, path
    assert (await reader.get(f"/coordinator/story/{story}"))[0] == 200
    assert "nu Oost" in (await reader.get(HERE))[1]
    _, digest = await reader.get("/coordinator/digest")
    assert "West" in digest
    other = await office.login("team", "Oost")
    assert (await other.get(f"/coordinator/story/{story}"))[0] == 404


async def test_each_open_team_has_a_poster_for_who_may_see_its_link(office: Office) -> None:
    oost, west = (f"{HERE}/{office.teams[name].id}" for name in ("Oost", "West"))
    chief, reader = await office.login("association"), await office.login("reader", "Oost")
    for kind, begins in (("pdf", b"%PDF"), ("png", b"\x89PNG"), ("svg", b"<svg")):
        async with chief.client.get(f"{oost}/{kind}") as drawn:
            assert (await drawn.read()).startswith(begins)
        assert (await reader.get(f"{west}/{kind}"))[0] == 404
    async with reader.client.get(f"{oost}/svg") as drawn:
        assert drawn.status == 200
    await chief.post(f"{oost}/close", {"sure": "yes"})
    assert (await chief.get(f"{oost}/pdf"))[0] == 404


async def test_html_in_a_name_is_only_text(office: Office) -> None:
    chief = await office.login("association")
    answer = await chief.post(HERE, {"name": "<script>alert(1)</script>", "municipality": "<b>"})
    for path in (HERE, answer.headers["Location"], "/coordinator/people"):
        _, page = await chief.get(path)
        assert "<script>alert" not in page
        assert "<b>" not in page
