"""Gaps: voices and subjects that were not heard in the last full quarter, what is new about them,
and whom to ask next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.gate.counts import VOICE

PROMISES = ("own_life", "context", "easy_access", "tailored", "together", "possible")
ROLES = ("resident", "with_residents", "lead_support", "policy_board", "lived_experience")
UNSAID = ("professional", "visit_host", "visit_guest", "learning_group")
"""The kinds of story that stand for a role that was not said: any but that of a resident."""
PLACES = (1, 0, 2)
"""In a voice: the role, the promise, the language; in the order in which they are told."""
_TOTALS = {"answer:promise": 0, "answer:role": 1, "language": 2}

Voice = tuple[str, str, str]
"""A promise, a role (or `UNSAID`) and a language."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Who was heard about what in a quarter, and who was not. `totals` are the places and names
    that had a number of their own, whoever spoke. Without any of it there were too few stories to
    say what is missing."""

    heard: frozenset[Voice]
    languages: tuple[str, ...]
    totals: frozenset[tuple[int, str]] = frozenset()

    @property
    def known(self) -> bool:
        return bool(self.heard or any(place == 0 for place, _ in self.totals))

    @property
    def gaps(self) -> list[Voice]:
        """All that nobody was heard about, nobody either who did not say the role."""
        return [
            gap
            for language in self.languages
            for role in ROLES
            for promise in PROMISES
            if (gap := (promise, role, language)) not in self.heard and not self.unsure(gap)
        ]

    @property
    def some_unsaid(self) -> bool:
        """Whether anyone was heard who did not say the role."""
        return any(role in UNSAID for _, role, _ in self.heard)

    @property
    def said_roles(self) -> list[str]:
        """The roles of those who were heard."""
        return [role for role in ROLES if any(voice[1] == role for voice in self.heard)]

    @property
    def spoken_in(self) -> list[str]:
        """The languages of those who were heard."""
        return [each for each in self.languages if any(voice[2] == each for voice in self.heard)]

    def unsure(self, voice: Voice) -> bool:
        """Whether people spoke of it who did not say their role, which may be this one."""
        promise, role, language = voice
        return role != ROLES[0] and self.unsaid(promise, language)

    def unsaid(self, promise: str, language: str) -> bool:
        """Whether people spoke of a promise who did not say their role."""
        return any((promise, kind, language) in self.heard for kind in UNSAID)

    def silent(self, place: int) -> list[str]:
        """The promises (0), roles (1) or languages (2) that were not heard, by their own total. Of
        a role that many did not say nothing is known."""
        missing = [each for each in self._every(place) if each not in self.voiced(place)]
        skipped = place == 1 and self.some_unsaid
        return [role for role in missing if role == ROLES[0]] if skipped else missing

    def voiced(self, place: int) -> list[str]:
        """The promises (0), roles (1) or languages (2) that were heard."""
        heard = {voice[place] for voice in self.heard}
        return [e for e in self._every(place) if e in heard or (place, e) in self.totals]

    def next(self, turn: int, earlier: Gaps) -> Voice | None:
        """A gap to ask about, in turn, of those that were none `earlier`: first a promise that
        those who tell left out, then a language, then a role. In a language or role that is new,
        residents and those who work with them come first."""
        if not self.known:
            return None
        known = set(earlier.gaps) if earlier.known else set()
        roles, languages = self.voiced(1) or ROLES[:1], self.voiced(2) or self.languages[:1]
        fresh = [gap for gap in self.gaps if gap not in known]
        kinds = [
            [gap for gap in fresh if gap[1] in roles and gap[2] in languages],
            [gap for gap in fresh if gap[1] == roles[0] and gap[2] not in languages],
            [gap for gap in fresh if gap[1] not in roles and gap[2] == languages[0]],
        ]
        open_ = [kind for kind in kinds if kind]
        if not open_:
            return None
        kind = open_[turn % len(open_)]
        return kind[turn // len(open_) % len(kind)]

    def _every(self, place: int) -> Sequence[str]:
        return (PROMISES, ROLES, self.languages)[place]


@dataclass(frozen=True, slots=True)
class GapChange:
    """Promises (place 0), roles (1) or languages (2) that were not heard any more, or (`closed`)
    were heard again."""

    place: int
    names: tuple[str, ...]
    closed: bool


def silence(left: Iterable[tuple[str, str]], spoken: Iterable[str]) -> Gaps:
    """From what left of a quarter, as (dimension, value), and the languages that are spoken."""
    heard, totals = set(), set()
    for dimension, value in left:
        if dimension == VOICE:
            promise, role, language = value.split(" ")
            heard.add((promise, role, language))
        elif dimension in _TOTALS:
            totals.add((_TOTALS[dimension], value))
        elif (dimension, value) == ("guide", ROLES[0]):
            totals.add((1, ROLES[0]))
    return Gaps(frozenset(heard), tuple(spoken), frozenset(totals))


def changed_gaps(now: Gaps, before: Gaps) -> list[GapChange]:
    """What is new since the quarter before, then what closed. What is known for the first time is
    new."""
    if not now.known:
        return []
    found = []
    for closed in (False, True):
        for place in PLACES:
            old = before.silent(place) if before.known else []
            if closed:
                names = tuple(name for name in old if name in now.voiced(place))
            else:
                names = tuple(name for name in now.silent(place) if name not in old)
            if names:
                found.append(GapChange(place, names, closed))
    return found
