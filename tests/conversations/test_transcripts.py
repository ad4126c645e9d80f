"""Conversations as they must go, in files that a team member can read. `pytest --accept` writes
them as they go today: read what changed before you commit it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conversations.guide import Guide
from conversations.transcript import TranscriptError, play
from tests.conversations.conftest import facts_of

FOLDER = Path(__file__).parent / "transcripts"
EXPECTED = """
""".split()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_a_conversation_goes_as_it_is_written(
    path: Path, guides: Callable[[str, str], Guide], request: pytest.FixtureRequest
) -> None:
    written = path.read_text(encoding="utf-8")
    today = play(guides, facts_of, written)
    if request.config.getoption("--accept"):
        path.write_text(today, encoding="utf-8")
    else:
        assert written.splitlines() == today.splitlines()


def test_a_line_that_nobody_can_play_is_named(guides: Callable[[str, str], Guide]) -> None:
    with pytest.raises(TranscriptError, match=r"line 2: > \[dansje\]"):
        play(guides, facts_of, "gids: resident nl\n> [dansje]\n")


def test_a_transcript_names_its_guide(guides: Callable[[str, str], Guide]) -> None:
    with pytest.raises(TranscriptError, match="gids"):
        play(guides, facts_of, "> hallo\n")
