"""Teams that change: names, links and ids, and who takes the stories now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from storage.coordinators import coordinators, teams
from storage.coordinators.teams import Team, TeamProblem
from storage.engine.transaction import Transaction
from tests.storage.stores import Store


async def made(store: Store, *names: str, town: str = "Zwolle") -> list[Team]:
    return [await store.database.write(partial(teams.add, name=name, municipality=town))
            for name in names]  # fmt: skip


async def change(store: Store, act: Callable[[Transaction], Team]) -> Team:
    return await store.database.write(act)


async def every(store: Store) -> list[Team]:
    return await store.database.read(teams.all_teams)


async def found(store: Store, code: str) -> Team:
    team = await store.database.read(lambda s: teams.by_code(s, code))
    assert team is not None
    return team


async def test_a_renamed_team_keeps_its_id_its_link_and_its_meetings(store: Store) -> None:
    (oost,) = await made(store, "Oost")
    new = await change(store, lambda c: teams.rename(c, oost.id, " Oost  en Zuid "))
    assert (new.id, new.code, new.name) == (oost.id, oost.code, "Oost en Zuid")
    assert await found(store, oost.code) == new
    known = teams.by_name(await every(store))
    assert {known[name].id for name in ("oost", "oost (zwolle)", "oost en zuid")} == {oost.id}
    again = await change(store, lambda c: teams.rename(c, oost.id, "Oost"))
    assert (again.name, again.former) == ("Oost", ("Oost en Zuid",))


async def test_a_name_of_before_means_nothing_more_once_another_team_has_it(store: Store) -> None:
    (oost,) = await made(store, "Oost")
    await change(store, lambda c: teams.rename(c, oost.id, "Noord"))
    (young,) = await made(store, "Oost")
    assert young.id != oost.id
    assert teams.by_name(await every(store))["oost"].id == young.id
    with pytest.raises(TeamProblem):
        await made(store, "noord")
    with pytest.raises(TeamProblem):
        await change(store, lambda c: teams.rename(c, young.id, "NOORD"))


async def test_links_and_names_of_a_merged_team_lead_to_the_other_also_in_turn(
    store: Store,
) -> None:
    oost, west, zuid = await made(store, "Oost", "West", "Zuid")
    await change(store, lambda c: teams.merge(c, oost.id, west.id))
    await change(store, lambda c: teams.merge(c, west.id, zuid.id))
    for old in (oost, west):
        assert (await found(store, old.code)).id == zuid.id
        assert teams.by_name(await every(store))[old.name.casefold()].id == zuid.id
        facts = {**teams.known(old), "meeting": "de visite"}
        today = await store.database.read(partial(teams.as_today, facts=facts))
        assert today == {**teams.known(zuid), "meeting": "de visite"}
    places = teams.places(await every(store))
    assert [option.id for town in places.towns for option in town.teams] == [zuid.id]


async def test_a_closed_team_is_chosen_by_nobody_and_can_open_again(store: Store) -> None:
    oost, _ = await made(store, "Oost", "West")
    await change(store, lambda c: teams.close(c, oost.id))
    assert (await found(store, oost.code)).closed
    assert "oost" not in teams.by_name(await every(store))
    facts = teams.known(oost)
    assert await store.database.read(lambda s: teams.as_today(s, facts)) == {}
    assert [team.name for team in await store.database.read(teams.open_teams)] == ["West"]
    assert await change(store, lambda c: teams.reopen(c, oost.id)) == oost
    assert await store.database.read(lambda s: teams.as_today(s, facts)) == facts


async def test_an_id_is_never_given_again(store: Store) -> None:
    """Who may read goes by the id: a new team called the same reads nothing of the old one."""
    (oost,) = await made(store, "Oost")
    await change(store, lambda c: teams.close(c, oost.id))
    (young,) = await made(store, "Oost")
    assert young.id not in (oost.id, "")
    with pytest.raises(TeamProblem):  # its name is taken now
        await change(store, lambda c: teams.reopen(c, oost.id))


async def test_what_is_no_choice_is_refused(store: Store) -> None:
    oost, west = await made(store, "Oost", "West")
    await change(store, lambda c: teams.close(c, west.id))
    wrong: list[Callable[[Transaction], Team]] = [
        lambda c: teams.merge(c, oost.id, oost.id),
        lambda c: teams.merge(c, oost.id, west.id),
        lambda c: teams.merge(c, west.id, oost.id),
        lambda c: teams.merge(c, oost.id, "nowhere"),
        lambda c: teams.rename(c, west.id, "Zuid"),
        lambda c: teams.rename(c, oost.id, "  "),
        lambda c: teams.close(c, west.id),
        lambda c: teams.reopen(c, oost.id),
    ]
    before = await every(store)
    for act in wrong:
        with pytest.raises(TeamProblem):
            await change(store, act)
    assert await every(store) == before


async def test_nobody_more_comes_to_a_closed_team(store: Store) -> None:
    oost, west = await made(store, "Oost", "West")

    async def hire(team: Team) -> coordinators.Coordinator:
        return await store.database.write(
            lambda c: coordinators.add(c, "team", "Bob", team=team.id)
        )

    old, other = await hire(oost), await hire(west)
    await change(store, lambda c: teams.merge(c, oost.id, west.id))
    with pytest.raises(ValueError, match="closed"):
        await hire(oost)
    moved = replace(other, team=oost.id)
    with pytest.raises(ValueError, match="closed"):
        await store.database.write(lambda c: coordinators.save(c, moved))
    await store.database.write(lambda c: coordinators.save(c, old))  # stays who they are


NAMES = (
    "Sociaal wijkteam Centrum Noord",
    "Sociaal wijkteam Centrum Zuid",
    "فريق الشرق",
    "فريق الغرب",
)
TOWNS = (
    "Nuenen, Gerwen en Nederwetten", "Nuenen, Gerwen en Nederweert", "أمستردام", "روتردام",
    "Zwolle", "Súdwest-Fryslân", "Bergen (NH.)", "Bergen (L.)",
)  # fmt: skip


async def test_names_that_begin_alike_or_are_in_another_script_all_exist(store: Store) -> None:
    for name in TOWNS:
        await made(store, *NAMES, town=name)
    places = teams.places(await every(store))
    assert {town.option.label for town in places.towns} == set(TOWNS)
    assert len({town.option.id for town in places.towns}) == len(TOWNS)
    for town in places.towns:
        assert sorted(option.label for option in town.teams) == sorted(NAMES)
        assert len(town.option.id) <= 24
    ids = [option.id for town in places.towns for option in town.teams]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("name", "known_by"),
    [("Zwolle", "zwolle"), ("zwolle ", "zwolle"), ("Súdwest-Fryslân", "sudwest-fryslan"),
     ("'s-Gravenhage", "s-gravenhage"), ("Bergen (NH.)", "bergen-nh")],
)  # fmt: skip
def test_a_municipality_is_known_by_its_name_however_it_is_spelled(
    name: str, known_by: str
) -> None:
    assert teams.town_id(name) == known_by


async def test_one_municipality_spelled_in_two_ways_is_chosen_once(store: Store) -> None:
    await made(store, "Oost", town="Nuenen, Gerwen en Nederwetten")
    await made(store, "West", town="nuenen gerwen en nederwetten")
    (town,) = teams.places(await every(store)).towns
    assert {option.label for option in town.teams} == {"Oost", "West"}
    with pytest.raises(TeamProblem):
        await made(store, "oost", town="Nuenen Gerwen en Nederwetten")
