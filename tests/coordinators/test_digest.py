"""The weekly digest: due when it should be, true, without a word of a story, sent once."""

from __future__ import annotations

import asyncio
import base64
import json
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
from sqlalchemy import Connection

from bot.coordinators.digest import MOVEMENTS
from bot.coordinators.digest_round import DigestRound, due_week
from bot.coordinators.digest_text import CAPTION_MAX, Told
from bot.coordinators.silence import PROMISES
from bot.coordinators.studio import CannotDraw, Studio
from bot.house import House
from bot.settings import Digest as DigestSettings
from bot.settings import Mail
from storage import coordinators, rollups, sending
from storage.coordinators import Coordinator
from storage.rollups import Counted
from storage.weeks import weeks_before
from tests.botapi import BotApi
from tests.coordinators.office import Office
from tests.house.kit import MovableClock, running, settings
from tests.prompts.mailbox import mailbox
from tests.storage.stores import Postgres, Store, open_store

WEEK = "2026-W46"
"""The week that is over at the office."""
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


async def fill(store: Store, *weeks: str, each: int = 12) -> None:
    """Stories in these weeks; numbers only."""

    def count(connection: Connection) -> None:
        for week in weeks:
            for number in range(each):
                answers: dict[str, Any] = {
                    "promise": [PROMISES[number % 2]],
                    "movement_chains_networks": 10 if number % 2 else 90,
                }
                language = "nl" if number % 3 else "en"
                rollups.add(
                    connection,
                    Counted(week, "resident", "", "", language, "resident", "web", answers),
                )

    await store.database.write(count)


async def told(office: Office, week: str = WEEK, team: str = "", language: str = "nl") -> Told:
    return await office.digests.told(None, week, team, language)


async def test_the_numbers_are_those_of_the_week_and_the_quarter_before(office: Office) -> None:
    await fill(office.store, "2026-W30", WEEK)
    shape = (await told(office)).digest.json()
    assert (shape["week"], shape["team"], shape["final"]) == (WEEK, None, True)
    assert shape["stories"] == 12
    assert shape["promises"]["own_life"] == {"week": 6, "before": 6}
    assert shape["promises"]["tailored"] == {"week": {"below": 5}, "before": {"below": 5}}
    assert shape["movements"]["movement_chains_networks"]["right"]["week"] == 6
    assert shape["prompts"] == {"sent": {"below": 5}, "answered": {"below": 5}}
    assert set(shape["promises"]) == set(PROMISES)
    assert set(shape["movements"]) == set(MOVEMENTS)
    json.dumps(shape)


async def test_no_number_is_below_the_threshold(office: Office) -> None:
    await fill(office.store, *(weeks_before(WEEK, back) for back in range(20)), each=7)
    shape = (await told(office)).digest.json()

    def numbers(value: Any) -> list[int]:
        match value:
            case {"below": _}:
                return []
            case dict():
                return [n for each in value.values() for n in numbers(each)]
            case list():
                return [n for each in value for n in numbers(each)]
            case bool():
                return []
            case int():
                return [value]
        return []

    assert numbers(shape)
    assert all(number >= 5 for number in numbers(shape))


async def test_what_is_missing_is_said_and_whom_to_ask(office: Office) -> None:
    await fill(office.store, *(f"2026-W{week}" for week in range(27, 40)))
    shape = (await told(office)).digest.json()["missing"]
    assert shape["known"]
    assert "policy_board" in shape["roles"]
    assert "resident" not in shape["roles"]
    assert "own_life" not in shape["promises"]
    assert shape["ask"]["role"] == "resident"
    said = " ".join((await told(office)).paragraphs())
    assert "Vraag eens inwoners die" in said


async def test_a_small_team_sees_what_all_teams_together_tell(office: Office) -> None:
    await fill(office.store, *(f"2026-W{week}" for week in range(27, 40)), WEEK)
    said = await told(office, team=office.teams["Oost"].id)
    shape = said.digest.json()
    assert shape["stories"] == {"below": 5}
    assert shape["missing"]["together"]
    assert "resident" not in shape["missing"]["roles"]
    lines = said.paragraphs()
    assert lines[0].startswith("Minder dan 5 nieuwe verhalen.")
    assert any(line.startswith("Alle teams samen: 12 nieuwe verhalen.") for line in lines)
    assert said.picture().title == "Alle teams samen, week 46"
    assert said.ask() in lines


async def test_the_page_of_a_small_team_has_no_tables_full_of_nothing(office: Office) -> None:
    for number in range(3):
        await office.tell("Oost", week=WEEK, name=f"Verhaal {number}")
    person = await office.login("team", "Oost")
    _, page = await person.get("/coordinator/digest")
    assert "Minder dan 5 nieuwe verhalen" in page
    assert "Uit deze week kun je 3 verhalen lezen." in page
    assert "<table" not in page


