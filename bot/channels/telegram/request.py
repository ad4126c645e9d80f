"""The HTTP requests of python-telegram-bot, made by aiohttp: a call over its own client, httpx,
took more than ten times the processor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.request import getproxies

import aiohttp
from msgspec import json
from telegram import InputFile
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.validation.unicode_input import decode_json

WRITING = 20.0
"""Seconds that a call may take longer than connecting and waiting for its answer."""

NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)
"""Errors after which nothing can have arrived: no connection was made."""


class Parameters:
    """What a request sends, as the Bot API takes it: an object of JSON, or a form with files."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.values: dict[str, Any] = {}
        self.files: dict[str, InputFile] = {}
        for name, value in params.items():
            if isinstance(value, InputFile):
                self.files[name] = value
            elif value is not None:
                self.values[name] = value

    def body(self) -> dict[str, Any]:
        """As aiohttp takes it."""
        if not self.files:
            return {"data": json.encode(self.values), "headers": _JSON}
        form = aiohttp.FormData()
        for name, value in self.values.items():
            form.add_field(name, value if isinstance(value, str) else json.encode(value).decode())
        for name, file in self.files.items():
            filename, content, kind = file.field_tuple
            form.add_field(name, content, filename=filename, content_type=kind)
        return {"data": form}


_JSON = {"Content-Type": "application/json"}


class Request(BaseRequest):
    """Over at most so many connections; `connecting` are the seconds until one of them is there,
    `reading` those for which nothing need come of an answer. It follows nothing, keeps no cookies,
    and goes through the proxy of the environment if there is one."""

    def __init__(self, connections: int, connecting: float, reading: float = 15.0) -> None:
        self._connections = connections
        self.connecting = connecting
        self._reading = reading
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._reading

    async def initialize(self) -> None:
        """The session is opened at the first call."""

    async def shutdown(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        *_: object,
        **__: object,
    ) -> tuple[int, bytes]:
        """The status and body of an answer. Raises TelegramError, caused by what went wrong."""
        # the library has a sign of its own for what was not said
        reading = read_timeout if isinstance(read_timeout, int | float) else self._reading
        sent: dict[str, Any] = request_data.body() if isinstance(request_data, Parameters) else {}
        timeout = aiohttp.ClientTimeout(
            total=self.connecting + reading + WRITING, connect=self.connecting, sock_read=reading
        )
        try:
            asked = self._open().request(
                method, url, timeout=timeout, allow_redirects=False, **sent
            )
            async with asked as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError("no answer") from error

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=bool(getproxies()),  # it would look there at every call
            )
        return self._session

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """The answer, an object. Raises TelegramError, which holds nothing of it: the library logs
        the body of what it cannot read, the messages of people."""
        try:
            answer = decode_json(payload)
        except ValueError:
            raise TelegramError("no JSON") from None
        if not isinstance(answer, dict):
            raise TelegramError("no answer of the Bot API")
        return answer
