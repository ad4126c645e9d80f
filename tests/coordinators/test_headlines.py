"""What stands above a story, wherever one is shown."""

from __future__ import annotations

import re
from pathlib import Path

BOT = Path(__file__).parents[2] / "bot"
TEXTS = {"bot/coordinators/story_texts.py"}
"""Where every text of a story is looked at by itself."""


def test_stories_are_called_by_their_sentence_or_name_never_by_the_name_alone() -> None:
    files = [each for end in ("py", "html", "typ") for each in BOT.rglob(f"*.{end}")]
    alone = re.compile(r"\b(telling|told)\.name\b")
    found = {str(each.relative_to(BOT.parent)) for each in files if alone.search(each.read_text())}
    assert found == TEXTS
