"""A broken engine, and which check must notice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

Break = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Mutant:
    """A broken engine, and the check that must notice."""

    name: str
    code: str
    apply: Break
    older: bool = False
    """It can go wrong only in a guide of before, which asks every consent by itself."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What else is known at the start when it goes wrong."""
