"""The state of a conversation: everything it needs to go on, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeVar

import orjson

T = TypeVar("T")

Mode = Literal[
    "asking",  # the question at `at`
    "other",  # the words after "other, namely"
    "offering",  # typed words that stand on no button: are they "other, namely"?
    "short",  # is this the whole story?
    "trimming",  # which part of a full story goes?
    "changing",  # what on the card must change?
    "clue",  # another word for what may identify someone, one by one
    "editing",  # an edited message: change that earlier answer?
    "stopping",  # later, or throw away?
    "helping",  # going on after words that sound heavy?
    "paused",  # later
    "resuming",  # go on, begin again or throw away?
    "over",  # at an end
]


Status = Literal["", "waiting", "heard", "unheard", "reworded"]


@dataclass(frozen=True)
class Answer:
    """The answer to one question; all empty means skipped.

    `options` are ids, `text` is typed (the answer, or the words after "other, namely"), `shares`
    a place on a scale (one number, 0-100) or in a triangle (three shares of 100). `labels` are the
    words on the chosen buttons where the guide does not know them (municipality, team).
    """

    options: tuple[str, ...] = ()
    text: str = ""
    shares: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    ref: str = ""

    @property
    def skipped(self) -> bool:
        return not (self.options or self.text or self.shares)


@dataclass(frozen=True)
class Part:
    """One message of the story. `ref` is the message in which its words were typed or, without
    words, in which it came. `blob` names stored sound or a picture (empty for text). The `status`
    of a recording: `waiting` until it is transcribed, then `heard`, or `unheard` when that did not
    succeed, until the teller has checked it (empty); `reworded` when words were replaced that the
    recording still says."""

    kind: Literal["text", "voice", "photo"]
    text: str
    ref: str = ""
    blob: str = ""
    status: Status = ""


@dataclass(frozen=True)
class Clue:
    """Words on the card that may identify someone: in the typed answer to the question `at` or,
    without one, in that part of the story. `instead` is what is proposed for them; the teller may
    let them stand (`stays`)."""

    at: str
    part: int
    start: int
    words: str
    instead: str
    stays: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.words)


@dataclass(frozen=True)
class State:
    """A conversation. `path` holds the questions answered so far, in order; an answer that is not
    on the path is only a proposal. `fixing`: one answer is being changed from the card. `last` is
    the tap that was taken last (`turn:button`), to recognise a double tap; `pending` a text that
    waits for a yes: (question, words) while editing, (message, words) while offering. `refused`
    are messages whose words were not kept, each with the question it came to. `agreed`
    holds the words under which recordings or pictures may stay, by kind. `clues` hold from the card
    on. `helped`: the help card was shown. Set by the runner: `heard`, the channel's ids of what was
    typed, and `story`, the id of the kept story."""

    guide: str
    fingerprint: str
    language: str
    at: str
    turn: int = 0
    mode: Mode = "asking"
    path: tuple[str, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    picked: tuple[str, ...] = ()
    draft: tuple[Part, ...] = ()
    consents: Mapping[str, str] = field(default_factory=dict)
    agreed: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    carded: bool = False
    fixing: bool = False
    kept: bool = False
    reminded: bool = False
    last: str = ""
    group: str = ""
    pending: tuple[str, str] = ("", "")
    refused: tuple[tuple[str, str], ...] = ()
    clues: tuple[Clue, ...] = ()
    helped: bool = False
    heard: tuple[str, ...] = ()
    story: str = ""

    @property
    def open(self) -> bool:
        """Whether something waits for the teller."""
        return self.mode != "over"

    def but(self, **changes: Any) -> State:
        """As `dataclasses.replace`, which takes ten times as long."""
        values = {**vars(self), **changes}
        if len(values) != len(_FRESH):
            raise TypeError(f"a state has not all of {sorted(changes)}")
        return _made(State, values)

    def to_json(self) -> str:
        try:
            return orjson.dumps(self).decode()
        except TypeError:  # half a character
            return _ENCODER.encode(vars(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> State:
        """Reads what `to_json` wrote, now or by an earlier version. Raises TypeError or KeyError
        when it is not a state."""
        try:
            data = orjson.loads(text)
        except orjson.JSONDecodeError:  # half a character
            data = json.loads(text)
        data["answers"] = {step: _answer(given) for step, given in data["answers"].items()}
        data["draft"] = tuple([_made(Part, part) for part in data["draft"]])
        data["clues"] = tuple([_made(Clue, clue) for clue in data.get("clues", ())])
        data["refused"] = tuple([tuple(each) for each in data.get("refused", ())])
        for name in ("path", "picked", "pending", "heard"):
            data[name] = tuple(data.get(name, ()))
        if not _NEEDED <= data.keys() <= _FRESH.keys():
            raise TypeError("this is no state")
        return _made(cls, {**_FRESH, **data})


def _answer(given: dict[str, Any]) -> Answer:
    for name in ("options", "shares", "labels"):
        given[name] = tuple(given[name])
    return _made(Answer, given)


def _made(kind: type[T], values: Mapping[str, Any]) -> T:
    """As `kind(**values)`, which takes five times as long."""
    made = object.__new__(kind)
    vars(made).update(values)
    return made


_FIELDS = {kind: tuple(each.name for each in fields(kind)) for kind in (Answer, Part, Clue)}


def _plain(value: Answer | Part | Clue) -> dict[str, Any]:
    return {name: getattr(value, name) for name in _FIELDS[type(value)]}


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)
_FRESH = vars(State("", "", "", ""))
_NEEDED = {"guide", "fingerprint", "language", "at"}
