"""Effects of a step: what must be done after it, in the order given."""

from __future__ import annotations

from typing import Literal

from conversations.engine.state import Value
from conversations.guide.model import Purpose
from conversations.guide.telling import Telling

ControlKind = Literal[
    "buttons",
    "choices",
    "scale",
    "triad",
    "tell",
    "text",
    "sentences",
    "card",
    "clues",
    "ending",
]


class Button(Value, frozen=True):
    """A button under a message. `picked` shows a tick."""

    id: str
    label: str
    picked: bool = False


class Highlight(Value, frozen=True):
    """A stretch of a text on a card that may identify someone, and what is proposed for it. Code
    points, end exclusive; `clue` is its number on the card."""

    start: int
    end: int
    instead: str
    clue: int = 0


class CardRow(Value, frozen=True):
    """One answer on a card. `poles` and `shares` are there for a scale (one share) or a triad;
    `step` is the question that it answers (empty: nothing to change here)."""

    label: str
    value: str
    poles: tuple[str, ...] = ()
    shares: tuple[int, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    step: str = ""


class Card(Value, frozen=True):
    """A story as others will see it; the highlights are for the teller, and so are the questions
    behind its `name_step` and its `text_step`, by which these can be changed."""

    name: str
    text: str
    rows: tuple[CardRow, ...] = ()
    name_highlights: tuple[Highlight, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    name_step: str = ""
    text_step: str = ""


class CardFile(Value, frozen=True):
    """A recording or picture that stands with a story; `blob` names it in the store."""

    kind: Literal["voice", "photo"]
    blob: str


class Control(Value, frozen=True):
    """How a channel that can do more than buttons may offer a question.

    `poles` are the two labels of a scale, the three of a triad, or the sentences to choose from,
    `shares` the place that was
    chosen before (empty: unanswered), `max` the most that may be picked or typed.
    """

    kind: ControlKind
    poles: tuple[str, ...] = ()
    shares: tuple[int, ...] = ()
    max: int = 0
    card: Card | None = None


class Progress(Value, frozen=True):
    """How far a teller is: how many short questions there are up to the card, the open one
    included, and how much of the way is done (0 to 100). `words` say it where a channel without a
    line of progress may: after the story, and where the extra round begins."""

    left: int
    share: int
    words: str = ""


class Say(Value, frozen=True):
    """A message of the bot. With `turn` it is a question, and a tap on a button carries that turn.

    `slots` names what only the runner knows: today `code`, the five words. `weighty` are the
    buttons that give a consent or erase something: a tap on them counts later. `refused` is the
    message of the teller that was too long, so that a page can give its words back. `files` are
    the recordings and pictures it is about, for a channel that can show them to their teller. A
    question between the opening and the end says how far the teller is. `page` is which of its
    buttons a channel shows that cannot show all at once. `dutch` are its parts that are in Dutch,
    where the teller reads another language: paragraphs, labels, rows of the card.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    turn: int = 0
    control: Control | None = None
    slots: tuple[str, ...] = ()
    weighty: tuple[str, ...] = ()
    refused: str = ""
    files: tuple[CardFile, ...] = ()
    progress: Progress | None = None
    page: int = 0
    dutch: tuple[str, ...] = ()

    @property
    def whole_text(self) -> str:
        """The text for a channel that shows no line of progress, and whose buttons hold no
        sentence: there its number stands on one. Thanks come first, how much is left last."""
        words = self.progress.words if self.progress else ""
        listed = self.control.poles if self.control and self.control.kind == "sentences" else ()
        lines = [f"{place}. {each}" for place, each in enumerate(listed, 1)]
        return "\n".join(filter(None, (self.text, *lines, words)))


class Mark(Value, frozen=True):
    """The question of that turn is answered: show what was chosen, take its buttons away. `ref` is
    the channel's id of the message that was tapped (empty: the newest one of that turn)."""

    turn: int
    chosen: str
    ref: str = ""


class Tick(Value, frozen=True):
    """Other ticks on the buttons of the question of that turn; `ref` as of a mark."""

    turn: int
    buttons: tuple[Button, ...]
    ref: str = ""


class Keep(Value, frozen=True):
    """The teller said yes to keeping: keep this story (in its old place, if it was kept)."""

    telling: Telling


class Record(Value, frozen=True):
    """An answer to a consent question, with the exact words that were shown."""

    purpose: Purpose
    answer: str
    shown: str


class Reword(Value, frozen=True):
    """The teller had words replaced (from, to): the old ones go from what was shown before, too."""

    pairs: tuple[tuple[str, str], ...]


class Withdraw(Value, frozen=True):
    """The story that this conversation kept must go."""


class Forget(Value, frozen=True):
    """The draft goes. With `person` the teller goes too, after the farewell; `expired` says that
    time did it, so that the teller hears it on coming back."""

    person: bool = False
    expired: bool = False


class Begin(Value, frozen=True):
    """Begin again with the guide as it is today."""


class Farewell(Value, frozen=True):
    """The teller has nothing more to tell."""


Effect = Say | Mark | Tick | Keep | Record | Reword | Withdraw | Forget | Begin | Farewell
