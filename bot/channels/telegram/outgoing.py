"""Sends rows of the outbox as calls to the Bot API."""

from __future__ import annotations

import asyncio
import base64
import time
from contextlib import suppress

from telegram import InputFile

from bot.channels.base import (
    Clear,
    Document,
    Echo,
    Leave,
    Outgoing,
    Photo,
    Refused,
    SendError,
    Uncertain,
    Unreachable,
)
from bot.channels.telegram.client import Client
from bot.channels.telegram.formatting import (
    TEXT_MAX,
    TICK,
    fixed_keyboard,
    inline_keyboard,
    pieces,
    units,
)
from conversations.engine.effects import Mark, Say, Tick
from storage.outbox.outbox import carrier

MOST_TIMED = 5000
"""Messages of which is remembered when they went."""

ANSWER = 5.0
"""Seconds after which the answer to a tap is tried again."""
ANSWER_MAX = 200
"""The most characters of one."""

MOST_IN_PIECES = 1000
"""Messages of which is remembered that only some pieces went."""


class Sender:
    """Sends through one bot. Remembers, for a message in pieces, which of them went, as long as it
    may be tried again; and since when a message with buttons is there."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._pieces_sent: dict[int, list[str]] = {}
        self._since: dict[tuple[str, str], float] = {}

    def visible_for(self, address: str, message: str, turn: int, now: float) -> int | None:
        """Milliseconds since it was confirmed that this message went, or an earlier copy of its
        question; None when it was not this process that sent it, or too long ago."""
        known = (self._since.get((address, each)) for each in (message, f"turn {turn}"))
        since = min((each for each in known if each is not None), default=None)
        return None if since is None else int((now - since) * 1000)

    async def send(self, outgoing: Outgoing) -> str:
        """Deliver one row; the id of the message. Raises SendError."""
        match outgoing.effect:
            case Say() as say:
                return await self._say(outgoing, say)
            case Mark() as mark:
                await self._mark(outgoing, mark)
            case Tick() as tick:
                if outgoing.asked and outgoing.ref:
                    keyboard = inline_keyboard(outgoing.asked, tick.buttons)
                    await self._edit(outgoing, "editMessageReplyMarkup", reply_markup=keyboard)
            case Leave():
                with suppress(Refused, Unreachable):
                    await self._client.call("leaveChat", chat_id=int(outgoing.address))
            case Document() as document:
                return await self._client.send(
                    "sendDocument",
                    chat_id=int(outgoing.address),
                    document=InputFile(
                        base64.b64decode(document.base64) or document.text.encode(),
                        filename=document.name,
                    ),
                )
            case Photo() as photo:
                await self._client.call(
                    "sendPhoto",
                    chat_id=int(outgoing.address),
                    caption=photo.caption,
                    photo=InputFile(base64.b64decode(photo.picture), filename="vertelbot.png"),
                )
            case Clear(refs):
                await self._clear(int(outgoing.address), [int(ref) for ref in refs])
            case Echo(text, ref, "tap"):
                await self._answer(ref, text)
            case Echo():
                pass
        return outgoing.ref

    async def _say(self, outgoing: Outgoing, say: Say) -> str:
        parts = pieces(say.whole_text)
        keyboard = None
        if say.buttons:
            keyboard = inline_keyboard(say)
        elif outgoing.menu:
            keyboard = fixed_keyboard(outgoing.menu)
        # What went before a failure is not sent again.
        sent = self._pieces_sent.pop(outgoing.id, [])
        try:
            for number in range(len(sent), len(parts)):
                last = number == len(parts) - 1
                ref = await self._client.send(
                    "sendMessage",
                    chat_id=int(outgoing.address),
                    text=parts[number],
                    link_preview_options={"is_disabled": True},
                    reply_markup=keyboard if last else None,
                )
                sent.append(ref)
            if say.buttons:
                self._note(outgoing.address, sent[-1], say.turn)
        except (Refused, Unreachable):
            raise
        except SendError:
            self._remember(outgoing.id, sent)
            raise
        return ",".join(sent)

    def _note(self, address: str, message: str, turn: int) -> None:
        now = time.monotonic()
        self._since[address, message] = now
        if turn:
            self._since.setdefault((address, f"turn {turn}"), now)
        while len(self._since) > MOST_TIMED:
            del self._since[next(iter(self._since))]

    def _remember(self, row: int, sent: list[str]) -> None:
        if sent:
            self._pieces_sent[row] = sent
        if len(self._pieces_sent) > MOST_IN_PIECES:
            self._pieces_sent.pop(next(iter(self._pieces_sent)))

    async def _mark(self, outgoing: Outgoing, mark: Mark) -> None:
        """Show the answer in its question, or only take its buttons away. One without buttons was
        answered in words, which are there already (and Telegram does not edit a message that
        carries the fixed keyboard)."""
        asked = outgoing.asked
        if not outgoing.ref or (asked is not None and not asked.buttons):
            return
        text = f"{pieces(asked.text)[-1]}\n\n{TICK}{mark.chosen}" if asked else ""
        if asked and mark.chosen and units(text) <= TEXT_MAX:
            await self._edit(
                outgoing, "editMessageText", text=text, link_preview_options={"is_disabled": True}
            )
        else:
            await self._edit(outgoing, "editMessageReplyMarkup")

    async def _answer(self, query: str, text: str) -> None:
        """Show that a tap was taken. When it is too old for that, nothing is to be done."""
        try:
            async with asyncio.timeout(ANSWER):
                with suppress(Refused, Unreachable):
                    await self._client.call(
                        "answerCallbackQuery",
                        callback_query_id=query,
                        text=text[:ANSWER_MAX] or None,
                    )
        except TimeoutError:
            raise Uncertain("no answer from the Bot API in time") from None

    async def _edit(self, outgoing: Outgoing, method: str, **params: object) -> None:
        with suppress(Refused):  # it is so already, or the person took the message away
            await self._client.call(
                method,
                chat_id=int(outgoing.address),
                message_id=int(carrier(outgoing.ref)),
                **params,
            )

    async def _clear(self, chat: int, messages: list[int]) -> None:
        """Delete messages: at once, or else each by itself, because one that is too old can keep
        the others."""
        try:
            await self._client.call("deleteMessages", chat_id=chat, message_ids=messages)
        except Refused:
            for message in messages:
                with suppress(Refused):
                    await self._client.call("deleteMessage", chat_id=chat, message_id=message)
