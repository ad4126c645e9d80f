"""When a digest goes out: on the day and at the time that were wanted, once, to whom it belongs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.channels.base import Bell
from bot.codec import effect_from_json
from bot.coordinators.charts.renderer import ChartRenderer
from bot.coordinators.digest.digest_sender import WeeklyDigests, due_week
from bot.helper.tasks import InProcess
from bot.services import Services
from bot.settings import DigestSettings, MailSettings
from storage.coordinators import coordinators, logins
from storage.coordinators.coordinators import Coordinator
from storage.outbox import queue
from storage.weeks import week_of, weeks_before
from tests.botapi import BotApi
from tests.coordinators.office import Office
from tests.end_to_end.kit import MovableClock, running, settings
from tests.meetings.prompts.mailbox import mailbox
from tests.storage.stores import Postgres, open_store

PNG = b"\x89PNG\r\n\x1a\n"


def someone(**changes: Any) -> Coordinator:
    return replace(Coordinator("c1", "association", "", "Alice", "mail", "a@b.nl"), **changes)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "who", "week"),
    [
        ("2026-11-16T07:59:00", someone(), None),  # 8:59 in Amsterdam
        ("2026-11-16T08:00:00", someone(), "2026-W46"),
        ("2026-11-22T22:59:00", someone(), "2026-W46"),  # Sunday night
        ("2026-11-22T23:01:00", someone(), None),  # Monday, just after midnight
        ("2026-11-17T12:00:00", someone(day="wednesday"), None),
        ("2026-11-18T12:00:00", someone(day="wednesday", time="13:00"), "2026-W46"),
        ("2026-11-16T08:00:00", someone(zone="America/Aruba"), None),
        ("2026-11-16T13:00:00", someone(zone="America/Aruba"), "2026-W46"),
        ("2027-01-04T09:00:00", someone(), "2026-W53"),
        ("2026-03-30T07:00:00", someone(), "2026-W13"),  # 9:00 after the clock went forward
        ("2026-03-30T06:59:00", someone(), None),
        ("2026-10-26T07:59:00", someone(), None),
        ("2026-10-26T08:00:00", someone(), "2026-W43"),  # 9:00 after it went back
        ("2026-03-29T00:59:00", someone(day="sunday", time="02:30"), None),
        ("2026-03-29T01:30:00", someone(day="sunday", time="02:30"), "2026-W12"),  # no 2:30
        ("2026-10-25T00:30:00", someone(day="sunday", time="02:30"), "2026-W42"),  # the first 2:30
        ("2026-10-25T01:10:00", someone(day="sunday", time="02:30"), "2026-W42"),  # 2:10 again
        ("2026-11-15T23:30:00", someone(zone="America/Aruba"), None),  # still Sunday over there
    ],
)
def test_a_digest_is_due_from_the_day_and_time_that_were_wanted(
    now: str, who: Coordinator, week: str | None
) -> None:
    assert due_week(who, DigestSettings(), at(now)) == week


@given(st.integers(0, 24 * 365 * 4), st.integers(0, 23))
def test_no_week_is_passed_over(hours: int, hour: int) -> None:
    who = someone(time=time(hour).isoformat("minutes"))
    begin = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    moments = [begin + timedelta(hours=n) for n in range(24 * 15)]
    weeks = [week for moment in moments if (week := due_week(who, DigestSettings(), moment))]
    known = list(dict.fromkeys(weeks))
    assert len(known) >= 2
    assert all(weeks_before(after, 1) == before for before, after in pairwise(known))


async def test_a_digest_goes_out_once_by_telegram_through_restarts(
    tmp_path: Path, api: BotApi
) -> None:
    clock = MovableClock()
    for turn in range(3):
        async with running(tmp_path, api, clock=clock) as house:
            phone = house.phone("Alice")
            if turn == 0:
                await phone.say("/start")
                who = await house.app.database.write(
                    partial(coordinators.add, role="association", name="Alice")
                )
                token = await house.app.database.write(
                    partial(logins.make_link, coordinator_id=who.id, now=clock.now())
                )
                await phone.say(f"/start k-{token}")
                assert "weekbericht" in phone.read
            for _ in range(2):
                await house.app.jobs.digests.go()
            await house.settle()
    photos = api.called("sendPhoto")
    assert len(photos) == 1
    assert "Weekbericht, week 46" in str(photos[0].params["caption"])
    _, data = photos[0].params["photo"]
    assert data.startswith(PNG)


async def test_a_coordinator_in_telegram_gets_a_link_to_log_in(tmp_path: Path, api: BotApi) -> None:
    async with running(tmp_path, api) as house:
        phone, other = house.phone("Alice"), house.phone("Bob")
        await phone.say("/start")
        address = str(phone.user.id)
        await house.app.database.write(
            lambda c: coordinators.add(
                c, "association", "Alice", channel="telegram", address=address
            )
        )
        await phone.say("/start k")
        assert "/coordinator/login/" in phone.read
        await other.say("/start k")
        assert "/coordinator/login/" not in other.read


async def test_a_digest_arrives_by_mail_with_its_picture(tmp_path: Path, api: BotApi) -> None:
    async with mailbox() as box:
        mail = MailSettings(
            host="127.0.0.1", port=box.port, sender="Vertelbot <v@example.nl>", tls="none",
            password=SecretStr(""),
        )  # fmt: skip
        given_ = settings(tmp_path, telegram=api).model_copy(update={"mail": mail})
        async with running(tmp_path, api, given=given_) as house:
            await house.app.database.write(
                lambda c: coordinators.add(
                    c, "association", "Alice", channel="mail", address="alice@example.org"
                )
            )
            for _ in range(2):  # and the ticker, whenever it likes
                await house.app.jobs.digests.go()
            letter = await box.received(1)
            await house.settle()
            assert len(box.letters) == 1
    assert letter["Subject"] == "Alle teams, week 46: weekbericht"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = letter["List-Unsubscribe"].strip("<>")
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    for part in (text, html):
        said = part.get_content()
        assert "inder dan 5 nieuwe verhalen" in said
        assert stop in said
        assert "/coordinator/settings" in said
    assert 'src="cid:picture"' in html.get_content()
    assert 'alt="Staafjes' in html.get_content()
    pictures = [part for part in letter.walk() if part.get_content_type() == "image/png"]
    assert len(pictures) == 1
    content = pictures[0].get_content()
    assert isinstance(content, bytes)
    assert content.startswith(PNG)


async def test_two_replicas_send_it_once(
    postgres: Postgres, tmp_path: Path, office: Office
) -> None:
    url, folder = postgres.fresh(), tmp_path / "pg"
    folder.mkdir()
    one = await open_store(url, folder)
    two = await open_store(url, folder)
    studio = ChartRenderer(InProcess(one.database, office.house))
    try:
        for number in range(6):
            await one.database.write(
                partial(
                    coordinators.add,
                    role="association",
                    name="",
                    channel="mail",
                    address=f"{number}@example.org",
                )
            )
        rounds = [
            WeeklyDigests(
                each.database,
                Services(each.vault, each.log, office.house.shelf, office.house.settings),
                office.clock,
                studio,
                lambda: None,
            )
            for each in (one, two)
        ]
        sent = await asyncio.gather(*(each.go() for each in rounds for _ in range(2)))
        assert sum(sent) == 6
        now = office.clock.now()
        rows = await one.database.write(lambda c: queue.due(c, now, 99))
        assert sorted(row.address for row in rows) == [f"{n}@example.org" for n in range(6)]
        assert {row.lane for row in rows} == {"digest"}
    finally:
        one.close()
        two.close()


async def test_one_digest_that_fails_does_not_keep_the_others_back(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("Alice", "Bob", "Carol"):
        await office.coordinator("association", name=name, channel="mail", address=f"{name}@b.nl")
    told = WeeklyDigests.told

    async def fails(self: WeeklyDigests, who: Coordinator, *rest: Any) -> Any:
        if who.name == "Alice":
            raise RuntimeError("Alice@b.nl")
        return await told(self, who, *rest)

    monkeypatch.setattr(WeeklyDigests, "told", fails)
    assert await office.digests.go() == 2
    assert "RuntimeError" in caplog.text
    assert "Alice" not in caplog.text
    monkeypatch.undo()
    assert await office.digests.go() == 1


async def test_who_has_only_a_bell_hears_that_the_digest_is_there(office: Office) -> None:
    phone = {"channel": "sms", "address": "+31612345678"}
    await office.coordinator("association", name="Alice", **phone)
    assert await office.digests.go() == 1
    now = office.clock.now()
    (row,) = await office.store.database.write(
        lambda c: queue.due(c, now, 9, ("digest",), channel="sms")
    )
    said = effect_from_json(row.kind, row.effect)
    assert isinstance(said, Bell)
    assert said.text == "Het weekbericht staat klaar."
    assert said.link.endswith("/coordinator/digest")
    assert await office.digests.go() == 0


async def test_who_just_came_gets_the_first_digest_of_the_week_in_which_they_came(
    office: Office,
) -> None:
    week = week_of(office.clock.now())
    reads = {"channel": "mail", "address": "old@example.nl"}
    await office.coordinator("association", name="Old", **reads)
    chief = await office.login("association")
    form = {"name": "New", "role": "association", "address": "new@example.nl"}
    assert (await chief.post("/coordinator/people", form)).status == 200
    due = set[tuple[str, str]]()
    while week_of(office.clock.now()) < weeks_before(week, -2):
        for each in await office.store.database.read(office.digests._due):
            due.add((each.who.name, each.week))
        office.clock.move(hours=6)
    assert due == {("Old", weeks_before(week, 1)), ("Old", week), ("New", week)}
