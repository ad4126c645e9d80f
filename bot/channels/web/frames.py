"""WebSocket frames of the web chat: parses what a browser sends, and encodes effects for it.
Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from msgspec import to_builtins

from bot.account_buttons import is_account_button, is_switch
from bot.channels.base import Account, Document, Echo, Outgoing
from bot.channels.bsn import mask_bsn
from bot.channels.command_parser import read_typed
from bot.validation.unicode_input import decode_json
from conversations.engine.card import card_text
from conversations.engine.effects import Button, Mark, Say, Tick
from conversations.engine.events import Command, Edited, Event, Placed, Said, Tapped
from conversations.guide.builder import MOST
from conversations.guide.dwell_times import DWELL, DwellTimes

MAX_FRAME = 64 * 1024
"""The most bytes of one frame; a larger one ends the connection."""

MAX_TEXT = MOST["tell"]
"""The most characters of one message: a whole story, as the box counts and as the story takes."""

MAX_LABEL = 100
"""The most characters of the label of a button."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_COMMANDS: Mapping[str, Command | Account] = {
    "back": Command("back"),
    "stop": Command("stop"),
    "skip": Command("skip"),
    "done": Command("done"),
    "help": Command("help"),
    "stories": Account("stories"),
    "erase": Account("erase"),
    "data": Account("data"),
    "begin": Account("start"),
}
_DRAWN = {"scale": "s:", "triad": "t:"}
"""Controls that the page draws itself, and how the buttons begin that stand for their places."""


