"""`run_webhook` of python-telegram-bot, as documented. Argument: how many people post."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Update

from benchmarks.contenders import Figures, Rounds, serve
from benchmarks.contenders.poster import SECRET, TEXTS, posted
from benchmarks.contenders.ptb import application
from benchmarks.people import Api
from tests.end_to_end.scripts import Say


@asynccontextmanager
async def contender(people: str) -> AsyncIterator[Rounds]:
    api = Api()
    app = application(api, (Say("/start"), *(Say("?") for _ in range(TEXTS + 1))))
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    async with app:
        assert app.updater is not None
        await app.start()
        await app.updater.start_webhook("127.0.0.1", port, "telegram", secret_token=SECRET)

        async def one_round() -> Figures:
            chats = api.chats(int(people))
            for number, chat in enumerate(chats):
                await app.process_update(started(chat, number))
            return await posted(f"http://127.0.0.1:{port}/telegram", chats)

        def started(chat: int, number: int) -> object:
            user = {"id": chat, "is_bot": False, "first_name": "Alice"}
            entity = {"type": "bot_command", "offset": 0, "length": 6}
            message = {
                "message_id": 1,
                "date": 1,
                "chat": {"id": chat, "type": "private"},
                "from": user,
                "text": "/start",
                "entities": [entity],
            }
            return Update.de_json({"update_id": number, "message": message}, app.bot)

        yield one_round
        await app.updater.stop()
        await app.stop()


if __name__ == "__main__":
    serve(contender)
