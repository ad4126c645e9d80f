"""The tables of those who read: teams, coordinators, what they may see, did and were told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, CheckConstraint, Column, Index, false
from sqlmodel import Field

from storage.engine.types import UNORDERED, Rising, TableModel, Utc


class Team(TableModel, table=True):
    """A local team. `code` stands in its invitation links; `former` are the names it had. A closed
    team takes no new stories; those of one that was merged go to the team it is `merged_into`."""

    id: str = Field(primary_key=True)
    name: str
    municipality: str
    code: str = Field(unique=True)
    former: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    closed: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default=false())
    )
    merged_into: str | None = None


class Coordinator(TableModel, table=True):
    """Someone who may read. Sealed: name and address. `joined`: the newest narrowing when they got
    this role (none: before those were kept)."""

    __table_args__ = (
        CheckConstraint("role IN ('association', 'team', 'reader')", name="coordinator_role"),
    )

    id: str = Field(primary_key=True)
    role: str
    team_id: str | None = Field(default=None, foreign_key="team.id")
    sealed: bytes
    joined: int | None = Field(default=None, sa_type=BigInteger)


class LoginLink(TableModel, table=True):
    """A link that logs in once."""

    token_hash: str = Field(primary_key=True)
    coordinator_id: str = Field(foreign_key="coordinator.id", ondelete="CASCADE", index=True)
    expires_at: datetime = Field(sa_type=Utc)
    used_at: datetime | None = Field(default=None, sa_type=Utc)


class WebSession(TableModel, table=True):
    """A coordinator who is logged in."""

    token_hash: str = Field(primary_key=True)
    coordinator_id: str = Field(foreign_key="coordinator.id", ondelete="CASCADE", index=True)
    expires_at: datetime = Field(sa_type=Utc)


class SavedSelection(TableModel, table=True):
    """Filters that a coordinator keeps. Sealed: their name, and what they are."""

    id: str = Field(primary_key=True)
    coordinator_id: str = Field(foreign_key="coordinator.id", ondelete="CASCADE", index=True)
    sealed: bytes


class Audit(TableModel, table=True):
    """Who looked at what, or did what, when. A story stands here by its keyed hash; `detail` holds
    numbers and names of formats, never a word of a story."""

    __table_args__ = (
        Index("ix_audit_story_hash", "story_hash"),
        Index("ix_audit_team_id", "team_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(Rising, primary_key=True))
    at: datetime = Field(sa_type=Utc)
    coordinator_id: str
    team_id: str = ""
    action: str
    story_hash: str = ""
    detail: str = ""


class Published(TableModel, table=True):
    """A week (or quarter) whose numbers left through the gate for an audience. A week that is not
    over leaves in parts: `seen` are the counts of the parts so far, so that the next holds only
    what is new. `narrowings`: the newest narrowing at that moment."""

    __table_args__ = (UNORDERED,)

    period: str = Field(primary_key=True)
    audience: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    final: bool
    threshold: int
    narrowings: int = Field(default=0, sa_type=BigInteger)
    seen: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class PublishedNumber(TableModel, table=True):
    """A number that left: never fewer than the threshold, never changed. Scope: a team, or empty
    for all that the audience may read together."""

    __table_args__ = (UNORDERED,)

    period: str = Field(primary_key=True)
    audience: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    dimension: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    count: int
    base: int


class Narrowing(TableModel, table=True):
    """That a story of this week went out of what an audience may read."""

    __table_args__ = (
        Index("ix_narrowing_week", "week", "audience"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(Rising, primary_key=True))
    week: str
    audience: str


class DigestSent(TableModel, table=True):
    """The digests that went into the outbox: one for a coordinator and a week."""

    coordinator_id: str = Field(primary_key=True, foreign_key="coordinator.id", ondelete="CASCADE")
    week: str = Field(primary_key=True)
