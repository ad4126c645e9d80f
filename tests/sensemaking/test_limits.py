"""What could not be done: counted exactly over what somebody may read, and taken to a session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from conversations.sensemaking.limits import SAID, counted, sides_of
from storage.stories import withdrawals
from storage.weeks import quarter_of, week_of, weeks_before
from tests.coordinators.office import Office, library

HERE = "/coordinator/limits"
TOLD: dict[str, Mapping[str, Any]] = {
    "not": {"door": ["chafed"], "need_met": ["no"], "speed": ["later"], "promise": ["tailored"]},
    "instead": {"need_met": ["something_else"], "promise": ["tailored"]},
    "did": {"door": ["worked"], "need_met": ["yes"], "promise": ["tailored", "context"]},
}


@pytest.mark.parametrize("step", sorted(SAID))
def test_every_answer_that_is_counted_is_one_of_a_guide(step: str) -> None:
    guides = [library().get(each, "nl") for each in library().ids]
    asked = [guide.steps[step] for guide in guides if step in guide.steps]
    known = {option.id for each in asked for option in each.options}
    said = [answer for side in SAID[step].values() for answer in side]
    assert set(said) <= known
    assert len(said) == len(set(said))


def test_a_story_can_be_on_two_sides_and_counts_once_on_each() -> None:
    both = {"door": ["worked"], "need_met": ["partly"], "speed": ["never"], "promise": ["context"]}
    assert sides_of(both) == {"not", "did"}
    found = counted([both, {"door": ["worked"]}, {}, {"need_met": 3}])
    assert dict(found.stories) == {"not": 1, "did": 2}
    assert found.promises["context", "not"] == 1
    assert found.side("door", "did") == 2


async def tell_all(office: Office, team: str = "Oost", **more: Any) -> list[str]:
    return [
        await office.tell(
            team,
            "network",
            answers=dict(said),
            reviewed=True,
            sentence=f"de zin van {side}",
            **more,
        )
        for side, said in TOLD.items()
        for _ in range(3)
    ]


async def test_the_view_is_exact_over_what_is_read_and_links_to_it(office: Office) -> None:
    ids = await tell_all(office)
    await office.tell("West", "team", answers=dict(TOLD["not"]), sentence="alleen West")
    bob = await office.login("team", "Oost")
    _, page = await bob.get(HERE)
    assert re.findall(r"<strong>(\d+)</strong>(?:Kon|Iets|Lukte)", page) == ["3", "3", "3"]
    assert "alleen West" not in page
    link = re.search(r'href="([^"]*answer=need_met[^"]*)"><strong>3', page)
    assert link is not None
    status, behind = await bob.get(link[1].replace("&amp;", "&"))
    assert status == 200
    assert len(set(re.findall(r"/coordinator/story/([0-9a-f]{32})", behind))) == 3
    log = office.store.log
    await office.store.database.write(
        lambda c: withdrawals.withdraw(c, ids[0], log, week_of(office.clock.now()))
    )
    _, page = await bob.get(HERE)
    assert re.findall(r"<strong>(\d+)</strong>(?:Kon|Iets|Lukte)", page) == ["2", "3", "3"]
    assert ids[0] not in page


async def test_one_tap_prepares_a_session_of_all_sides_with_a_pattern(office: Office) -> None:
    await tell_all(office)
    bob = await office.login("team", "Oost")
    made = await bob.post(HERE)
    assert made.status == 303
    _, page = await bob.get(made.headers["Location"])
    for side in TOLD:
        assert f"de zin van {side}" in page
    assert "Niet in elk verhaal kwam er wat iemand nodig had." in page
    nobody = await office.login("team", "West")
    refused = await nobody.post(HERE)
    assert refused.status == 400
    assert "Er is nog geen verhaal over wat niet kon." in await refused.text()


async def test_every_quarter_it_is_proposed_until_it_was_taken_up(office: Office) -> None:
    week = week_of(office.clock.now())
    ahead = next(n for n in range(1, 15) if quarter_of(weeks_before(week, -n)) != quarter_of(week))
    await tell_all(office, week=week)
    bob = await office.login("team", "Oost")
    said = "Neem mee naar een sessie wat niet kon"
    assert said not in (await bob.get("/coordinator"))[1]
    office.clock.move(weeks=ahead)
    bob, other = await office.login("team", "Oost"), await office.login("team", "West")
    for page in ("/coordinator", "/coordinator/digest"):
        assert said in (await bob.get(page))[1]
        assert said not in (await other.get(page))[1]
    sent = await office.digests.told(
        await office.coordinator("team", "Oost"), week_of(office.clock.now()), "oost", "nl"
    )
    assert any(said in line for line in sent.todo())
    assert (await bob.post(HERE)).status == 303
    assert said not in (await bob.get("/coordinator"))[1]
