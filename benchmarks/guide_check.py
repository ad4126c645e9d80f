"""How long an author waits: the check as one types, of words and of structure, and the proof of a
guide of 30 steps with 6 branches in 6 languages. `python -m benchmarks.guide_check [--walk]`."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from typing import Any

from conversations.authoring.guide_toml import step_toml
from conversations.checks.lint_guide import check_guide
from conversations.checks.walk.explore import explore
from conversations.guide.builder import build_guide, fields
from conversations.guide.loading import load_guides
from conversations.guide.model import Guide

BRANCHES = 6
STEPS = 30
LANGUAGES = ("nl", "en", "tr", "ar", "fy", "pap")
ROUNDS = 20


def branched() -> dict[str, Any]:
    """A guide in which the first answer leads to one of six rows of questions."""
    base = load_guides().sources["follow_up"]["guide"]
    steps = {step["id"]: step for step in base["step"]}
    head = [_to_the_story(step) for step in base["step"] if step["id"] in _BEFORE]
    tail = [step for step in base["step"] if step["id"] in _AFTER]
    spare = STEPS - len(head) - len(tail) - 1
    names = [f"row{branch}" for branch in range(BRANCHES)]
    door = {**steps["door"], "skip": False, "options": []}
    middle = []
    for branch, name in enumerate(names):
        door["options"].append({"id": name, "label": f"Weg {branch}", "goto": f"{name}_0"})
        for row in range(spare // BRANCHES + (branch < spare % BRANCHES)):
            asked = {**steps["factor"], "id": f"{name}_{row}", "short": f"Deel {branch} {row}"}
            middle.append({**asked, "say": f"Wat speelde er mee in deel {branch} {row}?"})
        middle[-1]["goto"] = "review"
    return {**base, "minutes": 9, "step": [*head, door, *middle, *tail]}


def _to_the_story(step: dict[str, Any]) -> dict[str, Any]:
    """In the guide that this one is made of, another question comes before the story."""
    options = [
        {**each, "goto": "tell"} if each.get("goto") == "door" else each
        for each in step.get("options", ())
    ]
    return {**step, "options": options} if options else step


_BEFORE = ("opening", "opening_readers", "start", "more_info", "start_after_info", "tell",
           "sentence", "feeling")  # fmt: skip
_AFTER = ("review", "consent_keep", "consent_more", "end_kept", "end_not_kept", "end_declined")


def in_languages(data: dict[str, Any]) -> list[Guide]:
    """The guide in six languages; what is not translated says which language it is."""
    library = load_guides()
    found = []
    for language in LANGUAGES:
        phrases = replace(library.phrases(language), language=language)
        texts = {} if language == "nl" else fields(data)
        numbers = library.sources["follow_up"]["numbers"]
        found.append(build_guide(data, texts, phrases, "bench", numbers))
    return found


def main() -> None:
    data = branched()
    head = {key: value for key, value in data.items() if key != "step"}
    text = "\n".join([*step_toml(head).splitlines()[1:], *map(step_toml, data["step"])])
    for name, words_only in (("words", True), ("structure", False)):
        check_guide("follow_up.toml", text, words_only=words_only)
        began, used = time.perf_counter(), time.process_time()
        for _ in range(ROUNDS):
            check_guide("follow_up.toml", text, words_only=words_only)
        each = (time.perf_counter() - began) / ROUNDS, (time.process_time() - used) / ROUNDS
        print(f"{name:10} {each[0]:.3f} s, of which {each[1]:.3f} s of processor")
    if "--walk" in sys.argv:
        guides = in_languages(data)
        began, used = time.perf_counter(), time.process_time()
        found = explore(*guides)
        print(
            f"walk       {time.perf_counter() - began:.1f} s, of which "
            f"{time.process_time() - used:.1f} s of processor: {len(data['step'])} steps, "
            f"{BRANCHES} branches, {len(guides)} languages, {found.states} states, "
            f"{found.transitions} transitions, {len(found.problems)} problems"
        )


if __name__ == "__main__":
    main()
