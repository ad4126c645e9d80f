"""The least that can answer in Telegram: long polling and an echo with a button, nothing kept."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import aiohttp


async def answer(session: aiohttp.ClientSession, url: str, update: dict[str, Any]) -> None:
    message = update.get("message") or update["callback_query"]["message"]
    if query := update.get("callback_query"):
        await call(session, f"{url}/answerCallbackQuery", callback_query_id=query["id"])
    keyboard = {"inline_keyboard": [[{"text": "Verder", "callback_data": "1:on"}]]}
    chat = message["chat"]["id"]
    await call(session, f"{url}/sendMessage", chat_id=chat, text="Ja?", reply_markup=keyboard)


async def call(session: aiohttp.ClientSession, url: str, **params: Any) -> Any:
    async with session.post(url, json=params) as response:
        return (await response.json())["result"]


async def echo(url: str) -> None:
    """Answer until killed."""
    offset = 0
    tasks: set[asyncio.Task[None]] = set()
    async with aiohttp.ClientSession() as session:
        while True:
            for update in await call(session, f"{url}/getUpdates", offset=offset, timeout=30):
                offset = update["update_id"] + 1
                task = asyncio.create_task(answer(session, url, update))
                tasks.add(task)
                task.add_done_callback(tasks.discard)


if __name__ == "__main__" and len(sys.argv) > 1:
    asyncio.run(echo(sys.argv[1]))
