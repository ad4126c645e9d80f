"""A shared tablet at a desk: `/t/<code>?balie`. Its page clears itself after each story, and then
shows the link again, to somebody else."""

from __future__ import annotations

import re

from aiohttp import web

QUERY = "balie"
_CODE = re.compile(r"[A-Za-z0-9_-]{1,128}")


def desk_of(request: web.Request) -> str:
    """The code of the desk that a page stands at; empty where it is somebody's own screen."""
    if QUERY not in request.query:
        return ""
    at_link = request.match_info.get("door") == "t"
    code = request.query[QUERY] or (request.match_info["payload"] if at_link else "")
    return code if _CODE.fullmatch(code) else ""


def first_page(desk: str) -> str:
    """Where a conversation begins."""
    return f"/t/{desk}?{QUERY}" if desk else "/"


def chat_page(desk: str) -> str:
    """Where it goes on."""
    return f"/?{QUERY}={desk}" if desk else "/"
