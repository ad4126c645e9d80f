"""Teams that are called the same in different municipalities stay apart."""

from __future__ import annotations

import re

from bot.meetings import agenda
from bot.meetings.model.labels import known_of
from storage.coordinators import teams
from tests.coordinators.digest.test_response_rate import meeting
from tests.coordinators.office import Office

HERE = "/coordinator/meetings"
VISIT = {
    "kind": "visite", "guest": "West", "day": "2026-11-24", "start": "14:00", "end": "16:00",
    "repeat": "",
}  # fmt: skip


async def plan(office: Office, host: str) -> str:
    """A visit that the association plans; its id."""
    chief = await office.login("association")
    named = {"unknown": host, "instead-0": "="}  # also when it is not clear
    await chief.post(HERE, {**VISIT, "host": host, **named})
    found = await office.store.database.read(agenda.listed)
    return found[-1].meeting.id


async def test_a_team_does_not_see_the_meetings_of_its_namesake(office: Office) -> None:
    await office.team("Noord", "Utrecht")
    other = office.teams.pop("Noord")
    await office.team("Noord", "Zwolle")
    visit = await plan(office, teams.full_name(other))
    person = await office.login("team", "Noord")
    assert "Utrecht" not in (await person.get(HERE))[1].split("<form")[0]
    assert (await person.get(f"{HERE}/{visit}/pdf"))[0] == 404
    assert (await person.post(f"{HERE}/{visit}/cancel")).status == 404


async def test_a_name_that_is_not_clear_is_for_the_association_alone(office: Office) -> None:
    await office.team("Noord", "Utrecht")
    await office.team("Noord", "Zwolle")
    visit = await plan(office, "Noord")
    person = await office.login("team", "Noord")
    assert (await person.get(f"{HERE}/{visit}/pdf"))[0] == 404


async def test_a_team_plans_under_the_name_that_means_it_alone(office: Office) -> None:
    await office.team("Noord", "Utrecht")
    await office.team("Noord", "Zwolle")
    person = await office.login("team", "Noord")
    _, page = await person.get(f"{HERE}/new?kind=visit")
    own = re.search(r'<option value="([^"]*)" selected', page)
    assert own is not None
    assert own[1] == "Noord (Zwolle)"
    answer = await person.post(HERE, {**VISIT, "host": own[1]})
    assert answer.headers["Location"].endswith("?done=added")
    alone = await office.login("team", "Oost")
    assert '<option value="Oost" selected' in (await alone.get(f"{HERE}/new?kind=visit"))[1]


def test_a_guide_knows_the_team_only_when_the_name_is_clear(office: Office) -> None:
    phrases = office.house.shelf.library.phrases("nl")
    here, there = (teams.Team(f"{town}-noord", "Noord", town, town) for town in ("a", "b"))
    west = teams.Team("a-west", "West", "a", "w")
    for name, found in (("noord", None), ("Noord (b)", "b-noord"), ("west", "a-west")):
        known = known_of(meeting(host_team=name), "host", phrases, (here, there, west))
        assert known.get("team_id") == found
