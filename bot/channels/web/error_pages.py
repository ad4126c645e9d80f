"""What who follows a wrong link, is refused, or meets a fault of ours, sees: a page of the house
with a way on.

Only who asks for a page gets one; programs get the bare answer."""

from __future__ import annotations

import logging
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

_log = logging.getLogger(__name__)

MISSING = "web.error_missing", "web.error_missing_text"
FAILED = "web.error_failed", "web.error_failed_text"
REFUSED = "web.error_refused", "web.error_refused_text"
_OF_STATUS = {
    404: MISSING,
    413: ("web.error_large", "web.error_large_text"),
    429: ("web.error_many", "web.error_many_text"),
    503: FAILED,
}

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
        except (web.HTTPClientError, web.HTTPServiceUnavailable) as refused:
            response = page(request, _OF_STATUS.get(refused.status, REFUSED), refused.status)
            if refused.keep_alive is False:
                response.force_close()
            return response
        except (web.HTTPException, ConnectionError):
            raise
        except Exception:
            _log.exception("a page failed")
            return page(request, FAILED, 500)

    return shown
