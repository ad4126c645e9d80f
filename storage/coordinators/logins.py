"""Logins of coordinators: links that work once, and sessions. Tokens are kept as hashes only."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from storage import tables
from storage.coordinators.coordinators import COORDINATOR, Coordinator, read_coordinator
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.vault.vault import new_token

LINK = core(tables.LoginLink)
SESSION = core(tables.WebSession)

LINK_MINUTES = 15


def make_link(connection: Transaction, coordinator_id: str, now: datetime) -> str:
    """The token of a link that logs in once, within 15 minutes."""
    token = new_token()
    connection.execute(
        insert(LINK).values(
            token_hash=connection.vault.token_hash(token),
            coordinator_id=coordinator_id,
            expires_at=now + timedelta(minutes=LINK_MINUTES),
        )
    )
    return token


def use_link(connection: Transaction, token: str, now: datetime) -> str | None:
    """Log in: the id of the coordinator, or None when the link was used, is too old or unknown."""
    found: str | None = connection.execute(
        update(LINK)
        .where(
            LINK.c.token_hash == connection.vault.token_hash(token),
            LINK.c.used_at.is_(None),
            LINK.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(LINK.c.coordinator_id)
    ).scalar()
    return found


def open_session(
    connection: Transaction, coordinator_id: str, now: datetime, lasts: timedelta
) -> str:
    """The token of a new session."""
    token = new_token()
    connection.execute(
        insert(SESSION).values(
            token_hash=connection.vault.token_hash(token),
            coordinator_id=coordinator_id,
            expires_at=now + lasts,
        )
    )
    return token


def in_session(reads: Reads, token: str, now: datetime) -> Coordinator | None:
    """Who is logged in with this token."""
    row = reads.execute(
        select(COORDINATOR)
        .join(SESSION, SESSION.c.coordinator_id == COORDINATOR.c.id)
        .where(SESSION.c.token_hash == reads.vault.token_hash(token), SESSION.c.expires_at > now)
    ).one_or_none()
    return None if row is None else read_coordinator(reads.vault, row)


def end_session(connection: Transaction, token: str) -> None:
    connection.execute(
        delete(SESSION).where(SESSION.c.token_hash == connection.vault.token_hash(token))
    )


def end_all_sessions(connection: Transaction, coordinator_id: str) -> int:
    """Log someone out everywhere. How many sessions there were."""
    mine = delete(SESSION).where(SESSION.c.coordinator_id == coordinator_id)
    return connection.execute(mine).rowcount
