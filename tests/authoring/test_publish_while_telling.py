"""A publication, a recall and a power cut while people are telling: nothing is lost, and everybody
finishes on the version they began with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.app import App
from bot.authoring.guide_desk import Written, shipped_texts
from bot.authoring.publishing import Publisher
from bot.channels.base import Account, Arrival
from bot.clock import Clock
from bot.guides import GuideStore
from conversations.authoring.guide_text import GuideText
from conversations.authoring.starter import start
from conversations.engine.events import Command, Event, Said, Tapped
from conversations.guide.loading import load_guides
from storage.coordinators import coordinators
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Reads, Transaction
from storage.guides import drafts, guide_publications
from storage.guides.guide_publications import Publication
from storage.people import people, states
from storage.stories import stories
from storage.stories.stories import Story
from tests.end_to_end.kit import settings

TELLERS = 200
GUIDE = "proefgids"
QUESTION: dict[str, Any] = {
    "id": "hielp", "kind": "choice", "say": "Wat hielp het meest?", "short": "Hielp",
    "options": [{"id": "luisteren", "label": "Luisteren"}, {"id": "geld", "label": "Geld"}],
}  # fmt: skip
OPENING: Sequence[Event | Account] = (Account("start", GUIDE), Said("Ja, ik doe mee", ref="a"))
STORY: Sequence[Event | Account] = (
    Said("Wat lukte", ref="b"),
    Said("De buren hielpen mee, en dat gaf lucht aan iedereen in de straat.", ref="c"),
    Command("done"),
    Command("skip"),
    Said("Trots", ref="d"),
    Command("done"),
)
ENDING = ("o:ok", "o:yes")
"""The buttons of the card and of the consent."""


def guide_text(*, asks: bool) -> str:
    made = start(GuideText.read(shipped_texts()["professional"]), GUIDE, "Proefgids")
    return (made.add(QUESTION, "feeling") if asks else made).text


async def nothing_wrong(*_: object) -> list[Any]:
    return []


async def nobody_else() -> None: ...


class Crowd:
    """Tellers who say something, all at once, each in turn."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.said = 0

    async def say(self, crowd: range, *events: Event | Account) -> None:
        async def one(person: int) -> None:
            for event in events:
                self.said += 1
                name = f"{person}-{self.said}"
                await self.app.runner.accept([Arrival("web", name, f"{person:064}", event, "nl")])

        await asyncio.gather(*map(one, crowd))

    async def finish(self, crowd: range) -> None:
        """The card is right, and it may be kept."""

        def turn(reads: Reads, person: int) -> int:
            found = people.find(reads, "web", f"{person:064}")
            state = states.load(reads, found.id) if found else None
            return state.turn if state else 0

        async def one(person: int) -> None:
            for button in ENDING:
                at = await self.app.database.read(lambda s: turn(s, person))
                await self.say(range(person, person + 1), Tapped(at, button, 5000))

        await asyncio.gather(*map(one, crowd))


class Office:
    """Somebody who publishes."""

    def __init__(self, app: App, who: Coordinator) -> None:
        self.app = app
        self.who = who
        services = app.services
        self.publisher = Publisher(
            app.database, services.shelf, app.clock, nothing_wrong, nobody_else
        )

    async def publish(self, text: str, revision: int, after: int) -> str:
        """Its fingerprint."""
        written = Written(GUIDE, revision, text, {})
        self.publisher.begin(self.who, written, "Een noot", (), after)
        await self.publisher.wait()
        assert self.publisher.attempts[GUIDE].state == "published"
        return self.app.services.shelf.library.fingerprint(GUIDE)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with App.opened(settings(tmp_path), Clock()) as app:
        yield app


@pytest.fixture
async def office(app: App) -> Office:
    add = lambda c: coordinators.add(c, "association", "Anna")  # noqa: E731
    return Office(app, await app.database.write(add))


async def kept(app: App) -> list[Story]:
    def read(connection: Transaction) -> list[Story]:
        ids = connection.scalars(text("SELECT id FROM story")).all()
        found = [stories.read(connection, each) for each in ids]
        return [each for each in found if each]

    return await app.database.write(read)


