"""One WebSocket of the web chat: frames in; rows of the outbox out, in order and without gaps."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiohttp import WSMsgType, web

from bot.channels.base import Accept, Account, Arrival, Outgoing
from bot.channels.web.frames import (
    BadFrame,
    Hello,
    Message,
    Ping,
    external_id,
    read_frame,
    row_frame,
)
from bot.channels.web.limits import HELLO_WITHIN, ChatLimits, PageSlot
from bot.logs import reason
from conversations.engine.events import Edited, Said
from conversations.guide.dwell_times import DwellTimes

Log = Callable[[str, int], Awaitable[Sequence[Outgoing]]]
"""The rows of an address after a row id, in order of id: everything the page shows."""

Opening = Callable[[str, str], Awaitable[Sequence[Outgoing] | None]]
"""What an address that was never here sees first, in a language; None for one that is known."""

Greeting = Callable[[str, str], Mapping[str, Any]]
"""The hello frame for a language, to a page that has its texts in another one, or in none."""

_log = logging.getLogger(__name__)

QUEUE = 1000
"""Frames that may wait for a slow browser before it is cut off; it reads the log when back."""

SLOW = 0.3
"""Seconds after which a page hears that the bot is busy with its message."""


class OpenPage:
    """A WebSocket of one address. Frames are taken one after the other; a message is confirmed
    when it is committed; a row goes out once, after every row before it."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        address: str,
        accept: Accept,
        read_log: Log,
        opening: Opening,
        greeting: Greeting,
        entry: asyncio.Lock,
        place: PageSlot,
        limits: ChatLimits,
        dwell: DwellTimes,
    ) -> None:
        self._socket = socket
        self._address = address
        self._accept = accept
        self._log = read_log
        self._opening = opening
        self._greeting = greeting
        self._entry = entry
        self._place = place
        self._out: asyncio.Queue[str] = asyncio.Queue(QUEUE)
        self._waiting: list[Outgoing] | None = []
        self._last = 0
        self._language = ""
        self._shown = ""
        self._greeted = False
        self._limits = limits
        self._page = ""
        self._known = True
        self._dwell = dwell
        self._refused = 0
        self._newer = asyncio.Event()

    async def serve(self) -> None:
        """Until the page goes, or has to."""
        tasks = [asyncio.create_task(work) for work in (self._write(), self._read_on())]
        silence = asyncio.get_running_loop().call_later(HELLO_WITHIN, self._still_silent)
        try:
            async for message in self._socket:
                if not await self._its_turn():
                    break
                if message.type is not WSMsgType.TEXT:
                    self._error("unreadable")
                elif self._limits.frames.take(self._address):
                    await self._take(message.data)
                elif not await self._too_fast(message.data):
                    break
        finally:
            silence.cancel()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _its_turn(self) -> bool:
        """Wait until one more frame of this network may be read: what is not read fills the line of
        who sends it. False when this page has to go."""
        pause = self._limits.pause(self._place.network)
        if pause:
            await asyncio.sleep(pause)
        elif pause is None:
            await self.close(1013)
        return pause is not None

    def follow(self) -> None:
        """There is more in the log than this page has."""
        self._newer.set()

    def restart(self) -> None:
        """Clear the page, and show what is left in the log."""
        self.tell({"t": "reset"})
        self._last = 0
        self.follow()

    def push(self, outgoing: Outgoing) -> None:
        """Show a row, unless the page has it already."""
        if self._waiting is not None:
            self._waiting.append(outgoing)
        elif outgoing.id > self._last:
            self._last = outgoing.id
            self._show(outgoing)

    def tell(self, frame: Mapping[str, Any]) -> None:
        """Send a frame; a browser that does not read is cut off."""
        try:
            self._out.put_nowait(json.dumps(frame, ensure_ascii=False))
        except asyncio.QueueFull:
            self.cut()

    def cut(self) -> None:
        """Break the connection, without a word."""
        self._place.cut()

    async def close(self, code: int) -> None:
        await self._socket.close(code=code)

    async def _write(self) -> None:
        while True:
            frame = await self._out.get()
            try:
                await self._socket.send_str(frame)
            except (ConnectionError, RuntimeError):
                return

    async def _read_on(self) -> None:
        """Show what the log has more, whenever there may be something."""
        while True:
            await self._newer.wait()
            self._newer.clear()
            try:
                async with self._entry:
                    if self._waiting is None:
                        for outgoing in await self._log(self._address, self._last):
                            self.push(outgoing)
            except Exception as error:
                _log.warning("the log of a web chat could not be read: %s", reason(error))
                await self.close(1013)

    async def _take(self, text: str) -> None:
        try:
            frame = read_frame(text)
        except BadFrame as bad:
            self._error(bad.code, bad.id)
            return
        match frame:
            case Ping():
                self.tell({"t": "pong"})
            case Hello():
                await self._hello(frame)
            case Message() if not self._page:
                self._error("no_hello", frame.id)
            case Message():
                self._limits.places.touch(self._place)
                await self._message(frame)

    def _still_silent(self) -> None:
        if not self._page:
            self.cut()

    async def _message(self, message: Message) -> None:
        if await (self._arrive(message) if self._known else self._begin(message)):
            self.tell({"t": "ack", "id": message.id})
        else:
            self._error("try_again", message.id)

    async def _hello(self, hello: Hello) -> None:
        """Bring a page up to date; begin the conversation of who has none. One page of an address
        at a time, so that two tabs do not begin twice."""
        self._language = hello.language
        self._page = hello.page
        self._shown, self._greeted = hello.shown, False
        self._waiting = []
        async with self._limits.hellos.turn(self._place.network), self._entry:
            try:
                known = await self._catch_up(hello.after)
            except Exception as error:
                _log.warning("the log of a web chat could not be read: %s", reason(error))
                await self.close(1013)
                return
            if not (known or await self._come_in()):
                await self.close(1013)

    async def _come_in(self) -> bool:
        """Who was never here sees the opening, and is written down with the first answer; who comes
        back to an empty page has a turn. False when that must be tried again."""
        try:
            opening = await self._opening(self._address, self._language)
        except Exception as error:
            _log.warning("a web chat could not be opened: %s", type(error).__name__)
            return False
        self._known = opening is None
        for outgoing in opening or ():
            self._show(outgoing)
        return not self._known or await self._arrive(self._came)

    async def _begin(self, message: Message) -> bool:
        """The first answer of who was never here: what was shown is written down, and then that. As
        far as another page of this browser did not do so already."""
        async with self._entry:
            if self._known:
                return await self._arrive(message)
            if not self._limits.begin(self._place.network):
                self._error("busy")
                return False
            self._known = await self._arrive(self._came, message)
            return self._known

    @property
    def _came(self) -> Message:
        """That someone came, with this loading of the page."""
        return Message(f"start {self._page}", Account("start"))

    async def _catch_up(self, after: int) -> bool:
        """Send the rows that a page misses; whether there is a conversation at all. A page whose
        last row is gone was left behind by an erasure and begins with nothing."""
        rows = await self._log(self._address, max(after - 1, 0))
        if after and (not rows or rows[0].id != after):
            self.tell({"t": "reset"})
            rows, after = await self._log(self._address, 0), 0
        known = bool(rows)
        self._last = after
        self._greet(rows[-1].language if rows else self._language)
        waiting, self._waiting = self._waiting or [], None
        for outgoing in (*rows, *waiting):
            self.push(outgoing)
        self.tell({"t": "live"})
        return known

    async def _arrive(self, *messages: Message) -> bool:
        """Hand these over and wait until they are committed; False when that failed."""
        address, language = self._address, self._language
        arrivals = [
            Arrival("web", external_id(address, each.id), address, each.event, language, each.echo)
            for each in messages
        ]
        events = [each.event for each in messages]
        typed = sum(len(each.text) for each in events if isinstance(each, Said | Edited))
        typing = asyncio.get_running_loop().call_later(SLOW, self.tell, {"t": "typing"})
        try:
            async with self._limits.turn(self._place.network, address, typed):
                await self._accept(arrivals)
        except Exception as error:
            _log.warning("a message of the web chat was not taken: %s", reason(error))
            return False
        finally:
            typing.cancel()
        return True

    def _show(self, outgoing: Outgoing) -> None:
        self._known |= outgoing.id > 0  # another page of this browser may have begun
        self._greet(outgoing.language)
        frame = row_frame(outgoing, self._dwell)
        if frame is not None:
            self.tell(frame)

    def _greet(self, language: str) -> None:
        """Say in which language the page goes on, unless it knows."""
        greeting = self._greeting(language, self._shown)
        if self._greeted and greeting["language"] == self._shown:
            return
        self._shown, self._greeted = str(greeting["language"]), True
        self.tell(greeting)

    def _error(self, code: str, message_id: str = "") -> None:
        self.tell({"t": "error", "code": code, **({"id": message_id} if message_id else {})})

    async def _too_fast(self, text: str) -> bool:
        """Refuse a frame of a page that goes too fast; False when it goes on and on. A page that
        opens waits for its turn: refused, it would stay empty."""
        self._refused += 1
        if self._refused > 500:
            await self.close(1008)
            return False
        try:
            frame = read_frame(text)
        except BadFrame as bad:
            self._error("too_fast", bad.id)
        else:
            if isinstance(frame, Hello):
                await asyncio.sleep(self._limits.frames.wait(self._address))
                self._limits.frames.take(self._address)
                await self._hello(frame)
            else:
                self._error("too_fast", frame.id if isinstance(frame, Message) else "")
        return True
