"""Saves of a draft: two people at once, who saved what, and a draft that is put away."""

from __future__ import annotations

import html
import re
from typing import Any

from conversations.authoring.guide_text import GuideText
from storage.guides import drafts
from storage.guides.drafts import SavedGuide
from tests.coordinators.office import Office, Person
from tests.coordinators.pages.workbench import HERE, make, publish, question


async def newest(office: Office, guide: str) -> SavedGuide:
    found = await office.store.database.read(lambda s: drafts.newest_of(s, guide))
    assert found is not None
    return found


async def data(office: Office, guide: str) -> dict[str, Any]:
    """The steps of the draft as it is now."""
    read = GuideText.read((await newest(office, guide)).text)
    return {block.id: dict(block.data) for block in read.steps}


async def reword(
    person: Person, guide: str, revision: int, say: str, step: str = "hielp", **labels: str
) -> tuple[int, str]:
    """Change the words of a question with four answers, as its form does."""
    form = [each for each in question(revision, say, step=step) if each[0][:6] != "option"]
    known = {"iemand_die_luisterde": "Iemand die luisterde", "geld": "Geld", "tijd": "Tijd"}
    for item, label in {**known, **labels}.items():
        form += [("option_id", item), ("option_label", label)]
    answer = await person.post(f"{HERE}/{guide}/step", form)
    return answer.status, html.unescape(await answer.text())


def fields(page: str) -> dict[str, str]:
    """What the form of a page carries, and no choice of anybody."""
    found = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    (text,) = re.findall(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return {**found, "text": text}


async def two_at_work(office: Office) -> tuple[Person, Person, str]:
    one = await office.login("association", name="Ans")
    two = await office.login("association", name="Bob")
    guide = await make(one)
    assert (await one.post(f"{HERE}/{guide}/step", question(1))).status == 303
    return one, two, guide


async def test_changes_of_different_steps_go_together_by_themselves(office: Office) -> None:
    one, two, guide = await two_at_work(office)
    assert (await reword(one, guide, 2, "Wat hielp je het meest?"))[0] == 303
    form = [(k, "Erbij" if k == "short" else v) for k, v in question(2, "Wie was erbij?")]
    answer = await two.post(f"{HERE}/{guide}/step", form)
    assert (answer.status, "saved=both" in answer.headers["Location"]) == (303, True)
    _, page = await two.get(answer.headers["Location"])
    assert "Wat jullie allebei deden, staat er nu in." in page
    steps = await data(office, guide)
    assert steps["hielp"]["say"] == "Wat hielp je het meest?"
    assert steps["erbij"]["say"] == "Wie was erbij?"


async def test_answers_of_one_question_go_together_too(office: Office) -> None:
    one, two, guide = await two_at_work(office)
    say = "Wat hielp het meest?"
    assert (await reword(one, guide, 2, say, geld="Genoeg geld"))[0] == 303
    assert (await reword(two, guide, 2, "Wat hielp echt?", tijd="Alle tijd"))[0] == 303
    hielp = (await data(office, guide))["hielp"]
    assert hielp["say"] == "Wat hielp echt?"
    labels = [each["label"] for each in hielp["options"]]
    assert labels == ["Iemand die luisterde", "Genoeg geld", "Alle tijd"]


async def test_what_both_changed_is_asked_in_their_words_and_nothing_is_lost(
    office: Office,
) -> None:
    one, two, guide = await two_at_work(office)
    assert (await reword(one, guide, 2, "Wat hielp je?", geld="Genoeg geld"))[0] == 303
    status, page = await reword(two, guide, 2, "Wie hielp je?", tijd="Alle tijd")
    assert status == 409
    assert "Ans bewaarde om" in page
    shown = re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)
    assert "[[step]]" not in shown  # the words of an author, not of a file
    assert "<mark>Wie</mark> hielp je?" in shown
    assert "<mark>Wat</mark> hielp je?" in shown
    assert shown.count('class="clash"') == 1
    before = await newest(office, guide)
    assert (before.revision, "Wie hielp" in before.text) == (3, False)
    # a third one saves meanwhile: what was chosen counts, and only what is new is asked
    assert (await reword(one, guide, 3, "Wat hielp je?", tijd="Tijd genoeg", geld="Genoeg geld"))[
        0
    ] == 303
    chosen = {**fields(page), "side.hielp/say": "mine"}
    answer = await two.post(f"{HERE}/{guide}/merge", chosen)
    page = html.unescape(await answer.text())
    assert answer.status == 409
    assert "Antwoord “" in page
    asked = set(re.findall(r'name="(side\.[^"]+)"', page))
    assert "side.hielp/option.tijd.label" in asked
    done = {**fields(page), "side.hielp/option.tijd.label": "theirs", "side.hielp/say": "mine"}
    answer = await two.post(f"{HERE}/{guide}/merge", done)
    assert answer.status == 303
    hielp = (await data(office, guide))["hielp"]
    assert hielp["say"] == "Wie hielp je?"
    labels = [each["label"] for each in hielp["options"]]
    assert labels == ["Iemand die luisterde", "Genoeg geld", "Tijd genoeg"]


