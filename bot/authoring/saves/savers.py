"""Who saved a draft, by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.coordinators.pages.site import Site
from bot.coordinators.phrases import CoordinatorPhrases
from storage.coordinators import coordinators
from storage.coordinators.audit import OPERATOR
from storage.guides import drafts


async def saver_names(site: Site, words: CoordinatorPhrases) -> Mapping[str, str]:
    """The names of all who may have saved, by id."""
    known = await site.database.read(coordinators.listed)
    return {OPERATOR: words("log.operator"), **{each.id: each.name for each in known}}


async def last_saver(site: Site, guide: str) -> tuple[str, datetime | None]:
    """Who saved this draft the last, and when; without a name where that person is gone."""
    draft = await site.database.read(lambda s: drafts.newest_of(s, guide))
    if draft is None:
        return "", None
    who = await site.database.read(lambda s: coordinators.by_id(s, draft.coordinator_id))
    return who.name if who else "", draft.at
