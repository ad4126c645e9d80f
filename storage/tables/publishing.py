"""The tables of what goes further than the dashboard: public pages, and questions that travel.

An edition of a public page holds ids and numbers that left through the gate, never a word of a
story; what it shows is read again at every look.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index

from storage.engine.types import UNORDERED, TableModel, Utc, column


class PublicEdition(TableModel, table=True):
    """A public page as it was looked at and switched on: of a municipality by its code, or (empty)
    of all together. It goes when the page is switched off, or with the next one. `shown`: the
    quarters whose numbers stand on it, and the share of justice as it was."""

    __table_args__ = (UNORDERED,)

    id: str = column(primary_key=True)
    place: str = column(unique=True)
    made_at: datetime = column(Utc)
    shown: dict[str, Any] = column(JSON)


class PublicSentence(TableModel, table=True):
    """That the sentence of a story stands in an edition. `words`: a keyed hash of the sentence that
    was looked at; another one is not shown."""

    __table_args__ = (UNORDERED,)

    edition_id: str = column(ForeignKey("publicedition.id", ondelete="CASCADE"), primary_key=True)
    story_id: str = column(ForeignKey("story.id", ondelete="CASCADE"), primary_key=True, index=True)
    place: int
    words: str


class PublicChange(TableModel, table=True):
    """That a named change stands in an edition."""

    __table_args__ = (UNORDERED,)

    edition_id: str = column(ForeignKey("publicedition.id", ondelete="CASCADE"), primary_key=True)
    change_id: str = column(
        ForeignKey("offeredchange.change_id", ondelete="CASCADE"), primary_key=True, index=True
    )


class OfferedChange(TableModel, table=True):
    """A named change that who leads its session lets stand on public pages."""

    __table_args__ = (UNORDERED,)

    change_id: str = column(ForeignKey("decisionchange.id", ondelete="CASCADE"), primary_key=True)


class RelayedQuestion(TableModel, table=True):
    """A question that a guest left, and that may travel: first to the team where it was left, then
    to that team's next visit. `story` is a keyed hash, and which story it is stands sealed: without
    the key nothing here joins a story to a meeting."""

    __table_args__ = (
        CheckConstraint(
            "state IN ('offered', 'travels', 'opened', 'declined')", name="relayedquestion_state"
        ),
        Index("ix_relayedquestion_host_team_id", "host_team_id"),
        Index("ix_relayedquestion_next_id", "next_id"),
        UNORDERED,
    )

    id: str = column(primary_key=True)
    story: str = column(unique=True)
    host_team_id: str = column(ForeignKey("team.id", ondelete="CASCADE"))
    left_id: str | None = column(ForeignKey("meeting.id", ondelete="SET NULL"))
    next_id: str | None = column(ForeignKey("meeting.id", ondelete="SET NULL"))
    state: str = "offered"
    week: str
    sealed: bytes
