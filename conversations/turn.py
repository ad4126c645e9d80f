"""One turn while it is being taken: the state so far, the effects so far, and the moves that
change both. `step` makes one for every event and lets go of it afterwards."""

from __future__ import annotations

from typing import Any

from conversations.effects import Button, Effect, Forget, Keep, Mark, Record, Say, Withdraw
from conversations.guide import Guide, Step, fill_slots
from conversations.prompts import choices, prompt
from conversations.state import Answer, State
from conversations.story import telling


class Turn:
    """The moves: say, ask, answer, go on, go back, end."""

    def __init__(self, guide: Guide, state: State) -> None:
        self.guide = guide
        self.state = state
        self.effects: list[Effect] = []

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
        self.effects.append(Say(text, buttons, turn))

    def ask(self, **changes: Any) -> None:
        """A new question: the turn rises, buttons of earlier ones no longer count."""
        self.set(turn=self.state.turn + 1, **changes)
        self.again()

    def again(self) -> None:
        """The open question once more; every copy of it counts."""
        if self.state.open:
            self.effects.append(prompt(self.guide, self.state))
        else:
            self.phrase("over_idle", "begin", "stories")

    def mark(self, chosen: str) -> None:
        self.effects.append(Mark(self.state.turn, chosen))

    # answering

    def answer(self, answer: Answer, goto: str | None = None) -> None:
        """Take the answer to the open question and go on."""
        step = self.step
        kept_as_is = self.state.answers.get(step.id) == answer
        self.set(
            mode="asking",
            answers={**self.state.answers, step.id: answer},
            path=(*self.state.path, step.id),
            picked=(),
        )
        if self.state.consents and step.kind != "consent" and not kept_as_is:
            self.set(consents={})
        self.advance(goto)

    def skip(self, step: Step) -> None:
        self.mark(step.skip.label if step.skip else "")
        if step.skip and step.skip.reply and not self.state.fixing:
            self.effects.append(Say(fill_slots(step.skip.reply, self.state.facts)))
        self.answer(Answer(), step.skip.goto if step.skip else None)

    def consent(self, option_id: str, goto: str | None) -> None:
        """Take the answer to a consent question: record it, and keep or let go of the story."""
        step, state = self.step, self.state
        if step.purpose is None:
            raise ValueError(f"step {step.id} is no consent")
        record = Record(step.purpose, option_id, self.guide.say(step, state.facts))
        self.set(consents={**state.consents, step.purpose: option_id})
        if step.purpose == "keep":
            self.set(consents={"keep": option_id})
            if option_id == "yes":
                self.effects += [record, Keep(telling(self.guide, self.state))]
                self.set(kept=True)
            elif state.kept:
                self.effects += [record, Withdraw()]
                self.set(kept=False)
        else:
            self.effects.append(record)
        self.answer(Answer(options=(option_id,)), goto)

    # moving

    def advance(self, goto: str | None) -> None:
        """Go on from the answered question to the next one that waits, saying what lies between.
        While one answer is being fixed, questions that have an answer are passed."""
        name = goto or self.step.next
        while name is not None:
            step = self.guide.steps[name]
            if step.end:
                return self.end(step)
            known = self._known(step)
            if step.kind == "say":
                self.effects.append(Say(self.guide.say(step, self.state.facts)))
                name = step.next
            elif known is not None:
                self.set(
                    answers={**self.state.answers, step.id: known},
                    path=(*self.state.path, step.id),
                )
                name = _after(step, known)
            elif self.state.fixing and step.kind != "review" and step.id in self.state.answers:
                self.set(path=(*self.state.path, step.id))
                name = _after(step, self.state.answers[step.id])
            else:
                return self.open(step)
        return None

    def open(self, step: Step) -> None:
        """Ask this question, with an earlier answer as a proposal."""
        earlier = self.state.answers.get(step.id, Answer())
        picked = (*earlier.options, *(["other"] if earlier.text else []))
        self.ask(at=step.id, mode="asking", picked=picked if step.kind == "choices" else ())
        if step.kind == "review":
            self.set(carded=True, fixing=False)

    def back(self) -> None:
        """One question back; its answer stays as a proposal."""
        if self.state.fixing:
            self.advance_unchanged()
        elif not self.state.path:
            self.phrase("back_first")
            self.again()
        else:
            self.phrase("back_done")
            self.set(path=self.state.path[:-1], at=self.state.path[-1])
            self.open(self.step)

    def advance_unchanged(self) -> None:
        """Leave the answer that was being fixed as it was, and go back to the card."""
        answer = self.state.answers[self.state.at]
        self.answer(answer, _after(self.step, answer))

    def fix(self, step_id: str) -> None:
        """Change one answer from the card; afterwards the card comes back."""
        place = self.state.path.index(step_id)
        self.set(path=self.state.path[:place], at=step_id, fixing=True)
        self.open(self.step)

    def card_again(self) -> None:
        """Something changed after the card was shown: the card and the consents once more."""
        review = next(step for step in self.guide.steps.values() if step.kind == "review")
        self.phrase("changed_after_card")
        place = self.state.path.index(review.id) if review.id in self.state.path else None
        self.set(consents={}, path=self.state.path[:place])
        self.open(review)

    # ending

    def end(self, step: Step) -> None:
        over = self.state.but(at=step.id, mode="over", turn=self.state.turn + 1)
        self.effects.append(prompt(self.guide, over))
        self.state = _emptied(over)
        if not self.state.kept:
            self.effects.append(Forget(person=step.erase))

    def erase(self) -> None:
        """Throw away everything of this conversation."""
        if self.state.kept:
            self.effects.append(Withdraw())
        self.phrase("stop_erased")
        self.forget(Forget())

    def forget(self, effect: Forget) -> None:
        """Let go of what was told, without a word."""
        self.effects.append(effect)
        self.state = _emptied(self.state.but(mode="over", turn=self.state.turn + 1))

    def _known(self, step: Step) -> Answer | None:
        """The answer to a question about a place that need not be asked: the invitation said it,
        or there is nothing to choose."""
        if step.fill is None or step.id in self.state.answers:
            return None
        facts = self.state.facts
        if fact := facts.get(f"{step.fill}_id"):
            return Answer(options=(fact,), labels=(facts.get(f"{step.fill}_name", fact),))
        match choices(self.guide, self.state, step):
            case ():
                return Answer()
            case (only,) if step.fill == "team":
                return Answer(options=(only.id,), labels=(only.label,))
        return None


def _emptied(state: State) -> State:
    """Nothing of the story stays in a conversation that is over."""
    return state.but(draft=(), answers={}, path=(), picked=(), pending=("", ""))


def _after(step: Step, answer: Answer) -> str | None:
    if answer.skipped and step.skip and step.skip.goto:
        return step.skip.goto
    for option_id in answer.options:
        option = step.option(option_id)
        if option and option.goto:
            return option.goto
    return step.next
