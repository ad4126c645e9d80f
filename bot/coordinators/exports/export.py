"""One export: the stories, what stands beside them, and the stamp that every file carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from bot.coordinators.phrases import CoordinatorPhrases, words
from bot.coordinators.questions import CLOSED, Questions, questions
from bot.services import Services
from conversations.guide.model import Guide
from storage.stories.exports import Exported
from storage.stories.permissions import FilePurpose

FORMATS = ("csv", "xlsx", "json", "narrafirma")
SCHEMA = 1


@dataclass(frozen=True)
class StoryExport:
    """Everything a file is made of. `chosen`: the filters in words; empty for all stories."""

    stories: Sequence[Exported]
    withdrawn: Sequence[str]
    purpose: FilePurpose
    at: datetime
    services: Services
    language: str = "nl"
    older: Sequence[Guide] = ()
    """Versions of guides that stories were told with, before those of today."""
    chosen: str = ""
    teams: Mapping[str, str] = field(default_factory=dict)
    """How each team is called, by its id."""

    @property
    def t(self) -> CoordinatorPhrases:
        return words(self.language)

    @cached_property
    def questions(self) -> Questions:
        """The questions that these stories can answer, in the words of their own guides; typed
        ones too."""
        kinds = (*CLOSED, "text")
        if self.purpose == "quote":
            return Questions({})
        library = self.services.shelf.library
        asked = questions(library, self.language, older=self.older, kinds=kinds, teams=self.teams)
        told = {each.story.telling.guide for each in self.stories}
        return Questions({key: q for key, q in asked.items() if told & set(q.guides)})

    @property
    def overlays(self) -> Mapping[str, str]:
        """The team whose own questions a version of a guide holds, by its fingerprint."""
        return {guide.fingerprint: guide.overlay for guide in self.older if guide.overlay}

    @property
    def stamp(self) -> list[tuple[str, str]]:
        """What this file is, for whom, from when: (label, value)."""
        organisation = self.services.settings.organisation.name
        return [
            (self.t("file.from"), organisation),
            (self.t("file.at"), self.at.strftime("%Y-%m-%d %H:%M UTC")),
            (self.t("file.purpose"), self.t(f"file.purpose.{self.purpose}")),
            (self.t("file.stories"), str(len(self.stories))),
            *([(self.t("file.chosen"), self.chosen)] if self.chosen else []),
            (self.t("file.rule"), self.t("file.rule.text")),
            *([(self.t("file.note"), self.note)] if self.note else []),
        ]

    @property
    def note(self) -> str:
        """What a file for quotation holds, and what it does not."""
        return self.t("file.note.quote") if self.purpose == "quote" else ""

    @property
    def name(self) -> str:
        """What the file is called, without its ending."""
        return f"vertelbot-{self.purpose}-{self.at:%Y-%m-%d}"


def as_json(export: StoryExport) -> dict[str, Any]:
    """The stable shape; `stories.schema.json` describes it."""
    return {
        "schema": SCHEMA,
        **({"note": export.note} if export.note else {}),
        "exported": export.at.isoformat(timespec="seconds"),
        "purpose": export.purpose,
        "stories": [_story(each, export.overlays) for each in export.stories],
        "withdrawn": list(export.withdrawn),
    }


def _story(each: Exported, overlays: Mapping[str, str]) -> dict[str, Any]:
    told = each.story.telling
    return {
        "id": each.id,
        "guide": told.guide,
        "fingerprint": told.fingerprint,
        **({"overlay": overlays[told.fingerprint]} if told.fingerprint in overlays else {}),
        "language": told.language,
        "week": each.story.week,
        "team": told.team or None,
        "name": told.headline,
        "text": told.text,
        "answers": told.answers,
        "words": told.words,
        "purposes": list(each.story.purposes),
    }
