"""Who was asked after meetings counts for the teams that met; small numbers stay inside."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coordinators.charts.renderer import ChartRenderer
from bot.coordinators.digest.digest_sender import WeeklyDigests
from bot.coordinators.digest.response_rate import response
from bot.guides import GuideStore
from bot.helper.tasks import InProcess
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.rows import to_row
from bot.services import Services
from bot.settings import Settings
from storage.coordinators import teams
from storage.engine.transaction import Transaction
from storage.gate import cells, publications
from storage.gate.cells import Asked
from storage.gate.publications import Figures
from storage.gate.rules import ALL, stories
from storage.meetings import meetings, prompts
from storage.outbox import outbox
from storage.people import people
from tests.coordinators.attacker import Group, attack
from tests.coordinators.office import library
from tests.end_to_end.kit import MovableClock
from tests.storage.stores import NOW, WEEK, Store

K = 5
GROUPS = ("", "oost", "west", "noord", "oost west", "noord west")
_numbers = count(1)


def house_of(store: Store) -> Services:
    return Services(store.vault, store.log, GuideStore(library()), Settings())


def meeting(**changes: Any) -> Meeting:
    number = next(_numbers)
    facts: dict[str, Any] = {
        "uid": f"u{number}", "code": f"K7MF{number:03d}", "kind": "visit", "title": "Visite",
        "start": NOW - timedelta(hours=4), "end": NOW - timedelta(hours=2),
        "tz": "Europe/Amsterdam", "host_team": "Oost", "guest_team": "West",
    }  # fmt: skip
    return Meeting(**{**facts, **changes})


async def ask(store: Store, one: Meeting, side: str, *, told: int, silent: int) -> None:
    """People on one side of a meeting who were asked about it; some went on to tell."""

    def make(connection: Transaction) -> None:
        known = meetings.by_uids(connection, [one.uid])
        made = known[0] if known else meetings.add(connection, to_row(one))
        for number in range(told + silent):
            address = f"{next(_numbers)}@example.org"
            who = people.find_or_make(connection, "mail", address, "nl", WEEK)
            if side != "gone":
                meetings.join(connection, made.id, who.id, side)  # type: ignore[arg-type]  # a side
            sent = outbox.put(connection, who.id, {}, 0, "say", "prompt", NOW)
            row = prompts.new_row(store.vault, who.id, made.id, "", "ask", one.end, NOW)
            state: prompts.State = "answered" if number < told else "sent"
            prompts.add(connection, [replace(row, state=state, outbox_id=sent)])

    await store.database.write(make)


async def with_teams(store: Store) -> None:
    def add(connection: Transaction) -> None:
        for name, town in (("Oost", "Zwolle"), ("West", "Zwolle"), ("Noord", "Zwolle"),
                           ("Noord", "Utrecht")):  # fmt: skip
            teams.add(connection, name, town)

    await store.database.write(add)


async def counted(store: Store) -> Asked:
    return await store.database.read(lambda s: response(s, WEEK))


async def test_in_a_visit_someone_belongs_to_the_team_of_their_side(store: Store) -> None:
    await with_teams(store)
    visit = meeting()
    await ask(store, visit, "host", told=4, silent=3)
    await ask(store, visit, "guest", told=1, silent=5)
    await ask(store, visit, "", told=0, silent=2)
    await ask(store, visit, "gone", told=1, silent=0)
    assert await counted(store) == {
        "zwolle-oost": (7, 4),
        "zwolle-west": (6, 1),
        "zwolle-oost zwolle-west": (3, 1),
    }


async def test_in_a_learning_group_all_teams_belong_together(store: Store) -> None:
    await with_teams(store)
    group = meeting(
        kind="learning_group", host_team="", guest_team="",
        teams=("west", "oost, zwolle", "Noord (Utrecht)", "Buiten"),
    )  # fmt: skip
    await ask(store, group, "member", told=2, silent=2)
    assert await counted(store) == {"utrecht-noord zwolle-oost zwolle-west": (4, 2)}


async def test_a_name_that_several_teams_have_means_none_of_them(store: Store) -> None:
    await with_teams(store)
    await ask(store, meeting(host_team="Noord"), "host", told=2, silent=2)
    assert await counted(store) == {"": (4, 2)}


async def test_the_digest_of_a_team_tells_of_its_own_meetings(store: Store) -> None:
    await with_teams(store)
    visit = meeting()
    await ask(store, visit, "host", told=7, silent=6)
    await ask(store, visit, "guest", told=2, silent=1)
    house, clock = house_of(store), MovableClock()
    clock.move(days=7)
    studio = ChartRenderer(InProcess(store.database, house))
    digests = WeeklyDigests(store.database, house, clock, studio, lambda: None)
    shape = (await digests.told(None, WEEK, "zwolle-oost", "nl")).digest.json()
    assert shape["prompts"] == {"sent": {"below": 5}, "answered": {"below": 5}}  # west is small
    assert (await digests.told(None, WEEK, "", "nl")).digest.json()["prompts"]["sent"] == 16


async def look(store: Store, asked: Asked, scope: str = ALL, *, final: bool = False) -> Figures:
    """What is known of a week to who looks at it now."""
    part = await store.database.read(
        lambda s: publications.meetings_part(s, WEEK, K, asked, final=final)
    )
    if part is not None:
        await store.database.write(lambda c: publications.let_out(c, part))
    meetings_ = publications.MEETINGS
    return await store.database.read(lambda s: publications.figures(s, meetings_, [WEEK], scope))


async def test_a_week_that_runs_tells_of_all_teams_together(store: Store) -> None:
    for asked, sent, told in (((20, 12), 20, 12), ((23, 15), 20, 12), ((26, 15), 26, 12)):
        shown = {("prompt", "sent"): sent, ("prompt", "answered"): told}
        assert await look(store, {"oost": asked}) == shown
    assert await look(store, {"oost": (26, 18)}, "oost") == {}
    whole = {("prompt", "sent"): 26, ("prompt", "answered"): 18}
    assert await look(store, {"oost": (26, 18)}) == whole
    assert await look(store, {"oost": (26, 18)}, "oost", final=True) == whole
    assert await look(store, {"oost": (40, 30)}, "oost", final=True) == whole
    assert await look(store, {"oost": (40, 30)}, final=True) == whole


@pytest.mark.parametrize("seed", range(8))
async def test_no_two_looks_differ_by_a_few_people(sqlite_store: Store, seed: int) -> None:
    """People are asked and go on to tell, and somebody looks at any moment."""
    rng = random.Random(seed)
    asked = dict.fromkeys(GROUPS, (0, 0))
    before: Figures = {}
    for turn in range(40):
        group = rng.choice(GROUPS)
        sent, told = asked[group]
        sent += rng.choice((0, 1, 3, 8))
        asked[group] = sent, min(sent, told + rng.choice((0, 1, 2, 6)))
        if rng.random() < 0.4:
            continue
        found = await look(sqlite_store, asked, final=turn == 39)
        for key, shown in found.items():
            new = shown - before.get(key, 0)
            assert new == 0 or new >= K
        silent = sum(sent - told for sent, told in asked.values())
        if found.get(("prompt", "answered"), 0) > before.get(("prompt", "answered"), 0):
            assert silent >= K
        before = found
    assert before


def released(asked: Asked) -> dict[tuple[str, str, str], int]:
    return {key: cell.count for key, cell in cells.responses(asked, K).items()}


def test_a_team_counts_all_its_meetings() -> None:
    assert released({"oost": (20, 12), "oost west": (10, 5), "west": (9, 0)}) == {
        (ALL, "prompt", "sent"): 39, (ALL, "prompt", "answered"): 17,
        ("oost", "prompt", "sent"): 30, ("oost", "prompt", "answered"): 17,
        ("west", "prompt", "sent"): 19,
    }  # fmt: skip


def test_a_small_number_takes_the_next_one_with_it() -> None:
    assert released({"oost": (20, 12), "oost west": (10, 5), "west": (9, 1)}) == {
        (ALL, "prompt", "sent"): 39, (ALL, "prompt", "answered"): 18,
        ("oost", "prompt", "sent"): 30, ("west", "prompt", "sent"): 19,
    }  # fmt: skip


def test_nearly_everybody_says_as_much_as_nearly_nobody() -> None:
    for told in (0, 4, 16, 20):
        assert released({"oost": (20, told)}) == {
            (ALL, "prompt", "sent"): 20, ("oost", "prompt", "sent"): 20,
        }  # fmt: skip


people_asked = st.tuples(st.integers(0, 14), st.integers(0, 14))


@given(st.fixed_dictionaries(dict.fromkeys(GROUPS, people_asked)))
@settings(max_examples=200, deadline=None)
def test_no_subtraction_finds_a_few_people_who_told_or_did_not(
    world: dict[str, tuple[int, int]],
) -> None:
    """The attacker even knows which groups a number of a team is made of."""
    leaves = ("told", "silent")
    truth = {
        (group, leaf): n
        for group, pair in world.items()
        for leaf, n in zip(leaves, pair, strict=True)
    }
    asked = {
        group: (told + silent, told) for group, (told, silent) in world.items() if told + silent
    }
    visible = {g for g in stories({g: n for g, (n, _) in asked.items()}, K) if g}
    known: dict[Group, int] = {}
    for (scope, _, value), cell in cells.responses(asked, K).items():
        mine = GROUPS if scope == ALL else [g for g in visible if scope in g.split()]
        parts = leaves if value == "sent" else ("told",)
        known[frozenset((group, leaf) for group in mine for leaf in parts)] = cell.count
    for group_, number in known.items():
        assert sum(truth[leaf] for leaf in group_) == number
    assert attack(known, truth, K).found == []
