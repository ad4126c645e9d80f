"""Pages that are read when somebody first asks for one of them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.app import LATE, App
from bot.clock import Clock
from bot.operations.late_pages import LatePages
from tests.end_to_end.kit import settings

LATER = {
    "PIL",
    "alembic",
    "bot.authoring.workbench",
    "bot.coordinators.pages.routes",
    "bot.handbook.handbook_pages",
    "bot.sensemaking.rooms",
    "holidays.countries",
    "httpx",
    "matplotlib",
    "numpy",
    "openpyxl",
    "stdnum",
}


def test_what_is_not_needed_to_answer_people_is_not_read_at_the_start() -> None:
    code = """
import sys, bot.app
from bot.meetings.prompts.schedule import PromptRules
PromptRules()
print(*sys.modules)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not LATER & set(told.stdout.split())


async def test_a_page_lies_in_a_folder_of_those_that_are_read_later_or_is_there_at_once(
    tmp_path: Path,
) -> None:
    async with App.opened(settings(tmp_path), Clock()) as app:
        every, later = paths(app._pages()), paths(app._late_pages())
    assert later < every
    for path in every:
        assert (path in later) == any(f"{path}/".startswith(f"{folder}/") for folder in LATE), path


def paths(pages: web.Application) -> set[str]:
    return {one.resource.canonical for one in pages.router.routes() if one.resource}


class Told:
    """Late pages that count how often they were made."""

    def __init__(self) -> None:
        self.made = 0
        self.pages = LatePages("json", self._make)

    def _make(self) -> web.Application:
        self.made += 1
        app = web.Application()
        app.add_routes([web.get("/later/{name}", self._show), web.get("/later", self._show)])
        return app

    async def _show(self, request: web.Request) -> web.Response:
        return web.Response(text=request.match_info.get("name", "all"))


@pytest.fixture
def told() -> Told:
    return Told()


async def test_who_asks_first_gets_the_page_as_who_asks_later(told: Told) -> None:
    app = web.Application()
    told.pages.setup(app, ("/later",))
    async with TestClient(TestServer(app)) as client:
        assert told.made == 0

        async def asked(path: str, method: str = "GET") -> tuple[int, str]:
            async with client.request(method, path) as answer:
                return answer.status, await answer.text()

        paths = ["/later/a", "/later", "/later/b", "/later/c/d", "/laterally"]
        found = await asyncio.gather(*(asked(path) for path in paths))
        assert [status for status, _ in found] == [200, 200, 200, 404, 404]
        assert [text for _, text in found[:3]] == ["a", "all", "b"]
        assert (await asked("/later/a", "POST"))[0] == 405
        assert told.made == 1
