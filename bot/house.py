"""What every turn needs, and how someone is addressed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.settings import Settings
from bot.shelf import Shelf
from conversations.guide import Form
from storage.erasure import ErasureLog
from storage.people import Person
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class House:
    """What every turn needs."""

    vault: Vault
    erased: ErasureLog
    shelf: Shelf
    settings: Settings


def form_of(person: Person | None) -> Form:
    """How someone is addressed: as in the guide of last time."""
    return "u" if person and person.prefs.get("form") == "u" else "je"
