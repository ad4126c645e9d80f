"""Packs answers with gzip, for who takes it.

Only where that is safe: how small a page becomes tells what is in it, to somebody who reads along
on the line and can put words of their own beside a secret (the attack called BREACH). So nothing
packs by itself. A page is packed where its handler asks for it, and may ask for it only when the
page holds no secret, or nothing that another one chose. Headers, so cookies, are never packed.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from aiohttp import hdrs, web

SMALLEST = 500
"""Bytes below which packing saves nothing that matters: it all fits one packet."""


def takes_gzip(request: web.Request) -> bool:
    """Whether the browser takes what is packed."""
    for piece in request.headers.get(hdrs.ACCEPT_ENCODING, "").split(","):
        name, _, quality = piece.replace(" ", "").partition(";q=")
        if name == "gzip":
            return not quality or quality.strip("0.") != ""
    return False


@lru_cache(maxsize=64)
def packed(body: bytes) -> bytes:
    """The same bytes for the same body: pages that are alike are packed once."""
    return gzip.compress(body, 9, mtime=0)


def pack(request: web.Request, response: web.Response) -> web.Response:
    """Pack an answer in which no secret stands beside what another one chose."""
    response.headers.add(hdrs.VARY, hdrs.ACCEPT_ENCODING)
    body = response.body
    if isinstance(body, bytes) and len(body) >= SMALLEST and takes_gzip(request):
        response.body = packed(body)
        response.headers[hdrs.CONTENT_ENCODING] = "gzip"
    return response
