"""Everything around Vertelbot in one history: people, the server of Telegram, and what fails."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.app import App
from bot.channels.base import Accept, Account, Arrival, Outgoing, TryLater, Uncertain
from bot.channels.command_parser import parse
from bot.clock import Clock
from bot.settings import Settings
from bot.wiring.opening import OpenStore
from conversations.engine.effects import Button, Say, Tick
from conversations.engine.events import Event, Said, Tapped
from storage.engine.transaction import Transaction
from storage.outbox import state_counts
from storage.outbox.leases import LEASE
from storage.replicas.presence import Presence
from storage.vault.erasure import ErasureLog
from storage.vault.vault import Vault
from tests.end_to_end.scripts import BRIEF, Tap
from tests.end_to_end.scripts import Say as Typed
from tests.simulation.virtual import SimulatedDatabase, in_memory, memory

T = TypeVar("T")

SENTENCES = [deed.text for deed in BRIEF if isinstance(deed, Typed)][1:3]
"""The two messages that are the story."""
BEGIN = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Trouble:
    """How likely each fault is, each time that it could happen."""

    database: float
    lost_answer: float
    bad_gateway: float
    too_many: float
    redelivered: float
    overtaken: float
    kills: int
    freezes: int
    steps: int

    @classmethod
    def rolled(cls, dice: random.Random) -> Trouble:
        """Some histories are calm, some are wild."""
        wild = dice.choice((0.0, 0.02, 0.08))
        return cls(
            database=wild / 4,
            lost_answer=wild,
            bad_gateway=wild,
            too_many=wild / 3,
            redelivered=wild * 2,
            overtaken=wild * 2,
            kills=dice.choice((0, 1, 3)),
            freezes=dice.choice((0, 1)),
            steps=dice.choice((0, 0, 2)),
        )


class SteppedClock(Clock):
    """The clock of one machine: goes with the virtual time, and is put forward and back."""

    def __init__(self) -> None:
        super().__init__()
        self.off = timedelta(0)

    def now(self) -> datetime:
        passed = asyncio.get_running_loop().time()
        return BEGIN + timedelta(seconds=passed) + self.off


@dataclass
class Chat:
    """What one person sees. `heard` counts everything that came, `rows` the rows of the outbox."""

    messages: list[Say] = field(default_factory=list)
    heard: int = 0
    rows: Counter[int] = field(default_factory=Counter)
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class SimulatedPresence(Presence):
    """Whom the others see."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def tell(self, what: str, address: str) -> None:
        pass


