"""The export page: stories in a file; the command line shares the making of it."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Sequence
from functools import partial
from typing import Any

from aiohttp import web
from multidict import MultiDict, MultiMapping

from bot.clock import Clock
from bot.coordinators.chips import FilterWords
from bot.coordinators.exports import tables
from bot.coordinators.exports.export import FORMATS, StoryExport, as_json
from bot.coordinators.exports.narrafirma import as_narrafirma
from bot.coordinators.filters import address, filters_in
from bot.coordinators.pages.site import HEADERS, MODERATORS, Site, Visit
from bot.coordinators.pages.stories import StoryPages
from bot.coordinators.phrases import words
from bot.services import Services
from conversations.guide.model import Guide
from storage.coordinators import teams
from storage.coordinators.coordinators import Coordinator
from storage.coordinators.teams import Team
from storage.engine.database import Database
from storage.engine.transaction import Snapshot, Transaction
from storage.stories import exports, reading
from storage.stories.exports import Exported
from storage.stories.permissions import FilePurpose, file_purposes
from storage.stories.reading import Filters
from storage.vault.vault import new_id

ALL_STORIES = Filters()
NOTED_AT_ONCE = 500
"""Stories of a file that are written down in one go."""
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

        def read(session: Snapshot) -> tuple[int, dict[FilePurpose, int]]:
            sizes: dict[FilePurpose, int] = {}
            for each in () if filters.words else file_purposes(who):
                sizes[each] = exports.size(session, each, who, filters)
            return reading.waiting(session, who)["waiting"], sizes

        asked = "sizes", address("", filters)
        waiting, sizes = await self.site.results.read(who, asked, read)
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
        export = await gathered(
            self.site.database,
            self.site.services,
            self.site.clock,
            visit.who,
            purpose,
            kind,
            filters,
            visit.who.language,
        )
        media, ending = TYPES[kind]
        name = f"{export.name}.{ending}"
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
        body = await asyncio.to_thread(file_of, export, kind, guide)  # the chat goes on meanwhile
        return web.Response(body=body, content_type=media, headers=headers)


def _filters(form: MultiMapping[Any]) -> Filters:
    """The filters that stand in a form."""
    return filters_in(MultiDict((name, str(value)) for name, value in form.items()))


async def gathered(
    database: Database,
    services: Services,
    clock: Clock,
    who: Coordinator | None,
    purpose: FilePurpose,
    kind: str,
    filters: Filters = ALL_STORIES,
    language: str = "nl",
) -> StoryExport:
    """The stories of a file, as far as the filters leave them; in the log before they leave."""
    now = clock.now()

    def read(
        session: Snapshot,
    ) -> tuple[Sequence[Exported], Sequence[str], Sequence[Guide], str, Sequence[Team]]:
        found = exports.exportable(session, purpose, who, filters=filters)
        told = {(each.story.telling.guide, each.story.telling.fingerprint) for each in found}
        older = services.shelf.versions(session, told, language)
        every = teams.all_teams(session)
        said = FilterWords(services.shelf.library, words(language), every)
        gone = exports.withdrawn(session, purpose, who)
        return found, gone, older, said.in_a_line(filters), every

    stories, gone, older, chosen, every = await database.read(read)

    def note(some: Sequence[Exported], connection: Transaction) -> None:
        exports.note(connection, who, purpose, kind, some, now, reference)

    reference = new_id()
    for start in range(0, len(stories), NOTED_AT_ONCE):  # who tells goes between
        await database.write(partial(note, stories[start : start + NOTED_AT_ONCE]))
    called = {team.id: teams.full_name(team) for team in every}
    return StoryExport(stories, gone, purpose, now, services, language, older, chosen, called)


def file_of(export: StoryExport, kind: str, guide: str = "") -> bytes:
    """The file itself; for NarraFirma a ZIP with form and stories."""
    match kind:
        case "csv":
            return tables.as_csv(export)
        case "xlsx":
            return tables.as_xlsx(export)
        case "json":
            return json.dumps(as_json(export), ensure_ascii=False, indent=2).encode() + b"\n"
    spoken = export.services.shelf.library.get(guide, export.language)
    files = as_narrafirma(export, spoken)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("form.csv", files.form)
        archive.writestr("stories.csv", files.stories)
        stamp = "\n".join(f"{label}: {value}" for label, value in export.stamp)
        archive.writestr("about.txt", f"{stamp}\n")
        archive.writestr("withdrawn.txt", "".join(f"{name[:12]}\n" for name in export.withdrawn))
    return made.getvalue()
