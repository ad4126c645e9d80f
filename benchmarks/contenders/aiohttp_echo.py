"""The least that can take a webhook: aiohttp that answers with what was said, and keeps nothing.
Argument: how many people post."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from benchmarks.contenders import Figures, Rounds, serve
from benchmarks.contenders.poster import posted
from benchmarks.people import Api


async def echo(request: web.Request) -> web.Response:
    message = (await request.json())["message"]
    answer = {"method": "sendMessage", "chat_id": message["chat"]["id"], "text": message["text"]}
    return web.json_response(answer)


@asynccontextmanager
async def contender(people: str) -> AsyncIterator[Rounds]:
    api = Api()
    pages = web.Application()
    pages.add_routes([web.post("/telegram", echo)])
    runner = web.AppRunner(pages, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"

    async def one_round() -> Figures:
        return await posted(url, api.chats(int(people)))

    yield one_round
    await runner.cleanup()


if __name__ == "__main__":
    serve(contender)
