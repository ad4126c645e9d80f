import json
import re

import pytest

from bot.channels.web.page_files import STATIC
from bot.channels.web.pages import Choices, LinkText
from tests.channels.web.browser import Browser
from tests.channels.web.stage import LANGUAGES, labels


async def test_a_page_keeps_to_itself(alice: Browser) -> None:
    answer = await alice.get()
    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    for part in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ):
        assert part in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "microphone=(self)" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/m/K7MF-3QX", "/t/abc_DEF-9", "/v/tok3n"])
async def test_the_page_of_a_link_has_a_button_and_no_script(alice: Browser, path: str) -> None:
    async with alice.session.get(alice.stage.url + path) as answer:
        page = await answer.text()
    assert f'method="post" action="/v{path[2:]}?mark=' in page
    assert "<script" not in page
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", ["/m/%3Cscript%3E", "/m/a%22b", "/x/abc", "/static/../web.py", "/static/%2e%2e/web.py"]
)
async def test_a_link_that_is_none_is_not_found(alice: Browser, path: str) -> None:
    assert (await alice.get(path)).status == 404


async def test_pages_speak_the_language_of_the_browser(alice: Browser) -> None:
    async def text(wanted: str) -> str:
        headers = {"Accept-Language": wanted}
        async with alice.session.get(alice.stage.url, headers=headers) as answer:
            return await answer.text()

    assert '<html lang="en" dir="ltr">' in await text("fr;q=0.9,en-GB;q=0.8,nl;q=0.1")
    assert '<html lang="nl" dir="ltr">' in await text("xx;q=oops, tlh")
    assert "Stop en wis alles" in await text("nl-NL")


async def test_the_privacy_page_shows_its_sections_escaped(alice: Browser) -> None:
    async with alice.session.get(alice.stage.url + "/privacy") as answer:
        text = await answer.text()
    assert "<h2>Wat ik bewaar</h2>" in text
    assert "<p>Niets &lt;anders&gt;.</p>" in text


async def test_static_files_are_asked_again_and_carry_the_headers_too(alice: Browser) -> None:
    answer = await alice.get("/static/chat.js")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "javascript" in answer.headers["Content-Type"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_every_text_of_the_page_is_there_in_every_language() -> None:
    files = [*STATIC.glob("*.js"), *(STATIC.parent / "templates").glob("*.html")]
    sources = "".join(file.read_text(encoding="utf-8") for file in files)
    used = set(re.findall(r"""["']((?:web|button)\.[a-z_]+(?:\.[a-z]+)?)["']""", sources))
    assert len(used) > 40
    for language, _ in LANGUAGES:
        assert used - labels(language).keys() == set()


@pytest.mark.parametrize("path", ["/nowhere", "/m/%3Cscript%3E"])
async def test_who_follows_a_wrong_link_sees_a_page_of_the_house(alice: Browser, path: str) -> None:
    headers = {"Accept": "text/html,*/*", "Accept-Language": "nl"}
    async with alice.session.get(alice.stage.url + path, headers=headers) as answer:
        page = await answer.text()
    assert answer.status == 404
    assert "Deze pagina is er niet" in page
    assert "113" in page
    assert "<script" not in page
    assert (await alice.get(path)).content_type == "text/plain"


async def test_a_fault_of_ours_is_told_kindly_and_logged(
    alice: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(payload: str, language: str) -> Choices:
        raise ZeroDivisionError("secret words")

    alice.stage.web._choices = broken
    headers = {"Accept": "text/html", "Accept-Language": "nl"}
    async with alice.session.get(alice.stage.url + "/m/abc", headers=headers) as answer:
        page = await answer.text()
    assert answer.status == 500
    assert "Dat ligt aan mij." in page
    assert "secret" not in page
    assert [record.getMessage() for record in caplog.records] == ["a page failed"]


async def test_what_browsers_ask_by_themselves_is_there(alice: Browser) -> None:
    for path, kind in (
        ("/favicon.ico", "image/x-icon"),
        ("/apple-touch-icon.png", "image/png"),
        ("/robots.txt", "text/plain"),
        ("/manifest.webmanifest", "application/manifest+json"),
    ):
        answer = await alice.get(path)
        assert (answer.status, answer.content_type) == (200, kind)
        assert answer.headers["Cache-Control"] == "public, max-age=86400"
    async with alice.session.get(alice.stage.url + "/manifest.webmanifest") as answer:
        manifest = json.loads(await answer.text())
    for icon in manifest["icons"]:
        found = await alice.get(icon["src"])
        assert (found.status, found.content_type) == (200, "image/png")


@pytest.mark.parametrize("path", ["/", "/m/abc", "/privacy", "/nowhere"])
async def test_a_link_that_is_shared_says_what_it_is(alice: Browser, path: str) -> None:
    headers = {"Accept": "text/html"}
    async with alice.session.get(alice.stage.url + path, headers=headers) as answer:
        page = await answer.text()
    told = dict(re.findall(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)">', page))
    assert told["description"] == told["og:description"] == labels("nl")["web.description"]
    assert "Vertelbot" in told["og:title"]
    picture = told["og:image"].removeprefix("http://127.0.0.1")
    assert (await alice.get(picture)).content_type == "image/png"


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Welkom. Daar leren we van. Wie vertelt er?",
         ("Welkom. Daar leren we van.", "Wie vertelt er?", "")),
        ("أهلاً بك. من الذي يحكي؟", ("أهلاً بك.", "من الذي يحكي؟", "")),
        ("Deze link ken ik niet meer. Vertellen kan gewoon.",
         ("", "Deze link ken ik niet meer.", "Vertellen kan gewoon.")),
        ("Hoe was de visite?", ("", "Hoe was de visite?", "")),
        ("Is dat zo? Goed.", ("", "Is dat zo?", "Goed.")),
    ],
)  # fmt: skip
def test_the_heading_of_a_link_is_its_question_or_its_first_sentence(
    text: str, spoken: tuple[str, str, str]
) -> None:
    assert LinkText.of(text) == spoken
