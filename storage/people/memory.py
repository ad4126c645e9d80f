"""What is remembered of a person besides their stories, as fields: a wrong name is an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Everything is empty at first, and only what is not is stored.

    About the conversation: `form` of address and `guide` of last time, `known` facts (team, town),
    `expired` (a draft was forgotten since), `prompted` (the open story began with a prompt),
    `noticed` (Telegram's notice was shown), `typed` and `heard` (the channel's ids of messages that
    may be cleared: typed before a conversation, and of a kept one).

    About account commands: `asked` (the turn of the last account question), `stands` (it waits for
    an answer), `code` (five words are expected), `tries` (when wrong codes were typed, in seconds
    since 1970), `found` (stories opened by their code), `planning` (answers about a meeting that is
    being planned), `switching` (the story whose consents are shown, and the purposes switched on).

    About meetings and mail: `prompts` may be turned off, `mail` are the persons whose letters led
    here, `web` the browsers that this person's letters led to, `refused` the week and the words in
    which a mail server said that the address does not exist.

    About being reached: `draft_mail` is the person elsewhere who is reminded of a story that waits,
    `addresses` how many were typed, `given` the persons that came to be by that. `telegram` is the
    link into Telegram that was made last: the hash of its token, and what it is about. `quiet` are
    the hours in which no bell rings for this person (from, until).
    """

    form: str = ""
    guide: str = ""
    known: Mapping[str, str] = field(default_factory=dict)
    expired: bool = False
    prompted: bool = False
    noticed: bool = False
    typed: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    asked: int = 0
    stands: bool = False
    code: bool = False
    tries: tuple[float, ...] = ()
    found: tuple[str, ...] = ()
    planning: Mapping[str, str] = field(default_factory=dict)
    switching: tuple[str, ...] = ()
    prompts: Literal["", "off"] = ""
    mail: tuple[str, ...] = ()
    web: tuple[str, ...] = ()
    draft_mail: str = ""
    addresses: int = 0
    given: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    telegram: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What was stored. A field of a later version is left out."""
        known: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in data.items()
            if name in _NAMES and value is not None
        }
        return cls(**known)

    def to_json(self) -> dict[str, Any]:
        """What is not empty."""
        values = ((name, getattr(self, name)) for name in _NAMES)
        return {name: _plain(value) for name, value in values if value}


_NAMES = tuple(each.name for each in fields(Memory))


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value
