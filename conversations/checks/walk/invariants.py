"""Invariants of every step of a guide, and of the guide as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conversations.checks.walk.clue_invariants import covered
from conversations.checks.walk.consent_invariants import agreed
from conversations.checks.walk.probes import MARKER
from conversations.checks.walk.word_invariants import word_findings
from conversations.engine.attachments import gate
from conversations.engine.effects import (
    Begin,
    Effect,
    Forget,
    Keep,
    Mark,
    Record,
    Reword,
    Say,
    Tick,
    Withdraw,
)
from conversations.engine.events import (
    Command,
    Due,
    Edited,
    Event,
    Placed,
    Said,
    Sent,
    Tapped,
    Transcribed,
)
from conversations.engine.state import State
from conversations.engine.weighty_buttons import weighty
from conversations.guide.channel_limits import CLOSING, LIMITS, ChannelLimits
from conversations.guide.model import Guide
from conversations.guide.problem_texts import in_walk
from conversations.guide.problems import Problem

_TURN_DIGITS = 11


class Promises:
    """Judges steps as they are taken and collects what is broken, each thing once per question."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self._found: dict[tuple[str, str], Problem] = {}
        self._seen: set[tuple[Say, bool]] = set()

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._found.values())

    def note(self, step: str, code: str, message: str, **known: object) -> None:
        where = f"{self.guide.id} ({self.guide.language})"
        if (step, code) not in self._found:
            slots = {"what": message, "language": self.guide.language}
            slots |= {key: str(value) for key, value in known.items()}
            self._found[step, code] = in_walk(where, step, code, slots)

    def broken(self, state: State | None, event: Event, error: Exception) -> None:
        at = state.at if state else self.guide.first.id
        mode = state.mode if state else "start"
        self.note(at, "crash", f"{type(error).__name__} at {_name(event)} ({mode}).")

    # every step

    def check(
        self, old: State | None, event: Event, new: State, effects: tuple[Effect, ...]
    ) -> None:
        """Judge one step."""
        for effect in effects:
            if isinstance(effect, Say):
                self._says(new, effect)
        if old is None:
            if not any(isinstance(effect, Say) for effect in effects):
                self.note(new.at, "silence", "The conversation begins without a word.")
            return
        for code, message in self._judge(old, event, new, effects):
            self.note(old.at, code, f"{message} ({_name(event)}, {old.mode})")

    def _judge(
        self, old: State, event: Event, new: State, effects: tuple[Effect, ...]
    ) -> Iterator[tuple[str, str]]:
        if not _may_be_silent(old, event) and not any(
            isinstance(effect, Say | Tick | Mark | Begin) for effect in effects
        ):
            yield "silence", "Nothing is said."
        shown = any(isinstance(effect, Mark) for effect in effects)
        if isinstance(event, Tapped | Placed) and new.turn != old.turn and not shown:
            yield "unmarked", "What was chosen is not shown."
        yield from self._turns(old, new, effects)
        yield from self._stale(old, event, new)
        yield from self._early(old, event, new, effects)
        yield from agreed(self.guide, old, new, effects)
        yield from covered(self.guide, old, event, new, effects)
        yield from self._losses(old, event, new, effects)
        yield from self._ways(old, event, new, effects)
        yield from word_findings(self.guide, old, event, new, effects)
        if not new.open and (new.draft or new.answers or new.path or MARKER in new.to_json()):
            yield "remains", "After the end something of the story stays."

    def _turns(
        self, old: State, new: State, effects: tuple[Effect, ...]
    ) -> Iterator[tuple[str, str]]:
        if new.turn < old.turn:
            yield "turn", "The turn falls."
        at_the_card = self.guide.steps[new.at].kind == "review" and new.mode == "asking"
        another = _place(old) != _place(new) or (at_the_card and gate(old) != gate(new))
        if new.turn == old.turn and another:
            yield "turn", "Another question on the same turn."
        for effect in effects:
            if isinstance(effect, Say) and effect.turn not in (0, new.turn):
                yield "turn", "A question is said with a turn that no longer counts."
            if isinstance(effect, Say) and effect.buttons and not effect.turn:
                yield "turn", "Buttons without a turn."
            if isinstance(effect, Mark) and effect.turn != old.turn:
                yield "turn", "Another question is marked than the one that was answered."

    def _stale(self, old: State, event: Event, new: State) -> Iterator[tuple[str, str]]:
        if isinstance(event, Tapped | Placed | Due) and event.turn != old.turn and new != old:
            yield "stale", "Something of an earlier turn changes the conversation."
        if (
            isinstance(event, Tapped)
            and new.turn != old.turn
            and (new.last != f"{event.turn}:{event.button}")
        ):
            yield "double", "A second tap would not be recognised."

    def _early(
        self, old: State, event: Event, new: State, effects: tuple[Effect, ...]
    ) -> Iterator[tuple[str, str]]:
        """A tap on a question that was hardly visible, or words from before it, change nothing."""
        early = _too_early(self.guide, old, event)
        if isinstance(event, Said) and event.early:
            given = (Record, Keep, Withdraw, *([Forget] if old.draft else []))
            early = any(isinstance(effect, given) for effect in effects)
        if early and new != old:
            yield "early", "A question is answered before it could be seen."

    def _losses(
        self, old: State, event: Event, new: State, effects: tuple[Effect, ...]
    ) -> Iterator[tuple[str, str]]:
        back = isinstance(event, Command) and event.name == "back"
        if new is old or not new.open or not (back or new.mode != "asking" or old.mode in ASIDE):
            return
        lost = old.answers is not new.answers and any(
            new.answers.get(name) != given for name, given in old.answers.items()
        )
        decided = any(isinstance(effect, Reword) for effect in effects)
        if lost and old.mode not in ("editing", "other", "offering") and not decided:
            yield "lost", "An answer is lost."
        cut = new.draft[: len(old.draft)] != old.draft
        amended = decided or isinstance(event, Edited | Transcribed)
        if cut and old.mode != "trimming" and not amended:
            yield "lost", "A part of the story is lost."

    def _ways(
        self, old: State, event: Event, new: State, effects: tuple[Effect, ...]
    ) -> Iterator[tuple[str, str]]:
        """Back, stop, help and throwing away do what they say, from everywhere."""
        forgets = any(isinstance(effect, Forget) for effect in effects)
        withdrawn = any(isinstance(effect, Withdraw) for effect in effects)
        match event:
            case Command("help"):
                first = effects[0] if effects else None
                if not (isinstance(first, Say) and first.text == self.guide.phrase("help_card")):
                    yield "help", "The help card is not shown."
            case Command("stop") if old.open and new.mode != "stopping":
                yield "stop", "Stopping does not ask: later, or throw away?"
            case Tapped(turn, "erase", seen) if (
                old.open
                and turn == old.turn
                and _offers_erase(old)
                and not self.guide.dwell.too_short(seen, weighty=True)
            ):
                if new.open or not forgets or withdrawn != old.kept:
                    yield "erase", "Throwing away does not throw everything away."
            case Due("forget", turn) if old.open and turn == old.turn:
                if new.open or not forgets or withdrawn:
                    yield "forget", "The draft is not forgotten in time."
            case Command("back") if old.open and old.mode not in ASIDE:
                yield from self._back(old, new)
        aside = old.mode in ASIDE and new.mode in ("asking", *ASIDE)
        if aside and not isinstance(event, Edited | Transcribed) and not _same(old, new):
            yield "aside", "Going on is not where the teller was."

    def _back(self, old: State, new: State) -> Iterator[tuple[str, str]]:
        if old.mode != "asking":
            if new.mode != "asking" or new.at != old.at:
                yield "back", "Back does not lead to the question."
        elif old.fixing:
            unasked = new.at not in old.answers or old.at not in old.answers
            if self.guide.steps[new.at].kind not in ("review", "tell") and not unasked:
                yield "back", "Back does not lead to the card."
        elif new.path != old.path[: len(new.path)] or len(new.path) > len(old.path):
            yield "back", "Back does not lead back."
        elif new.path != old.path and new.at != old.path[len(new.path)]:
            yield "back", "Back does not lead to an earlier question."

    def _says(self, new: State, said: Say) -> None:
        """What is said fits in every channel and has no empty slots."""
        plain = as_said(said)
        if plain in self._seen:
            return
        self._seen.add(plain)
        is_card = plain[1]
        if not said.text.strip():
            self.note(new.at, "empty", "A message without words.")
        for limits in LIMITS:
            self._fits(new.at, said, limits, is_card=is_card)
        empty = said.text.replace("{code}", "") if "code" in said.slots else said.text
        if "{" in empty and not is_card:
            shown = said.text[:60]
            self.note(new.at, "slot", f"An empty slot in: {shown}", text=shown)
        ids = [button.id for button in said.buttons]
        if len(set(ids)) < len(ids):
            self.note(new.at, "button", "Two buttons are the same.")
        labels = {" ".join(button.label.casefold().split()) for button in said.buttons}
        if len(labels) < len(said.buttons):
            self.note(new.at, "label-twice", "Two buttons of one message read the same.")
        if not all(button.label.strip() for button in said.buttons):
            self.note(new.at, "empty", "A button without words.")

    def _fits(self, at: str, said: Say, limits: ChannelLimits, *, is_card: bool) -> None:
        """What is said can be shown in a channel as it is."""
        where, of = f"in {limits.name}", {"channel": limits.name}
        last = said.text.rpartition("\n\n")[2]
        if len(said.text) > limits.text and not is_card:
            most = limits.text
            self.note(at, "long", f"A message is longer than {most} {where}.", most=most, **of)
        if said.buttons and len(last) > limits.question and not is_card:
            most = limits.question
            self.note(at, "long", f"A question is longer than {most} {where}.", most=most, **of)
        closing = sum(button.id in CLOSING for button in said.buttons)
        if limits.buttons and len(said.buttons) > limits.buttons and closing > limits.closing:
            self.note(at, "buttons", f"No room on a page for anything but its end {where}.")
        place = self.guide.steps[at].fill is not None
        for button in said.buttons:
            named = place if button.id.startswith("o:") else button.id[:2] in ("s:", "t:")
            if len(button.label) > (limits.name_label if named else limits.label):
                shown = button.label[:40]
                self.note(at, "label", f"A button is too long {where}: {shown}", text=shown, **of)
            if len(button.id.encode()) + 1 + _TURN_DIGITS > limits.button:
                self.note(at, "callback", f"A button carries too much {where}: {button.id[:40]}")

    def state(self, state: State) -> None:
        """Judge a state that was not seen before."""
        if State.from_json(state.to_json()) != state:
            self.note(state.at, "json", "The state is another one after writing and reading.")

    # the whole

    def reached(self, states: Sequence[State]) -> None:
        """Every question is asked and every end is reached."""
        asked = {state.at for state in states} | {name for state in states for name in state.path}
        for step in self.guide.steps.values():
            if (step.kind != "say" or step.end) and step.id not in asked:
                self.note(step.id, "unreached", "Nobody ever gets here.")

    def ways_out(
        self, states: Sequence[State], edges: Sequence[Sequence[int]], taps: Sequence[Sequence[int]]
    ) -> None:
        """From every state an end can be reached, and by buttons alone."""
        ends = [place for place, state in enumerate(states) if not state.open]
        for ways, code in ((edges, "dead-end"), (taps, "buttons")):
            out = _leading_to(ends, ways)
            for place, state in enumerate(states):
                if place not in out:
                    self.note(state.at, code, f"No way to an end ({state.mode}).")


