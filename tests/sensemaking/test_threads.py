"""Visits and learning groups as threads: what was told around them is said only of many, and a
question is read by its team until that lets it travel."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.meetings import agenda
from bot.meetings.model.meeting import Meeting
from storage.engine.transaction import Transaction
from storage.stories import moderation, relays, stories, withdrawals
from storage.weeks import week_of
from tests.coordinators.office import Office
from tests.storage.stores import consent

HERE = "/coordinator/threads"
PAIR = f"{HERE}/visit.zwolle-oost.zwolle-west"
ASKED = "Wie belt er bij jullie terug?"
K = 5


async def plan(office: Office, weeks: int, **changes: Any) -> Meeting:
    start = office.clock.now() + timedelta(weeks=weeks)
    facts: dict[str, Any] = {
        "uid": f"{weeks}{changes}", "kind": "visit", "title": "Visite", "start": start,
        "end": start + timedelta(hours=2), "tz": "Europe/Amsterdam",
        "host_team": "Oost", "guest_team": "West",
    }  # fmt: skip
    one = Meeting(**(facts | changes))
    return await office.store.database.write(
        lambda c: agenda.add(c, office.house, one, office.clock.now())
    )


async def asked(office: Office, left: Meeting, following: Meeting | None) -> tuple[str, str]:
    """A question that a guest of West left at Oost: its story, and its own id."""
    story = await office.tell(
        "West", "keep", guide="after_visit_guest", kind="visit_guest",
        words={"question_left": ASKED},
    )  # fmt: skip
    now = office.clock.now()
    meetings = left.id, following.id if following else ""
    oost = office.teams["Oost"].id

    def offer(connection: Transaction) -> None:
        stories.record(connection, story, consent("relay", "yes"))
        relays.offer(connection, story, oost, meetings, now)

    await office.store.database.write(offer)
    (found,) = await office.store.database.read(lambda s: relays.left_at(s, [left.id]))
    return story, found.id


async def test_both_ways_a_visit_is_one_thread_and_only_its_teams_see_it(office: Office) -> None:
    await office.team("Noord")
    await plan(office, -3)
    await plan(office, -1, host_team="West", guest_team="Oost")
    group: dict[str, Any] = {"kind": "learning_group", "host_team": "", "guest_team": ""}
    await plan(office, -2, title="Jeugd", teams=("Oost", "Noord"), **group)
    for role, team, seen in (
        ("association", "", {"Oost – West", "Jeugd"}),
        ("reader", "Oost", {"Oost – West", "Jeugd"}),
        ("team", "Noord", {"Jeugd"}),
        ("team", "West", {"Oost – West"}),
    ):
        person = await office.login(role, team)  # type: ignore[arg-type]
        _, page = await person.get(HERE)
        assert {name for name in ("Oost – West", "Jeugd") if f"<strong>{name}<" in page} == seen
        assert (await person.get(PAIR))[0] == (200 if "Oost – West" in seen else 404)
    assert "2 keer bijeen" in (await person.get(PAIR))[1]


@pytest.mark.parametrize("many", [K - 1, K + 1])
async def test_of_a_few_stories_around_it_nothing_is_said(office: Office, many: int) -> None:
    await plan(office, -1)
    week = week_of(office.clock.now() - timedelta(weeks=1))
    for _ in range(many):
        await office.tell(
            "West", week=week, guide="after_visit_guest", kind="visit_guest", reviewed=True
        )
    await office.tell("West", week=week, reviewed=True)  # of a resident: not of the visit
    bob = await office.login("team", "West")
    _, page = await bob.get(PAIR)
    assert ("Minder dan 5 verhalen, of geen." in page) is (many < K)
    assert (f"{many} verhalen rond deze bijeenkomsten" in page) is (many >= K)
    assert (f"Van gasten: {many}" in page) is (many >= K)


async def test_a_question_is_its_hosts_until_it_travels(office: Office) -> None:
    left, following = await plan(office, -1), await plan(office, 2, guest_team="")
    story, question = await asked(office, left, following)
    oost, west = await office.login("team", "Oost"), await office.login("team", "West")
    bob, reader = await office.login("association"), await office.login("reader", "Oost")
    for person, reads in ((oost, True), (reader, True), (west, False), (bob, False)):
        _, page = await person.get(PAIR)
        assert (ASKED in page) is reads
        assert "Aangeboden aan Oost" in page
    assert "1 vraag van een gast wacht op jullie" in (await oost.get("/coordinator"))[1]
    assert "wacht op jullie" not in (await west.get("/coordinator"))[1]
    form = {"question": question, "do": "travel", "next": following.id}
    for person, status in ((west, 404), (bob, 404), (reader, 403)):
        assert (await person.post(f"{PAIR}/question", form)).status == status
    assert (await oost.post(f"{PAIR}/question", form | {"next": left.id})).status == 404
    assert (await oost.post(f"{PAIR}/question", form)).status == 303
    assert ASKED in (await bob.get(PAIR))[1]
    assert "Reist mee naar de visite van" in (await bob.get(PAIR))[1]
    _, page = await west.get(PAIR)  # West is not at that visit
    assert "Reist mee naar een volgende visite" in page
    assert ASKED not in page
    assert "wacht op jullie" not in (await oost.get("/coordinator"))[1]
    log = office.store.log
    await office.store.database.write(
        lambda c: withdrawals.withdraw(c, story, log, week_of(office.clock.now()))
    )
    for person in (oost, bob):
        assert ASKED not in (await person.get(PAIR))[1]


@pytest.mark.parametrize("how", ["no", "held", "declined"])
async def test_a_question_that_may_not_travel_opens_no_visit(office: Office, how: str) -> None:
    left, following = await plan(office, -1), await plan(office, 2)
    story, question = await asked(office, left, following)
    oost = await office.login("team", "Oost")
    form = {"question": question, "do": "travel", "next": following.id}
    await oost.post(f"{PAIR}/question", form)

    async def opens() -> int:
        return len(await office.store.database.read(lambda s: relays.opening(s, following.id)))

    assert await opens() == 1
    if how == "declined":
        await oost.post(f"{PAIR}/question", form | {"do": "decline"})
    elif how == "no":
        await office.store.database.write(
            lambda c: stories.record(c, story, consent("relay", "no"))
        )
    else:
        await office.store.database.write(lambda c: moderation.set_state(c, story, "held"))
    assert await opens() == 0
