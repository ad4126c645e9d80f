"""A whole conversation, on a phone by touch and on a desktop by keyboard alone."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.channels.base import Account, Document
from conversations.engine.effects import Button, Control, Say
from conversations.engine.events import Command, Edited, Placed, Said, Tapped
from tests.browser.chat import Chat
from tests.browser.interview import CODE
from tests.channels.web.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_story_is_told_on_a_phone_by_touch(stage: Stage, phone: Chat) -> None:
    await phone.hears("Meedoen?")
    await phone.button("Ja, ik doe mee").tap()
    await phone.hears("Vertel")
    await phone.box.tap()
    await phone.box.fill("Zij luisterde een uur.")
    await phone.button("Versturen").tap()
    await phone.button("Klaar").tap()
    await phone.button("Boos").tap()
    await expect(phone.button("Boos")).to_have_attribute("aria-pressed", "true")
    await phone.button("Hoopvol").tap()
    await expect(phone.button("Hoopvol")).to_have_attribute("aria-pressed", "true")
    await phone.button("Boos").tap()
    await expect(phone.button("Boos")).to_have_attribute("aria-pressed", "false")
    await phone.button("Klaar met kiezen").tap()
    await phone.hears("Schaal")
    await phone.slider.tap(position={"x": 250, "y": 20})
    await phone.button("Zo past het").tap()
    await phone.hears("Driehoek")
    await phone.slider.tap()
    await phone.button("Zo past het").tap()
    await phone.hears("Kaart")
    card = phone.page.get_by_role("article", name="De kaart")
    await expect(card).to_contain_text("Een uur aan de keukentafel")
    await expect(card.get_by_role("img")).to_have_accessible_name(
        "Iets dichter bij ‘Wat ik zelf goed kan’"
    )
    await phone.button("Zo klopt het").tap()
    await phone.button("Ja, dat mag").tap()
    await phone.hears("Bewaard")
    await expect(phone.page.locator(".code")).to_have_text(CODE)
    start, yes, said, done, *ticks, picked, scale, triad, ok, keep = stage.events
    assert start == Account("start")
    assert yes == Tapped(1, "o:yes")
    assert (type(said), said.text) == (Said, "Zij luisterde een uur.")
    assert done == Tapped(2, "done")
    assert [tick.button for tick in ticks] == ["o:angry", "o:hopeful", "o:angry"]
    assert picked == Tapped(3, "picked")
    assert (type(scale), scale.turn) == (Placed, 4)
    assert 60 < scale.shares[0] < 95
    assert (triad.turn, len(triad.shares), sum(triad.shares)) == (5, 3, 100)
    assert (ok, keep) == (Tapped(6, "o:ok"), Tapped(7, "o:yes"))
    own = await phone.own()
    assert own[:3] == ["Ja, ik doe mee", "Zij luisterde een uur.", "Hoopvol"]


async def test_a_story_is_told_by_keyboard_alone(stage: Stage, desktop: Chat) -> None:
    await desktop.hears("Meedoen?")
    await expect(desktop.box).to_be_focused()
    keyboard = desktop.page.keyboard

    async def back_to(label: str) -> None:
        """Go backwards from the text box to a button, as a keyboard user does."""
        for _ in range(12):
            await keyboard.press("Shift+Tab")
            if await desktop.button(label).evaluate("button => button === document.activeElement"):
                return
        raise AssertionError(label)

    await back_to("Ja, ik doe mee")
    await keyboard.press("Enter")
    await desktop.hears("Vertel")
    await expect(desktop.box).to_be_focused()
    await keyboard.type("Een regel")
    await keyboard.press("Shift+Enter")
    await keyboard.type("en nog een")
    await keyboard.press("Enter")
    await desktop.hears("Ik heb het")
    await back_to("Klaar")
    await keyboard.press("Space")
    await desktop.hears("Gevoel")
    await back_to("Boos")
    await keyboard.press("Space")
    await expect(desktop.button("Klaar met kiezen")).to_be_visible()
    await expect(desktop.button("Boos")).to_be_focused()
    for _ in range(3):
        await keyboard.press("Tab")
    await keyboard.press("Enter")
    await desktop.hears("Schaal")
    for _ in range(2):
        await desktop.slider.focus()
        await keyboard.press("End")
        await keyboard.press("Enter")
        await expect(desktop.box).to_be_focused()
    await desktop.hears("Kaart")
    await back_to("Zo klopt het")
    await keyboard.press("Enter")
    await desktop.hears("Bewaren?")
    await expect(desktop.box).to_be_focused()
    await back_to("Ja, dat mag")
    await keyboard.press("Enter")
    await desktop.hears("Bewaard")
    said = next(event for event in stage.events if isinstance(event, Said))
    assert said.text == "Een regel\nen nog een"
    assert Placed(4, (100,)) in stage.events
    assert Placed(5, (0, 0, 100)) in stage.events


async def test_only_the_open_question_has_buttons(desktop: Chat) -> None:
    await desktop.hears("Meedoen?")
    await desktop.tap("Hulp nu")
    await expect(desktop.page.get_by_text("Bel 112 bij gevaar.")).to_be_visible()
    await expect(desktop.button("Ja, ik doe mee")).to_have_count(1)
    await desktop.tap("Ja, ik doe mee")
    await desktop.hears("Vertel")
    await expect(desktop.page.locator(".answers")).to_have_count(0)
    assert await desktop.own() == ["Ja, ik doe mee"]


async def test_a_double_tap_is_sent_once(stage: Stage, desktop: Chat) -> None:
    await desktop.hears("Meedoen?")
    await desktop.button("Ja, ik doe mee").dblclick()
    await desktop.hears("Vertel")
    assert stage.events.count(Tapped(1, "o:yes")) == 1


async def test_a_typed_yes_is_not_shown_twice(stage: Stage, desktop: Chat) -> None:
    await desktop.hears("Meedoen?")
    await desktop.say("Welterusten")
    await expect(desktop.page.locator(".own:not(.pending)")).to_have_count(1)
    await desktop.tap("Ja, ik doe mee")
    await desktop.hears("Vertel")
    assert await desktop.own() == ["Welterusten"]


async def test_a_message_is_corrected_in_its_place(stage: Stage, desktop: Chat) -> None:
    await desktop.until("vertel")
    await desktop.say("Zij luisterde een uur.")
    await desktop.hears("Ik heb het")
    await desktop.box.fill("half getypt")
    await desktop.page.locator(".own").last.hover()
    await desktop.tap("Verbeteren")
    await expect(desktop.box).to_have_value("Zij luisterde een uur.")
    await desktop.say("Zij luisterde twee uur.")
    await expect(desktop.page.locator(".own").last).to_contain_text("Verbeterd")
    assert (await desktop.own())[-1] == "Zij luisterde twee uur."
    await expect(desktop.box).to_have_value("half getypt")
    edited = next(event for event in stage.events if isinstance(event, Edited))
    said = next(event for event in stage.events if isinstance(event, Said))
    assert edited == Edited("Zij luisterde twee uur.", said.ref)
    await desktop.page.reload()
    await desktop.hears("Ik heb het")
    assert (await desktop.own())[-1] == "Zij luisterde twee uur."


async def test_a_pasted_text_keeps_its_lines(stage: Stage, desktop: Chat) -> None:
    await desktop.until("vertel")
    await desktop.box.evaluate(
        """box => {
          const data = new DataTransfer();
          data.setData("text/plain", "een\\ntwee\\n\\ndrie");
          box.focus();
          document.execCommand("insertText", false, data.getData("text/plain"));
        }"""
    )
    await desktop.box.press("Enter")
    await desktop.hears("Ik heb het")
    assert stage.events[-1].text == "een\ntwee\n\ndrie"
    assert (await desktop.own())[-1] == "een\ntwee\n\ndrie"


async def test_the_menu_does_its_commands(stage: Stage, desktop: Chat) -> None:
    await desktop.hears("Meedoen?")
    for label, event in {
        "Terug": Command("back"),
        "Stoppen": Command("stop"),
        "Mijn verhalen": Account("stories"),
        "Mijn gegevens": Account("data"),
    }.items():
        await desktop.tap("Menu")
        await desktop.tap(label)
        await expect(desktop.button(label)).to_be_hidden()
        await stage.until(event)


async def test_another_language_changes_the_page(stage: Stage, desktop: Chat) -> None:
    await desktop.hears("Meedoen?")
    await desktop.tap("Menu")
    await desktop.tap("Taal")
    await expect(desktop.button("Nederlands")).to_have_attribute("aria-pressed", "true")
    await desktop.tap("English")
    await expect(desktop.button("Help now")).to_be_visible()
    await expect(desktop.page.locator("html")).to_have_attribute("lang", "en")
    assert stage.events[-1] == Account("language", "en")


async def test_help_is_one_tap_away(stage: Stage, phone: Chat) -> None:
    await phone.hears("Meedoen")
    help_card = (
        "Gevaar: bel 112.\nBel 113, of chat op 113.nl.\nVeilig Thuis, 0800-2000. "
        "De Luisterlijn, 088 0767 000. Wij bestaan 1123 dagen."
    )
    await stage.show(stage.address, Say(help_card))
    await phone.hears("Gevaar")
    links = phone.page.locator(".bot").last.get_by_role("link")
    hrefs = [await link.get_attribute("href") for link in await links.all()]
    assert hrefs == ["tel:112", "tel:113", "https://113.nl", "tel:08002000", "tel:0880767000"]
    await expect(phone.page.locator(".bot").last).to_contain_text("1123 dagen")
    assert await phone.violations() == []


async def test_own_data_are_downloaded_from_the_page(stage: Stage, desktop: Chat) -> None:
    await desktop.until("meedoen")
    await stage.show(stage.address, Document("vertelbot.txt", "text/plain", "Één verhaal"))
    async with desktop.page.expect_download() as download:
        await desktop.page.get_by_role("link", name="vertelbot.txt").click()
    file = await download.value
    assert file.suggested_filename == "vertelbot.txt"
    assert await asyncio.to_thread(Path(await file.path()).read_text, "utf-8") == "Één verhaal"
    assert await desktop.violations() == []


async def test_a_typed_command_stands_in_its_place_and_is_not_corrected(desktop: Chat) -> None:
    await desktop.until("meedoen")
    await desktop.say("/stop")
    await desktop.page.reload()
    await expect(desktop.page.locator(".own .bubble")).to_have_text(["/stop"])
    await expect(desktop.page.locator(".own .change")).to_have_count(0)


async def test_what_was_chosen_at_the_desk_takes_its_buttons_away(
    stage: Stage, desktop: Chat
) -> None:
    await desktop.until("meedoen")
    languages = Say(
        "Welke taal?", (Button("d:lang:nl", "Nederlands"), Button("d:lang:en", "English"))
    )
    await stage.show(stage.address, languages)
    await desktop.tap("English")
    await expect(desktop.button("Nederlands")).to_have_count(0)
    assert await desktop.own() == ["English"]
    await desktop.page.reload()
    await expect(desktop.button("Ja, ik doe mee")).to_have_count(1)
    await expect(desktop.button("Nederlands")).to_have_count(0)


async def test_a_question_asked_again_takes_the_buttons_of_its_turn_to_itself(
    stage: Stage, desktop: Chat
) -> None:
    await desktop.until("vertel")
    await desktop.say("Zij luisterde.")
    await desktop.hears("Ik heb het.")
    again = Say("Vertel verder.", (Button("done", "Klaar"), Button("edit", "Iets weghalen")), 2)
    await stage.show(stage.address, again.but(control=Control("tell", max=6000)))
    await expect(desktop.button("Iets weghalen")).to_have_count(1)
    await expect(desktop.button("Klaar")).to_have_count(1)


async def test_what_was_allowed_stands_ticked_at_the_desk(stage: Stage, desktop: Chat) -> None:
    await desktop.until("meedoen")
    who = (Button("d:c:team:1", "Mijn team", picked=True), Button("d:c:quote:1", "Een website"))
    control = Control("choices", max=2)
    await stage.show(stage.address, Say("Zo staat het nu.", who, control=control))
    for button in who:
        pressed = str(button.picked).lower()
        await expect(desktop.button(button.label)).to_have_attribute("aria-pressed", pressed)
    await expect(desktop.button("Ja, ik doe mee")).to_have_count(0)
