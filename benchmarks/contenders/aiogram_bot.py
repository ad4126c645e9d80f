"""aiogram with a state machine in its documented form, polling the same people. Arguments: the
scenario, the number of people, and the storage: `memory`, `sqlite` or `redis://…`."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.base import BaseSession
from aiogram.filters import CommandStart
from aiogram.fsm.state import State
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiogram_sqlite_storage.sqlitestore import SQLStorage

from benchmarks.contenders import Figures, Rounds, serve
from benchmarks.people import QUESTION, TELLING, UNTIL_TELLING, Api
from tests.end_to_end.scripts import BRIEF, Deed, Tap


class ApiSession(BaseSession):
    """Hands every call to an `Api` instead of a network."""

    def __init__(self, api: Api) -> None:
        super().__init__()
        self.api = api

    async def close(self) -> None:
        """Nothing to close."""

    async def make_request(self, bot: Any, method: Any, *_: Any, **__: Any) -> Any:
        params = {}
        for name, value in method.model_dump(warnings=False).items():
            prepared = self.prepare_value(value, bot=bot, files={})
            if prepared:
                params[name] = prepared
        body = await self.api.call(method.__api_method__, params)
        return self.check_response(bot, method, 200, body.decode()).result

    async def stream_content(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError
        yield b""


def keyboard(deed: Deed) -> InlineKeyboardMarkup | None:
    if not isinstance(deed, Tap):
        return None
    labels = (deed.label, "Een ander antwoord", "Nog een ander antwoord", "Weet ik niet")
    buttons = [
        InlineKeyboardButton(text=label, callback_data=str(number))
        for number, label in enumerate(labels)
    ]
    return InlineKeyboardMarkup(inline_keyboard=[buttons[:2], buttons[2:]])


def dispatcher(storage: Any, script: Sequence[Deed]) -> Dispatcher:
    """An interview with one state for each deed of a script."""
    made = Dispatcher(storage=storage)
    states = [State(f"question{number}", "interview") for number in range(len(script) + 1)]

    async def ask(message: Any, state: Any, number: int) -> None:
        if number == len(script):
            await state.clear()
            await message.answer("Dank je wel.")
            return
        await state.set_state(states[number])
        text = QUESTION.format(number=number)
        await message.answer(text, reply_markup=keyboard(script[number]))

    async def start(message: Any, state: Any) -> None:
        await state.clear()
        await ask(message, state, 1)

    def typed(number: int) -> Any:
        async def take(message: Any, state: Any) -> None:
            await state.update_data({f"question{number}": message.text})
            await ask(message, state, number + 1)

        return take

    def tapped(number: int, label: str) -> Any:
        async def take(query: Any, state: Any) -> None:
            await query.answer()
            await state.update_data({f"question{number}": query.data})
            await query.message.edit_text(f"{QUESTION.format(number=number)}\n\n✓ {label}")
            await ask(query.message, state, number + 1)

        return take

    made.message.register(start, CommandStart())
    for number, deed in enumerate(script):
        if number and isinstance(deed, Tap):
            made.callback_query.register(tapped(number, deed.label), states[number])
        elif number:
            made.message.register(typed(number), states[number], F.text)
    return made


@asynccontextmanager
async def contender(
    scenario: str, people: str = "64", storage: str = "memory"
) -> AsyncIterator[Rounds]:
    with tempfile.TemporaryDirectory() as folder:
        api = Api()
        prelude, script = (UNTIL_TELLING, TELLING) if scenario == "typed" else ((), BRIEF)
        kept: Any = MemoryStorage()
        if storage == "sqlite":
            kept = SQLStorage(str(Path(folder) / "states.db"))
        elif storage != "memory":
            kept = RedisStorage.from_url(storage)
        bot = Bot("1:benchmark", session=ApiSession(api))
        polling = asyncio.create_task(
            dispatcher(kept, (*prelude, *script)).start_polling(bot, handle_signals=False)
        )

        async def one_round() -> Figures:
            return (await api.round(int(people), prelude, script)).figures()

        try:
            yield one_round
        finally:
            polling.cancel()
            with suppress(asyncio.CancelledError):
                await polling


if __name__ == "__main__":
    serve(contender)