async def test_an_empty_store_has_a_digest_too(office: Office) -> None:
    empty = await told(office)
    assert empty.digest.json()["stories"] == {"below": 5}
    assert "Minder dan 5 nieuwe verhalen" in empty.caption()


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_the_caption_fits_and_ends_with_the_link(office: Office, language: str) -> None:
    await fill(office.store, *(weeks_before(WEEK, back) for back in range(26)), each=60)
    caption = (await told(office, language=language)).caption()
    assert len(caption.encode("utf-16-le")) // 2 <= CAPTION_MAX
    assert caption.endswith(f"/coordinator/digest?week={WEEK}")


async def test_a_story_lends_no_word_to_the_digest(office: Office) -> None:
    for _ in range(12):
        await office.tell("Oost", week=WEEK)
    said = await told(office)
    letter = said.letter("", office.digests._templates)
    for text in (said.caption(), letter.text, letter.html, json.dumps(said.digest.json())):
        assert "Fatima" not in text
        assert "sleutel" not in text


async def test_a_picture_is_drawn_in_a_process_of_its_own(office: Office) -> None:
    await fill(office.store, WEEK)
    picture = await office.digests.draw(await told(office))
    assert base64.b64decode(picture).startswith(PNG)


async def test_without_anything_to_draw_with_there_are_words(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(self: Studio, asked: str) -> str:
        raise CannotDraw("ModuleNotFoundError")

    monkeypatch.setattr(Studio, "_ask", nothing)
    said = await told(office)
    assert await office.digests.draw(said) == ""
    assert type(said.photo("")).__name__ == "Say"


async def test_the_page_shows_the_same_numbers(office: Office) -> None:
    await fill(office.store, WEEK)
    chief, reader = await office.login("association"), await office.login("reader", "Oost")
    status, page = await chief.get("/coordinator/digest")
    assert status == 200
    assert "12 nieuwe verhalen" in page
    assert "data:image/png;base64," in page
    assert (await reader.get("/coordinator/digest"))[0] == 403
    for strange in ("week=2099-W01", "week=x", "team=nergens"):
        assert (await chief.get(f"/coordinator/digest?{strange}"))[0] == 200


async def test_a_team_cannot_ask_for_the_digest_of_another(office: Office) -> None:
    person = await office.login("team", "Oost")
    _, page = await person.get(f"/coordinator/digest?team={office.teams['West'].id}")
    assert "· Oost" in page


async def test_a_digest_goes_out_once_by_telegram_through_restarts(
    tmp_path: Path, api: BotApi
) -> None:
    clock = MovableClock()
    for turn in range(3):
        async with running(tmp_path, api, clock=clock) as house:
            phone = house.phone("Alice")
            if turn == 0:
                await phone.say("/start")
                vault = house.app.house.vault
                who = await house.app.database.write(
                    partial(coordinators.add, vault=vault, role="association", name="Alice")
                )
                token = await house.app.database.write(
                    partial(
                        coordinators.make_link,
                        vault=vault,
                        coordinator_id=who.id,
                        now=clock.now(),
                    )
                )
                await phone.say(f"/start k-{token}")
                assert "weekbericht" in phone.read
            for _ in range(2):
                await house.app.digests.go()
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
        vault, address = house.app.house.vault, str(phone.user.id)
        await house.app.database.write(
            lambda c: coordinators.add(
                c, vault, "association", "Alice", channel="telegram", address=address
            )
        )
        await phone.say("/start k")
        assert "/coordinator/login/" in phone.read
        await other.say("/start k")
        assert "/coordinator/login/" not in other.read


async def test_a_digest_arrives_by_mail_with_its_picture(tmp_path: Path, api: BotApi) -> None:
    async with mailbox() as box:
        mail = Mail(
            host="127.0.0.1", port=box.port, sender="Vertelbot <v@example.nl>", tls="none",
            password=SecretStr(""),
        )  # fmt: skip
        given_ = settings(tmp_path, telegram=api).model_copy(update={"mail": mail})
        async with running(tmp_path, api, given=given_) as house:
            vault = house.app.house.vault
            await house.app.database.write(
                lambda c: coordinators.add(
                    c, vault, "association", "Alice", channel="mail", address="alice@example.org"
                )
            )
            for _ in range(2):  # and the ticker, whenever it likes
                await house.app.digests.go()
            letter = await box.received(1)
            await house.settle()
            assert len(box.letters) == 1
    assert letter["Subject"] == "Verhalen in week 46"
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Minder dan 5 nieuwe verhalen" in text.get_content()
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
    studio = Studio()
    try:
        for number in range(6):
            await one.database.write(
                partial(
                    coordinators.add,
                    vault=one.vault,
                    role="association",
                    name="",
                    channel="mail",
                    address=f"{number}@example.org",
                )
            )
        rounds = [
            DigestRound(
                each.database,
                House(each.vault, each.log, office.house.shelf, office.house.settings),
                office.clock,
                studio,
                lambda: None,
            )
            for each in (one, two)
        ]
        sent = await asyncio.gather(*(each.go() for each in rounds for _ in range(2)))
        assert sum(sent) == 6
        now = office.clock.now()
        rows = await one.database.write(lambda c: sending.due(c, one.vault, now, 99))
        assert sorted(row.address for row in rows) == [f"{n}@example.org" for n in range(6)]
        assert {row.lane for row in rows} == {"digest"}
    finally:
        await studio.close()
        one.close()
        two.close()
