"""What pictures show, as plain data: it goes to the process that draws, and imports nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DigestPicture:
    """What stands in the picture. A number that is hidden is None. `average` is what a week of the
    quarter before had."""

    title: str
    subtitle: str
    weeks_title: str
    weeks: Sequence[tuple[str, int | None]]
    promises_title: str
    promises: Sequence[tuple[str, int | None, float | None]]
    this_week: str
    per_week: str
    hidden: str
