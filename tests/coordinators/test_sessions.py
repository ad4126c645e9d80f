"""A sense-making session on the pages: prepared in a few taps, led, recorded, its cards shown."""

from __future__ import annotations

import re

from sqlalchemy import func, select

from storage.coordinators.coordinators import Role
from storage.sensemaking import rounds, sessions
from storage.stories import uses
from tests.coordinators.office import Office, Person

HERE = "/coordinator/sessions"
QUESTION = "movement_problems_strengths"


async def key_of(person: Person, step: str) -> str:
    """The question with this step, as the form has it."""
    _, page = await person.get(HERE)
    return f"resident.{step}" if f'value="resident.{step}"' in page else ""


async def prepared(office: Office, many: int = 15, team: str = "Oost") -> tuple[Person, str]:
    """A session of a team with so many stories, and who leads it."""
    for n in range(many):
        answers = {"feeling": [("glad", "sad")[n % 2]], QUESTION: (n * 37) % 101}
        await office.tell(team, "team", answers=answers, name=f"Verhaal {n}")
    person = await office.login("team", team)
    form = {"question": await key_of(person, QUESTION), "sits": "team", "weeks": "0"}
    answer = await person.post(HERE, form)
    assert answer.status == 303, await answer.text()
    return person, answer.headers["Location"]


PATTERN = {
    "a": f"resident.{QUESTION}", "observation": "De meeste verhalen staan rechts.",
    "text0": "Het team kijkt naar kracht", "who0": "een teamlid",
    "text1": "Alleen wie het goed ging vertelt", "who1": "een bewoner",
}  # fmt: skip


async def test_twelve_cards_are_proposed_of_both_sides(office: Office) -> None:
    person, session = await prepared(office)
    status, page = await person.get(session)
    assert status == 200
    assert page.count('class="row"') == 12
    places = [float(place) for place in re.findall(r'<circle cx="([0-9.]+)"', page)]
    assert min(places) < 8
    assert max(places) > 88


async def test_a_card_is_swapped_by_hand(office: Office) -> None:
    person, session = await prepared(office)
    _, page = await person.get(session)
    swap = re.findall(rf"{session}/swap/[0-9a-f]{{32}}", page)[0]
    _, choice = await person.get(swap)
    card, story = (
        re.findall(rf'name="{name}" value="([0-9a-f]+)"', choice)[0] for name in ("card", "story")
    )
    answer = await person.post(f"{session}/swap", {"card": card, "story": story})
    assert answer.status == 303
    _, after = await person.get(session)
    assert story not in page
    assert story in after
    assert card not in after


async def test_cards_are_added_up_to_twenty_four_and_one_that_went_comes_back(
    office: Office,
) -> None:
    person, session = await prepared(office, 30)
    _, page = await person.get(session)
    first = re.findall(r'name="card" value="([0-9a-f]{32})"', page)[0]
    await person.post(f"{session}/swap", {"card": first})
    _, page = await person.get(session)
    assert page.count('class="row"') == 11
    for _ in range(13):
        _, choice = await person.get(f"{session}/add")
        story = re.findall(r'name="story" value="([0-9a-f]{32})"', choice)[0]
        assert (await person.post(f"{session}/add", {"story": story})).status == 303
    _, page = await person.get(session)
    assert page.count('class="row"') == 24
    assert f"{session}/add" not in page
    assert (await person.get(f"{session}/add"))[0] == 404
    assert (await person.post(f"{session}/add", {"story": "f" * 32})).status == 404


async def test_a_pattern_needs_an_observation_and_two_readings(office: Office) -> None:
    person, session = await prepared(office)
    assert (await person.get(f"{session}/pattern"))[0] == 200
    for left_out in ("observation", "text1"):
        answer = await person.post(f"{session}/pattern", PATTERN | {left_out: " "})
        assert answer.status == 400
        assert "een bewoner" in await answer.text()
    assert (await person.post(f"{session}/pattern", PATTERN)).status == 303
    _, page = await person.get(session)
    assert "Het team kijkt naar kracht" in page


async def test_a_round_that_too_few_answered_stays_closed(office: Office) -> None:
    person, session = await prepared(office)
    await person.post(f"{session}/pattern", PATTERN)
    await person.post(f"{session}/lead", {"act": "open"})
    _, page = await person.get(f"{session}/lead")
    pattern = re.findall(r'name="pattern" value="([0-9a-f]{32})"', page)[0]
    for act in ("predict", "end", "vote", "end"):
        answer = await person.post(f"{session}/lead", {"act": act, "pattern": pattern})
        assert answer.status == 303
    _, page = await person.get(f"{session}/lead")
    assert page.count("Minder dan 5 mensen gaven antwoord") == 3
    assert (await person.get(f"{session}/count"))[1] == '{"here": 0, "given": 0}'