class BadFrame(ValueError):
    """The browser sent something that is no frame. `code` says what is wrong, `id` to which
    message the answer belongs (may be empty)."""

    def __init__(self, code: str, message_id: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.id = message_id


@dataclass(frozen=True, slots=True)
class Hello:
    """A page opened its connection. `after` is the last row it has, `page` names this loading of
    the page, `shown` is the language it has its texts in. It carries nothing to do: a page may be
    opened by a program."""

    after: int
    page: str
    language: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Ping:
    """Is anybody there?"""


@dataclass(frozen=True, slots=True)
class Message:
    """Something a person did; `id` is the browser's own, the same when it is sent again. `echo` is
    what the page shows of it."""

    id: str
    event: Event | Account
    echo: Echo | None = None


def read_frame(text: str) -> Hello | Ping | Message:
    """What a frame of the browser means. Raises BadFrame."""
    try:
        frame = decode_json(text)
    except ValueError:
        raise BadFrame("unreadable") from None
    if not isinstance(frame, dict):
        raise BadFrame("unreadable")
    kind = frame.get("t")
    if kind == "ping":
        return Ping()
    if kind == "hello":
        return _hello(frame)
    message_id = frame.get("id")
    if not _matches(message_id, _ID):
        raise BadFrame("no_id")
    try:
        event = _event(frame, message_id)
        return Message(message_id, event, _echo(frame, event, message_id))
    except BadFrame as bad:
        raise BadFrame(bad.code, message_id) from None


def _is_echoed(button: str) -> bool:
    """Whether no question shows afterwards that this button was chosen."""
    account = is_account_button(button) and not is_switch(button)
    return account or button in ("begin", "stories")


def _echo(frame: dict[str, Any], event: Event | Account, message_id: str) -> Echo | None:
    """What was typed, also when it was a command; and the button, where no question marks it."""
    match event:
        case Edited(text) if not text.strip():
            return None  # it asks whether the message should go; until then it stands
        case Said(text, ref) | Edited(text, ref):
            return Echo(text, ref)
        case Tapped(_, button) if _is_echoed(button):
            label = frame.get("label")
            return Echo(_clean(label[:MAX_LABEL])) if isinstance(label, str) and label else None
        case Command() | Account() if frame.get("t") == "say":
            return Echo(mask_bsn(_text(frame))[0], message_id)
    return None


def external_id(address: str, name: str) -> str:
    """The id under which a message of a browser is known for all time; tells nothing of either."""
    return hashlib.sha256(f"{address}\0{name}".encode()).hexdigest()


def row_frame(outgoing: Outgoing, dwell: DwellTimes = DWELL) -> dict[str, Any] | None:
    """An outbox row as a frame; None for what a page cannot show. It says how many milliseconds a
    question, and each of its weighty buttons, must be visible before a tap counts."""
    match outgoing.effect:
        case Say() as say:
            fields = _say_fields(say, dwell)
        case Mark(turn, chosen):
            fields = {"op": "mark", "turn": turn, "chosen": chosen}
        case Tick(turn, buttons):
            fields = {
                "op": "tick",
                "turn": turn,
                "buttons": [to_builtins(each) for each in buttons],
            }
        case Echo(text, ref, kind, blob):
            file = {"kind": kind, "blob": blob} if kind else {}
            fields = {"op": "echo", "text": text, "ref": ref, **file}
        case Document(name, media_type, text, blob):
            inside = {"blob": blob} if blob else {"text": text}
            fields = {"op": "document", "name": name, "media_type": media_type, **inside}
        case _:
            return None
    return {"t": "row", "id": outgoing.id, **fields}


def _say_fields(say: Say, dwell: DwellTimes) -> dict[str, Any]:
    text, control = say.text, say.control
    if control and control.card:
        text = text.removesuffix(card_text(control.card)).rstrip()
    if control and control.kind == "clues" and control.card:  # the card shows what is found
        text = text.partition("\n\n")[0]
    far = say.progress
    return {
        "op": "say",
        "text": text,
        "turn": say.turn,
        "buttons": to_builtins(_shown_buttons(say)),
        "control": to_builtins(control),
        "kept": "code" in say.slots,
        "refused": say.refused,
        "files": [to_builtins(file) for file in say.files],
        "dwell": dwell.other,
        "weighty": {"buttons": list(say.weighty), "dwell": dwell.weighty},
        **({"progress": {"left": far.left, "share": far.share}} if far else {}),
        **({"dutch": list(say.dutch)} if say.dutch else {}),
    }


def _shown_buttons(say: Say) -> list[Button]:
    """The buttons of a question; where sentences are chosen, each holds its own."""
    if say.control and say.control.kind == "sentences":
        whole = iter(say.control.poles)
        return [b.but(label=next(whole)) if b.id[:2] == "z:" else b for b in say.buttons]
    places = _DRAWN.get(say.control.kind) if say.control else None
    return [one for one in say.buttons if not (places and one.id.startswith(places))]


def _hello(frame: dict[str, Any]) -> Hello:
    after, page = frame.get("after"), frame.get("page")
    if not _whole(after, 2**63 - 1) or not _matches(page, _ID):
        raise BadFrame("no_hello")
    return Hello(after, page, _language(frame.get("language")), _language(frame.get("shown")))


def _language(tag: object) -> str:
    return tag if _matches(tag, _LANGUAGE) else ""


def _event(frame: dict[str, Any], message_id: str) -> Event | Account:
    match frame.get("t"):
        case "say":
            return _said(_text(frame), message_id, frame.get("asked"))
        case "edit":
            ref = frame.get("ref")
            if not _matches(ref, _ID):
                raise BadFrame("no_ref")
            text, masked = mask_bsn(_text(frame))
            return Edited(text, ref, masked)
        case "tap":
            button = frame.get("button")
            if not isinstance(button, str) or not 0 < len(button) <= 64:
                raise BadFrame("no_button")
            return Tapped(_turn(frame), _clean(button), _seen(frame))
        case "place":
            return Placed(_turn(frame), _shares(frame.get("shares")), _seen(frame))
        case "command":
            return _command(frame.get("name"))
        case _:
            raise BadFrame("unknown")


def _said(text: str, message_id: str, asked: object) -> Event | Account:
    command, text, masked = read_typed(text)
    shown = asked if _whole(asked, 2**31 - 1) else 0
    return command or Said(text, ref=message_id, masked=masked, asked=shown)


def _command(name: object) -> Command | Account:
    if not isinstance(name, str):
        raise BadFrame("unknown")
    if name in _COMMANDS:
        return _COMMANDS[name]
    word, _, code = name.partition(":")
    if word == "language" and _matches(code, _LANGUAGE):
        return Account("language", code)
    raise BadFrame("unknown")


def _text(frame: dict[str, Any]) -> str:
    text = frame.get("text")
    if not isinstance(text, str):
        raise BadFrame("no_text")
    if len(text) > MAX_TEXT:
        raise BadFrame("too_long")
    return _clean(text)


def _clean(text: str) -> str:
    """Without what no store can keep: control characters but line breaks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in text if letter >= " " or letter in "\n\t")


def _turn(frame: dict[str, Any]) -> int:
    turn = frame.get("turn")
    if not _whole(turn, 2**31 - 1):
        raise BadFrame("no_turn")
    return turn


def _seen(frame: dict[str, Any]) -> int:
    """Milliseconds that the question was visible; 0 from a page that does not say it."""
    seen = frame.get("seen")
    return seen if _whole(seen, 2**53) else 0


def _shares(shares: object) -> tuple[int, ...]:
    if not isinstance(shares, list) or not all(_whole(share, 100) for share in shares):
        raise BadFrame("no_place")
    if len(shares) == 1 or (len(shares) == 3 and sum(shares) == 100):
        return tuple(shares)
    raise BadFrame("no_place")


def _whole(number: object, most: int) -> TypeGuard[int]:
    return type(number) is int and 0 <= number <= most


def _matches(text: object, pattern: re.Pattern[str]) -> TypeGuard[str]:
    return isinstance(text, str) and pattern.fullmatch(text) is not None
