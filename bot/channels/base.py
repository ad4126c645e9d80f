"""The channel interface: updates become arrivals, rows of the outbox are delivered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

from conversations.engine.effects import Mark, Say, Tick
from conversations.engine.events import Event
from storage.engine.transaction import Transaction
from storage.outbox.queue import SOON

AccountName = Literal[
    "start",
    "stories",
    "erase",
    "data",
    "language",
    "privacy",
    "meetings",
    "help_idle",
    "wipe",
    "unwipe",
    "unknown",
    "bell",
    "never",
    "bell_help",
    "mute",
    "unmute",
]


@dataclass(frozen=True, slots=True)
class Account:
    """An account command: answered by the desk, not by a guide. `text` is what came with it:
    the payload of a deep link, a language code. `bell`: words to a channel that only rings;
    `bell_help`: such words that ask for help; `never`: nothing unasked any more; `mute`, `unmute`:
    the same and its end, told to the channel and not to us, at the moment in `text` (seconds since
    1970), so that no answer goes. `beside` are words behind a command that has no use for them."""

    name: AccountName
    text: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The person shut the channel (or, with `back`, opened it again)."""

    back: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The bot was spoken to in a group: it answers kindly and leaves."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The person is at another address of the channel from now on."""

    address: str
    alias: str = ""


PACED = frozenset({"telegram"})
"""Channels that count every call, so that what changes a message makes way for what is said."""


ONE_MESSAGE = frozenset({"whatsapp"})
"""Channels that promise no order between two messages and change none: what is said in a turn is
one message."""

TELL_LATER = frozenset({"whatsapp"})
"""Channels that tell by themselves what became of a message that was in a call when a process
ended: it does not go again before they had the time to do so."""
TOLD_WITHIN = SOON - timedelta(seconds=5)
"""The time they have for that. No reply waits longer to be tried again, whatever it waits for."""


@dataclass(frozen=True, slots=True)
class Echo:
    """What the person typed or chose, for a channel that shows the conversation itself. A new text
    with the same `ref` takes the place of the old one. `kind` is `voice` or `photo` for a file, of
    which `text` says how long it is and `blob` names it, as long as it is there; `tap` for the
    words that show at once that a tap was taken (empty: it was only heard), where `ref` is the id
    by which the channel knows the tap."""

    text: str
    ref: str = ""
    kind: str = ""
    blob: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A recording or picture that came with an arrival. `media_type` and `seconds` are what the
    client says (may be empty)."""

    data: bytes
    media_type: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Arrival:
    """One update of one person. `external_id` is unique within the channel for all time; `address`
    is where answers go; `language` what the client says it speaks (may be empty); `echo` what the
    page of the person shows of it; `file` what came with a `Sent`; `ref` the channel's own id of
    the person's message, by which it can be cleared (may be empty); `tapped` that of the bot's
    message whose button was tapped, where the channel cannot say how long it was visible, or of the
    message that typed words quote; `label`
    what stood on it, and `query` the id by which the channel wants to hear that a tap was taken.
    `alias` is another address of the same person, under which they may be known (a number), and
    `heard` when the channel heard it (seconds since 1970; 0: not told, or nothing that opens the
    window for answers). `stood`: what was chosen on the copy of a question that was tapped, where
    copies stay (see `tick_signs`)."""

    channel: str
    external_id: str
    address: str
    event: Event | Account | Blocked | Group | Moved
    language: str = ""
    echo: Echo | None = None
    file: ReceivedFile | None = None
    ref: str = ""
    tapped: str = ""
    label: str = ""
    query: str = ""
    alias: str = ""
    heard: float = 0.0
    stood: str = ""


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave the group after the messages before this one."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file for the person: a text, or a recording or picture. Of those the web chat gets the name
    in the store (`blob`), other channels all of it (`base64`). `media_type` as in `text/plain`."""

    name: str
    media_type: str
    text: str = ""
    blob: str = ""
    base64: str = ""


