"""The answer is in view: after everything that one does, what the bot said and the next thing to do
are on the screen, on small phones, with the keyboard open, enlarged."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from conversations.engine.effects import Button, Card, Control, Highlight, Say
from tests.browser.chat import Chat, box_of
from tests.browser.conftest import PHONE, Devices
from tests.browser.whole_story import LONG, WholeStory
from tests.channels.web.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SIZES = {
    "small phone": (320, 568),
    "phone": (360, 640),
    "large phone": (390, 844),
    "keyboard open": (390, 470),
    "zoomed to 200 %": (195, 422),
    "text of 200 %": (390, 844),
}
HIDDEN = """(mayScroll) => {
  const box = document.getElementById("scroll").getBoundingClientRect();
  const seen = (element, part = 1) => {
    const { top, bottom, width, height } = element.getBoundingClientRect();
    const shown = Math.min(bottom, box.bottom) - Math.max(top, box.top);
    return width > 0 && shown >= Math.min(height, box.height) * part - 1;
  };
  const begins = (element) => {
    const { top } = element.getBoundingClientRect();
    return top >= box.top - 1 && top <= box.bottom - 24;
  };
  const newest = [...document.querySelectorAll(".bot")].at(-1);
  const wrong = [];
  if (!mayScroll && !begins(newest)) wrong.push("the newest of the bot begins out of view");
  const answers = newest.querySelector(".answers");
  const cue = document.getElementById("newer");
  if (answers && cue.hidden) {
    const foot = answers.querySelector(".foot");
    const buttons = [...answers.querySelectorAll("button")].filter((one) => one.offsetWidth);
    if (!buttons.some((one) => seen(one))) wrong.push("no button is in view");
    if (foot && ![...foot.children].filter((one) => one.offsetWidth).every((one) => seen(one)))
      wrong.push("what closes the question is out of view");
  }
  if (!cue.hidden && answers && answers.matches(".docked") && begins(newest) && seen(answers))
    wrong.push("it points to what is in view");
  return wrong;
}"""
LARGER = """() => {
  document.documentElement.style.fontSize = "200%";
  document.body.style.display = "none"; // else what asks for the room keeps to the old letters
  document.body.getBoundingClientRect();
  document.body.style.display = "";
}"""
PLACES = """() => [...document.querySelectorAll(".bot")].at(-1).getBoundingClientRect().top"""


def device(size: tuple[int, int]) -> dict[str, Any]:
    return {**PHONE, "viewport": {"width": size[0], "height": size[1]}}


@pytest.mark.parametrize("place", range(len(SIZES)), ids=list(SIZES))
async def test_the_answer_and_the_next_thing_to_do_are_in_view(
    stage: Stage, devices: Devices, place: int
) -> None:
    name = list(SIZES)[place]
    story = WholeStory(("professional", "resident")[place % 2])
    stage.script = story.script
    async with devices.context(**device(SIZES[name])) as chat:
        if name.startswith("text"):
            await chat.page.evaluate(LARGER)
        await chat.page.locator(".answers").first.wait_for()
        async for done in story.told(chat):
            await chat.settled()
            scrolled = done.endswith(("ticked", "placed"))  # to reach what was tapped
            assert await chat.page.evaluate(HIDDEN, scrolled) == [], done
            assert await chat.too_wide() == [], done


@pytest.mark.parametrize("name", ["small phone", "phone", "zoomed to 200 %", "text of 200 %"])
async def test_the_text_box_has_room_beside_a_microphone_and_a_camera(
    stage: Stage, devices: Devices, name: str
) -> None:
    await stage.stop()
    stage.takes = {"voice_minutes": 3, "photos": True}
    await stage.start()
    async with devices.context(**device(SIZES[name])) as chat:
        if name.startswith("text"):
            await chat.page.evaluate(LARGER)
        await chat.until("vertel")
        for told in ("", "Zij luisterde een uur.", "Daarna belde zij nog eens."):
            if told:
                await chat.box.fill(told)
                await room(chat, "written")
                await chat.box.press("Enter")
                await chat.hears("Ik heb het")
            await room(chat, "told" if told else "not begun")


async def room(chat: Chat, when: str) -> None:
    """The text box holds some words on a line, nothing beside it falls off the screen, and all of
    it is large enough for a thumb."""
    for name in ("Inspreken", "Foto erbij"):
        await expect(chat.button(name)).to_be_visible()
    await chat.settled()
    letters = """(box) => box.clientWidth / parseFloat(getComputedStyle(box).fontSize)"""
    assert await chat.box.evaluate(letters) >= 7, when
    assert await chat.too_wide() == [], when
    assert await chat.too_small() == [], when


async def test_ticking_and_placing_move_nothing(stage: Stage, devices: Devices) -> None:
    async with devices.context(**device(SIZES["phone"])) as chat:
        await chat.until("gevoel")
        for question in ("gevoel", "schaal", "driehoek"):
            await chat.hears(question.capitalize())
            await chat.settled()
            before = await chat.page.evaluate(PLACES)
            if question == "gevoel":
                await chat.tap("Boos")
                await expect(chat.button("Boos")).to_have_attribute("aria-pressed", "true")
            else:
                await chat.slider.press("ArrowRight")
            await expect(chat.button("Nieuw bericht")).to_be_hidden()
            assert await chat.page.evaluate(PLACES) == before, question
            await chat.tap("Klaar met kiezen" if question == "gevoel" else "Zo past het")


async def test_the_triangle_fits_a_phone_with_its_question_and_its_buttons(
    devices: Devices,
) -> None:
    async with devices.context(**device(SIZES["phone"])) as chat:
        await chat.until("driehoek")
        await chat.slider.press("ArrowRight")
        for part in (chat.slider, chat.button("Zo past het"), chat.button("Toch leeg laten")):
            await expect(part).to_be_in_viewport(ratio=1)


async def test_words_that_may_identify_someone_are_in_view_however_long_the_story(
    stage: Stage, devices: Devices
) -> None:
    told = f"{LONG}Toen belde Fatima mr. Jansen.\n\nDat hielp. {LONG}En Yusuf?"
    found = [(told.index(each), each) for each in ("Fatima", "mr. Jansen", "Yusuf")]
    marks = tuple(
        Highlight(at, at + len(words), f"[naam {clue}]", clue=clue)
        for clue, (at, words) in enumerate(found)
    )
    control = Control("clues", card=Card("Een bezoek", told, (), highlights=marks))
    asked = Say("Zal ik er iets anders neerzetten?", (Button("all", "Ja, overal"),), 50, control)
    async with devices.context(**device(SIZES["phone"])) as chat:
        await chat.hears("Meedoen")
        await stage.show(stage.address, asked)
        await chat.hears("Zal ik")
        for _, words in found:
            word = chat.page.locator("mark", has_text=words)
            await expect(word).to_be_in_viewport(ratio=1)
        shown = await chat.page.locator(".card .story").inner_text()
        assert shown.startswith("… Toen belde")
        assert "mevrouw" not in shown


async def test_a_long_message_of_ones_own_folds_and_unfolds_by_key(phone: Chat) -> None:
    await phone.until("vertel")
    await phone.say(LONG)
    unfold = phone.button("Alles lezen")
    await expect(unfold).to_have_attribute("aria-expanded", "false")
    folded = await box_of(phone.page.locator(".own .bubble").last)
    await unfold.press("Enter")
    await expect(phone.button("Minder tonen")).to_have_attribute("aria-expanded", "true")
    whole = await box_of(phone.page.locator(".own .bubble").last)
    assert folded
    assert whole
    assert folded["height"] < 300 < whole["height"]
    await expect(phone.page.locator(".own .bubble").last).to_contain_text(LONG.strip())


async def test_new_is_said_only_of_what_is_new_and_hidden(stage: Stage, phone: Chat) -> None:
    await phone.until("gevoel")
    await stage.show(stage.address, Say("Nog een regel."))
    await phone.hears("Nog een regel.")
    await expect(phone.button("Nieuw bericht")).to_be_hidden()
    await expect(phone.page.get_by_text("Nog een regel.")).to_be_in_viewport()
