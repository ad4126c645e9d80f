"""What the words of a consent no longer say: a warning for who rewrites them. It finds what was
said and is gone, no more: whether words are fair, people judge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_SAYS: Mapping[str, Mapping[str, str]] = {
    "keep": {
        "asks": r"\?",
        "retention": r"\{retention\}|\bjaar\b|\bmaand",
        "sensitive": r"gezond|geloof|afkomst|gevoelig",
        "refusal": r"\bnee\b",
    },
    "team": {"coordinator": r"co[öo]rdinator", "recognised": r"herken"},
    "network": {"residents": r"inwoner", "association": r"vereniging|associatie|\{association\}"},
    "quote": {"public": r"iedereen|openbaar|website|internet"},
}
"""What the words of a consent say of each purpose, by how one sees it."""


@dataclass(frozen=True, slots=True)
class Weaker:
    """Something that a consent does not say any more: in which step, for which purpose."""

    step: str
    purpose: str
    what: str


def weaker_consents(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Weaker]:
    """What the consents of a guide say less than those of another: what only that one says."""
    old, new = {p: words for p, _, words in _words(before)}, list(_words(now))
    found = []
    for purpose, step, words in new:
        for what, said in _SAYS.get(purpose, {}).items():
            if re.search(said, old.get(purpose, ""), re.IGNORECASE) and not re.search(
                said, words, re.IGNORECASE
            ):
                found.append(Weaker(step, purpose, what))
    return found


def _words(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Every purpose, its step, and what is said when it is asked."""
    for step in data["step"]:
        if step.get("kind") == "consent":
            yield str(step.get("purpose", "")), step["id"], str(step["say"])
        for option in step.get("options", ()) if step.get("kind") == "switches" else ():
            yield str(option["id"]), step["id"], f"{option['label']} {option.get('say', '')}"
