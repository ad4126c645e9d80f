"""A new guide out of one that is there: its opening, the story, one question, the card and the
consents; so that what was promised is in it from the start."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from conversations.authoring.guide_text import GuideText
from conversations.authoring.guide_toml import step_toml

KEPT_QUESTIONS = ("feeling",)
"""What stays of the questions between the story and the card, besides those on places."""

LONGEST_ID = 40


def start(base: GuideText, guide_id: str, title: str) -> GuideText:
    """A guide with this id and title: `base` without the questions of its own."""
    between = False
    text = base
    for block in base.steps:
        step = block.data
        if step.get("kind") == "review":
            between = False
        elif between and block.id not in KEPT_QUESTIONS and "fill" not in step:
            text = text.remove(block.id)
        between |= step.get("kind") == "sentence"
    head = {key: value for key, value in base.data.items() if key != "step"}
    head |= {"id": guide_id, "title": title}
    lines = step_toml(head).splitlines()[1:]
    return GuideText("\n".join([*lines, ""]), text.steps)


def id_of(words: str, taken: Collection[str], otherwise: str = "vraag") -> str:
    """An id made of words (`Hoe gaat het?` → `hoe_gaat_het`), other than those that are taken."""
    plain = unicodedata.normalize("NFKD", words.casefold()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_ID].strip("_") or otherwise
    found, number = name, 2
    while found in taken:
        found, number = f"{name[: LONGEST_ID - 3]}_{number}", number + 1
    return found


def carried(
    texts: Mapping[str, Mapping[str, str]], before: Mapping[str, str], now: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """The translations of `before` that hold in the new guide too, by language: those of texts
    whose Dutch is the same."""
    return {
        language: {key: text for key, text in said.items() if before.get(key) == now.get(key)}
        for language, said in texts.items()
    }


def blank_step(kind: str, step_id: str) -> dict[str, Any]:
    """A step of a kind, with as little in it as it can do with."""
    step: dict[str, Any] = {"id": step_id, "kind": kind, "say": ""}
    if kind in ("choice", "choices"):
        step["options"] = []
    if kind == "choices":
        step["max"] = 2
    if kind in ("scale", "triad"):
        step["poles"] = []
    return step
