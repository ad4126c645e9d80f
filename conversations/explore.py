"""Walks every reachable state of a guide and checks the promises.

What steers a conversation is the place in the guide, the way it was reached, whether there is a
story, and what is agreed; `canonical` keeps that and nothing else, so the walk is finite. Words,
and which of two buttons that lead to the same question was tapped, do not steer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from conversations.effects import Begin, Effect
from conversations.events import Event, Start, Tapped
from conversations.guide import Guide
from conversations.probes import FACTS, probes, rich
from conversations.problems import Problem
from conversations.promises import ASIDE, Promises
from conversations.prompts import choices
from conversations.state import Answer, State
from conversations.step import step


@dataclass(frozen=True, slots=True)
class Exploration:
    """What was walked, and what was found wrong on the way."""

    states: int
    transitions: int
    problems: tuple[Problem, ...]


def explore(guide: Guide, facts: Mapping[str, str] | None = None) -> Exploration:
    """Walk the whole guide. `guide` has the places to choose from; `facts` fill its slots."""
    return _Walk(guide, facts or FACTS).run()


def canonical(guide: Guide, state: State) -> Hashable:
    """What steers, of a state: two states with the same canonical form go the same way."""
    if not state.open:
        return state.at, state.mode, state.kept
    if state.mode in ASIDE:
        return state.at, state.mode, bool(state.draft), state.fixing, state.carded, state.kept
    at = guide.steps[state.at]
    steering = tuple(
        other.when in state.path and not state.answers[other.when].skipped
        for other in guide.steps.values()
        if other.when
    )
    return (
        state.at,
        state.mode,
        state.path,
        state.fixing and frozenset(state.answers) - frozenset(state.path),
        state.carded,
        state.kept,
        at.kind == "choices" and _picks(state, at.max),
        _draft(state, at.kind == "tell"),
        _teams(guide, state),
        steering,
    )


def _picks(state: State, most: int) -> tuple[bool, bool]:
    return bool(state.picked), len(state.picked) >= most


def _draft(state: State, telling: bool) -> int:
    """No story, a short one, or one that is long enough; which of the two matters while telling."""
    if not state.draft:
        return 0
    return 1 if not telling or sum(len(part.text.split()) for part in state.draft) < 5 else 2


def _teams(guide: Guide, state: State) -> int:
    """Whether there is something to choose in the municipality that was chosen."""
    if not state.answers.get("municipality", Answer()).options:
        return 0
    fills = [each for each in guide.steps.values() if each.fill == "team"]
    return min(2, len(choices(guide, state, fills[0]))) // 2 if fills else 0


@dataclass(slots=True)
class _Walk:
    guide: Guide
    facts: Mapping[str, str]
    found: dict[Hashable, int] = field(default_factory=dict)
    states: list[State] = field(default_factory=list)
    edges: list[list[int]] = field(default_factory=list)
    taps: list[list[int]] = field(default_factory=list)
    queue: deque[int] = field(default_factory=deque)
    known: set[Hashable] = field(default_factory=set)
    transitions: int = 0

    def run(self) -> Exploration:
        promises = Promises(self.guide)
        self.go(promises, None, Start(self.facts, turn=1))
        while self.queue:
            place = self.queue.popleft()
            self.visit(promises, place)
        promises.reached(self.states)
        promises.ways_out(self.states, self.edges, self.taps)
        return Exploration(len(self.states), self.transitions, promises.problems)

    def visit(self, promises: Promises, place: int) -> None:
        """Let everything happen that can happen in one state."""
        state = self.states[place]
        for event, tap in probes(self.guide, state, self.depth(state)):
            reached = self.go(promises, state, event)
            if reached is not None:
                self.edges[place].append(reached)
                if tap:
                    self.taps[place].append(reached)
        if state.open and state.mode == "asking":
            been = rich(self.guide, state)
            for event, _ in probes(self.guide, been, depth=self.depth(been)):
                if not isinstance(event, Tapped) or event.button in _RICH:
                    self.go(promises, been, event)

    def depth(self, state: State) -> int:
        """How much to try here: everything at the first visit of a question in this mode, one of
        each kind at the first in this position, and afterwards what may lead elsewhere."""
        sort = (state.at, state.mode, state.reminded, bool(state.draft), len(state.picked))
        fine = (*sort, state.fixing, state.carded, state.kept)
        depth = 2 if sort not in self.known else 1 if fine not in self.known else 0
        self.known |= {sort, fine}
        return depth

    def go(self, promises: Promises, state: State | None, event: Event) -> int | None:
        """Take one step, check it, and note where it leads."""
        self.transitions += 1
        try:
            new, effects = step(self.guide, state, event)
        except Exception as error:  # whatever it is, a person would have seen it
            promises.broken(state, event, error)
            return None
        promises.check(state, event, new, effects)
        if any(isinstance(effect, Begin) for effect in effects):
            new, effects = step(self.guide, None, Start(self.facts, new.turn))
        key = canonical(self.guide, new)
        if key not in self.found:
            self.found[key] = len(self.states)
            promises.state(new)
            self.states.append(new)
            self.edges.append([])
            self.taps.append([])
            self.queue.append(self.found[key])
        return self.found[key]


_RICH = {"keep", "erase", "other", "picked"}
_Effects = tuple[Effect, ...]
