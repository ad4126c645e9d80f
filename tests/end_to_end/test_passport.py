"""The passport of a story: where it was used, and taking one use back, or all."""

from __future__ import annotations

from typing import Any

from storage.coordinators import audit, coordinators
from storage.coordinators.coordinators import Coordinator
from storage.sensemaking import record, session_cards, sessions
from storage.sensemaking.record import Grounds
from storage.sensemaking.sessions import SenseSession
from storage.stories import uses
from storage.vault.vault import new_id
from tests.end_to_end.kit import House, Phone
from tests.end_to_end.scripts import (
    PROFESSIONAL,
    RESIDENT,
    TO_THE_TEAM,
    YES_TO_ALL,
    Deed,
    Say,
    Tap,
    tell,
)
from tests.end_to_end.tellers import WebTeller
from tests.end_to_end.test_own import code

NAME, USED = "De stoel bij het raam", "Waar is het gebruikt"
PAPER = "1. Op papier, voor een groep van het team."


async def told(house: House, teller: Phone | WebTeller, last: tuple[Deed, ...]) -> str:
    """A story of a team, by a resident; its id."""
    team = await house.team("Wijkteam Oost", "Zwolle")
    await tell(teller, (Say(f"/start {team.code}"), *RESIDENT[1:]), last)
    return (await house.story()).id


async def at_a_session(house: House, story_id: str) -> SenseSession:
    """The story stood in a session of its team, on paper and on a screen; a decision rests on it,
    and a coordinator looked twice."""
    now = house.clock.now()
    team = (await house.story()).telling.team

    def sit(connection: Any) -> SenseSession:
        who: Coordinator = coordinators.add(connection, "team", "Bob", team=team)
        words = {"title": "Herfst", "question": "rings", "query": ""}
        session = sessions.draft(who, now, sits="team", **words)
        sessions.add(connection, session)
        session_cards.put(connection, session, [story_id])
        (card,) = session_cards.on_table(connection, session, None)
        session_cards.note_printed(connection, [card.id])
        for kind in ("pack", "session"):
            uses.write(connection, kind, "team", session.id, [story_id], now)
        uses.write(connection, "file", "network", new_id(), [story_id], now)
        rests = Grounds((story_id,))
        text, owner = "Wij bellen binnen een dag terug.", "Karin"
        record.add_decision(connection, session.id, text, owner, "2026-12-01", rests, now)
        for detail in ("", "", "voice"):
            audit.note(connection, who, "read", now, story=story_id, detail=detail)
        return session

    return await house.app.database.write(sit)


async def shown(house: House, session: SenseSession) -> list[bool]:
    """Whether each card of a session may be shown to who takes part."""
    table = await house.app.database.read(lambda s: session_cards.on_table(s, session, None))
    return [card.story is not None for card in table]


async def standing(house: House, story_id: str) -> list[str]:
    found = await house.app.database.read(lambda s: uses.of_story(s, story_id))
    return [each.kind for each in found if not each.withdrawn]


async def test_a_teller_sees_where_a_story_was_used_and_takes_one_use_back(
    house: House, alice: Phone
) -> None:
    story_id = await told(house, alice, TO_THE_TEAM)
    session = await at_a_session(house, story_id)
    await alice.say("/mijnverhalen")
    await alice.tap(NAME, USED)
    assert alice.read.splitlines()[:3] == [
        f"Hier is dit verhaal gebruikt: {NAME}.",
        f"{PAPER} Op het scherm, voor een groep van het team. Wanneer: week 47 van 2026.",
        "2. In een bestand voor een ander team. Wanneer: week 47 van 2026.",
    ]
    assert "18-11-2026: Wij bellen binnen een dag terug." in alice.read
    assert "Karin" not in alice.read
    assert "Dit mag nu: Mijn team leest het, Andere teams lezen het." in alice.read
    assert "Een coördinator opende het 2 keer." in alice.read
    assert "maandag" not in alice.read, "no word of the story but its sentence"
    assert alice.last.labels[:3] == ["Haal 1 terug", "Haal 2 terug", "Haal alles terug"]
    await alice.tap("Haal 1 terug")
    assert await shown(house, session) == [True], "nothing changes before the answer"
    assert alice.read.startswith("Haal ik dit terug? Op papier")
    await alice.tap("Ja, haal het terug")
    assert await shown(house, session) == [False]
    assert await standing(house, story_id) == ["file"]
    assert any("haal ik niet terug" in each for each in alice.sentences[-2:])
    await alice.tap(USED)
    assert f"{PAPER} Op het scherm, voor een groep van het team." in alice.read
    assert "Dit is weer weg.\n2. In een bestand" in alice.read
    assert "Haal 1 terug" not in alice.last.labels
    assert "Haal 2 terug" in alice.last.labels


