"""What who follows a wrong link, or meets a fault of ours, sees: a page of the house with a way on.

Only who asks for a page gets one; programs get the bare answer."""

from __future__ import annotations

import logging
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

log = logging.getLogger(__name__)

ErrorPage = Callable[[web.Request, str, int], web.StreamResponse]
"""The page for what is wrong (`missing` or `failed`), with its status."""


def error_pages(page: ErrorPage) -> Middleware:
    """Let an application show these pages."""

    @web.middleware
    async def shown(request: web.Request, handler: Handler) -> web.StreamResponse:
        if "text/html" not in request.headers.get("Accept", ""):
            return await handler(request)
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return page(request, "missing", 404)
        except web.HTTPServiceUnavailable:
            return page(request, "failed", 503)
        except (web.HTTPException, ConnectionError):
            raise
        except Exception:
            log.exception("a page failed")
            return page(request, "failed", 500)

    return shown
