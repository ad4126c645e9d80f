"""A guide as one file, out and in: with its translations and what teams add to it."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath

from aiohttp import web

from bot.authoring.exchange.guide_bundle import write_bundle
from bot.authoring.exchange.guide_upload import NoUpload, upload_of
from bot.authoring.exchange.taking import NotTaken, both_texts, packed, take_overlays
from bot.authoring.guide_desk import BASES, GuideDesk, Written
from bot.authoring.guide_edits import HERE
from bot.coordinators.pages.site import ASSOCIATION, HEADERS, Site, Visit
from bot.guides import follow_published
from conversations.guide.builder import fields
from storage.guides.drafts import NewerSave

MOST = 2_000_000


class BundlePages:
    """`/coordinator/guides/<id>/bundle`, and `/coordinator/guides/file`."""

    def __init__(self, site: Site, desk: GuideDesk) -> None:
        self.site = site
        self.desk = desk

    def routes(self) -> list[web.RouteDef]:
        edits = partial(self.site.guard, roles=ASSOCIATION)
        return [
            web.get(f"{HERE}/{{id}}/bundle", edits(self._out)),
            web.post(f"{HERE}/file", edits(self._in)),
        ]

    async def _out(self, request: web.Request, visit: Visit) -> web.Response:
        written = await self.desk.written(request.match_info["id"])
        bundle = packed(self.desk, written) if written else None
        if bundle is None:
            return self.site.missing(visit)
        headers = {
            **HEADERS,
            "Content-Disposition": f'attachment; filename="{bundle.guide_id}.vertelbot.zip"',
        }
        return web.Response(
            body=write_bundle(bundle), content_type="application/zip", headers=headers
        )

    async def _in(self, request: web.Request, visit: Visit) -> web.Response:
        """A file becomes a save of the draft of its guide: nothing that is here is lost."""
        form = await request.post()
        file = form.get("file")
        if not isinstance(file, web.FileField):
            return self._refused(visit)
        try:
            upload = upload_of(file.file.read(MOST + 1), PurePath(file.filename).suffix)
        except NoUpload:
            return self._refused(visit)
        known = await self.desk.written(upload.guide)
        here = known.texts if known else {}
        texts, left = both_texts(here, upload.texts)
        made = Written(upload.guide, known.revision if known else 0, upload.text, texts)
        if made.parsed is None:
            return self._refused(visit)
        try:
            await self.desk.save(visit.who.id, made)
        except NewerSave:
            return self._refused(visit)
        data = made.parsed.data
        teams, not_fitting = await take_overlays(self.desk, upload, data, visit.who.id)
        await follow_published(self.site.database, self.desk.shelf)
        unknown = [NotTaken(name, "unknown") for name in upload.not_taken]
        dutch = fields(data)
        return self.site.page(
            visit,
            "guide_taken.html",
            guide=made.guide,
            title=data.get("title", made.guide),
            steps=len(data["step"]),
            languages={
                language: sum(key in dutch for key in kept)
                for language, kept in upload.texts.items()
            },
            teams=teams,
            left=[*left, *not_fitting, *unknown],
            before=known is not None,
        )

    def _refused(self, visit: Visit) -> web.Response:
        problem = visit.words("taken.refused")
        return self.site.page(visit, "guide_new.html", 400, bases=BASES, title="", problem=problem)
