"""Recordings and pictures go to who may read the story, with a line in the log, and to nobody
else."""

from __future__ import annotations

import pytest

from storage.coordinators import audit
from storage.engine.transaction import Transaction
from storage.people import people
from storage.stories import blobs, stories
from storage.stories.blobs import Content
from tests.coordinators.office import Office, telling
from tests.storage.stores import WEEK, consent

SOUND = Content("voice", "audio/ogg", b"OggS planted", 12)


async def spoken(office: Office, rung: str = "yes") -> str:
    """A story of team Oost with its recording; its id."""

    def keep(connection: Transaction) -> str:
        person = people.find_or_make(connection, "telegram", "4711", "nl", WEEK)
        blob_id = blobs.put(connection, person.id, SOUND)
        parts = [
            {"kind": "text", "text": "Fatima kwam.", "blob": ""},
            {"kind": "voice", "text": "Zij bleef.", "blob": blob_id},
        ]
        told = telling(team=office.teams["Oost"].id, text="Fatima kwam.\n\nZij bleef.", parts=parts)
        story_id, _ = stories.keep(connection, told, consent(), WEEK, person.id)
        stories.record(connection, story_id, consent("voice"))
        stories.record(connection, story_id, consent("team", rung))
        return story_id

    return await office.store.database.write(keep)


async def test_who_may_read_the_story_hears_it_and_the_log_says_so(office: Office) -> None:
    story_id = await spoken(office)
    someone = await office.login("team", "Oost")
    status, page = await someone.get(f"/coordinator/story/{story_id}")
    assert status == 200
    assert f'src="/coordinator/story/{story_id}/file/1"' in page
    assert "de opname blijft erbij" in page
    async with someone.client.get(f"/coordinator/story/{story_id}/file/1") as answer:
        assert await answer.read() == SOUND.data
        assert answer.content_type == "audio/ogg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
    lines = await office.store.database.read(lambda s: audit.of_story(s, story_id))
    assert {line.detail for line in lines if line.action == "read"} == {"", "voice"}
    async with someone.client.get("/coordinator/log") as answer:
        assert "Opname van de verteller" in await answer.text()


@pytest.mark.parametrize("number", [0, 2, 99])
async def test_there_is_nothing_where_nothing_is(office: Office, number: int) -> None:
    story_id = await spoken(office)
    someone = await office.login("team", "Oost")
    assert (await someone.get(f"/coordinator/story/{story_id}/file/{number}"))[0] == 404


async def test_another_team_a_stranger_and_who_may_not_read_hear_nothing(office: Office) -> None:
    story_id = await spoken(office)
    path = f"/coordinator/story/{story_id}/file/1"
    assert (await (await office.login("team", "West")).get(path))[0] == 404
    assert (await (await office.browser()).get(path))[0] == 401
    closed = await spoken(office, "no")
    oost = await office.login("team", "Oost")
    assert (await oost.get(f"/coordinator/story/{closed}/file/1"))[0] == 404


async def test_after_a_no_of_the_teller_it_is_gone(office: Office) -> None:
    story_id = await spoken(office)
    await office.store.database.write(lambda c: stories.record(c, story_id, consent("voice", "no")))
    someone = await office.login("team", "Oost")
    assert (await someone.get(f"/coordinator/story/{story_id}/file/1"))[0] == 404
    assert "/file/" not in (await someone.get(f"/coordinator/story/{story_id}"))[1]
