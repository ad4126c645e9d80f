"""A guide: the interview a teller walks through, as data, in one language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from conversations.distress.detect import Alarm, worrying
from conversations.guide.dwell_times import DWELL, DwellTimes
from conversations.guide.spans import Finder

Kind = Literal[
    "say",
    "choice",
    "choices",
    "scale",
    "triad",
    "text",
    "tell",
    "name",
    "sentence",
    "consent",
    "switches",
    "review",
]
Purpose = Literal["keep", "team", "network", "quote", "contact", "relay", "voice", "photo"]
Form = Literal["je", "u"]
Fill = Literal["municipality", "team"]
About = Literal["story", "contact", "teller"]

PURPOSES: tuple[Purpose, ...] = ("keep", "team", "network", "quote", "contact", "relay")
"""What a guide may ask. Whether a recording or picture itself may stay is asked by the engine."""

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Option:
    """One button of a question. `goto` leaves the order of the file, `reply` is said after it. A
    switch has a sentence of its own (`say`), and may hang on an earlier question (`when`)."""

    id: str
    label: str
    goto: str | None = None
    reply: str | None = None
    say: str = ""
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One block of a guide: a sentence, a question, the card or a consent.

    `short` is the label on the card; a question without one stays off it. `skip` is the option
    that passes the question over (None: it must be answered). `fill` says that the options are
    known only when the bot runs (`Places`). `next` is the following block (None after an end).
    At an end with `erase` nothing of the teller may stay, not even an address. A step with `when`
    is passed by if that earlier question was skipped or never asked. `other_say` are other words
    for the same question, which half of the conversations hear.
    """

    id: str
    kind: Kind
    say: str
    short: str = ""
    about: About = "story"
    options: tuple[Option, ...] = ()
    poles: tuple[Option, ...] = ()
    max: int = 1
    skip: Option | None = None
    other: bool = False
    purpose: Purpose | None = None
    fill: Fill | None = None
    next: str | None = None
    end: bool = False
    erase: bool = False
    when: str | None = None
    other_say: str = ""

    def option(self, option_id: str) -> Option | None:
        for option in self.options:
            if option.id == option_id:
                return option
        return None


@dataclass(frozen=True, slots=True)
class Phrases:
    """The fixed sentences of the bot in one language. A key is `sentence` or `sentence.button`."""

    language: str
    sentences: Mapping[str, str]
    formal: Mapping[str, str] = field(default_factory=dict)

    def get(self, key: str, form: Form = "je") -> str:
        """The sentence in this form of address. Raises KeyError for a key that does not exist."""
        if form == "u" and key in self.formal:
            return self.formal[key]
        return self.sentences[key]


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality and the teams in it, as the options of a question."""

    option: Option
    teams: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """The municipalities and teams a teller can choose from; read from the store, never changed."""

    towns: tuple[Town, ...] = ()

    def options(self, fill: Fill, town_id: str = "") -> tuple[Option, ...]:
        """All municipalities, or the teams of one of them."""
        if fill == "municipality":
            return tuple(town.option for town in self.towns)
        return next((town.teams for town in self.towns if town.option.id == town_id), ())


@dataclass(frozen=True)
class Guide:
    """A guide in one language, with its fixed sentences. The same fingerprint means the same
    structure and the same words in every language. `finder` looks for what identifies someone,
    before the card is shown (None: nobody looks). `minutes` is how long a short round may take, as
    it promises (0: it only said so in words). `dwell` is how long its questions must be visible
    before a tap counts. `overlay` is the team whose own questions are in it (empty: nobody's).
    `in_dutch` is what of it is said in Dutch for want of a translation."""

    id: str
    language: str
    form: Form
    kind: str
    title: str
    minutes: float
    steps: Mapping[str, Step]
    phrases: Phrases
    fingerprint: str = ""
    places: Places = field(default_factory=Places)
    finder: Finder | None = field(default=None, compare=False)
    dwell: DwellTimes = DWELL
    alarm: Alarm = field(default=worrying, compare=False)
    overlay: str = ""
    in_dutch: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def first(self) -> Step:
        return next(iter(self.steps.values()))

    @cached_property
    def on_card(self) -> tuple[Step, ...]:
        """The questions whose answer stands on the card."""
        return tuple(step for step in self.steps.values() if step.short and step.kind != "tell")

    @cached_property
    def remembered(self) -> dict[Any, Any]:
        """What was worked out about this guide, to be done once."""
        return {}

    def phrase(self, key: str, facts: Mapping[str, str] | None = None) -> str:
        """A fixed sentence in this guide's language and form of address, its slots filled."""
        return fill_slots(self.phrases.get(key, self.form), facts or {})

    def say(self, step: Step, facts: Mapping[str, str]) -> str:
        """The sentence or question of a step, its slots filled."""
        return fill_slots(step.say, facts)

    @property
    def not_kept(self) -> str:
        """The end that a no to keeping leads to."""
        keep = next(step for step in self.steps.values() if step.purpose == "keep")
        return next(option.goto for option in keep.options if option.id == "no" and option.goto)

    def worded(self, wording: str) -> Guide:
        """The guide as a conversation of this wording hears it (empty: the first)."""
        if not wording or not any(step.other_say for step in self.steps.values()):
            return self
        known = self.remembered.get("worded")
        if not isinstance(known, Guide):
            steps = {
                name: replace(step, say=step.other_say or step.say)
                for name, step in self.steps.items()
            }
            known = self.remembered["worded"] = replace(self, steps=steps)
        return known

    def with_places(self, places: Places) -> Guide:
        return replace(self, places=places)

    def with_dwell(self, dwell: DwellTimes) -> Guide:
        return replace(self, dwell=dwell)

    def with_alarm(self, alarm: Alarm) -> Guide:
        return replace(self, alarm=alarm)

    def with_finder(self, finder: Finder | None) -> Guide:
        return replace(self, finder=finder)


def fill_slots(text: str, facts: Mapping[str, str]) -> str:
    """Put facts in the slots of a text: `{team}` as it is, `{Team}` with a capital. A slot without
    a fact stays, for whoever knows it later."""

    if "{" not in text:
        return text

    def fact(match: re.Match[str]) -> str:
        name = match[1]
        value = facts.get(name[0].lower() + name[1:])
        if value is None:
            return match[0]
        return value[:1].upper() + value[1:] if name[0].isupper() else value

    return _SLOT.sub(fact, text)
