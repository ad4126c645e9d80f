"""Who can help comes first and alone, with a button to call; of all questions one has buttons."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from conversations.engine.effects import Button, Say
from tests.browser.chat import Chat
from tests.browser.conftest import PHONE, Devices
from tests.browser.whole_story import WholeStory
from tests.channels.web.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HEAVY = "Ik wil niet meer leven. Het is genoeg geweest, ik zie geen uitweg."


async def test_the_card_with_113_on_top_and_the_question_after_it_fit_a_phone(
    stage: Stage, devices: Devices
) -> None:
    story = WholeStory("resident")
    stage.script = story.script
    small = {**PHONE, "viewport": {"width": 360, "height": 640}}
    async with devices.context(**small) as chat:
        await expect(chat.page.locator(".answers").first).to_be_visible()
        async for done in story.told(chat):
            if done.startswith("door"):
                break
        await chat.say(HEAVY)
        await chat.hears("Wilt u verder vertellen?")
        assert await chat.page.get_by_text("Ik heb het.").count() == 0
        calls = chat.page.locator(".call")
        assert [await one.get_attribute("href") for one in await calls.all()] == [
            "tel:113",
            "tel:112",
        ]
        await expect(calls.first).to_have_accessible_name("Bel 113")
        for part in (calls.first, calls.last, chat.button("Verder"), chat.button("Stoppen")):
            await expect(part).to_be_in_viewport(ratio=1)
        assert await chat.violations() == []


async def test_of_all_questions_only_the_newest_has_buttons(stage: Stage, phone: Chat) -> None:
    await phone.hears("Meedoen?")
    await stage.show(stage.address, Say("In welke taal?", (Button("d:lang:en", "English"),)))
    await phone.hears("In welke taal?")
    await expect(phone.page.locator(".answers")).to_have_count(1)
    await expect(phone.button("English")).to_be_visible()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Kijk op https://verhaal.example.nl/privacy.", "https://verhaal.example.nl/privacy"),
        ("Kijk op http://127.0.0.1:8080/privacy", "http://127.0.0.1:8080/privacy"),
    ],
)
async def test_an_address_can_be_tapped(stage: Stage, phone: Chat, text: str, address: str) -> None:
    await phone.hears("Meedoen?")
    await stage.show(stage.address, Say(text))
    link = phone.page.locator(".bot").last.get_by_role("link")
    await expect(link).to_have_attribute("href", address)
