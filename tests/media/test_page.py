"""Speaking and showing in the web chat: Chromium with a microphone that plays a file, to a kept
story."""

from __future__ import annotations

import io
import wave
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from PIL import Image
from playwright.async_api import Browser, Locator, Page, Playwright, expect

from bot.media.speech_to_text import decoded
from conversations.guide.loading import load_guides
from storage.stories import blobs
from tests.botapi import BotApi
from tests.browser.chat import AXE, box_of, rest
from tests.browser.conftest import PHONE
from tests.chromium import ARGUMENTS, PATIENCE, SHELL
from tests.end_to_end.kit import House
from tests.media.conftest import listening
from tests.media.images import PLACE, photo
from tests.media.parrot import SENTENCE

Clip = Callable[[str], bytes]

MICROPHONE = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
TO_THE_STORY = ("Een inwoner", "Ja, ik doe mee", "Ja, 16 of ouder", "Wat goed ging")


def played(data: bytes, path: Path) -> Path:
    """A clip as a file that the microphone of Chromium plays."""
    samples, _ = decoded(data, 60)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((samples * 32_000).astype("int16").tobytes())
    return path


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def speaking(
    playwright: Playwright, clip: Clip, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Browser]:
    """A browser whose microphone plays a sentence."""
    sound = played(clip("monday"), tmp_path_factory.mktemp("sound") / "said.wav")
    browser = await playwright.chromium.launch(
        executable_path=SHELL,
        args=[*ARGUMENTS, *MICROPHONE, f"--use-file-for-fake-audio-capture={sound}"],
    )
    yield browser
    await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path, model: Path) -> AsyncIterator[House]:
    """In the loop of the browser."""
    async with BotApi(near=True) as api, listening(tmp_path, api, model) as house:
        yield house


@pytest_asyncio.fixture(loop_scope="session")
async def page(house: House, speaking: Browser) -> AsyncIterator[Page]:
    """The chat on a phone."""
    context = await speaking.new_context(locale="nl-NL", permissions=["microphone"], **PHONE)
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    await page.goto(f"{house.url}/")
    yield page
    await context.close()
    assert wrong == []


async def taps(page: Page, *labels: str) -> None:
    for label in labels:
        await page.get_by_role("button", name=label, exact=True).last.click()


async def skips_until(page: Page, words: str) -> None:
    """Pass over every question until the bot says this."""
    steps = load_guides().get("resident", "nl").steps.values()
    passing = {step.skip.label for step in steps if step.skip} | {"Nee"}
    said = page.locator(".bot").last
    while True:
        before = await said.inner_text()
        if words in before:
            return
        buttons = page.locator(".answers:not([data-busy]) button")
        labels = await buttons.all_inner_texts()
        found = next((label for label in labels if label in passing), None)
        if found is None:
            await expect(said).not_to_have_text(before)
            continue
        await buttons.get_by_text(found, exact=True).click()
        await expect(said).not_to_have_text(before)


async def heard(audio: Locator) -> None:
    """The recording is there and can be played."""
    await expect(audio).to_be_visible()
    await audio.page.wait_for_function(
        "(audio) => audio.readyState > 0", arg=await audio.element_handle()
    )


async def seen(picture: Locator) -> None:
    """The photo is there and was drawn."""
    await expect(picture).to_be_visible()
    assert await picture.evaluate("(one) => one.decode().then(() => one.naturalWidth)") == 640


