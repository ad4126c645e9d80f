"""The privacy notice: every promise in plain language, with the names and periods of this
installation."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.web.pages import direction
from bot.settings import Settings
from bot.slots import facts
from conversations.guide.library import Library
from conversations.guide.model import fill_slots

SECTIONS = (
    "who",
    "what",
    "choice",
    "readers",
    "care",
    "lock",
    "counts",
    "telegram",
    "gone",
    "rights",
)

_APART = "\u2068", "\u2069"
"""Signs around a name or address by which it keeps its own direction of reading."""


def sections(settings: Settings, library: Library, language: str) -> Sequence[tuple[str, str]]:
    """Headings, each with its paragraphs (a blank line between)."""
    phrases = library.phrases(language)
    contact = settings.organisation.contact
    known = {
        **facts(settings, phrases, {}),
        "draft_days": str(settings.retention.draft_days),
        "small_number": str(settings.privacy.small_number),
        "contact": contact or phrases.get("privacy.no_contact"),
        "recipients": settings.organisation.recipients or phrases.get("privacy.no_recipients"),
        "ground": settings.organisation.legal_ground,
    }
    if direction(language) == "rtl":
        known = {name: f"{_APART[0]}{fact}{_APART[1]}" for name, fact in known.items()}
    return [
        (
            phrases.get(f"privacy.{name}.title", "u"),
            fill_slots(phrases.get(f"privacy.{name}", "u"), known),
        )
        for name in SECTIONS
    ]
