"""The names and towns in Arabic script, read when the first text in it is looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "arabic.txt"
_SECTION = re.compile(r"^\[(.+?)\]", re.MULTILINE)
_ALIKE = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك"}
    | {chr(mark): None for mark in (0x640, *range(0x64B, 0x653), 0x670)}
)


@dataclass(frozen=True, slots=True)
class Names:
    """Words as `fold` leaves them. `sure` are given names and hardly ever anything else; `double`
    are words too; `titled` count behind a title only."""

    sure: frozenset[str]
    double: frozenset[str]
    titled: frozenset[str]
    families: frozenset[str]
    places: frozenset[str]


def fold(text: str) -> str:
    """A text without marks, with one way to write letters that are written in several."""
    return text.translate(_ALIKE)


@cache
def names_in_arabic() -> Names:
    """What is known of names in Arabic script."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    _, *parts = _SECTION.split("\n".join(line for line in lines if not line.startswith("#")))
    sections = {name: fold(words) for name, words in zip(parts[::2], parts[1::2], strict=True)}
    words = {name: frozenset(text.split()) for name, text in sections.items()}
    places = sections["places"].replace("\n", " ").split(",")
    return Names(
        sure=words["given"] - words["also ordinary words"],
        double=words["also ordinary words"],
        titled=words["beside a title"],
        families=words["families"],
        places=frozenset(place.strip() for place in places),
    )
