"""Personal links: whoever opens one in the web chat is the person who got it by mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.vault.vault import new_token

LINK = core(tables.PersonalLink)


@dataclass(frozen=True, slots=True)
class Link:
    """Whose link it is, and what it is about: a prompt, or a meeting."""

    person_id: str
    meeting_id: str | None = None
    prompt_id: str | None = None


def make(connection: Transaction, link: Link, expires: datetime, use: str = "") -> str:
    """The token of a new link; only its hash is kept. One that is made for another `use` than a
    letter leads nowhere else."""
    token = new_token()
    connection.execute(
        insert(LINK).values(
            token_hash=connection.vault.token_hash(use + token),
            person_id=link.person_id,
            meeting_id=link.meeting_id,
            prompt_id=link.prompt_id,
            expires_at=expires,
        )
    )
    return token


def find(reads: Reads, token: str, now: datetime, use: str = "") -> Link | None:
    """What a token leads to; None when it is unknown or too old."""
    row = reads.execute(
        select(LINK).where(
            LINK.c.token_hash == reads.vault.token_hash(use + token), LINK.c.expires_at > now
        )
    ).one_or_none()
    return None if row is None else Link(row.person_id, row.meeting_id, row.prompt_id)


def drop(connection: Transaction, token: str, use: str = "") -> None:
    """A link was followed that may be followed once."""
    connection.execute(
        delete(LINK).where(LINK.c.token_hash == connection.vault.token_hash(use + token))
    )


def forget(connection: Transaction, now: datetime) -> int:
    """Links that are too old go."""
    return connection.execute(delete(LINK).where(LINK.c.expires_at <= now)).rowcount
