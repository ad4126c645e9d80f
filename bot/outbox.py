"""Delivers the outbox: in the order of each person, at an even pace, again where that is right.

A reply is sent at least once: after a lost connection or a crash it goes again. A prompt or digest
is sent at most once: it is marked before the call, and what may have arrived is *uncertain*.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.channels.base import Channel, Outgoing, Refused, TryLater, Uncertain, Unreachable
from bot.clock import Clock
from bot.metrics import Metrics
from bot.pacer import Pace, Pacer
from bot.scene import House
from bot.wire import effect_from_json
from conversations.effects import Mark, Say, Tick
from storage import outbox, people
from storage.database import Database
from storage.outbox import Row
from storage.writer import Unavailable

BATCH = 200
"""Rows taken at a time."""
LEASE = timedelta(minutes=2)
"""After this time whoever was sending a row is thought lost."""
LONGEST_WAIT = 300.0
"""The most seconds between two tries."""

_log = logging.getLogger(__name__)


def telegram_pacer() -> Pacer:
    """Telegram's limits: 30 messages a second, and one a second to a chat with small bursts."""
    return Pacer(Pace(29.5), Pace(1, burst=3))


class Outbox:
    """Sends what is due, until cancelled. `wake` says that there may be something new."""

    def __init__(
        self,
        database: Database,
        house: House,
        clock: Clock,
        channels: Mapping[str, Channel],
        pacers: Mapping[str, Pacer],
        metrics: Metrics,
    ) -> None:
        self.database = database
        self.house = house
        self.clock = clock
        self.channels = channels
        self.pacers = pacers
        self.metrics = metrics
        self._woken = asyncio.Event()
        self._sending: dict[str, tuple[Row, asyncio.Task[None]]] = {}

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled; what was on its way then is tried again at the next start."""
        lost = None if self.database.exclusive else self.clock.now()
        await self.database.write(lambda connection: outbox.recover(connection, lost))
        try:
            while True:
                self._woken.clear()
                try:
                    await self._send_due()
                except Exception as error:
                    _log.warning("the outbox waits (%s)", type(error).__name__)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), timeout=1.0)
        finally:
            tasks = [task for _, task in self._sending.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def drained(self) -> None:
        """Wait until nothing is due any more (for commands that end)."""
        while True:
            self.wake()
            due = await self._due()
            if not self._sending and not due:
                return
            await asyncio.sleep(0.01)

    async def _send_due(self) -> None:
        """Start sending the oldest row of everyone to whom nothing is being sent."""
        for row, outgoing in await self._due():
            chat = f"{row.channel}:{row.address}"
            if chat not in self._sending:
                task = asyncio.create_task(self._send(chat, row, outgoing))
                self._sending[chat] = row, task

    async def _due(self) -> list[tuple[Row, Outgoing]]:
        """What may go now. Every channel has its own room, so that a slow one holds up no other."""
        busy = {
            channel: [row.id for row, _ in self._sending.values() if row.channel == channel]
            for channel in self.channels
        }
        now = self.clock.now()
        return await self.database.write(lambda connection: self._found(connection, now, busy))

    def _found(
        self, connection: Connection, now: datetime, busy: Mapping[str, Sequence[int]]
    ) -> list[tuple[Row, Outgoing]]:
        found, vault = [], self.house.vault
        for channel, ids in busy.items():
            room = BATCH - len(ids)
            for row in outbox.due(connection, vault, now, room, channel=channel, busy=ids):
                try:
                    found.append((row, self._outgoing(connection, row)))
                except (ValueError, LookupError, TypeError) as error:
                    _log.error("a row of the outbox is unreadable (%s)", type(error).__name__)
                    outbox.failed(connection, row.id)
        return found

    async def _send(self, chat: str, row: Row, outgoing: Outgoing) -> None:
        try:
            await self._pace(row)
            if row.lane != "reply":
                until = self.clock.now() + LEASE
                await self.database.write(lambda c: outbox.mark_sending(c, [row.id], until))
            await self._deliver(row, outgoing)
        except Unavailable as error:
            _log.warning("the outbox waits: %s", error)
            await asyncio.sleep(1.0)
        except Exception as error:
            _log.error("delivering failed (%s)", type(error).__name__)
            await self._later(row, None)
        finally:
            del self._sending[chat]
            self.wake()

    async def _deliver(self, row: Row, outgoing: Outgoing) -> None:
        try:
            ref = await self.channels[row.channel].send(outgoing)
        except TryLater as error:
            self.metrics.sent(row.channel, "later")
            if error.after is not None and row.channel in self.pacers:
                self.pacers[row.channel].halt(error.after, time.monotonic())
            await self._later(row, error.after)
        except Uncertain:
            self.metrics.sent(row.channel, "uncertain")
            if row.lane == "reply":
                await self._later(row, None)
            else:
                await self.database.write(lambda c: outbox.uncertain(c, row.id))
        except Unreachable:
            self.metrics.sent(row.channel, "unreachable")
            await self.database.write(partial(_unreachable, row=row))
        except Refused as error:
            self.metrics.sent(row.channel, "refused")
            _log.error("the channel %s refused a message: %s", row.channel, error)
            await self.database.write(lambda c: outbox.failed(c, row.id))
        else:
            self.metrics.sent(row.channel, "sent")
            now = self.clock.now()
            await self.database.write(lambda c: outbox.sent(c, row.id, ref, now))

    async def _pace(self, row: Row) -> None:
        pacer = self.pacers.get(row.channel)
        if pacer is None:
            return
        now = time.monotonic()
        while wait := pacer.wait(row.address, now):
            await asyncio.sleep(wait)
            now = time.monotonic()
        pacer.sent(row.address, now)

    async def _later(self, row: Row, after: float | None) -> None:
        """Try again after so many seconds, or longer every time."""
        wait = after if after is not None else min(LONGEST_WAIT, 0.5 * 2 ** min(row.attempts, 10))
        due = self.clock.now() + timedelta(seconds=wait)
        await self.database.write(lambda c: outbox.later(c, row.id, due, row.attempts + 1))

    def _outgoing(self, connection: Connection, row: Row) -> Outgoing:
        """A row as its channel wants it: with the question that it changes, and the fixed keys."""
        effect = effect_from_json(row.kind, row.effect)
        asked, ref = None, ""
        menu: tuple[str, ...] = ()
        phrases = self.house.shelf.library.phrases(row.language)
        if isinstance(effect, Mark | Tick) and row.person_id is not None:
            question = outbox.asked(connection, self.house.vault, row.person_id, row.turn)
            if question is not None:
                said = effect_from_json("say", question[0])
                asked, ref = (said if isinstance(said, Say) else None), question[1]
        elif isinstance(effect, Say) and row.person_id is not None:
            menu = (phrases.get("button.help"), phrases.get("button.stop"))
        return Outgoing(row.id, row.address, effect, row.language, asked, ref, menu)


def _unreachable(connection: Connection, row: Row) -> None:
    """The person shut the channel: marked and left alone, unless something newer waits, which
    was put after the person came back."""
    if row.person_id is None:
        outbox.failed(connection, row.id)
    else:
        outbox.gone(connection, row.person_id, up_to=row.id)
        if not outbox.waits(connection, row.person_id):
            people.block(connection, row.person_id)
