"""Own questions that somebody tries before they are saved: in memory, for who typed them."""

from __future__ import annotations

import secrets
from collections import OrderedDict

from conversations.authoring.overlay import Overlay

PREFIX = "unsaved."
"""Begins the name of a rehearsal of what is not saved, where the step stands otherwise."""
MOST = 200


class UnsavedOverlays:
    """The last ones that were tried. Nothing of them is written anywhere."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, Overlay]] = OrderedDict()

    def keep(self, who: str, overlay: Overlay) -> str:
        """The name under which it is tried."""
        name = PREFIX + secrets.token_hex(16)
        self._kept[name] = who, overlay
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return name

    def find(self, who: str, name: str) -> Overlay | None:
        """None for who did not type it, and for what was let go of."""
        owner, overlay = self._kept.get(name, ("", None))
        return overlay if owner == who else None
