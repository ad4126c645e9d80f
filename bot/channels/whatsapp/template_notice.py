"""What Meta decided about a template: as it posts it, and as it lists it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TemplateNotice:
    """What Meta decided about a template."""

    name: str
    language: str
    state: str
    category: str = ""
    reason: str = ""


def from_account(found: Mapping[str, Any]) -> TemplateNotice:
    """A template as the account lists it."""
    name, language, state, category, reason = (
        str(found.get(each) or "")
        for each in ("name", "language", "status", "category", "rejected_reason")
    )
    return TemplateNotice(name, language, state, category, "" if reason == "NONE" else reason)


def from_post(value: Mapping[str, Any]) -> TemplateNotice:
    """What was decided about a template, as it is posted."""
    return TemplateNotice(
        str(value["message_template_name"]),
        str(value["message_template_language"]),
        str(value["event"]),
        str(value.get("message_template_category") or ""),
        str(value.get("reason") or "").replace("NONE", ""),
    )
