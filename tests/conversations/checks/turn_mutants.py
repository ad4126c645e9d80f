"""Engines that lose, drop or repeat something, say nothing, or lead astray."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from conversations.engine import (
    commands,
    questions,
    recordings,
    step,
    taps,
)
from conversations.engine.effects import Say
from conversations.engine.events import Command, Due, Edited, Said, Sent, Tapped, Transcribed
from conversations.engine.messages import edits, typed
from conversations.engine.state import Part, State
from conversations.engine.turn import Turn
from conversations.guide.model import Guide
from tests.conversations.checks.mutant import Mutant


def _stale_taps_count(patch: pytest.MonkeyPatch) -> None:
    tapped = taps.take_tap
    patch.setattr(taps, "take_tap", lambda t, e: tapped(t, Tapped(t.state.turn, e.button, e.seen)))


def _taps_count_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(taps, "weighty", lambda *_: False)


def _early_words_count(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(typed, "weighty", lambda *_: False)


def _silent_on_stickers(patch: pytest.MonkeyPatch) -> None:
    sent = typed.take_file

    def silent(t: Turn, event: Sent) -> None:
        if event.kind != "sticker":
            sent(t, event)

    patch.setattr(typed, "take_file", silent)


def _back_loses_answers(patch: pytest.MonkeyPatch) -> None:
    back = Turn.back

    def lossy(self: Turn) -> None:
        back(self)
        self.set(answers={})

    patch.setattr(Turn, "back", lossy)


def _back_goes_to_the_start(patch: pytest.MonkeyPatch) -> None:
    def to_the_start(self: Turn) -> None:
        self.set(path=())
        self.open(next(each for each in self.guide.steps.values() if each.kind != "say"))

    patch.setattr(Turn, "back", to_the_start)


def _the_turn_stays(patch: pytest.MonkeyPatch) -> None:
    def ask(self: Turn, **changes: object) -> None:
        self.set(**changes)
        self.again()

    patch.setattr(Turn, "ask", ask)


def _nothing_is_forgotten_in_time(patch: pytest.MonkeyPatch) -> None:
    due = step._due

    def late(t: Turn, event: Due) -> None:
        if event.timer != "forget":
            due(t, event)

    patch.setattr(step, "_due", late)


def _stale_timers_count(patch: pytest.MonkeyPatch) -> None:
    due = step._due
    patch.setattr(step, "_due", lambda t, e: due(t, Due(e.timer, t.state.turn)))


def _a_second_tap_is_a_surprise(patch: pytest.MonkeyPatch) -> None:
    tapped = taps.take_tap

    def unremembered(t: Turn, event: Tapped) -> None:
        tapped(t, event)
        t.set(last="")

    patch.setattr(taps, "take_tap", unremembered)


def _stopping_stops_at_once(patch: pytest.MonkeyPatch) -> None:
    command = commands.command

    def abrupt(t: Turn, event: Command) -> None:
        if event.name == "stop" and t.state.open:
            t.ask(mode="paused")
        else:
            command(t, event)

    patch.setattr(commands, "command", abrupt)


def _help_asks_on(patch: pytest.MonkeyPatch) -> None:
    command = commands.command

    def unhelpful(t: Turn, event: Command) -> None:
        if event.name == "help":
            t.again()
        else:
            command(t, event)

    patch.setattr(commands, "command", unhelpful)


def _buttons_are_long(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(questions, "_start_of", lambda text: text)


def _nothing_to_tap_after_other(patch: pytest.MonkeyPatch) -> None:
    """The yes to a card leads round in a circle."""
    choose = taps._choose

    def circling(t: Turn, option_id: str) -> None:
        if t.step.kind == "review":
            t.ask()
        else:
            choose(t, option_id)

    patch.setattr(taps, "_choose", circling)
    patch.setattr(taps, "_aside", lambda t, button: t.again())


def _a_state_is_read_back_changed(patch: pytest.MonkeyPatch) -> None:
    read = State.from_json
    patch.setattr(State, "from_json", classmethod(lambda cls, text: read(text).but(picked=())))


def _nobody_is_told_that_it_was_received(patch: pytest.MonkeyPatch) -> None:
    def told(t: Turn, event: Said) -> None:
        t.tell((*t.state.draft, Part("text", event.text, event.ref)))

    patch.setattr(typed, "_told", told)


def _a_slot_stays_empty(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Guide, "say", lambda self, asked, facts: asked.say)


def _a_crash_on_an_unknown_edit(patch: pytest.MonkeyPatch) -> None:
    def edited(t: Turn, event: Edited) -> None:
        next(part for part in t.state.draft if part.ref == event.ref)
        t.effects.append(Say("ja"))

    patch.setattr(edits, "take_edit", edited)


def _silent_on_what_cannot_be_taken(patch: pytest.MonkeyPatch) -> None:
    received = recordings.receive

    def quiet(t: Turn, event: Sent, *, quiet: bool) -> None:
        received(t, event, quiet=quiet or bool(event.problem))

    patch.setattr(recordings, "receive", quiet)


def _a_text_comes_in_the_same_turn(patch: pytest.MonkeyPatch) -> None:
    def transcribed(t: Turn, event: Transcribed) -> None:
        parts = t.state.draft
        t.tell(tuple(part.but(status="") for part in parts))
        t.again()

    patch.setattr(recordings, "take_transcription", transcribed)


def _words_are_dropped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Turn, "unkept", lambda self, ref, key="", *names, **facts: self.choose())


def _anybody_answers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(typed, "take_text", _as_if_typed(typed.take_text))


def _as_if_typed(take: Callable[[Turn, Said], None]) -> Callable[[Turn, Said], None]:
    return lambda t, event: take(t, replace(event, forwarded=False))


def _help_comes_last(patch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def late(t: Turn, text: str) -> Iterator[None]:
        yield
        if t.guide.alarm(text, t.state.language):
            t.phrase("help_card")

    for module in (edits, typed, recordings):
        patch.setattr(module, "care", late)


def _equal_buttons(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(questions, "distinct", lambda buttons: tuple(buttons))
    patch.setattr(questions, "_start_of", lambda text: "Dit stuk")


OF_TURNS = [
    Mutant("typed words are dropped", "dropped", _words_are_dropped),
    Mutant("words of somebody else are an answer", "forwarded", _anybody_answers),
    Mutant("help comes after other sentences", "help-first", _help_comes_last),
    Mutant("two buttons read the same", "label-twice", _equal_buttons),
    Mutant("a stale tap counts", "stale", _stale_taps_count),
    Mutant("a sticker gets no answer", "silence", _silent_on_stickers),
    Mutant("a part of the story gets no answer", "silence", _nobody_is_told_that_it_was_received),
    Mutant("going back loses answers", "lost", _back_loses_answers),
    Mutant("going back leads to the start", "back", _back_goes_to_the_start),
    Mutant("a new question has the old turn", "turn", _the_turn_stays),
    Mutant("what cannot be taken gets no answer", "silence", _silent_on_what_cannot_be_taken),
    Mutant("a text comes without a new turn", "turn", _a_text_comes_in_the_same_turn),
    Mutant("the forget timer does nothing", "forget", _nothing_is_forgotten_in_time),
    Mutant("a stale timer counts", "stale", _stale_timers_count),
    Mutant("a second tap is not recognised", "double", _a_second_tap_is_a_surprise),
    Mutant("stopping does not ask", "stop", _stopping_stops_at_once),
    Mutant("help asks on", "help", _help_asks_on),
    Mutant("a tap on a consent counts as soon as any other", "early", _taps_count_at_once),
    Mutant("words from before a consent was asked count", "early", _early_words_count),
    Mutant("a button carries a whole sentence", "label", _buttons_are_long),
    Mutant("there is no way out by buttons", "buttons", _nothing_to_tap_after_other),
    Mutant("a state is read back changed", "json", _a_state_is_read_back_changed),
    Mutant("a slot stays empty", "slot", _a_slot_stays_empty),
    Mutant("an edit of an unknown message crashes", "crash", _a_crash_on_an_unknown_edit),
]
