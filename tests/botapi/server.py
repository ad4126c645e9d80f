"""The HTTP server: calls of the bot, files, and a door for tests in another process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.botapi.control import Control
from tests.botapi.errors import ApiError, bad_request
from tests.botapi.faults import Fault, Faults, Limits
from tests.botapi.methods import Methods, Params
from tests.botapi.people import Group, User
from tests.botapi.webhook import WebhookSender
from tests.botapi.world import ChatType, World

TOKEN = "4242:test-token-of-nobody"

NEAR: dict[str, BotApi] = {}
"""The servers that a bot of this process calls without a connection, by their address."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot. `status` 0: the connection was dropped; `done`: it was executed."""

    method: str
    params: Mapping[str, Any]
    at: float
    status: int
    done: bool

    @property
    def chat_id(self) -> int | None:
        return _chat_id(self.params)


class BotApi:
    """`async with BotApi() as api:` serves `api.url` for the bot with `api.token`.

    `limits` are off unless given; `now` is the wall clock in seconds; `faults` happen on demand.
    `near`: a bot of this process calls it without a connection, for tests that are not about one
    (`near.py`).
    """

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = TOKEN,
        limits: Limits | None = None,
        now: Callable[[], float] = time.time,
        first_update: int = 1000,
        near: bool = False,
    ) -> None:
        self.token = token
        self.near = near
        self.limits = limits
        self.world = World(token, now, first_update)
        self.faults = Faults()
        self.calls: list[Call] = []
        self.webhooks = WebhookSender(self.world)
        self.port = port
        self._methods = Methods(self.world)
        self._runner: web.AppRunner | None = None
        self._sender: asyncio.Task[None] | None = None
        self._people: dict[int, User] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def user(self, name: str = "Alice", language: str = "nl", user_id: int = 0) -> User:
        """A person; the same one for the same id."""
        user_id = user_id or 1001 + len(self._people)
        if user_id not in self._people:
            self._people[user_id] = User(self.world, user_id, name, language)
        return self._people[user_id]

    def group(self, title: str = "Wijkteam", kind: ChatType = "group") -> Group:
        group = Group(self.world, -(5001 + len(self._people)), title, kind)
        self._people[group.id] = group
        return group

    def fault(self, method: str, kind: Any, **settings: Any) -> Fault:
        """Let something go wrong with the next call of a method; see `Fault`."""
        fault = Fault(method, kind, **settings)
        self.faults.add(fault)
        return fault

    def called(self, method: str) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    async def start(self) -> None:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/files/{file_id}/{name}", self._file)
        Control(self).add_routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        self._sender = asyncio.create_task(self.webhooks.run())
        if self.near:
            NEAR[self.url] = self

    async def stop(self) -> None:
        """Stop serving; what is known stays, and `start` serves it again on the same port."""
        NEAR.pop(self.url, None)
        self.world.updates.end_polls()
        if self._sender is not None:
            self._sender.cancel()
            with suppress(asyncio.CancelledError):
                await self._sender
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> BotApi:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        status, body = await self.answer(
            request.match_info["token"], method, await _params(request)
        )
        if status == 0:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        return web.json_response(body, status=status)

    async def answer(self, token: str, method: str, params: Params) -> tuple[int, dict[str, Any]]:
        """One call, however it came: its status (0: the connection drops) and the body."""
        fault = self.faults.take(method, _chat_id(params))
        kind = fault.kind if fault else ""
        status, body, done = 0, {}, False
        if fault and kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault and kind == "held":
            await fault.released.wait()
        if fault and kind == "error":
            status, body = fault.status, _failure(fault)
        elif kind != "before":
            status, body = await self._execute(token, method, params)
            done = status == 200
        if fault and kind == "lost":
            status, body = fault.status, _failure(fault)
        if kind in ("before", "after"):
            status = 0
        self.calls.append(Call(method, params, time.monotonic(), status, done))
        if fault and kind == "late":
            await asyncio.sleep(fault.seconds)
        return status, body

    async def _execute(self, token: str, method: str, params: Params) -> tuple[int, dict[str, Any]]:
        try:
            self._check(token)
            if method.lower() == "getupdates":
                result: Any = await self._get_updates(params)
            else:
                execute = self._methods._find(method)
                if self.limits is not None and _is_message(method):
                    self.limits.take(params.number("chat_id"), time.monotonic())
                result = execute(params)
        except ApiError as error:
            return error.code, error.body()
        return 200, {"ok": True, "result": result}

    def _check(self, token: str) -> None:
        if token != self.token:
            raise ApiError(401, "Unauthorized")

    async def _get_updates(self, params: Params) -> list[dict[str, Any]]:
        if self.world.webhook.get("url"):
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook "
                "to delete the webhook first",
            )
        limit = params.number("limit", 100)
        if not 1 <= limit <= 100:
            raise bad_request("limit must be between 1 and 100")
        return await self.world.updates.get(
            params.number("offset"),
            limit,
            min(params.number("timeout"), 50),
            params.parsed("allowed_updates", []),
        )

    async def _file(self, request: web.Request) -> web.Response:
        known = self.world.files.get(request.match_info["file_id"])
        if request.match_info["token"] != self.token or known is None:
            return web.json_response(ApiError(404, "Not Found").body(), status=404)
        return web.Response(body=known[1], content_type="application/octet-stream")


def _failure(fault: Fault) -> dict[str, Any]:
    words = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
    extra = {"retry_after": fault.retry_after} if fault.retry_after else {}
    return ApiError(fault.status, words.get(fault.status, "Error"), **extra).body()


def _is_message(method: str) -> bool:
    name = method.lower()
    return name.startswith(("send", "edit")) and name != "sendchataction"


def _chat_id(params: Mapping[str, Any]) -> int | None:
    try:
        return int(params["chat_id"])
    except (KeyError, ValueError):
        return None


async def _params(request: web.Request) -> Params:
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        values |= await request.json()
    else:
        for key, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                values[key] = (value.filename, value.file.read())
            else:
                values[key] = value
    return attached(values)


def attached(values: dict[str, Any]) -> Params:
    """What was sent, with the files where they are named."""
    for key, value in values.items():
        if isinstance(value, str) and value.startswith("attach://"):
            values[key] = values[value.removeprefix("attach://")]
    return Params(values)
