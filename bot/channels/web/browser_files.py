"""What browsers and programs ask for by themselves: icons, the manifest, robots.txt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from aiohttp import web

from bot.assets.packing import pack
from bot.channels.web.page_files import STATIC, page_files

ICONS = {"favicon.ico": "image/x-icon", "apple-touch-icon.png": "image/png"}
A_DAY = "public, max-age=86400"
ROBOTS = """User-agent: *
Disallow: /coordinator
Disallow: /calendar/
Disallow: /u/
Disallow: /v/
"""
"""Pages say themselves that no search engine is to keep them; these need not even be asked."""

Words = Callable[[web.Request], tuple[str, str, Mapping[str, str]]]
"""The language for a request, its direction, and the texts in it."""


def unasked(words: Words) -> list[web.RouteDef]:
    """The routes."""
    return [
        *(web.get(f"/{name}", partial(_icon, name)) for name in ICONS),
        web.get("/manifest.webmanifest", partial(_manifest, words)),
        web.get("/robots.txt", _robots),
    ]


async def _icon(name: str, _request: web.Request) -> web.FileResponse:
    headers = {"Cache-Control": A_DAY, "Content-Type": ICONS[name]}
    return web.FileResponse(STATIC / name, headers=headers)


async def _manifest(words: Words, request: web.Request) -> web.Response:
    """Put on a home screen it opens in a window of its own, without which an iPhone rings for no
    page. No page asks for that by itself: others may see the phone."""
    language, direction, label = words(request)
    sizes = {"icon-192.png": "192x192", "icon-512.png": "512x512"}
    response = web.json_response(
        {
            "name": label["web.title"],
            "short_name": label["web.title"],
            "description": label["web.description"],
            "lang": language,
            "dir": direction,
            "start_url": "/",
            "display": "standalone",
            "background_color": "#f6f1e8",
            "theme_color": "#1d5c56",
            "icons": [
                {"src": page_files().url(name), "sizes": size, "type": "image/png", "purpose": kind}
                for name, size in sizes.items()
                for kind in ("any", "maskable")
            ],
        },
        content_type="application/manifest+json",
        headers={"Cache-Control": A_DAY, "Vary": "Accept-Language"},
    )
    return pack(request, response)


async def _robots(_request: web.Request) -> web.Response:
    return web.Response(text=ROBOTS, headers={"Cache-Control": A_DAY})
