"""The page of files: stories for a purpose, in a file."""

from __future__ import annotations

import io
from typing import Any

from aiohttp import web
from multidict import MultiDict, MultiMapping

from bot.coordinators.exports.export import FORMATS
from bot.coordinators.exports.story_file import FileRequest, StoryFiles, file_sizes
from bot.coordinators.filters import address, filters_in
from bot.coordinators.pages.site import HEADERS, MODERATORS, Site, Visit
from bot.coordinators.pages.stories import StoryPages
from storage.stories.permissions import file_purposes
from storage.stories.reading import Filters

TYPES = {
    "csv": ("text/csv", "csv"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "json": ("application/json", "json"),
    "narrafirma": ("application/zip", "zip"),
}


class ExportPages:
    """`/coordinator/files`."""

    def __init__(self, site: Site, stories: StoryPages) -> None:
        self.site = site
        self._stories = stories

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/coordinator/files", self.site.guard(self._form, MODERATORS)),
            web.post("/coordinator/files", self.site.guard(self._make, MODERATORS)),
        ]

    async def _form(self, request: web.Request, visit: Visit, problem: str = "") -> web.Response:
        """The form, and how many stories each purpose would take along under these filters."""
        filters = _filters(await request.post()) if problem else filters_in(request.query)
        who = visit.who

        asked = "sizes", address("", filters)
        waiting, sizes = await self.site.results.ask(who, asked, file_sizes, who, filters)
        return self.site.page(
            visit,
            "files.html",
            status=400 if problem else 200,
            purposes=file_purposes(who),
            sizes=sizes,
            formats=FORMATS,
            filters=filters,
            waiting=waiting,
            problem=problem,
            **await self._stories.choices(visit, filters, "/coordinator/files"),
        )

    async def _make(self, request: web.Request, visit: Visit) -> web.Response:
        form = await request.post()
        kind, filters = str(form.get("format", "")), _filters(form)
        purpose = next((p for p in file_purposes(visit.who) if p == form.get("purpose")), None)
        guide, known = str(form.get("guide", "")), self.site.services.shelf.library.ids
        if purpose is None or kind not in FORMATS or (guide and guide not in known):
            return await self._form(request, visit, problem="files.problem")
        if kind == "narrafirma" and not guide:
            return await self._form(request, visit, problem="files.problem")
        wanted = FileRequest(visit.who, purpose, kind, filters, visit.who.language, guide)
        files = StoryFiles(self.site.database, self.site.services, self.site.clock)
        made = await files.made(self.site.helper, wanted)
        media, ending = TYPES[kind]
        name = f"{made.name}.{ending}"
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
        body = io.BytesIO(made.body)  # it goes in pieces: a large one holds nobody up
        return web.Response(body=body, content_type=media, headers=headers)


def _filters(form: MultiMapping[Any]) -> Filters:
    """The filters that stand in a form."""
    return filters_in(MultiDict((name, str(value)) for name, value in form.items()))