async def test_a_publication_while_two_hundred_are_telling(app: App, office: Office) -> None:
    first = await office.publish(guide_text(asks=True), 1, 0)
    crowd, early, late = Crowd(app), range(TELLERS // 2), range(TELLERS // 2, TELLERS)
    await crowd.say(early, *OPENING)
    second, _ = await asyncio.gather(
        office.publish(guide_text(asks=False), 2, 1), crowd.say(early, *STORY)
    )
    await crowd.say(late, *OPENING, *STORY)
    await crowd.say(early, Said("Geld", ref="e"))
    await crowd.finish(range(TELLERS))
    told = [each.telling for each in await kept(app)]
    assert len(told) == TELLERS
    assert all("buren hielpen mee" in each.text for each in told)
    by_version = {
        version: [t for t in told if t.fingerprint == version] for version in (first, second)
    }
    assert {version: len(each) for version, each in by_version.items()} == {
        first: len(early),
        second: len(late),
    }
    assert all(each.answers["hielp"] == ["geld"] for each in by_version[first])
    assert all("hielp" not in each.answers for each in by_version[second])


async def test_who_is_telling_hears_of_a_recall_and_keeps_what_was_told(
    app: App, office: Office
) -> None:
    await office.publish(guide_text(asks=True), 1, 0)
    crowd, telling, begun = Crowd(app), range(1), range(1, 2)
    await crowd.say(telling, *OPENING, *STORY[:-2])
    await crowd.say(begun, *OPENING)
    assert await office.publisher.recall(office.who, GUIDE, 1)
    await crowd.say(telling, Said("Trots", ref="d"))
    assert "doen niet meer mee" in await said(app, 0)
    assert "Zo klopt het" in await said(app, 0)
    await crowd.finish(telling)
    assert [each.telling.guide for each in await kept(app)] == [GUIDE]
    await crowd.say(begun, Said("Wat lukte", ref="b"))
    assert "niets van dit gesprek bewaard" in await said(app, 1)
    await crowd.say(range(2, 3), Account("start", GUIDE))
    assert "Doe je mee?" not in await said(app, 2)


async def said(app: App, person: int) -> str:
    """All that a page shows."""
    rows = await app.web.log(f"{person:064}", 0)
    return " ".join(str(row.effect) for row in rows)


async def test_a_version_that_another_process_published_opens_here_too(
    app: App, office: Office
) -> None:
    other = GuideStore(load_guides())
    elsewhere = Publisher(app.database, other, app.clock, nothing_wrong, nobody_else)
    elsewhere.begin(office.who, Written(GUIDE, 1, guide_text(asks=True), {}), "Noot", (), 0)
    await elsewhere.wait()
    assert not app.services.shelf.may_begin(GUIDE)
    await app._heard("guides", "")
    assert app.services.shelf.may_begin(GUIDE)


class Cut(Exception):
    """The process is gone."""


async def test_a_cut_at_every_write_leaves_the_old_or_the_new(app: App, office: Office) -> None:
    """Of saving a draft and of publishing: what is half written is not there."""
    now = app.clock.now()
    old, new = guide_text(asks=False), guide_text(asks=True)
    await app.database.write(lambda c: drafts.save(c, GUIDE, old, {}, since=0, who="", now=now))
    built = app.services.shelf.shipped.made_of(GuideText.read(new).data, {})

    def work(connection: Transaction) -> None:
        drafts.save(connection, GUIDE, new, {}, since=1, who="", now=now)
        made_of = 2, new, dict[str, Any]()
        guide_publications.publish(
            connection, GUIDE, made_of, built, after=0, note="n", who="", now=now
        )

    for cut_at in range(1, 12):
        try:
            await app.database.write(partial(cut_after, statements=cut_at, work=work))
        except Cut:
            assert await state_of(app) == (1, 0)
        else:
            break
    assert cut_at >= 4
    assert await state_of(app) == (2, 1)


def cut_after(connection: Transaction, statements: int, work: Any) -> None:
    """Do the work, until so many statements were carried out."""
    left = [statements]
    execute = connection.execute

    class Counted:
        def execute(self, *given: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise Cut
            return execute(*given)

        def __getattr__(self, name: str) -> Any:
            return getattr(connection, name)

    work(Counted())


async def state_of(app: App) -> tuple[int, int]:
    """The newest save, and how many versions there are."""
    newest = await app.database.read(lambda s: drafts.newest_of(s, GUIDE))
    found: list[Publication] = await app.database.read(
        lambda s: guide_publications.of_guide(s, GUIDE)
    )
    return newest.revision if newest else 0, len(found)
