"""The list of stories, searching in it, and the page on which one is read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlmodel import Session

from bot.coordinators.filters import address, filters_of
from bot.coordinators.pages.site import Site, Visit
from bot.coordinators.phrases import CoordinatorPhrases
from bot.coordinators.questions import Question, questions
from conversations.engine.card import kept_card
from conversations.guide.model import Step
from storage.coordinators import audit, coordinators, teams
from storage.coordinators.coordinators import Coordinator
from storage.stories import moderation, reading, stories
from storage.stories.exports import OPERATOR
from storage.stories.moderation import Note
from storage.stories.reading import PAGE, Filters
from storage.stories.stories import Story

_WORD = re.compile(r"\S+|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of a story that can be taken out, or what stands between words (`mark` empty)."""

    text: str
    mark: str
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """Everything about one story that its page shows."""

    story: Story
    state: str
    reviewed: bool
    note: Note
    moderates: bool
    lines: Sequence[audit.AuditEntry]
    people: dict[str, Coordinator]
    names: dict[str, str]
    reachable: bool


class StoryPages:
    """`/coordinator/stories` and `/coordinator/story/<id>`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/coordinator/stories", self.site.guard(self._list)),
            web.get("/coordinator/story/{id:[0-9a-f]{32}}", self.site.guard(self.read)),
        ]

    async def _list(self, request: web.Request, visit: Visit) -> web.Response:
        filters = filters_of(request)
        wanted = request.query.get("q", "").strip()[:100]
        number = int(n) if (n := request.query.get("page", "")).isdecimal() and len(n) < 6 else 0
        vault, who = self.site.services.vault, visit.who
        scanned = 0
        if wanted:
            found = await self.site.database.read(
                lambda s: reading.search(s, vault, who, filters, wanted)
            )
            await self.site.note(visit, "search", detail=f"{len(found.stories)}/{found.scanned}")
            total, scanned = len(found.stories), found.scanned if found.more else 0
            shown = found.stories[number * PAGE : (number + 1) * PAGE]
        else:
            shown, total = await self.site.database.read(
                lambda s: reading.page(s, vault, who, filters, number)
            )
        return self.site.page(
            visit,
            "stories.html",
            stories=shown,
            total=total,
            scanned=scanned,
            filters=filters,
            wanted=wanted,
            number=number,
            pages=(total + PAGE - 1) // PAGE,
            to=lambda n: address("/coordinator/stories", filters, q=wanted, page=n),
            **await self.choices(visit, filters),
        )

    async def choices(self, visit: Visit, filters: Filters) -> dict[str, Any]:
        """What the filters of a page can be, with the words for them."""
        library = self.site.services.shelf.library
        language = visit.who.language
        asked = questions(library, language)
        return {
            "asked": asked,
            "guides": {name: library.get(name, language).title for name in library.ids},
            "languages": {
                name: library.phrases(name).get("language_name") for name in library.spoken
            },
            "teams": {t.id: t for t in await self.site.database.read(teams.all_teams)},
            "chosen": [
                (asked[step].label, said(asked[step], value, visit))
                for step, value in filters.answers.items()
                if step in asked
            ],
        }

    # -- reading

    async def read(self, request: web.Request, visit: Visit, problem: str = "") -> web.Response:
        """The page of a story. That it was opened is in the log before it is shown."""
        opened = await self.site.database.read(
            lambda s: self._open(s, visit.who, visit.words, request.match_info["id"])
        )
        if opened is None:
            return self.site.missing(visit)
        story = opened.story
        await self.site.note(visit, "read", story=story.id, team=story.telling.team)
        language = visit.who.language
        guide = await self.site.database.read(
            lambda s: self.site.services.shelf.told_with(s, story.telling, language)
        )
        return self.site.page(
            visit,
            "story.html",
            opened=opened,
            story=story,
            card=kept_card(guide, story.telling),
            guide=guide,
            texts=_texts(story, guide.steps),
            version=version(story),
            problem=problem,
            today=self.site.clock.now().date().isoformat(),
            **await self.choices(visit, Filters()),
        )

    def _open(
        self, session: Session, who: Coordinator, said: CoordinatorPhrases, story_id: str
    ) -> Opened | None:
        vault = self.site.services.vault
        story = reading.one(session, vault, who, story_id)
        if story is None:
            return None
        state, reviewed, note = moderation.standing(session, vault, story_id)
        moderates = reading.moderates(session, who, story_id)
        everybody = coordinators.listed(session, vault)
        near = [c for c in everybody if c.role == "association" or c.team == story.telling.team]
        return Opened(
            story=story,
            state=state,
            reviewed=reviewed,
            note=note,
            moderates=moderates,
            lines=audit.of_story(session, vault, story_id) if moderates else (),
            people={c.id: c for c in near if reading.moderates(session, c, story_id)},
            names=names_of(near, said),
            reachable=stories.return_address(session, vault, story_id) is not None,
        )


def version(story: Story) -> str:
    """Tells whether the texts of a story are still those of its page."""
    told = story.telling
    texts = "\0".join((told.name, told.text, *told.words.values()))
    return hashlib.sha256(texts.encode()).hexdigest()[:16]


def names_of(people: Iterable[Coordinator], words: CoordinatorPhrases) -> dict[str, str]:
    """How those in the log are called: by name, or by their role."""
    named = {each.id: each.name or words(f"role.{each.role}") for each in people}
    return {OPERATOR: words("log.operator"), **named}


def said(question: Question, value: str, visit: Visit) -> str:
    """An answer of a filter in words."""
    if value == "unanswered":
        return visit.words("answer.unanswered")
    if question.shape == "scale":
        left, right = question.answers[0][1], question.answers[1][1]
        low = int(value.partition("-")[0] or 0) if value[:1].isdigit() else 0
        return left if low < 40 else right if low >= 60 else visit.words("answer.between")
    if question.shape == "triad":
        place = value.removeprefix("pole:")
        if place.isdecimal() and int(place) < len(question.answers):
            return question.answers[int(place)][1]
    return question.said(value)


def _texts(story: Story, steps: Mapping[str, Step]) -> list[tuple[str, str, list[Piece]]]:
    """The texts of a story in pieces: (field, label, pieces)."""
    told = story.telling
    fields = [("name", "", told.name), ("text", "", told.text)]
    fields += [
        (step, steps[step].short if step in steps else step, words)
        for step, words in told.words.items()
    ]
    return [
        (name, label, pieces(name, text, told.language)) for name, label, text in fields if text
    ]


def pieces(field: str, text: str, language: str) -> list[Piece]:
    """The words of a text, those that may identify someone marked as suspect."""
    from conversations.redaction.find import find  # it is long, and hardly ever needed

    suspects = [(span.start, span.end) for span in find(text, language)]
    made = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if match[0].isspace():
            made.append(Piece(match[0], ""))
            continue
        suspect = any(start < stop and end > begin for begin, stop in suspects)
        made.append(Piece(match[0], f"{field}:{start}:{end}", suspect))
    return made
