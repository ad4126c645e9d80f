"""A guide goes to another organisation as one file, and what was not taken there is said."""

from __future__ import annotations

import html
import re
import tomllib
from io import BytesIO
from zipfile import ZipFile

from aiohttp import FormData

from bot.authoring.exchange.guide_bundle import GuideBundle, read_bundle, write_bundle
from bot.authoring.exchange.xlsform_reader import read_xlsform
from bot.authoring.guide_desk import shipped_texts
from conversations.guide.parsing import parse_guide
from conversations.guide.problem_texts import all_in_language
from storage.guides import drafts, team_overlays
from tests.coordinators.office import Office, Person
from tests.coordinators.pages.test_own_questions import GUIDE, THERE, form
from tests.coordinators.pages.workbench import HERE, make, question, saved


async def upload(person: Person, data: bytes, name: str = "g.zip") -> tuple[int, str]:
    _, page = await person.get("/coordinator/settings")
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    sent = FormData()
    sent.add_field("csrf", found[1])
    sent.add_field("file", data, filename=name)
    answer = await person.client.post(f"{HERE}/file", data=sent, allow_redirects=False)
    return answer.status, html.unescape(await answer.text())


async def test_translations_and_own_questions_travel_along_and_nothing_is_lost_unsaid(
    office: Office,
) -> None:
    person = await office.login("association")
    east, west = office.teams["Oost"].id, office.teams["West"].id
    for team in (east, west):
        assert (await person.post(THERE, form(team))).status == 303
    words = {"language": "en", "revision": 0, "text.start.say": "Will you join?"}
    assert (await person.post(f"{HERE}/{GUIDE}/translations", words)).status == 303
    data = await (await person.client.get(f"{HERE}/{GUIDE}/bundle")).read()
    bundle = read_bundle(data)
    assert set(bundle.overlays) == {"oost", "west"}
    assert b"Will you join?" in bundle.translations["en"]

    # elsewhere: another translation, no team West, nothing of team Oost
    again = {"language": "en", "revision": 1, "text.start.say": "Do you take part?"}
    assert (await person.post(f"{HERE}/{GUIDE}/translations", again)).status == 303
    await office.store.database.write(lambda c: c.execute(team_overlays.OVERLAY.delete()))
    await person.post(f"/coordinator/teams/{west}/rename", {"name": "Noord"})
    status, page = await upload(person, data)
    assert status == 200
    taken, _, left = page.partition("niet overgenomen")
    assert "Eigen vragen van Oost" in taken
    assert "West" in left
    assert "en: start.say" in left
    newest = await office.store.database.read(lambda s: drafts.newest_of(s, GUIDE))
    assert newest is not None
    assert newest.texts["en"]["start.say"]["text"] == "Do you take part?"
    made = await office.store.database.read(team_overlays.every_overlay)
    assert [each.team_id for each in made] == [east]


async def test_a_guide_goes_out_as_a_sheet_and_comes_in_the_same(office: Office) -> None:
    """Also one that was made here; and what has not the shape of a guide offers no sheet."""
    person = await office.login("association")
    made = await make(person)
    assert (await person.post(f"{HERE}/{made}/step", question(1))).status == 303
    before = await saved(office, made, 2)
    for guide in (GUIDE, made):
        there = f"{HERE}/{guide}/xlsform"
        assert there in (await person.get(f"{HERE}/{guide}"))[1]
        answer = await person.client.get(there)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{guide}.xlsx"'
        reading = read_xlsform(await answer.read())
        assert (reading.verdict, reading.problems) == ("fits", ())
    assert reading.data == tomllib.loads(before)
    spoilt = {"revision": 2, "text": before.replace('kind = "choice"', 'kind = "keuze"', 1)}
    assert (await person.post(f"{HERE}/{made}/text", spoilt)).status < 400
    assert there not in (await person.get(f"{HERE}/{made}"))[1]
    assert (await person.get(there))[0] == 404


