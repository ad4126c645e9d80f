"""Work in a queue, and selections: what is chosen stays chosen, on every page."""

from __future__ import annotations

import re
from functools import partial
from html import unescape

import pytest
from sqlalchemy import select

from bot.coordinators.chips import FilterWords, values
from bot.coordinators.phrases import words
from bot.demo.invented import invent
from storage.coordinators.selections import SAVED
from storage.engine.transaction import Transaction
from storage.stories import reading, stories
from storage.stories.moderation import standing
from storage.stories.permissions import STORY
from storage.stories.reading import Filters
from tests.coordinators.office import Office, Person, library
from tests.storage.stores import consent

LOCATION = "Location"
HREF = re.compile(r'href="([^"]+)"')


def links(page: str, part: str) -> list[str]:
    """The addresses on a page that hold this."""
    return [link for each in HREF.findall(page) if part in (link := unescape(each))]


def form_of(page: str, act: str) -> tuple[str, dict[str, str]]:
    """The address of the last form that does this, and what it sends along unseen."""
    found = re.findall(
        rf'<form method="post" action="([^"]+/{act}[^"]*)"[^>]*>(.*?)</form>', page, re.DOTALL
    )
    address, inside = found[-1]
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', inside)
    return unescape(address), {name: value for name, value in hidden if name != "csrf"}


async def press(person: Person, page: str, act: str, **more: str) -> str:
    """Send a form of a page as a browser does; where it leads."""
    address, hidden = form_of(page, act)
    answer = await person.post(address, {**hidden, **more})
    assert answer.status == 303, await answer.text()
    return answer.headers[LOCATION]


async def test_24_stories_take_a_tap_each_and_two_to_begin(office: Office) -> None:
    for number in range(24):
        await office.tell("Oost", week=f"2026-W{20 + number}")
    await office.tell("West", "team")
    person = await office.login("team", "Oost")
    _, page = await person.get("/coordinator/stories?state=waiting")
    taps, posts = 1, 0
    begin = links(page, "/coordinator/queue")[0]
    answer = await person.client.get(begin, allow_redirects=False)
    at, taps = answer.headers[LOCATION], taps + 1
    while "/story/" in at:
        _, page = await person.get(at)
        assert f"{posts + 1} van 24" in page
        assert "<mark>Fatima</mark>" in page
        office.clock.move(seconds=1)
        at = await press(person, page, "clear")
        posts += 1
        taps += 1
    assert (posts, taps) == (24, 26)
    _, page = await person.get(at)
    assert "Alles is bekeken" in page
    assert "Je deed er 24" in page
    filters = Filters(team=office.teams["Oost"].id)
    who = await office.coordinator("team", "Oost")
    listed = await office.store.database.read(lambda s: reading.page(s, who, filters))
    assert [story.reviewed for story in listed.stories] == [True] * 20


async def test_a_second_quick_tap_does_not_clear_the_next_story_unseen(office: Office) -> None:
    for number in range(2):
        await office.tell("Oost", week=f"2026-W4{number}")
    person = await office.login("team", "Oost")
    _, page = await person.get(await begun(person))
    office.clock.move(seconds=1)
    _, second = await person.get(await press(person, page, "clear"))
    address, hidden = form_of(second, "clear")
    answer = await person.post(address, hidden)
    assert answer.status == 200
    assert "Dat ging snel" in await answer.text()
    assert "Gedaan: het verhaal is bekeken" in second
    _, page = await person.get("/coordinator/stories?state=waiting")
    assert "1 verhaal" in page


async def begun(person: Person, query: str = "state=waiting") -> str:
    answer = await person.client.get(f"/coordinator/queue?{query}", allow_redirects=False)
    return answer.headers[LOCATION]


async def test_a_queue_keeps_to_its_filters_and_what_is_passed_over_stays(office: Office) -> None:
    mine = [await office.tell("Oost", week=f"2026-W4{n}") for n in range(3)]
    await office.tell("Oost", guide="professional", week="2026-W45")
    person = await office.login("team", "Oost")
    at = await begun(person, "guide=resident")
    _, page = await person.get(at)
    assert mine[2] in at
    assert "1 van 3" in page
    (after,) = [link for link in links(page, mine[1]) if "/story/" in link]
    _, page = await person.get(after)
    assert "2 van 3" in page
    assert links(page, "/coordinator/stories?guide=resident&state=waiting")
    at = await press(person, page, "hold")
    assert mine[0] in at
    _, page = await person.get(at)
    assert "Gedaan: het verhaal is aangehouden" in page
    assert "3 van 3" in page
    at = await press(person, page, "hold")
    assert mine[2] in at, "the one that was passed over comes again"


