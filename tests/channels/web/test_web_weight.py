"""What the first words of the bot cost on the line. Times are measured in `benchmarks`."""

from __future__ import annotations

import gzip
import re
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.channels.web.page_files import PageTexts
from conversations.engine.effects import Button, Say
from tests.channels.web.browser import Browser
from tests.channels.web.stage import Stage, labels

MOST_BYTES = 40_000
MOST_REQUESTS = 5
LOADED = re.compile(r'<(?:link rel="stylesheet" href|script type="module" src)="([^"]+)"')
WORDS = "Welkom.\n\nWie <vertelt> er?"


@pytest.fixture
async def line(stage: Stage) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser that does not unpack what it gets."""
    headers = {"Accept-Encoding": "gzip, deflate", "Accept-Language": "nl"}
    async with aiohttp.ClientSession(
        stage.url, headers=headers, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        yield session


def strangers(stage: Stage) -> None:
    stage.strangers = True
    stage.script = lambda _: [Say(WORDS, (Button("b:one", "Een"), Button("b:two", "Twee")))]


async def test_the_first_words_weigh_little_and_take_few_requests(
    stage: Stage, line: aiohttp.ClientSession, alice: Browser
) -> None:
    strangers(stage)
    async with line.get("/") as answer:
        page = await answer.read()
    text = gzip.decompress(page).decode()
    assert "Wie &lt;vertelt&gt; er?" in text
    loaded = LOADED.findall(text)
    weight = len(page)
    for url in loaded:
        async with line.get(url) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            weight += len(await answer.read())
    frames = await alice.open(shown="nl")
    weight += sum(len(str(frame)) for frame in frames)
    assert len(loaded) + len(("the page", "the socket")) <= MOST_REQUESTS
    assert weight <= MOST_BYTES


async def test_nothing_is_fetched_from_elsewhere(line: aiohttp.ClientSession) -> None:
    for path in ("/", "/privacy", "/gone", "/m/abc"):
        async with line.get(path) as answer:
            body = await answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
        page = gzip.decompress(body).decode() if packed else body.decode()
        for loaded in re.findall(r'(?:src|href|action)="([^"#]+)"', page):
            assert re.match(r"/(?!/)", loaded), loaded


async def test_a_page_with_something_of_its_own_is_not_packed(line: aiohttp.ClientSession) -> None:
    """The page of a link holds a mark of its own beside the payload of the link."""
    async with line.get("/m/abc") as answer:
        assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("wanted", ["", "identity", "gzip;q=0", "br"])
async def test_who_does_not_take_packed_answers_gets_them_as_they_are(
    line: aiohttp.ClientSession, wanted: str
) -> None:
    async with line.get("/privacy", headers={"Accept-Encoding": wanted}) as answer:
        assert "Content-Encoding" not in answer.headers
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert b"<html" in await answer.read()


async def test_a_name_of_another_version_leads_to_the_file_of_now(
    line: aiohttp.ClientSession,
) -> None:
    async with line.get("/static/chat.0123456789ab.js") as answer:
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-cache"
    async with line.get("/static/other.0123456789ab.js") as answer:
        assert answer.status == 404


async def test_texts_go_once(stage: Stage, alice: Browser) -> None:
    """Those that the page has are not sent again; in another language all that it needs."""
    strangers(stage)
    frames = await alice.open(shown="nl")
    assert [frame["t"] for frame in frames] == ["hello", "live"]
    assert "labels" not in frames[0]
    stage.language = "en"
    await alice.connect()
    await alice.send(t="hello", after=0, page="p2", language="en", shown="nl")
    hello = (await alice.until("live"))[0]
    assert hello["labels"]["button.help"] == labels("en")["button.help"]
    assert hello["labels"]["web.speak_ready"] == labels("en")["web.speak_ready"]


def test_a_page_gets_the_texts_that_it_uses_and_no_others() -> None:
    texts = PageTexts()
    script, page = texts.of_script(labels("nl")), texts.of_page(labels("nl"))
    assert {"web.you", "web.speak_recording", "card_photo"} <= script.keys()
    assert "web.title" not in script
    assert script.keys() < page.keys()
    assert {"web.title", "web.menu", "web.placeholder"} <= page.keys()
    assert len(page) < 115


async def test_nobody_else_finds_the_first_words_in_the_page(stage: Stage, alice: Browser) -> None:
    strangers(stage)
    stage.rows["known"] = []
    async with alice.session.get(stage.url) as answer:
        assert "data-painted" in await answer.text()
    await alice.open()
    await alice.send(t="tap", turn=0, button="b:one", id="t1")
    await alice.until("ack")
    async with alice.session.get(stage.url) as answer:
        assert "data-painted" not in await answer.text()
