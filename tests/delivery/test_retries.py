"""What becomes of a message that did not arrive: the same, known at once or told later."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels.base import (
    TOLD_WITHIN,
    Closed,
    Refused,
    SendError,
    StatusReport,
    TryLater,
    Unreachable,
)
from bot.clock import Clock
from bot.delivery.outcomes import Outcomes
from bot.delivery.retries import not_delivered
from bot.delivery.status_reports import StatusReports
from bot.guides import GuideStore
from bot.operations.metrics import Metrics
from bot.services import Services
from bot.settings import Settings
from conversations.guide.loading import load_guides
from storage.outbox import outbox, queue
from storage.outbox.outbox import OUTBOX, OutboxMessage
from tests.storage.stores import NOW, Store, open_store

ERRORS: dict[str, Callable[[], SendError]] = {
    "later": lambda: TryLater("131000"),
    "later, after a while": lambda: TryLater("131000", 50.0),
    "later, often enough": lambda: TryLater("131000", tries=3),
    "closed, and opened again": lambda: Closed("131047", lambda _: True),
    "unreachable": lambda: Unreachable("131026"),
    "refused": lambda: Refused("131051"),
}


class _Still(Clock):
    def now(self) -> Any:
        return NOW


class _NoBells:
    """Nothing rings for these messages."""

    def failed(self, *_: object) -> bool:
        return False

    arrived = failed


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("error", ERRORS)
async def test_what_failed_is_the_same_whether_it_is_known_at_once_or_told_later(
    tmp_path: Path, error: str, kept: bool
) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/vertelbot.db", tmp_path)
    services = Services(store.vault, store.log, GuideStore(load_guides()), Settings())
    outcomes = Outcomes(store.database, _Still(), Metrics(), {})
    quiet: Any = _NoBells()
    reports = StatusReports(store.database, services, _Still(), quiet, quiet, lambda: None)
    became = []
    for number, tries in enumerate((0, 3, 30, 0, 3, 30)):
        row = await _row(store, f"3161234567{number}", tries, kept=kept)
        raised = ERRORS[error]()
        if number < 3:
            await outcomes.failed(row, raised)
        else:
            told = StatusReport(row.id, 0, 1, "wamid", "failed", row.address, 1, raised)
            await store.database.write(partial(_taken, row=row))
            await reports.take([told])
        became.append(await _state(store, row))
    assert became[:3] == became[3:]
    store.close()


async def _row(store: Store, number: str, tries: int, *, kept: bool) -> OutboxMessage:
    person = (await store.person(number, channel="whatsapp")).id if kept else None
    to = None if kept else ("whatsapp", number, "nl")

    def put(connection: Any) -> OutboxMessage:
        text = {"text": "Dag"}
        row_id = outbox.put(connection, person, text, 1, "say", "reply", NOW, to=to)
        queue.change(connection, row_id, attempts=tries)
        return next(each for each in queue.due(connection, NOW, 99) if each.id == row_id)

    return await store.database.write(put)


def _taken(connection: Any, row: OutboxMessage) -> None:
    queue.change(connection, row.id, state="sent", ref="wamid", sent_at=NOW)


async def _state(store: Store, row: OutboxMessage) -> Any:
    query = select(OUTBOX.c.state, OUTBOX.c.due_at, OUTBOX.c.attempts)
    query = query.where(OUTBOX.c.id == row.id)
    found = await store.database.read(lambda reads: reads.execute(query).one_or_none())
    return found and (found.state, found.due_at if found.state == "pending" else None)


@pytest.mark.parametrize("kept", [True, False])
async def test_a_window_that_is_closed_is_waited_for_unless_nobody_is_kept(
    tmp_path: Path, kept: bool
) -> None:
    """Told later, the channel is called again: it knows now, and asks for a word."""
    store = await open_store(f"sqlite:///{tmp_path}/vertelbot.db", tmp_path)
    became = []
    for number, told_later in enumerate((False, True)):
        row = await _row(store, f"3161234567{number}", 0, kept=kept)
        shut = partial(
            not_delivered, row=row, error=Closed("131047"), now=NOW, told_later=told_later
        )
        await store.database.write(shut)
        became.append(await _state(store, row))
    assert became == ([("pending", NOW + TOLD_WITHIN), ("pending", NOW)] if kept else [None, None])
    store.close()


@pytest.mark.parametrize("error", [*ERRORS, "closed"])
async def test_a_change_that_was_not_made_leaves_its_message_as_it_arrived(
    tmp_path: Path, error: str
) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/vertelbot.db", tmp_path)
    row = (await _row(store, "31612345670", 3, kept=True))._replace(owed=b"sealed")
    arrived = partial(queue.change, row_id=row.id, state="sent", ref="wamid", owed=row.owed)
    await store.database.write(arrived)
    raised = ERRORS[error]() if error in ERRORS else Closed("131047")
    await store.database.write(partial(not_delivered, row=row, error=raised, now=NOW))
    assert (await _state(store, row))[0] == "sent"
    store.close()
