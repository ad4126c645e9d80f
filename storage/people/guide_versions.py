"""Stored versions of guides, so that a new version never breaks an open conversation."""

from __future__ import annotations

from sqlalchemy import select

from storage.engine.statements import upsert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.tables import GuideVersion

GUIDE = core(GuideVersion)


def remember(connection: Transaction, guide: str, fingerprint: str, source: str) -> None:
    """Keep the source of a guide, once."""
    row = {"fingerprint": fingerprint, "guide": guide, "source": source}
    upsert(connection, GUIDE, row, ["fingerprint"], change=())


def is_kept(reads: Reads, fingerprint: str) -> bool:
    """Whether the guide with this fingerprint is there."""
    query = select(GUIDE.c.guide).where(GUIDE.c.fingerprint == fingerprint)
    return reads.execute(query).first() is not None


def source(reads: Reads, fingerprint: str) -> str | None:
    """The source of the guide with this fingerprint."""
    found: str | None = reads.execute(
        select(GUIDE.c.source).where(GUIDE.c.fingerprint == fingerprint)
    ).scalar()
    return found