ASIDE = ("stopping", "paused", "resuming", "helping")


def as_said(said: Say) -> tuple[Say, bool]:
    """A message as people read it, whenever it is said; and whether it is the card."""
    is_card = said.control is not None and said.control.card is not None
    return Say(said.text, said.buttons, 0, None, said.slots), is_card


def _may_be_silent(old: State, event: Event) -> bool:
    return isinstance(event, Due | Transcribed) or (
        isinstance(event, Sent) and bool(event.group) and event.group == old.group
    )


def _offers_erase(old: State) -> bool:
    return old.mode in ("stopping", "resuming") or old.reminded


def _too_early(guide: Guide, state: State, event: Event) -> bool:
    if not isinstance(event, Tapped | Placed) or not guide.dwell.too_short(
        event.seen, weighty=True
    ):
        return False
    heavy = isinstance(event, Tapped) and weighty(guide, state, event.button)
    return guide.dwell.too_short(event.seen, weighty=heavy)


def _place(state: State) -> tuple[object, ...]:
    return state.at, state.mode, state.path


def _same(old: State, new: State) -> bool:
    return (old.at, old.path, old.answers, old.draft, old.picked) == (
        (new.at, new.path, new.answers, new.draft, new.picked)
    )


def _leading_to(ends: Sequence[int], ways: Sequence[Sequence[int]]) -> set[int]:
    back: dict[int, list[int]] = {}
    for place, nexts in enumerate(ways):
        for after in nexts:
            back.setdefault(after, []).append(place)
    out, todo = set(ends), list(ends)
    while todo:
        for place in back.get(todo.pop(), ()):
            if place not in out:
                out.add(place)
                todo.append(place)
    return out


def _name(event: Event) -> str:
    what = getattr(event, "name", "") or getattr(event, "button", "") or getattr(event, "kind", "")
    return f"{type(event).__name__} {what}".strip()
