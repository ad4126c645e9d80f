"""The web chat before a whole Vertelbot: in Turkish and Arabic, names marked, read aloud."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.botapi import BotApi
from tests.browser.chat import Chat
from tests.browser.conftest import PHONE
from tests.browser.tree import Tree, nameless
from tests.chromium import PATIENCE
from tests.end_to_end.kit import running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

VOICE = """
  const spoken = (window.spoken = []);
  const voices = [{ lang: "LANG", localService: true, name: "Voice" }];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => voices,
    cancel: () => spoken.push("-"),
    speak: (said) => spoken.push(said.text),
  }});
"""
LOOKS = """[".track", ".triangle", ".pictogram", "[aria-pressed]"]
  .filter((one) => document.querySelector(`.answers ${one}`)).join(" ")"""
"""What there is to use under the open question."""
TOLD = "Mijn buurvrouw Fatima belde. Ze bleef daarna nog heel lang bij ons zitten."


@asynccontextmanager
async def opened(
    chromium: Browser, folder: Path, script: str = "", **options: Any
) -> AsyncIterator[Chat]:
    """The chat of a Vertelbot that runs."""
    async with BotApi(near=True) as api, running(folder, api) as house:
        context = await chromium.new_context(**{"locale": "nl-NL", **PHONE, **options})
        context.set_default_timeout(PATIENCE)
        if script:
            await context.add_init_script(script)
        try:
            chat = Chat(await context.new_page(), house)  # type: ignore[arg-type]
            await chat.page.goto(house.url)
            yield chat
        finally:
            await context.close()


async def to_the_card(chat: Chat, *first: str, told: str = TOLD, looks: bool = True) -> None:
    """Tell, and skip everything up to what comes before the consents; unless it was looked at in
    this language before, every kind of question is usable."""
    for label in first:
        await chat.tap(label)
    box = chat.page.locator("#message")
    await box.fill(told)
    await box.press("Enter")
    skip = chat.page.locator('[data-button="skip"]')
    looked = set[str]()
    await chat.page.locator('[data-button="done"]').last.click()
    while await chat.page.locator(".card").count() == 0:
        button = chat.page.locator('.answers:not([data-busy]) [data-button="o:no"]').or_(
            chat.page.locator(".answers:not([data-busy])").locator(skip)
        )
        await button.or_(chat.page.locator(".card")).last.wait_for()
        if await button.count():
            if looks and (kinds := await chat.page.evaluate(LOOKS)) not in looked:
                assert await chat.violations() == [], kinds
                assert await chat.too_wide() == [], kinds
                tree = await Tree.of(chat.page)
                assert nameless(await tree.nodes()) == [], kinds
                looked.add(kinds)
            await button.last.click()
            await chat.page.wait_for_timeout(60)


DUTCH = ("Een inwoner", "Ja, ik doe mee", "Ja, 16 of ouder", "Ik begin gewoon")


async def test_names_are_marked_and_replaced_on_the_card(chromium: Browser, tmp_path: Path) -> None:
    async with opened(chromium, tmp_path) as chat:
        await to_the_card(chat, *DUTCH)
        marked = chat.page.locator(".card mark")
        await expect(marked).to_have_count(1)
        await expect(marked.locator("s")).to_have_text("Fatima")
        await expect(marked.locator(".instead")).to_have_text("[naam]")
        assert await chat.violations() == []
        assert await chat.too_wide() == []
        await chat.tap("Ja, overal")
        await expect(chat.page.locator(".card").last).to_contain_text("Mijn buurvrouw [naam] belde")
        await expect(chat.log).not_to_contain_text("Fatima")
        await expect(chat.page.locator(".own .bubble").first).to_be_visible()
        assert all("Fatima" not in text for text in await chat.own())


async def test_a_name_that_may_stay_is_marked_on_the_card(
    chromium: Browser, tmp_path: Path
) -> None:
    async with opened(chromium, tmp_path) as chat:
        await to_the_card(chat, *DUTCH, looks=False)
        await chat.tap("Een voor een")
        await chat.hears("Zal ik van ‘Fatima’ [naam] maken?")
        await chat.tap("Nee, laat staan")
        card = chat.page.locator(".card").last
        await expect(card.locator("mark")).to_contain_text("Fatima")
        await expect(card.locator(".instead")).to_have_count(0)
        assert await chat.violations() == []


async def test_feelings_and_doors_have_drawings_that_nobody_hears(
    chromium: Browser, tmp_path: Path
) -> None:
    async with opened(chromium, tmp_path) as chat:
        for label in DUTCH[:-1]:
            await chat.tap(label)
        await expect(chat.button("Wat goed ging").locator("svg")).to_have_count(1)
        await chat.tap("Wat goed ging")
        await chat.say(TOLD)
        await chat.tap("Klaar")
        await chat.page.locator('[data-button="skip"]').click()
        for feeling in ("Blij", "Machteloos", "Gemengd", "Verdrietig"):
            await expect(chat.button(feeling).locator("svg[aria-hidden=true]")).to_have_count(1)
        await chat.tap("Blij")
        await expect(chat.button("Blij").locator("svg")).to_have_count(1)
        assert await chat.violations() == []


async def test_a_question_is_read_aloud_by_a_voice_of_the_device(
    chromium: Browser, tmp_path: Path
) -> None:
    async with opened(chromium, tmp_path, VOICE.replace("LANG", "nl-NL")) as chat:
        await chat.tap("Een inwoner")
        await chat.hears("Doet u mee?")
        await chat.button("Lees voor").last.click()
        spoken = await chat.page.evaluate("window.spoken")
        assert spoken[-1] == "Doet u mee?.\nJa, ik doe mee.\nMeer weten.\nLiever niet"
        assert await chat.violations() == []
        await chat.button("Lees voor").last.click()
        assert (await chat.page.evaluate("window.spoken"))[-1] == "-"


@pytest.mark.parametrize(
    "voice", ["", VOICE.replace("LANG", "fr-FR"), VOICE.replace("true", "false")]
)
async def test_without_a_voice_of_the_device_there_is_no_button(
    chromium: Browser, tmp_path: Path, voice: str
) -> None:
    async with opened(chromium, tmp_path, voice.replace("LANG", "nl-NL")) as chat:
        await chat.hears("Wie vertelt er?")
        await chat.tap("Een inwoner")
        await chat.hears("Doet u mee?")
        await expect(chat.button("Lees voor")).to_have_count(0)


@pytest.mark.parametrize(
    ("locale", "direction", "first", "help_now", "star"),
    [
        (
            "ar",
            "rtl",
            ("أحد السكان", "نعم، أشارك", "نعم، 16 أو أكثر", "أبدأ مباشرة"),
            "مساعدة الآن",
            "العربية *",
        ),
        (
            "tr-TR",
            "ltr",
            (
                "Burada yaşayan biri",
                "Evet, katılıyorum",
                "Evet, 16 ya da üstü",
                "Doğrudan başlıyorum",
            ),
            "Hemen yardım",
            "Türkçe *",
        ),
    ],
)
async def test_a_story_in_another_language(
    chromium: Browser,
    tmp_path: Path,
    locale: str,
    direction: str,
    first: tuple[str, ...],
    help_now: str,
    star: str,
) -> None:
    async with opened(chromium, tmp_path, locale=locale) as chat:
        await expect(chat.page.locator("html")).to_have_attribute("dir", direction)
        await expect(chat.button("Nederlands").first).to_be_visible()
        await to_the_card(chat, *first, told="Komşum Fatma geldi. " * 3)
        if await chat.page.locator('[data-button="none"]').count():
            await chat.page.locator('[data-button="none"]').click()
        await chat.page.locator('[data-button="o:ok"]').click()
        for button in ("o:yes", "confirm"):
            await chat.page.locator(
                f'.answers:not([data-busy]) [data-button="{button}"]'
            ).last.click()
        await expect(chat.page.locator(".code")).to_have_text(re.compile(r"^[a-z]+( [a-z]+){4}$"))
        assert await chat.too_wide() == []
        assert await chat.violations() == []
        await chat.tap(help_now)
        await expect(chat.page.locator(".bot").last).to_contain_text("0800-2000")
        await chat.page.locator("#menu").click()
        await chat.page.locator("#languages").click()
        await expect(chat.button(star)).to_be_visible()
        await expect(chat.page.locator("#language-note")).to_be_visible()
        assert await chat.violations() == []
