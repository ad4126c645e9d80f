"""What tellers say about a change: a remark of its own, under a yes of its own, never more than one
for a story and a change. It goes with its story, with its change, and when its teller takes it
back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, delete, select

from storage import tables
from storage.engine.statements import upsert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.stories import consents
from storage.stories.consents import ConsentRecord
from storage.vault.erasure import ErasureLog
from storage.vault.vault import Vault
from storage.weeks import week_of

REMARK = core(tables.ChangeRemark)


@dataclass(frozen=True, slots=True)
class TellerRemark:
    """A remark about a change. `beside`: its teller also wants it read beside the story."""

    change_id: str
    story_id: str
    text: str
    beside: bool


def keep(connection: Transaction, remark: TellerRemark, consent: ConsentRecord) -> None:
    """Keep a remark after a yes; the newest one of a story stands. Standing beside the story is a
    yes of its own."""
    row = {
        "change_id": remark.change_id,
        "story_id": remark.story_id,
        "beside": remark.beside,
        "trace": _trace(connection.vault, remark.change_id, remark.story_id),
        "sealed": connection.vault.seal_json(
            f"remark:{remark.change_id}:{remark.story_id}", {"text": remark.text}
        ),
    }
    given = (
        consent,
        replace(consent, purpose="remark_beside", answer="yes" if remark.beside else "no"),
    )
    for each in given:
        consents.append(connection, remark.story_id, each)
    upsert(connection, REMARK, row, ["change_id", "story_id"], change=("beside", "sealed"))


def take_back(
    connection: Transaction,
    change_id: str,
    story_id: str,
    consent: ConsentRecord,
    erased: ErasureLog,
) -> bool:
    """A remark goes, from later restores too. False when it was gone already."""
    mine = (REMARK.c.change_id == change_id, REMARK.c.story_id == story_id)
    if connection.execute(select(REMARK.c.trace).where(*mine)).first() is None:
        return False
    erased.add(week_of(consent.at), ("trace", _trace(connection.vault, change_id, story_id)))
    consents.append(connection, story_id, consent, "withdrawn")
    connection.execute(delete(REMARK).where(*mine))
    return True


def of_changes(reads: Reads, change_ids: Iterable[str]) -> dict[str, list[TellerRemark]]:
    """What was said about each of these changes, for who leads the session."""
    found: dict[str, list[TellerRemark]] = {each: [] for each in change_ids}
    query = select(REMARK).where(REMARK.c.change_id.in_(found)).order_by(REMARK.c.trace)
    for row in reads.execute(query):
        found[row.change_id].append(_opened(reads.vault, row))
    return found


def of_story(reads: Reads, story_id: str) -> list[TellerRemark]:
    """What its teller said about changes, for that teller."""
    query = select(REMARK).where(REMARK.c.story_id == story_id).order_by(REMARK.c.trace)
    return [_opened(reads.vault, row) for row in reads.execute(query)]


def _opened(vault: Vault, row: Row[Any]) -> TellerRemark:
    sealed = vault.open_json(f"remark:{row.change_id}:{row.story_id}", row.sealed)
    return TellerRemark(row.change_id, row.story_id, sealed["text"], row.beside)


def _trace(vault: Vault, change_id: str, story_id: str) -> str:
    return vault.trace(f"{change_id}:{story_id}")
