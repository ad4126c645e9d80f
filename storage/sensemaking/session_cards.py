"""The cards of a session: stories by their id, always read again with the rights of who looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, insert, select, update

from storage import tables
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.sensemaking.sessions import SenseSession, known, new_session_code
from storage.stories import uses
from storage.stories.permissions import STORY, may_read, may_sit_before
from storage.stories.rows import Story, opened
from storage.vault.vault import new_id

CARD = core(tables.SessionCard)
CODE = 8
"""Letters of the code on a card: nobody finds one by trying."""


@dataclass(frozen=True, slots=True)
class StoryCard:
    """A card: its number on paper, its code, and the story (None: not, or not any more, for who
    looks). `place` is None for one that was swapped for another."""

    id: str
    code: str
    number: int
    place: int | None
    printed: bool
    story_id: str
    story: Story | None


def put(connection: Transaction, session: SenseSession, story_ids: Sequence[str]) -> None:
    """Add cards for stories, after those that are there. A story that was swapped away comes back
    with the number and code it had."""
    mine = CARD.c.session_id == session.id
    before = {row.story_id: row for row in connection.execute(select(CARD).where(mine))}
    places = [row.place for row in before.values() if row.place is not None]
    place = max(places, default=-1) + 1
    query = select(func.max(CARD.c.number)).where(mine)
    number = int(connection.execute(query).scalar() or 0)
    for story_id in story_ids:
        if story_id not in before:
            number += 1
            row = {
                "id": new_id(),
                "code": new_session_code(CODE),
                "session_id": session.id,
                "story_id": story_id,
                "number": number,
                "place": place,
                "printed": False,
            }
            connection.execute(insert(CARD).values(row))
        elif before[story_id].place is None:
            _set(connection, before[story_id].id, place=place)
        else:
            continue
        place += 1


def swap(connection: Transaction, session: SenseSession, card_id: str, story_id: str) -> bool:
    """Put another story in the place of a card; with no story the card only goes. Whether the card
    was there."""
    mine = (CARD.c.session_id == session.id, CARD.c.id == card_id, CARD.c.place.is_not(None))
    row = connection.execute(select(CARD).where(*mine)).one_or_none()
    if row is None:
        return False
    _set(connection, card_id, place=None)
    if story_id:
        put(connection, session, [story_id])
        other = (CARD.c.session_id == session.id, CARD.c.story_id == story_id)
        connection.execute(update(CARD).where(*other).values(place=row.place))
    return True


def on_table(reads: Reads, session: SenseSession, who: Coordinator | None) -> list[StoryCard]:
    """The cards of a session in order, with the stories that may be shown: to a coordinator, or
    (None) to whoever takes part."""
    return [card for card in all_cards(reads, session, who) if card.place is not None]


def all_cards(reads: Reads, session: SenseSession, who: Coordinator | None) -> list[StoryCard]:
    """Those of before too."""
    query = select(CARD).where(CARD.c.session_id == session.id)
    rows = sorted(reads.execute(query), key=lambda row: (row.place is None, row.place, row.number))
    stories = readable(reads, session, who, [row.story_id for row in rows if row.story_id])
    return [
        StoryCard(
            row.id,
            row.code,
            row.number,
            row.place,
            row.printed,
            row.story_id or "",
            stories.get(row.story_id or ""),
        )
        for row in rows
    ]


def readable(
    reads: Reads,
    session: SenseSession,
    who: Coordinator | None,
    story_ids: Iterable[str],
) -> dict[str, Story]:
    """Of these stories those that may be on a card of this session, that who looks may read, and
    that their tellers did not take back from it."""
    wanted = set(story_ids)
    wanted -= uses.taken_back(reads, session.id, wanted)
    parts: list[ColumnElement[bool]] = [may_sit_before(session.sits, session.team)]
    if who is not None:
        parts.append(may_read(who))
    query = select(STORY).where(*parts, STORY.c.id.in_(wanted))
    return {row.id: opened(reads.vault, row) for row in reads.execute(query)}


def may_be_cards(reads: Reads, session: SenseSession, story_ids: Iterable[str]) -> set[str]:
    """Which of these stories may be a card of this session."""
    good = may_sit_before(session.sits, session.team)
    query = select(STORY.c.id).where(good, STORY.c.id.in_(list(story_ids)))
    return set(reads.execute(query).scalars())


def standing(reads: Reads, session: SenseSession, story_ids: set[str]) -> set[str]:
    """Of these stories those that may still be a card of this session."""
    good = may_be_cards(reads, session, story_ids)
    return good - uses.taken_back(reads, session.id, good)


def note_printed(connection: Transaction, card_ids: Iterable[str]) -> None:
    """These cards went to paper."""
    ids = CARD.c.id.in_(list(card_ids))
    connection.execute(update(CARD).where(ids).values(printed=True))


def to_take_out(reads: Reads, session: SenseSession) -> list[tuple[int, str]]:
    """The printed cards, by number and code, whose story may not be shown any more."""
    query = (
        select(CARD.c.number, CARD.c.code, CARD.c.story_id)
        .where(CARD.c.session_id == session.id, CARD.c.printed)
        .order_by(CARD.c.number)
    )
    printed = list(reads.execute(query))
    good = standing(reads, session, {row.story_id for row in printed if row.story_id})
    return [(row.number, row.code) for row in printed if row.story_id not in good]


def is_valid(reads: Reads, code: str) -> bool:
    """Whether the card with this code may still be shown. An unknown code is no card."""
    query = select(CARD.c.story_id, CARD.c.session_id).where(CARD.c.code == code.upper())
    found = reads.execute(query).one_or_none()
    if found is None or found.story_id is None:
        return False
    session = known(reads, found.session_id)
    return session is not None and bool(standing(reads, session, {found.story_id}))


def _set(connection: Transaction, card_id: str, **values: object) -> None:
    connection.execute(update(CARD).where(CARD.c.id == card_id).values(values))
