"""What every turn needs, and how someone is addressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.dwell_time import FirstTaps
from bot.guides import GuideStore
from bot.settings import Settings
from conversations.guide.model import Form
from storage.people.people import Person
from storage.vault.erasure import ErasureLog
from storage.vault.vault import Vault


def _alone() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Services:
    """What every turn needs. `owner` names this process among several on one database; `taps`
    are the questions that were tapped lately."""

    vault: Vault
    erased: ErasureLog
    shelf: GuideStore
    settings: Settings
    owner: Callable[[], str] = _alone
    taps: FirstTaps = field(default_factory=FirstTaps)


def form_of(person: Person | None) -> Form:
    """How someone is addressed: as in the guide of last time."""
    return "u" if person and person.prefs.get("form") == "u" else "je"
