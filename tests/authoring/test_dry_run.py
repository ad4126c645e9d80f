"""The dry run: its forecasts hold in simulated projects. And two wordings, compared honestly."""

from __future__ import annotations

import json
import re
from random import Random

import pytest

from bot.__main__ import main
from conversations.authoring.dry_run import forecast, gate_view, needed, power, walk
from conversations.authoring.wording_comparison import Wording, compare
from conversations.guide.loading import load_guides
from tests.conversations.conftest import facts_of
from tests.coordinators.office import Office
from tests.coordinators.pages.workbench import HERE, make, publish

CLOSE = 3
"""Points by which a forecast may be off."""


@pytest.mark.parametrize(("points", "stories"), [(30, 80), (20, 100)])
def test_the_chance_to_see_a_difference_is_that_of_simulated_projects(
    points: int, stories: int
) -> None:
    lot, seen, each = Random(5), 0, stories // 2
    for _ in range(4000):
        first, other = (
            sum(lot.random() < 0.5 + sign * points / 200 for _ in range(each)) / each
            for sign in (-1, 1)
        )
        pooled = (first + other) / 2
        spread = (2 * pooled * (1 - pooled) / each) ** 0.5
        seen += bool(spread) and abs(other - first) > 1.96 * spread
    assert abs(100 * power(points, stories) - seen / 40) <= CLOSE


def test_with_the_stories_that_it_takes_four_of_five_see_it() -> None:
    for points in (30, 20, 15, 10):
        assert 0.77 <= power(points, needed(points)) <= 0.83


@pytest.mark.parametrize(("stories", "teams"), [(30, 6), (60, 10), (120, 12)])
def test_the_gate_hides_what_it_was_forecast_to_hide(stories: int, teams: int) -> None:
    lot, shown, runs = Random(6), 0, 600
    for _ in range(runs):
        told = [lot.randrange(teams) for _ in range(stories)]
        shown += sum(told.count(team) >= 5 for team in range(teams))
    assert abs(gate_view(stories, teams, 5).shown - 100 * shown / (runs * teams)) <= CLOSE


def test_as_many_finish_as_was_forecast() -> None:
    """Tellers who leave by lot, against the chance that was forecast from those who stay."""
    guide, lot = load_guides().get("follow_up", "nl"), Random(7)
    facts = facts_of(guide)
    found = forecast(guide, facts, stories=50, teams=3, small=5, chance=lot.random)
    walks = [walk(guide, facts, lot.random, {}) for _ in range(20)]
    finished, runs = 0, 4000
    for n in range(runs):
        went = walks[n % len(walks)]
        steps = [*went.reaches[1:], went.finishes]
        stays = [after / before for before, after in zip(went.reaches, steps, strict=True)]
        finished += all(lot.random() < each for each in stays)
    assert abs(found.finished - 100 * finished / runs) <= CLOSE
    assert found.minutes[0] <= found.minutes[1] <= found.minutes[2]


def verdict(seed: int, first: float, other: float) -> str:
    """Somebody looks every week for half a year, at counts in whole multiples of five."""
    lot, came, answered = Random(seed), [0, 0], [0, 0]
    for _ in range(26):
        for _ in range(20):
            wording = lot.randrange(2)
            came[wording] += 1
            answered[wording] += lot.random() < (first, other)[wording]
        one, two = (Wording(came[w] // 5 * 5, answered[w] // 5 * 5) for w in (0, 1))
        found = compare(one, two, 5).verdict
        if found in ("first", "other"):
            return found
    return "no_difference"


def test_without_a_difference_at_most_one_in_twenty_is_called_one() -> None:
    alarms = sum(verdict(seed, 0.8, 0.8) in ("first", "other") for seed in range(200))
    assert alarms <= 10


def test_a_real_difference_is_found() -> None:
    assert sum(verdict(seed, 0.65, 0.85) == "other" for seed in range(40)) >= 36


def test_of_few_conversations_nothing_is_said() -> None:
    assert compare(Wording(45, 45), Wording(200, 0), 5).verdict == "too_few"


async def test_the_page_forecasts_a_plan_and_refuses_what_is_none(office: Office) -> None:
    who = await office.login("team", "Oost")
    status, page = await who.get("/coordinator/guides/follow_up/dryrun?stories=60&teams=4")
    assert status == 200
    assert "Na 60 verhalen" in page
    assert "Kans dat je het ziet" in page
    assert (await who.get("/coordinator/guides/follow_up/dryrun"))[0] == 200
    for wrong in ("stories=0&teams=4", "stories=twee&teams=4", "stories=10&teams=999999"):
        status, page = await who.get(f"/coordinator/guides/follow_up/dryrun?{wrong}")
        assert status == 400
        assert 'role="alert"' in page


async def test_a_guide_is_tried_on_a_plan_before_it_is_open(office: Office) -> None:
    """By the names of its steps; and every way there leads to a page."""
    who = await office.login("association")
    guide = await make(who)
    _, page = await who.get(f"{HERE}/{guide}")
    links = re.findall(rf'<li><a href="({HERE}/{guide}/[^"]+)"(?: download)?>', page)
    assert f"{HERE}/{guide}/dryrun" in links
    assert {link: (await who.client.get(link)).status for link in links} == dict.fromkeys(
        links, 200
    )
    status, page = await who.get(f"{HERE}/{guide}/dryrun?stories=60&teams=4")
    assert (status, "‘Het verhaal’: ongeveer" in page) == (200, True)
    assert (await who.get(f"{HERE}/weg/dryrun"))[0] == 404


async def test_a_recalled_guide_offers_no_way_that_leads_nowhere(office: Office) -> None:
    who = await office.login("association")
    guide = await make(who)
    await publish(office, who, guide)
    recall = {"sure": "yes", "note": "Een fout"}
    assert (await who.post(f"{HERE}/{guide}/versions/1/recall", recall)).status == 303
    _, page = await who.get(f"{HERE}/{guide}")
    links = re.findall(rf'<li><a href="({HERE}/{guide}/[^"]+)"(?: download)?>', page)
    assert {link: (await who.client.get(link)).status for link in links} == dict.fromkeys(
        links, 200
    )


def test_the_command_forecasts_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["guide", "dryrun", "follow_up", "--stories", "60", "--teams", "4"]
    assert main([*asked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["stories"], found["teams"]) == (60, 4)
    assert [each["points"] for each in found["differences"]] == [30, 20, 15, 10]
    for language, said in (("nl", "‘Het verhaal’: ongeveer"), ("en", "‘The story’: about")):
        assert main([*asked, "--language", language]) == 0
        assert said in capsys.readouterr().out
    assert main(["guide", "dryrun", "nothing"]) == 1