async def test_a_serious_story_is_handed_on_is_due_and_is_closed_with_what_was_done(
    office: Office,
) -> None:
    story_id = await office.tell("Oost")
    bob = await office.coordinator("team", "Oost", "Bob")
    person = await office.login("team", "Oost", "Alice")
    _, page = await person.get(f"/coordinator/story/{story_id}?state=waiting")
    whole = {"note": "Bel haar", "who": bob.id, "due": "2026-11-27"}
    await press(person, page, "serious", **whole)

    async def due() -> list[tuple[str, str]]:
        read = office.store.database.read
        days = await read(lambda s: reading.due_days(s, bob))
        notes = [(await read(partial(standing, story_id=id_)))[2] for id_ in days]
        return list(zip(days.values(), (note.who for note in notes), strict=True))

    assert await due() == [("2026-11-27", bob.id)]
    carol = await office.coordinator("team", "Oost", "Carol")
    _, page = await person.get(f"/coordinator/story/{story_id}?state=serious")
    assert ">Bel haar</textarea>" in page
    at = await press(person, page, "serious", note="Bel haar", who=carol.id, due="2026-11-30")
    assert story_id in at, "it stays: it still asks for somebody"
    assert await due() == [("2026-11-30", carol.id)]
    _, listed = await person.get("/coordinator/stories?state=serious")
    assert "uiterlijk 30 november 2026" in listed
    release = await person.post(f"/coordinator/story/{story_id}/release")
    assert release.status == 200, "a serious story does not go on without an outcome"
    _, page = await person.get(f"/coordinator/story/{story_id}?state=serious")
    at = await press(person, page, "close", outcome="Gebeld, zij is veilig")
    assert "told=closed" in at
    assert await due() == []
    _, page = await person.get(f"/coordinator/story/{story_id}")
    assert "Gebeld, zij is veilig" in page
    assert "Nog niemand keek" in page, "closing is not looking"
    reader = await office.login("reader", "Oost")
    assert "Gebeld" not in (await reader.get(f"/coordinator/story/{story_id}"))[1]
    rows = await office.store.database.read(lambda s: s.execute(select(STORY)).mappings().all())
    assert all(b"Gebeld" not in repr(dict(row)).encode() for row in rows)


async def test_filters_by_answer_stand_in_the_form_and_can_be_taken_off(office: Office) -> None:
    """An answer is chosen in the form, shown as a chip on list, patterns and files, and a file
    holds just those stories."""
    wanted = await office.tell("Oost", "network", reviewed=True, answers={"feeling": ["sad"]})
    other = await office.tell("Oost", "network", reviewed=True, answers={"feeling": ["glad"]})
    person = await office.login("team", "Oost")
    _, page = await person.get("/coordinator/stories")
    assert '<option value="resident.feeling:sad">' in page
    query = "answer=resident.feeling:sad"
    for path in ("stories", "patterns", "files"):
        _, page = await person.get(f"/coordinator/{path}?{query}")
        (without,) = re.findall(r'<a href="([^"]+)" aria-label="Haal weg: [^"]+: Verdrietig"', page)
        assert unescape(without) == f"/coordinator/{path}"
    _, page = await person.get(f"/coordinator/stories?{query}")
    assert wanted in page
    assert other not in page
    assert links(page, "/coordinator/files?answer=resident.feeling%3Asad")
    _, page = await person.get(f"/coordinator/files?{query}")
    assert "1 verhaal" in page
    form = {"purpose": "team", "format": "json", "answer": "resident.feeling:sad"}
    answer = await person.post("/coordinator/files", form)
    assert [each["answers"] for each in (await answer.json())["stories"]] == [{"feeling": ["sad"]}]


async def test_a_selection_is_kept_sealed_and_shows_a_colleague_what_they_may_read(
    office: Office,
) -> None:
    own = await office.tell("Oost", "team")
    shared = await office.tell("Oost", "network", reviewed=True)
    person, colleague = await office.login("team", "Oost"), await office.login("team", "West")
    _, page = await person.get(f"/coordinator/stories?team={office.teams['Oost'].id}&q=wijk")
    assert own in page
    at = await press_keep(person, page, "Over de wijk")
    _, page = await person.get(at)
    assert "Gedaan: de selectie is bewaard" in page
    (link,) = set(re.findall(r'/coordinator/selection/[0-9a-f]{32}(?=")', page))
    _, theirs = await colleague.get("/coordinator/stories")
    assert "Over de wijk" not in theirs
    answer = await colleague.client.get(link)
    seen = await answer.text()
    assert shared in seen
    assert own not in seen
    rows = await office.store.database.read(lambda s: s.execute(select(SAVED)).all())
    assert all(b"wijk" not in repr(row).encode() for row in rows)
    assert (await colleague.post(f"{link}/remove")).status == 404
    assert (await person.post(f"{link}/remove")).status == 303
    assert (await colleague.get(link))[0] == 404


