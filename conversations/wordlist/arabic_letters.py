"""Names and towns in Arabic script."""

from __future__ import annotations

from dataclasses import dataclass

_ALIKE = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك"}
    | {"گ": "ق", "چ": "ك", "پ": "ب", "ڤ": "ف"}
    | {chr(mark): None for mark in (0x640, *range(0x64B, 0x653), 0x670)}
)


@dataclass(frozen=True, slots=True)
class Names:
    """Words as `fold` leaves them. `sure` are given names and hardly ever anything else; `double`
    are words too; `titled` count behind a title only; `ordinary` are no names, and `verbs` say what
    people do."""

    sure: frozenset[str]
    double: frozenset[str]
    titled: frozenset[str]
    families: frozenset[str]
    places: frozenset[str]
    ordinary: frozenset[str]
    verbs: frozenset[str]


def fold(text: str) -> str:
    """A text without marks, with one way to write letters that are written in several."""
    return text.translate(_ALIKE)
