"""What a story costs to look through, however it was made: it is anybody's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.redaction.find import find
from conversations.redaction.findings import Finding, Findings
from conversations.redaction.slips import MOST
from conversations.wordlist.lexicon import Lexicon

PIECES = st.tuples(st.booleans(), st.integers(0, 30), st.integers(1, 8))


@given(st.lists(PIECES, max_size=25))
def test_findings_never_overlap_and_an_earlier_one_stays_unless_it_is_covered(
    pieces: list[tuple[bool, int, int]],
) -> None:
    found, plain = Findings(), list[Finding]()
    for covers, start, size in pieces:
        new = Finding(start, start + size, "PER", "name")
        inside = [each for each in plain if each.start < new.end and new.start < each.end]
        assert found.overlaps(new.start, new.end) == bool(inside)
        if covers:
            found.cover([new])
            bounds = [(each.start, each.end) for each in (new, *inside)]
            new = replace(new, start=min(bounds)[0], end=max(end for _, end in bounds))
            plain = [*(each for each in plain if each not in inside), new]
        else:
            found.add([new])
            plain += [] if inside else [new]
        assert found.sorted() == sorted(plain, key=lambda each: each.start)


def test_a_story_of_strange_words_is_not_looked_through_word_by_word_for_slips(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A story of 6,000 characters took 400 ms, and all who wait with it."""
    looked: list[str] = []
    real = Lexicon.is_slip

    def counted(self: Lexicon, lower: str) -> bool:
        looked.append(lower)
        return real(self, lower)

    monkeypatch.setattr(Lexicon, "is_slip", counted)
    find("Smithder. Mehmetdoğum. " * 100)
    assert len(looked) == len(set(looked)) <= 2
    find("".join(f"Smith{one}{two}der. " for one in "bcdfghkl" for two in "mnprstvw"))
    assert len(looked) <= MOST + 2
