"""The services that every turn uses, and the form of address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.first_taps import FirstTaps
from bot.guides import GuideStore
from bot.settings import Settings
from bot.use_tally import UseTally
from conversations.guide.model import Form
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Reads, Transaction
from storage.people.people import Person
from storage.sensemaking.changes import Justice, OverdueDecision
from storage.vault.erasure import ErasureLog
from storage.vault.vault import Vault


def _alone() -> str:
    return ""


def _ignored(*_: object) -> None: ...


def _no_words(*_: object) -> str:
    return ""


def _nothing(*_: object) -> Sequence[OverdueDecision]:
    return ()


@dataclass(frozen=True, slots=True)
class Services:
    """What every turn needs. `owner` names this process among several on one database; `taps`
    are the questions that were tapped lately, `use` what is to be added up of conversations that
    are over. `telegram` tells the name of the bot in Telegram
    (empty: it has none, or it is not known yet). `on_story_kept` hears, in the same transaction,
    that a person kept a story told with a guide, `on_story_closed` that no story is open any more,
    `on_relay` that the question in a story (its id and week) may travel.
    `rooms`: what other features do in the chat, see `turns/chat_room`. `overdue` tells which
    decisions a coordinator sees without a change for too long, `justice` to whom it did justice,
    `proposes` of which quarter a coordinator could take what could not be done to a session.
    """

    vault: Vault
    erased: ErasureLog
    shelf: GuideStore
    settings: Settings
    owner: Callable[[], str] = _alone
    taps: FirstTaps = field(default_factory=FirstTaps)
    use: UseTally = field(default_factory=UseTally)
    telegram: Callable[[], str] = _alone
    on_story_kept: Callable[[Transaction, Person, str, datetime], None] = _ignored
    on_story_closed: Callable[[Transaction, Person, datetime], None] = _ignored
    on_relay: Callable[[Transaction, Person, tuple[str, str], datetime], None] = _ignored
    rooms: Sequence[object] = ()
    overdue: Callable[[Reads, Coordinator, datetime], Sequence[OverdueDecision]] = _nothing
    justice: Callable[[Reads], Justice | None] = _ignored
    proposes: Callable[[Reads, Coordinator, datetime], str] = _no_words


def form_of(person: Person | None) -> Form:
    """How someone is addressed: as in the guide of last time."""
    return "u" if person and person.memory.form == "u" else "je"
