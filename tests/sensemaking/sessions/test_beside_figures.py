"""Where figures and answers contradict each other, the session asks what would make both true."""

from __future__ import annotations

from tests.coordinators.office import Office
from tests.coordinators.test_sessions import HERE, QUESTION, key_of
from tests.sensemaking.figures.files import TEMPLATE
from tests.sensemaking.figures.test_contradictions import fill, state
from tests.sensemaking.figures.test_pages import HERE as FIGURES
from tests.sensemaking.figures.test_pages import held, send
from tests.sensemaking.sessions.test_packs import text_of


async def test_a_contradiction_lies_beside_the_cards_and_in_the_pack(office: Office) -> None:
    await fill(office, 5, against=True, reviewed=True)
    person = await office.login("association")
    form = {"question": await key_of(person, QUESTION), "sits": "network", "weeks": "0"}
    path = (await person.post(HERE, form)).headers["Location"]
    assert "Wat zou beide waar maken?" not in (await person.get(path))[1]
    await state(person)
    assert "Wat zou beide waar maken?" in (await person.get(path))[1]
    answer = await person.post(f"{path}/pack.pdf")
    assert answer.status == 200, await answer.text()
    assert "Wat zou beide waar maken?" in "\n".join(text_of(await answer.read()))


async def test_figures_of_the_municipality_stand_on_the_page_of_a_session(office: Office) -> None:
    await office.tell("Oost", answers={QUESTION: 40}, reviewed=True)
    person = await office.login("team", "Oost")
    _, page, _ = await send(person, TEMPLATE)
    await person.post(FIGURES, {**held(page), "act": "store"})
    form = {"question": await key_of(person, QUESTION), "sits": "team", "weeks": "0"}
    path = (await person.post(HERE, form)).headers["Location"]
    _, page = await person.get(path)
    assert "Zwolle: cijfers naast verhalen" in page
    assert "geschat: tussen 42,1 en 47" in page
    assert "GGD" in page


async def test_a_session_keeps_the_figures_that_it_was_prepared_with(office: Office) -> None:
    await office.tell("Oost", answers={QUESTION: 40}, reviewed=True)
    person = await office.login("team", "Oost")

    async def bring(file: str) -> None:
        _, page, _ = await send(person, file)
        assert (await person.post(FIGURES, {**held(page), "act": "store"})).status == 303

    await bring(TEMPLATE)
    form = {"question": await key_of(person, QUESTION), "sits": "team", "weeks": "0"}
    path = (await person.post(HERE, form)).headers["Location"]
    assert "zijn veranderd" not in (await person.get(path))[1]
    office.clock.move(minutes=1)
    await bring(TEMPLATE.replace("42,1", "41,3"))
    _, page = await person.get(path)
    assert "Deze cijfers zijn veranderd" in page
    assert "geschat: tussen 42,1 en 47" in page
    other = (await person.post(HERE, form)).headers["Location"]
    _, page = await person.get(other)
    assert "geschat: tussen 41,3 en 47" in page
    assert "zijn veranderd" not in page
