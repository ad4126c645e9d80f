"""Converts a story to its sealed row, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from conversations.guide.model import Purpose
from conversations.guide.telling import Telling
from storage import narrowings, tables
from storage.engine.compiled import CompiledStatement
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.stories import blobs, consents
from storage.stories.consents import ConsentRecord
from storage.stories.permissions import readers
from storage.vault.erasure import ErasureLog
from storage.vault.vault import Vault
from storage.weeks import week_of

STORY = core(tables.Story)

KINDS: tuple[blobs.Kind, ...] = ("voice", "photo")

SEVERAL = "*"
"""The trace of a message that tells of several stories: it goes with whichever goes first."""

_STORED = CompiledStatement(lambda _: select(STORY).where(STORY.c.id == bindparam("its_id")))


@dataclass(frozen=True, slots=True)
class Story:
    """A kept story, opened. `purposes` are those that were given, `keep` first; with
    `coordinator_only` the team itself does not read it; `reviewed`: a moderator looked."""

    id: str
    week: str
    telling: Telling
    purposes: tuple[Purpose, ...]
    coordinator_only: bool = False
    state: str = "kept"
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class ReturnAddress:
    """Where a teller who asked for it hears what was done with the story."""

    person_id: str
    channel: str
    address: str
    language: str


def stored_row(reads: Reads, story_id: str) -> Row[Any] | None:
    """The row of a story, sealed as it is."""
    found: Row[Any] | None = _STORED.named(reads, its_id=story_id)
    return found


def purposes(row: Row[Any]) -> tuple[Purpose, ...]:
    given: Mapping[Purpose, bool] = {
        "keep": True,
        "team": row.may_team,
        "network": row.may_network,
        "quote": row.may_quote,
        "contact": row.sealed_return is not None,
        "relay": row.may_relay,
    }
    return tuple(purpose for purpose, yes in given.items() if yes)


def seal(vault: Vault, story_id: str, telling: Telling, code: str, channel: str) -> bytes:
    return vault.seal_json(
        f"story:{story_id}",
        {
            "name": telling.name,
            "text": telling.text,
            "words": telling.words,
            "parts": telling.parts,
            "code": code,
            "channel": channel,
            "sentence": telling.sentence,
        },
    )


def seal_return(vault: Vault, story_id: str, back: ReturnAddress | None) -> bytes:
    if back is None:
        raise ValueError("a yes to contact needs a return address")
    return vault.seal_json(f"return:{story_id}", back)


def opened(vault: Vault, row: Row[Any]) -> Story:
    sealed = vault.open_json(f"story:{row.id}", row.sealed)
    telling = Telling(
        guide=row.guide,
        fingerprint=row.fingerprint,
        language=row.language,
        kind=row.kind,
        name=sealed["name"],
        text=sealed["text"],
        answers=row.answers,
        words=sealed["words"],
        team=row.team_id or "",
        municipality=row.municipality or "",
        parts=sealed["parts"],
        sentence=sealed.get("sentence", ""),
    )
    given = (*purposes(row), *(kind for kind in KINDS if attached(telling, kind)))
    return Story(row.id, row.week, telling, given, row.coordinator_only, row.state, row.reviewed)


def attached(telling: Telling, kind: str = "") -> list[str]:
    """The recordings and pictures of a story, or only those of one kind."""
    return [part["blob"] for part in telling.parts if part["blob"] and kind in ("", part["kind"])]


def record_attached(
    connection: Transaction,
    row: Row[Any],
    consent: ConsentRecord,
    erased: ErasureLog | None,
) -> None:
    """A yes to recordings or pictures makes them the story's own; a no takes them away."""
    kind: blobs.Kind = "photo" if consent.purpose == "photo" else "voice"
    sealed = connection.vault.open_json(f"story:{row.id}", row.sealed)
    ids = {part["blob"] for part in sealed["parts"] if part["kind"] == kind and part["blob"]}
    if consent.answer == "yes":
        given = consents.append(connection, row.id, consent)
        blobs.give(connection, ids, row.id, given, kind)
        return
    consents.append(connection, row.id, consent, "withdrawn" if ids else None)
    others = {part["blob"] for part in sealed["parts"]} - ids
    blobs.keep_only(connection, row.id, others, erased, week_of(consent.at))
    bare = [part | {"blob": ""} if part["blob"] in ids else part for part in sealed["parts"]]
    sealed["parts"] = [part for part in bare if part["text"] or part["blob"]]
    fresh = connection.vault.seal_json(f"story:{row.id}", sealed)
    connection.execute(update(STORY).where(STORY.c.id == row.id).values(sealed=fresh))


def narrow(connection: Transaction, row: Row[Any], changes: Mapping[str, Any]) -> None:
    """Note who cannot read a story any more after these changes to its columns."""
    after = SimpleNamespace(**{**row._asdict(), **changes})
    narrowings.note(connection, row.week, readers(row) - readers(after))
