"""Sends one row of the outbox: waits for the pacer, and calls the channel.

A reply goes as soon as the pace allows, before every broadcast. A prompt or digest is marked in the
database just before its turn, at most two of them ahead, so that a crash leaves few in doubt.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import TypeVar

from bot.channels.base import (
    TELL_LATER,
    Channel,
    Echo,
    Outgoing,
    SendError,
    TryLater,
)
from bot.clock import Clock
from bot.delivery.lanes import BroadcastLane
from bot.delivery.outcomes import DeliveredMessage, Outcomes
from bot.delivery.pacer import Pacer
from bot.delivery.retries import gives_up
from bot.operations.metrics import Metrics
from bot.services import Services
from conversations.engine.effects import Tick
from storage.engine.database import Database, Unavailable
from storage.engine.transaction import Transaction
from storage.outbox import leases, queue
from storage.outbox.outbox import OutboxMessage
from storage.replicas import pace
from storage.replicas.presence import Presence

T = TypeVar("T")
LONGEST_TURN = 10.0
"""The most seconds that a broadcast waits for its turn, once it is marked, and a reply for a chat
that is held."""
CALL = timedelta(seconds=40)
"""The longest that a call takes. Closer than this to the end of its lease a row is not sent."""
GRACE = 5.0
"""Seconds in which a call or a mark that has begun may end when the outbox stops."""
MARKED_AHEAD = 2
"""Broadcasts of a channel that are marked and wait for their turn: while one waits, the commit of
the next one costs no time."""


class RowSender:
    """Sends single rows."""

    def __init__(
        self,
        database: Database,
        services: Services,
        clock: Clock,
        channels: Mapping[str, Channel],
        pacers: Mapping[str, Pacer],
        metrics: Metrics,
        presence: Presence | None = None,
        lanes: Mapping[str, BroadcastLane] = MappingProxyType({}),
        fill_in: Callable[[Transaction, Outgoing], Outgoing] | None = None,
    ) -> None:
        """`fill_in` adds to a broadcast what is only known as it goes."""
        self.database = database
        self.services = services
        self.clock = clock
        self.channels = channels
        self.pacers = pacers
        self.presence = presence
        self.lanes = lanes
        self.outcomes = Outcomes(database, clock, metrics, lanes)
        self._fill_in = fill_in
        self._replies: Counter[str] = Counter()
        self._line: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._ahead: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(MARKED_AHEAD)
        )

    @property
    def owner(self) -> str:
        """The name of this process among several; empty: alone, or not seen by the others now."""
        return self.presence.name if self.presence is not None else ""

    async def reply(self, row: OutboxMessage, outgoing: Outgoing) -> DeliveredMessage | None:
        """Deliver a row of the lane `reply`, at least once. None when it did not go. Where the
        channel tells later what became of it, it is marked first: so that after a crash it waits
        for that, and does not come twice."""
        if not await self._pace(row):
            await self._put_back(row)
            return None
        if row.channel in TELL_LATER and not await self._marked(row, partial(self._take, row=row)):
            return None
        return await self._call(row, outgoing) if self._mine(row) else None

    def heard(self, row: OutboxMessage) -> None:
        """What went to the chat of a row lately, perhaps through another process, as it was taken
        in hand."""
        if row.lately and (pacer := self.pacers.get(row.channel)):
            now = time.monotonic()
            pacer.heard(row.address, [now - ago for ago in row.lately])

    async def edit_wait(self, row: OutboxMessage, outgoing: Outgoing) -> float:
        """Seconds until a change of a message may go; 0: it is counted as sent now. A tick, which
        is all the answer that its person gets, waits in the line of replies. A mark lets them go
        first, and leaves room for the question that may come next."""
        pacer = self.pacers.get(row.channel)
        if pacer is None:
            return 0.0
        if isinstance(outgoing.effect, Tick):
            held = pacer.chat(row.address, time.monotonic())
            if not held:
                await self._in_line(pacer, row)
            return held
        await pacer.prepare()
        now = time.monotonic()
        wait = max(pacer.turn(now), pacer.chat(row.address, now, 1))
        if not wait and self._replies[row.channel]:
            wait = pacer.overall.interval / 2
        if not wait:
            pacer.sent(row.address, now)
        return wait

    async def edit(self, row: OutboxMessage, outgoing: Outgoing) -> DeliveredMessage | None:
        """Change a message, at least once. None when it was not done."""
        return await self._call(row, outgoing) if self._mine(row) else None

    async def echo(self, row: OutboxMessage, outgoing: Outgoing) -> DeliveredMessage | None:
        """Show that a tap was taken, whatever the pace of its chat."""
        return await self._call(row, outgoing) if self._mine(row) else None

    async def broadcast(self, row: OutboxMessage, outgoing: Outgoing) -> None:
        """Deliver a row of another lane, at most once."""
        async with self._ahead[row.channel]:
            marked = await self._marked(row, partial(self._mark, row=row, outgoing=outgoing))
            if marked is None:
                return
            try:
                on_turn = await self._pace(row, longest=LONGEST_TURN)
            except asyncio.CancelledError:
                await self._put_back(row)
                raise
            if not on_turn:
                await self._put_back(row)
                return
        if not self._mine(row):  # and so it counts as sent by now, or as lost
            return
        call = asyncio.create_task(self._called(row, marked))
        try:
            await asyncio.shield(call)
        except asyncio.CancelledError:  # the call has begun: hear what comes of it
            await asyncio.wait([call], timeout=GRACE)
            raise

    def silent(self, channel: str) -> bool:
        """Whether a channel asked for more silence than a broadcast waits for its turn."""
        pacer = self.pacers.get(channel)
        return pacer is not None and pacer.halted(time.monotonic()) > LONGEST_TURN

    async def _marked(self, row: OutboxMessage, mark: Callable[[Transaction], T]) -> T:
        """What `mark` says, once that is kept. Who stops meanwhile does not call: so the mark is
        taken away again, or what was never sent would count as lost."""
        marking = self.database.write(mark, last="rows" if row.owner else "")
        try:
            return await asyncio.shield(marking)
        except asyncio.CancelledError:
            undone = asyncio.create_task(self._unmarked(row, marking))
            await asyncio.wait([undone], timeout=GRACE)
            undone.cancel()
            raise

    async def _unmarked(self, row: OutboxMessage, marking: asyncio.Future[T]) -> None:
        with suppress(Unavailable):  # then it counts as lost after all
            if await marking:
                await self._put_back(row)

    def _mark(
        self, connection: Transaction, row: OutboxMessage, outgoing: Outgoing
    ) -> Outgoing | None:
        """Mark a broadcast as being sent; what goes. None when it must not, or when another process
        was first."""
        if not self._take(connection, row):
            return None
        lane = self.lanes.get(row.lane)
        if lane is not None and not lane.may_send(connection, row.id, self.clock.now()):
            queue.drop(connection, row.id)
            return None
        return outgoing if self._fill_in is None else self._fill_in(connection, outgoing)

    def _take(self, connection: Transaction, row: OutboxMessage) -> bool:
        """Mark a row as being sent. False when another process was first, or has it in a turn:
        then it still waits, and is found again."""
        if row.owner and leases.held(connection, row) != "still":
            return False
        return queue.begin(connection, row.id, self.clock.now() + leases.LEASE)

    def _mine(self, row: OutboxMessage) -> bool:
        """Whether a claimed row is still in the hands of this process, and will be as long as the
        call takes."""
        if self.presence is None or row.until is None:
            return True
        return row.owner == self.owner and self.clock.now() + CALL < row.until

    async def _called(self, row: OutboxMessage, outgoing: Outgoing) -> None:
        """The call, and what came of it kept."""
        if sent := await self._call(row, outgoing):
            await sent.kept

    async def _call(self, row: OutboxMessage, outgoing: Outgoing) -> DeliveredMessage | None:
        try:
            ref = await self._answered(row, outgoing)
        except SendError as error:
            if isinstance(error, TryLater) and not gives_up(row, error):
                await self._hold(row, error.after)
            await self.outcomes.failed(row, error)
            return None
        return self.outcomes.delivered(row, ref)

    async def _answered(self, row: OutboxMessage, outgoing: Outgoing) -> str:
        """The channel's answer; the pacer hears when it came, and how many messages it was."""
        ref = ""
        try:
            ref = await self.channels[row.channel].send(outgoing)
            return ref
        finally:
            if row.channel in self.pacers and not isinstance(outgoing.effect, Echo):
                pacer, now = self.pacers[row.channel], time.monotonic()
                pacer.answered(row.address, now)
                pacer.more(row.address, ref.count(","), now)

    async def _hold(self, row: OutboxMessage, seconds: float | None) -> None:
        """The channel asked for silence: its chat is held, and no other unless several were refused
        together."""
        if seconds is None or row.channel not in self.pacers:
            return
        silence = self.pacers[row.channel].refused(row.address, seconds, time.monotonic())
        if silence:
            await self._halt(row.channel, silence)

    async def _halt(self, channel: str, seconds: float) -> None:
        """Silence in all chats: it is kept here, by the other processes, and after a restart."""
        now = self.clock.now()
        self.pacers[channel].halt(seconds, time.monotonic())
        with suppress(Unavailable):  # what could not be sent is put back all the same
            halt = partial(pace.halt, channel=channel, seconds=seconds, moment=now)
            await self.database.write(halt, last=f"silence:{channel}")
        if self.presence is not None:
            await self.presence.tell("halt", f"{channel} {seconds}")

    async def _pace(self, row: OutboxMessage, longest: float | None = None) -> bool:
        """Wait for the turn of a row. Replies go in the order in which they came, as far as their
        chats allow, and give up (False) only when their chat is held for long; broadcasts let them
        go first, and give up when it takes longer than so many seconds."""
        pacer = self.pacers.get(row.channel)
        if pacer is None:
            return True
        began = time.monotonic()
        self.heard(row)
        if row.lane == "reply":
            held = pacer.chat(row.address, began)
            if held > LONGEST_TURN:
                return False
            await asyncio.sleep(held)
            return await self._in_line(pacer, row)
        return await self._turn(pacer, row, longest)

    async def _in_line(self, pacer: Pacer, row: OutboxMessage) -> bool:
        """Wait behind the replies that came before."""
        self._replies[row.channel] += 1
        try:
            async with self._line[row.channel]:
                return await self._turn(pacer, row)
        finally:
            self._replies[row.channel] -= 1

    async def _turn(self, pacer: Pacer, row: OutboxMessage, longest: float | None = None) -> bool:
        began = time.monotonic()
        while True:
            await pacer.prepare()
            now = time.monotonic()
            wait = pacer.wait(row.address, now)
            if not wait and row.lane != "reply" and self._replies[row.channel]:
                wait = pacer.overall.interval / 2
            if not wait:
                pacer.sent(row.address, now)
                return True
            if longest is not None and now - began + wait > longest:
                return False
            await asyncio.sleep(wait)

    async def _put_back(self, row: OutboxMessage) -> None:
        """It was not tried, for its chat is held."""
        pacer = self.pacers.get(row.channel)
        held = pacer.chat(row.address, time.monotonic()) if pacer else 0.0
        await self.outcomes.put_back(row, held)
