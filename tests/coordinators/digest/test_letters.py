"""What goes out: on the right Mondays, with a way out of it that only a click takes; and what a
preview says of what goes out next."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.coordinators.digest.messages import CAPTION_MAX
from bot.coordinators.digest.unsubscribe_link import unsubscribe_link, who_unsubscribes
from bot.meetings.model.rows import to_row
from storage.coordinators import coordinators
from storage.meetings import meetings
from storage.outbox import queue
from tests.cli.conftest import Run, run
from tests.coordinators.digest.test_digest import WEEK, fill, told
from tests.coordinators.digest.test_response_rate import meeting
from tests.coordinators.office import Office

__all__ = ["run"]
pytestmark = pytest.mark.usefixtures("no_pictures")


async def three(office: Office) -> None:
    for number, role in enumerate(("association", "team", "team")):
        team = "" if role == "association" else "Oost"
        address = f"c{number}@example.org"
        await office.coordinator(role, team, channel="mail", address=address)  # type: ignore[arg-type]  # a role


async def test_digests_go_out_each_week_and_never_twice(office: Office) -> None:
    await three(office)
    began, sent = office.clock.now(), []
    for days, hours in ((0, 0), (0, 1), (7, 0), (14, 0), (33, 0), (47, 0)):  # ISO week 53 too
        office.clock.move(
            seconds=(began + timedelta(days=days, hours=hours) - office.clock.now()).total_seconds()
        )
        sent.append(await office.digests.go())
    assert sent == [3, 0, 3, 3, 3, 3]


@pytest.mark.parametrize(
    ("now", "sent"),
    [("2026-12-21T07:55", 0), ("2026-12-21T08:02", 3), ("2026-12-20T23:10", 0)],
)
async def test_digests_go_out_at_nine_in_amsterdam(office: Office, now: str, sent: int) -> None:
    await three(office)
    wanted = datetime.fromisoformat(now).replace(tzinfo=UTC)
    office.clock.move(seconds=(wanted - office.clock.now()).total_seconds())
    assert await office.digests.go() == sent


async def test_one_click_ends_the_letters_and_looking_at_the_link_does_not(office: Office) -> None:
    someone = await office.coordinator("team", "Oost", channel="mail", address="a@example.org")
    await office.digests.go()
    now = office.clock.now()
    (row,) = await office.store.database.write(lambda c: queue.due(c, now, 9))
    address = row.effect["unsubscribe"]
    assert address in row.effect["text"]
    assert "/coordinator/settings" in row.effect["text"]
    path = address[address.index("/coordinator") :]

    async def wants() -> bool:
        found = await office.store.database.read(lambda s: coordinators.by_id(s, someone.id))
        assert found is not None
        return found.digest

    stranger = await office.browser()
    status, page = await stranger.get(path)
    assert status == 200
    assert f'action="{path}"' in page
    assert await wants()
    foreign = {
        "Origin": "https://mail.example",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    answer = await stranger.client.post(path, data="List-Unsubscribe=One-Click", headers=foreign)
    assert answer.status == 200
    assert not await wants()


async def test_nobody_ends_the_letters_of_somebody_else(office: Office) -> None:
    someone = await office.coordinator("team", "Oost", channel="mail", address="a@example.org")
    other = await office.coordinator("team", "West", channel="mail", address="b@example.org")
    vault = office.store.vault
    mine = unsubscribe_link("", vault, other.id)
    made_up = mine.replace(other.id, someone.id)
    assert who_unsubscribes(vault, made_up.rpartition("/")[2]) is None
    stranger = await office.browser()
    answers = [await stranger.client.post(link) for link in (made_up, mine)]
    assert [answer.status for answer in answers] == [200, 200]
    assert (
        len({re.sub("[0-9a-f]{32}-[0-9a-f]{64}", "", await each.text()) for each in answers}) == 1
    )
    kept = await office.store.database.read(coordinators.listed)
    assert {each.id: each.digest for each in kept} == {someone.id: True, other.id: False}


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_the_fullest_caption_fits_with_every_sentence_whole(
    office: Office, language: str
) -> None:
    """A team with much to do, long names and news of every kind."""
    name = "Het sociaal wijkteam van " + "Noordoost" * 6
    team = await office.team(name)
    for number in range(3):
        one = meeting(
            title="Leergroep " + "over alles " * 18, host_team=name,
            start=office.clock.now() + timedelta(days=number + 1),
            end=office.clock.now() + timedelta(days=number + 1, hours=2),
        )  # fmt: skip
        add = partial(meetings.add, row=to_row(one))
        await office.store.database.write(add)
    await fill(office.store, *(f"2026-W{week}" for week in range(27, 40)), WEEK, each=40)
    await office.tell(name, week=WEEK)
    who = await office.coordinator("team", name)
    said = await office.digests.told(who, WEEK, team.id, language)
    caption = said.caption()
    assert len(caption.encode("utf-16-le")) // 2 <= CAPTION_MAX
    assert said.first() in caption
    parts = caption.split("\n\n")
    assert parts[1:-1] == said.paragraphs()[: len(parts) - 2]
    assert parts[1].startswith(("Te doen:", "To do:"))
    assert "…" in parts[1]


async def test_the_subject_tells_team_and_number_when_it_may_be_known(office: Office) -> None:
    templates = office.digests._templates
    few = await told(office, team=office.teams["Oost"].id)
    assert few.letter("", templates).subject == "Oost, week 46: weekbericht"
    await fill(office.store, "2026-W45")
    many = await told(office, week="2026-W45")
    assert many.letter("", templates).subject == "Alle teams, week 45: 12 verhalen"


def test_a_preview_shows_what_goes_out_next_and_says_what_is_not_final(run: Run) -> None:
    shape = json.loads(run("digest", "--preview", "--json")[1])
    assert shape["final"]
    assert shape["moderation"] == {"waiting": None, "serious": None, "due": None}
    assert shape["changes"] is None
    _, said, _ = run("digest", "--preview")
    assert "verandert niet meer" in said
    year, week, _ = datetime.now(UTC).isocalendar()
    _, running, _ = run("digest", "--preview", "--week", f"{year}-W{week:02d}")
    assert "verandert niet meer" not in running
    assert "staan nog niet vast" in running
