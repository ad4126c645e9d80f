"""The state of a conversation: everything it needs to go on, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from msgspec import Struct, field, json
from msgspec.structs import replace

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


class Value(Struct, frozen=True):
    """What is stored as JSON under the names of its fields."""

    def but(self, **changes: Any) -> Self:
        """The same with these changes. Raises TypeError for a field that is not there."""
        return replace(self, **changes)


class Answer(Value, frozen=True):
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


class Part(Value, frozen=True):
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


class Clue(Value, frozen=True):
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


class State(Value, frozen=True):
    """A conversation. `path` holds the questions answered so far, in order; an answer that is not
    on the path is only a proposal. `fixing`: one answer is being changed from the card. `last` is
    the tap that was taken last (`turn:button`), to recognise a double tap; `pending` a text that
    waits for a yes: (question, words) while editing, (message, words) while offering. `refused`
    are messages whose words were not kept, each with the question it came to. `agreed`
    holds the words under which recordings or pictures may stay, by kind. `clues` hold from the card
    on. `helped`: the help card was shown. `proposed` are the sentences of the story to choose from,
    where it is asked which one it turns on. Set by the runner: `heard`, the channel's ids of what
    was typed, `story`, the id of the kept story, `trail`, which questions came and how they were
    left, and `since`, when the open one came. `wording` names which of two wordings of a question
    this conversation hears (empty: the first)."""

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
    proposed: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    since: int = 0
    wording: str = ""

    @property
    def open(self) -> bool:
        """Whether something waits for the teller."""
        return self.mode != "over"

    def to_json(self) -> str:
        return json.encode(self).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> State:
        """Reads what `to_json` wrote, now or by an earlier version. Raises ValueError when it is
        not a state."""
        return json.decode(text, type=cls)
