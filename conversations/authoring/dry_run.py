"""A dry run: tellers by lot walk through the real guide, before anybody does, and what can be said
of a project of so many stories is forecast from it.

Chance comes in from outside: `chance` gives numbers from 0 up to 1. How likely somebody leaves at a
question is an assumption (`LEAVES`), unless use was counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, comb, erf, sqrt

from conversations.checks.burden import (
    READ_A_MINUTE,
    SECONDS_A_TAP,
    TYPED_A_MINUTE,
    burden,
    words_read,
)
from conversations.engine.effects import Effect, Say
from conversations.engine.events import Command, Event, Placed, Said, Start, Tapped
from conversations.engine.state import State
from conversations.engine.step import step
from conversations.guide.model import Guide, Step
from conversations.guide.route import chooses_way

Chance = Callable[[], float]

LEAVES: Mapping[str, float] = {"tell": 0.06, "text": 0.015, "name": 0.015, "review": 0.01}
"""How many leave at a question of this kind; at any other, `LEAVES_ELSEWHERE`."""
LEAVES_ELSEWHERE = 0.006
SKIPS = 0.15
TELLERS = 60
DIFFERENCES = (30, 20, 15, 10)
"""Differences, in points, of an answer between two groups that somebody may want to see."""
_STORY_WORDS = (25, 60, 120, 220)
_MOST_MOVES = 150
_COUNTED_OUT = 200
_Z_ALPHA, _Z_POWER = 1.96, 0.8416


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of so many points between two halves of the stories: the stories it takes to
    see it four times out of five, and how likely those of the project show it, in percent."""

    points: int
    stories: int
    percent: int


