"""ConversationHandler with PicklePersistence, written after every update as one must who cannot
lose any. Argument: how many conversations are open."""

from __future__ import annotations

import pickle
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import PicklePersistence

from benchmarks.contenders import Figures, Rounds, serve
from benchmarks.contenders.ptb import application
from benchmarks.people import TELLING, Api
from tests.end_to_end.scripts import Say

UPDATES = 3
FIRST = 10_000_000


def opened(path: Path, count: int) -> None:
    """The file of a persistence with so many open conversations."""
    answers = {f"question{number}": "Ik belde op maandag, en er kwam iemand." for number in (1, 2)}
    ids = range(FIRST, FIRST + count)
    data = {
        "conversations": {"interview": {(each, each): 3 for each in ids}},
        "user_data": {each: dict(answers) for each in ids},
        "chat_data": {},
        "bot_data": {},
        "callback_data": None,
    }
    path.write_bytes(pickle.dumps(data))


def typed(number: int) -> dict[str, Any]:
    user = {"id": FIRST + number, "is_bot": False, "first_name": "Alice"}
    chat = {"id": FIRST + number, "type": "private"}
    message = {"message_id": number + 1, "date": 1_795_000_000, "chat": chat, "from": user}
    return {"update_id": number + 1, "message": {**message, "text": "Er zat iemand bij mij."}}


@asynccontextmanager
async def contender(count: str) -> AsyncIterator[Rounds]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state"
        opened(path, int(count))
        kept: Any = PicklePersistence(path, update_interval=10_000)
        app = application(Api(), (Say("/start"), *TELLING), kept)
        async with app:
            number = 0

            async def one_round() -> Figures:
                nonlocal number
                began = time.process_time()
                for _ in range(UPDATES):
                    await app.process_update(Update.de_json(typed(number), app.bot))
                    await app.update_persistence()
                    number += 1
                return {"cpu_us": (time.process_time() - began) / UPDATES * 1e6}

            yield one_round


if __name__ == "__main__":
    serve(contender)