async def test_a_tap_that_came_twice_closes_no_round(office: Office) -> None:
    """Nor does an old page, or a pattern that is taken away while people think about it."""
    person, path = await prepared(office, 6)
    await person.post(f"{path}/pattern", PATTERN)
    await person.post(f"{path}/lead", {"act": "open"})
    _, page = await person.get(f"{path}/lead")
    pattern = re.findall(r'name="pattern" value="([0-9a-f]{32})"', page)[0]
    for act in ("predict", "predict", "vote", "stay"):
        await person.post(f"{path}/lead", {"act": act, "pattern": pattern})
    await person.post(f"{path}/pattern/remove", {"pattern": pattern})
    session_id = path.rsplit("/", 1)[1]
    session, left = await office.store.database.read(
        lambda s: (sessions.known(s, session_id), rounds.results(s, session_id))
    )
    assert session is not None
    assert (session.state, session.round, left) == ("predicting", pattern, {})


async def test_a_decision_rests_on_cards_and_both_show_it(office: Office) -> None:
    person, session = await prepared(office)
    _, page = await person.get(f"{session}/record")
    card = re.findall(r'name="card" value="([0-9a-f]{32})"', page)[0]
    decision = {"text": "Bellen binnen een week", "owner": "Ans", "due": "20270201"}
    answer = await person.post(f"{session}/record/decision", decision)
    assert answer.status == 400
    kept = await answer.text()  # what was typed stays
    assert ">Bellen binnen een week</textarea>" in kept
    assert 'value="Ans"' in kept
    answer = await person.post(f"{session}/record/decision", decision | {"card": card})
    assert answer.status == 303
    outcome = {"kind": "urgent", "text": "Te lang wachten", "card": card}
    assert (await person.post(f"{session}/record/outcome", outcome)).status == 303
    _, page = await person.get(f"{session}/record")
    assert "1 februari 2027" in page
    decided = re.findall(r'id="decision-([0-9a-f]{32})"', page)[0]
    assert page.count(f'href="#decision-{decided}"') == 1
    assert 'href="#card-' in page
    unsure = await person.post(f"{session}/record/remove", {"decision": decided})
    assert unsure.status == 400
    assert f"decision-{decided}" in await unsure.text()
    sure = {"decision": decided, "sure": "yes"}
    assert (await person.post(f"{session}/record/remove", sure)).status == 303
    assert f"decision-{decided}" not in (await person.get(f"{session}/record"))[1]


async def test_a_session_of_a_team_is_not_there_for_others(office: Office) -> None:
    _, session = await prepared(office, 6)
    others: tuple[tuple[Role, str], ...] = (("team", "West"), ("association", ""))
    for role, team in others:
        other = await office.login(role, team)
        for path in ("", "/lead", "/record", "/screen/0", "/pattern"):
            assert (await other.get(session + path))[0] == 404
    reader = await office.login("reader", "Oost")
    assert (await reader.get(session))[0] == 200
    assert (await reader.post(f"{session}/lead", {"act": "open"})).status == 403
    colleague = await office.login("team", "Oost")
    assert (await colleague.get(session))[0] == 200
    assert (await colleague.post(f"{session}/lead", {"act": "open"})).status == 403


async def test_without_stories_nothing_is_made_and_it_says_why(office: Office) -> None:
    person = await office.login("team", "Oost")
    answer = await person.post(
        HERE, {"question": await key_of(person, QUESTION), "sits": "network", "weeks": "13"}
    )
    assert answer.status == 400
    assert "Er zijn geen verhalen" in await answer.text()
    assert "session.state" not in (await person.get(HERE))[1]


async def test_a_card_on_the_screen_is_a_use(office: Office) -> None:
    person, session = await prepared(office, 3)
    status, page = await person.get(f"{session}/screen/0")
    assert status == 200
    assert "Fatima van de wijk" in page
    assert (await person.get(f"{session}/screen/9"))[0] == 404
    reference = session.rsplit("/", 1)[1]
    query = select(func.count()).where(uses.USE.c.reference == reference)
    assert await office.store.database.read(lambda s: s.execute(query).scalar()) == 1
