"""The pages of figures: a file is looked at first, then stored, then stands beside stories."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import FormData

from tests.coordinators.office import Office, Person
from tests.sensemaking.figures.files import TEMPLATE, TYPED

HERE = "/coordinator/figures"


async def send(person: Person, text: str, **fields: str) -> tuple[int, str, str]:
    """Send a file; the status, the page, and where it leads."""
    _, page = await person.get(HERE)
    form = FormData()
    form.add_field("csrf", mark(page))
    form.add_field("file", text.encode(), filename="cijfers.csv", content_type="text/csv")
    for name, value in fields.items():
        form.add_field(name, value)
    async with person.client.post(HERE, data=form, allow_redirects=False) as answer:
        return answer.status, await answer.text(), answer.headers.get("Location", "")


def mark(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def held(page: str) -> dict[str, Any]:
    """The fields that the page of a preview carries along, as it would send them."""
    form = page[page.rindex('<form method="post" action="/coordinator/figures"') :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


async def test_a_file_is_shown_stored_and_stands_beside_the_stories(office: Office) -> None:
    await office.tell("Oost", "team", week="2023-W20")
    who = await office.login("team", "Oost")
    status, page, _ = await send(who, TEMPLATE + "Atlantis;2024;Eenzaam;4;%;;;GGD;;\n")
    assert status == 200
    assert "2 indicatoren, 1 gebied, 2023 tot en met 2024; 1 cel zonder waarde." in page
    assert "Regel 5:" in page
    assert "“Atlantis” kennen we niet als gebied" in page
    assert "geschat: tussen 42,1 en 47" in page
    _, kept = await who.get(HERE)
    assert "Er zijn nog geen cijfers." in kept
    answer = await who.post(HERE, {**held(page), "act": "store"})
    assert answer.status == 303
    _, done = await who.get(answer.headers["Location"])
    assert "Nieuw: 3. Veranderd: 0." in done
    _, home = await who.get("/coordinator")
    assert "Zwolle: cijfers naast verhalen" in home
    assert "GGD" in home
    _, patterns = await who.get("/coordinator/patterns")
    assert "Zwolle: cijfers naast verhalen" in patterns
    assert "geschat: tussen 42,1 en 47" in patterns
    abroad = await office.login("association")
    assert "cijfers naast verhalen" not in (await abroad.get("/coordinator/patterns"))[1]
    _, of_team = await abroad.get(f"/coordinator/patterns?team={office.teams['West'].id}")
    assert "Zwolle: cijfers naast verhalen" in of_team
    _, area = await who.get(f"{HERE}/area/GM0193")
    assert '<th scope="row">2023</th><td>niet van toepassing (leeg)</td><td>1</td>' in area
    changed = TEMPLATE.replace("1.234", "1.240")
    _, page, _ = await send(who, changed)
    assert "was 1.234 meldingen, wordt 1.240 meldingen" in page


async def test_a_team_stores_and_sees_its_own_municipality_only(office: Office) -> None:
    who, all_of_it = await office.login("team", "Oost"), await office.login("association")
    _, page, _ = await send(who, TYPED)
    assert "1 andere gebieden: je kunt alleen cijfers van je eigen gemeente bewaren." in page
    await who.post(HERE, {**held(page), "act": "store"})
    _, page, _ = await send(all_of_it, TYPED)
    assert "Purmerend (GM0439) werd op 1 januari 2022 groter: Beemster kwam erbij." in page
    assert "Nieuw: 4. Veranderd: 0. Hetzelfde als eerder: 4." in page
    await all_of_it.post(HERE, {**held(page), "act": "store"})
    _, home = await who.get(HERE)
    indicator = re.findall(rf'href="({HERE}/\w{{32}})"', home)[0]
    for person, sees in ((who, False), (all_of_it, True)):
        _, page = await person.get(indicator)
        assert ("Purmerend" in page) is sees
        assert (await person.post(f"{indicator}/remove")).status == (200 if sees else 404)
    assert (await who.get(f"{HERE}/area/GM0439"))[0] == 404
    assert (await all_of_it.post(f"{indicator}/remove", {"sure": "yes"})).status == 303
    assert (await who.get(indicator))[0] == 404


async def test_what_is_not_said_is_asked_on_the_page(office: Office) -> None:
    who = await office.login("association")
    _, page, _ = await send(who, "gemeente;inwoners (aantal)\nZwolle;130.000\n")
    assert "Over welk jaar of welke periode gaat dit bestand?" in page
    answer = await who.post(HERE, {**held(page), "period": "2024"})
    page = await answer.text()
    assert "130.000" in page
    assert "Bron: Eigen bestand." in page
    named = {**held(page), "source": "Gemeente Zwolle"}
    page = await (await who.post(HERE, named)).text()
    assert "Bron: Gemeente Zwolle." in page
    answer = await who.post(HERE, {**held(page), "act": "store"})
    assert answer.status == 303


async def test_nonsense_is_told_and_nothing_is_stored(office: Office) -> None:
    who = await office.login("association")
    for text in ("", "<html>", "\0" * 40, "a;b\n"):
        status, page, _ = await send(who, text, act="store")
        assert status == 400, text
        assert 'role="alert"' in page
    for packed in ("%%", "AAAA", "eNo="):
        answer = await who.post(HERE, {"held": packed, "act": "store"})
        assert answer.status == 400
    assert "Er zijn nog geen cijfers." in (await who.get(HERE))[1]


async def test_a_name_of_an_indicator_is_no_markup(office: Office) -> None:
    who = await office.login("association")
    _, page, _ = await send(who, "gemeente;jaar;<script>x</script> (score)\nZwolle;2024;7,1\n")
    assert "<script>x" not in page
    await who.post(HERE, {**held(page), "act": "store"})
    for path in (HERE, f"{HERE}/area/GM0193"):
        assert "<script>x" not in (await who.get(path))[1]
