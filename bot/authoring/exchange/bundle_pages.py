"""A guide as a file, out and in: with its translations and what teams add to it, or as a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from aiohttp import web

from bot.authoring.exchange.guide_bundle import write_bundle
from bot.authoring.exchange.guide_upload import GuideUpload, NoUpload, upload_of
from bot.authoring.exchange.import_selection import (
    NotTaken,
    as_sheet,
    both_texts,
    covers,
    packed,
    take_overlays,
)
from bot.authoring.exchange.sheet_problems import told_once
from bot.authoring.guide_desk import BASES, Written
from bot.authoring.guide_edits import HERE, problem_words
from bot.authoring.guide_pages import GuidePages
from bot.authoring.saves.savers import last_saver
from bot.coordinators.held_upload import Upload, uploaded
from bot.coordinators.pages.site import HEADERS, Visit
from bot.guides import follow_published
from conversations.guide.builder import fields
from conversations.guide.problem_texts import all_in_language
from storage.guides.drafts import NewerSave

MOST = 2_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BundlePages(GuidePages):
    """`/coordinator/guides/<id>/bundle` and `…/xlsform`, and `/coordinator/guides/file`."""

    def routes(self) -> list[web.RouteDef]:
        return [
            self.get("/bundle", self._out),
            self.get("/xlsform", self._sheet),
            self.post(f"{HERE}/file", self._in),
        ]

    async def _out(self, request: web.Request, visit: Visit) -> web.Response:
        written = await self.desk.written(request.match_info["id"])
        bundle = packed(self.desk, written) if written else None
        if bundle is None:
            return self.site.missing(visit)
        name = f"{bundle.guide_id}.vertelbot.zip"
        return _download(name, "application/zip", write_bundle(bundle))

    async def _sheet(self, request: web.Request, visit: Visit) -> web.Response:
        written = await self.desk.written(request.match_info["id"])
        sheet = as_sheet(written) if written else None
        if written is None or sheet is None:
            return self.site.missing(visit)
        return _download(f"{written.guide}.xlsx", XLSX, sheet)

    async def _in(self, request: web.Request, visit: Visit) -> web.Response:
        """A file becomes a save of the draft of its guide: nothing that is here is lost, and what
        somebody is writing is covered only by who was told of it."""
        form, now = await request.post(), self.site.clock.now()
        file = uploaded(form, self.site.services.vault, _use(visit), now)
        if file is None:
            return self._refused(visit, NoUpload("no file", code="no-file"))
        if len(file.data) > MOST:
            return self._refused(visit, NoUpload("too large", code="bundle.too-large"))
        try:
            upload = upload_of(file.data, PurePath(file.name).suffix)
        except NoUpload as error:
            return self._refused(visit, error)
        known = await self.desk.written(upload.guide)
        here = known.texts if known else {}
        texts, left = both_texts(here, upload.texts)
        made = Written(upload.guide, known.revision if known else 0, upload.text, texts)
        if made.parsed is None:
            return self._refused(visit, NoUpload("no guide", code="no-guide"))
        agreed = form.get("act") == "replace" and form.get("revision") == str(made.revision)
        if known and not agreed and covers(self.desk, known, made.text):
            return await self._asked(visit, file, known)
        try:
            await self.desk.save(visit.who.id, made)
        except NewerSave:
            return self._refused(visit, NoUpload("a newer save", code="newer"))
        return await self._taken(visit, upload, made.parsed.data, left, before=known is not None)

    async def _asked(self, visit: Visit, file: Upload, known: Written) -> web.Response:
        """Whose draft this file would cover, before it does: the file waits in the form."""
        vault, now = self.site.services.vault, self.site.clock.now()
        who, at = await last_saver(self.site, known.guide)
        parsed = known.parsed
        return self.site.page(
            visit,
            "guide_replace.html",
            409,
            guide=known.guide,
            title=parsed.data.get("title", known.guide) if parsed else known.guide,
            revision=known.revision,
            saver=who,
            at=at,
            name=file.name,
            held=file.sealed(vault, _use(visit), now),
        )

    async def _taken(
        self,
        visit: Visit,
        upload: GuideUpload,
        data: Mapping[str, Any],
        left: Sequence[NotTaken],
        *,
        before: bool,
    ) -> web.Response:
        """What became of a file, and what did not."""
        teams, not_fitting = await take_overlays(self.desk, upload, data, visit.who.id)
        await follow_published(self.site.database, self.desk.shelf)
        sheet, language = upload.problems, visit.words.language
        unknown = [NotTaken(name, "unknown") for name in upload.not_taken if not sheet]
        dutch = fields(data)
        return self.site.page(
            visit,
            "guide_taken.html",
            guide=upload.guide,
            title=data.get("title", upload.guide),
            steps=len(data["step"]),
            languages={
                language: sum(key in dutch for key in kept)
                for language, kept in upload.texts.items()
            },
            teams=teams,
            left=[*left, *not_fitting, *unknown],
            mends=lambda each: [
                visit.words("guides.line", n=one.line) + ": " + problem_words(one)
                for one in all_in_language(each.problems, language)
            ],
            before=before,
            lost=told_once(sheet, language, "warning"),
            notes=told_once(sheet, language, "info"),
        )

    def _refused(self, visit: Visit, error: NoUpload) -> web.Response:
        """Why nothing became of a file: all that is wrong with it, as the command says it."""
        words, sheet = visit.words, error.problems
        key = f"taken.no.{error.code}"
        said = words(key, about=error.about) if words.has(key) else words("taken.refused")
        return self.site.page(
            visit,
            "guide_new.html",
            400,
            bases=BASES,
            title="",
            problem=f"{said} {words('taken.nothing')}",
            lines=[
                (each.file if each.file.endswith(".po") else "", each.line, problem_words(each))
                for each in all_in_language(error.lines, words.language)
            ],
            found=[
                ("taken.wrong", told_once(sheet, words.language, "error")),
                ("taken.also", told_once(sheet, words.language, "warning", "info")),
            ],
        )


def _download(name: str, content_type: str, body: bytes) -> web.Response:
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type=content_type, headers=headers)


def _use(visit: Visit) -> str:
    return f"guide:{visit.who.id}"
