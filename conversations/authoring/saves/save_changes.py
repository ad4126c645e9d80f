"""What a save changed, step by step, for the list of saves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from conversations.authoring.guide_changes import ChangeKind, guide_changes

SaveKind = Literal["step_new", "step_gone", "step_changed", "order", "head"]
Part = Literal["words", "answers", "kind", "way"]
_PARTS: Mapping[ChangeKind, Part] = {
    "question_words": "words",
    "words": "words",
    "answer_new": "answers",
    "answer_gone": "answers",
    "answer_words": "answers",
    "question_kind": "kind",
    "way": "way",
}
Texts = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class SaveChange:
    """One step that was changed, by its words, and which parts of it; or something of the guide
    itself (`say`: its key)."""

    kind: SaveKind
    say: str = ""
    parts: tuple[Part, ...] = ()


def save_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[SaveChange]:
    """The steps that differ between two saves."""
    says = {step["id"]: str(step["say"]) for step in now["step"]}
    parts: dict[str, dict[Part, None]] = {}
    found: list[SaveChange] = []
    for each in guide_changes(before, now):
        if each.kind in ("question_new", "step_new"):
            found.append(SaveChange("step_new", each.now))
        elif each.kind in ("question_gone", "step_gone"):
            found.append(SaveChange("step_gone", each.before))
        elif each.kind == "order":
            found.append(SaveChange("order"))
        elif each.kind in _PARTS:
            parts.setdefault(each.step, {})[_PARTS[each.kind]] = None
        else:
            found.append(SaveChange("head", each.kind if each.kind != "head" else each.now))
    changed = [SaveChange("step_changed", says[step], tuple(of)) for step, of in parts.items()]
    return [*changed, *found]


def texts_changed(before: Texts, now: Texts) -> dict[str, int]:
    """How many translations differ, by language."""
    found = {}
    for language in sorted({*before, *now}):
        old, new = before.get(language, {}), now.get(language, {})
        count = sum(old.get(key) != new.get(key) for key in {**old, **new})
        if count:
            found[language] = count
    return found
