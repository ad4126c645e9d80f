"""Fetching a subscribed calendar: https, in bounded size and time, never from a private address.

The address of a feed is a secret (it often holds the only key to the calendar), so no error and no
log line holds it.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.validation.public_addresses import PublicResolver, is_ip, is_public
from bot.validation.unicode_input import replace_surrogates

_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 64 * 1024
_BARE = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*)?$")
"""The name of a server, without the scheme before it."""


@dataclass(frozen=True, slots=True)
class FeedRules:
    """What is fetched: limits in bytes, seconds (for all of it) and redirects. `plain_http` and
    `private` are for a calendar inside one's own network."""

    plain_http: bool = False
    private: bool = False
    max_bytes: int = 8_000_000
    seconds: float = 30
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Fetched:
    """A feed as it came in. `body` is None when it has not changed since the last time. Give
    `etag` and `modified` back with the next fetch."""

    body: bytes | None
    etag: str = ""
    modified: str = ""


class FeedError(Exception):
    """A feed could not be fetched. With `later` it may work another time; otherwise someone has to
    do what `mend` says. `after` is how many seconds the server wants to be left alone."""

    def __init__(self, message: str, mend: str, *, later: bool = False, after: int = 0) -> None:
        super().__init__(message)
        self.mend = mend
        self.later = later
        self.after = after


async def fetch(
    address: str,
    rules: FeedRules,
    etag: str = "",
    modified: str = "",
    *,
    resolver: AbstractResolver | None = None,
    tls: ssl.SSLContext | None = None,
) -> Fetched:
    """Fetch a calendar. Raises FeedError, and nothing else. `resolver` finds addresses, `tls`
    checks certificates, both as usual unless given."""
    guard = resolver or aiohttp.ThreadedResolver()
    if not rules.private:
        guard = PublicResolver(guard, _private)
    try:
        async with (
            asyncio.timeout(rules.seconds),
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=guard, use_dns_cache=False, force_close=True, ssl=tls or True
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            ) as session,
        ):
            return await _follow(session, _url(address), rules, _headers(etag, modified))
    except TimeoutError:
        raise FeedError("the calendar is too slow", "try again later", later=True) from None
    except aiohttp.ClientConnectorCertificateError:
        raise FeedError("the certificate is not valid", "ask its owner to renew it") from None
    except aiohttp.InvalidURL:
        raise FeedError("this is not an address", "copy it from the calendar") from None
    except (aiohttp.ClientError, OSError, ValueError):
        raise FeedError("the calendar cannot be reached", "try again later", later=True) from None


async def _follow(
    session: aiohttp.ClientSession, url: URL, rules: FeedRules, headers: dict[str, str]
) -> Fetched:
    for _ in range(rules.redirects + 1):
        _check(url, rules)
        async with session.get(url, headers=headers, allow_redirects=False) as answer:
            if answer.status not in _REDIRECTS:
                return await _read(answer, rules)
            target = answer.headers.get("Location", "")
            url = url.join(URL(target))
    raise FeedError("the address leads from one to the other", "subscribe to the last one")


async def _read(answer: aiohttp.ClientResponse, rules: FeedRules) -> Fetched:
    etag, modified = (answer.headers.get(name, "") for name in ("ETag", "Last-Modified"))
    found = replace_surrogates(etag), replace_surrogates(modified)
    if answer.status == 304:
        return Fetched(None, *found)
    if answer.status in (401, 403):
        raise FeedError("the calendar is not shared", "share it by a link")
    if answer.status in (404, 410):
        raise FeedError("the calendar is not there any more", "look up its address again")
    if answer.status != 200:
        after = answer.headers.get("Retry-After", "")
        raise FeedError(
            f"the server answered {answer.status}",
            "try again later",
            later=True,
            after=int(after) if after.isdecimal() and len(after) < 6 else 0,
        )
    too_large = FeedError(
        f"the calendar is larger than {rules.max_bytes} bytes", "share a smaller calendar"
    )
    if (answer.content_length or 0) > rules.max_bytes:
        raise too_large
    body = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > rules.max_bytes:
            raise too_large
    return Fetched(bytes(body), *found)


def clean_address(text: str) -> str:
    """An address as it was meant, when it was copied with what stands around it, or without its
    beginning. Raises FeedError."""
    return str(_url(text))


def _url(address: str) -> URL:
    text = address.strip().strip("<>\"'").strip()
    if _BARE.match(text):
        text = f"https://{text}"
    try:
        url = URL(text)
    except ValueError:
        raise _no_address() from None
    if not url.scheme:
        raise _no_address()
    return url.with_scheme("https") if url.scheme in ("webcal", "webcals") else url


def _no_address() -> FeedError:
    return FeedError("this is not an address", "copy it from the calendar")


def _check(url: URL, rules: FeedRules) -> None:
    if url.scheme not in ("https", "http"):
        raise FeedError("this is not an address of the web", "use the https one of the calendar")
    if url.scheme != "https" and not (rules.plain_http and url.scheme == "http"):
        raise FeedError("the address is not https", "use the https address of the calendar")
    if not url.host:
        raise FeedError("this is not an address", "copy it from the calendar")
    if is_ip(url.host) and not (rules.private or is_public(url.host)):
        raise _private()


def _private() -> FeedError:
    return FeedError("the address is a private one", "allow private addresses in the settings")


def _headers(etag: str, modified: str) -> dict[str, str]:
    headers = {
        "Accept": "text/calendar",
        "Accept-Encoding": "identity",
        "User-Agent": "Vertelbot",
        "If-None-Match": etag,
        "If-Modified-Since": modified,
    }
    return {name: value for name, value in headers.items() if value}
