"""The rows of the outbox that may go now, as their channel wants them: read from the table, or told
with the questions that are remembered."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.channels.base import PACED, Outgoing
from bot.codec import Deliverable, Fresh, effect_from_json
from bot.delivery.chat_queue import Going
from bot.delivery.sender import RowSender
from bot.logs import reason
from conversations.engine.effects import Mark, Say, Tick
from storage.engine.transaction import Transaction
from storage.outbox import leases, open_question, outbox, owed_changes, queue
from storage.outbox.outbox import PASSING, Lane, OutboxMessage, carrier
from storage.vault.vault import SealBroken

BATCH = 200
"""Rows taken at a time."""
BROADCASTS = 60
"""Prompts and digests of a channel in hand at a time, two seconds of sending."""

REMEMBERED = 2000
"""The most people whose last question is remembered."""

Question = tuple[Say, str]
"""A question and the channel's id of its message."""

_log = logging.getLogger(__name__)


class DueRows:
    """Finds rows that are due, and the question that a change of a message is about. The newest
    questions are remembered; `forget` when they may have changed in the table."""

    def __init__(self, delivery: RowSender) -> None:
        self._delivery = delivery
        self._services = delivery.services
        self._questions: dict[str, Question] = {}

    def forget(self) -> None:
        """Look questions up again."""
        self._questions.clear()

    def found(
        self,
        connection: Transaction,
        now: datetime,
        busy: Mapping[str, Sequence[OutboxMessage]],
        coming: Sequence[int] = (),
    ) -> list[tuple[OutboxMessage, Outgoing]]:
        """What may go now, beside the rows that are in hand of each channel and those that are
        handed over in a moment. Every channel has its own room, so that a slow one holds up no
        other; a row that cannot be read is marked."""
        found: list[tuple[OutboxMessage, Outgoing]] = []
        if not (due := queue.due_lanes(connection, now)):
            return found
        for channel, rows in busy.items():
            ids = [*(row.id for row in rows), *coming]
            for lanes, room in self._rooms(channel, rows):
                its = [lane for lane in lanes if lane in due]
                for row in self._take(connection, now, room, its, channel, ids) if its else ():
                    try:
                        if outgoing := self._read(connection, row):
                            found.append((row, outgoing))
                    except (SealBroken, ValueError, LookupError, TypeError) as error:
                        _log.error(
                            "an outbox row could not be decrypted (%s); marked as failed",
                            reason(error),
                        )
                        queue.mark_failed(connection, row.id)
            if "owed" in due and channel in PACED:
                found += self._owed(connection, now, channel, ids)
        return found

    def _owed(
        self, connection: Transaction, now: datetime, channel: str, busy: Sequence[int]
    ) -> Iterator[tuple[OutboxMessage, Outgoing]]:
        """The changes that messages owe."""
        owner = self._delivery.owner
        due = owed_changes.due(connection, now, BATCH, channel, busy=busy, owner=owner)
        rows = [each.row for each in due]
        if owner:
            rows = list(leases.claim(connection, rows, owner, now + leases.LEASE))
        for row, (_, said, ref) in zip(rows, due, strict=True):
            mark, asked = effect_from_json("mark", row.effect), effect_from_json("say", said)
            question = (asked, ref) if isinstance(asked, Say) else None
            yield row, self.outgoing(row, mark, question)

    def _rooms(
        self, channel: str, busy: Sequence[OutboxMessage]
    ) -> Iterator[tuple[Sequence[Lane], int]]:
        """How many rows more of which lanes. No broadcasts while the channel wants silence: they
        would only be put back."""
        broadcasts = sum(row.lane != "reply" for row in busy)
        passing = sum(row.kind in PASSING for row in busy)
        yield ("reply",), BATCH - len(busy) + broadcasts + passing
        if broadcasts < BROADCASTS // 2 and not self._delivery.silent(channel):
            yield ("prompt", "digest"), BROADCASTS - broadcasts

    def _take(
        self,
        connection: Transaction,
        now: datetime,
        room: int,
        lanes: Sequence[Lane],
        channel: str,
        busy: Sequence[int],
    ) -> Sequence[OutboxMessage]:
        """What is due; among several processes, claimed by this one."""
        owner = self._delivery.owner
        rows = queue.due(
            connection,
            now,
            room,
            lanes,
            channel=channel,
            busy=busy,
            owner=owner,
            apart=channel in PACED,
        )
        if not owner:
            return rows
        claimed = leases.claim(connection, rows, owner, now + leases.LEASE)
        people = [row.person_id for row in rows if row.person_id is not None]
        sent = leases.lately(connection, people, now, (channel,)) if people else {}
        return [row._replace(lately=sent.get(row.person_id or "", ())) for row in claimed]

    def remember(self, row: OutboxMessage, outgoing: Outgoing, ref: str) -> None:
        """The question that a person saw last: the answer will change its message."""
        if isinstance(outgoing.effect, Say) and outgoing.effect.turn and row.person_id:
            self._questions.pop(row.person_id, None)
            self._questions[row.person_id] = outgoing.effect, ref
            if len(self._questions) > REMEMBERED:
                del self._questions[next(iter(self._questions))]

    def remembered(self, fresh: Sequence[Fresh]) -> Sequence[Going]:
        """These rows as their channel wants them, as far as no question must be looked up for them
        (a change that makes way can be found later)."""
        question = self._questions.get(fresh[0][0].person_id or "")
        going = []
        for row, effect in fresh:
            known = None
            if isinstance(effect, Mark | Tick):
                known = question if question and _changes(effect, row.turn, question) else None
                if known is None:
                    if row.channel in PACED:
                        continue
                    return []
            going.append((row, self.outgoing(row, effect, known)))
        return going

    def _read(self, connection: Transaction, row: OutboxMessage) -> Outgoing | None:
        """A row of the table as its channel wants it. None: a change that waits for its message, or
        that need not be made any more, for a newer one is known."""
        effect, person, question = effect_from_json(row.kind, row.effect), row.person_id, None
        if isinstance(effect, Mark | Tick) and person is not None:
            question = self._asked(connection, person, row.turn, effect.ref)
            if row.channel in PACED:
                if not effect.ref and open_question.waits(connection, person, row.turn):
                    return None
                over = isinstance(effect, Tick) and not open_question.stands(
                    connection, person, row.turn, effect.ref
                )
                if over or self._is_outdated(connection, person, row, effect.ref):
                    queue.drop(connection, row.id)
                    return None
        return self.outgoing(row, effect, question)

    def _is_outdated(
        self, connection: Transaction, person_id: str, row: OutboxMessage, message: str
    ) -> bool:
        """Whether a newer row changes the same message."""
        newer = outbox.changed_since(connection, person_id, row.turn, row.id)
        if not newer:
            return False
        _, ref = outbox.asked(connection, person_id, row.turn) or ({}, "")
        newest = carrier(ref)
        return (message or newest) in [each or newest for each in newer]

    def _asked(
        self, connection: Transaction, person_id: str, turn: int, message: str
    ) -> Question | None:
        """The message that is changed: that one, or the newest that asked the question of a
        turn."""
        if message and (found := outbox.said_in(connection, person_id, message)):
            said = effect_from_json("say", found)
            return (said, message) if isinstance(said, Say) else None
        if not (asked := turn and outbox.asked(connection, person_id, turn)):
            return None
        said = effect_from_json("say", asked[0])
        return (said, message or asked[1]) if isinstance(said, Say) else None

    def outgoing(
        self, row: OutboxMessage, effect: Deliverable, question: Question | None
    ) -> Outgoing:
        """With the question that it changes, and the fixed keys."""
        asked, ref = question or (None, effect.ref if isinstance(effect, Mark | Tick) else "")
        menu: tuple[str, ...] = ()
        if isinstance(effect, Say) and row.person_id is not None:
            phrases = self._services.shelf.library.phrases(row.language)
            menu = (phrases.get("button.help"), phrases.get("button.stop"))
        return Outgoing(row.id, row.address, effect, row.language, asked, ref, menu)


def _changes(effect: Mark | Tick, turn: int, question: Question) -> bool:
    """Whether this is about that question, in the message in which it was asked last."""
    asked, ref = question
    return asked.turn == turn and effect.ref in ("", carrier(ref))
