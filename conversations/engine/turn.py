"""One turn while it is being taken: the state so far, the effects so far, and the moves that
change both. `step` makes one for every event and lets go of it afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conversations.engine.attachments import agreements, gate
from conversations.engine.card import answer_label, telling, told
from conversations.engine.clues import find_clues, open_clues, replaced
from conversations.engine.effects import (
    Button,
    Control,
    Effect,
    Forget,
    Keep,
    Mark,
    Record,
    Reword,
    Say,
    Withdraw,
)
from conversations.engine.questions import prompt, room
from conversations.engine.state import Answer, Part, State
from conversations.engine.switches import offered, records
from conversations.engine.way.key_sentence import proposals
from conversations.engine.way.places import known_place, team_beside
from conversations.engine.way.progress import hangs_on_answered, progress
from conversations.engine.weighty_buttons import weighed
from conversations.guide.model import Guide, Step, fill_slots

_HERE_ONLY_BUTTONS = ("", "choose_button", "choose_or_skip", "consent_needs_answer")

REFUSED = 20
"""The most messages of which it is remembered that their words were not kept."""


class Turn:
    """The moves: say, ask, answer, go on, go back, end."""

    def __init__(self, guide: Guide, state: State) -> None:
        self.guide = guide
        self.state = state
        self.effects: list[Effect] = []
        self.held: int | None = None
        """The turn of the question that is not repeated: it waits until the teller goes on."""

    @property
    def step(self) -> Step:
        """The question the teller is at."""
        return self.guide.steps[self.state.at]

    def set(self, **changes: Any) -> None:
        self.state = self.state.but(**changes)

    # saying and asking

    def phrase(self, key: str, *names: str, **facts: str) -> None:
        """A fixed sentence. Its buttons, by name, count on the question that is open now."""
        buttons = tuple(Button(name, self.guide.phrase(f"{key}.{name}")) for name in names)
        turn = self.state.turn if names else 0
        text = self.guide.phrase(key, {**self.state.facts, **facts})
        said = Say(text, buttons, turn, self._room() if names else None)
        self.effects.append(weighed(self.guide, self.state, said))

    def _room(self) -> Control | None:
        """How many characters still fit, while a story is told."""
        if self.step.kind != "tell" or self.state.mode != "asking":
            return None
        return Control("tell", max=room(self.guide, self.state))

    def ask(self, **changes: Any) -> None:
        """A new question: the turn rises, buttons of earlier ones no longer count."""
        self.set(**{"turn": self.state.turn + 1, "pending": ("", ""), **changes})
        self.again()

    def again(self) -> None:
        """The open question once more; every copy of it counts."""
        if self.waits:
            return
        if self.state.open:
            far = progress(self.guide, self.state)
            self.effects.append(prompt(self.guide, self.state).but(progress=far))
        else:
            self.phrase("over_idle", "begin", "stories")

    @property
    def waits(self) -> bool:
        """Whether the open question waits for the teller to go on after heavy words."""
        return self.state.open and self.state.turn == self.held

    def make_way(self) -> None:
        """The turn after this one is that of another question. Whether there is more to tell, at
        the end, is not asked any more."""
        self.set(turn=self.state.turn + 2)
        if not self.state.open:
            self.leave_end()

    def leave_end(self) -> None:
        """What was asked at the end is answered, or no longer asked."""
        self.set(at=self.guide.first.id)

    def choose(self) -> None:
        """Only a button will do here."""
        self.phrase(self.only_buttons)
        self.again()

    @property
    def only_buttons(self) -> str:
        """The sentence that says so."""
        asked = prompt(self.guide, self.state)
        skippable = any(each.id == "skip" for each in asked.buttons)
        return "choose_or_skip" if skippable else "choose_button"

    def unkept(self, ref: str, key: str = "", *names: str, edited: str = "", **facts: str) -> None:
        """Say that what was typed in the message `ref` is not kept, and why. An edit of it is read
        as if it were said now. Of a message that was `edited` the words before stay."""
        state = self.state
        if ref:
            others = tuple(each for each in state.refused if each[0] != ref)
            self.set(refused=(*others, (ref, state.at))[-REFUSED:])
        keys = ["not_kept"]
        told = state.open and state.draft and not state.kept and self.step.kind != "tell"
        if key in _HERE_ONLY_BUTTONS and self.waits:
            key = ""  # what is asked now is whether to go on, not what this hint is about
        elif key in _HERE_ONLY_BUTTONS and told:
            keys.append("not_kept_story")
        facts = {**state.facts, **facts}
        words = " ".join(self.guide.phrase(each, facts) for each in (*keys, key) if each)
        buttons = tuple(Button(name, self.guide.phrase(f"{key}.{name}")) for name in names)
        control = self._room() if names else None
        refused = (ref or edited) if key.startswith("too_long") else ""
        turn = state.turn if names else 0
        self.effects.append(Say(words, buttons, turn, control, refused=refused))

    def leave_pending(self) -> None:
        """Words that wait for a yes are let go of without one: say so."""
        if self.state.mode in ("offering", "editing") and self.state.pending[1]:
            self.unkept("")

    def mark(self, chosen: str) -> None:
        self.effects.append(Mark(self.state.turn, chosen))

    # answering

    def answer(self, answer: Answer, team: Answer | None = None) -> None:
        """Take the answer to the open question and go on. With a municipality may come the answer
        to the question about its `team`, which is asked on the same screen."""
        step = self.step
        answers = {**self.state.answers, step.id: answer}
        if self.state.answers.get(step.id) != answer:
            if step.kind not in ("consent", "switches"):
                self.set(consents={})
            if step.fill == "municipality":
                answers = {
                    name: given
                    for name, given in answers.items()
                    if self.guide.steps[name].fill != "team"
                }
        answered = [step.id]
        beside = team_beside(self.guide, step)
        if beside and team is not None:
            if self.state.answers.get(beside.id) != team:
                self.set(consents={})
            answers = {**answers, beside.id: team}
            answered.append(beside.id)
            step, answer = beside, team
        self.set(mode="asking", answers=answers, path=(*self.state.path, *answered), picked=())
        self.set(proposed=())
        self.advance(_after(step, answer))

    def skip(self, step: Step) -> None:
        self.mark(step.skip.label if step.skip else "")
        if step.skip and step.skip.reply and not self.state.fixing:
            self.effects.append(Say(fill_slots(step.skip.reply, self.state.facts)))
        self.answer(Answer())

    def tell(self, parts: tuple[Part, ...]) -> None:
        """Other words in the story: what was agreed about the old ones no longer holds."""
        self.set(draft=parts, consents={})
        if self.step.kind == "sentence":
            self.set(proposed=proposals(told(self.state), self.state.language))

    def reword(self, words: Sequence[str]) -> None:
        """Other words for these, which may identify someone."""
        found = {c.words: c.instead for c in reversed(self.state.clues) if c.words in words}
        pairs = tuple((each, found[each]) for each in words if each in found)
        self.state = replaced(self.state, words)
        self.effects.append(Reword(pairs))

    def consent(self, option_id: str) -> None:
        """Take the answer to a consent question: record it, and keep the story after a yes."""
        step, state = self.step, self.state
        if step.purpose is None:
            raise ValueError(f"step {step.id} is no consent")
        record = Record(step.purpose, option_id, self.guide.say(step, state.facts))
        answer = Answer(options=(option_id,))
        if step.purpose != "keep":
            self.set(consents={**state.consents, step.purpose: option_id})
            self.effects.append(record)
            self._close_passed(_after(step, answer))
        else:
            self.set(consents={"keep": option_id})
            if option_id == "yes":
                keep = Keep(telling(self.guide, self.state))
                self.effects += [record, keep, *agreements(self.state)]
                self.set(kept=True)
            elif state.kept:
                self.effects.append(record)
        self.answer(answer)

    def confirm(self) -> None:
        """Take the switches as they stand: an answer to every purpose on the screen."""
        step, state = self.step, self.state
        found = records(self.guide, state, step)
        given = {record.purpose: record.answer for record in found}
        answer = Answer(options=state.picked)
        self.mark(answer_label(step, answer) or self.guide.phrase("switches_none"))
        self.effects += found
        self.set(consents={**state.consents, **given})
        self.answer(answer)

    def _close_passed(self, name: str | None) -> None:
        """An earlier yes to a purpose that is now passed by becomes a no."""
        step = self.guide.steps.get(self.step.next or "")
        while step and step.id != name:
            if step.purpose and self.state.consents.get(step.purpose, "no") != "no":
                said = self.guide.say(step, self.state.facts)
                self.effects.append(Record(step.purpose, "no", said))
                self.set(consents={**self.state.consents, step.purpose: "no"})
            step = self.guide.steps.get(step.next or "")

    # moving

    def advance(self, name: str | None) -> None:
        """Go on to the next question that waits, saying what lies between. While one answer is
        being fixed, questions that have an answer are passed."""
        while name is not None:
            step, answers = self.guide.steps[name], self.state.answers
            known = known_place(self.guide, self.state, step)
            if known is None and self.state.fixing and step.kind != "review":
                known = answers.get(step.id)
            if step.end:
                return self.end(step)
            applies = self._applies(step)
            if step.kind == "say" or not applies:
                if step.kind == "say" and applies and not self.state.fixing:
                    self.effects.append(Say(self.guide.say(step, self.state.facts)))
                name = step.next
            elif known is None:
                return self.open(step)
            else:
                self.set(answers={**answers, step.id: known}, path=(*self.state.path, step.id))
                name = _after(step, known)
        return None

    def open(self, step: Step) -> None:
        """Ask this question, with an earlier answer as a proposal. There is no card without a
        story."""
        if step.kind == "review" and not self.state.draft:
            self.phrase("tell_empty")
            return self.fix(
                next(each.id for each in self.guide.steps.values() if each.kind == "tell")
            )
        state = self.state
        earlier = state.answers.get(step.id, Answer())
        picked = (*earlier.options, *(["other"] if earlier.text else []))
        if step.kind == "review" and gate(state) in ("", "attaching"):
            self.set(clues=find_clues(self.guide, state))
        self.ask(
            at=step.id,
            mode="asking",
            picked=picked if step.kind == "choices" else (),
            proposed=proposals(told(state), state.language) if step.kind == "sentence" else (),
            helped=state.helped and step.id == state.at,
        )
        if step.kind == "review":
            self.set(carded=state.carded or not gate(self.state), fixing=False)
        return None

    def back(self) -> None:
        """One question back; its answer stays as a proposal. An answer that was being fixed stays
        as it was, and the card comes back."""
        path = self.state.path
        while path and self._asked_with_another(path):
            path = path[:-1]
        if self.state.fixing and self.state.at in self.state.answers:
            self.answer(self.state.answers[self.state.at])
        elif not path:
            self.phrase("back_first")
            self.again()
        else:
            self.phrase("back_done")
            self.set(path=path[:-1], at=path[-1])
            self.open(self.step)

    def _asked_with_another(self, path: tuple[str, ...]) -> bool:
        """Whether the last of these questions has no screen of its own: its answer is known, or
        came with the one before it."""
        last = self.guide.steps[path[-1]]
        before = self.guide.steps[path[-2]] if len(path) > 1 else None
        beside = before is not None and team_beside(self.guide, before) is last
        return beside or known_place(self.guide, self.state, last) is not None

    def fix(self, step_id: str) -> None:
        """Change one answer from the card; afterwards the card comes back."""
        place = self.state.path.index(step_id)
        self.set(path=self.state.path[:place], at=step_id, fixing=True)
        self.open(self.step)

    def card_again(self) -> None:
        """Something changed after the card was shown: the card and the consents once more."""
        self.phrase("part_edited" if open_clues(self.state) else "changed_after_card")
        self.set(consents={}, path=(), fixing=True)
        self.advance(self.guide.first.id)

    # ending

    def end(self, step: Step) -> None:
        """Say goodbye. Without a yes to keeping nothing is kept, also if it was before."""
        over = self.state.but(at=step.id, mode="over", turn=self.state.turn + 1)
        if over.kept and over.consents.get("keep") != "yes":
            self.effects.append(Withdraw())
            over = over.but(kept=False)
        self.effects.append(prompt(self.guide, over))
        self.state = _emptied(over)
        if not self.state.kept:
            self.effects.append(Forget(person=step.erase))

    def erase(self) -> None:
        """Throw away everything of this conversation."""
        if self.state.kept:
            self.effects.append(Withdraw())
            self.set(kept=False)
        self.phrase("stop_erased")
        self.forget(Forget())

    def forget(self, effect: Forget) -> None:
        """Let go of what was told, without a word."""
        self.effects.append(effect)
        self.state = _emptied(self.state.but(mode="over", turn=self.state.turn + 1))

    def _applies(self, step: Step) -> bool:
        """Whether the question that this one hangs on was answered."""
        if step.kind == "switches":
            return bool(offered(self.guide, self.state, step))
        return hangs_on_answered(self.state, step.when)


def _emptied(state: State) -> State:
    """Nothing of the story stays in a conversation that is over."""
    return state.but(
        draft=(),
        answers={},
        path=(),
        picked=(),
        pending=("", ""),
        refused=(),
        consents={},
        agreed={},
        clues=(),
        helped=False,
        proposed=(),
    )


def _after(step: Step, answer: Answer) -> str | None:
    if answer.skipped and step.skip and step.skip.goto:
        return step.skip.goto
    for option_id in answer.options:
        option = step.option(option_id)
        if option and option.goto:
            return option.goto
    return step.next
