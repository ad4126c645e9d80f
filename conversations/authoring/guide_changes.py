"""What is different between two versions of a guide, as an author wants to hear it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from conversations.guide.route import QUESTIONS

ChangeKind = Literal[
    "question_new", "question_gone", "question_kind", "question_words", "answer_new",
    "answer_gone", "answer_words", "words", "step_new", "step_gone", "order", "way",
    "title", "minutes", "head",
]  # fmt: skip
_ASKED = QUESTIONS | {"tell"}
_PARTS = ("options", "poles")


@dataclass(frozen=True, slots=True)
class GuideChange:
    """One difference. `before` and `now` are its words (empty where there are none)."""

    kind: ChangeKind
    step: str
    item: str = ""
    before: str = ""
    now: str = ""


Data = Mapping[str, Any]


def guide_changes(before: Data, now: Data) -> list[GuideChange]:
    """The differences: of the guide as a whole, then in the order of the new one; what is gone
    comes last."""
    old, new = _steps(before), _steps(now)
    found = _head(before, now)
    for step_id, step in new.items():
        if step_id in old:
            found += _step(old[step_id], step)
        else:
            kind: ChangeKind = "question_new" if step.get("kind") in _ASKED else "step_new"
            found.append(GuideChange(kind, step_id, now=step["say"]))
    for step_id, step in old.items():
        if step_id not in new:
            kind = "question_gone" if step.get("kind") in _ASKED else "step_gone"
            found.append(GuideChange(kind, step_id, before=step["say"]))
    both = [step for step in new if step in old]
    if both != [step for step in old if step in new]:
        found.append(GuideChange("order", ""))
    return found


def asks_anew(changes: Sequence[GuideChange]) -> list[GuideChange]:
    """Those of which only the author knows whether people would answer otherwise now: a question or
    an answer whose words were changed under the same id."""
    return [each for each in changes if each.kind in ("question_words", "answer_words")]


def _head(before: Data, now: Data) -> list[GuideChange]:
    """What stands above the steps."""
    keys = [key for key in {**before, **now} if key != "step" and before.get(key) != now.get(key)]
    named: tuple[ChangeKind, ...] = ("title", "minutes")
    found = [
        GuideChange(kind, "", before=str(before.get(kind, "")), now=str(now.get(kind, "")))
        for kind in named
        if kind in keys
    ]
    found += [GuideChange("head", "", now=key) for key in keys if key not in named]
    return found


def _steps(data: Data) -> dict[str, Data]:
    return {step["id"]: step for step in data["step"]}


def _step(old: Data, new: Data) -> list[GuideChange]:
    step_id, kinds = new["id"], [str(each.get("kind", "")) for each in (old, new)]
    asked = kinds[1] in _ASKED
    found: list[GuideChange] = []
    if kinds[0] != kinds[1]:
        found.append(GuideChange("question_kind", step_id, now=new["say"]))
    if old["say"] != new["say"]:
        kind: ChangeKind = "question_words" if asked else "words"
        found.append(GuideChange(kind, step_id, before=old["say"], now=new["say"]))
    for part in _PARTS:
        found += _items(step_id, old.get(part, ()), new.get(part, ()), asked)
    rest = {key for key in old.keys() | new.keys() if key not in ("say", "kind", *_PARTS)}
    if any(old.get(key) != new.get(key) for key in rest) or _led_elsewhere(old, new):
        found.append(GuideChange("way", step_id, now=new["say"]))
    return found


def _items(
    step_id: str, old: Sequence[Data], new: Sequence[Data], asked: bool
) -> list[GuideChange]:
    labels, now = {each["id"]: each["label"] for each in old}, {e["id"]: e["label"] for e in new}
    found = []
    for item, label in now.items():
        if item not in labels:
            found.append(GuideChange("answer_new", step_id, item, now=label))
        elif labels[item] != label:
            kind: ChangeKind = "answer_words" if asked else "words"
            found.append(GuideChange(kind, step_id, item, labels[item], label))
    found += [
        GuideChange("answer_gone", step_id, item, before=label)
        for item, label in labels.items()
        if item not in now
    ]
    return found


def _led_elsewhere(old: Data, new: Data) -> bool:
    """Whether an answer that stays leads elsewhere now."""
    before, now = _gotos(old), _gotos(new)
    return any(before[item] != now[item] for item in before.keys() & now.keys())


def _gotos(step: Data) -> dict[str, object]:
    return {each["id"]: each.get("goto") for each in step.get("options", ())}