async def test_a_text_that_is_no_guide_is_told_at_its_lines_as_its_check_does(
    office: Office,
) -> None:
    person = await office.login("association")
    text = shipped_texts()["resident"]
    broken = text.replace('label = "Trots" }', 'label = "Trots ', 1)
    untitled = text.replace("title =", "titel =", 1)
    for each in (broken, untitled):
        problems = parse_guide("resident.toml", each).problems
        assert problems
        status, page = await upload(person, each.encode(), "resident.toml")
        assert status == 400
        for problem in all_in_language(problems, "nl"):
            assert f"Regel {problem.line}: {problem.message} {problem.mend}".strip() in page
    bundle = await (await person.client.get(f"{HERE}/{GUIDE}/bundle")).read()
    with ZipFile(BytesIO(bundle)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    out = BytesIO()
    with ZipFile(out, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content + b" " if name == "guide.toml" else content)
    status, page = await upload(person, out.getvalue())
    assert (status, "onderweg veranderd of beschadigd" in page) == (400, True)
    assert await office.store.database.read(drafts.newest_of_all) == []


async def test_what_is_too_large_says_so(office: Office) -> None:
    """Nothing is cut off unsaid: a file, a text, a name."""
    person = await office.login("association")
    status, page = await upload(person, b"#" * 1_000_000 + b"\n", "g.toml")
    assert (status, "Er is niets veranderd" in page) in ((400, True), (413, True))
    text = "# " + "x" * 200_000
    answer = await person.post(f"{HERE}/{GUIDE}/text", {"revision": 0, "text": text})
    page = await answer.text()
    assert (answer.status, text in page, "tekens te lang" in page) == (400, True, True)
    name = "Naam " * 20
    answer = await person.post(f"{HERE}/new", {"title": name, "base": "resident"})
    page = await answer.text()
    assert (answer.status, name.strip() in page, "80 tekens" in page) == (400, True, True)
    head = {"revision": 0, "title": name, "minutes": "4"}
    assert (await person.post(f"{HERE}/{GUIDE}/head", head)).status == 400
    assert await office.store.database.read(drafts.newest_of_all) == []


async def test_what_is_no_guide_changes_nothing(office: Office) -> None:
    person = await office.login("association")
    for data, name in ((b"\x00\x01", "g.zip"), (b"hello", "g.toml"), (b"", "g.xlsx")):
        status, page = await upload(person, data, name)
        assert status == 400
        assert "Er is niets veranderd" in page
        assert "autofocus" not in page  # no keyboard of a phone over what is wrong
    assert "autofocus" in (await person.get(f"{HERE}/new"))[1]
    assert await office.store.database.read(drafts.newest_of_all) == []


async def test_what_is_broken_inside_a_file_is_told_with_its_name_its_line_and_the_mend(
    office: Office,
) -> None:
    """All translations that cannot be read at once; of own questions, what there is to mend."""
    person = await office.login("association")
    text = shipped_texts()[GUIDE]
    bad = {"en": b'msgid "x"\nmsgstr "y\n', "tr": b'\n\nmsgid "x"\nmsgid_plural "y"\n'}
    status, page = await upload(person, write_bundle(GuideBundle(GUIDE, text, bad)))
    assert status == 400
    assert "en.po, regel 2: In dit PO-bestand ontbreekt een aanhalingsteken." in page
    assert "tr.po, regel 4: Deze tekst heeft vormen voor enkelvoud en meervoud." in page
    assert await office.store.database.read(drafts.newest_of_all) == []
    own = {"a": 'guide = = "x"', "b": f'guide = "{GUIDE}"\nteam = "Oost"\noff = ["tell"]'}
    status, page = await upload(person, write_bundle(GuideBundle(GUIDE, text, {}, own)))
    assert status == 200
    assert "Regel 1: Wat achter de ‘=’ staat, kan ik niet lezen." in page
    assert "Regel 3: ‘tell’ kan niet weg. Haal het uit ‘off’" in page
