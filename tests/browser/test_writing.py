"""Room to write: one limit, and no word that does not fit is lost."""

from collections.abc import Sequence

import pytest
from playwright.async_api import expect

from bot.channels.base import Arrival
from conversations.engine.effects import Button, Control, Say
from conversations.engine.events import Edited, Said
from tests.browser.chat import Chat
from tests.browser.interview import TELL
from tests.channels.web.stage import Shown, Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DONE = (Button("done", "Klaar"),)


async def test_the_counter_comes_near_the_limit(phone: Chat) -> None:
    await phone.until("vertel")
    counter = phone.page.locator("#counter")
    await phone.box.fill("x" * 4999)
    await expect(counter).to_be_hidden()
    await phone.box.fill("x" * 5000)
    await expect(counter).to_have_text("Nog 1000 tekens")
    await phone.box.fill("x" * 6001)
    await phone.tap("Versturen")
    await expect(phone.page.get_by_role("alert")).to_have_text("1 teken te veel. Haal iets weg.")
    assert len(await phone.box.input_value()) == 6001


async def test_the_box_knows_what_the_story_holds_already(stage: Stage, phone: Chat) -> None:
    def told(arrival: Arrival) -> Sequence[Shown]:
        return [Say("Ik heb het.", DONE, TELL, Control("tell", max=500))]

    await phone.until("vertel")
    stage.script = told
    await phone.say("x" * 5500)
    await phone.hears("Ik heb het.")
    await phone.box.fill("y" * 501)
    await expect(phone.page.locator("#counter")).to_have_text("1 teken te veel. Haal iets weg.")
    await phone.box.press("Enter")
    assert [event.text for event in stage.events if isinstance(event, Said)] == ["x" * 5500]
    await phone.page.get_by_role("button", name="Verbeteren").last.click()
    await phone.box.fill("z" * 6000)
    await phone.box.press("Enter")
    await expect(phone.page.locator(".own .fate")).to_have_text("Verbeterd")
    assert stage.events[-1].text == "z" * 6000


async def test_words_that_the_story_did_not_take_stand_in_the_box_again(
    stage: Stage, phone: Chat
) -> None:
    def full(arrival: Arrival) -> Sequence[Shown]:
        match arrival.event:
            case Said(_, ref):
                return [Say("Het verhaal zit vol.", DONE, TELL, refused=ref)]
            case _:
                return [Say("Ik heb het.", DONE, TELL)]

    await phone.until("vertel")
    stage.script = full
    await phone.say("Dit past er niet meer bij.")
    await expect(phone.page.locator(".own .fate")).to_have_text("Dit heb ik niet bewaard.")
    await expect(phone.box).to_have_value("Dit past er niet meer bij.")
    await phone.say("Dit past.")
    await phone.hears("Ik heb het.")
    [said] = [event for event in stage.events if isinstance(event, Said)]
    assert stage.events[-1] == Edited("Dit past.", said.ref)
    await expect(phone.page.locator(".own .fate")).to_have_text("Verbeterd")
    await phone.page.reload()
    await phone.hears("Ik heb het.")
    await expect(phone.box).to_have_value("")


async def test_what_the_server_finds_too_long_stands_in_the_box_again(phone: Chat) -> None:
    await phone.until("vertel")
    await phone.box.fill("x" * 5990)
    await phone.page.evaluate(
        """async () => {
          const own = WebSocket.prototype.send;
          WebSocket.prototype.send = function (text) {
            own.call(this, text.replace(/"text":"x+/, (found) => found + "x".repeat(100)));
          };
        }"""
    )
    await phone.tap("Versturen")
    await expect(phone.page.locator(".pending")).to_have_count(0)
    await expect(phone.box).to_have_value("x" * 5990)


async def test_a_message_that_is_emptied_asks_and_stands_until_then(
    stage: Stage, phone: Chat
) -> None:
    await phone.until("vertel")
    await phone.say("Dit mag weg.")
    await phone.hears("Ik heb het.")
    await phone.page.get_by_role("button", name="Verbeteren").last.click()
    await phone.box.fill("")
    await phone.tap("Versturen")
    [said] = [event for event in stage.events if isinstance(event, Said)]
    await stage.until(Edited("", said.ref))
    await expect(phone.page.locator(".own .bubble").last).to_have_text("Dit mag weg.")
