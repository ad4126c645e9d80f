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


def from_category(value: Mapping[str, Any]) -> TemplateNotice:
    """Another category, or the one that it gets within a day."""
    category = value.get("correct_category") or value.get("new_category")
    return TemplateNotice(*_which(value), "", str(category or ""))


def from_quality(value: Mapping[str, Any]) -> TemplateNotice | None:
    """What people think of a template, as the state that Meta had for that: below it comes a
    pause. None when nothing follows from it."""
    score = str(value.get("new_quality_score") or "")
    state = {"RED": "FLAGGED", "YELLOW": "UNFLAGGED", "GREEN": "UNFLAGGED"}.get(score)
    return TemplateNotice(*_which(value), state) if state else None


def _which(value: Mapping[str, Any]) -> tuple[str, str]:
    return str(value["message_template_name"]), str(value["message_template_language"])


def from_post(value: Mapping[str, Any]) -> TemplateNotice:
    """What was decided about a template, as it is posted."""
    return TemplateNotice(
        *_which(value),
        str(value["event"]),
        str(value.get("message_template_category") or ""),
        str(value.get("reason") or "").replace("NONE", ""),
    )
