"""What two people changed at once, in the words of an author: both beside each other, with what
differs marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.authoring.step_names import DraftNames
from bot.coordinators.phrases import CoordinatorPhrases
from conversations.authoring.guide_text import GuideText
from conversations.authoring.saves.draft_merge import ORDER, Clash
from conversations.authoring.saves.text_marks import Piece, marked

_KEYS = {
    "say": "guides.step.say",
    "short": "guides.step.short",
    "kind": "guides.step.kind",
    "max": "guides.step.max",
    "other": "guides.step.other",
    "skip": "guides.step.skip",
    "goto": "guides.step.goto.all",
    "when": "guides.step.when",
    "title": "guides.name",
    "minutes": "guides.head.minutes",
    "options": "merge.options",
    "poles": "merge.options",
    ORDER: "merge.order",
}
_OF_ANSWER = {
    "reply": "guides.step.reply",
    "goto": "guides.step.goto",
    "say": "guides.step.means",
}


@dataclass(frozen=True, slots=True)
class ClashWords:
    """One thing to choose. `step` is what its step says; empty for the guide itself."""

    name: str
    step: str
    what: str
    mine: Sequence[Piece]
    theirs: Sequence[Piece]


class ClashTelling:
    """Says what two people changed, in words of the guide as each of them has it."""

    def __init__(self, words: CoordinatorPhrases, mine: GuideText, theirs: GuideText) -> None:
        self.words = words
        self._names = [DraftNames(words, text) for text in (mine, theirs)]
        self.steps = {block.id: block.data for text in (mine, theirs) for block in text.steps}
        self.labels = {
            (step, str(item.get("id"))): str(item.get("label", ""))
            for step, data in self.steps.items()
            for key in ("options", "poles")
            for item in data.get(key, ())
        }

    def told(self, clash: Clash) -> ClashWords:
        one, other = (self._value(clash, value) for value in (clash.mine, clash.theirs))
        mine, theirs = marked(one, other)
        say = str(self.steps.get(clash.step, {}).get("say", ""))
        return ClashWords(clash.name, say, self._what(clash), mine, theirs)

    def _what(self, clash: Clash) -> str:
        if not clash.part:
            return self.words("merge.step")
        _, _, rest = clash.part.partition(".")
        if not rest:
            key = _KEYS.get(clash.part)
            return self.words(key) if key else self.words("merge.part", name=clash.part)
        item, _, key = rest.partition(".")
        label = self.labels.get((clash.step, item), item)
        said = self.words("merge.answer", label=label)
        return f"{said}: {self.words(_OF_ANSWER[key])}" if key in _OF_ANSWER else said

    def _value(self, clash: Clash, value: object) -> str:
        key = clash.part.rpartition(".")[2]
        if isinstance(value, Mapping) and key != "skip":
            return str(value.get("say") or value.get("label") or value)
        whole = not clash.part or clash.part.count(".") == 1
        if value is None:
            default = {"goto": "guides.step.next", "skip": "merge.yes", "other": "merge.no"}
            return self.words("merge.gone" if whole else default.get(key, "merge.empty"))
        match key, value:
            case "skip", Mapping():
                said = f"{self.words('merge.yes')}: {value.get('label', '')}".rstrip(": ")
                to = str(value.get("goto", ""))
                return f"{said}; {self.words('guides.jump')} {self._called(to)}" if to else said
            case _, bool():
                return self.words("merge.yes" if value else "merge.no")
            case "skip", str():
                return f"{self.words('merge.yes')}: {value}"
            case "goto", str():
                return self._called(value)
            case "when", str():
                return self._names[0].condition(value)
            case "kind", str() if self.words.has(f"guides.kind.{value}"):
                return self.words(f"guides.kind.{value}")
        if isinstance(value, list | tuple):
            names = [self._name(clash.step, each) for each in value]
            return "\n".join(f"{n}. {name}" for n, name in enumerate(names, 1))
        return str(value)

    def _called(self, step: str) -> str:
        """A step that somebody leads to, as it is called in the list."""
        return next((each.name(step) for each in self._names if each.has(step)), step)

    def _name(self, step: str, item: object) -> str:
        """What something in a row is called: a step by its words, an answer by its label."""
        if isinstance(item, Mapping):
            return str(item.get("label", ""))
        name = str(item)
        said = self.labels.get((step, name)) if step else self.steps.get(name, {}).get("say")
        return " ".join(str(said or name).split())
