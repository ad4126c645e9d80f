"""The request layer of python-telegram-bot, answered by the people of the benchmark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from telegram.request import BaseRequest, RequestData


class Answers(Protocol):
    """What stands behind the requests."""

    async def call(self, method: str, params: Mapping[str, Any]) -> bytes:
        """The body of the response to a call."""


class ApiRequest(BaseRequest):
    """Hands every call to `Answers` instead of a network."""

    api: Answers

    def __init__(self, *_: Any, **__: Any) -> None:
        """Takes what `HTTPXRequest` takes."""

    @property
    def read_timeout(self) -> float:
        return 15.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        params = request_data.json_parameters if request_data else {}
        return 200, await self.api.call(url.rsplit("/", 1)[1], params)
