"""Gaps: voices and subjects that were not heard in the last full quarter, and whom to ask next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.gate.counts import VOICE

PROMISES = ("own_life", "context", "easy_access", "tailored", "together", "possible")
ROLES = ("resident", "with_residents", "lead_support", "policy_board", "lived_experience")


@dataclass(frozen=True, slots=True)
class Gaps:
    """Who was heard about what in the last full quarter, and who was not: (promise, role,
    language). A role may also be a kind of story, when nobody said more. Without anyone heard there
    were too few stories to say what is missing."""

    heard: frozenset[tuple[str, str, str]]
    languages: tuple[str, ...]

    @property
    def gaps(self) -> list[tuple[str, str, str]]:
        return [
            gap
            for language in self.languages
            for role in ROLES
            for promise in PROMISES
            if (gap := (promise, role, language)) not in self.heard
        ]

    def silent(self, place: int) -> list[str]:
        """The promises (0), roles (1) or languages (2) that nobody was heard about or in."""
        return [each for each in self._every(place) if each not in self.voiced(place)]

    def voiced(self, place: int) -> list[str]:
        """The promises (0), roles (1) or languages (2) that were heard."""
        heard = {voice[place] for voice in self.heard}
        return [each for each in self._every(place) if each in heard]

    def next(self, turn: int) -> tuple[str, str, str] | None:
        """A gap to ask about, in turn: first a promise that those who tell left out, then a
        language, then a role. In a language or role that is new, residents and those who work with
        them come first."""
        if not self.heard:
            return None
        roles, languages = self.voiced(1) or ROLES[:1], self.voiced(2) or self.languages[:1]
        kinds = [
            [gap for gap in self.gaps if gap[1] in roles and gap[2] in languages],
            [gap for gap in self.gaps if gap[1] == roles[0] and gap[2] not in languages],
            [gap for gap in self.gaps if gap[1] not in roles and gap[2] == languages[0]],
        ]
        open_ = [kind for kind in kinds if kind]
        if not open_:
            return None
        kind = open_[turn % len(open_)]
        return kind[turn // len(open_) % len(kind)]

    def _every(self, place: int) -> Sequence[str]:
        return (PROMISES, ROLES, self.languages)[place]


def silence(left: Iterable[tuple[str, str]], spoken: Iterable[str]) -> Gaps:
    """From what left of a quarter, as (dimension, value), and the languages that are spoken."""
    voices = (value.split(" ") for dimension, value in left if dimension == VOICE)
    return Gaps(frozenset((p, role, lang) for p, role, lang in voices), tuple(spoken))
