"""An office full of stories, of older guides too, and every link of its pages followed."""

from __future__ import annotations

import html
import json
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aiohttp.test_utils import make_mocked_request

from bot.coordinators.filters import filters_of
from bot.coordinators.phrases import words
from bot.coordinators.questions import Question, Questions, questions_of
from bot.demo.invented import invent
from conversations.guide.library import Library
from conversations.guide.telling import Telling
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Transaction
from storage.people import guide_versions, people
from storage.stories import reading, stories
from storage.stories.reading import Filters
from storage.stories.stories import ReturnAddress
from tests.coordinators import recount_answers as recount
from tests.coordinators.office import PURPOSES, Office, Person, library, telling
from tests.coordinators.recount_answers import Row
from tests.storage.stores import WEEK, consent

LINK = re.compile(r'href="(/coordinator/stories\?[^"]*)"')


def before() -> tuple[Library, str]:
    """The guide of professionals as it once was: one more answer, and a question that is gone."""
    source = json.loads(library().source("professional"))
    for step in source["guide"]["step"]:
        if step["id"] == "need":
            step["options"].append({"id": "warmth", "label": "Warmte"})
        if step["id"] == "role":
            step["id"] = "place"
    text = json.dumps(source, ensure_ascii=False)
    return Library.from_source(text, library()), text


def told() -> list[Telling]:
    """Stories of every guide; some with a version of before, some with answers that no guide
    knows."""
    made = [each.telling for each in invent(library(), [("", "")], "2026-W46", stories=110)]
    follow = library().get("follow_up", "nl")
    rng = random.Random(3)
    for _ in range(9):
        door = rng.choice([option.id for option in follow.steps["door"].options])
        factor = rng.sample([option.id for option in follow.steps["factor"].options], 2)
        answers: dict[str, Any] = {"door": [door], "factor": factor, "feeling": ["glad"]}
        made.append(telling(guide="follow_up", kind="follow_up", answers=answers))
    old = before()[0]
    work: dict[str, Any] = {"guide": "professional", "kind": "professional"}
    mark, once = old.fingerprint("professional"), {"need": ["warmth"]}
    return [
        *made,
        telling(**work, fingerprint=mark, answers=once),
        telling(**work, fingerprint=mark, answers={**once, "place": ["policy_board"]}),
        telling(**work, fingerprint="f" * 16, answers={"need": ["never_heard_of"]}),
    ]


async def fill(office: Office) -> None:
    """With stories of every guide, which their tellers share with everybody."""

    def keep(connection: Transaction) -> None:
        person = people.find_or_make(connection, "telegram", "4711", "nl", WEEK)
        back = ReturnAddress(person.id, "telegram", "4711", "nl")
        for each in told():
            kept = replace(each, team="", municipality="")
            story_id, _ = stories.keep(connection, kept, consent(), WEEK, person.id)
            for purpose, answer in PURPOSES["network"]:
                stories.record(connection, story_id, consent(purpose, answer), back)
        old, source = before()
        guide_versions.remember(connection, "professional", old.fingerprint("professional"), source)

    await office.store.database.write(keep)


async def chief(office: Office) -> tuple[Person, Coordinator]:
    person = await office.login("association")
    return person, Coordinator("0" * 32, "association", "", "", "nl")


async def known(office: Office, who: Coordinator) -> tuple[Questions, list[reading.Answered]]:
    def read(session: Any) -> tuple[Questions, list[reading.Answered]]:
        found = reading.answered(session, who, Filters())
        marks = {(each.guide, each.fingerprint) for each in found}
        return questions_of(office.house.shelf, session, marks, "nl"), found

    return await office.store.database.read(read)


REQUEST = make_mocked_request("GET", "/")
Opened = tuple[str, set[str], object]
"""A link, the stories that it should open, and what it is."""


async def follow(office: Office, who: Coordinator, links: Sequence[Opened]) -> None:
    """Every link opens exactly its stories."""

    def read(session: Any) -> None:
        for link, wanted, what in links:
            filters = filters_of(REQUEST.clone(rel_url=link))
            found = {each.id for each in reading.answered(session, who, filters)}
            assert found == wanted, (what, link)

    await office.store.database.read(read)


def expected(found: list[Row], question: Question) -> dict[str, set[str]]:
    """The stories behind every number of a question, by its label."""
    if question.shape == "scale":
        placed = recount.places(found, question.guides, question.step)
        left, right = (label for _, label in question.answers)
        named = [left, *(f"{low}–{low + 9}" for low in range(10, 90, 10)), right]
        return {
            name: {story for story, place in placed.items() if min(place // 10, 9) == at}
            for at, name in enumerate(named)
        }
    if question.shape == "triad":
        heaviest: dict[str, set[str]] = {label: set() for _, label in question.answers}
        for row in found:
            if row.guide in question.guides and (shares := row.answers.get(question.step)):
                heaviest[question.answers[shares.index(max(shares))][1]].add(row.id)
        return heaviest
    given = recount.given(found, question.guides, question.step)
    strange = given.keys() - dict(question.answers).keys()
    made = {question.said(answer): given[answer] for answer in given.keys() - strange}
    if strange:
        others = words("nl")("pattern.others", n=len(strange))
        made[others] = set().union(*(given[answer] for answer in strange))
    return made


def shown_link(page: str, answer: str) -> str:
    """Where the page leads with an answer."""
    links = [html.unescape(link) for link in LINK.findall(page)]
    return next(link for link in links if link.endswith(f"%3A{answer}"))