async def test_a_text_that_has_no_steps_yet_stands_beside_the_other_one(office: Office) -> None:
    """What cannot be told apart in steps is chosen as a whole; nothing of it is lost."""
    one, two, guide = await two_at_work(office)
    assert (await reword(one, guide, 2, "Wat hielp je?"))[0] == 303
    typed = "Eerst eens nadenken [ over de vragen"
    answer = await two.post(f"{HERE}/{guide}/text", {"revision": 2, "text": typed})
    page = html.unescape(await answer.text())
    assert (answer.status, typed in page, "Wat hielp je?" in page) == (409, True, True)
    assert "Ans bewaarde om" in page
    assert "Wat hielp je?" in (await newest(office, guide)).text


async def test_the_list_of_saves_says_who_when_and_what(office: Office) -> None:
    one, two, guide = await two_at_work(office)
    await reword(two, guide, 2, "Wat hielp je?", geld="Genoeg geld")
    await one.post(f"{HERE}/{guide}/head", {"revision": 3, "title": "Anders", "minutes": "4"})
    words = {"language": "en", "revision": 4, "text.hielp.say": "What helped?"}
    assert (await two.post(f"{HERE}/{guide}/translations", words)).status == 303
    await one.post(f"{HERE}/{guide}/remove", {"revision": 5, "step": "hielp"})
    _, page = await one.get(f"{HERE}/{guide}/saves")
    rows = [re.sub(r"<[^>]+>|\s+", " ", each) for each in html.unescape(page).split("<strong>")[1:]]
    wanted = (
        ("Ans", "Weggehaald: “Wat hielp je?”"),
        ("Bob", "Engels: 1 zin vertaald of gelezen"),
        ("Ans", "Andere naam"),
        ("Bob", "Gewijzigd: “Wat hielp je?” (woorden, antwoorden)"),
        ("Ans", "Nieuw: “Wat hielp het meest?”"),
        ("Ans", "Begonnen"),
    )
    for row, (who, what) in zip(rows, wanted, strict=True):
        assert who in row
        assert what in row
        assert re.search(r"\d+ \w+ 2026 \d\d:\d\d", row)
    answer = await one.post(f"{HERE}/{guide}/undo", {"revision": 5, "to": 2})
    assert (answer.status, "Iemand anders bewaarde net" in await answer.text()) == (409, True)
    answer = await one.post(f"{HERE}/{guide}/undo", {"revision": 6, "to": 2})
    assert answer.status == 303
    assert (await data(office, guide))["hielp"]["say"] == "Wat hielp het meest?"


async def test_many_saves_are_read_a_page_at_a_time(office: Office) -> None:
    person = await office.login("association")
    guide = await make(person)
    for revision in range(1, 30):
        head = {"revision": revision, "title": f"Naam {revision}", "minutes": "4"}
        assert (await person.post(f"{HERE}/{guide}/head", head)).status == 303
    _, page = await person.get(f"{HERE}/{guide}/saves")
    (older,) = re.findall(r'href="([^"]+\?before=\d+)"', page)
    _, rest = await person.get(older)
    numbers = [int(each) for each in re.findall(r"<strong>Concept (\d+)", page + rest)]
    assert numbers == [*range(30, 0, -1)]
    assert "Begonnen" in rest


async def test_a_draft_is_put_away_once_it_was_asked_and_is_taken_back(office: Office) -> None:
    one, two, guide = await two_at_work(office)
    away = f"{HERE}/{guide}/away"
    answer = await one.post(away, {})
    page = await answer.text()
    assert (answer.status, "wegleggen?" in page, "Ans bewaarde" in page) == (200, True, True)
    assert (await one.post(away, {"sure": "yes", "revision": 1})).status == 409  # an older one
    assert (await one.post(away, {"sure": "yes", "revision": 2})).status == 303
    assert (await two.get(f"{HERE}/{guide}"))[0] == 404
    _, page = await two.get(f"{HERE}?away={guide}")
    assert "is weggelegd" in page
    assert f'href="{HERE}/{guide}"' not in page
    back = dict(re.findall(r'name="(revision|to)" value="(\d+)"', page))
    assert (await two.post(f"{HERE}/{guide}/undo", back)).status == 303
    status, page = await two.get(f"{HERE}/{guide}")
    assert (status, "Wat hielp het meest?" in page) == (200, True)


async def test_what_was_typed_while_a_draft_was_put_away_is_there_again(office: Office) -> None:
    one, two, guide = await two_at_work(office)
    await one.post(f"{HERE}/{guide}/away", {"sure": "yes", "revision": 2})
    assert (await reword(two, guide, 2, "Wie hielp je?"))[0] == 303
    assert (await data(office, guide))["hielp"]["say"] == "Wie hielp je?"


async def test_what_is_open_stays_open_when_its_draft_is_put_away(office: Office) -> None:
    one, _, guide = await two_at_work(office)
    await publish(office, one, guide)
    await reword(one, guide, 2, "Wie hielp je?")
    page = await (await one.post(f"{HERE}/{guide}/away", {})).text()
    assert "Wat nu open staat, blijft open." in page
    await one.post(f"{HERE}/{guide}/away", {"sure": "yes", "revision": 3})
    assert office.house.shelf.may_begin(guide)
    _, page = await one.get(f"{HERE}/{guide}")
    assert "Wat hielp het meest?" in page
    assert (await reword(one, guide, 0, "Wat hielp echt?"))[0] == 303  # and a new draft begins
    assert (await newest(office, guide)).revision == 5
