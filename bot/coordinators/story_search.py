"""Which stories a list or a search shows: worked out by the helper process, which opens thousands.
It tells ids only; a page opens the twenty that it shows."""

from __future__ import annotations

from bot.helper.tasks import task
from bot.services import Services
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot
from storage.stories import reading, search
from storage.stories.reading import Filters, Selected
from storage.stories.search import SearchResult


@task
def searched_stories(
    session: Snapshot, _services: Services, who: Coordinator, filters: Filters
) -> SearchResult:
    """The stories that hold the words of the filters."""
    return search.search(session, who, filters)


@task
def selected_stories(
    session: Snapshot, _services: Services, who: Coordinator, filters: Filters
) -> Selected:
    """How many stories the filters leave, and which, when answers are among them."""
    return reading.selected(session, who, filters)
