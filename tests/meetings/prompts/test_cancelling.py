"""A meeting is called off on the page: asked first, taken back within ten minutes, told once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.meetings import agenda
from bot.meetings.model.meeting import Meeting
from storage.engine.transaction import Transaction
from storage.meetings import cancellations
from tests.botapi import BotApi
from tests.coordinators.office import Office
from tests.end_to_end.kit import MovableClock
from tests.meetings.prompts.kit import TUESDAY, Meetings, group, meeting, open_house
from tests.meetings.prompts.test_dashboard import GROUP, HERE, VISIT, later, office, planned
from tests.storage.stores import Postgres

__all__ = ["office"]

OFF = "gaat niet door"


async def joined(house: Meetings, one: Meeting, number: int = 1) -> Meeting:
    made = await house.plan(one)
    for each in range(number):
        await house.house.phone(f"P{each}").user.send(f"/start {made.code}")
    await house.house.settle()
    return made


async def soon(house: Meetings, made: Meeting, day: date | None = None) -> bool:
    now = house.clock.now()
    return await house.house.app.database.write(lambda c: agenda.cancel_soon(c, made, now, day))


async def go(house: Meetings) -> int:
    off = await house.house.app.jobs.meetings.cancel()
    house.house.app.outbox.wake()
    await house.house.settle()
    return off


def told(api: BotApi) -> list[int | None]:
    """Who heard that it is off."""
    return [call.chat_id for call in api.called("sendMessage") if OFF in call.params["text"]]


async def test_nobody_is_told_before_ten_minutes_and_then_everybody_once(
    tmp_path: Path, api: BotApi, clock: MovableClock
) -> None:
    async with open_house(tmp_path, api, clock) as house:
        made = await joined(house, meeting(), 3)
        assert await soon(house, made)
        clock.move(minutes=9)
        assert await go(house) == 0
        assert not told(api)
    async with open_house(tmp_path, api, clock) as again:  # a restart
        clock.move(minutes=1)
        assert await go(again) == 1
        assert await go(again) == 0
    assert len(told(api)) == len(set(told(api))) == 3


async def test_what_is_taken_back_is_heard_by_nobody(
    tmp_path: Path, api: BotApi, clock: MovableClock
) -> None:
    async with open_house(tmp_path, api, clock) as house:
        made = await joined(house, meeting())
        app = house.house.app
        await soon(house, made)
        assert await app.database.write(lambda c: agenda.keep(c, made))
        assert not await app.database.write(lambda c: agenda.keep(c, made))
        clock.move(hours=1)
        assert await go(house) == 0
        assert not told(api)
        await house.until(TUESDAY + timedelta(hours=5))
        assert ("ask", "sent") in await house.states()


def _cancel(house: Meetings, made: Meeting) -> Callable[[Transaction], object]:
    return lambda c: agenda.cancel(c, house.house.app.services, made, house.clock.now())


def _move(house: Meetings, made: Meeting) -> Callable[[Transaction], object]:
    span = (made.start + timedelta(days=1), made.end + timedelta(days=1))
    return lambda c: agenda.move(c, house.house.app.services, made, span, house.clock.now())


@pytest.mark.parametrize(("other", "off"), [(_cancel, 1), (_move, 0)])
async def test_the_other_ways_work_at_once_and_count(
    other: Callable[[Meetings, Meeting], Callable[[Transaction], object]],
    off: int,
    tmp_path: Path,
    api: BotApi,
    clock: MovableClock,
) -> None:
    """A command that calls off tells at once; who moves a meeting wants it to go on."""
    async with open_house(tmp_path, api, clock) as house:
        made = await joined(house, meeting())
        await soon(house, made)
        await house.house.app.database.write(other(house, made))
        await go(house)
        assert len(told(api)) == off
        clock.move(minutes=11)
        assert await go(house) == 0
        assert len(told(api)) == off
        assert not await house.house.app.database.read(cancellations.waiting)


async def test_of_a_series_one_day_is_off_and_the_others_go_on(
    tmp_path: Path, api: BotApi, clock: MovableClock
) -> None:
    async with open_house(tmp_path, api, clock) as house:
        made = await joined(house, group(rrule="FREQ=WEEKLY"))
        day = (TUESDAY + timedelta(weeks=1)).date()
        assert await soon(house, made, day)
        assert not await soon(house, made, day + timedelta(days=1))
        clock.move(minutes=10)
        assert await go(house) == 1
        assert not await soon(house, await again(house, made), day)
        assert len(told(api)) == 1


async def again(house: Meetings, made: Meeting) -> Meeting:
    app = house.house.app
    found = await app.database.read(lambda s: agenda.find(s, made.id))
    assert found is not None
    return found


async def test_two_processes_tell_it_once(
    tmp_path: Path, api: BotApi, clock: MovableClock, postgres: Postgres
) -> None:
    url = postgres.fresh()
    async with (
        open_house(tmp_path, api, clock, url=url) as one,
        open_house(tmp_path, api, clock, url=url) as other,
    ):
        made = await joined(one, meeting(), 5)
        await soon(one, made)
        clock.move(minutes=10)
        assert sum(await asyncio.gather(go(one), go(other))) == 1
        await asyncio.gather(go(one), go(other))
        assert len(told(api)) == len(set(told(api))) == 5


# -- on the page


async def test_the_page_asks_first_and_says_how_many_are_told(office: Office) -> None:
    person = await office.login("team", "West")
    await person.post(HERE, VISIT)
    (made,) = await planned(office)
    there = f"{HERE}/{made.meeting.id}"
    assert "Er krijgt niemand bericht" in (await person.get(f"{there}/cancel"))[1]
    addresses = " ".join(f"p{number}@example.nl" for number in range(16))
    await person.post(f"{there}/invite", {"addresses": addresses})
    _, asked = await person.get(f"{there}/cancel")
    assert "16 mensen krijgen over tien minuten bericht" in asked
    assert not await later(office)


async def test_the_page_calls_off_takes_back_and_says_so(office: Office) -> None:
    person = await office.login("team", "West")
    await person.post(HERE, VISIT)
    (made,) = await planned(office)
    there = f"{HERE}/{made.meeting.id}"
    answer = await person.post(f"{there}/cancel")
    assert answer.headers["Location"] == f"{there}?done=cancelled"
    _, page = await person.get(answer.headers["Location"])
    assert "nog tien minuten terugdraaien" in page
    assert "Toch door" in page
    assert "afgezegd" in (await person.get(HERE))[1]
    answer = await person.post(f"{there}/keep")
    assert "Het gaat door" in (await person.get(answer.headers["Location"]))[1]
    assert not await later(office)
    await person.post(f"{there}/cancel")
    assert await later(office)
    answer = await person.post(f"{there}/keep")
    assert "Dat kan niet meer" in (await person.get(answer.headers["Location"]))[1]
    (off,) = await planned(office)
    assert off.meeting.state == "cancelled"
    assert (await person.get(f"{there}/cancel"))[0] == 400


async def test_a_day_of_a_series_is_taken_back_by_itself(office: Office) -> None:
    person = await office.login("team", "Oost")
    await person.post(HERE, {**GROUP, "repeat": "elke week"})
    (made,) = await planned(office)
    there = f"{HERE}/{made.meeting.id}"
    _, asked = await person.get(f"{there}/cancel?which=2026-12-01")
    assert "di 1 dec 2026" in asked
    assert (await person.get(f"{there}/cancel?which=2026-12-02"))[0] == 400
    for day in ("2026-12-01", "2026-12-08"):
        await person.post(f"{there}/cancel", {"which": day})
    await person.post(f"{there}/keep", {"which": "2026-12-01"})
    assert await later(office)
    assert not await later(office)
    (series,) = await planned(office)
    assert [f"{one.at:%m-%d}" for one in series.meeting.overrides] == ["12-08"]
