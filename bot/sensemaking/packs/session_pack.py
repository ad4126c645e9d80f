"""A pack as it goes to the process that draws, which loads this and little else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class SessionPack:
    """All that is typeset. `data` holds texts, numbers and pictures of codes, by name."""

    DRAWN_BY: ClassVar[str] = "bot.sensemaking.packs.typeset"

    data: Mapping[str, object]
