"""Puts what every guide must have around the questions of a form that was made for another program:
who is asking, the card, the ends. Consent is not made up: a form says itself what it is for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from bot.authoring.exchange.sheet_problems import SheetProblem
from bot.authoring.exchange.sheet_rows import SheetQuestions
from conversations.guide.loading import load_guides

_BASE = "professional"
_OPENING, _REVIEW = ("opening", "opening_readers"), "review"
_CONSENT, _KEPT, _NOT_KEPT = "consent_keep", "end_kept", "end_not_kept"


def with_frame(found: SheetQuestions) -> list[SheetProblem]:
    """Put the frame around the steps that were found; what was put there is told."""
    base = load_guides().sources[_BASE]
    steps = {step["id"]: deepcopy(step) for step in base["guide"]["step"]}
    problems = []
    added = [*_OPENING, _REVIEW, *([_KEPT] if found.consents else []), _NOT_KEPT]
    _make_room(found, {*added, _CONSENT})
    asked = found.steps
    opening = [steps[name] for name in _OPENING]
    consents = [_consent(step, steps[_CONSENT]) for step in found.consents]
    consents.sort(key=lambda step: step["purpose"] != "keep")
    ends = [steps[name] for name in added if name.startswith("end_")]
    found.steps = [*opening, *asked, steps[_REVIEW], *consents, *ends]
    for language, texts in base["texts"].items():
        mine = {key: text for key, text in texts.items() if key.partition(".")[0] in added}
        for step in found.consents:
            said = {
                key: text for key, text in texts.items() if key.startswith(f"{_CONSENT}.option")
            }
            mine |= {key.replace(_CONSENT, step["id"], 1): text for key, text in said.items()}
        if language in found.texts:
            found.texts[language] = {**mine, **found.texts[language]}
    problems.append(SheetProblem("survey", 0, "frame-added", {"steps": ", ".join(added)}))
    if not any(step["purpose"] == "keep" for step in consents):
        problems.append(SheetProblem("survey", 0, "no-consent"))
    elif consents:
        problems.append(SheetProblem("survey", 0, "consent-moved"))
    return problems


def _consent(step: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """A consent with a yes and a no; a no to keeping ends the conversation."""
    options = deepcopy(base["options"])
    if step["purpose"] != "keep":
        for option in options:
            option.pop("goto", None)
    return {**step, "options": options}


def _make_room(found: SheetQuestions, taken: set[str]) -> None:
    """Give questions that are called as a step of the frame another id."""
    for step in [*found.steps, *found.consents]:
        if step["id"] in taken:
            _rename(found, step["id"], f"{step['id']}_form")


def _rename(found: SheetQuestions, old: str, new: str) -> None:
    for step in [*found.steps, *found.consents]:
        step["id"] = new if step["id"] == old else step["id"]
        if "when" in step:
            step["when"] = re.sub(rf"(?<!= )\b{old}\b", new, step["when"])
    for texts in found.texts.values():
        for key in [each for each in texts if each.startswith(f"{old}.")]:
            texts[new + key.removeprefix(old)] = texts.pop(key)
    if old in found.sections:
        found.sections[new] = found.sections.pop(old)
