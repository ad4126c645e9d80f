"""Figures as data: an indicator is what is measured, a figure one value of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["count", "percentage", "per_1000", "rate", "euro", "score", "index", "other"]
Certainty = Literal["definitive", "provisional", "revised", "modelled", "rounded", "unknown"]
Missing = Literal["", "empty", "unknown_or_secret", "withheld", "nil"]
"""Why there is no value: never zero. `withheld` also where it is below a bound, which is then
`upper`."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured. `title` holds the dimensions too; `own`: from a municipality's own file.
    `multiplier`: how many units one of its values counts for."""

    title: str
    source: str = ""
    table: str = ""
    unit: str = ""
    multiplier: int = 1
    kind: Kind = "other"
    own: bool = False

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.source, self.table, self.title


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of an indicator, of an area (by code) and a period. `lower` and `upper` are the
    bounds of what is modelled."""

    indicator: Indicator
    area: str
    period: str
    value: float | None = None
    certainty: Certainty = "unknown"
    missing: Missing = ""
    lower: float | None = None
    upper: float | None = None

    @property
    def said(self) -> tuple[float | None, str, str, float | None, float | None]:
        """What of it can change while it stays the same figure."""
        return self.value, self.certainty, self.missing, self.lower, self.upper
