"""What WhatsApp tells later of a prompt: that it arrived after all, or that it did not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import (
    Closed,
    Refused,
    SendError,
    StatusReport,
    TryLater,
    Uncertain,
    Unreachable,
)
from bot.delivery.status_reports import StatusReports
from storage.bells.rings import ATTEMPT
from storage.meetings.prompts import PROMPT
from storage.outbox.outbox import OUTBOX
from tests.bells.kit import Bench, bench


async def states(house: Bench) -> list[tuple[str, str]]:
    """Of the prompt and its row."""
    query = PROMPT.join(OUTBOX, OUTBOX.c.id == PROMPT.c.outbox_id).select()
    rows: Any = await house.store.database.read(lambda s: s.execute(query).all())
    return [(row.state, row[list(OUTBOX.c.keys()).index("state") + len(PROMPT.c)]) for row in rows]


async def told(house: Bench, *said: tuple[str, SendError | None], row: int = 0) -> None:
    """WhatsApp tells this of the message (or of that row), one after the other."""
    reports = StatusReports(
        house.store.database, house.services, house.clock, house.lane, house.lane, lambda: None
    )
    row = row or house.channels["whatsapp"].sent[-1].id
    for number, (status, error) in enumerate(said):
        about: Any = (row, 0, 1, f"wamid.{row}", status, "whatsapp:ann", number, error)
        await reports.take([StatusReport(*about)])


@pytest.mark.parametrize("doubt", [True, False])
async def test_a_prompt_that_arrived_is_sent_whatever_was_known(
    tmp_path: Path, doubt: bool
) -> None:
    async with bench(tmp_path) as house:
        await house.teller("ann", on="whatsapp")
        house.channels["whatsapp"].does.extend([Uncertain("no answer", 595.0)] * doubt)
        await house.prompt("whatsapp")
        await house.deliver()
        assert await states(house) == [("uncertain", "uncertain") if doubt else ("sent", "sent")]
        await told(house, ("delivered", None), ("sent", None), ("read", None))
        assert await states(house) == [("sent", "sent")]
        house.clock.move(minutes=20)
        await house.deliver()
        assert len(house.channels["whatsapp"].sent) == 1


@pytest.mark.parametrize("doubt", [True, False])
@pytest.mark.parametrize("error", [Refused("132015"), Unreachable("131026")])
async def test_a_prompt_that_did_not_arrive_is_rung_for(
    tmp_path: Path, doubt: bool, error: SendError
) -> None:
    async with bench(tmp_path) as house:
        await house.teller("ann", "mail", on="whatsapp")
        house.channels["whatsapp"].does.extend([Uncertain("no answer", 595.0)] * doubt)
        await house.prompt("whatsapp")
        await house.deliver()
        await told(house, ("failed", error), ("failed", error))
        await house.deliver()
        assert [state for state, _ in await states(house)] == ["failed"]
        assert house.rung("ann") == ["mail"]


@pytest.mark.parametrize("error", [Closed("131047"), TryLater("131000")])
async def test_a_prompt_that_only_could_not_go_now_goes_once_more(
    tmp_path: Path, error: SendError
) -> None:
    async with bench(tmp_path) as house:
        await house.teller("ann", "mail", on="whatsapp")
        await house.prompt("whatsapp")
        await house.deliver()
        await told(house, ("failed", error))
        assert await states(house) == [("claimed", "pending")]
        house.clock.move(minutes=20)
        await house.deliver()
        assert await states(house) == [("sent", "sent")]
        assert len(house.channels["whatsapp"].sent) == 2
        assert house.rung("ann") == []


async def test_a_bell_of_which_the_failure_is_told_before_the_answer_passes_on(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as house:
        ann = await house.teller("ann", "whatsapp", "mail")
        whatsapp = house.channels["whatsapp"]

        async def overtaken(what: str) -> None:
            if what == "sent" and len(whatsapp.sent) == 1:
                await told(house, ("failed", Refused("131026")))

        whatsapp._before = overtaken
        await house.prompt()
        await house.deliver()
        await house.deliver()
        found = [(channel, state) for channel, state, _ in await house.attempts(ann)]
        assert found == [("whatsapp", "failed"), ("mail", "rung")]
        rows: Any = await house.store.database.read(lambda s: s.execute(ATTEMPT.select()).all())
        assert len(rows) == 2
