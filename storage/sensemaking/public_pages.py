"""Public pages: what may stand on one, which edition is live, and what of it still stands.

An edition is looked at before it goes live, and does not change after that: the page shows its
sentences and changes as they were, or not at all. Its stories have a use each, written with it. A
sentence is read again at every look, so that whatever its teller takes back is gone at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select

from storage import tables
from storage.coordinators.coordinators import Coordinator
from storage.engine.statements import upsert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.sensemaking.changes import CHANGE, Justice
from storage.sensemaking.record import DECISION
from storage.sensemaking.sessions import SESSION
from storage.stories import uses
from storage.stories.permissions import STORY, may_be_quoted, may_export
from storage.stories.rows import opened
from storage.vault.vault import Vault, new_id

EDITION = core(tables.PublicEdition)
SENTENCE = core(tables.PublicSentence)
STANDS = core(tables.PublicChange)
OFFERED = core(tables.OfferedChange)

MOST = 24
"""Sentences, and changes, on one page: the newest."""


@dataclass(frozen=True, slots=True)
class PublicEdition:
    """An edition of the page of a place (empty: of all together)."""

    id: str
    place: str
    made_at: datetime
    quarters: Sequence[str]
    justice: Justice | None = None


@dataclass(frozen=True, slots=True)
class ChosenSentence:
    """A sentence that its teller chose and lets be published. `words`: a keyed hash of it."""

    story_id: str
    text: str
    language: str
    words: str


@dataclass(frozen=True, slots=True)
class OfferedChange:
    """A named change that may stand on public pages, and on which day it was (ISO)."""

    id: str
    text: str
    happened_on: str


# -- what may stand on a page


def sentences(
    reads: Reads, who: Coordinator, teams: Collection[str] | None
) -> list[ChosenSentence]:
    """The newest sentences that somebody may publish, of the stories of these teams (None: all):
    none that its teller took back from a page before."""
    parts = [may_export(who, "quote")]
    if teams is not None:
        parts.append(STORY.c.team_id.in_(list(teams)))
    query = select(STORY).where(*parts).order_by(STORY.c.week.desc(), STORY.c.id)
    gone, found = uses.out_of(reads, "page", "quote"), list[ChosenSentence]()
    for row in reads.execute(query.execution_options(yield_per=MOST)):
        if reads.vault.story_hash(row.id) not in gone:
            found.append(_sentence(reads.vault, row))
        if len(found) == MOST:
            break
    return found


def offer(connection: Transaction, change_id: str, *, public: bool) -> None:
    """A change may stand on public pages from now on; or not any more, and then on none."""
    if public:
        upsert(connection, OFFERED, {"change_id": change_id}, ["change_id"], change=())
    else:
        connection.execute(delete(OFFERED).where(OFFERED.c.change_id == change_id))


def offered_ids(reads: Reads, change_ids: Iterable[str]) -> set[str]:
    """Which of these changes may stand on public pages."""
    mine = OFFERED.c.change_id.in_(list(change_ids))
    return set(reads.execute(select(OFFERED.c.change_id).where(mine)).scalars())


def offered(reads: Reads, teams: Collection[str] | None) -> list[OfferedChange]:
    """The newest changes that may stand on public pages, of the sessions of these teams; of all
    (None) those of the association too."""
    query = (
        select(CHANGE)
        .join(OFFERED, OFFERED.c.change_id == CHANGE.c.id)
        .join(DECISION, DECISION.c.id == CHANGE.c.decision_id)
        .join(SESSION, SESSION.c.id == DECISION.c.session_id)
    )
    if teams is not None:
        query = query.where(SESSION.c.team_id.in_(list(teams)))
    return _changes(reads, query)


# -- switched on and off


def publish(
    connection: Transaction,
    who: Coordinator,
    edition: PublicEdition,
    chosen: Sequence[ChosenSentence],
    change_ids: Iterable[str],
) -> None:
    """An edition goes live in the place of the one before. Each sentence that leaves with it is a
    use of its story."""
    switch_off(connection, edition.place)
    fair = edition.justice
    shown = {"quarters": list(edition.quarters)} | (
        {"percent": fair.percent, "answers": fair.answers} if fair else {}
    )
    row = {
        "id": edition.id,
        "place": edition.place,
        "made_at": edition.made_at,
        "shown": shown,
    }
    connection.execute(insert(EDITION).values(row))
    ids = {each.story_id for each in chosen}
    query = select(STORY.c.id).where(may_export(who, "quote"), STORY.c.id.in_(ids))
    good = set(connection.execute(query).scalars())
    good = uses.write(connection, "page", "quote", edition.id, good, edition.made_at)
    stand = [
        {"edition_id": edition.id, "story_id": e.story_id, "place": place, "words": e.words}
        for place, e in enumerate(chosen)
        if e.story_id in good
    ]
    if stand:
        connection.execute(insert(SENTENCE), stand)
    known = offered_ids(connection, change_ids)
    if known:
        rows = [{"edition_id": edition.id, "change_id": each} for each in sorted(known)]
        connection.execute(insert(STANDS), rows)


def switch_off(connection: Transaction, place: str) -> bool:
    """No edition of this place is shown any more. Whether one was."""
    return connection.execute(delete(EDITION).where(EDITION.c.place == place)).rowcount > 0


def new_edition(
    place: str, quarters: Sequence[str], justice: Justice | None, now: datetime
) -> PublicEdition:
    return PublicEdition(new_id(), place, now, tuple(quarters), justice)


# -- what is shown


def live(reads: Reads) -> dict[str, PublicEdition]:
    """The editions that are shown, by place."""
    return {row.place: _edition(row) for row in reads.execute(select(EDITION))}


def standing(reads: Reads, edition: PublicEdition) -> list[ChosenSentence]:
    """The sentences of an edition that may still be published, as they were looked at: none that
    was withdrawn, held, changed, or taken back from the page."""
    query = (
        select(STORY, SENTENCE.c.words)
        .join(SENTENCE, SENTENCE.c.story_id == STORY.c.id)
        .where(SENTENCE.c.edition_id == edition.id, may_be_quoted())
        .order_by(SENTENCE.c.place)
    )
    found = [(_sentence(reads.vault, row), row.words) for row in reads.execute(query)]
    gone = uses.taken_back(reads, edition.id, [each.story_id for each, _ in found])
    return [each for each, words in found if each.words == words and each.story_id not in gone]


def standing_changes(reads: Reads, edition: PublicEdition) -> list[OfferedChange]:
    """The changes of an edition that may still stand on a page."""
    query = (
        select(CHANGE)
        .join(STANDS, STANDS.c.change_id == CHANGE.c.id)
        .where(STANDS.c.edition_id == edition.id)
    )
    return _changes(reads, query)


# -- inside


def _sentence(vault: Vault, row: Row[Any]) -> ChosenSentence:
    text = opened(vault, row).telling.sentence
    return ChosenSentence(row.id, text, row.language, vault.words_hash(row.id, text))


def _changes(reads: Reads, query: Select[Any]) -> list[OfferedChange]:
    newest = query.order_by(CHANGE.c.happened_on.desc(), CHANGE.c.id).limit(MOST)
    return [
        OfferedChange(
            row.id, reads.vault.open_json(f"change:{row.id}", row.sealed)["text"], row.happened_on
        )
        for row in reads.execute(newest)
    ]


def _edition(row: Row[Any]) -> PublicEdition:
    shown = row.shown
    fair = Justice(shown["percent"], shown["answers"]) if "answers" in shown else None
    return PublicEdition(row.id, row.place, row.made_at, tuple(shown["quarters"]), fair)
