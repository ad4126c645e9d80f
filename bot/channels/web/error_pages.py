"""What who follows a wrong link, or meets a fault of ours, sees: a page of the house with a way on.

Only who asks for a page gets one; programs get the bare answer."""

from __future__ import annotations

import logging
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

_log = logging.getLogger(__name__)

MISSING = "web.error_missing", "web.error_missing_text"
FAILED = "web.error_failed", "web.error_failed_text"

ErrorPage = Callable[[web.Request, tuple[str, str], int], web.StreamResponse]
"""The page with these two texts and this status."""


def error_pages(page: ErrorPage) -> Middleware:
    """Let an application show these pages."""

    @web.middleware
    async def shown(request: web.Request, handler: Handler) -> web.StreamResponse:
        if "text/html" not in request.headers.get("Accept", ""):
            return await handler(request)
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return page(request, MISSING, 404)
        except web.HTTPServiceUnavailable:
            return page(request, FAILED, 503)
        except (web.HTTPException, ConnectionError):
            raise
        except Exception:
            _log.exception("a page failed")
            return page(request, FAILED, 500)

    return shown