@dataclass(frozen=True, slots=True)
class GateView:
    """After so many stories: how many percent of the teams have enough to be shown, and how many
    percent of the answers (of a question with four) stay hidden in a team."""

    stories: int
    shown: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What to expect. `promised` are the minutes that the guide promises for its shortest round,
    which takes `short` (`burden`: the same as in the check); `minutes` are those of one in ten,
    half, and nine in ten who finish, on whatever way, with stories of any length. `leaving`: the
    questions at which most may leave, with how many percent of all who begin."""

    guide: str
    stories: int
    teams: int
    finished: int
    tellers: int
    promised: float
    short: float
    minutes: tuple[float, float, float]
    leaving: tuple[tuple[str, int], ...]
    answered: int
    differences: tuple[Difference, ...]
    gate: tuple[GateView, ...]


@dataclass(frozen=True, slots=True)
class Walked:
    """One teller who goes on to the end: how long it took, which questions came, and how likely
    somebody comes as far as each of them, and to the end."""

    seconds: float
    came: tuple[str, ...]
    reaches: tuple[float, ...]
    finishes: float


def forecast(
    guide: Guide,
    facts: Mapping[str, str],
    *,
    stories: int,
    teams: int,
    small: int,
    chance: Chance,
    leaves: Mapping[str, float] | None = None,
) -> Forecast:
    """Forecast a project. `leaves`: how many leave at a question, where that was counted."""
    walks = [walk(guide, facts, chance, leaves or {}) for _ in range(TELLERS)]
    done = sorted(each.seconds for each in walks)
    share = sum(each.finishes for each in walks) / len(walks)
    left: dict[str, float] = defaultdict(float)
    for each in walks:
        for name, reaches in zip(each.came, each.reaches, strict=True):
            left[name] += reaches * _leaves(guide, name, leaves or {}) / len(walks)
    often = sorted(left, key=lambda name: (-left[name], name))[:3]
    told = round(stories * (1 - SKIPS))
    return Forecast(
        guide.id,
        stories,
        teams,
        round(100 * share),
        ceil(stories / share) if share else 0,
        guide.minutes,
        burden(guide).minutes,
        (_minutes(done, 0.1), _minutes(done, 0.5), _minutes(done, 0.9)),
        tuple((name, max(1, round(100 * left[name]))) for name in often),
        told,
        tuple(
            Difference(points, needed(points), round(100 * power(points, told)))
            for points in DIFFERENCES
        ),
        tuple(gate_view(n, teams, small) for n in _moments(stories)),
    )


def walk(
    guide: Guide, facts: Mapping[str, str], chance: Chance, leaves: Mapping[str, float]
) -> Walked:
    """One teller by lot, through the real guide."""
    state, effects = step(guide, None, Start(facts, turn=1))
    seconds, came, reaches, still = _read(effects, chance), list[str](), list[float](), 1.0
    for _ in range(_MOST_MOVES):
        if not state.open:
            break
        if state.at not in came:
            came.append(state.at)
            reaches.append(still)
            still *= 1 - _leaves(guide, state.at, leaves)
        event = _event(guide, state, chance)
        typed = len(event.text.split()) if isinstance(event, Said) else 0
        seconds += typed * 60 / TYPED_A_MINUTE + SECONDS_A_TAP
        state, effects = step(guide, state, event)
        seconds += _read(effects, chance)
    return Walked(seconds, tuple(came), tuple(reaches), still)


def _leaves(guide: Guide, name: str, leaves: Mapping[str, float]) -> float:
    """How likely somebody leaves at a question."""
    return leaves.get(name, LEAVES.get(guide.steps[name].kind, LEAVES_ELSEWHERE))


def _read(effects: tuple[Effect, ...], chance: Chance) -> float:
    """Seconds to read what is said; people differ."""
    words = sum(words_read(each) for each in effects if isinstance(each, Say))
    return words * 60 / (READ_A_MINUTE * (0.7 + 0.6 * chance()))


def _event(guide: Guide, state: State, chance: Chance) -> Event:
    asked, turn = guide.steps[state.at], state.turn
    if state.mode != "asking":
        return Command("back") if chance() < 0.5 else Tapped(turn, "continue", None)
    if asked.kind == "tell":
        if state.draft:
            return Tapped(turn, "done", None)
        words = _STORY_WORDS[int(chance() * len(_STORY_WORDS))]
        return Said(" ".join(["woord"] * words), "m1")
    if (asked.skip and chance() < SKIPS) or asked.fill or asked.kind == "sentence":
        return Tapped(turn, "skip" if asked.skip else "back", None)
    if asked.kind == "scale":
        return Placed(turn, (int(chance() * 100),), None)
    if asked.kind == "triad":
        first = int(chance() * 100)
        return Placed(turn, (first, 100 - first, 0), None)
    if asked.kind in ("text", "name"):
        return Said("drie woorden erbij", "m2")
    if asked.kind == "choices":
        one = asked.options[int(chance() * len(asked.options))]
        return Tapped(turn, "picked" if state.picked else f"o:{one.id}", None)
    if asked.kind == "switches":
        return Tapped(turn, "confirm", None)
    return Tapped(turn, _button(guide, state, asked, chance), None)


def _button(guide: Guide, state: State, asked: Step, chance: Chance) -> str:
    """Who takes part agrees; of other answers, and of ways to go on, each is as likely."""
    options = [option.id for option in asked.options]
    agrees = not (state.draft and chooses_way(guide, asked))
    for sure in ("ok", "yes"):
        if sure in options and agrees:
            return f"o:{sure}"
    return f"o:{options[int(chance() * len(options))]}"


def _minutes(seconds: list[float], share: float) -> float:
    return round(seconds[int(share * (len(seconds) - 1))] / 60, 1)


def needed(points: int) -> int:
    """Stories, over two groups of the same size, to see a difference of so many points around a
    half four times out of five."""
    difference = points / 100
    first, other = 0.5 - difference / 2, 0.5 + difference / 2
    spread = first * (1 - first) + other * (1 - other)
    return 2 * ceil((_Z_ALPHA + _Z_POWER) ** 2 * spread / difference**2)


def power(points: int, stories: int) -> float:
    """How likely the difference is seen with so many stories: counted out, or for many of them by
    the normal curve."""
    each = stories // 2
    if each < 2:
        return 0.0
    difference = points / 100
    first, other = 0.5 - difference / 2, 0.5 + difference / 2
    if each <= _COUNTED_OUT:
        return _counted_out(each, first, other)
    spread = sqrt((first * (1 - first) + other * (1 - other)) / each)
    pooled = sqrt(2 * 0.25 / each)
    return _normal((difference - _Z_ALPHA * pooled) / spread)


def _counted_out(each: int, first: float, other: float) -> float:
    ways = [
        [comb(each, n) * share**n * (1 - share) ** (each - n) for n in range(each + 1)]
        for share in (first, other)
    ]
    return sum(
        ways[0][a] * ways[1][b]
        for a in range(each + 1)
        for b in range(each + 1)
        if (a - b) ** 2 * 2 * each > _Z_ALPHA**2 * (a + b) * (2 * each - a - b)
    )


def gate_view(stories: int, teams: int, small: int) -> GateView:
    """What the gate lets be seen when stories are spread evenly over the teams by lot."""
    team = 1 / max(1, teams)
    shown = _at_least(small, stories, team)
    answer = team * (1 - SKIPS) / 4
    return GateView(
        stories, round(100 * shown), round(100 * (1 - _at_least(small, stories, answer)))
    )


def _moments(stories: int) -> list[int]:
    return sorted({max(1, stories // 4), max(1, stories // 2), stories})


def _at_least(few: int, n: int, share: float) -> float:
    """The chance of at least so many out of n."""
    fewer = sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(min(few, n + 1)))
    return max(0.0, 1 - fewer)


def _normal(z: float) -> float:
    return (1 + erf(z / sqrt(2))) / 2
