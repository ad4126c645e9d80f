"""The tables of how guides are used, and of what teams add to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field

from storage.engine.types import TableModel, Utc


class GuideUse(TableModel, table=True):
    """How often something happened with a question of a version of a guide, up to and on a day:
    `how` is a mark of a trail. Each number stands for at least the small number of conversations,
    and is a multiple of it. No row is about one conversation."""

    __table_args__ = (CheckConstraint("conversations > 0", name="guideuse_conversations"),)

    fingerprint: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    step: str = Field(primary_key=True)
    how: str = Field(primary_key=True)
    guide: str = Field(index=True)
    conversations: int = Field(sa_type=BigInteger)


class GuideOverlay(TableModel, table=True):
    """What a team adds to a guide or leaves out of it, as its file would say it. `revision` rises
    with every save: who saves an older one has not seen the newest."""

    team_id: str = Field(primary_key=True, foreign_key="team.id", ondelete="CASCADE")
    guide: str = Field(primary_key=True)
    revision: int = Field(sa_type=BigInteger)
    source: str
    coordinator_id: str
    saved_at: datetime = Field(sa_type=Utc)
