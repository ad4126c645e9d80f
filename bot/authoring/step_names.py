"""What a step is called, for who writes a guide or reads what became of it: never by its id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.coordinators.phrases import CoordinatorPhrases
from conversations.authoring.guide_text import GuideText
from conversations.authoring.step_form import STAYS
from conversations.checks.readability import sentences
from conversations.guide.condition import Term, parse_condition, write_condition
from conversations.guide.model import Guide, fill_slots

Answers = Sequence[tuple[str, str]]
"""Conditions on the answers of one question, each with the label of its answer."""


def step_name(words: CoordinatorPhrases, kind: str, say: str, short: str = "") -> str:
    """Its name on the card; else what kind of step it is, where a guide has only one of that; else
    what it asks, or says."""
    if name := " ".join(short.split()):
        return name
    if kind in STAYS:
        return words(f"guides.kind.{kind}")
    said = " ".join(say.split())
    asks = [each for each in sentences(said) if each.rstrip("”’\"'").endswith("?")]
    return asks[-1] if asks else said


def names_told(words: CoordinatorPhrases, guide: Guide, facts: Mapping[str, str]) -> dict[str, str]:
    """Those of a guide as it is told, by id."""
    return {
        step.id: fill_slots(step_name(words, step.kind, guide.say(step, facts), step.short), facts)
        for step in guide.steps.values()
    }


class DraftNames:
    """Those of a guide as it is written, with their place in the list."""

    def __init__(self, words: CoordinatorPhrases, text: GuideText) -> None:
        self.words = words
        self._places = {block.id: place for place, block in enumerate(text.steps, 1)}
        self._steps = {block.id: block.data for block in text.steps}

    def has(self, step: str) -> bool:
        return step in self._steps

    def name(self, step: str) -> str:
        """The id of what is no step."""
        data = self._steps.get(step, {"say": step})
        kind, say, short = (str(data.get(key, "")) for key in ("kind", "say", "short"))
        return step_name(self.words, kind, say, short)

    def numbered(self, step: str) -> str:
        place = self._places.get(step)
        return f"{place}. {self.name(step)}" if place else step

    def conditions(self, steps: Sequence[str]) -> list[tuple[str, Answers]]:
        """Every answer of these questions as a condition, by question."""
        found: list[tuple[str, Answers]] = []
        for step in steps:
            answers = [
                (write_condition(((Term(step, option),),)), label)
                for option, label in self._labels(step).items()
            ]
            if answers and self._steps[step].get("kind") in ("choice", "choices"):
                found.append((self.numbered(step), answers))
        return found

    def condition(self, text: str) -> str:
        """A condition in words; as it is written where it is none."""
        try:
            condition = parse_condition(text) if text else ()
        except ValueError:
            return text
        return f" {self.words('guides.or')} ".join(
            f" {self.words('guides.and')} ".join(map(self._term, terms)) for terms in condition
        )

    def _term(self, term: Term) -> str:
        step = self.name(term.step)
        if not term.option:
            return self.words("guides.when.answered", step=step)
        label = self._labels(term.step).get(term.option, term.option)
        return self.words(
            "guides.when.not" if term.otherwise else "guides.when.is", step=step, answer=label
        )

    def _labels(self, step: str) -> dict[str, str]:
        options = self._steps.get(step, {}).get("options", ())
        return {str(each.get("id")): str(each.get("label", "")) for each in options}
