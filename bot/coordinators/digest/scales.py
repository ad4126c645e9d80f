"""The words of the movements: what each is called, and its poles."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.guide.library import Library
from storage.stories.movements import MOVEMENTS

FIRST = "professional"
"""The guide whose words are taken, where it has the question."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A movement, as it is called in one language."""

    id: str
    label: str
    left: str
    right: str

    def pole(self, side: str) -> str:
        return self.left if side == "left" else self.right


def scales(library: Library, language: str) -> dict[str, Scale]:
    """All movements that the guides ask for."""
    found: dict[str, Scale] = {}
    for guide in sorted(library.ids, key=lambda each: (each != FIRST, each)):
        for step in library.get(guide, language).steps.values():
            if step.id in MOVEMENTS and step.id not in found:
                left, right = step.poles[0].label, step.poles[1].label
                found[step.id] = Scale(step.id, step.short, left, right)
    return found
