"""The page to which someone goes on after logging in: it travels through the login form and the
mailed link, signed, so that a link made elsewhere leads nowhere else."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp import web
from yarl import URL

from storage.vault.vault import Vault

HOME = "/coordinator"
LONGEST = 1_000
_BELOW = re.compile(r"/coordinator(?:[/?][\w./?=&%:;,+~-]*)?", re.ASCII)
_NOT_BACK = re.compile(r"/coordinator/(login|logout|unsubscribe|static)\b")


def wanted_page(request: web.Request) -> str:
    """The page that a request asks for; the first one when it cannot be gone back to. Words that
    were searched for do not travel."""
    if request.method != "GET":
        return HOME
    pairs = [(name, value) for name, value in request.query.items() if name != "q"]
    url = URL.build(path=request.rel_url.raw_path, encoded=True)
    page = str(url.with_query(pairs)) if pairs else str(url)
    return page if _goes_below(page) else HOME


def signed(vault: Vault, page: str) -> dict[str, str]:
    """What a form and a link carry of a page; nothing of the first one."""
    return {} if page == HOME else {"to": page, "mark": _mark(vault, page)}


def with_page(link: str, vault: Vault, page: str) -> str:
    """A login link that leads on to a page."""
    carried = signed(vault, page)
    return f"{link}?{urlencode(carried)}" if carried else link


def checked_page(vault: Vault, carried: Mapping[str, object]) -> str:
    """The page that came along, if it is one of ours and we signed it; else the first one."""
    page, mark = str(carried.get("to", "")), str(carried.get("mark", ""))
    good = hmac.compare_digest(_mark(vault, page).encode(), mark.encode(errors="replace"))
    return page if good and _goes_below(page) else HOME


def _mark(vault: Vault, page: str) -> str:
    return vault.token_hash(f"page:{page.encode(errors='replace').decode()}")


def _goes_below(page: str) -> bool:
    plain = len(page) <= LONGEST and _BELOW.fullmatch(page) is not None
    return plain and ".." not in page and _NOT_BACK.match(page) is None
