"""The line at the top says how far one is: falling, right in every language, gone at the end."""

from __future__ import annotations

import pytest
from babel import Locale
from playwright.async_api import expect

from conversations.engine.effects import Progress, Say
from tests.browser.chat import Chat
from tests.browser.conftest import PHONE, Devices
from tests.browser.whole_story import WholeStory
from tests.channels.web.stage import Stage, labels

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_line_follows_the_story_and_is_gone_at_the_end(
    stage: Stage, devices: Devices
) -> None:
    story = WholeStory("resident")
    stage.script = story.script
    async with devices.context(**PHONE) as chat:
        line, seen = chat.page.get_by_role("progressbar", name="Hoe ver het gesprek is"), []
        await expect(chat.page.locator(".answers").first).to_be_visible()
        async for _ in story.told(chat):
            far = story.talk.said[-1].progress if story.talk.said else None
            if far is None:
                continue
            await expect(line).to_have_attribute("aria-valuenow", str(far.share))
            if far.left > 1:
                await expect(line).to_have_attribute(
                    "aria-valuetext", f"Nog {far.left} korte vragen"
                )
            seen.append(far.left)
        assert len(seen) > 5
        assert seen[-1] == 0
        await expect(line).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "left", "words"),
    [
        ("nl", 1, "Nog één korte vraag"),
        ("en", 4, "4 short questions to go"),
        ("tr", 4, "4 kısa soru kaldı"),
        ("ar", 1, "بقي سؤال قصير واحد"),
        ("ar", 2, "بقي سؤالان قصيران"),
        ("ar", 7, "بقيت 7 أسئلة قصيرة"),
        ("ar", 12, "بقي 12 سؤالًا قصيرًا"),
    ],
)
async def test_every_number_has_its_plural(language: str, left: int, words: str) -> None:
    form = Locale.parse(language).plural_form(left)
    assert labels(language)[f"web.left.{form}"].replace("{n}", str(left)) == words


async def test_the_words_are_those_of_the_language(stage: Stage, phone: Chat) -> None:
    stage.languages = (("nl", "Nederlands"), ("ar", "العربية"))
    stage.web.pages.languages = stage.languages
    await phone.hears("Meedoen")
    stage.language = "ar"
    await stage.show(stage.address, Say("سؤال", turn=9, progress=Progress(2, 40)))
    await expect(phone.page.get_by_text("بقي سؤالان قصيران")).to_be_visible()
