"""The data of a picture, as plain values: it goes to the chart worker, and imports nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DigestPicture:
    """What stands in the picture. A number that is hidden is None. `promises` are shares of the
    stories, of this week and of the quarter before (empty `quarter`: not known); `said` stands
    beside the share of this week."""

    title: str
    subtitle: str
    weeks_title: str
    weeks: Sequence[tuple[str, int | None]]
    promises_title: str
    promises: Sequence[tuple[str, float | None, float | None]]
    said: Sequence[str]
    this_week: str
    quarter: str


@dataclass(frozen=True, slots=True)
class BarPicture:
    """How often each answer was given. `links` lead to the stories behind a bar."""

    title: str
    about: str
    labels: Sequence[str]
    counts: Sequence[int]
    links: Sequence[str]


@dataclass(frozen=True, slots=True)
class HistogramPicture:
    """Where stories stand between two poles, 0 to 100, in ten bins: one row for each group (one
    group without a label: all). `links` has ten addresses for each group."""

    title: str
    about: str
    left: str
    right: str
    groups: Sequence[str]
    values: Sequence[Sequence[int]]
    links: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class ScatterPicture:
    """Where stories stand on two scales at once; each mark leads to its story."""

    title: str
    about: str
    across: tuple[str, str, str]
    up: tuple[str, str, str]
    points: Sequence[tuple[int, int]]
    links: Sequence[str]


@dataclass(frozen=True, slots=True)
class TriadPicture:
    """Where stories stand between three poles (shares of 100), with their density."""

    title: str
    about: str
    poles: Sequence[str]
    points: Sequence[tuple[int, int, int]]
    links: Sequence[str]


@dataclass(frozen=True, slots=True)
class Relations:
    """Not a picture: what is tested about pairs of questions. A column has, for each story, the
    chosen answers (a list), a place (0 to 100) or None."""

    columns: dict[str, Sequence[Sequence[str] | int | None]]
    pairs: Sequence[tuple[str, str]]
