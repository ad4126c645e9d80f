"""Questions and stories to find relations in."""

from __future__ import annotations

from bot.coordinators.questions import Question, questions
from bot.demo.invented import invent
from storage.stories.reading import Answered
from tests.coordinators.office import library

ASKED = questions(library(), "nl")


def named(name: str) -> Question:
    found = ASKED.find(name)
    assert found is not None
    return found


def invented(count: int) -> list[Answered]:
    made = [each.telling for each in invent(library(), [("", "")], "2026-W46", stories=count)]
    return [
        Answered(f"{n:032x}", "2026-W46", t.guide, t.fingerprint, "", t.language, t.answers)
        for n, t in enumerate(made)
    ]
