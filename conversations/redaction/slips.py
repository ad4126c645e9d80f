"""Words that begin a sentence and are rather misspelt than names."""

from __future__ import annotations

from conversations.wordlist.lexicon import Lexicon

MOST = 30
"""Different words of a story that are looked at: each may take a millisecond, and nobody makes so
many slips of this kind. Of more, each may be a name."""


class Slips:
    """Those of one story. A word is looked at once, however often it stands there."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[str, bool] = {}

    def __contains__(self, lower: str) -> bool:
        if lower not in self._known:
            if len(self._known) == MOST:
                return False
            self._known[lower] = self._lexicon.is_slip(lower)
        return self._known[lower]
