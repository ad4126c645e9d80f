"""Bot API client: the requests of python-telegram-bot, raw answers, errors in our own classes."""

from __future__ import annotations

import asyncio
import logging
import re
import warnings
from datetime import timedelta
from typing import Any, cast

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.request import RequestData

from bot.channels.base import Refused, SendError, TryLater, Uncertain, Unreachable
from bot.channels.telegram.request import NOT_SENT, Parameters, Request

# The error for a 429 looks at its own attribute.
warnings.filterwarnings("ignore", message=".*attribute `retry_after` will be")

CONNECTIONS = 16
"""Calls at the same time; the others wait for them here, and not in the pool of connections, where
they are soon given up."""

DOWNLOADS = 4
"""Files fetched at the same time, over connections of their own: no message waits for them."""

_HARMLESS = (
    "chat not found",
    "message text is empty",
    "message is too long",
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "query is too old",
    "button_data_invalid",
)


class Client:
    """One bot at one Bot API server. `base_url` is the root, as `https://api.telegram.org`."""

    def __init__(self, token: str, base_url: str) -> None:
        root = base_url.rstrip("/")
        hush(token)
        self._methods = f"{root}/bot{token}"
        self._files = f"{root}/file/bot{token}"
        self._polls = Request(2, 5.0)
        self._calls = Request(CONNECTIONS, 5.0)
        self._downloads = Request(DOWNLOADS, 20.0)
        self._own = {"getUpdates": self._polls, "getFile": self._downloads}
        self._free = asyncio.Semaphore(CONNECTIONS)

    async def ask(self, method: str, read_timeout: float = 15.0, **params: Any) -> Any:
        """The raw result of a method. `read_timeout` is in seconds. Raises TelegramError, also when
        something other than a Bot API answers."""
        request = self._own.get(method, self._calls)
        data = cast(RequestData, Parameters(params))
        try:
            return await request.post(f"{self._methods}/{method}", data, read_timeout=read_timeout)
        except TelegramError:
            raise
        except Exception as error:
            raise TelegramError("no answer of the Bot API") from error

    async def call(self, method: str, **params: Any) -> Any:
        """The raw result of a method. Raises SendError, which names no token, address or text."""
        try:
            async with self._free:
                return await self.ask(method, **params)
        except TelegramError as error:
            raise send_error(error) from None

    async def send(self, method: str, **params: object) -> str:
        """The id of the message that a method sends. Raises SendError."""
        match await self.call(method, **params):
            case {"message_id": int(number)}:
                return str(number)
        raise Uncertain("no answer of the Bot API")

    async def download(self, file_id: str, most_bytes: int) -> bytes:
        """A file. Raises TelegramError, and ValueError when it is no plain file of this server or
        holds more than `most_bytes`. Neither tells its link."""
        told = await self.ask("getFile", file_id=file_id)
        path = str(told.get("file_path", ""))
        if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*", path) or ".." in path:
            raise ValueError("a path that is none of the Bot API")
        if int(told.get("file_size", 0)) > most_bytes:
            raise ValueError("too large")
        data = await self._downloads.retrieve(f"{self._files}/{path}", read_timeout=20.0)
        if len(data) > most_bytes:
            raise ValueError("too large")
        return data

    async def close(self) -> None:
        for request in (self._polls, self._calls, self._downloads):
            await request.shutdown()


def send_error(error: TelegramError) -> SendError:
    """What a failed call means for the message in it.

    After 429, or when no connection was made, nothing was executed. After a lost connection, a read
    time-out or a 5xx nobody knows: a gateway may answer 502 for what did arrive.
    """
    match error:
        case RetryAfter():
            return TryLater("429 from the Bot API", after=seconds(error))
        case Forbidden():
            return Unreachable("403 from the Bot API")
        case InvalidToken() | Conflict():
            return TryLater("the Bot API does not accept this bot now")
        case BadRequest():
            return Refused(f"400 from the Bot API: {_reason(error)}")
        case ChatMigrated():
            return Refused("400 from the Bot API: the group became a supergroup")
    if isinstance(error.__cause__, NOT_SENT):
        return TryLater(f"no connection with the Bot API ({cause(error)})")
    if error.message.startswith("Too Many Requests"):
        return TryLater("429 from the Bot API")
    return Uncertain(f"no answer from the Bot API ({cause(error)})")


def seconds(error: RetryAfter) -> float:
    """How long a 429 says to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def cause(error: TelegramError) -> str:
    """The class of the error underneath, which names no address."""
    return type(error.__cause__ or error).__name__


def _reason(error: BadRequest) -> str:
    said = error.message.lower()
    return next((reason for reason in _HARMLESS if reason in said), "not one that is known")


class RedactToken(logging.Filter):
    """Takes the token of the bot out of log records; for handlers."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            return True
        if self._token in message:
            record.msg, record.args = message.replace(self._token, "<token>"), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = record.exc_text.replace(self._token, "<token>")
        return True


def hush(token: str) -> None:
    """Keep the token out of the logs: the libraries log whole URLs and what people say."""
    redact = RedactToken(token)
    for name in ("aiohttp.client", "telegram"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.addFilter(redact)
    for handler in logging.getLogger().handlers:
        handler.addFilter(redact)