async def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page once all that was sent has arrived and stands still."""
    await expect(page.locator(".own.pending")).to_have_count(0)
    await rest(page)
    await page.evaluate(AXE)
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]


pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_story_is_spoken_into_the_page(house: House, page: Page) -> None:
    await taps(page, *TO_THE_STORY)
    await taps(page, "Inspreken")
    dialog = page.get_by_role("dialog", name="Inspreken")
    await expect(dialog).to_contain_text("Er gaat nog niets weg.")
    await expect(dialog).to_contain_text("Ik schrijf uit wat ik hoor.")
    await taps(page, "Opname beginnen")
    await expect(dialog.locator(".meter i.lit").first).to_be_visible()
    await expect(dialog.get_by_role("timer")).to_have_text("0:02")
    assert await violations(page) == []
    await taps(page, "Opname stoppen")
    await expect(page.locator("#recorder-audio")).to_be_visible()
    await taps(page, "Nog een keer")
    await expect(dialog.get_by_role("timer")).to_have_text("0:03")
    await taps(page, "Opname stoppen")
    await expect(page.locator("#recorder-audio")).to_be_visible()
    assert await violations(page) == []
    await taps(page, "Stuur de opname")
    await expect(page.locator(".bot").last).to_contain_text("schrijf hem uit")
    assert await page.locator(".own audio").count() == 1
    assert await house.count("blob") == 1
    await taps(page, "Klaar")
    await expect(page.get_by_role("button", name="Inspreken")).to_be_hidden()
    await page.reload()
    await expect(page.locator(".own", has_text="Opname 0:0")).to_be_visible()
    await skips_until(page, "Zo heb ik het gehoord.")
    await expect(page.locator(".bot").last).to_contain_text(SENTENCE)
    await heard(page.locator(".bot").last.locator("audio"))
    await taps(page, "Zo klopt het")
    await expect(page.locator(".bot").last).to_contain_text("Mag de opname zelf ook blijven?")
    await heard(page.locator(".bot").last.locator("audio"))
    await taps(page, "Ja, dat mag")
    await expect(page.get_by_role("article")).to_contain_text("1 erbij")
    await heard(page.get_by_role("article").locator("audio"))
    said = page.locator(".bot").last
    for label, answer in {
        "Zo klopt het": "op slot bewaren",
        "Ja, dat mag": "Wat mag er nog meer?",
    }.items():
        await taps(page, label)
        await expect(said).to_contain_text(answer)
    await taps(page, "Zo is het goed")
    await expect(page.locator(".code")).to_be_visible()
    story = await house.story()
    assert (story.telling.text, story.purposes) == (SENTENCE, ("keep", "voice"))
    [(blob_id, *_)] = await house.rows("blob")
    kept = await house.app.database.read(lambda s: blobs.read(s, blob_id))
    assert kept is not None
    assert kept.media_type == "audio/webm"
    assert 3 <= kept.seconds <= 5


async def test_a_photo_is_looked_at_warned_about_and_sent(house: House, page: Page) -> None:
    await taps(page, *TO_THE_STORY)
    await page.locator("#photo-file").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    dialog = page.get_by_role("dialog", name="Deze foto sturen?")
    await expect(dialog).to_contain_text("Is er iemand op te herkennen?")
    assert await violations(page) == []
    await taps(page, "Stuur de foto")
    await expect(page.locator(".bot").last).to_contain_text("gezicht")
    await expect(page.locator(".own img")).to_be_visible()
    assert await house.count("blob") == 1
    await page.reload()
    await seen(page.locator(".own img"))
    await taps(page, "Klaar", "Zo is het goed")
    await skips_until(page, "Mag de foto bij uw verhaal blijven?")
    await seen(page.locator(".bot").last.locator("img"))
    await taps(page, "Ja, dat mag")
    await expect(page.get_by_role("article")).to_contain_text("Er is geen tekst bij.")
    await seen(page.get_by_role("article").locator("img"))
    assert await violations(page) == []
    for label, answer in {
        "Zo klopt het": "op slot bewaren",
        "Ja, dat mag": "Wat mag er nog meer?",
    }.items():
        await taps(page, label)
        await expect(page.locator(".bot").last).to_contain_text(answer)
    await taps(page, "Zo is het goed")
    await expect(page.locator(".code")).to_be_visible()
    await page.get_by_label("Bericht", exact=True).fill("/mijngegevens")
    await page.get_by_label("Bericht", exact=True).press("Enter")
    link = page.get_by_role("link", name="vertelbot-1.jpg")
    async with page.expect_download() as saving:
        await link.click()
    saved = await (await saving.value).path()
    with Image.open(saved) as picture:
        assert (picture.format, picture.size) == ("JPEG", (640, 480))
    address = await link.get_attribute("href")
    async with ClientSession() as nobody, nobody.get(f"{house.url}{address}") as denied:
        assert denied.status == 404
    own = await page.context.request.get(f"{house.url}{address}", headers={"Range": "bytes=0-1"})
    assert (own.status, await own.body()) == (206, b"\xff\xd8")
    assert own.headers["cache-control"] == "no-store"
    assert own.headers["content-security-policy"] == "default-src 'none'; sandbox"


async def test_a_photo_is_made_small_and_loses_what_it_tells_before_it_leaves(
    house: House, page: Page
) -> None:
    await taps(page, *TO_THE_STORY)
    await page.locator("#photo-file").set_input_files(
        {
            "name": "photo.jpg",
            "mimeType": "image/jpeg",
            "buffer": photo(3000, 1500, orientation=6),
        }
    )
    await page.evaluate(
        """() => {
          const own = fetch;
          window.fetch = (where, options) => {
            window.sent = options.body.arrayBuffer();
            return own(where, options);
          };
        }"""
    )
    await taps(page, "Stuur de foto")
    sent = bytes(await page.evaluate("async () => [...new Uint8Array(await window.sent)]"))
    assert PLACE not in sent
    assert b"Planted" not in sent
    with Image.open(io.BytesIO(sent)) as small:
        assert (small.format, small.size, dict(small.getexif())) == ("JPEG", (1024, 2048), {})


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("photo.heic", "image/heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99)),
        ("letter.pdf", "application/pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"),
        ("broken.jpg", "image/jpeg", photo()[:300]),
    ],
)
async def test_what_is_no_picture_is_refused_before_it_leaves(
    house: House, page: Page, name: str, kind: str, data: bytes
) -> None:
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.method) if one.method == "POST" else None)
    await taps(page, *TO_THE_STORY)
    await page.locator("#photo-file").set_input_files(
        {"name": name, "mimeType": kind, "buffer": data}
    )
    await expect(page.get_by_role("alert")).to_contain_text("Dit kan ik niet als foto openen.")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.get_by_label("Bericht", exact=True).fill("Dan typ ik het.")
    await expect(page.get_by_role("alert")).to_be_hidden()
    assert sent == []


async def test_typing_and_speaking_stand_side_by_side_until_one_begins_to_type(
    house: House, page: Page
) -> None:
    await taps(page, *TO_THE_STORY)
    typing = page.get_by_role("button", name="Typen")
    speaking = page.get_by_role("button", name="Inspreken")
    await expect(typing).to_be_visible()
    one, other = await box_of(typing), await box_of(speaking)
    assert one
    assert other
    assert one["y"] == other["y"]
    assert abs(one["width"] - other["width"]) < 40
    assert one["height"] >= 44
    await typing.tap()
    await expect(page.get_by_label("Bericht", exact=True)).to_be_focused()
    await expect(typing).to_be_hidden()
    await expect(speaking).to_be_visible()
    sheet = await box_of(page.get_by_label("Bericht", exact=True))
    assert sheet
    assert sheet["height"] >= 100
    await page.get_by_label("Bericht", exact=True).fill("een regel\n" * 20)
    grown = await box_of(page.get_by_label("Bericht", exact=True))
    assert grown
    assert grown["height"] > 2.5 * sheet["height"]
    assert await violations(page) == []
