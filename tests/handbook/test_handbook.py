"""The handbook leaves nothing out: steps, commands, settings, pages; and its pictures are true."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any, get_args

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.web.page_files import page_files
from bot.cli.parser import parser
from bot.coordinators.pages.site import site_files
from bot.handbook.chapters import DUTCH, ENGLISH, chapters, docs
from bot.handbook.handbook_pages import HandbookPages
from bot.settings import Settings
from conversations.guide.model import Kind
from tests.coordinators.pages.test_every_route import MATRIX
from tests.handbook.pictures import FOLDER, NOTED, PICTURES, made_of

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def reader() -> AsyncIterator[Client]:
    app = web.Application()
    HandbookPages().setup(app)
    app.add_routes([*page_files().routes(), *site_files().routes()])
    async with TestClient(TestServer(app)) as client:
        yield client


def sources(names: tuple[str, ...]) -> str:
    folders = docs() / "handbook" / "nl", docs()
    found = [folder / f"{name}.md" for name in names for folder in folders]
    return "\n".join(path.read_text("utf-8") for path in found if path.is_file())


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_of_step_is_explained(kind: str) -> None:
    assert f"| `{kind}` |" in sources(("vragenlijst",))


PLACES = sorted(path for method, path in MATRIX if method == "GET" and path.count("/") <= 2)


@pytest.mark.parametrize("place", PLACES)
def test_every_room_of_the_dashboard_is_explained(place: str) -> None:
    assert f"| `{place}` |" in sources(("paginas",))


def commands() -> list[str]:
    (actions,) = (each for each in parser()._actions if each.choices and not each.option_strings)
    found: Any = actions.choices
    return list(found)


@pytest.mark.parametrize("command", commands())
def test_every_command_is_explained(command: str) -> None:
    assert f"vertelbot {command}" in sources(ENGLISH)


@pytest.mark.parametrize("section", Settings.model_fields)
def test_every_section_of_the_settings_is_explained(section: str) -> None:
    assert f"[{section}]" in chapters()["settings"].html


async def test_every_chapter_is_served_and_every_link_in_it_leads_somewhere(reader: Client) -> None:
    seen = set[str]()
    for name, chapter in chapters().items():
        answer = await reader.get(f"/handleiding/{name}")
        page = await answer.text()
        assert answer.status == 200
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert f'lang="{chapter.language}"' in page
        assert "<script" not in page
        assert "style=" not in page
        assert page.count("<h1>") == 1
        seen |= set(re.findall(r'(?:href|src)="(/[^"#]*)', page))
        assert not re.findall(r'src="(?!/)|href="(?!https?:|[#/])', page)
    for link in sorted(seen):
        if not link.startswith("/coordinator/guides"):
            assert (await reader.get(link)).status == 200, link
    assert (await reader.get("/handleiding")).status == 200
    assert (await reader.get("/handleiding/nergens")).status == 404


def test_every_picture_that_a_chapter_shows_is_there() -> None:
    shown = set(re.findall(r"\(pictures/([\w-]+)\.png\)", sources(DUTCH)))
    assert shown == set(PICTURES)
    assert {path.stem for path in FOLDER.glob("*.png")} == shown


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_shows_the_page_as_it_is_made_today(name: str) -> None:
    """`make pictures` makes them anew."""
    assert json.loads(NOTED.read_text())[name] == made_of(name)
