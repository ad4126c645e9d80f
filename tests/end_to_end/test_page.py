"""The page of the web chat, drawn from the store: what was done and given stands on it."""

from __future__ import annotations

import json

from tests.end_to_end.kit import House
from tests.end_to_end.scripts import RESIDENT, YES_TO_ALL, Say, Tap, tell
from tests.end_to_end.tellers import WebTeller


async def own(teller: WebTeller) -> list[str]:
    """What the person typed and chose at the desk, on a page that is loaded afresh."""
    await teller.close()
    teller.rows.clear()
    await teller.open()
    return [row["text"] for row in teller.rows if row["op"] == "echo"]


async def test_a_page_loaded_again_shows_typed_commands_and_buttons_of_the_desk(
    house: House,
) -> None:
    async with WebTeller(house) as alice:
        await tell(alice, RESIDENT[:5], (Say("/mijnverhalen"), Say("/stop"), Tap("Later verder")))
        assert await own(alice) == ["Een inwoner", "/mijnverhalen", "/stop"]


async def test_own_data_come_to_the_page_as_two_files(house: House) -> None:
    async with WebTeller(house) as alice:
        await tell(alice, RESIDENT, YES_TO_ALL)
        await alice.do("command", name="data")
        readable, data = (row for row in alice.rows if row["op"] == "document")
        assert "De stoel bij het raam" in readable["text"]
        assert json.loads(data["text"])["stories"][0]["sentence"] == "De stoel bij het raam"


async def test_the_page_shows_who_may_read_a_story(house: House) -> None:
    async with WebTeller(house) as alice:
        await tell(alice, RESIDENT, YES_TO_ALL, (Say("/mijnverhalen"),))
        await tell(alice, (Tap("De stoel bij het raam"), Tap("Wie mag het lezen")))
        assert alice.asked["control"]["kind"] == "choices"
        picked = [each["label"] for each in alice.asked["buttons"] if each["picked"]]
        assert picked == ["Ik hoor ervan"]


async def test_who_is_erased_by_hand_leaves_no_word_on_the_page(house: House) -> None:
    async with WebTeller(house) as alice:
        await tell(alice, RESIDENT[:6], (Say("/wissen"), Tap("Ja, wis alles")))
        assert await own(alice) == []
