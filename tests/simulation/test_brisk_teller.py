"""A teller who taps on briskly, at a server that refuses what goes over its limits: hardly waits
for a question, and meets no refusal. On a virtual clock."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

import pytest

from bot.channels.base import Accept, Account, Arrival, Echo, Outgoing, TryLater
from bot.channels.command_parser import parse
from bot.wiring import open_services
from conversations.engine.effects import Mark, Say, Tick
from conversations.engine.events import Event, Said, Tapped
from tests.botapi.errors import ApiError
from tests.botapi.faults import Limits
from tests.end_to_end.scripts import ONLY_KEEP, RESIDENT, Deed, Tap
from tests.simulation.test_simulation import LIBRARY, Ground
from tests.simulation.virtual import virtual_time
from tests.simulation.world import Replica, World

T = TypeVar("T")

TAPS_AFTER = 0.5
"""Seconds after which the teller answers a question that is there."""
TICKS = {"Opgelucht", "Trots", "Of ik snel terechtkon", "Oudere"}


@dataclass
class StrictTelegram:
    """A server with the limits of Telegram; a call takes long now and then."""

    dice: random.Random
    limits: Limits = field(default_factory=Limits)
    name: str = "telegram"
    shown: list[Say] = field(default_factory=list)
    edits: int = 0
    answers: dict[str, tuple[str, float]] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, accept: Accept) -> None: ...

    async def send(self, outgoing: Outgoing) -> str:
        await asyncio.sleep(0.02 + self.dice.expovariate(30))
        effect = outgoing.effect
        if isinstance(effect, Say | Mark | Tick):
            try:
                self.limits.take(int(outgoing.address), time.monotonic())
            except ApiError as error:
                raise TryLater("429", after=error.parameters["retry_after"]) from None
        match effect:
            case Say():
                self.shown.append(effect)
            case Tick(turn, buttons):
                self.edits += 1
                self.shown = [
                    each.but(buttons=buttons) if each.turn == turn else each for each in self.shown
                ]
            case Mark():
                self.edits += 1
            case Echo(text, ref, "tap"):
                self.answers[ref] = text, time.monotonic()
        self.changed.set()
        await asyncio.sleep(0.02)
        return str(len(self.shown))

    async def close(self) -> None: ...


class BriskTeller:
    """Does what the script says half a second after its question came, `deeds` in all; `waits` are
    the seconds from each deed to the next question."""

    def __init__(self, replica: Replica, telegram: StrictTelegram) -> None:
        self.runner, self.telegram = replica.app.runner, telegram
        self.waits: list[float] = []
        self.taps: dict[str, tuple[str, float]] = {}
        self.deeds = self._from = 0

    async def tell(self, deeds: tuple[Deed, ...]) -> None:
        for deed in deeds:
            await self._do(deed)

    async def _do(self, deed: Deed) -> None:
        began = time.monotonic()
        event: Event | Account
        if isinstance(deed, Tap):
            turn, button = await self._until(lambda: self._button(deed.label))
            event = Tapped(turn, button, seen=None)
            self._from = turn if deed.label in TICKS else turn + 1
        else:
            turn = await self._until(lambda: self._newest())
            event = parse(deed.text) or Said(deed.text, ref=str(self.deeds))
            self._from = turn
        if self.deeds:
            self.waits.append(time.monotonic() - began)
        await asyncio.sleep(TAPS_AFTER)
        self.deeds += 1
        arrival = Arrival("telegram", str(self.deeds), "7", event, "nl")
        if isinstance(deed, Tap):
            query = f"q{self.deeds}"
            self.taps[query] = deed.label, time.monotonic()
            arrival = replace(arrival, tapped="-", label=deed.label, query=query)
        await self.runner.accept([arrival])

    def _newest(self) -> int | None:
        turn = max((say.turn for say in self.telegram.shown), default=0)
        return turn if turn >= self._from else None

    def _button(self, label: str) -> tuple[int, str] | None:
        for say in reversed(self.telegram.shown):
            for button in say.buttons:
                if button.label == label and (say.turn >= self._from or not say.turn):
                    return say.turn, button.id
        return None

    async def _until(self, find: Callable[[], T | None]) -> T:
        async with asyncio.timeout(60):
            while (found := find()) is None:
                self.telegram.changed.clear()
                await self.telegram.changed.wait()
            return found


async def story(world: World, telegram: StrictTelegram) -> BriskTeller:
    world.trouble = replace(world.trouble, database=0.0)
    replica = world.start()
    replica.app.outbox.delivery.presence = None
    replica.app.outbox.delivery.channels = {"telegram": telegram}
    teller = BriskTeller(replica, telegram)
    await teller.tell((*RESIDENT, *ONLY_KEEP))
    for _ in range(100):
        await asyncio.sleep(1)
        if world.settled():
            break
    await replica.bury()
    return teller


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground(tmp_path_factory.mktemp("brisk"))


@contextmanager
def told(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, seed: int
) -> Iterator[tuple[BriskTeller, StrictTelegram]]:
    with monkeypatch.context() as patch:
        patch.setattr(open_services, "load_guides", lambda: LIBRARY)
        world = ground.world(seed)
        with virtual_time(patch) as run:
            telegram = StrictTelegram(random.Random(seed))
            yield run(story(world, telegram)), telegram


def test_who_taps_on_briskly_hardly_waits_and_meets_no_refusal(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    for seed in range(3):
        with told(ground, monkeypatch, seed) as (teller, telegram):
            assert telegram.limits.refused == 0, f"seed {seed}"
            waits += teller.waits
            assert telegram.answers.keys() == teller.taps.keys()
            for query, (label, at) in teller.taps.items():
                words, answered = telegram.answers[query]
                assert words == f"✓ {label}"
                assert answered - at < 0.5, "whatever waits in the chat"
            assert telegram.edits <= teller.deeds, "a question that is over is changed once"
    waits.sort()
    median, most = statistics.median(waits), waits[int(len(waits) * 0.95)]
    longest = waits[-1]
    print(f"{len(waits)} waits: median {median:.2f} s, 95 % {most:.2f}, longest {longest:.2f}")
    assert median < 0.8, waits
    assert most < 1.6, waits
