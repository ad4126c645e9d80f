"""Speaking and showing in the web chat: Chromium with a microphone that plays a file, to a kept
story; and what strangers may post."""

from __future__ import annotations

import io
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.channels import web_uploads
from bot.listening.transcribe import decoded
from storage import blobs
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PHONE
from tests.house.kit import House
from tests.listening.parrot import SENTENCE
from tests.listening.pictures import PLACE, photo

Clip = Callable[[str], bytes]

MICROPHONE = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
TO_THE_STORY = ("Een inwoner", "Ja, ik doe mee", "Ja, 16 of ouder", "Iets wat goed ging")


def played(data: bytes, path: Path) -> Path:
    """A clip as a file that the microphone of Chromium plays."""
    samples, _ = decoded(data, 60)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((samples * 32_000).astype("int16").tobytes())
    return path


@asynccontextmanager
async def page_of(house: House, sound: Path) -> AsyncIterator[Page]:
    """The chat on a phone whose microphone plays this sound."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[*ARGUMENTS, *MICROPHONE, f"--use-file-for-fake-audio-capture={sound}"],
        )
        context = await browser.new_context(locale="nl-NL", permissions=["microphone"], **PHONE)
        context.set_default_timeout(15_000)
        page = await context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        await page.goto(f"{house.url}/")
        yield page
        await browser.close()
        assert wrong == []


async def taps(page: Page, *labels: str) -> None:
    for label in labels:
        await page.get_by_role("button", name=label, exact=True).last.click()


async def skips_to_the_card(page: Page) -> None:
    """Pass over every question between the story and the card."""
    await page.get_by_label("Bericht", exact=True).fill("De stoel bij het raam")
    await page.keyboard.press("Enter")
    await taps(page, "Opgelucht", "Klaar met kiezen", "Anders, namelijk")
    await page.get_by_label("Bericht", exact=True).fill("Even op adem komen")
    await page.keyboard.press("Enter")
    await taps(page, "Voor een deel")


pytestmark = pytest.mark.browser


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium")
async def test_a_story_is_spoken_into_the_page(house: House, clip: Clip, tmp_path: Path) -> None:
    async with page_of(house, played(clip("monday"), tmp_path / "said.wav")) as page:
        await taps(page, *TO_THE_STORY)
        await taps(page, "Inspreken")
        dialog = page.get_by_role("dialog", name="Inspreken")
        await expect(dialog).to_contain_text("Er gaat nog niets weg.")
        await taps(page, "Opname beginnen")
        await expect(dialog.locator(".meter i.lit").first).to_be_visible()
        await expect(dialog.get_by_role("timer")).to_have_text("0:03", timeout=15_000)
        await page.screenshot(path=tmp_path / "recording.png")
        await taps(page, "Opname stoppen")
        await expect(page.locator("#recorder-audio")).to_be_visible()
        await taps(page, "Nog een keer")
        await expect(dialog.get_by_role("timer")).to_have_text("0:05", timeout=15_000)
        await taps(page, "Opname stoppen")
        await page.screenshot(path=tmp_path / "listen.png")
        await taps(page, "Stuur de opname")
        await expect(page.locator(".bot").last).to_contain_text("schrijf hem uit")
        assert await page.locator(".own audio").count() == 1
        assert await house.count("blob") == 1
        await taps(page, "Klaar")
        await expect(page.get_by_role("button", name="Inspreken")).to_be_hidden()
        await page.screenshot(path=tmp_path / "sent.png")
        await page.reload()
        await expect(page.locator(".own", has_text="Opname 0:0")).to_be_visible()
    [(blob_id, *_)] = await house.rows("blob")
    vault = house.app.house.vault
    kept = await house.app.database.read(lambda s: blobs.read(s, vault, blob_id))
    assert kept is not None
    assert kept.media_type == "audio/webm"
    assert 4 <= kept.seconds <= 7


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium")
async def test_a_photo_is_looked_at_warned_about_and_sent(
    house: House, clip: Clip, tmp_path: Path
) -> None:
    async with page_of(house, played(clip("monday"), tmp_path / "said.wav")) as page:
        await taps(page, *TO_THE_STORY)
        await page.locator("#photo-file").set_input_files(
            {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        )
        dialog = page.get_by_role("dialog", name="Deze foto sturen?")
        await expect(dialog).to_contain_text("Kun je er iemand op herkennen?")
        await page.screenshot(path=tmp_path / "photo.png")
        await taps(page, "Stuur de foto")
        await expect(page.locator(".bot").last).to_contain_text("gezicht")
        await expect(page.locator(".own img")).to_be_visible()
        assert await house.count("blob") == 1


# -- what strangers may post


@asynccontextmanager
async def browser_of(house: House) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser with a cookie that says where it comes from."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, headers={"Origin": house.url}) as session:
        async with session.get(f"{house.url}/") as page:
            assert page.status == 200
        yield session


async def posted(
    session: aiohttp.ClientSession, url: str, data: bytes = b"OggS", **headers: str
) -> int:
    given = {
        "X-Message": "m1",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    async with session.post(url, data=io.BytesIO(data), headers=given) as answer:
        return answer.status


async def test_only_our_own_page_with_its_cookie_may_post(house: House) -> None:
    url = f"{house.url}/voice"
    async with browser_of(house) as session:
        assert await posted(session, url) == 200
        assert await posted(session, url, Origin="https://elsewhere.example") == 403
        assert await posted(session, url, Origin="null") == 403
        assert await posted(session, url, X_Message="no id") == 400
        assert await posted(session, url, X_Message="x" * 65) == 400
    async with aiohttp.ClientSession(headers={"Origin": house.url}) as stranger:
        assert await posted(stranger, url) == 403


async def test_too_much_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_uploads, "MOST_BYTES", 1000)
    async with browser_of(house) as session:
        assert await posted(session, f"{house.url}/voice", b"O" * 1001) == 413

        async def drip() -> AsyncIterator[bytes]:
            for _ in range(20):
                yield b"O" * 100

        headers = {"X-Message": "m2"}
        url = f"{house.url}/photo"
        async with session.post(url, data=drip(), headers=headers) as answer:
            assert answer.status == 413
    assert await house.count("blob") == 0


async def test_too_often_is_refused(house: House) -> None:
    async with browser_of(house) as session:
        url = f"{house.url}/photo"
        found = [await posted(session, url, b"x", X_Message=f"m{n}") for n in range(17)]
    assert found.count(200) >= 15
    assert found[-1] == 429


async def test_a_file_that_is_sent_again_counts_once(house: House) -> None:
    async with browser_of(house) as session:
        for _ in range(2):
            assert await posted(session, f"{house.url}/photo", photo()) == 200
    assert len(await house.rows("outbox WHERE kind = 'echo'")) <= 1
    assert PLACE not in (house.folder / "vertelbot.db").read_bytes()


async def test_where_nothing_is_committed_nothing_is_confirmed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(house.app.web, "_accept", broken)
    async with browser_of(house) as session:
        assert await posted(session, f"{house.url}/voice") == 503


def test_the_sentence_of_the_model_is_no_clip() -> None:
    assert "maandag" not in SENTENCE
