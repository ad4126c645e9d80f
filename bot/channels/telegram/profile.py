"""The profile of the bot in Telegram (name, description, commands) and the fixed buttons, in every
language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from conversations.engine.events import CommandName
from conversations.guide.library import Library

COMMANDS = (
    "start",
    "terug",
    "stop",
    "hulp",
    "mijnverhalen",
    "bijeenkomst",
    "mijngegevens",
    "wissen",
    "taal",
    "privacy",
)
"""The commands in Telegram's menu, in this order."""


class Profile(NamedTuple):
    """What Telegram shows about the bot in one language: commands as (name, description), the text
    of an empty chat (at most 512 characters) and of the profile (at most 120)."""

    language: str
    commands: Sequence[tuple[str, str]]
    description: str
    short_description: str


def profiles(library: Library) -> Sequence[Profile]:
    """One for every language that is spoken."""
    made = []
    for language in library.spoken:
        phrases = library.phrases(language)
        commands = [(name, phrases.get(f"command.{name}")) for name in COMMANDS]
        about, short = phrases.get("bot.description"), phrases.get("bot.short_description")
        made.append(Profile(language, commands, about, short))
    return made


def labels(library: Library) -> Mapping[str, CommandName]:
    """The fixed buttons by what stands on them: that is what Telegram sends when one is tapped."""
    found: dict[str, CommandName] = {}
    for language in library.spoken:
        phrases = library.phrases(language)
        found[phrases.get("button.help")] = "help"
        found[phrases.get("button.stop")] = "stop"
    return found
