"""Links to try a guide: a random token, kept as a hash, for a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.vault.vault import new_id

TRIAL = core(tables.GuideTrial)
LASTS = timedelta(days=1)


def make(connection: Transaction, guide: str, revision: int, now: datetime) -> str:
    """A link to try this save; its token. Those of before a day go."""
    forget(connection, now)
    token = new_id()
    row = {"token_hash": connection.vault.token_hash(token), "guide": guide, "revision": revision}
    connection.execute(insert(TRIAL).values({**row, "until": now + LASTS}))
    return token


def find(reads: Reads, token: str, now: datetime) -> tuple[str, int] | None:
    """The guide and the save that a token is for."""
    query = select(TRIAL.c.guide, TRIAL.c.revision).where(
        TRIAL.c.token_hash == reads.vault.token_hash(token), TRIAL.c.until > now
    )
    row = reads.execute(query).first()
    return (row.guide, row.revision) if row else None


def forget(connection: Transaction, now: datetime) -> None:
    """Links whose day is over."""
    connection.execute(delete(TRIAL).where(TRIAL.c.until <= now))
