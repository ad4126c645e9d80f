"""The page on which one story is read: alone, in a selection, or in a queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.coordinators.filters import address, filters_in, last_action_of, page_of
from bot.coordinators.pages.site import Site, Visit
from bot.coordinators.pages.stories import StoryPages, names_of
from bot.coordinators.phrases import CoordinatorPhrases
from bot.coordinators.story_texts import texts_of, version
from conversations.engine.card import kept_card
from storage.coordinators import audit, coordinators
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot
from storage.stories import moderation, reading, selection, stories
from storage.stories.moderation import Note
from storage.stories.reading import Filters
from storage.stories.search import SearchResult
from storage.stories.selection import Position
from storage.stories.stories import Story


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
    position: Position


class StoryPage:
    """`/coordinator/story/<id>`. The filters in its address are the selection it stands in."""

    def __init__(self, site: Site, pages: StoryPages) -> None:
        self.site = site
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        path = "/coordinator/story/{id:[0-9a-f]{32}}"
        return [web.get(path, self.site.guard(self.read))]

    async def read(self, request: web.Request, visit: Visit, problem: str = "") -> web.Response:
        """The page of a story. That it was opened is in the log before it is shown."""
        filters, last_action = filters_in(request.query), last_action_of(request)
        found = await self.searched(visit.who, filters)
        opened = await self.site.database.read(
            lambda s: self._open(
                s, visit.who, visit.words, request.match_info["id"], filters, found
            )
        )
        if opened is None:
            return self.site.missing(visit)
        story = opened.story
        await self.site.note(visit, "read", story=story.id, team=story.telling.team)
        language = visit.who.language
        guide = await self.site.database.read(
            lambda s: self.site.services.shelf.told_with(s, story.telling, language)
        )
        where = f"/coordinator/story/{story.id}"
        texts = texts_of(story, guide.steps) if opened.moderates else []
        return self.site.page(
            visit,
            "story.html",
            opened=opened,
            story=story,
            card=kept_card(guide, story.telling),
            guide=guide,
            texts=texts,
            told=next((text.pieces for text in texts if text.field == "text"), ()),
            clues=[(*clue, text) for text in texts for clue in text.clues],
            version=version(story, (opened.state, opened.reviewed, opened.note)),
            problem=problem,
            today=self.site.today(),
            shown=self.site.clock.now().timestamp(),
            filters=filters,
            last_action=last_action,
            act=lambda name: address(f"{where}/{name}", filters, had=last_action.had or ""),
            beside=lambda story_id: address(
                f"/coordinator/story/{story_id}", filters, had=last_action.had or ""
            ),
            back=address("/coordinator/stories", filters, page=page_of(request) or ""),
            **await self._pages.choices(visit, Filters(), where),
        )

    async def searched(self, who: Coordinator, filters: Filters) -> SearchResult | None:
        """What the words of the filters find; None: there are none."""
        return await self._pages.searched(who, filters)

    def _open(
        self,
        session: Snapshot,
        who: Coordinator,
        said: CoordinatorPhrases,
        story_id: str,
        filters: Filters,
        found: SearchResult | None,
    ) -> Opened | None:
        story = reading.one(session, who, story_id)
        if story is None:
            return None
        state, reviewed, note = moderation.standing(session, story_id)
        moderates = reading.moderates(session, who, story_id)
        everybody = coordinators.listed(session)
        near = [c for c in everybody if c.role == "association" or c.team == story.telling.team]
        return Opened(
            story=story,
            state=state,
            reviewed=reviewed,
            note=note,
            moderates=moderates,
            lines=audit.of_story(session, story_id) if moderates else (),
            people={c.id: c for c in near if reading.moderates(session, c, story_id)},
            names=names_of(near, said),
            reachable=stories.return_address(session, story_id) is not None,
            position=selection.position(
                session, who, filters, story.week, story_id, found.found if found else None
            ),
        )
