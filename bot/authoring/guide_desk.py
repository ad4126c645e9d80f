"""The desk behind the pages of guides: what is being written, what can be tried, what is asked
today."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Protocol

from bot.clock import Clock
from bot.guides import GuideStore
from bot.services import Services
from bot.slots import facts
from conversations.authoring.consent_words import Weaker, weaker_consents
from conversations.authoring.draft_check import can_be_told
from conversations.authoring.draft_texts import of_sources, offered
from conversations.authoring.guide_text import GuideText, NotEditable
from conversations.authoring.overlay import NoOverlay, Overlay, with_overlay
from conversations.authoring.starter import carried, start
from conversations.checks.lint_guide import GuideCheck, check_guide
from conversations.guide.builder import fields
from conversations.guide.library import DUTCH, Library
from conversations.guide.loading import HOME, read_guides
from conversations.guide.model import Guide
from conversations.guide.parsing import GuideFile, parse_guide
from conversations.guide.problems import Problem
from conversations.guide.toml_text import read_toml
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.guides import drafts, trials
from storage.guides.drafts import SavedGuide, Texts

BASES = ("professional", "resident")
"""What a new guide can be made from: who tells."""
LATELY = 16
"""Saves of which is remembered what is wrong with them: more than are written at a time."""


class House(Protocol):
    """What a desk stands in: the pages of coordinators, or a command with the store open."""

    database: Database
    services: Services
    clock: Clock


@dataclass(frozen=True, slots=True)
class Written:
    """A guide as it is being written. Revision 0: nobody changed it yet."""

    guide: str
    revision: int
    text: str
    texts: Texts

    @property
    def parsed(self) -> GuideText | None:
        """Its steps; None when the text cannot be told apart in steps."""
        try:
            return GuideText.read(self.text)
        except NotEditable:
            return None

    @property
    def shaped(self) -> GuideFile | None:
        """Its data, of which every part is what it should be; None when some is not."""
        return parse_guide(f"{self.guide}.toml", self.text).file


class TriedGuide:
    """A guide that can be told before anybody begins it, in its languages."""

    def __init__(
        self,
        shelf: GuideStore,
        data: Mapping[str, Any],
        texts: Mapping[str, Mapping[str, str]],
    ) -> None:
        _, source = shelf.shipped.made_of(data, texts)
        self._library = Library.from_source(source, shelf.shipped)
        self._shelf = shelf
        self._guide = str(data["id"])
        self.languages = self._library.languages(self._guide)

    @classmethod
    def as_written(cls, shelf: GuideStore, written: Written) -> TriedGuide:
        """A save of a guide."""
        data = GuideText.read(written.text).data
        marks = dutch_marks(shelf.shipped, written.texts)
        return cls(shelf, data, offered(written.texts, fields(data), written.texts, marks))

    def told(self, language: str) -> Guide:
        return self._shelf.furnished(self._library.get(self._guide, language))


class GuideDesk:
    """Reads and saves what authors write. One for all pages of guides."""

    def __init__(self, house: House) -> None:
        self.services = house.services
        self.shelf = house.services.shelf
        self.database = house.database
        self.clock = house.clock

    async def written(self, guide: str) -> Written | None:
        """The draft; else what is asked today."""
        draft = await self.database.read(lambda s: drafts.newest_of(s, guide))
        return self.of(draft) or self.today(guide)

    def today(self, guide: str) -> Written | None:
        """What is asked today, as text."""
        if guide in self.shelf.published:
            known = self.shelf.published[guide]
            return Written(guide, 0, known.text, known.texts)
        if guide not in shipped_texts():
            return None
        text = shipped_texts()[guide]
        source = self.shelf.shipped.sources[guide]
        return Written(guide, 0, text, of_sources(source["texts"], fields(source["guide"])))

    async def as_saved(self, guide: str) -> TriedGuide | None:
        """What is being written, if it can be told."""
        return await self.tried_as(await self.written(guide))

    async def tried(self, token: str) -> TriedGuide | None:
        """What a link is for, as long as its day lasts."""
        now = self.clock.now()
        found = await self.database.read(lambda s: trials.find(s, token, now))
        if found is None:
            return None
        guide, revision = found
        if not revision:
            return await self.tried_as(self.today(guide))
        draft = await self.database.read(lambda s: drafts.at_revision(s, guide, revision))
        return await self.tried_as(self.of(draft))

    async def tried_as(self, written: Written | None) -> TriedGuide | None:
        """A text as a guide that can be told; None when it cannot yet."""
        if written is None or not can_be_told(await self.checked(written)):
            return None
        return await asyncio.to_thread(TriedGuide.as_written, self.shelf, written)

    def tried_with(self, overlay: Overlay) -> TriedGuide | None:
        """The guide of today as a team hears it; None when it has no place for what they add."""
        source = self.shelf.library.sources[overlay.guide]
        marks = dutch_marks(self.shelf.shipped, source["texts"])
        try:
            data, texts = with_overlay(source["guide"], source["texts"], overlay, marks)
        except NoOverlay:
            return None
        return TriedGuide(self.shelf, data, texts)

    def problems(self, written: Written, language: str = DUTCH) -> tuple[Problem, ...]:
        """What is wrong with the Dutch of it, but for the walk through every state."""
        return self.check(written, language).problems

    async def checked(self, written: Written, language: str = DUTCH) -> tuple[Problem, ...]:
        """The same, while nobody who tells waits for it."""
        return await asyncio.to_thread(self.problems, written, language)

    def check(self, written: Written, language: str, *, words_only: bool = False) -> GuideCheck:
        """What an author is told while writing."""
        name = f"guides/{written.guide}.toml"
        if words_only:  # as often as letters are typed
            return check_guide(
                name, written.text, words_only=True, language=language, library=self.shelf.shipped
            )
        return _checked(name, written.text, language, self.shelf.shipped)

    def weaker(self, written: Written) -> list[Weaker]:
        """What its consents say less than those of the guide that such guides are made from."""
        parsed = written.parsed
        if parsed is None:
            return []
        names = (written.guide, str(parsed.data.get("kind")))
        base = next((each for each in names if each in shipped_texts()), "")
        return weaker_consents(read_toml(shipped_texts()[base]), parsed.data) if base else []

    def begin(self, guide: str, base: str, title: str) -> Written:
        """A new guide out of a base, with the translations that still hold."""
        before = GuideText.read(shipped_texts()[base])
        made = start(before, guide, title)
        dutch = fields(made.data)
        texts = self.shelf.shipped.sources[base]["texts"]
        kept = carried(texts, fields(before.data), dutch)
        return Written(guide, 0, made.text, of_sources(kept, dutch))

    async def save(self, who: str, written: Written) -> int:
        """Save it over the revision that it holds; the number of this one. Raises NewerSave."""
        now = self.clock.now()

        def save(connection: Transaction) -> int:
            return drafts.save(
                connection,
                written.guide,
                written.text,
                written.texts,
                since=written.revision,
                who=who,
                now=now,
            )

        return await self.database.write(save)

    async def put_away(self, who: str, guide: str, since: int) -> int:
        """Put a draft away. Raises NewerSave."""
        now = self.clock.now()
        return await self.database.write(lambda c: drafts.put_away(c, guide, since, who, now))

    async def link(self, guide: str, revision: int) -> str:
        """A token to try this save with, for a day."""
        now = self.clock.now()
        return await self.database.write(lambda c: trials.make(c, guide, revision, now))

    def facts(self, guide: Guide) -> Mapping[str, str]:
        return facts(self.services.settings, guide.phrases, {})

    def of(self, draft: SavedGuide | None) -> Written | None:
        """What a save holds; None for one that put the draft away."""
        if draft is None or draft.put_away:
            return None
        return Written(draft.guide, draft.revision, draft.text, draft.texts)


def dutch_marks(library: Library, languages: Iterable[str]) -> dict[str, str]:
    """What says in each of these languages that a part is in Dutch."""
    return {name: library.phrases(name).get("in_dutch") for name in languages}


@cache
def shipped_texts() -> Mapping[str, str]:
    """The guides that came with Vertelbot, as text, by id."""
    return {each.id: each.text for each in read_guides(HOME)[0]}


@lru_cache(maxsize=LATELY)
def _checked(name: str, text: str, language: str, library: Library) -> GuideCheck:
    """Page after page is about the same save, and what is wrong with it is the same on all."""
    return check_guide(name, text, language=language, library=library)
