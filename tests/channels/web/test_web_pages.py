import re

import pytest

from bot.channels.web.page_files import STATIC
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
