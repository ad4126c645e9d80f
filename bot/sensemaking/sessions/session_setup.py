"""Makes a session with its first cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.coordinators.pages.site import Site
from bot.sensemaking.sessions.story_pick import stories_of
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot, Transaction
from storage.sensemaking import session_cards, sessions
from storage.sensemaking.sessions import SenseSession, Sits
from storage.stories.reading import Answered

Choice = Callable[[Snapshot, Sequence[Answered]], list[str]]
"""Which of its stories become cards of a session."""


async def prepare(
    site: Site,
    who: Coordinator,
    choose: Choice,
    *,
    title: str,
    question: str,
    query: str,
    sits: Sits,
) -> SenseSession | None:
    """A new session with cards; None when there is no story for it, and then no session either."""
    now = site.clock.now()
    made = sessions.draft(who, now, title=title, question=question, query=query, sits=sits)
    # nobody who tells waits for the choice: it is made beside the writer
    chosen = await site.database.read(lambda reads: choose(reads, stories_of(reads, who, made)))

    def make(connection: Transaction) -> bool:
        good = session_cards.may_be_cards(connection, made, chosen)
        if good:
            sessions.add(connection, made)
            session_cards.put(connection, made, [each for each in chosen if each in good])
        return bool(good)

    kept = bool(chosen) and await site.database.write(make)
    return made if kept else None
