"""The tables of what goes further than the dashboard: public pages, and questions that travel.

An edition of a public page holds ids and numbers that left through the gate, never a word of a
story; what it shows is read again at every look.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index
from sqlmodel import Field

from storage.engine.types import UNORDERED, TableModel, Utc


class PublicEdition(TableModel, table=True):
    """A public page as it was looked at and switched on: of a municipality by its code, or (empty)
    of all together. It goes when the page is switched off, or with the next one. `shown`: the
    quarters whose numbers stand on it, and the share of justice as it was."""

    __table_args__ = (UNORDERED,)

    id: str = Field(primary_key=True)
    place: str = Field(unique=True)
    made_at: datetime = Field(sa_type=Utc)
    shown: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class PublicSentence(TableModel, table=True):
    """That the sentence of a story stands in an edition. `words`: a keyed hash of the sentence that
    was looked at; another one is not shown."""

    __table_args__ = (UNORDERED,)

    edition_id: str = Field(primary_key=True, foreign_key="publicedition.id", ondelete="CASCADE")
    story_id: str = Field(primary_key=True, foreign_key="story.id", ondelete="CASCADE", index=True)
    place: int
    words: str


class PublicChange(TableModel, table=True):
    """That a named change stands in an edition."""

    __table_args__ = (UNORDERED,)

    edition_id: str = Field(primary_key=True, foreign_key="publicedition.id", ondelete="CASCADE")
    change_id: str = Field(
        primary_key=True, foreign_key="offeredchange.change_id", ondelete="CASCADE", index=True
    )


class OfferedChange(TableModel, table=True):
    """A named change that who leads its session lets stand on public pages."""

    __table_args__ = (UNORDERED,)

    change_id: str = Field(primary_key=True, foreign_key="decisionchange.id", ondelete="CASCADE")


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

    id: str = Field(primary_key=True)
    story: str = Field(unique=True)
    host_team_id: str = Field(foreign_key="team.id", ondelete="CASCADE")
    left_id: str | None = Field(default=None, foreign_key="meeting.id", ondelete="SET NULL")
    next_id: str | None = Field(default=None, foreign_key="meeting.id", ondelete="SET NULL")
    state: str = "offered"
    week: str
    sealed: bytes
