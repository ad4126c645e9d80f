"""`/handleiding`: the handbook, for whoever works with Vertelbot. It needs no login: nothing of
anybody is in it."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.channels.web.page_files import page_files
from bot.coordinators.pages.site import HEADERS, site_files
from bot.handbook.chapters import DUTCH, HERE, chapters, docs
from bot.templating import templates_in


class HandbookPages:
    """Adds the handbook to an application."""

    def __init__(self) -> None:
        self._templates = templates_in(
            HERE / "templates", asset=site_files().url, page_asset=page_files().url
        )

    def setup(self, app: web.Application) -> None:
        app.add_routes(
            [
                web.get("/handleiding", self._show),
                web.get("/handleiding/{name:[a-z-]+}", self._show),
                web.get("/handleiding/pictures/{name:[a-z-]+}.png", self._picture),
            ]
        )

    async def _show(self, request: web.Request) -> web.Response:
        known = await asyncio.to_thread(chapters)
        chapter = known.get(request.match_info.get("name", DUTCH[0]))
        if chapter is None:
            raise web.HTTPNotFound
        order = list(known)
        place = order.index(chapter.name)
        page = self._templates.get_template("handbook.html").render(
            chapter=chapter,
            chapters=known.values(),
            following=known[order[place + 1]] if place + 1 < len(order) else None,
        )
        return web.Response(text=page, content_type="text/html", headers=HEADERS)

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        path = docs() / "handbook" / "nl" / "pictures" / f"{request.match_info['name']}.png"
        if not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Cache-Control": "public, max-age=3600"})
