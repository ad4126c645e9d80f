"""Delivers updates by posting them, when the bot has set a webhook."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import aiohttp

from tests.botapi.world import Json, World


class WebhookSender:
    """Posts what waits until it is answered with 200; up to `max_connections` at once, and what was
    not taken again after `retry` seconds. `posts` counts the tries."""

    def __init__(self, world: World, retry: float = 0.2) -> None:
        self._world = world
        self._retry = retry
        self._busy: set[int] = set()
        self.posts = 0

    async def run(self) -> None:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session,
            asyncio.TaskGroup() as tasks,
        ):
            while True:
                for update in self._ready():
                    self._busy.add(update["update_id"])
                    tasks.create_task(self._post(session, update))
                await asyncio.sleep(0.005 if self._world.webhook else 0.1)

    def _ready(self) -> list[Json]:
        if not self._world.webhook.get("url"):
            return []
        room = max(0, self._world.webhook["max_connections"] - len(self._busy))
        waiting = self._world.updates.waiting
        return [update for update in waiting if update["update_id"] not in self._busy][:room]

    async def _post(self, session: aiohttp.ClientSession, update: Json) -> None:
        webhook = self._world.webhook
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.get("secret_token", "")}
        self.posts += 1
        status = 0
        with suppress(aiohttp.ClientError, TimeoutError):
            async with session.post(webhook["url"], json=update, headers=headers) as answer:
                status = answer.status
        if 200 <= status < 300:
            self._world.updates.confirm(update["update_id"])
            self._world.changed()
        else:
            await asyncio.sleep(self._retry)
        self._busy.discard(update["update_id"])
