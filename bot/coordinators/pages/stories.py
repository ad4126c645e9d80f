"""The list of stories, and searching in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from aiohttp import web

from bot.coordinators.chips import FilterWords
from bot.coordinators.filters import address, filters_in, filters_of, last_action_of, page_of, pairs
from bot.coordinators.pages.site import MODERATORS, Site, Visit, see_other
from bot.coordinators.phrases import CoordinatorPhrases
from bot.coordinators.story_search import searched_stories, selected_stories
from bot.coordinators.story_texts import one_sentence
from storage.coordinators import selections, teams
from storage.coordinators.audit import OPERATOR
from storage.coordinators.coordinators import Coordinator
from storage.coordinators.selections import NamedSelection
from storage.engine.transaction import Snapshot
from storage.stories import reading, search, selection
from storage.stories.reading import PAGE, Filters, Selected, StoryList
from storage.stories.search import SearchResult


class StoryPages:
    """`/coordinator/stories` and `/coordinator/queue`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/coordinator/stories", self.site.guard(self._list)),
            web.get("/coordinator/queue", self.site.guard(self._queue, MODERATORS)),
        ]

    async def _list(self, request: web.Request, visit: Visit) -> web.Response:
        filters = filters_in(request.query)
        who, number = visit.who, page_of(request)

        found = await self.searched(who, filters)
        chosen = None
        if found is None:
            chosen = await self._selected(who, filters)

        def read(session: Snapshot) -> tuple[StoryList, dict[str, str]]:
            due = reading.due_days(session, who) if filters.state == "serious" else {}
            if found is not None:
                return found.page(session, who, number), due
            return reading.page(session, who, filters, number, chosen), due

        listed, due = await self.site.database.read(read)
        if found is not None:
            detail = f"{len(found.found)}/{found.scanned}"
            await self.site.note(visit, "search", detail=detail)
        elif listed.stories:
            await self.site.note(visit, "listed", detail=str(len(listed.stories)))
        return self.site.page(
            visit,
            "stories.html",
            listed=listed,
            scanned=found.scanned if found and found.more else 0,
            filters=filters,
            last_action=last_action_of(request),
            pages=(listed.total + PAGE - 1) // PAGE,
            sentence=lambda story: one_sentence(story, filters.words),
            due=due,
            today=self.site.today(),
            to=lambda n: address("/coordinator/stories", filters, page=n),
            story_at=lambda story: address(
                f"/coordinator/story/{story.id}", filters, page=listed.number or ""
            ),
            queue=address("/coordinator/queue", filters),
            wider=address("/coordinator/stories", Filters(words=filters.words)),
            phrase='"' in search.folded(filters.words),
            loose=address("/coordinator/stories", filters, q=""),
            **await self.choices(visit, filters, "/coordinator/stories"),
        )

    async def searched(self, who: Coordinator, filters: Filters) -> SearchResult | None:
        """What a search finds, kept until a story changes; None: these filters search nothing."""
        if not filters.words:
            return None
        asked = "searched", address("", filters)
        return await self.site.results.ask(who, asked, searched_stories, who, filters)

    async def _selected(self, who: Coordinator, filters: Filters) -> Selected:
        """How many stories there are; only where answers are chosen must they be read to know."""
        asked, results = ("selected", address("", filters)), self.site.results
        if filters.answers:
            return await results.ask(who, asked, selected_stories, who, filters)
        return await results.read(who, asked, lambda s: reading.selected(s, who, filters))

    async def _queue(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        """To the first story that waits, within the filters; when there is none, to the list, which
        says so."""
        filters = filters_of(request)
        filters = filters if filters.state else replace(filters, state="waiting")
        story_id = await self.site.database.read(lambda s: selection.first(s, visit.who, filters))
        path = f"/coordinator/story/{story_id}" if story_id else "/coordinator/stories"
        return see_other(address(path, filters))

    async def choices(
        self, visit: Visit, filters: Filters, path: str, **more: str
    ) -> dict[str, Any]:
        """What the filters of a page can be, those that are chosen, and the selections that this
        coordinator keeps."""

        def read(session: Snapshot) -> tuple[list[teams.Team], list[NamedSelection]]:
            return teams.all_teams(session), selections.listed(session, visit.who.id)

        every_team, kept = await self.site.database.read(read)
        said = FilterWords(self.site.services.shelf.library, visit.words, every_team)
        return {
            "said": said,
            "asked": said.asked,
            "guides": said.guides,
            "languages": said.languages,
            "teams": said.teams,
            "chips": said.chips(path, filters, **more),
            "bare": address(path, Filters(), **more),
            "pairs": pairs(filters),
            "kept": kept,
            "as_stories": address("/coordinator/stories", filters),
            "as_patterns": address("/coordinator/patterns", filters),
            "as_files": address("/coordinator/files", filters),
            "public": self.site.services.settings.public_url,
        }


def names_of(people: Iterable[Coordinator], words: CoordinatorPhrases) -> dict[str, str]:
    """How those in the log are called: by name, or by their role."""
    named = {each.id: each.name or words(f"role.{each.role}") for each in people}
    return {OPERATOR: words("log.operator"), **named}
