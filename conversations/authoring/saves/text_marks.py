"""Which words of two texts differ, to mark them where both are shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

Piece = tuple[str, bool]
"""Some words, and whether the other text has others there."""

MOST = 4_000
"""Words of a text beyond which it is not compared word by word: that would take seconds."""
_WORDS = re.compile(r"\s+|[^\w\s]+|\w+")


def marked(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, each whole again when its pieces are joined."""
    first, second = _WORDS.findall(one), _WORDS.findall(other)
    if max(len(first), len(second)) > MOST:
        return [(one, one != other)], [(other, one != other)]
    left: list[Piece] = []
    right: list[Piece] = []
    found = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    for kind, a, b, c, d in found:
        _put(left, first[a:b], kind != "equal")
        _put(right, second[c:d], kind != "equal")
    return left, right


def _put(pieces: list[Piece], words: Sequence[str], differs: bool) -> None:
    if words:
        pieces.append(("".join(words), differs))
