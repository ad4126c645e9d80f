"""The export page: stories in a file; the command line shares the making of it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence

from aiohttp import web
from sqlalchemy import Connection
from sqlmodel import Session

from bot.clock import Clock
from bot.coordinators.exports import tables
from bot.coordinators.exports.export import FORMATS, StoryExport, as_json
from bot.coordinators.exports.narrafirma import as_narrafirma
from bot.coordinators.pages.site import HEADERS, MODERATORS, Site, Visit
from bot.services import Services
from storage.coordinators.coordinators import Coordinator
from storage.engine.database import Database
from storage.stories import exports, reading
from storage.stories.exports import Exported
from storage.stories.permissions import FilePurpose, file_purposes

TYPES = {
    "csv": ("text/csv", "csv"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "json": ("application/json", "json"),
    "narrafirma": ("application/zip", "zip"),
}


class ExportPages:
    """`/coordinator/files`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/coordinator/files", self.site.guard(self._form, MODERATORS)),
            web.post("/coordinator/files", self.site.guard(self._make, MODERATORS)),
        ]

    async def _form(self, _request: web.Request, visit: Visit, problem: str = "") -> web.Response:
        library = self.site.services.shelf.library
        waiting = await self.site.database.read(lambda s: reading.waiting(s, visit.who))
        return self.site.page(
            visit,
            "files.html",
            status=400 if problem else 200,
            purposes=file_purposes(visit.who),
            formats=FORMATS,
            guides={name: library.get(name, visit.who.language).title for name in library.ids},
            waiting=waiting["waiting"],
            problem=problem,
        )

    async def _make(self, request: web.Request, visit: Visit) -> web.Response:
        form = await request.post()
        kind, guide = str(form.get("format", "")), str(form.get("guide", ""))
        purpose = next((p for p in file_purposes(visit.who) if p == form.get("purpose")), None)
        known = self.site.services.shelf.library.ids
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
            guide,
            visit.who.language,
        )
        media, ending = TYPES[kind]
        name = f"{export.name}.{ending}"
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=file_of(export, kind, guide), content_type=media, headers=headers)


async def gathered(
    database: Database,
    services: Services,
    clock: Clock,
    who: Coordinator | None,
    purpose: FilePurpose,
    kind: str,
    guide: str = "",
    language: str = "nl",
    weeks: tuple[str, str] | None = None,
) -> StoryExport:
    """The stories of a file, in the log before they leave."""
    vault, now = services.vault, clock.now()

    def read(session: Session) -> tuple[Sequence[Exported], Sequence[str]]:
        found = exports.exportable(session, vault, purpose, who, guide=guide, weeks=weeks)
        return found, exports.withdrawn(session, vault, purpose, who)

    stories, gone = await database.read(read)

    def note(connection: Connection) -> None:
        exports.note(connection, who, purpose, kind, stories, now)

    await database.write(note)
    return StoryExport(stories, gone, purpose, now, services, language)


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
