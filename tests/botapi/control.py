"""The door for tests in another process: act as a person, look at chats, order trouble."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.botapi.faults import Fault, Limits
from tests.botapi.world import Message

if TYPE_CHECKING:
    from tests.botapi.server import BotApi

_DEEDS = frozenset(
    {"send", "edit", "tap", "tap_data", "sticker", "photo", "voice", "video"}
    | {"document", "location", "contact", "block", "unblock"}
)


class Control:
    """`GET /control/state`, `POST /control/act {"user", "do", "args"}`, `POST /control/fault`,
    `POST /control/limits` (null: none), `POST /control/redeliver {"update_id"}`."""

    def __init__(self, api: BotApi) -> None:
        self._api = api

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/control/state", self._state)
        for name in ("act", "fault", "limits", "redeliver"):
            app.router.add_post(f"/control/{name}", getattr(self, f"_{name}"))

    async def _state(self, _: web.Request) -> web.Response:
        world = self._api.world
        return web.json_response(
            {
                "chats": {
                    str(chat.id): {
                        "blocked": chat.blocked,
                        "gone": chat.gone,
                        "keyboard": chat.keyboard,
                        "messages": [_message(message) for message in chat.messages.values()],
                    }
                    for chat in world.chats.values()
                },
                "waiting": [update["update_id"] for update in world.updates.waiting],
                "confirmed": world.updates.confirmed,
                "calls": [
                    {"method": c.method, "chat_id": c.chat_id, "status": c.status, "done": c.done}
                    for c in self._api.calls
                ],
                "settings": world.settings,
            }
        )

    async def _act(self, request: web.Request) -> web.Response:
        order = await request.json()
        if order["do"] not in _DEEDS:
            raise web.HTTPBadRequest(text=f"a person can {', '.join(sorted(_DEEDS))}")
        user = self._api.user(user_id=order["user"], language=order.get("language", "nl"))
        update_id = await getattr(user, order["do"])(**order.get("args", {}))
        return web.json_response({"update_id": update_id})

    async def _fault(self, request: web.Request) -> web.Response:
        self._api.faults.add(Fault(**await request.json()))
        return web.json_response({})

    async def _limits(self, request: web.Request) -> web.Response:
        settings: dict[str, Any] | None = await request.json()
        self._api.limits = None if settings is None else Limits(**settings)
        return web.json_response({})

    async def _redeliver(self, request: web.Request) -> web.Response:
        self._api.world.updates.redeliver((await request.json())["update_id"])
        return web.json_response({})


def _message(message: Message) -> dict[str, Any]:
    shown = dataclasses.asdict(message)
    shown["rows"] = [[[button.text, button.data] for button in row] for row in message.rows]
    return shown
