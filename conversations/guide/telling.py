"""A story as it is kept."""

from __future__ import annotations

from dataclasses import dataclass

Closed = list[str] | int | list[int]


@dataclass(frozen=True)
class Telling:
    """A story as it is kept. `answers` are the closed answers: option ids, a scale (0-100) or
    three shares of 100; `words` the typed ones by step id; `sentence` the one that it
    turns on, chosen by its teller."""

    guide: str
    fingerprint: str
    language: str
    kind: str
    name: str
    text: str
    answers: dict[str, Closed]
    words: dict[str, str]
    team: str
    municipality: str
    parts: list[dict[str, str]]
    sentence: str = ""

    @property
    def headline(self) -> str:
        """What stands above the story: the sentence it turns on or, of older ones, its name."""
        return self.sentence or self.name