class Replica:
    """One process. Killed, it neither writes nor sends any more; what it had sent arrives."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.clock = SteppedClock()
        self.database = SimulatedDatabase(world.stored, world.dice, world.trouble.database)
        self.database.vault = world.vault
        store = OpenStore(world.settings, self.clock, self.database, world.vault, world.erased)
        self.app = App(store)
        self.app.outbox.delivery.presence = SimulatedPresence(name)
        channels = {"telegram": SimulatedTelegram(world, self)}
        self.app.outbox.delivery.channels = channels
        self.dead = False
        self._tasks = [asyncio.create_task(work) for work in (self.app.outbox.run(), self._tick())]

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self.world.dice.uniform(4, 6))
            try:
                await self.app.runner.take_due()
            except Exception:
                self.world.found["ticks failed"] += 1

    async def alive(self) -> None:
        """Passes as soon as this process goes on; never when it is dead."""
        await self.database.going.wait()

    def freeze(self) -> None:
        self.database.going.clear()

    def thaw(self) -> None:
        if not self.dead:
            self.database.going.set()

    def kill(self) -> None:
        self.freeze()
        self.dead = True
        for task in self._tasks:
            task.cancel()

    async def bury(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks, timeout=1)


class SimulatedTelegram:
    """How one process reaches the server: slow, and not always with an answer."""

    name = "telegram"

    def __init__(self, world: World, replica: Replica) -> None:
        self.world = world
        self.replica = replica

    async def run(self, accept: Accept) -> None: ...

    async def send(self, outgoing: Outgoing) -> str:
        await self.replica.alive()
        world, dice = self.world, self.world.dice
        await asyncio.sleep(dice.expovariate(20))
        if dice.random() < world.trouble.too_many:
            world.found["429"] += 1
            raise TryLater("429", after=dice.choice((1.0, 5.0, 30.0)))
        if dice.random() < world.trouble.bad_gateway:
            world.found["5xx"] += 1
            await self.replica.alive()
            raise Uncertain("502")
        ref = world.arrived(outgoing)
        await asyncio.sleep(dice.expovariate(20))
        await self.replica.alive()
        if dice.random() < world.trouble.lost_answer:
            world.found["answers lost"] += 1
            raise Uncertain("the connection was lost")
        return ref

    async def close(self) -> None: ...


class World:
    """One history. `found` counts what happened and what is wrong."""

    def __init__(
        self,
        seed: int,
        template: sqlite3.Connection,
        vault: Vault,
        erased: ErasureLog,
        settings: Settings,
    ) -> None:
        self.dice = random.Random(seed)
        self.trouble = Trouble.rolled(self.dice)
        self.stored = memory(template)
        self.vault, self.erased, self.settings = vault, erased, settings
        self.found: Counter[str] = Counter()
        self.chats: dict[str, Chat] = {}
        self.replicas: list[Replica] = []
        self._started = self._sent = self._updates = 0

    # -- the processes

    def present(self, connection: Transaction) -> set[str]:
        """Whom the others see: also who is frozen."""
        return {replica.name for replica in self.replicas if not replica.dead}

    def settled(self) -> bool:
        """Whether nothing waits to be sent."""
        states: Counter[str] = Counter()
        self.at_once(lambda connection: states.update(state_counts.by_state(connection)))
        return not (states["pending"] or states["sending"])

    def at_once(self, fn: Callable[[Transaction], None]) -> None:
        """Do something in the database that nothing can go wrong with."""
        with Transaction(in_memory(self.stored), self.vault) as connection, connection.begin():
            fn(connection)

    def start(self) -> Replica:
        self._started += 1
        replica = Replica(self, f"{self._started}")
        self.replicas.append(replica)
        return replica

    async def make_trouble(self) -> None:
        """Kill, freeze and put clocks wrong, spread over the history."""
        kinds = [self._kill] * self.trouble.kills + [self._freeze] * self.trouble.freezes
        kinds += [self._step] * self.trouble.steps
        self.dice.shuffle(kinds)
        for kind in kinds:
            await asyncio.sleep(self.dice.uniform(1, 40))
            await kind(self.dice.choice([one for one in self.replicas if not one.dead]))

    async def _kill(self, replica: Replica) -> None:
        self.found["kills"] += 1
        replica.kill()
        await asyncio.sleep(self.dice.uniform(0, 3))
        self.start()

    async def _freeze(self, replica: Replica) -> None:
        self.found["freezes"] += 1
        replica.freeze()
        await asyncio.sleep(self.dice.choice((3, LEASE.total_seconds() + 5)))
        replica.thaw()

    async def _step(self, replica: Replica) -> None:
        self.found["clocks put wrong"] += 1
        replica.clock.off = timedelta(hours=self.dice.choice((-26, -1, 1, 26)))

    # -- the server

    def arrived(self, outgoing: Outgoing) -> str:
        """A message arrives at its person."""
        self._sent += 1
        chat = self.chats[outgoing.address]
        match outgoing.effect:
            case Say() as say:
                chat.messages.append(say)
            case Tick(turn, buttons):
                chat.messages = [
                    say.but(buttons=tuple(buttons)) if say.turn == turn else say
                    for say in chat.messages
                ]
        chat.heard += 1
        chat.rows[outgoing.id] += 1
        chat.changed.set()
        return str(self._sent)

    def rolls(self, chance: float) -> bool:
        return self.dice.random() < chance

    async def post(self, address: str, event: Event | Account) -> None:
        """Post an update to some process until one says that it is kept, and now and then again."""
        self._updates += 1
        arrival = Arrival("telegram", f"{self._updates}", address, event, "nl")
        again = self.dice.random() < self.trouble.redelivered
        while True:
            if await self._taken(arrival):
                if not again:
                    return
                again = False
                self.found["redelivered"] += 1
            await asyncio.sleep(self.dice.uniform(0.1, 2))

    async def _taken(self, arrival: Arrival) -> bool:
        replica = self.dice.choice(self.replicas[-2:])
        try:
            async with asyncio.timeout(10):
                await replica.alive()
                await replica.app.runner.accept([arrival])
                await replica.alive()
        except Exception:
            self.found["not taken"] += 1
            return False
        return True


STAYS = {"Opgelucht", SENTENCES[0], SENTENCES[1]}
"""Deeds after which the same question is still there."""


class Teller:
    """Tells a story, patiently: does what the script says as soon as its question is there."""

    PATIENCE = 1200.0
    """Seconds of silence after which something is wrong."""

    def __init__(self, world: World, address: str) -> None:
        self.world = world
        self.address = address
        self.chat = world.chats.setdefault(address, Chat())
        self._from = 0
        self._done: set[tuple[int, str]] = set()

    async def tell(self) -> None:
        deeds = list(BRIEF)
        while deeds:
            deed = deeds.pop(0)
            if isinstance(deed, Tap):
                await self._tap(deed.label)
            elif deed.text == SENTENCES[0] and self.world.rolls(self.world.trouble.overtaken):
                self.world.found["overtaken"] += 1
                deeds.pop(0)
                await asyncio.gather(*(self._say(text) for text in SENTENCES))
            else:
                await self._say(deed.text)

    async def _say(self, text: str) -> None:
        turn = 0
        if text != "/start":
            turn = await self._until(lambda: self._newest() or None)
        await self._do(parse(text) or Said(text, ref=text[:9]), turn, stays=text in STAYS)

    async def _tap(self, label: str) -> None:
        turn, button = await self._until(lambda: self._find(label))
        self._done.add((turn, label))
        await self._do(Tapped(turn, button.id), turn, stays=label in STAYS)

    async def _do(self, event: Event | Account, turn: int, *, stays: bool) -> None:
        """Read and think a while, post it, and hear something back."""
        await asyncio.sleep(self.world.dice.uniform(1, 4))
        before = self.chat.heard
        self.world.found["tries"] += 1
        await self.world.post(self.address, event)
        if turn:
            self._from = turn if stays else turn + 1
        try:
            await self._until(lambda: self.chat.heard > before or None)
        except TimeoutError:
            self.world.found["silent"] += 1
            raise

    def _newest(self) -> int:
        """The turn of the question that is open, 0 when it has not come."""
        turn = max((say.turn for say in self.chat.messages), default=0)
        return turn if turn >= self._from else 0

    def _find(self, label: str) -> tuple[int, Button] | None:
        """The button in the newest question that has it."""
        for say in sorted(self.chat.messages, key=lambda say: -say.turn):
            for button in say.buttons:
                if button.label == label and say.turn >= self._from:
                    return None if (say.turn, label) in self._done else (say.turn, button)
        return None

    async def _until(self, find: Callable[[], T | None]) -> T:
        """What is found, as soon as it is. Raises TimeoutError."""
        async with asyncio.timeout(self.PATIENCE):
            while (found := find()) is None:
                self.chat.changed.clear()
                await self.chat.changed.wait()
            return found
