"""Finds the guide that a command names: what people begin today, what is written on the dashboard,
or what came with Vertelbot. Without a store there is only the last."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from bot.authoring.guide_desk import GuideDesk, TriedGuide, Written, shipped_texts
from bot.cli.common import Failure, with_app
from conversations.authoring.draft_check import can_be_told
from conversations.authoring.draft_texts import of_sources
from conversations.checks.lint_guide import GuideCheck, check_guide
from conversations.guide.builder import fields
from conversations.guide.library import DUTCH
from conversations.guide.loading import load_guides
from conversations.guide.model import Guide

if TYPE_CHECKING:
    from bot.app import App
    from bot.authoring.exchange.guide_bundle import GuideBundle


@dataclass(frozen=True, slots=True)
class NamedGuide:
    """A guide as it is written. `languages` are those it is told in, Dutch first, and `told` is the
    guide in one of them; `bundle` is all of it, with what teams add. `said` are the translations as
    people hear them; None of a draft, which nobody hears."""

    written: Written
    languages: tuple[str, ...]
    told: Callable[[str], Guide] = field(repr=False)
    bundle: Callable[[], GuideBundle | None] = field(repr=False)
    said: Mapping[str, Mapping[str, str]] | None = field(default=None, repr=False)

    def check(self) -> GuideCheck:
        """What the checks say of it, with the walk through every state. Of what people begin, the
        languages that are offered; of a draft, each that was begun."""
        from bot.authoring.exchange.guide_bundle import bundle_of

        text = self.written.text
        made = self.bundle() if self.said is None else bundle_of(text, self.said)
        return made.check(walk=True) if made else check_guide(f"{self.written.guide}.toml", text)

    def in_language(self, language: str) -> Guide:
        if language not in self.languages:
            known = ", ".join(self.languages)
            raise Failure(f"{self.written.guide} is not told in {language}: choose from {known}")
        return self.told(language)


def named_guide(options: argparse.Namespace, guide: str) -> NamedGuide:
    """The guide of this name. Raises Failure, with all that could be named."""
    if not _has_store(options):
        return _shipped(guide, draft=options.draft)

    async def work(app: App) -> NamedGuide:
        desk = GuideDesk(app)
        written = await desk.written(guide) if options.draft else desk.today(guide)
        if written is None:
            raise Failure(await _unknown(desk, guide))
        return _of_desk(desk, written, draft=options.draft)

    return with_app(options, work)


def _of_desk(desk: GuideDesk, written: Written, *, draft: bool) -> NamedGuide:
    from bot.authoring.exchange.import_selection import packed

    guide, shelf = written.guide, desk.shelf
    bundle = partial(packed, desk, written)
    if not draft:
        told = partial(shelf.today, guide)
        said = shelf.library.sources[guide]["texts"]
        return NamedGuide(written, tuple(shelf.library.languages(guide)), told, bundle, said)
    if can_be_told(desk.problems(written)):
        tried = TriedGuide.as_written(shelf, written)
        return NamedGuide(written, tuple(tried.languages), tried.told, bundle)

    def untold(_language: str) -> Guide:
        raise Failure(f"{guide} cannot be told yet: /coordinator/guides/{guide} says what is wrong")

    return NamedGuide(written, (DUTCH,), untold, bundle)


def _shipped(guide: str, *, draft: bool) -> NamedGuide:
    from bot.authoring.exchange.guide_bundle import bundle_of

    library = load_guides()
    if draft or guide not in library.ids:
        where = "there is no store here, so no dashboard: " if draft else ""
        raise Failure(f"{where}{_choose(guide, library.ids)}")
    text, source = shipped_texts()[guide], library.sources[guide]
    texts = of_sources(source["texts"], fields(source["guide"]))
    return NamedGuide(
        Written(guide, 0, text, texts),
        tuple(library.languages(guide)),
        lambda language: library.get(guide, language),
        lambda: bundle_of(text, source["texts"]),
    )


async def _unknown(desk: GuideDesk, guide: str) -> str:
    """That nothing is called so, and what there is: told today, and being written."""
    from storage.guides import drafts

    begun = sorted({*desk.shelf.library.ids} - desk.shelf.closed)
    every = await desk.database.read(drafts.newest_of_all)
    written = sorted({draft.guide for draft in every} - {*begun})
    if guide in written:
        return f"{guide} is a draft, which nobody can begin yet: say --draft"
    beside = f"; being written: {', '.join(written)} (say --draft)" if written else ""
    return _choose(guide, begun) + beside


def _choose(guide: str, known: Iterable[str]) -> str:
    return f"{guide} is no guide here: choose from {', '.join(known)}"


def _has_store(options: argparse.Namespace) -> bool:
    """Whether there is a store already: to look at a guide none is made."""
    from bot.settings import load

    url = make_url(load(options.config).storage.url)
    if not url.drivername.startswith("sqlite"):
        return True
    return bool(url.database) and Path(str(url.database)).exists()
