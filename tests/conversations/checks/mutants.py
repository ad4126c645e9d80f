"""Broken engines. Each changes one thing that a hurried hand could get wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest

from conversations.engine import (
    attachments,
    clues,
    commands,
    messages,
    questions,
    recordings,
    step,
    switches,
    taps,
    turn,
)
from conversations.engine.card import card, telling
from conversations.engine.effects import Keep, Record, Say
from conversations.engine.events import Command, Due, Edited, Said, Sent, Tapped, Transcribed
from conversations.engine.state import Part, State
from conversations.engine.turn import Turn
from conversations.guide.model import Guide, Step

Break = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Mutant:
    """A broken engine, and the check that must notice."""

    name: str
    code: str
    apply: Break
    older: bool = False
    """It can go wrong only in a guide of before, which asks every consent by itself."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What else is known at the start when it goes wrong."""


def _stale_taps_count(patch: pytest.MonkeyPatch) -> None:
    tapped = taps.take_tap
    patch.setattr(taps, "take_tap", lambda t, e: tapped(t, Tapped(t.state.turn, e.button, e.seen)))


def _taps_count_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(taps, "weighty", lambda *_: False)


def _early_words_count(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(messages, "weighty", lambda *_: False)


def _kept_at_the_card(patch: pytest.MonkeyPatch) -> None:
    open_ = Turn.open

    def opened(self: Turn, asked: Step) -> None:
        open_(self, asked)
        if asked.kind == "review" and self.state.draft:
            self.effects.append(Keep(telling(self.guide, self.state)))
            self.set(kept=True)

    patch.setattr(Turn, "open", opened)


def _kept_after_a_no(patch: pytest.MonkeyPatch) -> None:
    consent = Turn.consent

    def kept(self: Turn, option_id: str) -> None:
        if self.step.purpose == "keep" and option_id == "no":
            self.effects.append(Keep(telling(self.guide, self.state)))
        consent(self, option_id)

    patch.setattr(Turn, "consent", kept)


def _another_story_is_kept(patch: pytest.MonkeyPatch) -> None:
    def all_answers(guide: Guide, state: State) -> object:
        return replace(telling(guide, state), name="iets anders")

    patch.setattr(turn, "telling", all_answers)


def _silent_on_stickers(patch: pytest.MonkeyPatch) -> None:
    sent = messages.take_file

    def silent(t: Turn, event: Sent) -> None:
        if event.kind != "sticker":
            sent(t, event)

    patch.setattr(messages, "take_file", silent)


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


def _erasing_leaves_the_story(patch: pytest.MonkeyPatch) -> None:
    erase = Turn.erase

    def forgetful(self: Turn) -> None:
        self.set(kept=False)
        erase(self)

    patch.setattr(Turn, "erase", forgetful)


def _consents_outlive_a_change(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Turn, "tell", lambda self, parts: self.set(draft=parts))


def _a_passed_rung_stays_open(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Turn, "_close_passed", lambda self, name: None)


def _a_switch_is_on_from_the_start(patch: pytest.MonkeyPatch) -> None:
    open_ = Turn.open

    def opened(self: Turn, asked: Step) -> None:
        open_(self, asked)
        if asked.kind == "switches":
            self.set(picked=(asked.options[0].id,))

    patch.setattr(Turn, "open", opened)


def _one_switch_takes_others_along(patch: pytest.MonkeyPatch) -> None:
    def switched(picked: tuple[str, ...], purpose: str) -> tuple[tuple[str, ...], str]:
        wider = ("network",) if purpose == "team" else ()
        return tuple(dict.fromkeys((*picked, purpose, *wider))), ""

    patch.setattr(switches, "switched", switched)


def _every_switch_by_itself(patch: pytest.MonkeyPatch) -> None:
    def switched(picked: tuple[str, ...], purpose: str) -> tuple[tuple[str, ...], str]:
        rest = tuple(each for each in picked if each != purpose)
        return (rest if purpose in picked else (*picked, purpose)), ""

    patch.setattr(switches, "switched", switched)


def _recorded(patch: pytest.MonkeyPatch, change: Callable[[list[Record]], list[Record]]) -> None:
    records = switches.records
    patch.setattr(turn, "records", lambda *each: change(records(*each)))


def _confirming_says_yes_to_all(patch: pytest.MonkeyPatch) -> None:
    _recorded(patch, lambda found: [each.but(answer="yes") for each in found])


def _what_is_off_is_not_recorded(patch: pytest.MonkeyPatch) -> None:
    _recorded(patch, lambda found: [each for each in found if each.answer != "no"])


def _other_words_are_recorded(patch: pytest.MonkeyPatch) -> None:
    _recorded(patch, lambda found: [each.but(shown="Iets anders.") for each in found])


def _a_switch_counts_at_once(patch: pytest.MonkeyPatch) -> None:
    switch = taps._switch

    def hasty(t: Turn, purpose: str) -> None:
        switch(t, purpose)
        t.set(consents={**t.state.consents, purpose: "yes"})

    patch.setattr(taps, "_switch", hasty)


def _everybody_has_a_team(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(switches, "team_of", lambda guide, state: "team0-0")


def _the_card_hides_answers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(questions, "card", lambda guide, state: card(guide, state).but(rows=()))


def _an_edit_skips_the_card(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Turn, "card_again", Turn.again)


def _replaced_words_stay(patch: pytest.MonkeyPatch) -> None:
    def half(state: State, words: Collection[str]) -> State:
        return state.but(clues=(), consents={})

    patch.setattr(turn, "replaced", half)


def _what_was_shown_keeps_the_words(patch: pytest.MonkeyPatch) -> None:
    def reword(self: Turn, words: Sequence[str]) -> None:
        self.state = clues.replaced(self.state, words)

    patch.setattr(Turn, "reword", reword)


def _asked_again_about_the_same_words(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(taps, "left_standing", lambda state, words: state)


def _nothing_on_the_card_can_be_tapped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(taps, "_on_card", lambda turn: set())


def _clues_are_passed_over(patch: pytest.MonkeyPatch) -> None:
    """The card is shown while the teller still has to decide."""
    patch.setattr(clues, "open_clues", lambda state: ())


def _the_story_stays_after_the_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(turn, "_emptied", lambda state: state)


def _an_early_end_leaves_the_story(patch: pytest.MonkeyPatch) -> None:
    end = Turn.end

    def lax(self: Turn, asked: Step) -> None:
        kept = self.state.kept
        self.set(consents={"keep": "yes"} if kept else {})
        end(self, asked)

    patch.setattr(Turn, "end", lax)


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


def _an_empty_story_has_a_card(patch: pytest.MonkeyPatch) -> None:
    def opened(self: Turn, asked: Step) -> None:
        self.ask(at=asked.id, mode="asking", picked=())
        if asked.kind == "review":
            self.set(carded=True, fixing=False)

    patch.setattr(Turn, "open", opened)


def _nobody_is_told_that_it_was_received(patch: pytest.MonkeyPatch) -> None:
    def told(t: Turn, event: Said) -> None:
        t.tell((*t.state.draft, Part("text", event.text, event.ref)))

    patch.setattr(messages, "_told", told)


def _a_slot_stays_empty(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Guide, "say", lambda self, asked, facts: asked.say)


def _a_crash_on_an_unknown_edit(patch: pytest.MonkeyPatch) -> None:
    def edited(t: Turn, event: Edited) -> None:
        next(part for part in t.state.draft if part.ref == event.ref)
        t.effects.append(Say("ja"))

    patch.setattr(messages, "take_edit", edited)


def _recordings_stay_unasked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(turn, "agreements", lambda state: ())


def _nobody_waits_for_the_text(patch: pytest.MonkeyPatch) -> None:
    for module in (turn, taps, attachments):
        patch.setattr(module, "gate", lambda state: "")


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


def _help_comes_last(patch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def late(t: Turn, text: str) -> Iterator[None]:
        yield
        if t.guide.alarm(text, t.state.language):
            t.phrase("help_card")

    for module in (messages, recordings):
        patch.setattr(module, "care", late)


def _equal_buttons(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(questions, "distinct", lambda buttons: tuple(buttons))
    patch.setattr(questions, "_start_of", lambda text: "Dit stuk")


MUTANTS = [
    Mutant("typed words are dropped", "dropped", _words_are_dropped),
    Mutant("help comes after other sentences", "help-first", _help_comes_last),
    Mutant("two buttons read the same", "label-twice", _equal_buttons),
    Mutant("a stale tap counts", "stale", _stale_taps_count),
    Mutant("a story is kept when the card is shown", "consent", _kept_at_the_card),
    Mutant("a story is kept after a no", "consent", _kept_after_a_no),
    Mutant("another story is kept than was shown", "consent", _another_story_is_kept),
    Mutant("a sticker gets no answer", "silence", _silent_on_stickers),
    Mutant("a part of the story gets no answer", "silence", _nobody_is_told_that_it_was_received),
    Mutant("going back loses answers", "lost", _back_loses_answers),
    Mutant("going back leads to the start", "back", _back_goes_to_the_start),
    Mutant("a new question has the old turn", "turn", _the_turn_stays),
    Mutant("erasing leaves a kept story", "erase", _erasing_leaves_the_story),
    Mutant("consents outlive a change of the story", "consent", _consents_outlive_a_change),
    Mutant(
        "a purpose that is passed by stays open", "rungs", _a_passed_rung_stays_open, older=True
    ),
    Mutant("a switch is on from the start", "switches", _a_switch_is_on_from_the_start),
    Mutant("one switch takes others along", "switches", _one_switch_takes_others_along),
    Mutant("others may read what the team may not", "switches", _every_switch_by_itself),
    Mutant("confirming says yes to all", "switches", _confirming_says_yes_to_all),
    Mutant("a switch that is off is not recorded", "switches", _what_is_off_is_not_recorded),
    Mutant("other words are recorded than were shown", "switches", _other_words_are_recorded),
    Mutant("a switch counts before it is confirmed", "consent", _a_switch_counts_at_once),
    Mutant(
        "who has no team is asked about it",
        "switches",
        _everybody_has_a_team,
        facts={"team_id": ""},
    ),
    Mutant("the card hides answers", "card", _the_card_hides_answers),
    Mutant("an edit after the card does not show it again", "card", _an_edit_skips_the_card),
    Mutant("an empty story has a card", "consent", _an_empty_story_has_a_card),
    Mutant("replaced words stay in the story", "clues", _replaced_words_stay),
    Mutant("what was shown keeps replaced words", "clues", _what_was_shown_keeps_the_words),
    Mutant("the same words are asked about again", "clues", _asked_again_about_the_same_words),
    Mutant("clues are passed over", "clues", _clues_are_passed_over),
    Mutant("nothing on the card can be tapped", "clues", _nothing_on_the_card_can_be_tapped),
    Mutant("a recording stays unasked", "attached", _recordings_stay_unasked),
    Mutant("the card does not wait for the text", "unchecked", _nobody_waits_for_the_text),
    Mutant("what cannot be taken gets no answer", "silence", _silent_on_what_cannot_be_taken),
    Mutant("a text comes without a new turn", "turn", _a_text_comes_in_the_same_turn),
    Mutant("the story stays after the end", "remains", _the_story_stays_after_the_end),
    Mutant("an early end leaves a kept story", "kept", _an_early_end_leaves_the_story),
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
