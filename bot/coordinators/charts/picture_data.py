"""The data of a picture, as plain values: it goes to the chart worker, and imports nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TOLD = 12
"""The most relations that a page tells of."""


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
    """Not a picture: the family of all pairs of questions that is tested under some filters, and
    which of it a page is about (no question: all of it).

    A column has a number for each story, -1 without an answer: a place (0 to 100); of a question
    with `answers` the place of the chosen one among them; in `several`, where more than one may be
    chosen, the sum of 2 to the power of each of those places.
    """

    columns: Mapping[str, Sequence[int]]
    answers: Mapping[str, Sequence[str]]
    several: Sequence[str]
    about: Sequence[str]
