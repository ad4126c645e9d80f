"""What publishing a guide would change, for whom: the same for the page and for the command."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.authoring.guide_desk import GuideDesk, Written
from bot.authoring.translations.translation_flaws import translation_flaws
from bot.coordinators.phrases import CoordinatorPhrases
from conversations.authoring.draft_texts import renamed, spoken, unconsented, unfinished
from conversations.authoring.guide_changes import GuideChange, asks_anew, guide_changes
from conversations.authoring.starter import id_of
from conversations.guide.builder import fields
from conversations.guide.problems import Problem
from storage.guides.guide_publications import Publication
from storage.guides.open_conversations import running


@dataclass(frozen=True, slots=True)
class PublicationPlan:
    """`languages` are those it is translated in; `lacking` says how many texts some still lack, and
    `unconsented` in which of those a teller could not know what they agree to, with the names of
    those texts; `flawed` how many translations some have that are wrong. With `problems`
    there is nothing else in it. `same` is what is asked today already; `reopens` when all that was
    published before is recalled."""

    data: Mapping[str, Any]
    problems: tuple[Problem, ...]
    changes: tuple[GuideChange, ...] = ()
    first: bool = False
    same: bool = False
    reopens: bool = False
    languages: tuple[str, ...] = ()
    lacking: Mapping[str, int] | None = None
    unconsented: Mapping[str, Sequence[str]] = field(default_factory=dict)
    flawed: Mapping[str, int] = field(default_factory=dict)

    @property
    def asked(self) -> list[GuideChange]:
        """The changes of which only the author knows whether people would answer otherwise now."""
        return asks_anew(self.changes)

    @property
    def complete(self) -> tuple[str, ...]:
        lacking = self.lacking or {}
        return tuple(
            each for each in self.languages if each not in lacking and each not in self.flawed
        )

    @property
    def partly(self) -> tuple[str, ...]:
        """The languages in which the questions that are not translated can be asked in Dutch."""
        return tuple(
            each
            for each in self.lacking or {}
            if each not in self.unconsented and each not in self.flawed
        )


def plan_of(desk: GuideDesk, written: Written, language: str) -> PublicationPlan | None:
    """None when the text cannot be told apart in steps. Problems are told in `language`."""
    parsed, before = written.parsed, desk.today(written.guide)
    if parsed is None:
        return None
    data, problems = parsed.data, desk.problems(written, language)
    old = before.parsed.data if before and before.parsed else None
    reopens = written.guide in desk.shelf.closed
    first = old is None and not reopens
    if problems:
        return PublicationPlan(data, problems, first=first, reopens=reopens)
    dutch = fields(data)
    texts = spoken(written.texts, dutch)
    flaws = translation_flaws(desk.shelf.shipped, written)
    return PublicationPlan(
        data,
        (),
        changes=tuple(guide_changes(old, data)) if old else (),
        first=first,
        reopens=reopens,
        same=before is not None and old == data and spoken(before.texts, dutch) == texts,
        languages=tuple(sorted(texts)),
        lacking=unfinished(written.texts, dutch),
        unconsented=unconsented(written.texts, data),
        flawed={name: len(each) for name, each in flaws.items()},
    )


async def checked_plan(
    desk: GuideDesk, written: Written | None, language: str
) -> PublicationPlan | None:
    """The same, while nobody who tells waits for it; None for no guide."""
    return await asyncio.to_thread(plan_of, desk, written, language) if written else None


def set_apart(written: Written, names: Collection[str]) -> Written:
    """Questions (a step) and answers (`step.answer`) that people would answer otherwise now get an
    id of their own, so that what was told before stays apart."""
    parsed, texts = written.parsed, written.texts
    for name in names if parsed else ():
        step, _, item = name.partition(".")
        if parsed is None or parsed.step(step) is None:
            continue
        if item:
            parsed = parsed.with_item_id(step, item, id_of(item, parsed.item_ids(step)))
        else:
            new = id_of(step, parsed.ids)
            parsed = parsed.with_id(step, new)
            texts = renamed(texts, f"{step}.", f"{new}.")
    text = parsed.text if parsed else written.text
    return Written(written.guide, written.revision, text, texts)


def change_words(words: CoordinatorPhrases, change: GuideChange) -> str:
    """A difference in a sentence."""
    before, now = change.before, change.now
    if change.kind == "minutes":
        before, now = _spoken(words, before), _spoken(words, now)
    slots = {"step": change.step, "before": before, "now": now}
    return words(f"guides.change.{change.kind}", **slots)


def _spoken(words: CoordinatorPhrases, number: str) -> str:
    """A number as it is written in this language."""
    found = float(number or 0)
    return words.number(int(found) if found == int(found) else found)


def open_words(desk: GuideDesk, words: CoordinatorPhrases, guide: str) -> str:
    """What people begin now."""
    live = desk.shelf.published.get(guide)
    if live:
        return words("guides.live", n=live.number)
    shipped = guide in desk.shelf.shipped.ids
    return words("guides.live.shipped" if shipped else "guides.live.none")


def recall_words(
    desk: GuideDesk, words: CoordinatorPhrases, recalled: Publication, every: Sequence[Publication]
) -> str:
    """What people begin once this one of `every` version is recalled."""
    left = [each for each in every if not each.recalled_at and each.number != recalled.number]
    if not left:
        shipped = recalled.guide in desk.shelf.shipped.ids
        return words("guides.recall.shipped" if shipped else "guides.recall.nobody")
    after = max(left, key=lambda each: each.number)
    live = desk.shelf.published.get(recalled.guide)
    stays = live is not None and live.number == after.number
    return words("guides.recall.stays" if stays else "guides.recall.then", n=after.number)


async def running_words(desk: GuideDesk, words: CoordinatorPhrases, guide: str) -> str:
    """How many are in the middle of it, in words; few are not counted out."""
    small = desk.services.settings.privacy.small_number
    found = await desk.database.read(lambda s: running(s, guide))
    count = found.total()
    if not count:
        return words("guides.running.none")
    if count < small:
        return words("guides.running.few", n=small)
    return words("guides.running", n=count - count % small)


async def finishing_words(desk: GuideDesk, words: CoordinatorPhrases, guide: str) -> str:
    """The same, and what a publication means for them."""
    said = await running_words(desk, words, guide)
    if said == words("guides.running.none"):
        return said
    return f"{said} {words('guides.running.finish')}"
