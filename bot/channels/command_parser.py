"""Parses a typed command or the label of a fixed button, the same in every channel."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.channels.base import Account, AccountName
from conversations.engine.events import Command, CommandName

_COMMAND = re.compile(r"\s*/([A-Za-z_]+)(?:@\w+)?(?:\s+(.*))?\s*", re.DOTALL)

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
_WITH_TEXT: frozenset[AccountName] = frozenset({"start", "language"})


def parse(text: str, labels: Mapping[str, CommandName] | None = None) -> Command | Account | None:
    """The command in a typed text; None when it is not one (also for an unknown `/word`).

    `labels` maps the texts of fixed buttons to what they do. Words after a command are dropped,
    except the payload of `/start` and the code of `/taal`.
    """
    if labels and (fixed := labels.get(text.strip())) is not None:
        return Command(fixed)
    found = _COMMAND.fullmatch(text)
    if found is None:
        return None
    word, rest = found[1].lower(), (found[2] or "").strip()
    if word in _GUIDE:
        return Command(_GUIDE[word])
    if word in _ACCOUNT:
        name = _ACCOUNT[word]
        return Account(name, rest if name in _WITH_TEXT else "")
    return None
