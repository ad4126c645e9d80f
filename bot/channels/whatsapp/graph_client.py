"""Calls of the Cloud API: one number, answers read, errors in our own classes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

import aiohttp

from bot.channels.base import Refused, SendError, TryLater, Uncertain
from bot.channels.whatsapp.graph_errors import PATIENCE, error_of
from bot.validation.unicode_input import decode_json

CONNECTIONS = 20
"""Calls at the same time."""
SECONDS = 15.0
MOST_BYTES = 16 * 1024 * 1024
"""The largest recording that WhatsApp takes."""
_DIGITS = 18

_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)


class Accepted(NamedTuple):
    """A message that was taken, which is not yet delivered: its id, and the id of the account of
    who gets it (empty when that is not told)."""

    ref: str
    user: str = ""


class GraphClient:
    """`base_url` is the root of the Graph API with its version."""

    def __init__(self, base_url: str, token: str, number_id: str, account_id: str = "") -> None:
        self._root = base_url.rstrip("/")
        self._number, self._account = number_id, account_id
        self._headers = {"Authorization": f"Bearer {token}"}
        self._session: aiohttp.ClientSession | None = None
        self._free = asyncio.Semaphore(CONNECTIONS)

    async def send(self, message: Mapping[str, Any], tries: int = 0) -> Accepted:
        """Raises SendError, which names no address, token or text."""
        body = {"messaging_product": "whatsapp", **message}
        answer = await self._call("POST", f"{self._number}/messages", tries, json=body)
        try:
            ref = str(answer["messages"][0]["id"])
            contacts = answer.get("contacts") or [{}]
            return Accepted(ref, str(contacts[0].get("user_id") or ""))
        except (KeyError, IndexError, TypeError, AttributeError):
            raise Uncertain("no answer of the Cloud API", PATIENCE) from None

    async def upload(self, data: bytes, media_type: str, name: str) -> str:
        """The id of a file that was handed over. Raises SendError; nothing was sent yet then."""
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("type", media_type)
        form.add_field("file", data, filename=name, content_type=media_type)
        try:
            answer = await self._call("POST", f"{self._number}/media", data=form)
            return str(answer["id"])
        except Uncertain as error:
            raise TryLater(str(error)) from None
        except (KeyError, TypeError):
            raise Refused("no id of a file") from None

    async def download(self, media_id: str) -> bytes:
        """A file that somebody sent. Its link lives five minutes, and is not kept. Raises
        SendError, and ValueError when it is too large."""
        found = await self._call("GET", f"{media_id}?phone_number_id={self._number}")
        url, size = found.get("url"), str(found.get("file_size"))
        if not isinstance(url, str):
            raise TryLater("no link of a file")
        if size.isdecimal() and (len(size) > _DIGITS or int(size) > MOST_BYTES):
            raise ValueError("too large")
        try:
            data = await self._file(url)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise TryLater(f"a file did not come ({type(error).__name__})") from None
        if len(data) > MOST_BYTES:
            raise ValueError("too large")
        return data

    async def _file(self, url: str) -> bytes:
        async with self._open().get(url, headers=self._headers) as answer:
            if answer.status != 200:
                raise TryLater(f"{answer.status} for a file")
            data = await answer.content.read(MOST_BYTES + 1)
            while len(data) <= MOST_BYTES and (more := await answer.content.read(MOST_BYTES)):
                data += more
        return data

    async def templates(self) -> list[Mapping[str, Any]]:
        """The templates of the account. Raises SendError."""
        fields = "name,language,status,category,rejected_reason"
        path = f"{self._account}/message_templates?limit=200&fields={fields}"
        answer = await self._call("GET", path)
        found = answer.get("data")
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(SECONDS))
        return self._session

    async def _call(self, method: str, path: str, tries: int = 0, **how: Any) -> dict[str, Any]:
        async with self._free:
            try:
                return await self._asked(method, f"{self._root}/{path}", tries, **how)
            except SendError:
                raise
            except _NOT_SENT as error:
                lost = type(error).__name__
                raise TryLater(f"no connection with the Cloud API ({lost})") from None
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                lost = type(error).__name__
                raise Uncertain(f"no answer from the Cloud API ({lost})", PATIENCE) from None

    async def _asked(self, method: str, url: str, tries: int, **how: Any) -> dict[str, Any]:
        async with self._open().request(method, url, headers=self._headers, **how) as answer:
            status, body = answer.status, await answer.read()
        try:
            found = decode_json(body)
        except ValueError:
            found = None
        if status == 200 and isinstance(found, dict):
            return found
        if status == 200:
            raise Uncertain("no answer of the Cloud API", PATIENCE)
        error = found.get("error") if isinstance(found, dict) else None
        code = error.get("code") if isinstance(error, dict) else None
        raise error_of(code if isinstance(code, int) else -1, status=status, tries=tries)
