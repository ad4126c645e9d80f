"""Fills template slots of guides and fixed sentences: who asks, how long it stays, which team."""

from __future__ import annotations

from collections.abc import Mapping

from bot.media.speech_to_text import why_not
from bot.settings import Organisation, Settings
from conversations.guide.model import Phrases

_DEFAULT_NAME = Organisation.model_fields["name"].default


HEAR = ("telegram", "web", "whatsapp")
"""Channels that recordings can come through."""


def facts(
    settings: Settings, phrases: Phrases, known: Mapping[str, str], channel: str = ""
) -> dict[str, str]:
    """The facts of a conversation in one language; `known` (of its team or meeting) wins."""
    name = settings.organisation.name
    days = settings.retention.draft_days - settings.retention.draft_reminder_days
    general = {
        "association": phrases.get("association_default") if name == _DEFAULT_NAME else name,
        "retention": _retention(phrases, settings.retention.stories_months),
        "days": str(max(1, days)),
        "url": settings.public_url,
        "voice_minutes": str(settings.speech.max_minutes),
        "attach": "voice" if channel in HEAR and _listens(settings) else "",
    }
    for slot in ("team", "host_team", "guest_team", "learning_group", "meeting"):
        general[slot] = phrases.get(f"{slot}_default")
    return {**general, **known}


def _listens(settings: Settings) -> bool:
    return bool(settings.speech.model) and not why_not(settings.speech)


def _retention(phrases: Phrases, months: int) -> str:
    unit, count = ("years", months // 12) if months % 12 == 0 else ("months", months)
    key = f"retention.{unit}.one" if count == 1 else f"retention.{unit}"
    return phrases.get(key).replace("{n}", str(count))
