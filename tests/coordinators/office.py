"""An office to test in: teams, coordinators who are logged in, and stories with every consent."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from bot.authoring.learning.room import learning_room
from bot.authoring.publishing import Publisher
from bot.authoring.workbench import workbench
from bot.channels.web.page_files import page_files
from bot.coordinators.charts.renderer import ChartRenderer
from bot.coordinators.digest.digest_sender import WeeklyDigests
from bot.coordinators.pages.routes import CoordinatorPages
from bot.guides import GuideStore
from bot.helper.tasks import Helper, InProcess
from bot.message_templates.template_pages import whatsapp_room
from bot.sensemaking.limits.quarterly import proposed_quarter
from bot.sensemaking.rooms import rooms
from bot.sensemaking.sessions.session_chat import tell
from bot.services import Services
from bot.settings import MailSettings, Settings
from conversations.guide.library import Library
from conversations.guide.loading import load_guides
from conversations.guide.model import Purpose
from conversations.guide.problems import Problem
from conversations.guide.telling import Telling
from storage.coordinators import coordinators, logins, teams
from storage.coordinators.coordinators import Coordinator, Role
from storage.coordinators.teams import Team
from storage.engine.transaction import Transaction
from storage.people import people
from storage.sensemaking import changes
from storage.stories import moderation, stories
from storage.stories.stories import ReturnAddress, Story
from tests.end_to_end.kit import MovableClock
from tests.storage.stores import WEEK, Store, consent, open_store

PURPOSES: dict[str, tuple[tuple[Purpose, str], ...]] = {
    "keep": (),
    "coordinator": (("team", "coordinator"),),
    "team": (("team", "yes"),),
    "network": (("team", "yes"), ("network", "yes")),
    "quote": (("team", "yes"), ("network", "yes"), ("quote", "yes")),
    "contact": (("team", "yes"), ("contact", "yes")),
}
"""How far a story may go, in rungs."""


@cache
def library() -> Library:
    return load_guides()


async def nothing_wrong(*_: object) -> list[Problem]:
    """A proof without walking every way: that takes minutes."""
    return []


class Person:
    """Someone with a browser."""

    def __init__(self, office: Office, client: TestClient[web.Request, web.Application]) -> None:
        self.office = office
        self.client = client

    async def get(self, path: str) -> tuple[int, str]:
        async with self.client.get(path, allow_redirects=False) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, form: Any = (), *, csrf: str | None = None) -> ClientResponse:
        """Send a form, with the mark of the session that its page carries."""
        if csrf is None:
            _, page = await self.get("/coordinator/settings")
            found = re.search(r'name="csrf" value="([^"]+)"', page)
            csrf = found[1] if found else ""
        pairs = [*(form.items() if isinstance(form, dict) else form), ("csrf", csrf)]
        return await self.client.post(path, data=pairs, allow_redirects=False)


@dataclass
class Office:
    """Pages of coordinators that are served, on a store."""

    store: Store
    house: Services
    clock: MovableClock
    server: TestServer
    digests: WeeklyDigests
    publisher: Publisher
    teams: dict[str, Team] = field(default_factory=dict)
    clients: list[Any] = field(default_factory=list)

    async def browser(self) -> Person:
        """A browser in which nobody is logged in."""
        client: TestClient[web.Request, web.Application] = TestClient(self.server)
        self.clients.append(client)
        return Person(self, client)

    async def login(self, role: Role, team: str = "", name: str = "") -> Person:
        """Someone new, logged in."""
        someone = await self.coordinator(role, team, name)
        person = await self.browser()
        answer = await person.client.post(
            f"/coordinator/login/{await self.link(someone)}", allow_redirects=False
        )
        assert answer.status == 303
        return person

    async def coordinator(
        self, role: Role, team: str = "", name: str = "", **more: Any
    ) -> Coordinator:
        team_id = self.teams[team].id if team else ""
        return await self.store.database.write(
            lambda c: coordinators.add(c, role, name or role, team=team_id, **more)
        )

    async def link(self, someone: Coordinator) -> str:
        now = self.clock.now()
        return await self.store.database.write(lambda c: logins.make_link(c, someone.id, now))

    async def team(self, name: str, municipality: str = "Zwolle") -> Team:
        made = await self.store.database.write(lambda c: teams.add(c, name, municipality))
        self.teams[name] = made
        self.house.shelf.follow([*self.teams.values()])
        return made

    async def tell(
        self,
        team: str = "",
        rung: str = "network",
        *,
        week: str = WEEK,
        reviewed: bool = False,
        **changes: Any,
    ) -> str:
        """A kept story; its id."""
        told = telling(team=self.teams[team].id if team else "", **changes)

        def keep(connection: Transaction) -> str:
            person = people.find_or_make(connection, "telegram", "4711", "nl", week)
            story_id, _ = stories.keep(connection, told, consent(), week, person.id)
            back = ReturnAddress(person.id, "telegram", "4711", "nl")
            for purpose, answer in PURPOSES[rung]:
                stories.record(connection, story_id, consent(purpose, answer), back)
            if reviewed:
                moderation.clear(connection, story_id)
            return story_id

        return await self.store.database.write(keep)

    async def story(self, story_id: str) -> Story:
        found = await self.store.database.read(lambda s: stories.read(s, story_id))
        assert found is not None
        return found


def telling(**changes: Any) -> Telling:
    """A story of a resident, with answers of that guide."""
    words: dict[str, Any] = {
        "guide": "resident",
        "fingerprint": changes.get("fingerprint")
        or library().fingerprint(changes.get("guide", "resident")),
        "language": "nl",
        "kind": "resident",
        "name": "De sleutel onder de mat",
        "text": "Fatima van de wijk kwam langs.\n\nZij bleef een uur.",
        "answers": {
            "feeling": ["glad"],
            "promise": ["own_life", "tailored"],
            "movement_problems_strengths": 80,
        },
        "words": {},
        "team": "",
        "municipality": "zwolle",
    }
    words |= changes
    parts = [{"kind": "text", "text": part, "blob": ""} for part in words["text"].split("\n\n")]
    return Telling(**{"parts": parts, **words})


async def open_office(
    store: Store, *, names: Iterable[str] = ("Oost", "West"), helper: Helper | None = None
) -> Office:
    """A served office with two teams. `close_office` ends it."""
    clock = MovableClock()
    mail = MailSettings(host="127.0.0.1", sender="Vertelbot <v@example.nl>", password=SecretStr(""))
    settings = Settings(mail=mail)
    house = Services(
        store.vault,
        store.log,
        GuideStore(library()),
        settings,
        overdue=lambda reads, who, now: changes.overdue(reads, who, now),
        justice=changes.justice,
        proposes=lambda reads, who, now: proposed_quarter(reads, who, now),
    )
    app = web.Application()
    helper = helper or InProcess(store.database, house)
    studio = ChartRenderer(helper)
    digests = WeeklyDigests(store.database, house, clock, studio, lambda: None)
    some = rooms(studio, lambda c, session: tell(c, house, session, clock.now()), lambda: None)
    publishers: list[Publisher] = []
    guides = workbench(proves=nothing_wrong, made=publishers.append)
    more = guides, learning_room(), whatsapp_room(None)
    pages = CoordinatorPages(store.database, house, clock, digests, (*some, *more), helper=helper)
    pages.setup(app)
    app.add_routes(page_files().routes())
    server = TestServer(app)
    await server.start_server()
    office = Office(store, house, clock, server, digests, publishers[0])
    await store.database.write(house.shelf.remember)
    for name in names:
        await office.team(name)
    return office


async def close_office(office: Office) -> None:
    for client in office.clients:
        await client.session.close()
    await office.server.close()


@asynccontextmanager
async def office_in(folder: Path) -> AsyncIterator[Office]:
    """An office on a store of its own."""
    store = await open_store(f"sqlite:///{folder}/vertelbot.db", folder)
    office = await open_office(store)
    try:
        yield office
    finally:
        await close_office(office)
        store.close()
