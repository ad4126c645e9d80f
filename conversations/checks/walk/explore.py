"""Walks every reachable state of a guide and checks the promises.

Languages differ in what is said and in which words are understood, and in nothing else: the way is
walked once, and in each other language everything is said that can be, and every word is heard.

What steers a conversation is the question, the way it was reached, whether there is a story, and
what is kept; `canonical` holds that and nothing else, so the walk is finite. Words, and which of
two buttons that lead to the same question was tapped, do not steer. What a teller left behind
before going back (answers, ticks) only adds buttons; it is tried beside the walk (`rich`). What is
attached to a story steers where it is told and from the card on; between those it comes and goes
without a word, so it is tried where each question leads to the card (`attaching`). So is what may
identify someone: every way to the card is taken with and without it. So is the sentence that a
story turns on, on which nothing hangs before the card.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from conversations.checks.walk.invariants import ASIDE, Promises, as_said
from conversations.checks.walk.numbered_texts import keyed
from conversations.checks.walk.probes import (
    FACTS,
    FEW,
    MANY,
    SENTENCE,
    attaching,
    conditioned,
    heavy,
    probes,
    rich,
    terms_of,
    two_clues,
)
from conversations.engine.attachments import gate, kinds, unchecked
from conversations.engine.card import team_of
from conversations.engine.clues import open_clues
from conversations.engine.effects import Begin, Say
from conversations.engine.events import Event, Start, Tapped, Transcribed
from conversations.engine.questions import PROMPTED, Prompted
from conversations.engine.state import Answer, State
from conversations.engine.step import step
from conversations.engine.way.places import choices
from conversations.engine.way.progress import term_holds
from conversations.guide.condition import Term
from conversations.guide.model import Guide, Places, Step
from conversations.guide.problems import Problem


@dataclass(frozen=True, slots=True)
class Exploration:
    """What was walked, and what was found wrong on the way."""

    reached: tuple[State, ...]
    transitions: int
    problems: tuple[Problem, ...]

    @property
    def states(self) -> int:
        """How many states can be reached."""
        return len(self.reached)


def explore(
    guide: Guide,
    *translations: Guide,
    facts: Mapping[str, str] = FACTS,
    until: str = "",
    most: int = 0,
) -> Exploration:
    """Walk the whole guide; then say everything there is to say in the translations, which have
    the same questions and buttons. `facts` fill the slots of the guide. The walk ends early with
    the first problem that has the code `until`. With `most`, everything is tried in
    so many states of each sort and in every tenth after these, and the buttons alone in the
    others: a sample, which proves less."""
    if not any(step.fill == "team" for step in guide.steps.values()):
        facts = {"team_id": "team0-0", **facts}  # as the link says it
    walk = Walk(peopled(guide, MANY), facts, most)
    walk.run(until)
    problems = walk.promises.problems
    if until and any(each.code == until for each in problems):
        return Exploration(tuple(walk.states), walk.transitions, problems)
    for places, spoken in ((MANY, translations), (FEW, (guide, *translations))):
        sayings = walk.sayings(peopled(keyed(guide), places), only_places=places is FEW)
        for each in spoken:
            problems += walk.translated(peopled(each, places), sayings)
    return Exploration(tuple(walk.states), walk.transitions, problems)


def peopled(guide: Guide, places: Places) -> Guide:
    """A guide in these places, for a walk: with somebody who finds and hears what it tries."""
    made = guide.with_places(places).with_finder(two_clues).with_alarm(heavy)
    made.remembered[PROMPTED] = Prompted()
    return made


@dataclass(frozen=True, slots=True)
class Saying:
    """A state in which something is said, the events that are tried there, and which of them say
    what was not said before."""

    state: State
    events: tuple[Event, ...]
    fresh: frozenset[int]


def canonical(guide: Guide, state: State) -> Hashable:
    """What steers, of a state: two states with the same canonical form go the same way."""
    if not state.open:
        return state.at, state.mode, state.kept
    if state.mode in ASIDE:
        aside = state.at, state.mode, bool(state.draft), state.fixing, state.carded, state.kept
        return (*aside, guide.steps[state.at].kind == "review" and gate(state))
    at = guide.steps[state.at]
    near = at.kind in ("review", "consent", "switches")
    steering = tuple(
        term_holds(state, term)
        for term in _hung_on(guide)
        if near or guide.steps[term.step].kind != "sentence"
    )
    return (
        state.at,
        state.mode,
        state.path,
        state.fixing and frozenset(state.answers) - frozenset(state.path),
        state.carded,
        state.kept,
        at.kind == "choices" and _picks(guide, state, at),
        at.kind == "switches" and frozenset(state.picked),
        _draft(state, at.kind == "tell"),
        at.kind == "review" and min(2, len(open_clues(state))),
        _attached(guide, state),
        _teams(guide, state),
        bool(team_of(guide, state)),
        steering,
    )


def _hung_on(guide: Guide) -> tuple[Term, ...]:
    """The answers on which another question hangs, or a switch."""
    found: tuple[Term, ...] | None = guide.remembered.get("hung_on")
    if found is None:
        found = terms_of(guide)
        guide.remembered["hung_on"] = found
    return found


def _attached(guide: Guide, state: State) -> Hashable:
    """Which recordings and pictures there are, where that steers."""
    match guide.steps[state.at].kind:
        case "tell":
            return frozenset(part.status == "waiting" for part in state.draft if part.blob)
        case "review":
            place = unchecked(state)
            first = None if place is None else state.draft[place].status
            return gate(state), first, tuple(kinds(state)), len(state.agreed)
        case "consent" | "switches":
            return any(kinds(state))
    return None


def _picks(guide: Guide, state: State, at: Step) -> Hashable:
    """Whether there are ticks, whether no more fit, and those on which something hangs."""
    looked_at = frozenset(state.picked) & conditioned(guide).get(at.id, frozenset())
    return bool(state.picked), len(state.picked) >= at.max, looked_at


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


class Walk:
    """The states found so far, what leads from one to another, and what is still to visit."""

    def __init__(self, guide: Guide, facts: Mapping[str, str], most: int = 0) -> None:
        self.guide = guide
        self.facts = facts
        self.most = most
        self.visited: Counter[Hashable] = Counter()
        self.promises = Promises(guide)
        self.states: list[State] = []
        self.found: dict[Hashable, int] = {}
        self.edges: list[list[int]] = []
        self.taps: list[list[int]] = []
        self.queue: deque[int] = deque()
        self.unfound = guide.with_finder(None)
        self.known: set[Hashable] = set()
        self.ways: set[Hashable] = set()
        self.transitions = 0

    def run(self, until: str = "") -> None:
        self.go(None, Start(self.facts, turn=1))
        while self.queue:
            place = self.queue.popleft()
            self.visit(place, buttons_only=self.known_well(self.states[place]))
            if until and any(each.code == until for each in self.promises.problems):
                return
        self.promises.reached(self.states)
        self.promises.ways_out(self.states, self.edges, self.taps)

    def known_well(self, state: State) -> bool:
        """Whether enough states of this sort were seen, in a sample."""
        if not self.most:
            return False
        sort = self.sorts(state)[1]
        self.visited[sort] += 1
        return self.visited[sort] > self.most and self.visited[sort] % 10 > 0

    def sayings(self, guide: Guide, *, only_places: bool) -> list[Saying]:
        """Where there is something to say, by a guide in which every text is its own (`keyed`):
        what is said twice there is said twice in every language. `only_places`: where places are
        asked for, since how many there are is told nowhere else."""
        self.guide, self.known = guide, set()
        said: set[tuple[Say, bool]] = set()
        found = []
        for state in self.states:
            if (only_places and not guide.steps[state.at].fill) or self.depth(state) < DEEP:
                continue
            events = tuple(event for event, _ in probes(guide, state, DEEP))
            fresh = set()
            for place, event in enumerate(events):
                told = set(map(as_said, self.says(state, event)))
                if told - said:
                    fresh.add(place)
                    said |= told
            found.append(Saying(state, events, frozenset(fresh)))
        return found

    def translated(self, guide: Guide, sayings: Iterable[Saying]) -> tuple[Problem, ...]:
        """Everything that can be said to the teller, in another language: each sentence once, and
        whatever is understood by the words of that language. All else that is tried takes the same
        way in every language, which was walked."""
        self.guide, self.promises = guide, Promises(guide)
        self.take(None, Start(self.facts, turn=1))
        for saying in sayings:
            events = (event for event, _ in probes(guide, saying.state, DEEP))
            for place, (event, same) in enumerate(zip_longest(events, saying.events)):
                if event is not None and (event != same or place in saying.fresh):
                    self.take(saying.state, event)
        return self.promises.problems

    def says(self, state: State, event: Event) -> list[Say]:
        """What is said at an event; nothing where the engine breaks, which is told elsewhere."""
        try:
            effects = step(self.guide, state, event)[1]
        except Exception:  # the walk told of it
            return []
        return [effect for effect in effects if isinstance(effect, Say)]

    def visit(self, place: int, *, buttons_only: bool) -> None:
        """Let everything happen that can happen in one state."""
        state = self.states[place]
        for event, tap in probes(self.guide, state, self.depth(state)):
            if buttons_only and not tap:
                continue
            before = len(self.states)
            reached = self.go(state, event)
            if reached is not None:
                self.edges[place].append(reached)
                if tap:
                    self.taps[place].append(reached)
                self.attached(place, event, reached)
                self.clued(state, event, reached)
                if not self.most or reached == before:  # in a sample once to each card
                    self.quoted(state, event, reached)
        if state.open and state.mode == "asking" and not buttons_only:
            self.been(state)

    def attached(self, place: int, event: Event, reached: int) -> None:
        """The way to the card for someone with recordings and pictures, once in each manner. At a
        consent all of them were checked before."""
        state, card = self.states[place], self.states[reached]
        if self.guide.steps[state.at].kind in ("consent", "switches"):
            return
        if not state.draft or self.guide.steps[card.at].kind != "review" or state.at == card.at:
            return
        way = (state.mode, type(event), state.fixing, state.carded, state.kept)
        if way not in self.ways:
            self.ways.add(way)
            for other in attaching(state):
                self.go(other, event)

    def clued(self, state: State, event: Event, reached: int) -> None:
        """The way to the card when nothing on it may identify someone, and when something new does
        for someone who let other words stand."""
        card = self.states[reached]
        if self.guide.steps[card.at].kind == "review" and not open_clues(state):
            self.go(state, event, self.unfound)
            if state.clues:
                self.go(state.but(clues=()), event)

    def quoted(self, state: State, event: Event, reached: int) -> None:
        """The way to the card for someone who chose no sentence, and for someone who did."""
        card = self.states[reached]
        if self.guide.steps[card.at].kind != "review" or open_clues(state):
            return
        for step_id in state.path:
            if self.guide.steps[step_id].kind == "sentence":
                for answer in (Answer(), Answer(text=SENTENCE)):
                    self.go(state.but(answers={**state.answers, step_id: answer}), event)

    def been(self, state: State) -> None:
        """The same question for someone who was everywhere before: more buttons, more to lose."""
        been = rich(self.guide, state)
        if (depth := self.depth(been)) > 0:
            agreeing = self.guide.steps[state.at].kind in ("consent", "switches")
            for event, _ in probes(self.guide, been, depth):
                if not isinstance(event, Tapped) or event.button in _RICH or agreeing:
                    self.go(been, event)
            if agreeing or depth < DEEP or self.guide.steps[state.at].kind == "review":
                return
            waiting = next(attaching(been))
            for event in (Transcribed("b1", SENTENCE), Transcribed("b1", "", problem="silence")):
                self.take(waiting, event)

    def depth(self, state: State) -> int:
        """How much to try here: everything at the first visit of a question in this mode, one of
        each kind at the first in this position, and afterwards what may lead elsewhere."""
        sort, fine = self.sorts(state)
        depth = DEEP if sort not in self.known else 1 if fine not in self.known else 0
        self.known |= {sort, fine}
        return depth

    def sorts(self, state: State) -> tuple[tuple[object, ...], tuple[object, ...]]:
        """What a state is like: the question in its mode, and in its position."""
        sort = (
            state.at,
            state.mode,
            state.reminded,
            bool(state.draft),
            len(state.picked),
            self.guide.steps[state.at].kind == "review" and gate(state),
        )
        return sort, (*sort, state.fixing, state.carded, state.kept)

    def go(self, state: State | None, event: Event, guide: Guide | None = None) -> int | None:
        """Take one step and note where it leads."""
        new = self.take(state, event, guide)
        if new is None:
            return None
        key = canonical(self.guide, new)
        if key not in self.found:
            self.found[key] = len(self.states)
            self.promises.state(new)
            self.states.append(new)
            self.edges.append([])
            self.taps.append([])
            self.queue.append(self.found[key])
        return self.found[key]

    def take(self, state: State | None, event: Event, guide: Guide | None = None) -> State | None:
        """Take one step and judge it; after `Begin` the conversation begins again."""
        self.transitions += 1
        try:
            new, effects = step(guide or self.guide, state, event)
        except Exception as error:  # whatever it is, a person would have seen it
            self.promises.broken(state, event, error)
            return None
        self.promises.check(state, event, new, effects)
        if any(isinstance(effect, Begin) for effect in effects):
            new, _ = step(self.guide, None, Start(self.facts, new.turn))
        return new


DEEP = 2
"""The depth at which everything is tried (`probes`)."""
_RICH = {"keep", "erase", "other", "picked"}
