"""The stories of a session: its choice, read again with the rights of who looks, and of those the
ones that everybody who sits in it may read."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.coordinators.filters import filters_from
from bot.coordinators.questions import Question, Questions, questions_of
from bot.services import Services
from conversations.sensemaking.card_selection import CARDS, spread
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Reads
from storage.sensemaking import session_cards
from storage.sensemaking.sessions import SenseSession
from storage.stories import reading
from storage.stories.reading import Answered

NEWEST = 1_500
"""Stories that a session looks at."""


def stories_of(reads: Reads, who: Coordinator, session: SenseSession) -> list[Answered]:
    """The stories of a session, newest first; without those that their tellers took back from
    it."""
    found = reading.answered(reads, who, filters_from(session.query), NEWEST)
    good = session_cards.standing(reads, session, {each.id for each in found})
    return [each for each in found if each.id in good]


def asked_of(
    reads: Reads, services: Services, stories: Sequence[Answered], language: str
) -> Questions:
    """The questions that these stories answered."""
    told = {(each.guide, each.fingerprint) for each in stories}
    return questions_of(services.shelf, reads, told, language)


def proposed(
    stories: Sequence[Answered],
    question: Question | None,
    chosen: Collection[str] = (),
    many: int = CARDS,
) -> list[str]:
    """Cards for spread over a question; without one, over all answers."""
    step = question.step if question else ""
    able = [
        (each.id, each.answers)
        for each in stories
        if question is None or each.id in chosen or question.answered(each.guide, each.answers)
    ]
    return spread(able, step, many, chosen)
