"""Questions that travel: what a guest left at a visit goes to the team that was visited, and with
its yes to the next visit. The question alone: the story stays where it is.

A row holds no word. The question is read again from its story at every look, so that what a teller
takes back, or a moderator holds, is gone at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.stories import uses
from storage.stories.permissions import STORY, may_travel
from storage.stories.rows import opened
from storage.vault.vault import Vault, new_id
from storage.weeks import week_of

RELAYED = core(tables.RelayedQuestion)
ASKED = "question_left"
"""The step of the guide that asks for the question."""

RelayState = Literal["offered", "travels", "opened", "declined"]


@dataclass(frozen=True, slots=True)
class TravellingQuestion:
    """A question on its way: left at a meeting of `host_team`, to open the meeting `next_id` (both
    may be empty). `story_id` is for what tells of it, so that it goes when the story goes."""

    id: str
    story_id: str
    text: str
    language: str
    host_team: str
    left_id: str
    next_id: str
    state: RelayState
    week: str


def offer(
    connection: Transaction,
    story_id: str,
    host_team: str,
    meetings: tuple[str, str],
    now: datetime,
) -> None:
    """The question of a story goes to the team where it was left; `meetings`: where, and the next
    visit (or empty). That is a use of the story, written here."""
    drop(connection, story_id)
    left, following = meetings
    relay_id = new_id()
    if not uses.write(connection, "relay", "relay", relay_id, [story_id], now):
        return
    row = {
        "id": relay_id,
        "story": _hash(connection.vault, story_id),
        "host_team_id": host_team,
        "left_id": left or None,
        "next_id": following or None,
        "state": "offered",
        "week": week_of(now),
        "sealed": connection.vault.seal_json(f"relay:{relay_id}", {"story": story_id}),
    }
    connection.execute(insert(RELAYED).values(row))


def drop(connection: Transaction, story_id: str) -> None:
    """The question of a story does not travel (any more)."""
    connection.execute(delete(RELAYED).where(RELAYED.c.story == _hash(connection.vault, story_id)))


def move(connection: Transaction, relay_id: str, state: RelayState, next_id: str = "") -> None:
    """How far a question is, and (when that is known) which meeting it is to open."""
    values = {"state": state} | ({"next_id": next_id} if next_id else {})
    connection.execute(update(RELAYED).where(RELAYED.c.id == relay_id).values(values))


def left_at(reads: Reads, meeting_ids: Iterable[str]) -> list[TravellingQuestion]:
    """The questions that were left at one of these meetings, or that go to one."""
    ids = list(meeting_ids)
    return _found(reads, RELAYED.c.left_id.in_(ids) | RELAYED.c.next_id.in_(ids))


def by_id(reads: Reads, relay_id: str) -> TravellingQuestion | None:
    return next(iter(_found(reads, RELAYED.c.id == relay_id)), None)


def opening(reads: Reads, meeting_id: str) -> list[TravellingQuestion]:
    """The questions that open a meeting."""
    on_its_way = RELAYED.c.state.in_(("travels", "opened"))
    return _found(reads, (RELAYED.c.next_id == meeting_id) & on_its_way)


def offered_to(reads: Reads, team: str) -> int:
    """How many questions wait for the yes of a team."""
    mine = (RELAYED.c.host_team_id == team, RELAYED.c.state == "offered")
    query = select(func.count()).select_from(RELAYED).where(*mine)
    return int(reads.execute(query).scalar_one())


def _found(reads: Reads, which: ColumnElement[bool]) -> list[TravellingQuestion]:
    """The questions that may (still) travel, oldest first."""
    rows = list(reads.execute(select(RELAYED).where(which).order_by(RELAYED.c.week, RELAYED.c.id)))
    stories = {
        row.id: reads.vault.open_json(f"relay:{row.id}", row.sealed)["story"] for row in rows
    }
    query = select(STORY).where(may_travel(), STORY.c.id.in_(set(stories.values())))
    told = {row.id: opened(reads.vault, row).telling for row in reads.execute(query)}
    found = []
    for row in rows:
        story_id = stories[row.id]
        telling = told.get(story_id)
        text = telling.words.get(ASKED, "").strip() if telling is not None else ""
        if telling is None or not text or uses.taken_back(reads, row.id, [story_id]):
            continue
        found.append(
            TravellingQuestion(
                row.id,
                story_id,
                text,
                telling.language,
                row.host_team_id,
                row.left_id or "",
                row.next_id or "",
                row.state,
                row.week,
            )
        )
    return found


def _hash(vault: Vault, story_id: str) -> str:
    """Another hash than in other tables: only with the key is a question joined to a story."""
    return vault.notice_hash("relay", story_id)
