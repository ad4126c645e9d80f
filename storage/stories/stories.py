"""Stories: kept with consent, found by code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, bindparam, func, select, update

from conversations.guide.telling import Telling
from storage import narrowings, tables
from storage.engine.compiled import CompiledStatement
from storage.engine.statements import add, change
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.stories import blobs, consents, relays
from storage.stories.consents import ConsentMissing, ConsentRecord
from storage.stories.permissions import readers
from storage.stories.rows import ReturnAddress as ReturnAddress
from storage.stories.rows import Story as Story
from storage.stories.rows import (
    attached,
    narrow,
    opened,
    purposes,
    record_attached,
    seal,
    seal_return,
    stored_row,
)
from storage.vault.erasure import ErasureLog
from storage.vault.vault import looks_like_code, new_code, new_id

STORY = core(tables.Story)
CONVERSATION = core(tables.Conversation)
OUTBOX = core(tables.Outbox)


def _marking(table: Table) -> CompiledStatement:
    unmarked = table.c.person_id == bindparam("person"), table.c.trace.is_(None)
    return CompiledStatement(
        lambda _: update(table).where(*unmarked).values(trace=bindparam("its_trace"))
    )


_MARK = [_marking(table) for table in (CONVERSATION, OUTBOX)]

CLOSED = {
    "may_team": False,
    "coordinator_only": False,
    "may_network": False,
    "may_quote": False,
    "may_relay": False,
    "sealed_return": None,
    "reviewed": False,
}
"""A story of which only keeping was answered, and that no coordinator looked at yet."""


class NoStory(Exception):
    """There is no such story (any more)."""


# -- keeping


def keep(
    connection: Transaction,
    telling: Telling,
    consent: ConsentRecord,
    week: str,
    person_id: str | None = None,
    story_id: str | None = None,
) -> tuple[str, str]:
    """Keep a story; its id and its code. With `story_id` it takes the place of that story: id, code
    and week stay, all purposes but keeping are closed again.

    What led to it (the person's draft and messages) is marked so that it goes when the story
    goes. Adding the id to the person's own list is the caller's. Raises ConsentMissing.
    """
    if (consent.purpose, consent.answer) != ("keep", "yes"):
        raise ConsentMissing("a story is kept only after a yes to keeping it")
    old = None if story_id is None else stored_row(connection, story_id)
    if old is None:
        story_id, code = story_id or new_id(), new_code()
    else:
        story_id, code = old.id, connection.vault.open_json(f"story:{old.id}", old.sealed)["code"]
        week = old.week
        narrowings.note(connection, week, readers(old))
    values = {
        "guide": telling.guide,
        "fingerprint": telling.fingerprint,
        "language": telling.language,
        "kind": telling.kind,
        "team_id": telling.team or None,
        "municipality": telling.municipality or None,
        "week": week,
        "answers": telling.answers,
        "sealed": seal(connection.vault, story_id, telling, code, consent.channel),
        "keep_record": consents.append(connection, story_id, consent),
        **CLOSED,
        "has_sentence": bool(telling.sentence),
    }
    if old is None:
        fixed = {
            "id": story_id,
            "code_hash": connection.vault.code_hash(code),
            "state": "kept",
            "keep_purpose": "keep",
            "keep_answer": "yes",
        }
        add(connection, STORY, {**fixed, **values})
    else:
        _set(connection, story_id, **values)
        blobs.keep_only(connection, story_id, attached(telling))
        relays.drop(connection, story_id)
    if person_id is not None:
        trace = connection.vault.trace(story_id)
        for mark in _MARK:
            mark.run(connection, person=person_id, its_trace=trace)
    return story_id, code


def record(
    connection: Transaction,
    story_id: str,
    consent: ConsentRecord,
    back: ReturnAddress | None = None,
    erased: ErasureLog | None = None,
) -> None:
    """Add the answer to a later purpose, or a change of it, and let it hold at once. A yes to
    `contact` needs `back`. A no to the team closes what goes beyond the team too; after a no to the
    recordings or pictures they go (with `erased`, from later restores too).

    Raises NoStory, and ValueError for `keep` (that is `keep` or `withdraw`).
    """
    if consent.purpose == "keep":
        raise ValueError("keeping is answered by keep() or withdraw()")
    row = stored_row(connection, story_id)
    if row is None:
        raise NoStory("there is no such story")
    if consent.purpose in ("voice", "photo"):
        record_attached(connection, row, consent, erased)
        return
    given = consent.answer != "no"
    withdrawn = not given and consent.purpose in purposes(row)
    changes: dict[str, Any]
    match consent.purpose:
        case "team":
            changes = {"may_team": given, "coordinator_only": consent.answer == "coordinator"}
            if consent.answer != "yes":
                changes |= {"may_network": False, "may_quote": False}
        case "contact":
            changes = {
                "sealed_return": seal_return(connection.vault, story_id, back) if given else None
            }
        case purpose:
            changes = {f"may_{purpose}": given}
            if purpose == "relay" and not given:
                relays.drop(connection, story_id)
    consents.append(connection, story_id, consent, "withdrawn" if withdrawn else None)
    narrow(connection, row, changes)
    _set(connection, story_id, **changes)


def choose_sentence(connection: Transaction, story_id: str, sentence: str) -> None:
    """The teller chose the sentence that the story turns on. A moderator looks at it anew. Raises
    NoStory."""
    row = stored_row(connection, story_id)
    if row is None:
        raise NoStory("there is no such story")
    sealed = connection.vault.open_json(f"story:{row.id}", row.sealed) | {"sentence": sentence}
    changes = {"has_sentence": bool(sentence), "reviewed": False}
    narrow(connection, row, changes)
    _set(
        connection, row.id, sealed=connection.vault.seal_json(f"story:{row.id}", sealed), **changes
    )


def change_purpose(
    connection: Transaction,
    story_id: str,
    consent: ConsentRecord,
    back: ReturnAddress | None = None,
    erased: ErasureLog | None = None,
) -> None:
    """The teller thinks differently about a purpose: `record`, at any time later."""
    record(connection, story_id, consent, back, erased)


def readdress(connection: Transaction, story_id: str, back: ReturnAddress) -> None:
    """Who wants to hear of a story hears it there from now on. Raises NoStory when nobody does."""
    row = stored_row(connection, story_id)
    if row is None or row.sealed_return is None:
        raise NoStory("nobody wants to hear of this story")
    _set(connection, story_id, sealed_return=seal_return(connection.vault, story_id, back))


# -- reading


def by_code(reads: Reads, text: str) -> str | None:
    """The id of the story with this code, however it was typed."""
    if not looks_like_code(text):
        return None
    found: str | None = reads.execute(
        select(STORY.c.id).where(STORY.c.code_hash == reads.vault.code_hash(text))
    ).scalar()
    return found


def read(reads: Reads, story_id: str) -> Story | None:
    row = stored_row(reads, story_id)
    return None if row is None else opened(reads.vault, row)


def told_with(reads: Reads, story_id: str) -> tuple[str, str]:
    """The guide that a story was told with, and its fingerprint. Raises NoStory."""
    row = stored_row(reads, story_id)
    if row is None:
        raise NoStory("there is no such story")
    return row.guide, row.fingerprint


def code_of(reads: Reads, story_id: str) -> str | None:
    """The code of a story, for its teller."""
    row = stored_row(reads, story_id)
    return (
        None if row is None else str(reads.vault.open_json(f"story:{row.id}", row.sealed)["code"])
    )


def for_person(reads: Reads, story_ids: Iterable[str]) -> list[Story]:
    """Of a person's own list, in that order, the stories that are still there."""
    ids = list(story_ids)
    rows = {row.id: row for row in reads.execute(select(STORY).where(STORY.c.id.in_(ids)))}
    return [opened(reads.vault, rows[story_id]) for story_id in ids if story_id in rows]


def return_address(reads: Reads, story_id: str) -> ReturnAddress | None:
    """Where the teller wants to hear of it; None when that was not asked for."""
    row = stored_row(reads, story_id)
    if row is None or row.sealed_return is None:
        return None
    return reads.vault.open_as(ReturnAddress, f"return:{story_id}", row.sealed_return)


def counts(reads: Reads) -> dict[str, int]:
    """How many stories there are: `all`, and for each purpose."""
    flags = ("may_team", "may_network", "may_quote", "may_relay")
    given = [func.count().filter(STORY.c[flag]) for flag in flags]
    contact = func.count().filter(STORY.c.sealed_return.is_not(None))
    row = reads.execute(select(func.count(), *given, contact).select_from(STORY)).one()
    return dict(zip(("all", "team", "network", "quote", "relay", "contact"), row, strict=True))


# -- inside


def _set(connection: Transaction, story_id: str, **values: object) -> None:
    change(connection, STORY, story_id, values)
