"""python-telegram-bot's ConversationHandler in its documented form, polling the same people."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from benchmarks.contenders import Figures, Rounds, serve
from benchmarks.contenders.requests import ApiRequest
from benchmarks.people import QUESTION, TELLING, UNTIL_TELLING, Api
from tests.end_to_end.scripts import BRIEF, Deed, Tap


def keyboard(deed: Deed) -> InlineKeyboardMarkup | None:
    """The buttons of a question that is answered with this deed: four, and skipping."""
    if not isinstance(deed, Tap):
        return None
    labels = (deed.label, "Een ander antwoord", "Nog een ander antwoord", "Weet ik niet")
    buttons = [
        InlineKeyboardButton(label, callback_data=str(number))
        for number, label in enumerate(labels)
    ]
    return InlineKeyboardMarkup([buttons[:2], buttons[2:]])


def conversation(script: Sequence[Deed], *, persistent: bool = False) -> ConversationHandler[Any]:
    """An interview with one state for each deed of a script."""

    async def ask(update: Update, number: int) -> int:
        chat = update.effective_message
        assert chat is not None
        if number == len(script):
            await chat.reply_text("Dank je wel.")
            return int(ConversationHandler.END)
        await chat.reply_text(QUESTION.format(number=number), reply_markup=keyboard(script[number]))
        return number

    async def start(update: Update, context: Any) -> int:
        context.user_data.clear()
        return await ask(update, 1)

    def typed(number: int) -> Any:
        async def take(update: Update, context: Any) -> int:
            assert update.message is not None
            context.user_data[f"question{number}"] = update.message.text
            return await ask(update, number + 1)

        return MessageHandler(filters.TEXT, take)

    def tapped(number: int, label: str) -> Any:
        async def take(update: Update, context: Any) -> int:
            query = update.callback_query
            assert query is not None
            await query.answer()
            context.user_data[f"question{number}"] = query.data
            await query.edit_message_text(f"{QUESTION.format(number=number)}\n\n✓ {label}")
            return await ask(update, number + 1)

        return CallbackQueryHandler(take)

    states: dict[object, list[Any]] = {
        number: [tapped(number, deed.label) if isinstance(deed, Tap) else typed(number)]
        for number, deed in enumerate(script)
        if number
    }
    return ConversationHandler(
        entry_points=[CommandHandler("start", start)],
        states=states,
        fallbacks=[],
        name="interview" if persistent else None,
        persistent=persistent,
    )


def application(
    api: Api, script: Sequence[Deed], persistence: PicklePersistence[Any, Any, Any] | None = None
) -> Application[Any, Any, Any, Any, Any, Any]:
    ApiRequest.api = api
    builder = ApplicationBuilder().token("1:benchmark").request(ApiRequest())
    builder = builder.get_updates_request(ApiRequest())
    if persistence is not None:
        builder = builder.persistence(persistence)
    made = builder.build()
    made.add_handler(conversation(script, persistent=persistence is not None))
    return made


@asynccontextmanager
async def contender(
    scenario: str, people: str = "64", persistence: str = ""
) -> AsyncIterator[Rounds]:
    with tempfile.TemporaryDirectory() as folder:
        api = Api()
        prelude, script = (UNTIL_TELLING, TELLING) if scenario == "typed" else ((), BRIEF)
        kept = PicklePersistence(Path(folder) / "state") if persistence else None
        app = application(api, (*prelude, *script), kept)
        async with app:
            assert app.updater is not None
            await app.start()
            await app.updater.start_polling()

            async def one_round() -> Figures:
                return (await api.round(int(people), prelude, script)).figures()

            yield one_round
            await app.updater.stop()
            await app.stop()


if __name__ == "__main__":
    serve(contender)
