"""The tables of how guides are used, and of what teams add to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey

from storage.engine.types import TableModel, Utc, column


class GuideUse(TableModel, table=True):
    """How often something happened with a question of a version of a guide, up to and on a day:
    `how` is a mark of a trail. Each number stands for at least the small number of conversations,
    and is a multiple of it. No row is about one conversation."""

    __table_args__ = (CheckConstraint("conversations > 0", name="guideuse_conversations"),)

    fingerprint: str = column(primary_key=True)
    day: str = column(primary_key=True)
    step: str = column(primary_key=True)
    how: str = column(primary_key=True)
    guide: str = column(index=True)
    conversations: int = column(BigInteger)


class GuideOverlay(TableModel, table=True):
    """What a team adds to a guide or leaves out of it, as its file would say it. `revision` rises
    with every save: who saves an older one has not seen the newest."""

    team_id: str = column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    guide: str = column(primary_key=True)
    revision: int = column(BigInteger)
    source: str
    coordinator_id: str
    saved_at: datetime = column(Utc)
