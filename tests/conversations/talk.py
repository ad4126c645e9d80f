"""A conversation of a test, one event at a time."""

from __future__ import annotations

from collections.abc import Iterable

from conversations.checks.walk.probes import SEEN
from conversations.engine.effects import Effect, Say
from conversations.engine.events import Command, Event, Said, Start, Tapped
from conversations.engine.step import step
from conversations.guide.model import Guide
from tests.conversations.conftest import facts_of

STORY = "Er kwam een mevrouw langs en die luisterde een uur."


class Talk:
    """A conversation of a test: what was done so far, and what was said last."""

    def __init__(self, guide: Guide, **facts: str) -> None:
        self.guide = guide
        self.effects: tuple[Effect, ...] = ()
        self.state, self.effects = step(guide, None, Start({**facts_of(guide), **facts}))

    def do(self, *events: Event) -> Talk:
        for event in events:
            self.state, self.effects = step(self.guide, self.state, event)
        return self

    def tap(self, *buttons: str) -> Talk:
        for button in buttons:
            self.do(Tapped(self.state.turn, button, SEEN))
        return self

    def say(self, text: str, ref: str = "") -> Talk:
        return self.do(Said(text, ref))

    def back(self, times: int = 1) -> Talk:
        return self.do(*[Command("back")] * times)

    def to(self, step_id: str) -> Talk:
        """Go on, skipping where possible, to a question."""
        assert step_id not in self.state.path, f"{step_id} is past"
        while self.state.at != step_id:
            asked = self.guide.steps[self.state.at]
            if asked.kind == "tell":
                self.say(STORY, "story").tap("done")
            elif asked.skip:
                self.tap("skip")
            elif asked.kind == "switches":
                self.tap("confirm")
            elif asked.kind == "review":
                self.tap("o:ok")
            else:
                self.tap("o:no" if asked.id == "extra" and self._after(step_id) else "o:yes")
            assert self.state.open or self.state.at == step_id, f"no way to {step_id}"
        return self

    def _after(self, step_id: str) -> bool:
        """Whether a question comes after the extra round."""
        no = self.guide.steps["extra"].option("no")
        order = list(self.guide.steps)
        return order.index(step_id) >= order.index(no.goto if no and no.goto else "extra")

    @property
    def said(self) -> list[Say]:
        return [effect for effect in self.effects if isinstance(effect, Say)]

    @property
    def words(self) -> str:
        return "\n".join(said.text for said in self.said)

    @property
    def buttons(self) -> list[str]:
        return [button.id for button in self.said[-1].buttons]


def only(kind: type, effects: Iterable[Effect]) -> list[Effect]:
    return [effect for effect in effects if isinstance(effect, kind)]
