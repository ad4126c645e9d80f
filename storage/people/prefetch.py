"""Prefetches person, state and waiting replies for a batch of senders: a few statements for all,
instead of a few for every turn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from conversations.engine.state import State
from storage.engine.transaction import Transaction
from storage.outbox import leases, open_question, outbox
from storage.outbox.open_question import Questions
from storage.outbox.outbox import LastMessage
from storage.people import people
from storage.people import states as turns
from storage.people.people import Person


class Loaded(NamedTuple):
    """Of one person, who is locked: where the conversation is, the newest reply that waits, the
    questions that stand, how many seconds ago something was sent (if it was just now, and this is
    one of several processes), and where ids for rows of the outbox come from."""

    person: Person
    state: State | None
    waiting: LastMessage | None
    questions: Questions
    lately: Sequence[float]
    new_id: Callable[[], int]


class Prefetch:
    """What is known of those who are `wanted`: (channel, address, id of the update). It is taken
    once, because a turn changes it. `marks` keeps first what went to them, as far as this process
    knows."""

    def __init__(
        self,
        connection: Transaction,
        wanted: Sequence[tuple[str, str, str]],
        now: datetime,
        *,
        alone: bool,
        marks: Callable[[Transaction, Collection[str]], None] | None = None,
    ) -> None:
        self._connection = connection
        self._ids: Iterator[int] = iter(())
        self._seen: set[tuple[str, str]] = set()
        known: list[Person] = []
        for channel in sorted({channel for channel, _, _ in wanted}):
            its = [
                (address, external_id) for other, address, external_id in wanted if other == channel
            ]
            known += people.at(connection, channel, {address for address, _ in its})
            ids = [external_id for _, external_id in its]
            self._seen |= {(channel, each) for each in turns.seen(connection, channel, ids)}
        ids = [person.id for person in known]
        if marks is not None:
            marks(connection, ids)
        states = turns.loaded(connection, ids)
        waiting = outbox.all_waiting(connection, ids)
        questions = open_question.standing(connection, ids)
        lately = (
            {} if alone else leases.lately(connection, ids, now, {each.channel for each in known})
        )
        self._known = {
            (person.channel, person.address): Loaded(
                person,
                states.get(person.id),
                waiting.get(person.id),
                questions[person.id],
                lately.get(person.id, ()),
                self._new_id,
            )
            for person in known
        }

    def take(self, channel: str, address: str) -> Loaded | None:
        """What is known of the person at an address; None when it must be looked up."""
        return self._known.pop((channel, address), None)

    def seen(self, channel: str, external_id: str) -> bool:
        """Whether an update was taken before."""
        return (channel, external_id) in self._seen

    def forget(self) -> None:
        """Something happened that may reach others: look up what is not taken yet."""
        self._known.clear()

    def _new_id(self) -> int:
        """An id for a row of the outbox; 0: it gets one by itself."""
        if not (row_id := next(self._ids, 0)):
            self._ids = iter(outbox.new_ids(self._connection, 2 * max(4, len(self._known))))
            row_id = next(self._ids, 0)
        return row_id
