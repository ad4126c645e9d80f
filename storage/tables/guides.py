"""The tables of authors: every save of a guide, what was published, and links to try one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from storage.engine.types import TableModel, Utc


class GuideSave(TableModel, table=True):
    """One save of a draft: the whole text, and its translations (JSON, by language and name of the
    text). Each is the next `revision` of its guide: two writers cannot take the same."""

    __table_args__ = (CheckConstraint("revision > 0", name="guidesave_revision"),)

    guide: str = Field(primary_key=True)
    revision: int = Field(primary_key=True, sa_type=BigInteger)
    text: str
    texts: str
    coordinator_id: str
    at: datetime = Field(sa_type=Utc)


class GuidePublication(TableModel, table=True):
    """A published version. Its words are those of the guide version with that fingerprint; `text`
    and `texts` are what it was made of. Once it is recalled nobody begins it any more;
    `recall_note` says why."""

    __table_args__ = (Index("ix_guidepublication_fingerprint", "fingerprint"),)

    guide: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_type=BigInteger)
    fingerprint: str = Field(foreign_key="guideversion.fingerprint")
    revision: int = Field(sa_type=BigInteger)
    text: str
    texts: str
    note: str
    coordinator_id: str
    at: datetime = Field(sa_type=Utc)
    recalled_at: datetime | None = Field(default=None, sa_type=Utc)
    recall_note: str | None = None


class GuideTrial(TableModel, table=True):
    """A link to try a save of a guide, by the hash of its token; nothing that is told there is kept
    anywhere."""

    token_hash: str = Field(primary_key=True)
    guide: str
    revision: int = Field(sa_type=BigInteger)
    until: datetime = Field(sa_type=Utc, index=True)