async def press_keep(person: Person, page: str, name: str) -> str:
    query = re.findall(r'name="query" value="([^"]+)"', page)[0]
    answer = await person.post("/coordinator/selections", {"query": unescape(query), "name": name})
    assert answer.status == 303
    return answer.headers[LOCATION]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("verwàrming", True),
        ("VERWARMING", True),
        ("drié", True),
        ("cafe", True),
        ('"drie mensen"', True),
        ("„drie mensen”", True),
        ('"mensen drie"', False),
        ("mensen drie", True),
        ("istanbul", True),
        ("drie olifanten", False),
    ],
)
async def test_search_knows_accents_capitals_and_phrases(
    office: Office, words: str, found: bool
) -> None:
    text = "De verwarming van het café was stuk.\n\nEr kwamen drie\nmensen uit İstanbul."
    story_id = await office.tell("Oost", text=text)
    person = await office.login("team", "Oost")
    _, page = await person.get(f"/coordinator/stories?q={words}")
    assert (story_id in page) is found
    if not found:
        assert "Geen verhaal met: " in page
        assert ("Zoek ze eens los" in page) is ('"' in words)


async def test_beyond_the_last_page_is_the_last_page(office: Office) -> None:
    for _ in range(21):
        await office.tell("Oost")
    person = await office.login("team", "Oost")
    for query in ("page=99", "page=99&q=wijk", "page=99&answer=feeling:glad"):
        _, page = await person.get(f"/coordinator/stories?{query}")
        assert "2 van 2" in page
        assert len(links(page, "/coordinator/story/")) == 1


async def test_a_list_says_where_what_and_whether_it_waits(office: Office) -> None:
    await office.team("Oost", "Deventer")
    await office.tell("Oost", text="Dat was zo. Ik kreeg de sleutel van de buurvrouw terug. Klaar.")
    await office.tell("West", reviewed=True)
    person = await office.login("association")
    _, page = await person.get("/coordinator/stories")
    assert "Oost (Deventer)" in page
    assert "West (Zwolle)" in page
    assert "Dat was zo. Ik kreeg de sleutel van de buurvrouw terug." in page
    assert page.count('class="tag new"') == 1
    _, page = await person.get("/coordinator/stories?q=klaar")
    assert ">Klaar.<" in page


@pytest.mark.parametrize("query", ["", "q=wijk", "answer=feeling:glad", "guide=resident&q=uur"])
async def test_next_and_previous_go_through_a_whole_selection_and_back(
    office: Office, query: str
) -> None:
    for number in range(4):
        await office.tell("Oost", week=f"2026-W{40 + number // 2}", reviewed=True)
    await office.tell(
        "Oost", guide="professional", text="Iets.", answers={"feeling": ["sad"]}, reviewed=True
    )
    person = await office.login("team", "Oost")
    _, page = await person.get(f"/coordinator/stories?{query}")
    order = links(page, "/coordinator/story/")
    assert len(order) == (4 if query else 5)
    seen, at = [], order[0]
    while True:
        seen.append(at)
        _, page = await person.get(at)
        onward = re.findall(r'href="([^"]+)" rel="next"', page)
        if not onward:
            break
        at = unescape(onward[0])
    assert seen == order
    while before := re.findall(r'href="([^"]+)" rel="prev"', page):
        seen.pop()
        assert unescape(before[0]) == seen[-1]
        _, page = await person.get(seen[-1])
    assert len(seen) == 1


async def test_every_answer_of_the_form_leads_to_the_stories_that_gave_it(office: Office) -> None:
    """Of a question with one answer, the answers to choose from and `niet beantwoord` add up to all
    stories; of one with several, each finds the stories whose row has it."""
    places = [(office.teams["Oost"].id, "zwolle")]

    def keep(connection: Transaction) -> None:
        for each in invent(library(), places, "2026-W46", stories=120):
            story_id, _ = stories.keep(connection, each.telling, consent(), each.week)
            for purpose in ("team", "network"):
                stories.record(connection, story_id, consent(purpose))

    await office.store.database.write(keep)
    who = await office.coordinator("association")
    rows = await office.store.database.read(lambda s: reading.answered(s, who, Filters()))
    assert len(rows) == 120
    said = FilterWords(library(), words("nl"), list(office.teams.values()))
    for key, question in said.asked.items():
        could = [row for row in rows if row.guide in question.guides]
        total = 0
        for value in values(question):
            filters = Filters(answers={key: value})
            found = await office.store.database.read(
                lambda s, filters=filters: reading.answered(s, who, filters)  # type: ignore[misc]
            )
            total += len(found)
            if question.shape in ("choice", "choices") and value != "unanswered":
                given = [question.given(row.guide, row.answers) for row in could]
                assert len(found) == sum(value in each for each in given)
            assert said.chips("/x", filters)[0].value == said.said(question, value)
        if question.shape != "choices":
            assert total == len(could), key
    person = await office.login("association")
    _, page = await person.get("/coordinator/stories")
    for _, some in said.answers():
        assert all(f'<option value="{value}">' in page for value, _ in some)
