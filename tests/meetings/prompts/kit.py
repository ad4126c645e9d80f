"""A Vertelbot that runs, with meetings: planned at once, and a clock that goes tick by tick."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.meetings import agenda
from bot.meetings.model.meeting import Meeting
from bot.settings import MailSettings, Settings
from storage.meetings import prompts
from tests.botapi import BotApi
from tests.end_to_end.kit import House, MovableClock, running, settings
from tests.meetings.prompts.mailbox import Mailbox

TUESDAY = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
"""When meetings begin unless a test says otherwise: two o'clock in Amsterdam."""


def meeting(**changes: Any) -> Meeting:
    """A visit of Zuid to Oost, for two hours."""
    start = changes.pop("start", TUESDAY)
    facts: dict[str, Any] = {
        "uid": f"{start.isoformat()}@test",
        "kind": "visit",
        "title": "Oost ← Zuid",
        "start": start,
        "end": start + timedelta(hours=2),
        "tz": "Europe/Amsterdam",
        "host_team": "Wijkteam Oost",
        "guest_team": "Wijkteam Zuid",
    }
    return Meeting(**{**facts, **changes})


def group(**changes: Any) -> Meeting:
    """A learning group about young people."""
    facts = {"kind": "learning_group", "title": "Jeugd", "host_team": "", "guest_team": ""}
    return meeting(**{"uid": f"group {changes.get('start')}", **facts, **changes})


class Meetings:
    """The house, and what a coordinator and the clock do to it."""

    def __init__(self, house: House, clock: MovableClock) -> None:
        self.house = house
        self.clock = clock

    async def plan(self, one: Meeting) -> Meeting:
        app = self.house.app
        return await app.database.write(
            lambda c: agenda.add(c, app.services, one, self.clock.now())
        )

    async def change(self, one: Meeting) -> None:
        app = self.house.app
        await app.database.write(lambda c: agenda.change(c, app.services, one, self.clock.now()))
        await self.house.settle()

    async def until(self, moment: datetime) -> None:
        """Time goes on to a moment; the clock ticks whenever something is due, and every day."""
        while self.clock.now() < moment:
            now = self.clock.now()
            due = [row.next_at for row in await self.prompts() if row.state in prompts.WAITING]
            coming = [at for at in due if at > now]
            to = min(moment, now + timedelta(days=1), *coming)
            self.clock.move(seconds=(to - now).total_seconds())
            await self.tick()

    async def tick(self) -> None:
        await self.house.app.jobs.meetings.plan()
        while await self.house.app.jobs.meetings.prompt():
            self.house.app.outbox.wake()
            await self.house.settle()
        self.house.app.outbox.wake()
        await self.house.settle()

    async def prompts(self) -> list[prompts.StoredPrompt]:
        """All prompts, by their time."""
        rows = await self.house.rows("prompt")
        ids = [str(row[0]) for row in rows]
        app = self.house.app
        found = await app.database.read(lambda s: [prompts.by_id(s, one) for one in ids])
        return sorted((row for row in found if row), key=lambda row: (row.due_at, row.kind))

    async def states(self) -> list[tuple[str, str]]:
        """Kind and state of all prompts, by their time."""
        return [(row.kind, row.state) for row in await self.prompts()]


def with_mail(box: Mailbox, given: Settings) -> Settings:
    mail = MailSettings(
        host="127.0.0.1", port=box.port, sender="Vertelbot <bot@example.nl>", tls="none"
    )
    return given.model_copy(update={"mail": mail})


@asynccontextmanager
async def open_house(
    folder: Path, api: BotApi, clock: MovableClock, box: Mailbox | None = None, url: str = ""
) -> AsyncIterator[Meetings]:
    given = settings(folder, url, telegram=api)
    if box is not None:
        given = with_mail(box, given)
    async with running(folder, api, clock=clock, given=given) as house:
        yield Meetings(house, clock)
