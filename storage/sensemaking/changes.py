"""What changed after a decision, which tellers hear of it, and whether it does them justice.

A notice is a keyed hash of change and teller: it is there once, so nobody is told twice. The share
of those to whom it did justice leaves in steps, over all teams together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import ColumnElement, exists, func, insert, select, update

from conversations.sensemaking.coarse_shares import Bound, bound_of, told_next
from storage import tables
from storage.coordinators.coordinators import Coordinator
from storage.engine.statements import upsert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.gate.rules import in_steps
from storage.sensemaking.record import DECISION, DECISION_CARD
from storage.sensemaking.sessions import SESSION, may_see
from storage.stories import stories, uses
from storage.vault.vault import Vault

CHANGE = core(tables.DecisionChange)
NOTICE = core(tables.ChangeNotice)
SHARE = core(tables.JusticeShare)

PATIENCE = timedelta(weeks=6)
"""How long a decision may stand without a change before somebody is reminded."""

JusticeAnswer = Literal["yes", "partly", "no"]
JUSTICE_ANSWERS: tuple[JusticeAnswer, ...] = get_args(JusticeAnswer)


@dataclass(frozen=True, slots=True)
class NamedChange:
    """What changed after a decision, and on which day (ISO)."""

    id: str
    decision_id: str
    happened_on: str
    text: str


@dataclass(frozen=True, slots=True)
class Justice:
    """To how many percent of the tellers who answered (at least so many) it did justice."""

    percent: int
    answers: int

    @property
    def bound(self) -> Bound:
        """`most` or `least` at the edges, where it may be nobody or all of them; else `line`."""
        return bound_of(self.percent, self.answers)


@dataclass(frozen=True, slots=True)
class OverdueDecision:
    """A decision without a change for too long. It stands in the record of its session."""

    id: str
    session_id: str
    made_at: datetime
    text: str


def name_change(connection: Transaction, change: NamedChange, now: datetime) -> bool:
    """Add a change; False when it is there already."""
    row = {
        "id": change.id,
        "decision_id": change.decision_id,
        "happened_on": change.happened_on,
        "made_at": now,
        "sealed": connection.vault.seal_json(f"change:{change.id}", {"text": change.text}),
    }
    return upsert(connection, CHANGE, row, ["id"], change=())


def of_decisions(reads: Reads, decision_ids: Iterable[str]) -> dict[str, list[NamedChange]]:
    """The changes after each of these decisions, oldest first."""
    found: dict[str, list[NamedChange]] = {each: [] for each in decision_ids}
    query = select(CHANGE).where(CHANGE.c.decision_id.in_(found))
    for row in reads.execute(query.order_by(CHANGE.c.happened_on, CHANGE.c.made_at)):
        text = reads.vault.open_json(f"change:{row.id}", row.sealed)["text"]
        found[row.decision_id].append(NamedChange(row.id, row.decision_id, row.happened_on, text))
    return found


def since(reads: Reads, who: Coordinator, team_ids: Iterable[str], day: str) -> list[NamedChange]:
    """The changes since a day (ISO), after sessions of these teams that somebody sees; newest
    first."""
    query = (
        select(CHANGE)
        .join(DECISION, DECISION.c.id == CHANGE.c.decision_id)
        .join(SESSION, SESSION.c.id == DECISION.c.session_id)
        .where(may_see(who), SESSION.c.team_id.in_(list(team_ids)), CHANGE.c.happened_on >= day)
        .order_by(CHANGE.c.happened_on.desc(), CHANGE.c.id)
    )
    return [
        NamedChange(
            row.id,
            row.decision_id,
            row.happened_on,
            reads.vault.open_json(f"change:{row.id}", row.sealed)["text"],
        )
        for row in reads.execute(query)
    ]


def told_of(reads: Reads, change_id: str) -> NamedChange | None:
    """One change, for who was told of it."""
    row = reads.execute(select(CHANGE).where(CHANGE.c.id == change_id)).one_or_none()
    if row is None:
        return None
    text = reads.vault.open_json(f"change:{row.id}", row.sealed)["text"]
    return NamedChange(row.id, row.decision_id, row.happened_on, text)


def tellers(reads: Reads, decision_id: str) -> dict[str, str]:
    """Who may be told of what came of a decision: the people who wanted to hear of a story that it
    rests on, each with such a story. A story that was taken back from the session is none."""
    query = (
        select(DECISION_CARD.c.story_id, DECISION.c.session_id)
        .join(DECISION, DECISION.c.id == DECISION_CARD.c.decision_id)
        .where(DECISION.c.id == decision_id)
        .order_by(DECISION_CARD.c.story_id)
    )
    rows = list(reads.execute(query))
    ids = [row.story_id for row in rows]
    gone = uses.taken_back(reads, rows[0].session_id, ids) if rows else set()
    found: dict[str, str] = {}
    for story_id in ids:
        back = None if story_id in gone else stories.return_address(reads, story_id)
        if back is not None:
            found.setdefault(back.person_id, story_id)
    return found


def note_told(connection: Transaction, change_id: str, person_id: str, message: int) -> None:
    """Somebody is told of a change, by this row of the outbox. Raises IntegrityError when that
    person was told already."""
    row = {
        "change_id": change_id,
        "person": connection.vault.notice_hash(change_id, person_id),
        "message": connection.vault.notice_hash(str(message)),
        "answer": "",
    }
    connection.execute(insert(NOTICE).values(row))


def was_told(reads: Reads, change_id: str, person_id: str) -> bool:
    """Whether somebody was told of a change."""
    query = select(NOTICE.c.change_id).where(*_of(reads.vault, change_id, person_id))
    return reads.execute(query).first() is not None


def rests_on(reads: Reads, change_id: str) -> int:
    """On how many stories the decision behind a change rests."""
    query = (
        select(func.count())
        .select_from(DECISION_CARD)
        .join(CHANGE, CHANGE.c.decision_id == DECISION_CARD.c.decision_id)
        .where(CHANGE.c.id == change_id)
    )
    return int(reads.execute(query).scalar_one())


def still_wanted(reads: Reads, message: int) -> bool | None:
    """Whether who is told by this row of the outbox still wants to hear it. None: it tells of no
    change."""
    query = (
        select(NOTICE.c.change_id, NOTICE.c.person, CHANGE.c.decision_id)
        .join(CHANGE, CHANGE.c.id == NOTICE.c.change_id)
        .where(NOTICE.c.message == reads.vault.notice_hash(str(message)))
    )
    row = reads.execute(query).one_or_none()
    if row is None:
        return None
    asked = tellers(reads, row.decision_id)
    return row.person in {reads.vault.notice_hash(row.change_id, person_id) for person_id in asked}


def keep_answer(
    connection: Transaction,
    change_id: str,
    person_id: str,
    answer: JusticeAnswer,
    k: int,
) -> bool:
    """Whether a change does somebody justice; the newest answer stands. False when that person
    was not told of it. With every k new answers the share leaves anew."""
    mine = _of(connection.vault, change_id, person_id)
    changed = connection.execute(update(NOTICE).where(*mine).values(answer=answer)).rowcount
    if not changed:
        return False
    query = select(NOTICE.c.answer, func.count()).where(NOTICE.c.answer != "")
    counts = {row[0]: row[1] for row in connection.execute(query.group_by(NOTICE.c.answer))}
    total = sum(counts.values())
    step, left = in_steps(total, k), justice(connection)
    if step > 0 and (left is None or step >= left.answers + k):
        before = select(SHARE.c.answers, SHARE.c.percent).order_by(SHARE.c.answers)
        told = [(row.answers, row.percent) for row in connection.execute(before)]
        yes = round(counts.get("yes", 0) * step / total)
        row = {"answers": step, "percent": told_next(told, yes, step)}
        upsert(connection, SHARE, row, ["answers"], change=())
    return True


def justice(reads: Reads) -> Justice | None:
    """The share of tellers to whom what was done did justice, as it left last; None: too few
    answered."""
    row = reads.execute(select(SHARE).order_by(SHARE.c.answers.desc()).limit(1)).one_or_none()
    return None if row is None else Justice(row.percent, row.answers)


def overdue(reads: Reads, who: Coordinator, now: datetime) -> list[OverdueDecision]:
    """The decisions that somebody sees, and that are without a change for too long."""
    query = (
        select(DECISION)
        .join(SESSION, SESSION.c.id == DECISION.c.session_id)
        .where(
            may_see(who),
            DECISION.c.made_at <= now - PATIENCE,
            ~exists().where(CHANGE.c.decision_id == DECISION.c.id),
        )
        .order_by(DECISION.c.made_at, DECISION.c.id)
    )
    return [
        OverdueDecision(
            row.id,
            row.session_id,
            row.made_at,
            reads.vault.open_json(f"decision:{row.id}", row.sealed)["text"],
        )
        for row in reads.execute(query)
    ]


def _of(vault: Vault, change_id: str, person_id: str) -> tuple[ColumnElement[bool], ...]:
    return NOTICE.c.change_id == change_id, NOTICE.c.person == vault.notice_hash(
        change_id, person_id
    )
