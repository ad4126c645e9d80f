"""Two coordinators with one story open, and forms that come twice."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

import pytest

from storage.coordinators import audit, coordinators
from storage.engine.transaction import Transaction
from storage.outbox import queue
from storage.stories import moderation, stories, withdrawals
from storage.stories.moderation import Note
from tests.coordinators.office import Office
from tests.coordinators.pages.test_queue import form_of, links, press
from tests.storage.stores import WEEK, consent

DUE = "2026-11-30"
ACTS = ("clear", "hold", "serious", "take-out")


async def standing(office: Office, story_id: str) -> tuple[str, bool, Note]:
    return await office.store.database.read(lambda s: moderation.standing(s, story_id))


@pytest.mark.parametrize("act", ACTS)
async def test_a_decision_counts_for_the_story_as_it_was_shown_and_for_no_other(
    office: Office, act: str
) -> None:
    """A colleague handed it to a person meanwhile: that stays, and whoever comes second sees it."""
    story_id = await office.tell("Oost", text="Ik sprak met Kees de Boer in Zwolle.")
    alice = await office.login("team", "Oost", "Alice")
    bob = await office.coordinator("team", "Oost", "Bob")
    _, page = await alice.get(f"/coordinator/story/{story_id}?state=waiting")
    address, hidden = form_of(page, act)
    note = Note("Bel haar", bob.id, DUE)
    handed_on = partial(moderation.set_state, story_id=story_id, state="serious", note=note)
    await office.store.database.write(handed_on)
    typed = {"note": "Anders", "who": bob.id, "due": "2026-12-24", "mark": "text:0:2"}
    answer = await alice.post(address, {**hidden, **typed})
    assert answer.status == 200
    assert "intussen veranderd" in await answer.text()
    assert await standing(office, story_id) == ("serious", False, note)


async def test_nobody_clears_words_that_its_teller_changed_meanwhile(office: Office) -> None:
    """Other teams read what a moderator looked at: never what came in its place."""
    story_id = await office.tell("Oost", "network")
    alice = await office.login("team", "Oost")
    _, page = await alice.get(f"/coordinator/story/{story_id}?state=waiting")
    address, hidden = form_of(page, "clear")
    told = replace((await office.story(story_id)).telling, text="Heel anders, met een naam.")

    def change(connection: Transaction) -> None:
        stories.keep(connection, told, consent(), WEEK, story_id=story_id)
        for purpose in ("team", "network"):
            stories.record(connection, story_id, consent(purpose))

    await office.store.database.write(change)
    office.clock.move(seconds=2)
    answer = await alice.post(address, hidden)
    assert answer.status == 200
    assert (await standing(office, story_id))[1] is False
    _, page = await alice.get(f"/coordinator/story/{story_id}?state=waiting")
    office.clock.move(seconds=2)
    assert (await alice.post(*form_of(page, "clear"))).status == 303
    assert (await standing(office, story_id))[1] is True


@pytest.mark.parametrize("act", ["clear", "hold", "serious"])
async def test_a_form_that_comes_twice_is_done_once_and_goes_on(office: Office, act: str) -> None:
    story_id = await office.tell("Oost")
    alice = await office.login("team", "Oost")
    bob = await office.coordinator("team", "Oost", "Bob")
    _, page = await alice.get(f"/coordinator/story/{story_id}?state=waiting")
    address, hidden = form_of(page, act)
    office.clock.move(seconds=2)
    typed = {"note": "Bel haar", "who": bob.id, "due": DUE}
    answers = [await alice.post(address, {**hidden, **typed}) for _ in range(2)]
    assert [answer.status for answer in answers] == [303, 303]
    lines = await office.store.database.read(lambda s: audit.of_story(s, story_id))
    done = {"clear": "cleared", "hold": "held", "serious": "serious"}[act]
    assert [str(line.action) for line in lines].count(done) == 1


async def test_a_search_is_gone_through_as_it_was_found_and_follows_what_changes(
    office: Office,
) -> None:
    """Previous and next, a word that is nowhere, and a queue of what was found."""
    told = {
        week: await office.tell("Oost", week=f"2026-W{week}", text=f"Over de huur, {week}.")
        for week in (40, 41, 42)
    }
    other = await office.tell("Oost", week="2026-W41", text="Over iets anders.")
    alice = await office.login("team", "Oost")
    _, page = await alice.get(f"/coordinator/story/{told[41]}?q=huur")
    assert links(page, f"{told[42]}?q=huur")
    assert links(page, f"{told[40]}?q=huur")
    assert "2 van 3" in page
    _, page = await alice.get(f"/coordinator/story/{other}?q=nergens")
    assert not [each for each in told.values() if links(page, each)]
    at = f"/coordinator/story/{told[42]}?q=huur&state=waiting"
    for week in (42, 41, 40):
        assert told[week] in at
        _, page = await alice.get(at)
        at = await press(alice, page, "hold")
    assert at.startswith("/coordinator/stories?")
    await office.store.database.write(
        lambda c: withdrawals.withdraw(c, told[41], office.store.log, WEEK)
    )
    _, page = await alice.get("/coordinator/stories?q=huur")
    assert not links(page, told[41])


@pytest.mark.parametrize("state", ["kept", "held", "serious"])
async def test_every_access_key_is_one_button_and_stands_in_the_help(
    office: Office, state: moderation.State
) -> None:
    told = [await office.tell("Oost", week=f"2026-W4{n}") for n in range(3)]
    for story_id in told:
        put = partial(moderation.set_state, story_id=story_id, state=state)
        await office.store.database.write(put)
    alice = await office.login("team", "Oost")
    queue = {"kept": "waiting"}.get(state, state)
    _, page = await alice.get(f"/coordinator/story/{told[1]}?state={queue}")
    keys = re.findall(r'accesskey="(\w)"', page)
    assert {"n", "v", "t"} <= set(keys)
    assert len(set(keys)) == len(keys)
    assert {"kept": {"b", "h"}, "held": {"d"}, "serious": set()}[state] <= set(keys)
    (said,) = re.findall(r"Met het toetsenbord: ([^.]+)\.", page)
    assert set(keys) <= {each.strip()[0] for each in said.split(",")}


async def test_a_form_that_gives_access_twice_makes_one_person(office: Office) -> None:
    """Sent twice, or loaded again: the second time it is another link for the same person."""
    alice = await office.login("association")
    _, page = await alice.get("/coordinator/people")
    once = dict(re.findall(r'name="(once)" value="([^"]+)"', page))
    form = {"name": "Bob", "role": "reader", "team": office.teams["Oost"].id, **once}
    links_ = []
    for _ in range(2):
        answer = await alice.post("/coordinator/people", form)
        links_ += re.findall(r"/coordinator/login/[\w-]+", await answer.text())
    assert len(set(links_)) == 2
    everybody = await office.store.database.read(coordinators.listed)
    assert [each.name for each in everybody].count("Bob") == 1


async def test_who_is_a_coordinator_of_two_teams_gets_a_link_for_each(office: Office) -> None:
    reached = {"channel": "mail", "address": "bob@example.org"}
    for team in ("Oost", "West"):
        await office.coordinator("team", team, "Bob", **reached)
    person = await office.browser()
    answer = await person.client.post("/coordinator/login", data={"address": "bob@example.org"})
    assert answer.status == 200
    now, told = office.clock.now(), []

    def deliver(connection: Transaction) -> bool:
        rows = queue.due(connection, now, 9)
        for row in rows:
            told.append(str(row.effect))
            queue.mark_sent(connection, row.id, "", now, tried=row.attempts)
        return bool(rows)

    while await office.store.database.write(deliver):
        pass
    assert len(told) == 2
    for team in ("Oost (Zwolle)", "West (Zwolle)"):
        assert sum(team in each for each in told) == 1
