"""A simulated year of tellers and moderators: stories are told, change, and go."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bot.coordinators.digest.gaps import PROMISES
from conversations.guide.model import Purpose
from storage.coordinators.teams import Team
from storage.engine.transaction import Transaction
from storage.stories import moderation, stories, withdrawals
from storage.stories.movements import MOVEMENTS, SAME_MOVEMENT
from storage.stories.relays import ASKED
from storage.vault.vault import new_id
from storage.weeks import week_of
from tests.coordinators.office import PURPOSES
from tests.end_to_end.kit import MovableClock
from tests.storage.stores import Store, consent, telling

WORD = "verzonnen"
"""It stands in every story, so that a search finds all."""
RUNGS = ("keep", "keep", "coordinator", "team", "team", "network", "network", "network", "network")
"""How far tellers let a story go."""
OF_RESIDENTS = [
    next((step for step, movement in SAME_MOVEMENT.items() if movement == each), each)
    for each in MOVEMENTS[:2]
]
"""The same movements, as residents are asked for them."""


class YearOfStories:
    """What happens to stories in the teams that there are; planned first, and then done at once."""

    def __init__(
        self,
        store: Store,
        rng: random.Random,
        clock: MovableClock,
        teams: Sequence[Team],
        scale: int = 1,
    ) -> None:
        self.store = store
        self.rng = rng
        self.clock = clock
        self.teams = teams
        self.scale = scale
        self.kept: dict[str, str] = {}
        self.told = 0
        self.todo: list[Callable[[Transaction], object]] = []

    async def week(self) -> None:
        rng = self.rng
        for _ in range(rng.choice((1, 6, 12, 20)) * self.scale):
            self.tell()
        for change, most in ((self.review, 8), (self.moderate, 2), (self.withdraw, 2),
                             (self.narrow, 2), (self.widen, 3), (self.edit, 1)):  # fmt: skip
            for _ in range(rng.randint(0, most * self.scale)):
                change()
        await self.happen()

    async def second_thoughts(self) -> None:
        """After everybody looked, something is taken back or held."""
        self.rng.choice((self.withdraw, self.narrow, self.moderate))()
        await self.happen()

    async def happen(self) -> None:
        """All that was planned, in one transaction."""

        def work(connection: Transaction) -> None:
            for each in self.todo:
                each(connection)

        await self.store.database.write(work)
        self.todo.clear()

    def tell(self, story_id: str = "") -> None:
        rng = self.rng
        week = week_of(self.clock.now())
        guide = rng.choice(("resident", "professional"))
        asked = MOVEMENTS[:2] if guide == "professional" else OF_RESIDENTS
        answers: dict[str, Any] = {"promise": rng.sample(PROMISES[:3], rng.choice((1, 1, 2)))}
        answers |= {name: rng.choice((10, 50, 90)) for name in asked if rng.random() < 0.8}
        told = telling(
            guide=guide, text=WORD, answers=answers,
            language=rng.choice(("nl", "nl", "nl", "en")), words={ASKED: "Wat kan hier?"},
            team=rng.choice(self.teams).id if rng.random() < 0.9 else "",
        )  # fmt: skip
        rung = PURPOSES[rng.choice(RUNGS)] if told.team else PURPOSES["keep"]
        self.told += not story_id
        made = story_id or new_id()
        self.kept[made] = told.team

        def keep(connection: Transaction) -> None:
            stories.keep(connection, told, consent(), week, story_id=made)
            for purpose, answer in rung:
                stories.record(connection, made, consent(purpose, answer))
            if ("network", "yes") in rung:
                stories.record(connection, made, consent("relay", "yes"))

        self.todo.append(keep)

    def review(self) -> None:
        if story_id := self._some():
            self.todo.append(lambda c: moderation.clear(c, story_id))

    def moderate(self) -> None:
        state: moderation.State = self.rng.choice(("held", "serious", "kept"))
        if story_id := self._some():
            self.todo.append(lambda c: moderation.set_state(c, story_id, state))

    def withdraw(self) -> None:
        if story_id := self._some():
            log, week = self.store.log, week_of(self.clock.now())
            del self.kept[story_id]

            def withdraw(connection: Transaction) -> None:
                withdrawals.withdraw(connection, story_id, log, week)

            self.todo.append(withdraw)

    async def take_away(self, story_id: str) -> None:
        """This story is withdrawn now."""
        log, week = self.store.log, week_of(self.clock.now())
        del self.kept[story_id]
        await self.store.database.write(lambda c: withdrawals.withdraw(c, story_id, log, week))

    def narrow(self) -> None:
        change: tuple[Purpose, str] = self.rng.choice(
            (("team", "no"), ("team", "coordinator"), ("network", "no"))
        )
        self._record([change])

    def widen(self) -> None:
        self._record(PURPOSES[self.rng.choice(("team", "network"))])

    def edit(self) -> None:
        if story_id := self._some():
            self.tell(story_id)

    def _record(self, changes: Iterable[tuple[Purpose, str]]) -> None:
        story_id = self._some()
        if story_id and self.kept[story_id]:

            def record(connection: Transaction) -> None:
                for purpose, answer in changes:
                    stories.record(connection, story_id, consent(purpose, answer))

            self.todo.append(record)

    def _some(self) -> str:
        """A story, mostly of lately."""
        ids = list(self.kept)
        lately = ids[-40 * self.scale :]
        return self.rng.choice(lately if self.rng.random() < 0.7 else ids) if ids else ""