async def test_with_the_code_on_the_page_everything_is_taken_back(
    house: House, alice: Phone
) -> None:
    story_id = await told(house, alice, TO_THE_TEAM)
    session = await at_a_session(house, story_id)
    async with WebTeller(house) as bob:
        await bob.say("/start")
        await tell(bob, (Say(code(alice)), Tap(USED), Tap("Haal alles terug"), Say("nee")))
        assert await shown(house, session) == [True]
        await tell(bob, (Tap(USED), Tap("Haal alles terug"), Tap("Ja, haal het terug")))
        assert await shown(house, session) == [False]
        assert await standing(house, story_id) == []
        assert (await house.story()).purposes == ("keep", "team", "network", "contact")


async def test_a_quotation_that_is_taken_back_takes_back_its_consent(
    house: House, alice: Phone
) -> None:
    story_id = await told(
        house, alice, (*TO_THE_TEAM[:3], Tap("Deze zin openbaar"), *TO_THE_TEAM[3:])
    )
    now = house.clock.now()
    await house.app.database.write(
        lambda c: uses.write(c, "quotation", "quote", new_id(), [story_id], now)
    )
    assert "quote" in (await house.story()).purposes
    await alice.say("/mijnverhalen")
    await alice.tap(NAME, USED, "Haal 1 terug", "Ja, haal het terug")
    assert (await house.story()).purposes == ("keep", "team", "network", "contact")


async def test_a_sentence_that_is_taken_off_a_public_page_keeps_its_other_consents(
    house: House, alice: Phone
) -> None:
    story_id = await told(
        house, alice, (*TO_THE_TEAM[:3], Tap("Deze zin openbaar"), *TO_THE_TEAM[3:])
    )
    now = house.clock.now()

    def leave(connection: Any) -> None:
        uses.write(connection, "quotation", "quote", new_id(), [story_id], now)
        for _ in range(2):  # two editions
            uses.write(connection, "page", "quote", new_id(), [story_id], now)

    await house.app.database.write(leave)
    await alice.say("/mijnverhalen")
    await alice.tap(NAME, USED, "Haal 2 terug", "Ja, haal het terug")
    assert await standing(house, story_id) == ["quotation"]
    assert "quote" in (await house.story()).purposes
    assert not any("haal ik niet terug" in each for each in alice.sentences[-2:])


async def test_a_story_that_was_nowhere_says_so(house: House, alice: Phone) -> None:
    await tell(alice, PROFESSIONAL, YES_TO_ALL)
    await alice.say("/mijnverhalen")
    await alice.tap(alice.last.labels[0], USED)
    (passport,) = (each for each in alice.sentences[-2:] if "nog nergens gebruikt" in each)
    assert "Nog geen coördinator opende het." in passport
    assert "Nu mag niemand het lezen." in passport
    assert "Weghalen" in alice.last.labels


async def test_a_button_of_a_use_that_is_gone_by_now_changes_nothing(
    house: House, alice: Phone
) -> None:
    story_id = await told(house, alice, TO_THE_TEAM)
    await at_a_session(house, story_id)
    await alice.say("/mijnverhalen")
    await alice.tap(NAME, USED)
    old = alice.last.buttons[0].data, alice.last.id
    await alice.tap("Haal alles terug", "Ja, haal het terug")
    links = await house.count("use")
    await alice.user.tap_data(*old)
    await house.settle()
    assert await house.count("use") == links
    assert "Er ging iets mis" not in alice.read
