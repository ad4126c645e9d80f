"""The HTTP session of a channel that calls a server of somebody else: opened at the first call, it
follows nothing, keeps no cookies and trusts no proxy of the environment."""

from __future__ import annotations

from collections.abc import Callable

import aiohttp

TIMEOUT = 20.0
"""Seconds for one call."""


class LazySession:
    """`connector` makes the connector; None: the usual one."""

    def __init__(self, connector: Callable[[], aiohttp.BaseConnector] | None = None) -> None:
        self._connector = connector
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> aiohttp.ClientSession:
        """The session, the same one every time."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=self._connector() if self._connector else None,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=TIMEOUT, connect=TIMEOUT / 2),
                trust_env=False,
            )
        return self._session

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None
