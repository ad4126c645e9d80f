"""The processes that read many stories: they know no secret but the keys."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.helper.helper_pair import HelperPair
from bot.helper.helper_process import FILES, HelperProcess, HelperStore
from bot.helper.pipe_messages import Opening
from bot.services import Services
from bot.settings import without_secrets
from storage.engine.database import Database

HEAVY_TASKS = ("bot.coordinators.pattern_findings", "bot.coordinators.charts.relations")
"""What the helper process of pages loads at its start."""


def helpers(database: Database, services: Services) -> HelperPair:
    """One process for pages and one for files."""
    given, shelf = services.settings, services.shelf

    def opening(loads: Sequence[str], keys: bytes) -> Opening:
        return Opening(given.storage.url, keys, without_secrets(given), shelf.filed_overlays, loads)

    pages, files = (
        HelperStore(database, services.vault, partial(opening, loads))
        for loads in (HEAVY_TASKS, ())
    )
    return HelperPair(HelperProcess(pages), HelperProcess(files, FILES))
