"""Parses a typed command or the label of a fixed button, the same in every channel."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from bot.channels.base import Account, AccountName
from bot.channels.bsn import mask_bsn
from conversations.engine.events import Command, CommandName

_COMMAND = re.compile(r"/([^\W\d]\w*)(?:@(\w+))?(?:\s+(.*))?\s*", re.DOTALL)

_LOOSELY = re.compile(r"[/／]+\s*([A-Za-z_]\w*(?:@\w+)?)\s*[.,!…]*")
"""A command as a phone may type it, or a thumb: with a space, a full stop, a wide slash."""

_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")

_SIGNS = ("/", "／")

_BARE = re.compile(r"[/／]")
"""The sign of a command with nothing behind it, sent while a menu of commands was open."""

_MOST_BESIDE = 3
"""The most words beside an unknown command; with more of them it is somebody's own text."""

_GUIDE: Mapping[str, CommandName] = {
    "terug": "back",
    "back": "back",
    "stop": "stop",
    "cancel": "stop",
    "klaar": "done",
    "done": "done",
    "overslaan": "skip",
    "skip": "skip",
    "hulp": "help",
    "help": "help",
}
_ACCOUNT: Mapping[str, AccountName] = {
    "start": "start",
    "mijnverhalen": "stories",
    "mystories": "stories",
    "wissen": "erase",
    "erase": "erase",
    "mijngegevens": "data",
    "mydata": "data",
    "taal": "language",
    "language": "language",
    "privacy": "privacy",
    "bijeenkomst": "meetings",
    "bijeenkomsten": "meetings",
    "meeting": "meetings",
    "meetings": "meetings",
}
KNOWN = frozenset((*_GUIDE, *_ACCOUNT))
OWN_THINGS = frozenset(
    word for word, name in _ACCOUNT.items() if name in ("stories", "erase", "data")
)
"""Commands about what is one's own, which nobody types as an answer."""
_WITH_TEXT: frozenset[AccountName] = frozenset({"start", "language"})
_OF_A_LINK = re.compile(
    r"(?:[a-z]-)?(?:(?=\d*[a-f])[0-9a-f]{12}|[\w-]{43,126})", re.ASCII
)  # fmt: skip
"""The random code of a team, or a token, in the payload of a link."""


def read_typed(
    text: str, labels: Mapping[str, CommandName] | None = None, own_name: str = ""
) -> tuple[Command | Account | None, str, bool]:
    """The command in a typed text (see `parse`), the text without citizen service numbers, and
    whether there was one. Only the code of a link stays as it is: its random digits may pass for
    such a number, and with them taken out the link would lead nowhere."""
    command = parse(text, labels, own_name)
    masked_text, masked = mask_bsn(text)
    link = command.text if isinstance(command, Account) and command.name == "start" else ""
    if masked and not _OF_A_LINK.fullmatch(link):
        command = parse(masked_text, labels, own_name)
    return command, masked_text, masked


def is_for_another(text: str, own_name: str) -> bool:
    """Whether a text is a command for another bot, by the name behind it."""
    found = _COMMAND.fullmatch(_tidy(text))
    return bool(found and own_name and found[2] and found[2].lower() != own_name.lower())


def parse(
    text: str, labels: Mapping[str, CommandName] | None = None, own_name: str = ""
) -> Command | Account | None:
    """The command in a typed text; None when it is not one. A `/word` that nobody knows, or that is
    for another bot than `own_name`, is `unknown`, and so is a `/` alone.

    `labels` maps the texts of fixed buttons to what they do. Words behind a command go along with
    it: the payload of `/start` and the code of `/taal` as what they are, others as `beside`.
    """
    if labels and (fixed := labels.get(text.strip())) is not None:
        return Command(fixed)
    text = _tidy(text)
    if _BARE.fullmatch(text):
        return Account("unknown")
    found = _COMMAND.fullmatch(text)
    if found is None:
        return None
    word, rest = found[1].lower(), (found[3] or "").strip()
    if is_for_another(text, own_name):
        return Account("unknown", word)
    if _ACCOUNT.get(word) in _WITH_TEXT:
        return Account(_ACCOUNT[word], rest)
    if word in _GUIDE:
        return Command(_GUIDE[word], rest)
    if word in _ACCOUNT:
        return Account(_ACCOUNT[word], beside=rest)
    return Account("unknown", word, rest) if len(rest.split()) <= _MOST_BESIDE else None


def _tidy(text: str) -> str:
    """What may be a command without what shows nothing around it, such as marks of a keyboard that
    writes from the right; a command that was typed loosely as it should be."""
    first = next(_shown(text), len(text))
    if text[first : first + 1] not in _SIGNS:
        return text
    text = text[first : len(text) - next(_shown(text[::-1]))]
    loosely = _LOOSELY.fullmatch(text)
    known = loosely and loosely[1].partition("@")[0].lower() in KNOWN
    return f"/{loosely[1]}" if loosely and known else text


def _shown(text: str) -> Iterator[int]:
    """Where there is something to see."""
    return (at for at, char in enumerate(text) if unicodedata.category(char) not in _UNSEEN)
