"""Public pages: off until they are switched on, nothing small, and gone when it is taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.guide.model import Purpose
from storage.engine.transaction import Transaction
from storage.gate import publications
from storage.gate.cells import numbers
from storage.gate.counts import PROMISE, Count
from storage.gate.rules import ALL
from storage.sensemaking import changes, public_pages
from storage.sensemaking.public_pages import PublicEdition
from storage.stories import moderation, stories, uses, withdrawals
from storage.stories.moderation import StorySpan
from storage.weeks import quarter_before, quarter_of, week_of, weeks_of_quarter
from tests.coordinators.attacker import Group, attack
from tests.coordinators.office import Office, Person
from tests.sensemaking.test_changes import decided, tell, told_of
from tests.storage.stores import consent

HERE = "/coordinator/public"
ZWOLLE = "GM0193"
SAID = "Ze belde terug, en dat had niemand ooit gedaan."
K = 5


def last_quarter(office: Office) -> str:
    """A week of the quarter that is over."""
    return weeks_of_quarter(quarter_before(quarter_of(week_of(office.clock.now()))))[3]


async def told(
    office: Office, many: int, *, team: str = "Oost", rung: str = "network", sentence: str = ""
) -> list[str]:
    week = last_quarter(office)
    return [
        await office.tell(
            team, rung, week=week, reviewed=True, sentence=sentence and f"{sentence} {n}"
        )
        for n in range(many)
    ]


async def switched_on(person: Person, place: str = ZWOLLE) -> str:
    """Choose all, look, switch on; the preview."""
    status, page = await person.get(f"{HERE}/{place}")
    assert status == 200
    pairs = re.findall(r'name="(sentence|change)" value="([^"]+)"', page)
    look = await person.post(f"{HERE}/{place}/look", pairs)
    preview = await look.text()
    assert look.status == 200
    pairs = re.findall(r'name="(sentence|change)" value="([^"]+)"', preview)
    assert (await person.post(f"{HERE}/{place}/on", pairs)).status == 303
    return preview


async def standing(office: Office, story_id: str) -> list[str]:
    found = await office.store.database.read(lambda s: uses.of_story(s, story_id))
    return [each.kind for each in found if not each.withdrawn]


async def test_it_is_off_until_it_is_switched_on_and_off_again_at_once(office: Office) -> None:
    await told(office, 7)
    (story,) = await told(office, 1, rung="quote", sentence=SAID)
    visitor = await office.browser()
    for path in ("/verhalen", f"/verhalen/{ZWOLLE}", "/verhalen/GM9999"):
        assert (await visitor.get(path))[0] == 404
    bob = await office.login("association")
    await bob.get(f"{HERE}/{ZWOLLE}")
    assert await standing(office, story) == []
    assert (await visitor.get(f"/verhalen/{ZWOLLE}"))[0] == 404
    preview = await switched_on(bob)
    assert await standing(office, story) == ["page"]
    async with visitor.client.get(f"/verhalen/{ZWOLLE.lower()}") as answer:
        page = await answer.text()
        assert answer.status == 200
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
    for text in (SAID, "Minstens 5 verhalen", "Verhalen uit Zwolle"):
        assert text in page
        assert text in preview
    assert "<script" not in page
    assert set(re.findall(r'(?:src|href)="([^"/?]*:?//[^"]*)"', page)) == set()
    assert "Zwolle" in (await visitor.get("/verhalen"))[1]
    assert "Verhalen uit" not in (await visitor.get("/verhalen"))[1]
    assert "Stories from Zwolle" in (await visitor.get(f"/verhalen/{ZWOLLE}?lang=en"))[1]
    assert (await bob.post(f"{HERE}/{ZWOLLE}/off")).status == 303
    for path in ("/verhalen", f"/verhalen/{ZWOLLE}"):
        assert (await visitor.get(path))[0] == 404


@pytest.mark.parametrize("how", ["withdrawn", "quote", "team", "held", "page", "other words"])
async def test_a_sentence_that_is_taken_back_is_gone_at_the_next_look(
    office: Office, how: str
) -> None:
    await told(office, 7)
    story, other = await told(office, 2, rung="quote", sentence=SAID)
    bob, visitor = await office.login("association"), await office.browser()
    await switched_on(bob)
    await switched_on(bob, "all")
    now, log = office.clock.now(), office.store.log
    purposes: dict[str, Purpose] = {"quote": "quote", "team": "team"}

    def change(connection: Transaction) -> None:
        match how:
            case "withdrawn":
                withdrawals.withdraw(connection, story, log, week_of(now))
            case "held":
                moderation.set_state(connection, story, "held")
            case "page":
                mine = uses.of_story(connection, story)
                uses.take_back(connection, story, mine, now)
            case "other words":
                moderation.take_out(connection, story, [StorySpan("sentence", 0, 2)])
            case _:
                stories.record(connection, story, consent(purposes[how], "no"))

    await office.store.database.write(change)
    for path in (f"/verhalen/{ZWOLLE}", "/verhalen"):
        page = (await visitor.get(path))[1]
        assert f"{SAID} 0" not in page
        assert f"{SAID} 1" in page
    if how == "page":  # nor is it in a later edition, though its consent stands
        await switched_on(bob)
        assert f"{SAID} 0" not in (await visitor.get(f"/verhalen/{ZWOLLE}"))[1]
        assert "quote" in (await office.story(story)).purposes
    assert await standing(office, other) != []


async def test_among_a_few_stories_there_is_no_number_and_no_sentence(office: Office) -> None:
    await told(office, K - 2)
    (story,) = await told(office, 1, rung="quote", sentence=SAID)
    bob, visitor = await office.login("association"), await office.browser()
    await switched_on(bob)
    page = (await visitor.get(f"/verhalen/{ZWOLLE}"))[1]
    assert SAID not in page
    assert "te weinig verhalen" in page
    assert not re.search(r"Minstens \d", page)
    assert await standing(office, story) == []


async def test_what_was_not_chosen_or_not_looked_at_is_not_published(office: Office) -> None:
    await told(office, 7)
    one, other = await told(office, 2, rung="quote", sentence=SAID)
    (quiet,) = await told(office, 1, rung="network", sentence="Deze zin is niet openbaar.")
    bob, visitor = await office.login("association"), await office.browser()
    page = (await bob.get(f"{HERE}/{ZWOLLE}"))[1]
    assert "Deze zin is niet openbaar." not in page
    marks = dict(m.split(".") for m in re.findall(r'name="sentence" value="([^"]+)"', page))
    assert set(marks) == {one, other}
    form = [("sentence", f"{one}.{marks[one]}"), ("sentence", f"{other}.{'0' * 64}"),
            ("sentence", f"{quiet}.{marks[one]}")]  # fmt: skip
    await bob.post(f"{HERE}/{ZWOLLE}/on", form)
    page = (await visitor.get(f"/verhalen/{ZWOLLE}"))[1]
    assert f"{SAID} 0" in page
    assert f"{SAID} 1" not in page
    assert "Deze zin is niet openbaar." not in page


async def test_a_change_stands_there_when_it_was_offered_and_goes_when_it_is_not(
    office: Office,
) -> None:
    person, session, decision = await decided(office, 2)
    await tell(office, decision)
    text = told_of(office, decision)["text"]
    bob, visitor = await office.login("association"), await office.browser()
    await switched_on(bob)
    assert text not in (await visitor.get(f"/verhalen/{ZWOLLE}"))[1]
    offer = {"change": "a" * 32, "public": "yes"}
    assert (await person.post(f"{session}/record/change/offer", offer)).status == 303
    other = await office.login("team", "West")
    assert (await other.post(f"{session}/record/change/offer", offer)).status == 404
    await switched_on(bob)
    assert text in (await visitor.get(f"/verhalen/{ZWOLLE}"))[1]
    await person.post(f"{session}/record/change/offer", {"change": "a" * 32, "public": "no"})
    assert text not in (await visitor.get(f"/verhalen/{ZWOLLE}"))[1]


async def test_justice_stands_there_as_it_left_the_gate(office: Office) -> None:
    bob, visitor = await office.login("association"), await office.browser()
    edition = PublicEdition("e" * 32, "", office.clock.now(), ("2026-Q3",), None)
    fair = changes.Justice(60, K)
    who = await office.coordinator("association")

    def put(one: PublicEdition, connection: Transaction) -> None:
        public_pages.publish(connection, who, one, [], [])

    for justice, seen in ((None, False), (fair, True)):
        one = replace(edition, justice=justice)
        await office.store.database.write(partial(put, one))
        page = (await visitor.get("/verhalen"))[1]
        assert (f"60 % van minstens {K} vertellers zegt: ja." in page) is seen
    assert (await bob.get(HERE))[0] == 200


async def test_who_looks_very_often_waits(office: Office) -> None:
    visitor = await office.browser()

    async def look(network: str) -> int:
        headers = {"X-Forwarded-For": network}
        async with visitor.client.get("/verhalen", headers=headers) as answer:
            return answer.status

    seen = [404]
    while seen[-1] == 404 and len(seen) < 400:
        seen.append(await look("203.0.113.9"))
    assert len(seen) > 60
    assert seen[-1] == 429
    assert await look("198.51.100.7") == 404


# -- an attacker who keeps every edition of every page

PLACES = ("a", "b", "c", "")
QUARTERS = ("one", "two")
worlds = st.fixed_dictionaries({
    (f"{quarter} {place}", leaf): st.one_of(st.integers(0, 6), st.integers(0, 25))
    for quarter in QUARTERS for place in PLACES for leaf in ("x", "rest")
})  # fmt: skip


def _left(world: dict[tuple[str, str], int], quarter: str) -> dict[Group, int]:
    """What a quarter lets out, exactly: more than the page tells, which is in steps."""
    made = []
    for place in PLACES:
        asked = (
            world[f"{quarter} {place}", "x"],
            sum(world[f"{quarter} {place}", e] for e in ("x", "rest")),
        )
        made += [Count("", "g", place, PROMISE, "x", asked[0])] if asked[0] else []
        made += [Count("", "g", place, "story", "", asked[1])] if asked[1] else []
    known = {}
    for (scope, dimension, _), cell in numbers(made, K).items():
        if dimension in (PROMISE, "story"):
            leaves = ("x",) if dimension == PROMISE else ("x", "rest")
            where = PLACES if scope == ALL else (scope,)
            known[frozenset((f"{quarter} {p}", leaf) for p in where for leaf in leaves)] = (
                cell.count
            )
    return known


@given(worlds)
@settings(max_examples=60, deadline=None)
def test_two_editions_and_all_places_tell_of_no_small_group(
    world: dict[tuple[str, str], int],
) -> None:
    known: dict[Group, int] = {}
    for quarter in QUARTERS:
        known |= _left(world, quarter)
    for place in (*PLACES[:3], ALL):  # pages add the quarters up
        where = PLACES if place == ALL else (place,)
        for leaves in (("x",), ("x", "rest")):
            parts = [
                frozenset((f"{quarter} {p}", leaf) for p in where for leaf in leaves)
                for quarter in QUARTERS
            ]
            if all(part in known for part in parts):
                known[parts[0] | parts[1]] = sum(known[part] for part in parts)
    assert attack(known, world, K).found == []


async def test_a_later_edition_only_adds_quarters_and_a_number_never_changes(
    office: Office,
) -> None:
    (gone, *_) = await told(office, 12)
    await told(office, 11, team="West")
    bob, visitor = await office.login("association"), await office.browser()
    await switched_on(bob)
    before = (await visitor.get(f"/verhalen/{ZWOLLE}"))[1]
    assert "Minstens 20 verhalen" in before
    now, log = office.clock.now(), office.store.log
    await office.store.database.write(lambda c: withdrawals.withdraw(c, gone, log, week_of(now)))
    await told(office, 4)
    await switched_on(bob)
    assert "Minstens 20 verhalen" in (await visitor.get(f"/verhalen/{ZWOLLE}"))[1]
    figures = await office.store.database.read(
        lambda s: publications.public_numbers(s, ["2026-Q3"], ZWOLLE, K)
    )
    assert all(count % K == 0 for count in figures.values())
