"""Puts the invented stories into a store, in the way of every other story: with consent."""

from __future__ import annotations

from datetime import datetime, time
from functools import partial
from itertools import islice

from bot.app import App
from bot.demo.figures import bring
from bot.demo.invented import STORIES, TEXTS, InventedStory, invent
from bot.demo.meetings import hold
from bot.demo.session import hold_session
from conversations.guide.model import Purpose
from storage.coordinators import teams
from storage.engine.transaction import Transaction
from storage.stories import moderation, stories
from storage.stories.consents import ConsentRecord
from storage.weeks import AMSTERDAM, day_of, week_of, weeks_before

BATCH = 250
"""Stories in one transaction: many at a time are quick, few leave the writer free."""


class Filled(Exception):
    """There are stories already."""


async def fill(app: App, count: int = STORIES) -> int:
    """How many stories were kept. Raises Filled when there were any."""
    if (await app.database.read(stories.counts))["all"]:
        raise Filled
    made = await app.database.write(_teams)
    await app.refresh()
    now = app.clock.now()
    last = weeks_before(week_of(now), 1)
    places = [(team.id, teams.town_id(team.municipality)) for team in made]
    invented = invent(app.services.shelf.library, places, last, stories=count)
    while some := list(islice(invented, BATCH)):
        await app.database.write(partial(_keep_all, some))
    await app.database.write(lambda c: hold(app, c, made, now))
    await app.database.write(lambda c: bring(c, app.clock))
    await app.database.write(lambda c: hold_session(c, app.services, now))
    return count


def _teams(connection: Transaction) -> list[teams.Team]:
    return [
        teams.add(connection, f"Team {name} {TEXTS['suffix']}", town)
        for town in TEXTS["towns"]
        for name in TEXTS["teams"]
    ]


def _keep_all(some: list[InventedStory], connection: Transaction) -> None:
    for each in some:
        _keep(connection, each)


def _keep(connection: Transaction, each: InventedStory) -> None:
    story_id, _ = stories.keep(connection, each.telling, _consent(each, "keep"), each.week)
    for purpose, answer in each.rungs:
        stories.record(connection, story_id, _consent(each, purpose, answer))
    if each.reviewed:
        moderation.clear(connection, story_id)


def _consent(each: InventedStory, purpose: Purpose, answer: str = "yes") -> ConsentRecord:
    return ConsentRecord(
        purpose=purpose,
        answer=answer,
        shown=TEXTS["mark"],
        at=datetime.combine(day_of(each.week), time(12), AMSTERDAM),
        language=each.telling.language,
        guide=each.telling.guide,
        fingerprint=each.telling.fingerprint,
        channel=each.channel,
    )
