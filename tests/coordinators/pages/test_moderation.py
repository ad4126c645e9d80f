"""Taking out, holding, handing on: nothing is added, nothing that went comes back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from storage.coordinators import audit
from storage.outbox import outbox, queue
from storage.people import people
from storage.stories import moderation, stories, withdrawals
from storage.stories.moderation import GONE, cut
from storage.stories.permissions import STORY
from storage.vault.vault import Vault
from tests.coordinators.office import Office, Person
from tests.storage.stores import WEEK, consent

EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}",
    "=HYPERLINK(1)",
    "</textarea><svg/onload=alert(1)>",
    "&#60;b&#62;",
    "javascript:alert(1)",
)


async def act(person: Person, story_id: str, act: str, form: Any = ()) -> int:
    return (await person.post(f"/coordinator/story/{story_id}/{act}", form)).status


async def test_what_is_taken_out_is_gone_everywhere(office: Office) -> None:
    story_id = await office.tell("Oost", "contact", words={"need": "Fatima bellen"})
    person = await office.login("team", "Oost")
    marks = [("mark", "text:0:6"), ("mark", "need:0:6"), ("mark", "name:3:10")]
    assert await act(person, story_id, "take-out", marks) == 303
    story = await office.story(story_id)
    assert story.telling.text == f"{GONE} van de wijk kwam langs.\n\nZij bleef een uur."
    assert story.telling.parts[0]["text"] == f"{GONE} van de wijk kwam langs."
    assert story.telling.words == {"need": f"{GONE} bellen"}
    assert story.telling.name == f"De {GONE} onder de mat"
    _, page = await person.get(f"/coordinator/story/{story_id}")
    assert "Fatima" not in page
    await assert_sealed_nowhere(office, b"Fatima")


async def assert_sealed_nowhere(office: Office, word: bytes) -> None:
    vault: Vault = office.store.vault
    rows = await office.store.database.read(
        lambda s: s.execute(select(STORY.c.id, STORY.c.sealed)).all()
    )
    assert all(word not in vault.open(f"story:{row.id}", row.sealed) for row in rows)


@pytest.mark.parametrize(("rung", "told"), [("contact", 1), ("team", 0)])
async def test_the_teller_is_told_when_that_was_asked_for(
    office: Office, rung: str, told: int
) -> None:
    story_id = await office.tell("Oost", rung)
    person = await office.login("team", "Oost")
    await act(person, story_id, "take-out", [("mark", "text:0:6")])
    teller = await office.store.database.read(lambda s: people.find(s, "telegram", "4711"))
    assert teller is not None
    rows = await office.store.database.read(lambda s: outbox.log(s, teller.id))
    assert len(rows) == told
    for row in rows:
        assert GONE in row.effect["text"]
        assert "Fatima" not in row.effect["text"]


async def test_the_log_names_stretches_and_no_text(office: Office) -> None:
    story_id = await office.tell("Oost")
    person = await office.login("team", "Oost")
    await act(person, story_id, "take-out", [("mark", "text:0:6")])
    lines = await office.store.database.read(lambda s: audit.of_story(s, story_id))
    assert lines[0].action == "taken_out"
    assert lines[0].detail == "1: text:0-6"


async def test_nothing_is_taken_out_of_a_text_that_changed_meanwhile(office: Office) -> None:
    story_id = await office.tell("Oost", text="Fatima sprak met Ahmed.")
    one, two = await office.login("team", "Oost"), await office.login("team", "Oost")
    _, page = await two.get(f"/coordinator/story/{story_id}")
    seen = page.split('name="version" value="')[1].split('"')[0]
    assert await act(one, story_id, "take-out", {"mark": "text:0:6", "version": seen}) == 303
    late = [("mark", "text:17:22"), ("version", seen)]
    answer = await two.post(f"/coordinator/story/{story_id}/take-out", late)
    assert "intussen veranderd" in await answer.text()
    assert (await office.story(story_id)).telling.text == f"{GONE} sprak met Ahmed."


async def test_an_act_that_does_not_exist_is_nowhere(office: Office) -> None:
    story_id = await office.tell("Oost")
    person = await office.login("team", "Oost")
    for strange in ("nonsense", "file", "problem"):
        assert await act(person, story_id, strange) == 404


@pytest.mark.parametrize(
    "mark", ["text:0:9999", "text:6:2", "text:-1:3", "nothing:0:1", "text", "", "text:a:b"]
)
async def test_a_stretch_that_is_not_there_changes_nothing(office: Office, mark: str) -> None:
    story_id = await office.tell("Oost")
    before = await office.story(story_id)
    person = await office.login("team", "Oost")
    assert await act(person, story_id, "take-out", [("mark", mark)]) == 200
    assert await office.story(story_id) == before


@given(st.text(max_size=60), st.data())
def test_taking_out_only_takes_out(text: str, data: st.DataObject) -> None:
    places = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(places, places), max_size=5))
    stretches = [(min(p), max(p)) for p in pairs if p[0] != p[1]]
    at = 0
    for piece in cut(text, stretches).split(GONE):
        at = text.index(piece, at) + len(piece)


def test_words_side_by_side_leave_one_mark() -> None:
    assert cut("Mevrouw De Vries kwam", [(0, 7), (8, 10), (11, 16)]) == f"{GONE} kwam"


@pytest.mark.parametrize("reviewed", [True, False])
async def test_what_is_held_is_let_go_and_is_looked_at_only_when_it_was(
    office: Office, reviewed: bool
) -> None:
    story_id = await office.tell("Oost", reviewed=reviewed)
    person, other = await office.login("team", "Oost"), await office.login("reader", "West")
    assert await act(person, story_id, "hold", {"note": "eerst bellen"}) == 303
    _, page = await person.get("/coordinator/stories?state=held")
    assert story_id in page
    assert (await other.get(f"/coordinator/story/{story_id}"))[0] == 404
    assert await act(person, story_id, "release") == 303
    assert (await other.get(f"/coordinator/story/{story_id}"))[0] == (200 if reviewed else 404)


async def test_a_serious_story_goes_to_a_person_with_a_day_and_a_reason(office: Office) -> None:
    story_id = await office.tell("Oost")
    bob = await office.coordinator("team", "Oost", "Bob")
    person = await office.login("team", "Oost")
    whole = {"note": "Bel haar vandaag", "who": bob.id, "due": "2026-11-20"}
    for missing in whole:
        form = {name: value for name, value in whole.items() if name != missing}
        assert await act(person, story_id, "serious", form) == 200
    assert await act(person, story_id, "serious", {**whole, "due": "2020-01-01"}) == 200
    assert await act(person, story_id, "serious", whole) == 303
    _, page = await person.get(f"/coordinator/story/{story_id}")
    assert "Bel haar vandaag" in page
    assert "Bij Bob, uiterlijk 20 november 2026" in page
    _, overview = await person.get("/coordinator")
    assert "state=serious" in overview
    await assert_note_is_sealed(office, b"Bel haar")


async def test_who_gets_a_serious_story_hears_of_it_and_of_nothing_in_it(office: Office) -> None:
    story_id = await office.tell("Oost")
    bob = await office.coordinator("team", "Oost", "Bob", channel="mail", address="bob@example.org")
    person = await office.login("team", "Oost")
    form = {"note": "Bel haar vandaag", "who": bob.id, "due": "2026-11-20"}
    assert await act(person, story_id, "serious", form) == 303
    now = office.clock.now()
    (sent,) = await office.store.database.write(lambda c: queue.due(c, now, 9))
    assert sent.address == "bob@example.org"
    told = str(sent.effect)
    assert "/coordinator/stories?state=serious" in told
    assert "uiterlijk 20 november 2026" in told
    for word in ("Fatima", "sleutel", "Bel haar", story_id):
        assert word not in told


async def test_a_serious_story_only_goes_to_who_may_read_it(office: Office) -> None:
    story_id = await office.tell("Oost", "team")
    person = await office.login("team", "Oost")
    others = [
        await office.coordinator("reader", "Oost", "Carol"),
        await office.coordinator("team", "West", "Dave"),
        await office.coordinator("association", "", "Eve"),
    ]
    _, page = await person.get(f"/coordinator/story/{story_id}")
    for other in others:
        assert other.id not in page
        form = {"note": "x", "who": other.id, "due": "2026-11-20"}
        assert await act(person, story_id, "serious", form) == 200
    found = await office.store.database.read(lambda s: moderation.standing(s, story_id))
    assert found[0] == "kept"


async def assert_note_is_sealed(office: Office, word: bytes) -> None:
    rows = await office.store.database.read(lambda s: s.execute(select(STORY)).mappings().all())
    assert all(word not in repr(dict(row)).encode() for row in rows)


async def test_a_withdrawn_story_is_gone_from_every_page_at_once(office: Office) -> None:
    story_id = await office.tell("Oost", reviewed=True)
    person = await office.login("team", "Oost")
    assert (await person.get(f"/coordinator/story/{story_id}"))[0] == 200
    log = office.store.log
    await office.store.database.write(lambda c: withdrawals.withdraw(c, story_id, log, "2026-W47"))
    assert (await person.get(f"/coordinator/story/{story_id}"))[0] == 404
    for path in ("/coordinator/stories", "/coordinator/stories?q=wijk", "/coordinator/log"):
        assert story_id not in (await person.get(path))[1]


async def test_a_note_of_many_lines_that_fits_keeps_its_end(office: Office) -> None:
    story_id = await office.tell("Oost")
    person = await office.login("team", "Oost")
    note = "bel de school\r\n" * 66 + "en dit is het einde"
    assert len(note.replace("\r\n", "\n")) <= 1000 < len(note)
    assert await act(person, story_id, "hold", {"note": note}) == 303
    kept = await office.store.database.read(lambda s: moderation.standing(s, story_id))
    assert kept[2].text.endswith("en dit is het einde")


@pytest.mark.parametrize("evil", EVIL)
async def test_what_people_type_is_text_and_nothing_else(office: Office, evil: str) -> None:
    await office.tell("Oost", name=evil, text=evil, words={"need": evil})
    story_id = await office.tell("Oost", name=evil, text=evil, words={"need": evil})
    person = await office.login("team", "Oost", evil)
    await person.post("/coordinator/people", {"name": evil, "role": "reader", "team": ""})
    await act(person, story_id, "hold", {"note": evil})
    for path in (
        "/coordinator",
        "/coordinator/stories",
        f"/coordinator/stories?q={evil}&guide={evil}&answer=promise:{evil}",
        f"/coordinator/story/{story_id}",
        "/coordinator/people",
        "/coordinator/log",
    ):
        _, page = await person.get(path)
        for hurts in ("<script>", "<img src", "<svg/onload", ">49<", 'href="javascript'):
            assert hurts not in page, path


@pytest.mark.parametrize(
    "query",
    ["page=99999999999", "page=-1", "first=2026", "answer=x", "answer=a:b&answer=a:c",
     "team='; DROP TABLE story; --", "q=%00", "state=secret", "answer=promise:../../etc"],
)  # fmt: skip
async def test_a_strange_address_is_a_page_all_the_same(office: Office, query: str) -> None:
    await office.tell("Oost")
    person = await office.login("team", "Oost")
    assert (await person.get(f"/coordinator/stories?{query}"))[0] == 200


async def test_an_edited_story_is_looked_at_again(office: Office) -> None:
    story_id = await office.tell("Oost", reviewed=True)
    other = await office.login("reader", "West")
    assert (await other.get(f"/coordinator/story/{story_id}"))[0] == 200
    told = (await office.story(story_id)).telling

    def keep(connection: Any) -> None:
        stories.keep(connection, told, consent(), WEEK, story_id=story_id)
        for purpose in ("team", "network"):
            stories.record(connection, story_id, consent(purpose))

    await office.store.database.write(keep)
    assert (await other.get(f"/coordinator/story/{story_id}"))[0] == 404
