"""Search in stories: they are sealed, so they are opened one by one, and so a search is bounded.

Words are compared as people mean them: without accents and capitals, in whatever marks of quotation
a telephone makes. What stands between such marks is looked for as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Reads
from storage.stories.reading import (
    PAGE,
    Filters,
    StoryList,
    matches,
    newest_ids,
    rows,
    within,
)
from storage.stories.rows import Story, opened

SCANNED = 5_000
"""The newest stories that a search opens."""
BATCH = 500
"""Stories that are fetched together."""
_PLAIN = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("’‘‛`´", "'")
    | dict.fromkeys("“”„‟«»", '"')
)
_WANTED = re.compile(r'"([^"]*)"|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The stories that hold some words (week and id, newest week first): worth to keep until a
    story changes. `scanned` were opened, `more` are older and were not."""

    found: Sequence[tuple[str, str]]
    scanned: int
    more: bool

    def page(self, reads: Reads, who: Coordinator, number: int) -> StoryList:
        """Twenty of them."""
        number = within(number, len(self.found))
        wanted = [story_id for _, story_id in self.found[number * PAGE : (number + 1) * PAGE]]
        shown = [opened(reads.vault, row) for row in rows(reads, who, wanted)]
        return StoryList(shown, len(self.found), number)


def folded(text: str) -> str:
    """A text without capitals and accents, with single spaces: what is compared."""
    text = text.casefold()
    if not text.isascii():
        bare = unicodedata.normalize("NFKD", text.translate(_PLAIN))
        text = "".join(char for char in bare if not unicodedata.combining(char))
    return " ".join(text.split())


def wanted_in(words: str) -> list[str]:
    """The words and phrases that somebody looks for, folded."""
    pairs = _WANTED.findall(folded(words))
    return [each for pair in pairs if (each := (pair[0] or pair[1]).strip())]


def holds(story: Story, wanted: list[str]) -> bool:
    """Whether a story, its name or a typed answer hold all of this."""
    told = story.telling
    text = folded("\n".join((told.headline, told.text, *told.words.values())))
    return all(each in text for each in wanted)


def search(reads: Reads, who: Coordinator, filters: Filters) -> SearchResult:
    """The stories that hold all the words of the filters, among the newest `SCANNED` of those that
    the other filters leave."""
    wanted = wanted_in(filters.words)
    ids = newest_ids(reads, who, filters, 0, SCANNED + 1)
    found = [
        (row.week, row.id)
        for start in range(0, min(len(ids), SCANNED), BATCH)
        for row in rows(reads, who, ids[start : min(start + BATCH, SCANNED)])
        if matches(row, filters.answers) and holds(opened(reads.vault, row), wanted)
    ]
    return SearchResult(found, min(len(ids), SCANNED), more=len(ids) > SCANNED)
