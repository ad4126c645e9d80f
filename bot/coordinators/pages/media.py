"""Recordings and pictures of stories, for whoever may read the story."""

from __future__ import annotations

from aiohttp import web

from bot.coordinators.pages.site import HEADERS, Site, Visit
from storage.stories import blobs, reading
from storage.stories.blobs import Content


class MediaPages:
    """`/coordinator/story/<id>/file/<number>`: the number is the place of the part in the story.
    That it was opened is in the log before it goes out."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        path = "/coordinator/story/{id:[0-9a-f]{32}}/file/{number:[0-9]{1,2}}"
        return [web.get(path, self.site.guard(self._file))]

    async def _file(self, request: web.Request, visit: Visit) -> web.Response:
        story_id, number = request.match_info["id"], int(request.match_info["number"])
        story = await self.site.database.read(lambda s: reading.one(s, visit.who, story_id))
        parts = story.telling.parts if story else []
        blob_id = parts[number]["blob"] if number < len(parts) else ""
        if story is None or not blob_id:
            return self.site.missing(visit)
        content: Content | None = await self.site.database.read(lambda s: blobs.read(s, blob_id))
        if content is None:
            return self.site.missing(visit)
        await self.site.note(
            visit, "read", story=story_id, team=story.telling.team, detail=content.kind
        )
        headers = {**HEADERS, "X-Content-Type-Options": "nosniff"}
        return web.Response(body=content.data, content_type=content.media_type, headers=headers)
