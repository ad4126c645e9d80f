"""A conversation as text that a team member can read, in and out.

A transcript says which guide is followed, what the teller does (`> `), how time passes
(`-- 2 dagen later --`) and what the bot says (all other lines). `play` reads only the first three
and writes the whole again, so that a transcript that reads well is also a test.

    > Ja, ik doe mee       a tap on the last button with this label, or else typed
    > [typt] ja            typed, whatever the buttons say
    > [oude knop] Blij     a tap on a button of an earlier question
    > [nog eens]           the last tap once more
    > [bewerkt 2] tekst    the second typed message is changed
    > [bsn] tekst          a message out of which a citizen service number was taken
    > [sticker]            something that is not text; [album foto] is one of an album
    > [plek 40]            a place on a scale; [plek 20-30-50] in a triangle
    > [700 tekens]         a long text
    > /terug               a command; /taal en, /start, /mijnverhalen
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from conversations.engine.effects import (
    Begin,
    Button,
    Effect,
    Forget,
    Keep,
    Record,
    Say,
    Tick,
    Withdraw,
)
from conversations.engine.events import (
    Asked,
    Command,
    CommandName,
    Due,
    Edited,
    Event,
    LanguageChosen,
    Placed,
    Returned,
    Said,
    Sent,
    SentKind,
    Start,
    Tapped,
    TimerName,
)
from conversations.engine.state import State
from conversations.engine.step import step
from conversations.guide.model import Guide
from conversations.guide.telling import Telling

CODE = "anker bezem citroen duif egel"
"""The five words that a teller gets in a transcript."""

TIMERS: tuple[tuple[int, TimerName], ...] = ((2, "remind"), (7, "forget"))
"""After how many days of silence which timer goes off."""

_COMMANDS: dict[str, CommandName] = {
    "/terug": "back",
    "/stop": "stop",
    "/overslaan": "skip",
    "/klaar": "done",
    "/hulp": "help",
}
_KINDS: dict[str, SentKind] = {
    "sticker": "sticker",
    "foto": "photo",
    "spraak": "voice",
    "video": "video",
    "document": "document",
    "locatie": "location",
    "contact": "contact",
    "leeg": "empty",
    "iets": "other",
}
_GUIDE = re.compile(r"^gids: (\w+) (\w+)$")
_LATER = re.compile(r"^-- (\d+) (?:dag|dagen|day|days) (?:later) --$")
_BRACKET = re.compile(r"^\[([^\]]+)\] ?(.*)$")


class TranscriptError(ValueError):
    """A transcript that cannot be played. The text names the line."""


Guides = Callable[[str, str], Guide]
"""A guide by id and language, with the places to choose from."""

Facts = Callable[[Guide], Mapping[str, str]]
"""What fills the slots of a guide."""


def play(guides: Guides, facts: Facts, text: str) -> str:
    """The transcript as it goes today: the teller's side of `text`, with what the bot answers.
    Raises TranscriptError."""
    player: _Player | None = None
    lines: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            if line.startswith("#") and player is None:
                lines.append(line)
            elif found := _GUIDE.match(line):
                player = _Player(guides, facts, *found.groups())
                lines += [line, "", *player.begin()]
            elif player and line.startswith("> "):
                lines += [line, "", *player.does(line[2:])]
            elif player and (found := _LATER.match(line)):
                lines += [line, "", *player.waits(int(found[1]))]
        except (KeyError, IndexError, ValueError) as error:
            raise TranscriptError(f"line {number}: {line} ({error})") from error
    if player is None:
        raise TranscriptError("there is no line `gids: <id> <language>`")
    return "\n".join([*lines, player.outcome()]) + "\n"


class _Player:
    """One teller, and the bot."""

    def __init__(self, guides: Guides, facts: Facts, guide_id: str, language: str) -> None:
        self.guides = guides
        self.facts = facts
        self.guide = guides(guide_id, language)
        self.state: State | None = None
        self.said: list[Say] = []
        self.typed = 0
        self.tap: Tapped | None = None
        self.idle = 0
        self.kept: Telling | None = None
        self.purposes: list[str] = []

    def begin(self) -> Iterator[str]:
        turn = self.state.turn if self.state else 0
        yield from self.take(Start(self.facts(self.guide), turn))

    def does(self, line: str) -> Iterator[str]:
        self.idle = 0
        yield from self.take(self.event(line))

    def waits(self, days: int) -> Iterator[str]:
        """Days pass; the timers that go off in them do."""
        before, self.idle = self.idle, self.idle + days
        for after, timer in TIMERS:
            if before < after <= self.idle and self.state and self.state.open:
                yield from self.take(Due(timer, self.state.turn))

    def take(self, event: Event) -> Iterator[str]:
        """One step. The state is written and read in between, as it is in the store."""
        state = self.state and State.from_json(self.state.to_json())
        self.state, effects = step(self.guide, state, event)
        for effect in effects:
            yield from self.shows(effect)

    def shows(self, effect: Effect) -> Iterator[str]:
        match effect:
            case Say():
                self.said.append(effect)
                yield from effect.text.replace("{code}", CODE).splitlines()
                yield from _row(effect.buttons)
                yield ""
            case Tick():
                self.said.append(Say("", effect.buttons, effect.turn))
                yield from _row(effect.buttons)
                yield ""
            case Keep():
                self.kept, self.purposes = effect.telling, ["keep"]
            case Record("keep"):
                pass
            case Record(purpose, answer):
                rest = [given for given in self.purposes if given.split(" ")[0] != purpose]
                given = {"yes": [purpose], "no": []}.get(answer, [f"{purpose} ({answer})"])
                self.purposes = [*rest, *given]
            case Withdraw():
                self.kept = None
            case Forget(expired=True):
                yield from ("-- vergeten --", "")
            case Begin():
                yield from self.begin()

    def outcome(self) -> str:
        if self.kept is None:
            return "niet bewaard"
        name = self.kept.name or " ".join(self.kept.text.split()[:6])
        return f"bewaard: {name} · {', '.join(self.purposes)}"

    def event(self, line: str) -> Event:
        """What the teller does on this line."""
        name, _, rest = line.partition(" ")
        if name in _COMMANDS:
            return Command(_COMMANDS[name])
        match name:
            case "/start":
                return Returned()
            case "/mijnverhalen":
                return Asked()
            case "/taal":
                self.guide = self.guides(self.guide.id, rest)
                return LanguageChosen(self.facts(self.guide))
        if found := _BRACKET.match(line):
            return self.special(found[1], found[2])
        return self.tapped(line, self.said[-3:]) or self.types(line)

    def special(self, what: str, rest: str) -> Event:
        name, _, detail = what.partition(" ")
        if name in _KINDS:
            return Sent(_KINDS[name])
        match name:
            case "typt":
                return self.types(rest)
            case "bsn":
                return self.types(rest, masked=True)
            case "album":
                return Sent(_KINDS[detail], group="album")
            case "nog" if self.tap:
                return self.tap
            case "oude":
                found = self.tapped(rest, self.said)
                if found:
                    return found
            case "bewerkt":
                return Edited(rest, ref=detail)
            case "plek" if self.state:
                shares = tuple(int(share) for share in detail.split("-"))
                return Placed(self.state.turn, shares, seen=None)
            case _ if detail == "tekens":
                return self.types("x" * int(name))
        raise TranscriptError(f"what is [{what}]?")

    def types(self, text: str, masked: bool = False) -> Said:
        self.typed += 1
        return Said(text, ref=str(self.typed), masked=masked)

    def tapped(self, label: str, messages: list[Say]) -> Tapped | None:
        """A tap on the last button with this label."""
        for said in reversed(messages):
            for button in said.buttons:
                if button.label == label:
                    self.tap = Tapped(said.turn, button.id, seen=None)
                    return self.tap
        return None


def _row(buttons: tuple[Button, ...]) -> Iterator[str]:
    if buttons:
        labels = (f"[✓ {each.label}]" if each.picked else f"[{each.label}]" for each in buttons)
        yield "   " + " ".join(labels)
