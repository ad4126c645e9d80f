"""Dispatches the outbox: in the order of each person, at the pace of the channel, with retries.

A reply is sent at least once: after a lost connection or a crash it goes again. A prompt or digest
is sent at most once: it is marked before the call, and what may have arrived is *uncertain*.
Where every call is counted, a message goes before the changes of earlier ones in its chat; ticks
wait in line with the messages of other chats; that a tap was heard is shown at once, beside all of
it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from functools import partial

from bot.channels.base import PACED, TELL_LATER, TOLD_WITHIN, Echo, Outgoing
from bot.codec import Fresh
from bot.delivery.chat_queue import ChatQueue, Going, is_edit
from bot.delivery.coming_rows import ComingRows
from bot.delivery.due_rows import DueRows
from bot.delivery.sender import RowSender
from bot.logs import reason
from storage.engine.errors import Unavailable
from storage.engine.transaction import Transaction
from storage.outbox import queue, uncertain_rows
from storage.outbox.outbox import PASSING, OutboxMessage
from storage.replicas import pace, presence

LOOK_EVERY = 1.0
"""The most seconds between two looks at what is due."""
LOOK_SOON = 0.02
"""Seconds after which one of several processes looks again: another one may only just have sent
what comes before. Then it takes twice as long every time."""
RECOVER_EVERY = 60.0
"""Seconds between two looks for rows whose sender was lost."""
BURY_EVERY = 2.0
"""Seconds between two looks, among several processes, for one that is gone."""

BLINK = 0.001
"""The least seconds that a change waits."""

_log = logging.getLogger(__name__)


class Dispatcher:
    """Sends what is due through `delivery`. `wake` says that there may be something new."""

    def __init__(self, delivery: RowSender) -> None:
        self.delivery = delivery
        self.database = delivery.database
        self.clock = delivery.clock
        self._woken = asyncio.Event()
        self._wakes = 0
        self._running = self._finishing = False
        self._sending: dict[str, ChatQueue] = {}
        self._echoes: dict[int, tuple[OutboxMessage, asyncio.Task[None]]] = {}
        self.coming = ComingRows()
        self.rows = DueRows(delivery)

    def wake(self) -> None:
        """Look in the table. What is remembered may have changed there."""
        self.rows.forget()
        self._look()

    def _look(self) -> None:
        self._wakes += 1
        self._woken.set()

    def hand(self, fresh: Sequence[Fresh]) -> None:
        """Rows that were committed just now and are all that waits for their person: sent without
        reading them back. What cannot go this way is found in the table."""
        for row, _ in fresh:
            self.coming.came(row.id)
        chat = _chat(fresh[0][0])
        line = self._sending.get(chat)
        mine = self.delivery.presence is None or fresh[0][0].owner
        if not (self._running and mine and not (line and line.messages)):
            self._look()
            return
        going = self.rows.remembered(fresh)
        if going:
            self._start(chat, going)
        if len(going) < len(fresh):
            self._look()

    def echo(self, fresh: Fresh) -> None:
        """That a tap was heard: shown beside everything else that waits."""
        row, effect = fresh
        self.coming.came(row.id)
        if self._running and (self.delivery.presence is None or row.owner):
            self._start_echo(row, self.rows.outgoing(row, effect, None))
        else:
            self._look()

    def halt(self, channel: str, seconds: float) -> None:
        """Another process heard that a channel wants silence."""
        if channel in self.delivery.pacers:
            self.delivery.pacers[channel].halt(seconds, time.monotonic())

    async def run(self) -> None:
        """Deliver until cancelled; what was on its way then is tried again at the next start."""
        every = RECOVER_EVERY if self.delivery.presence is None else BURY_EVERY
        recovered: float | None = None
        pause = LOOK_EVERY
        try:
            while True:
                if self._woken.is_set() and self.delivery.presence is not None:
                    pause = LOOK_SOON
                self._woken.clear()
                try:
                    if recovered is None:  # here too the database may be away for a while
                        await self._recover(alone=self.database.sqlite and self.database.exclusive)
                        await self._stay_silent()
                        recovered = time.monotonic()
                        self._running = True
                    elif time.monotonic() - recovered > every:
                        await self._recover()
                        recovered = time.monotonic()
                    await self._send_due()
                except Exception as error:
                    _log.warning(
                        "outbox paused: database unavailable (%s); retrying", reason(error)
                    )
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):  # `wait_for` may swallow being cancelled
                        await self._woken.wait()
                pause = min(2 * pause, LOOK_EVERY)
        finally:
            self._running = False
            tasks = self._tasks()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _recover(self, *, alone: bool = False) -> None:
        """Settle what was on its way when its sender was lost: all of it when this process is
        `alone`, else what was marked too long ago."""
        now = self.clock.now()

        def recover(connection: Transaction) -> int:
            if self.delivery.presence is not None:
                presence.bury(connection, now)
            told = now + TOLD_WITHIN
            lost = uncertain_rows.recover_lost(
                connection, None if alone else now, tuple(TELL_LATER), told
            )
            lost += queue.put_forward(connection, now)
            lanes = self.delivery.lanes.values()
            return lost + sum(lane.recover(connection, now) for lane in lanes)

        await self.database.write(recover, last="rows")

    async def _stay_silent(self) -> None:
        """A silence that a channel asked for outlives a restart."""
        now = self.clock.now()
        for channel, pacer in self.delivery.pacers.items():
            left = await self.database.write(partial(pace.silence, channel=channel, moment=now))
            pacer.halt(left, time.monotonic())

    async def finish(self, seconds: float) -> None:
        """Take nothing more in hand; what is in hand may take so many seconds."""
        self._finishing, self._running = True, False
        for line in self._sending.values():
            line.news.set()
        if tasks := self._tasks():
            await asyncio.wait(tasks, timeout=seconds)

    def _tasks(self) -> list[asyncio.Task[None]]:
        chats = [line.task for line in self._sending.values() if line.task]
        return chats + [task for _, task in self._echoes.values()]

    async def drain(self) -> None:
        """Wait until nothing is due any more (for commands that end)."""
        while True:
            self.wake()
            due = await self._due()
            if not (self._sending or self._echoes or due or self.coming):
                return
            await asyncio.sleep(0.01)

    async def _send_due(self) -> None:
        """Start sending the oldest row of everyone to whom nothing is being sent, and what waits
        for nothing."""
        for row, outgoing in await self._due():
            if self._finishing:
                return
            chat, line = _chat(row), self._sending.get(_chat(row))
            apart = row.channel in PACED and row.kind in PASSING
            if line is not None and any(each.id == row.id for each in line.rows()):
                continue  # it was handed over while this was looked up
            if isinstance(outgoing.effect, Echo) and apart:
                self._start_echo(row, outgoing)
            elif line is None or apart or not line.messages:
                self._start(chat, [(row, outgoing)], more=True)

    def _start(self, chat: str, going: Sequence[Going], *, more: bool = False) -> None:
        """Take rows in hand. `more`: look again when they went."""
        line = self._sending.get(chat)
        if line is None:
            line = self._sending[chat] = ChatQueue(self._wakes)
            line.task = asyncio.create_task(self._send(chat, line))
        line.more |= more
        for each in going:
            if is_edit(each[1]):
                self.delivery.heard(each[0])
            if superfluous := line.add(each, apart=each[0].channel in PACED):
                self.delivery.outcomes.drop(superfluous)

    def _start_echo(self, row: OutboxMessage, outgoing: Outgoing) -> None:
        if row.id not in self._echoes:
            self._echoes[row.id] = row, asyncio.create_task(self._send_echo(row, outgoing))

    async def _due(self) -> list[tuple[OutboxMessage, Outgoing]]:
        """What may go now. Every channel has its own room, so that a slow one holds up no other."""
        if self.delivery.presence is not None and not self.delivery.owner:
            return []
        rows = [row for line in self._sending.values() for row in line.rows()]
        rows += [row for row, _ in self._echoes.values()]
        busy = {
            channel: [row for row in rows if row.channel == channel]
            for channel in self.delivery.channels
        }
        self.coming.look()
        now = self.clock.now()

        def found(connection: Transaction) -> list[tuple[OutboxMessage, Outgoing]]:
            return self.rows.found(connection, now, busy, self.coming.ids())

        return await self.database.write(found, last="rows")

    async def _send(self, chat: str, line: ChatQueue) -> None:
        """Deliver what is in hand for one chat: messages in their order, then changes, and wait
        until all that is kept, in one commit where the pace allows. Then look again, if that was
        asked for or something came meanwhile: a look did not find it behind these."""
        row: OutboxMessage | None = None
        try:
            while True:
                if line.messages:
                    row = line.messages[0][0]
                    if not await self._send_message(line):
                        break
                elif (edit := line.next_edit()) and not self._finishing:
                    row = edit[0]
                    await self._send_edit(line, edit)
                elif line.sent:
                    await self._kept(line)
                else:
                    break
            await self._kept(line)
        except Unavailable as error:
            line.more = True
            _log.warning("outbox paused: %s; retrying", error)
            await asyncio.sleep(1.0)
        except Exception as error:
            line.more = True
            _log.error("sending a message failed (%s)", reason(error))
            if row is not None and row.lane == "reply":
                await self.delivery.outcomes.later(row)
            else:  # if it was marked, nobody knows whether it went: `_recover` finds it
                await asyncio.sleep(1.0)
        finally:
            del self._sending[chat]
            if line.more or line.messages or self._wakes != line.seen:
                self._woken.set()

    async def _send_message(self, line: ChatQueue) -> bool:
        """Deliver the first message. False when it did not go."""
        row, outgoing = line.messages[0]
        if row.lane != "reply":
            await self.delivery.broadcast(row, outgoing)
        elif sent := await self.delivery.reply(row, outgoing):
            self.rows.remember(row, outgoing, sent.ref)
            line.sent.append((row, sent.kept))
        else:
            line.more = True
            return False
        line.messages.popleft()
        return True

    async def _send_edit(self, line: ChatQueue, edit: Going) -> None:
        """Make a change as soon as the pace allows, unless something else comes first."""
        row, outgoing = edit
        line.news.clear()
        if wait := await self.delivery.edit_wait(row, outgoing):
            if line.sent:  # what waits behind them may go first
                await self._kept(line)
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(wait, BLINK)):
                    await line.news.wait()
            return
        edit = line.next_edit() or edit  # one that came meanwhile takes its place
        if sent := await self.delivery.edit(*edit):
            line.sent.append((edit[0], sent.kept))
        else:
            line.more = True
        line.made(edit)

    async def _kept(self, line: ChatQueue) -> None:
        """Wait until it is kept that messages went; what waited behind them may go then."""
        for _, kept in line.sent:
            await kept
        line.sent.clear()
        if line.more or self._wakes != line.seen:
            line.more, line.seen = False, self._wakes
            self._woken.set()

    async def _send_echo(self, row: OutboxMessage, outgoing: Outgoing) -> None:
        try:
            if sent := await self.delivery.echo(row, outgoing):
                await sent.kept
        except Exception as error:
            _log.warning("a tap could not be answered (%s); retrying", reason(error))
            await asyncio.sleep(1.0)
        finally:
            del self._echoes[row.id]


def _chat(row: OutboxMessage) -> str:
    return f"{row.channel}:{row.address}"