OPENING_QUESTIONS = "{opening_questions}"
"""The place of what opens a meeting, in a letter that waits."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail. `html` may show `picture`, a PNG in base64, as `<img src="cid:picture">`;
    `unsubscribe` is the address that ends these letters after one POST (RFC 8058). Where
    `OPENING_QUESTIONS` stands in it, the questions come that open the meeting `opens`: as the
    letter goes, so that none of them waits in it for its turn."""

    subject: str
    text: str
    html: str = ""
    picture: str = ""
    unsubscribe: str = ""
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Bell:
    """A short message without content, which says only that something waits, and the link to one's
    own chat. `language` is that of `title` and `text`; a channel with sentences of its own (an
    approved template) says them in it."""

    title: str
    text: str
    link: str
    language: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture with a caption of at most 1024 characters. `picture` is a PNG in base64."""

    caption: str
    picture: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Take these messages out of the chat, as far as the channel can: at most 100, by the channel's
    own ids, of the bot and of the person."""

    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One row of the outbox, ready to deliver.

    For `Mark` and `Tick`, `asked` is the question they change and `ref` the channel's own id of
    the message that carried it (empty when it was never delivered: then there is nothing to do).
    `menu` are the labels of the fixed buttons (help, stop), for channels with a keyboard of their
    own; `language` is the person's.
    """

    id: int
    address: str
    effect: Say | Mark | Tick | Leave | Echo | Document | Letter | Bell | Photo | Clear
    language: str = "nl"
    asked: Say | None = None
    ref: str = ""
    menu: tuple[str, ...] = ()


class SendError(Exception):
    """Delivering failed. The class says what the outbox does about it; the text holds no address
    and no words of a person."""


class TryLater(SendError):
    """Nothing was executed; try again after `after` seconds (None: back off; `calmly`: with long
    pauses, for the reason will not pass soon), and give up after so many `tries` (0: never)."""

    def __init__(
        self, reason: str, after: float | None = None, *, calmly: bool = False, tries: int = 0
    ) -> None:
        super().__init__(reason)
        self.after = after
        self.calmly = calmly
        self.tries = tries


class Uncertain(SendError):
    """The connection was lost after the request went out: it may or may not have arrived. A reply
    goes again, `after` so many seconds if the channel may still tell what came of it."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Closed(SendError):
    """The channel takes nothing until the person says something again; then it goes. `opened` says,
    in the transaction in which that is kept, whether they did so just now."""

    def __init__(
        self, reason: str, opened: Callable[[Transaction], bool] = lambda _: False
    ) -> None:
        super().__init__(reason)
        self.opened = opened


class Unreachable(SendError):
    """The person blocked the bot or closed the account (403)."""


class Refused(SendError):
    """The channel will never take this message (400)."""


class Withheld(Refused):
    """The channel does not deliver this to this person now, and less so when it is tried again
    soon: once more a day later, then what rings next may ring."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What a channel says later of a message that it took: `piece` of so many (`pieces`) of a row
    of the outbox. `error` is what it would have raised, had it known at once; `at` when that was,
    in seconds since 1970 (0: not told)."""

    row: int
    piece: int
    pieces: int
    ref: str
    status: Literal["sent", "delivered", "read", "failed"]
    address: str
    code: int = 0
    error: SendError | None = None
    at: float = 0.0


class Accept(Protocol):
    """Stores arrivals and takes their turns; returns when they are committed, and only then may the
    channel confirm them to its server. An arrival seen before changes nothing. `offset` is where a
    polling channel goes on; it is stored once they are. `epoch` is that of the process which polls
    for all (0: there is only one): an older one may not move the offset."""

    async def __call__(
        self, arrivals: Sequence[Arrival], *, offset: int | None = None, epoch: int = 0
    ) -> None: ...


class Channel(Protocol):
    """A way to talk with people."""

    name: str

    async def run(self, accept: Accept) -> None:
        """Receive until cancelled."""

    async def send(self, outgoing: Outgoing) -> str:
        """Deliver one row; the channel's own id of the message (may be empty). Raises SendError."""

    async def close(self) -> None:
        """Let go of connections."""
