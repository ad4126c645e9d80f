"""Engines that keep, agree to, show or replace something else than the teller meant."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import pytest

from conversations.engine import (
    attachments,
    clues,
    questions,
    switches,
    taps,
    turn,
)
from conversations.engine.card import card, telling
from conversations.engine.effects import Keep, Record
from conversations.engine.state import State
from conversations.engine.turn import Turn
from conversations.guide.model import Guide, Step
from tests.conversations.checks.mutant import Mutant


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


def _an_empty_story_has_a_card(patch: pytest.MonkeyPatch) -> None:
    def opened(self: Turn, asked: Step) -> None:
        self.ask(at=asked.id, mode="asking", picked=())
        if asked.kind == "review":
            self.set(carded=True, fixing=False)

    patch.setattr(Turn, "open", opened)


def _recordings_stay_unasked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(turn, "agreements", lambda state: ())


def _nobody_waits_for_the_text(patch: pytest.MonkeyPatch) -> None:
    for module in (turn, taps, attachments):
        patch.setattr(module, "gate", lambda state: "")


OF_AGREEMENT = [
    Mutant("a story is kept when the card is shown", "consent", _kept_at_the_card),
    Mutant("a story is kept after a no", "consent", _kept_after_a_no),
    Mutant("another story is kept than was shown", "consent", _another_story_is_kept),
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
    Mutant("the story stays after the end", "remains", _the_story_stays_after_the_end),
    Mutant("an early end leaves a kept story", "kept", _an_early_end_leaves_the_story),
]
