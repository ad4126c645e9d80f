"""The translations of a guide beside its Dutch: typed, read, and as PO files out and in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from aiohttp import web

from bot.authoring.guide_desk import Written
from bot.authoring.guide_edits import HERE
from bot.authoring.guide_pages import GuidePages
from bot.authoring.translations.translation_flaws import (
    blocking_texts,
    flaw_words,
    translation_flaws,
)
from bot.channels.web.pages import direction
from bot.coordinators.pages.site import HEADERS, Visit, see_other
from bot.validation.unicode_input import drop_controls
from conversations.authoring.draft_texts import unconsented
from conversations.authoring.translation_table import (
    Kept,
    SeenTexts,
    TranslationRow,
    fixed_rows,
    mark_read,
    merge_translation,
    merge_typed,
    state_counts,
    translation_rows,
    write_translation,
)
from conversations.guide.builder import fields
from conversations.guide.library import DUTCH
from conversations.guide.parsing import unreadable_po
from conversations.guide.po import NotPo
from storage.coordinators import coordinators
from storage.guides.drafts import NewerSave
from storage.weeks import AMSTERDAM

MOST_PO = 1_000_000
TIMES = 5
"""How often a save is tried again when somebody else was just before."""
SHIPPED = "–"
"""Stands for who read a translation that came with Vertelbot."""

Merge = Callable[[Written, Kept], tuple[Kept, Mapping[str, tuple[str, str]]]]
"""What becomes of the translations of a draft as it is now; with what waits: by name, what is
wanted and what stands there."""


@dataclass(frozen=True, slots=True)
class TextsOfStep:
    """The texts of a step; the first is of the guide itself."""

    step: str
    rows: tuple[TranslationRow, ...]


class TranslationPages(GuidePages):
    """`/coordinator/guides/<id>/translations`."""

    def routes(self) -> list[web.RouteDef]:
        return [
            self.get("/translations", self._show),
            self.post("/translations", self._save),
            self.get("/translations/{language}.po", self._out),
            self.post("/translations/{language}", self._in),
        ]

    async def _show(self, request: web.Request, visit: Visit) -> web.Response:
        written = await self.edits.written(request)
        if written is None or written.parsed is None:
            return self.site.missing(visit)
        languages = self._languages(written)
        language = request.query.get("language", languages[0] if languages else "")
        if language not in languages:
            return self.site.missing(visit)
        query = request.query
        return await self._page(
            visit, written, language, only_open="open" in query, saved=query.get("saved", "")
        )

    async def _page(
        self,
        visit: Visit,
        written: Written,
        language: str,
        *,
        status: int = 200,
        only_open: bool = False,
        saved: str = "",
        waiting: Mapping[str, tuple[str, str]] | None = None,
        unknown: tuple[str, ...] = (),
        problem: str = "",
    ) -> web.Response:
        data = written.parsed.data if written.parsed else {}
        dutch, kept = fields(data), self._kept(written, language)
        rows = translation_rows(dutch, kept)
        flaws = await asyncio.to_thread(translation_flaws, self.desk.shelf.shipped, written)
        wrong = {
            key: [flaw_words(visit.words, each) for each in some]
            for key, some in flaws.get(language, {}).items()
        }
        shown = [
            row
            for row in rows
            if not only_open or row.state != "read" or row.key == saved or row.key in wrong
        ]
        known = await self.site.database.read(coordinators.listed)
        library = self.desk.shelf.shipped
        lacks = unconsented(written.texts, data)
        return self.site.page(
            visit,
            "guide_translations.html",
            status,
            guide=written.guide,
            title=data.get("title", written.guide),
            revision=written.revision,
            target=language,
            direction=direction(language),
            languages=[
                (each, state_counts(dutch, self._kept(written, each)), each in lacks)
                for each in self._languages(written)
            ],
            offerable=language in library.spoken,
            wrong=wrong,
            flawed={name: len(some) for name, some in flaws.items()},
            blocking=blocking_texts(written, language, lacks.get(language, ())),
            parts=_by_step(shown),
            says={step["id"]: step["say"] for step in data["step"]},
            fixed=fixed_rows(library, language),
            readers={each.id: each.name for each in known},
            only_open=only_open,
            saved=saved,
            waiting=waiting or {},
            unknown=unknown,
            problem=problem,
        )

    async def _save(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        """Every sentence that was changed, and what was marked as read."""
        form, now = await request.post(), await self.edits.written(request)
        language = str(form.get("language", ""))
        base = await self.edits.seen(request.match_info["id"], str(form.get("revision", "")), now)
        if now is None or base is None or base.parsed is None:
            return self.site.missing(visit)
        if language not in self._languages(base):
            return self.site.missing(visit)
        typed = {
            name[5:]: drop_controls(str(form[name])).replace("\r\n", "\n")
            for name in form
            if name[:5] == "text." and f"theirs.{name[5:]}" not in form
        }
        read = str(form.get("read", ""))
        seen = SeenTexts(fields(base.parsed.data), self._kept(base, language))
        who, day = visit.who.id, self.site.clock.now().astimezone(AMSTERDAM).date().isoformat()

        def merge(_now: Written, kept: Kept) -> tuple[Kept, Mapping[str, tuple[str, str]]]:
            made = merge_typed(typed, seen, kept)
            mine = SeenTexts(seen.dutch, {**seen.kept, **_picked(made.kept, made.changed)})
            keys = [key for key in seen.dutch if _named(key, read)]
            marked = mark_read(keys, mine, made.kept, who, day)
            waiting = {**dict.fromkeys(marked.waiting, ""), **made.waiting}
            return marked.kept, {
                key: (typed.get(key, ""), there or kept.get(key, {}).get("text", ""))
                for key, there in waiting.items()
            }

        place = read or str(form.get("at", ""))
        return await self._merged(request, visit, language, merge, place)

    async def _in(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        """A PO file that came back. What was written here too waits, beside what is in it."""
        form, now = await request.post(), await self.edits.written(request)
        language, upload = request.match_info["language"], form.get("file")
        if now is None or now.parsed is None or language not in self._languages(now):
            return self.site.missing(visit)
        content = upload.file.read(MOST_PO) if isinstance(upload, web.FileField) else b""
        unknown: list[str] = []

        def merge(now: Written, kept: Kept) -> tuple[Kept, Mapping[str, tuple[str, str]]]:
            dutch = fields(now.parsed.data) if now.parsed else {}
            made = merge_translation(content, dutch, kept, language=language)
            unknown[:] = made.unknown
            waiting = {key: (there, here) for key, (here, there) in made.waiting.items()}
            return made.kept, waiting

        try:
            return await self._merged(request, visit, language, merge, "", unknown)
        except NotPo as error:
            problem = unreadable_po("", error, visit.words.language)
            said = visit.words("words.no_po", n=error.line, why=f"{problem.message} {problem.mend}")
            return await self._page(visit, now, language, status=400, problem=said)

    async def _merged(
        self,
        request: web.Request,
        visit: Visit,
        language: str,
        merge: Merge,
        place: str,
        unknown: list[str] | None = None,
    ) -> web.StreamResponse:
        """Save what was merged over the newest save: again, when somebody was just before."""
        for _ in range(TIMES):
            written = await self.edits.written(request)
            if written is None or written.parsed is None:
                return self.site.missing(visit)
            kept, waiting = merge(written, self._kept(written, language))
            made = replace(written, texts={**written.texts, language: _stored(kept)})
            try:
                revision = await self.desk.save(visit.who.id, made)
            except NewerSave:
                continue
            if waiting or unknown:
                made = replace(made, revision=revision)
                status = 409 if waiting else 200
                return await self._page(
                    visit,
                    made,
                    language,
                    status=status,
                    waiting=waiting,
                    unknown=tuple(unknown or ()),
                    saved="yes",
                )
            only = "&open=yes" if "open" in request.query else ""
            where = f"{HERE}/{made.guide}/translations?language={language}&saved={place or 'yes'}"
            return see_other(f"{where}{only}{'#t-' + place if place else ''}")
        return self.site.page(visit, "message.html", status=409, key="error.slow")

    async def _out(self, request: web.Request, visit: Visit) -> web.Response:
        written, language = await self.edits.written(request), request.match_info["language"]
        if written is None or written.parsed is None or language not in self._languages(written):
            return self.site.missing(visit)
        kept = self._kept(written, language)
        made = write_translation(language, fields(written.parsed.data), kept)
        name = f"{written.guide}-{language}.po"
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=made, content_type="text/x-gettext-translation", headers=headers)

    def _languages(self, written: Written) -> list[str]:
        """Those that the bot speaks, and those that there is something of."""
        spoken = [each for each in self.desk.shelf.shipped.spoken if each != DUTCH]
        return [*spoken, *sorted({*written.texts} - {*spoken, DUTCH})]

    def _kept(self, written: Written, language: str) -> Kept:
        """The translations of a draft. What came with Vertelbot, in a language that was read by who
        grew up with it, was read."""
        library = self.desk.shelf.shipped
        kept = written.texts.get(language, {})
        if language in library.unread or written.guide not in library.ids:
            return kept
        ours = library.sources[written.guide]
        texts, dutch = ours["texts"].get(language, {}), fields(ours["guide"])
        return {
            key: {**each, "read_by": SHIPPED}
            if not each.get("read_by")
            and (each.get("text"), each.get("source")) == (texts.get(key), dutch.get(key))
            else each
            for key, each in kept.items()
        }


def _stored(kept: Kept) -> Kept:
    """As a draft keeps it: it need not say again who read what came with Vertelbot."""
    return {
        key: {name: value for name, value in each.items() if value != SHIPPED or name != "read_by"}
        for key, each in kept.items()
    }


def _named(key: str, name: str) -> bool:
    """Whether a name is that of this text, or of its step (which ends with a point)."""
    return key == name or (name.endswith(".") and key.startswith(name))


def _picked(kept: Kept, keys: tuple[str, ...]) -> Kept:
    return {key: kept[key] for key in keys if key in kept}


def _by_step(rows: list[TranslationRow]) -> list[TextsOfStep]:
    found: dict[str, list[TranslationRow]] = {}
    for row in rows:
        found.setdefault(row.step, []).append(row)
    return [TextsOfStep(step, tuple(each)) for step, each in found.items()]
