"""One contract for every channel: the same deeds give the same story and the same sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.app import App
from bot.channels.terminal import Terminal
from storage.stories import consents, stories
from tests.botapi import BotApi
from tests.end_to_end.kit import MovableClock, running, settings
from tests.end_to_end.scripts import PROFESSIONAL, RESIDENT, YES_TO_ALL, Deed, Say, Tap, tell
from tests.end_to_end.tellers import WebTeller, in_terminal, lines, spoken, typed
from tests.storage.stores import Postgres
from tests.whatsapp import CloudApi
from tests.whatsapp.kit import whatsapp_running

SCRIPTS: dict[str, Sequence[Deed]] = {
    "resident": (*RESIDENT, *YES_TO_ALL),
    "professional": (*PROFESSIONAL, *YES_TO_ALL),
    "back and forth": (
        *RESIDENT[:13],
        Say("/terug"),
        Say("/terug"),
        Say("/terug"),
        Tap("Laat zo staan"),
        *RESIDENT[11:-1],
        Tap("Iets aanpassen"),
        Tap("Zin"),
        Say("De andere stoel"),
        Tap("Zo klopt het"),
        Tap("Ja, dat mag"),
        Tap("Zo is het goed"),
        Say("/mijnverhalen"),
        Tap("De andere stoel"),
        Tap("Wie mag het lezen"),
        Tap("Ik hoor ervan"),
        Tap("Zo is het goed"),
    ),
    "stopped": (*RESIDENT[:8], Say("/stop"), Tap("Toch doorgaan"), *RESIDENT[8:], *YES_TO_ALL),
    "thrown away": (*RESIDENT[:8], Say("/stop"), Tap("Gooi alles weg")),
}


async def kept(app: App) -> Any:
    """The stories, and the exact words that were agreed to."""

    def look(session: Any) -> Any:
        found = []
        for story_id in session.execute(text("SELECT id FROM story")).scalars():
            story = stories.read(session, story_id)
            assert story is not None
            past = consents.history(session, story_id)
            agreed = [(p.purpose, p.event, p.record.shown) for p in past if p.record]
            found.append((story.telling, story.purposes, story.coordinator_only, sorted(agreed)))
        return found

    return await app.database.read(look)


async def in_telegram(folder: Path, script: Sequence[Deed], url: str = "") -> tuple[Any, list[str]]:
    async with BotApi() as api, running(folder, api, url) as house:
        alice = house.phone("Alice")
        await tell(alice, tuple(script))
        return await kept(house.app), lines(alice.sentences)


async def on_the_web(folder: Path, script: Sequence[Deed]) -> tuple[Any, list[str]]:
    """What is said, but for how to be reached later: a page alone must be asked that."""
    async with BotApi(near=True) as api, running(folder, api) as house, WebTeller(house) as alice:
        await tell(alice, tuple(script))
        said = [each for each in lines(alice.sentences) if "later bereiken?" not in each]
        return await kept(house.app), said


async def in_whatsapp(folder: Path, script: Sequence[Deed]) -> tuple[Any, list[str]]:
    """What is said, but for what only WhatsApp says: choices by number, and what is chosen."""
    async with CloudApi() as api, whatsapp_running(folder, api) as house:
        alice = house.teller()
        await tell(alice, tuple(script))
        assert api.refused == {}
        own = re.compile(r"Gekozen: .*\.|Nog niets gekozen\.|Nummers typen mag ook.*|\d+\. .*")
        said = [each for each in lines(alice.sentences) if not own.fullmatch(each)]
        return await kept(house.app), said


async def at_a_terminal(folder: Path, script: Sequence[Deed]) -> tuple[Any, list[str]]:
    source, target = StringIO(typed(script)), StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "bot.wiring.terminal_chat.Terminal", partial(Terminal, source=source, target=target)
        )
        async with App.opened(settings(folder), MovableClock()) as app:
            await app.run_terminal()
            return await kept(app), spoken(target.getvalue())


async def at_a_terminal_of_its_own(folder: Path, script: Sequence[Deed]) -> tuple[Any, list[str]]:
    """As people do it: the command, in a process."""
    config = folder / "config.toml"
    config.write_text('[organisation]\nname = "De Vereniging"\n')
    output = await in_terminal(folder, script)
    path = folder / "data"
    plain = settings(path, f"sqlite:///{path}/vertelbot.db")
    async with App.opened(plain, MovableClock()) as app:
        return await kept(app), spoken(output)


@pytest.mark.parametrize("name", SCRIPTS)
async def test_a_story_is_the_same_in_every_channel(tmp_path: Path, name: str) -> None:
    folders = [tmp_path / channel for channel in ("telegram", "web", "terminal", "whatsapp")]
    for folder in folders:
        folder.mkdir()
    told, said = await in_telegram(folders[0], SCRIPTS[name])
    terminal = at_a_terminal_of_its_own if name == "resident" else at_a_terminal
    others = (on_the_web, terminal, in_whatsapp)
    for folder, channel in zip(folders[1:], others, strict=True):
        told_here, said_here = await channel(folder, SCRIPTS[name])
        assert said_here == said
        assert told_here == told


async def test_a_story_is_the_same_on_postgresql(tmp_path: Path, postgres: Postgres) -> None:
    script = SCRIPTS["back and forth"]
    (tmp_path / "other").mkdir()
    expected = await in_telegram(tmp_path / "other", script)
    assert await in_telegram(tmp_path, script, postgres.bare()) == expected
