"""Events of a conversation. Channels and the ticker make them, `step` takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

CommandName = Literal["back", "stop", "skip", "done", "help"]
TimerName = Literal["remind", "forget"]
SentProblem = Literal["", "too_long", "too_big", "too_many", "unreadable", "lost", "busy"]
SentKind = Literal[
    "sticker", "photo", "voice", "video", "document", "location", "contact", "empty", "other"
]


@dataclass(frozen=True, slots=True)
class Start:
    """A conversation begins. `facts` fill the slots of the guide: association, team, retention…;
    turns rise from `turn`, so that no button of an earlier conversation counts in this one.
    `wording` is which of two wordings it hears, drawn by lot."""

    facts: Mapping[str, str] = field(default_factory=dict)
    turn: int = 0
    wording: str = ""


QUOTED = -1
"""What stands for the turn of a question, in words that quote something else than the question."""


@dataclass(frozen=True, slots=True)
class Said:
    """A typed message. `ref` recognises a later edit of it, `group` the album it came with;
    `masked` says that the channel took a citizen service number out of it, `forwarded` that
    somebody else wrote it. `early` words were under way before the open question was sent: they
    give no consent and erase nothing. `asked` is the turn of the question that the page showed as
    they were typed (0: not known, `QUOTED`: they answer another message than the question)."""

    text: str
    ref: str = ""
    group: str = ""
    masked: bool = False
    early: bool = False
    asked: int = 0
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """An earlier message was changed by its writer."""

    text: str
    ref: str
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Revoked:
    """An earlier message was taken back by its writer."""

    ref: str


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button of the question of that turn. `seen` is how many milliseconds the question had been
    visible (None: the button was chosen in words)."""

    turn: int
    button: str
    seen: int | None = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Placed:
    """A place on a scale (one number, 0 to 100) or in a triangle (three shares of 100); `seen` as
    of a tap."""

    turn: int
    shares: tuple[int, ...]
    seen: int | None = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that is not text. Its caption, if any, arrives as `Said` of the same group.

    `blob` names a recording or picture that was put in the store; without `heard` nobody will write
    it out, and `ahead` is how many are transcribed before it. `problem` says why one was not taken,
    `forwarded` that somebody else made it.
    """

    kind: SentKind
    ref: str = ""
    group: str = ""
    blob: str = ""
    heard: bool = True
    problem: SentProblem = ""
    ahead: int = 0
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Transcribed:
    """A recording was transcribed. Without text nothing could be made out (`problem` may say why);
    `masked` says that a citizen service number was taken out of it."""

    blob: str
    text: str
    problem: str = ""
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A command or fixed button that works in every question. `beside` are words that were typed
    behind it."""

    name: CommandName
    beside: str = ""


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """The teller goes on in another language; `step` is given the guide in that language, `facts`
    replace those of the start."""

    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Returned:
    """The teller comes (back) in: `/start`, or the page opened again. An open story is offered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Something outside the guide was answered (an account command): the open question again."""


@dataclass(frozen=True, slots=True)
class Aside:
    """Something outside the guide is asked now, on the next turn: what was asked before waits, and
    its buttons no longer count. `Asked` asks it again."""


@dataclass(frozen=True, slots=True)
class Due:
    """A timer of that turn went off."""

    timer: TimerName
    turn: int


Event = (
    Start
    | Said
    | Edited
    | Revoked
    | Tapped
    | Placed
    | Sent
    | Transcribed
    | Command
    | LanguageChosen
    | Returned
    | Asked
    | Aside
    | Due
)
