"""The saves of a draft: who saved what, going back to one, what two people changed at once, and
putting a draft away."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from aiohttp import web

from bot.authoring.guide_desk import Written, shipped_texts
from bot.authoring.guide_edits import HERE
from bot.authoring.guide_pages import GuidePages
from bot.authoring.saves.save_list import save_rows
from bot.authoring.saves.savers import last_saver, saver_names
from bot.coordinators.pages.site import Visit, see_other
from storage.guides import drafts
from storage.guides.drafts import NewerSave

AT_ONCE = 25


class SavePages(GuidePages):
    """`/coordinator/guides/<id>/saves`, `/undo`, `/merge` and `/away`."""

    def routes(self) -> list[web.RouteDef]:
        return [
            self.get("/saves", self._saves),
            self.post("/undo", self._undo),
            self.post("/merge", self._merge),
            self.post("/away", self._away),
        ]

    async def _saves(self, request: web.Request, visit: Visit, status: int = 200) -> web.Response:
        guide, before = request.match_info["id"], request.query.get("before", "")
        since = int(before) if before.isdecimal() and len(before) < 10 else 0
        found = await self.site.database.read(lambda s: drafts.saves(s, guide, since, AT_ONCE + 1))
        if not found:
            return self.site.missing(visit)
        newest = await self.site.database.read(lambda s: drafts.newest_of(s, guide))
        names = await saver_names(self.site, visit.words)
        first = shipped_texts().get(guide, "")
        rows = await asyncio.to_thread(save_rows, visit.words, found, first, names, AT_ONCE)
        return self.site.page(
            visit,
            "guide_saves.html",
            status,
            guide=guide,
            rows=rows,
            revision=newest.revision if newest else 0,
            away=newest is not None and newest.put_away,
            older=found[AT_ONCE - 1].revision if len(found) > AT_ONCE else 0,
            newer=status == 409,
        )

    async def _undo(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        """Go back to a save: that is a save too. When somebody saved since the list was shown, it
        is shown again."""
        guide, form = request.match_info["id"], await request.post()
        to, revision = str(form.get("to", "")), str(form.get("revision", ""))
        if not all(each.isdecimal() and len(each) < 10 for each in (to, revision)):
            return self.site.missing(visit)
        old = await self.site.database.read(lambda s: drafts.at_revision(s, guide, int(to)))
        made = self.desk.of(old)
        if made is None:
            return self.site.missing(visit)
        try:
            await self.desk.save(visit.who.id, replace(made, revision=int(revision)))
        except NewerSave:
            return await self._saves(request, visit, 409)
        return see_other(f"{HERE}/{guide}?saved=yes")

    async def _merge(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        """What somebody wrote, with what they chose of what two changed."""
        guide, form = request.match_info["id"], await request.post()
        text = str(form.get("text", "")).replace("\r\n", "\n")
        now = await self.edits.written(request)
        base, seen = [
            await self.edits.seen(guide, str(form.get(name, "")), now)
            for name in ("base", "revision")
        ]
        if base is None or not text.strip():
            return self.site.missing(visit)
        mine = Written(guide, base.revision, text, base.texts)
        where = str(form.get("where", ""))
        return await self.edits.merge(request, visit, base, mine, where, seen)

    async def _away(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        """Put a draft away, once it was asked whether that is meant."""
        guide, form = request.match_info["id"], await request.post()
        written = await self.edits.written(request)
        if written is None or not written.revision:
            return self.site.missing(visit)
        sure = form.get("sure") == "yes" and form.get("revision") == str(written.revision)
        if sure:
            try:
                await self.desk.put_away(visit.who.id, guide, written.revision)
            except NewerSave:
                sure = False
        if sure:
            return see_other(f"{HERE}?away={guide}")
        written = await self.edits.written(request) or written
        who, at = await last_saver(self.site, guide)
        parsed = written.parsed
        return self.site.page(
            visit,
            "guide_away.html",
            409 if "sure" in form else 200,
            guide=guide,
            title=parsed.data["title"] if parsed else guide,
            revision=written.revision,
            saver=who,
            at=at,
            told=self.desk.shelf.may_begin(guide),
        )
