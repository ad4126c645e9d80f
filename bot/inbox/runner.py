"""Runs arrivals as turns: one transaction each, in the order of each person, none lost."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from bot.account import commands, wipe_timer
from bot.channels.base import Account, Arrival, Echo
from bot.clock import Clock
from bot.codec import Fresh, arrival_from_json, arrival_to_json
from bot.inbox import dispatch
from bot.inbox.batching import Batcher
from bot.inbox.dispatch import TurnOutcome
from bot.inbox.known_address import at_known_address
from bot.media import attachments
from bot.meetings import reach
from bot.operations.metrics import Metrics
from bot.services import Services, form_of
from bot.turns import conversation
from bot.turns.context import TurnContext
from bot.turns.replies import put_to
from bot.turns.timers import patience, waits
from conversations.engine.effects import Say
from conversations.engine.events import Due, Transcribed
from storage import meta
from storage.engine.compiled import savepoint
from storage.engine.database import Database
from storage.engine.errors import Unavailable, passing
from storage.engine.transaction import Transaction
from storage.people import people, states
from storage.people.people import Person
from storage.people.prefetch import Prefetch
from storage.people.states import DueTimer, HeldArrival
from storage.replicas import presence
from storage.stories import blobs
from storage.stories.blobs import TranscriptionJob

OFFSET = "telegram_offset"
"""The fact under which the next offset of a polling channel is kept."""

LATER = timedelta(hours=1)
"""When a timer whose turn failed goes off again."""

TRIES = 5
"""How often a turn that failed is tried before it is given up."""

_log = logging.getLogger(__name__)


class ArrivalBatch(NamedTuple):
    """Arrivals of one poll or one webhook, and how far the poll is then (with the epoch of who
    polls)."""

    arrivals: Sequence[Arrival]
    offset: int | None
    epoch: int


class Runner:
    """Takes arrivals, and timers that went off. `hand` is called with what may be sent at once,
    `echo` with what shows that a tap was taken, and `coming`, before it is committed, with the rows
    of both; `marks`, once people are locked, to keep what went to them; `wake` when there is
    something else to deliver; `forgotten`, before that, with the channel and address of a
    conversation whose messages went."""

    def __init__(
        self,
        database: Database,
        services: Services,
        clock: Clock,
        wake: Callable[[], None],
        hand: Callable[[Sequence[Fresh]], None],
        echo: Callable[[Fresh], None],
        coming: Callable[[Iterable[int]], None],
        marks: Callable[[Transaction, Collection[str]], None],
        forgotten: Callable[[str, str], Awaitable[None]],
        metrics: Metrics,
    ) -> None:
        self.database = database
        self.services = services
        self.clock = clock
        self.wake = wake
        self.hand = hand
        self.echo = echo
        self.coming = coming
        self.marks = marks
        self.forgotten = forgotten
        self.metrics = metrics
        self._together = Batcher(self._take)

    async def accept(
        self, arrivals: Sequence[Arrival], *, offset: int | None = None, epoch: int = 0
    ) -> None:
        """As `bot.channels.base.Accept`. What comes together is committed together; when one turn
        of it fails, each by itself."""
        if any(arrival.file for arrival in arrivals):
            arrivals = await attachments.examined(self.services.settings, arrivals)

        with self.metrics.timing(len(arrivals)):
            outcomes = await self._together.ask(ArrivalBatch(arrivals, offset, epoch))
        await self._after(outcomes)

    async def offset(self) -> int:
        """Where a polling channel goes on; 0 at the very start."""
        return int(await self.database.read(lambda session: meta.get(session, OFFSET)) or 0)

    async def take_due(self, *, timers: bool = True) -> None:
        """The turns of timers that went off (unless not now), and of arrivals whose turn failed
        before."""
        now = self.clock.now()
        while timers and (outcomes := await self.database.write(partial(self._timers, now=now))):
            await self._after(outcomes)
        await self._after(await self.database.write(partial(self._again, now=now)))

    async def _after(self, outcomes: Sequence[TurnOutcome]) -> None:
        """What follows a commit."""
        for outcome in outcomes:
            if outcome.forgot is not None:
                await self.forgotten(*outcome.forgot)
        for outcome in outcomes:
            if outcome.echo:
                self.echo(outcome.echo)
            if outcome.fresh:
                self.hand(outcome.fresh)
        if not all(outcome.fresh for outcome in outcomes):
            self.wake()
        if any(outcome.scrub for outcome in outcomes):
            self.services.vault.lately.forget()
            await self.database.scrub()

    # -- what comes together

    async def _take(
        self, batch: Sequence[ArrivalBatch]
    ) -> Sequence[Sequence[TurnOutcome] | Exception]:
        """The turns of all of it, in one commit; when one of them fails, each by itself."""
        now = self.clock.now()
        try:
            return await self.database.write(lambda c: self._taken(c, batch, now))
        except Unavailable:
            raise
        except Exception:
            return [await self._singly(asked, now) for asked in batch]

    def _taken(
        self, connection: Transaction, batch: Sequence[ArrivalBatch], now: datetime
    ) -> list[Sequence[TurnOutcome]]:
        batch = [
            asked._replace(arrivals=[at_known_address(connection, a, now) for a in asked.arrivals])
            for asked in batch
        ]
        ahead = self._ahead(connection, [each for asked in batch for each in asked.arrivals], now)
        outcomes: list[Sequence[TurnOutcome]] = []
        for asked in batch:
            outcomes.append([self._arrive(connection, each, now, ahead) for each in asked.arrivals])
            if asked.offset is not None:
                _keep_offset(connection, asked.offset, asked.epoch)
        self.coming(row.id for each in outcomes for outcome in each for row in outcome.rows())
        return outcomes

    def _ahead(
        self, connection: Transaction, arrivals: Sequence[Arrival], now: datetime
    ) -> Prefetch:
        wanted = [(each.channel, each.address, each.external_id) for each in arrivals]
        alone = not self.services.owner()
        return Prefetch(connection, wanted, now, alone=alone, marks=self.marks)

    async def _singly(
        self, asked: ArrivalBatch, now: datetime
    ) -> Sequence[TurnOutcome] | Exception:
        try:
            outcomes = [await self._alone(arrival, now) for arrival in asked.arrivals]
            if asked.offset is not None:  # after them: it must not stand without them
                keep = partial(_keep_offset, offset=asked.offset, epoch=asked.epoch)
                await self.database.write(keep)
        except Exception as error:
            return error
        return outcomes

    # -- one turn

    def _arrive(
        self, connection: Transaction, arrival: Arrival, now: datetime, ahead: Prefetch
    ) -> TurnOutcome:
        """Take one arrival, unless it was taken before."""
        channel, external_id = arrival.channel, arrival.external_id
        known = ahead.take(channel, arrival.address)
        if known is None:
            if not states.accept(connection, channel, external_id, now):
                return TurnOutcome()
        elif ahead.seen(channel, external_id):
            return TurnOutcome()
        else:
            states.note(connection, channel, external_id, now)
        outcome = dispatch.take_turn(self.services, connection, arrival, now, known)
        if outcome.scrub:
            ahead.forget()
        return outcome

    def _arrive_alone(
        self, connection: Transaction, arrival: Arrival, now: datetime
    ) -> TurnOutcome:
        arrival = at_known_address(connection, arrival, now)
        return self._arrive(connection, arrival, now, self._ahead(connection, [arrival], now))

    # -- what was transcribed

    async def heard(self, work: TranscriptionJob, event: Transcribed) -> None:
        """The turn of a recording that was transcribed; none when it went meanwhile, or when
        another process took over."""
        now = self.clock.now()
        outcome = await self.database.write(lambda c: self._heard(c, work, event, now))
        await self._after([outcome])

    def _heard(
        self, connection: Transaction, work: TranscriptionJob, event: Transcribed, now: datetime
    ) -> TurnOutcome:
        if not blobs.settle(connection, work):
            return TurnOutcome()
        for person in people.locked(connection, [work.person_id], wait=True):
            context = TurnContext(self.services, connection, person, now)
            if context.state is not None:
                conversation.take(context, event)
            return dispatch.commit_turn(context)
        return TurnOutcome()

    # -- failing, and trying again

    async def _alone(self, arrival: Arrival, now: datetime) -> TurnOutcome:
        """One turn. When it fails it leaves nothing behind: it is held, and said."""
        try:
            return await self.database.write(lambda c: self._arrive_alone(c, arrival, now))
        except Unavailable:
            raise
        except Exception as error:
            _log.error("a turn failed; its update is held and tried again", exc_info=_bare(error))
        self.metrics.turns.labels("failed").inc()

        def held(connection: Transaction) -> None:
            person = people.find(connection, arrival.channel, arrival.address)
            states.hold(
                connection,
                arrival.channel,
                arrival.external_id,
                arrival_to_json(arrival),
                now,
                person_id=person.id if person else None,
            )
            language = person.language if person else dispatch.language_of(self.services, arrival)
            sorry = self.services.shelf.library.phrases(language).get("error_ours", form_of(person))
            to = dispatch.sender(arrival)
            if arrival.query:
                put_to(connection, to, now, Echo("", arrival.query, "tap"))
            put_to(connection, to, now, Say(sorry))

        await self.database.write(held)
        return TurnOutcome()

    def _again(self, connection: Transaction, now: datetime) -> list[TurnOutcome]:
        held = states.held(connection)
        return [self._retry(connection, each, now) for each in held]

    def _retry(self, connection: Transaction, held: HeldArrival, now: datetime) -> TurnOutcome:
        try:
            arrival = arrival_from_json(held.payload())
            with savepoint(connection):
                arrival = at_known_address(connection, arrival, now)
                outcome = dispatch.take_turn(self.services, connection, arrival, now)
                states.done(connection, held.id)
                return outcome
        except Exception as error:
            if passing(error):
                raise
            _log.error("a held update failed again", exc_info=_bare(error))
            if states.tried(connection, held) >= TRIES:
                states.give_up(connection, held.id)
            return TurnOutcome()

    # -- timers

    def _timers(self, connection: Transaction, now: datetime) -> list[TurnOutcome]:
        outcomes = []
        for due in states.take_due_timers(connection, now):
            try:
                with savepoint(connection):
                    outcomes.append(self._timer(connection, due, now))
            except Exception as error:
                if passing(error):
                    raise
                _log.error("a timer of a conversation failed; set again", exc_info=_bare(error))
                states.set_timer(connection, due.person_id, due.kind, due.turn, now + LATER)
        return outcomes

    def _timer(self, connection: Transaction, due: DueTimer, now: datetime) -> TurnOutcome:
        """The turn of a timer. When the person did something since it was set, it goes off as much
        later; so an open conversation always has its timers, and a turn need not move them."""
        person = people.by_id(connection, due.person_id)
        if what := wipe_timer.what_to_erase(due.kind):
            return self._wiped(connection, person, what, now)
        kind, wait = due.kind, patience(self.services, due.kind)
        since = states.since(connection, due.person_id)
        if person is None or since is None:
            return TurnOutcome()
        if now < since + wait:
            states.set_timer(connection, person.id, kind, due.turn, since + wait)
            return TurnOutcome()
        context = TurnContext(self.services, connection, person, now)
        if context.state is not None and not (person.blocked and kind == "remind"):
            conversation.take(
                context, Due("forget" if kind == "forget" else "remind", context.state.turn)
            )
        if kind == "remind" and person.memory.draft_mail:
            reach.remind_of_draft(context)
        outcome = dispatch.commit_turn(context)
        if kind in waits(context.state):
            states.set_timer(connection, person.id, kind, due.turn, now + wait)
        return outcome

    def _wiped(
        self, connection: Transaction, person: Person | None, what: str, now: datetime
    ) -> TurnOutcome:
        if person is None:
            return TurnOutcome()
        context = TurnContext(self.services, connection, person, now)
        commands.handle_command(context, Account("erase", what))
        return dispatch.commit_turn(context)


def _keep_offset(connection: Transaction, offset: int, epoch: int) -> None:
    if epoch:
        presence.fence(connection, epoch)
    meta.put(connection, OFFSET, str(offset))


def _bare(error: Exception) -> BaseException:
    """The same place in the code, without the words of the error: they may be a person's."""
    return RuntimeError(f"{type(error).__name__} (the words are left out)").with_traceback(
        error.__traceback__
    )
