"""What the weekly digest tells: true numbers, what is missing, and no word of a story."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from bot.coordinators.digest.gaps import PROMISES
from bot.coordinators.digest.messages import CAPTION_MAX, DigestMessage
from conversations.guide.telling import Telling
from storage.coordinators.coordinators import Coordinator
from storage.stories import moderation, reading
from storage.stories.moderation import Note
from storage.stories.movements import MOVEMENTS, SAME_MOVEMENT
from storage.weeks import weeks_before
from tests.coordinators.office import Office, library
from tests.storage.stores import FLAGS, Store, shelve, telling

WEEK = "2026-W46"
"""The week that is over at the office."""
PNG = b"\x89PNG\r\n\x1a\n"


async def fill(store: Store, *weeks: str, each: int = 12) -> None:
    """Stories in these weeks that everyone may read."""

    def made(number: int) -> Telling:
        answers: dict[str, Any] = {
            "promise": [PROMISES[number % 2]],
            "movement_chains_networks": 10 if number % 2 else 90,
        }
        return telling(language="nl" if number % 3 else "en", team="", answers=answers)

    told_ = [(week, made(number)) for week in weeks for number in range(each)]
    await store.database.write(lambda c: shelve(c, told_, **FLAGS["everyone"]))


def test_scales_for_residents_run_from_the_same_pole_as_the_movement_they_count_for() -> None:
    poles = {
        step.id: tuple(pole.id for pole in step.poles)
        for each in library().ids
        for step in library().get(each, "nl").steps.values()
        if step.kind == "scale"
    }
    for step, movement in SAME_MOVEMENT.items():
        assert poles[step] == poles[movement]


def test_no_guide_asks_for_one_movement_twice() -> None:
    """A story counts once for a movement; twice, and the numbers would tell who said both."""
    for each in library().ids:
        asked = [SAME_MOVEMENT.get(step, step) for step in library().get(each, "nl").steps]
        assert len(asked) == len(set(asked)), each


async def test_what_residents_are_asked_in_their_own_words_counts_for_the_movement(
    office: Office,
) -> None:
    told_ = [(WEEK, telling(team="", answers={"help_in_turn": at})) for at in (10, 90) * 6]
    store = office.store
    await store.database.write(lambda c: shelve(c, told_, **FLAGS["everyone"]))
    shape = (await told(office)).digest.json()
    assert shape["movements"]["movement_chains_networks"]["right"]["week"] == 6


async def told(
    office: Office, week: str = WEEK, team: str = "", language: str = "nl"
) -> DigestMessage:
    return await office.digests.told(None, week, team, language)


async def test_the_numbers_are_those_of_the_week_and_the_quarter_before(office: Office) -> None:
    await fill(office.store, "2026-W30", WEEK)
    shape = (await told(office)).digest.json()
    assert (shape["week"], shape["team"], shape["final"]) == (WEEK, None, True)
    assert shape["stories"] == 12
    assert shape["promises"]["own_life"] == {"week": 6, "before": 6}
    assert shape["promises"]["tailored"] == {"week": {"below": 5}, "before": {"below": 5}}
    assert shape["movements"]["movement_chains_networks"]["right"]["week"] == 6
    assert shape["prompts"] == {"sent": {"below": 5}, "answered": {"below": 5}}
    assert set(shape["promises"]) == set(PROMISES)
    assert set(shape["movements"]) == set(MOVEMENTS)
    json.dumps(shape)


async def test_no_number_is_below_the_threshold(office: Office) -> None:
    await fill(office.store, *(weeks_before(WEEK, back) for back in range(20)), each=7)
    shape = (await told(office)).digest.json()

    def numbers(value: Any) -> list[int]:
        match value:
            case {"below": _}:
                return []
            case dict():
                return [n for each in value.values() for n in numbers(each)]
            case list():
                return [n for each in value for n in numbers(each)]
            case bool():
                return []
            case int():
                return [value]
        return []

    assert numbers(shape)
    assert all(number >= 5 for number in numbers(shape))


async def test_what_is_missing_is_said_and_whom_to_ask(office: Office) -> None:
    await fill(office.store, *(f"2026-W{week}" for week in range(27, 40)))
    shape = (await told(office)).digest.json()["missing"]
    assert shape["known"]
    assert "policy_board" in shape["roles"]
    assert "resident" not in shape["roles"]
    assert "own_life" not in shape["promises"]
    assert shape["ask"]["role"] == "resident"
    said = " ".join((await told(office)).paragraphs())
    assert "Vraag een inwoner eens" in said
    page = " ".join((await told(office)).missing())
    assert "In kwartaal 3 is weinig gehoord van mensen die met inwoners werken, " in page
    assert "In kwartaal 3 is weinig verteld over hoe snel je terechtkunt; of de hulp paste" in page
    assert "In kwartaal 3 is weinig verteld in het Arabisch en Turks." in page


async def test_a_small_team_sees_what_all_teams_together_tell(office: Office) -> None:
    await fill(office.store, *(f"2026-W{week}" for week in range(27, 40)), WEEK)
    said = await told(office, team=office.teams["Oost"].id)
    shape = said.digest.json()
    assert shape["stories"] == {"below": 5}
    assert shape["missing"]["together"]
    assert "resident" not in shape["missing"]["roles"]
    lines = said.paragraphs()
    assert lines[0].startswith("Oost: minder dan 5 nieuwe verhalen.")
    assert any(
        line.startswith("Gedeeld door alle teams samen: 12 nieuwe verhalen.") for line in lines
    )
    assert said.picture().title == "Alle teams samen, week 46"
    assert said.ask().startswith("Vraag een ")
    assert lines[-1].startswith("Alle teams: ")
    assert lines[-1].casefold().endswith(said.ask().casefold())


async def test_a_small_team_has_its_own_numbers_behind_the_login_and_never_in_a_message(
    office: Office,
) -> None:
    for number in range(3):
        await office.tell("Oost", week=WEEK, name=f"Verhaal {number}")
    await office.tell("West", week=WEEK, reviewed=True)
    person = await office.login("team", "Oost")
    _, page = await person.get("/coordinator/digest")
    assert "inder dan 5 nieuwe verhalen" in page
    assert "Oost: 3 verhalen" in page
    said = await told(office, team=office.teams["Oost"].id)
    letter = said.letter("", office.digests._templates)
    for text in (letter.subject, letter.text, letter.html, said.caption()):
        assert "3 verhalen" not in text


async def test_an_empty_store_has_a_digest_too(office: Office) -> None:
    empty = await told(office)
    assert empty.digest.json()["stories"] == {"below": 5}
    assert "Minder dan 5 nieuwe verhalen" in empty.caption()


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_the_caption_fits_and_ends_with_the_link(office: Office, language: str) -> None:
    await fill(office.store, *(weeks_before(WEEK, back) for back in range(26)), each=60)
    caption = (await told(office, language=language)).caption()
    assert len(caption.encode("utf-16-le")) // 2 <= CAPTION_MAX
    assert caption.endswith(f"/coordinator/digest?week={WEEK}")


async def test_a_story_lends_no_word_to_the_digest(office: Office) -> None:
    for _ in range(12):
        await office.tell("Oost", week=WEEK)
    said = await told(office)
    letter = said.letter("", office.digests._templates)
    for text in (said.caption(), letter.text, letter.html, json.dumps(said.digest.json())):
        assert "Fatima" not in text
        assert "sleutel" not in text


async def test_a_picture_is_drawn(office: Office) -> None:
    await fill(office.store, WEEK)
    picture = await office.digests.draw(await told(office))
    assert base64.b64decode(picture).startswith(PNG)


@pytest.mark.usefixtures("no_pictures")
async def test_without_anything_to_draw_with_there_are_words(office: Office) -> None:
    said = await told(office)
    assert await office.digests.draw(said) == ""
    assert type(said.photo("")).__name__ == "Say"


@pytest.mark.usefixtures("no_pictures")
async def test_the_page_shows_the_same_numbers(office: Office) -> None:
    await fill(office.store, WEEK)
    chief, reader = await office.login("association"), await office.login("reader", "Oost")
    status, page = await chief.get("/coordinator/digest")
    assert status == 200
    assert "12 nieuwe verhalen" in page
    picture = (await told(office)).picture()
    drawn = page.partition('<figure class="picture">')[2].partition("</figure>")[0]
    assert all(f">{said}</text>" in drawn for said in picture.said)
    assert drawn.count(f">{picture.weeks[-1][1]}</text>") == 1
    hidden = sum(count is None for _, count in picture.weeks)
    assert drawn.count("<circle") == hidden
    assert drawn.count("<rect") == (
        len(picture.weeks) - hidden + 1 + bool(picture.quarter)
        + sum(share is not None for _, *both in picture.promises for share in both)
    )  # fmt: skip
    assert (await reader.get("/coordinator/digest"))[0] == 403
    for strange in ("week=2099-W01", "week=x", "team=nergens"):
        assert (await chief.get(f"/coordinator/digest?{strange}"))[0] == 200


async def test_a_team_cannot_ask_for_the_digest_of_another(office: Office) -> None:
    person = await office.login("team", "Oost")
    _, page = await person.get(f"/coordinator/digest?team={office.teams['West'].id}")
    assert "· Oost" in page


async def test_what_waits_is_told_to_who_can_do_something_about_it(office: Office) -> None:
    database = office.store.database
    east, west = [await office.coordinator("team", name) for name in ("Oost", "West")]
    chief = await office.coordinator("association")

    async def waits(who: Coordinator) -> tuple[bool, bool]:
        found = (await office.digests.told(who, WEEK, who.team, "nl")).digest
        counted = await database.read(lambda s: reading.waiting(s, who))
        shape = (found.waiting, found.serious)
        assert shape == (counted["waiting"] > 0, counted["serious"] > 0)
        return shape

    assert [await waits(who) for who in (east, west, chief)] == [(False, False)] * 3
    story_id = await office.tell("Oost", "team")
    assert [await waits(who) for who in (east, west, chief)] == [
        (True, False), (False, False), (False, False),
    ]  # fmt: skip
    note = Note("Bel even", east.id, "2026-12-01")
    await database.write(lambda c: moderation.set_state(c, story_id, "serious", note))
    assert await waits(east) == (False, True)
    said = await office.digests.told(east, WEEK, east.team, "nl")
    assert said.todo() == ["Een verhaal vraagt een mens, uiterlijk 1 december 2026."]
    assert said.paragraphs()[0].startswith("Te doen:\n• Een verhaal vraagt een mens")
    assert (await waits(west), await waits(chief)) == ((False, False), (False, False))
