"""The questions of the guides as variables: their labels, answers and poles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, cast

from conversations.guide.library import Library
from conversations.guide.model import Guide, Step

Shape = Literal["choice", "choices", "scale", "triad"]
FIRST = ("professional", "resident")
"""When a question stands in several guides, its words come from the first of these."""


@dataclass(frozen=True, slots=True)
class Question:
    """A closed question. `answers` are (id, label), the poles of a scale or triad too."""

    id: str
    label: str
    asks: str
    shape: Shape
    answers: tuple[tuple[str, str], ...]
    about: str = "story"
    guides: tuple[str, ...] = field(default=())

    def said(self, answer: str) -> str:
        return dict(self.answers).get(answer, answer)


def questions(library: Library, language: str, guide: str = "") -> dict[str, Question]:
    """All questions of one guide, or of all, in the order of the guides."""
    order = [guide] if guide in library.ids else _ordered(library.ids)
    found: dict[str, Question] = {}
    asking: dict[str, list[str]] = {}
    for guide_id in order:
        spoken = library.get(guide_id, language)
        for step in spoken.steps.values():
            if (
                step.kind in ("choice", "choices", "scale", "triad")
                and step.short
                and not step.fill
            ):
                asking.setdefault(step.id, []).append(guide_id)
                found.setdefault(step.id, _question(spoken, step))
    return {
        name: Question(
            q.id, q.label, q.asks, q.shape, q.answers, q.about, guides=tuple(asking[name])
        )
        for name, q in found.items()
    }


def _ordered(ids: Iterable[str]) -> list[str]:
    return sorted(ids, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))


def _question(guide: Guide, step: Step) -> Question:
    shown = step.poles if step.kind in ("scale", "triad") else step.options
    answers = [(option.id, option.label) for option in shown]
    if step.other:
        answers.append(("other", guide.phrases.get("button.other")))
    shape = cast(Shape, step.kind)  # `questions` takes these kinds only
    return Question(step.id, step.short, step.say, shape, tuple(answers), step.about)
