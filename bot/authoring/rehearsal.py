"""A rehearsal: the conversation of a guide that is tried. It is pure steps over a state in memory:
nothing here knows the store, so no way leads from what is told to a story, a count or a file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.channels.base import Account, Arrival, Echo, Outgoing
from conversations.authoring.trial_start import come_to
from conversations.engine.effects import (
    Begin,
    Control,
    Effect,
    Farewell,
    Forget,
    Mark,
    Say,
    Tick,
)
from conversations.engine.events import Event, LanguageChosen, Start
from conversations.engine.questions import distinct
from conversations.engine.state import State
from conversations.engine.step import step
from conversations.guide.library import DUTCH
from conversations.guide.model import Guide, fill_slots

LASTS = 24 * 3600.0
"""Seconds after which a rehearsal is gone."""
LINGERS = 600.0
"""Seconds that a rehearsal waits for its page to come back."""
MOST = 500
"""Rehearsals in memory at once; the oldest gives way."""
MOST_ROWS = 2000

Told = Callable[[str], Guide]
"""The guide in a language."""
Facts = Callable[[Guide], Mapping[str, str]]
"""What fills its slots."""


class ShowsRows(Protocol):
    """A page on which a rehearsal is seen."""

    def push(self, outgoing: Outgoing) -> None: ...

    def restart(self) -> None: ...


@dataclass(eq=False)
class Rehearsal:
    """One browser that tries one guide; `at` is the step from which (empty: the first)."""

    guide: Told
    facts: Facts
    at: str = ""
    language: str = DUTCH
    state: State | None = None
    rows: list[Outgoing] = field(default_factory=list)
    pages: list[ShowsRows] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    last: int = 0

    async def log(self, _address: str, after: int) -> Sequence[Outgoing]:
        return [row for row in self.rows if row.id > after]

    async def opening(self, _address: str, _language: str) -> Sequence[Outgoing] | None:
        """Nobody is written down: who comes begins."""
        return None

    async def accept(
        self, arrivals: Sequence[Arrival], *, offset: int | None = None, epoch: int = 0
    ) -> None:
        """Take what a page sends, each once; a rehearsal polls nowhere."""
        del offset, epoch
        for arrival in arrivals:
            if arrival.external_id not in self.taken:
                self.taken.add(arrival.external_id)
                self._take(arrival)

    def wipe(self) -> None:
        """Begin with nothing."""
        self.state = None
        self._clear()

    def _take(self, arrival: Arrival) -> None:
        if arrival.echo is not None:
            self._put(arrival.echo)
        match arrival.event:
            case Account("start"):
                self._begin(arrival.language)
            case Account("language", code):
                self._speak(code)
            case Account():
                self._put(Say(self.guide(self.language).phrase("web.rehearsal_only")))
            case _ if self.state is None or not self.state.open:
                self._begin("")
            case event if isinstance(event, Event):
                self._step(event)

    def _begin(self, language: str) -> None:
        wanted = self.guide(language[:2] or self.language)
        self.language = wanted.language
        facts = self.facts(wanted)
        found = come_to(wanted, self.at, facts) if self.at else None
        self.state, effects = found or step(wanted, None, Start(facts))
        self._carry_out(effects)

    def _speak(self, code: str) -> None:
        self.language = self.guide(code).language
        if self.state is not None and self.state.open:
            self._step(LanguageChosen(self.facts(self.guide(self.language))))

    def _step(self, event: Event) -> None:
        self.state, effects = step(self.guide(self.language), self.state, event)
        self._carry_out(effects)

    def _carry_out(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            match effect:
                case Say():
                    code = self.guide(self.language).phrase("web.rehearsal_code")
                    self._put(as_shown(effect, code))
                case Mark() | Tick():
                    self._put(effect)
                case Forget():
                    self.rows = self.rows[-len(effects) :]
                case Farewell():
                    words = self.guide(self.language).phrase("ending_screen")
                    self._put(Say(words, control=Control("ending")))
                case Begin():
                    self._begin("")
                case _:
                    pass  # keeping, recording and withdrawing: there is nothing to do it to

    def _put(self, effect: Say | Mark | Tick | Echo) -> None:
        self.last += 1
        row = Outgoing(self.last, "", effect, self.language)
        self.rows = [*self.rows, row][-MOST_ROWS:]
        for page in self.pages:
            page.push(row)

    def _clear(self) -> None:
        self.rows = []
        for page in self.pages:
            page.restart()


class Rehearsals:
    """All of a process, in memory, by loading of a page; each is gone some minutes after its page
    is, and after a day in any case."""

    def __init__(self, lasts: float = LASTS, lingers: float = LINGERS) -> None:
        self._lasts = lasts
        self._lingers = lingers
        self._open: dict[str, Rehearsal] = {}

    def enter(self, name: str, new: Rehearsal) -> Rehearsal:
        """The rehearsal of this loading of a page, or a `new` one."""
        if name not in self._open:
            while len(self._open) >= MOST:
                self._end(next(iter(self._open)))
            self._open[name] = new
            asyncio.get_running_loop().call_later(self._lasts, self._end, name, new)
        return self._open[name]

    def leave(self, name: str) -> None:
        """A page is gone; it may be back in a moment."""
        known = self._open.get(name)
        if known is not None and not known.pages:
            asyncio.get_running_loop().call_later(self._lingers, self._end_left, name, known)

    def __len__(self) -> int:
        return len(self._open)

    def _end_left(self, name: str, known: Rehearsal) -> None:
        if not known.pages:
            self._end(name, known)

    def _end(self, name: str, known: Rehearsal | None = None) -> None:
        if known is None or self._open.get(name) is known:
            self._open.pop(name).wipe()


def as_shown(say: Say, code: str) -> Say:
    """What the runner makes of a message before a channel gets it, with a code that is none."""
    return say.but(text=fill_slots(say.text, {"code": code}), buttons=distinct(say.buttons))
