"""The workbench of guides over HTTP: from a new one to a published one, without script."""

from __future__ import annotations

import csv
import html
import re
from collections import Counter
from functools import partial
from io import BytesIO, StringIO
from typing import Any, get_args

import pytest
from aiohttp import FormData
from openpyxl import load_workbook
from sqlalchemy import Connection, text

from bot.authoring import publication_plan
from bot.authoring.exchange.xlsform_reader import read_xlsform
from bot.authoring.guide_desk import shipped_texts
from bot.coordinators.pages.exports import file_of, gathered
from bot.coordinators.phrases import words
from bot.meetings.qr import svg
from conversations.authoring.guide_changes import ChangeKind
from conversations.authoring.guide_text import GuideText
from conversations.authoring.step_form import NEW_KINDS
from storage.guides import drafts, guide_publications
from storage.guides.guide_publications import Publication
from tests.authoring.exchange.sheets import CHOICES, SURVEY, workbook
from tests.coordinators.office import Office, Person

HERE = "/coordinator/guides"
RECALL = {"sure": "yes", "note": "Een fout"}


async def make(person: Person, title: str = "Wat hielp", base: str = "professional") -> str:
    """A new guide; its id."""
    answer = await person.post(f"{HERE}/new", {"title": title, "base": base})
    assert answer.status == 303
    return answer.headers["Location"].rsplit("/", 1)[1]


def question(
    revision: int, say: str = "Wat hielp het meest?", **more: object
) -> list[tuple[str, object]]:
    """The form of a new question."""
    labels = ("Iemand die luisterde", "Geld", "Tijd", "")
    return [
        ("revision", revision), ("after", "feeling"), ("shown", "yes"), ("kind", "choice"),
        ("say", say), ("short", "Hielp"), ("skip", "yes"),
        *(pair for label in labels for pair in (("option_id", ""), ("option_label", label))),
        *more.items(),
    ]  # fmt: skip


async def versions(office: Office, guide: str) -> list[Publication]:
    return await office.store.database.read(lambda s: guide_publications.of_guide(s, guide))


async def saved(office: Office, guide: str, revision: int) -> str:
    """The text of a save."""
    read = partial(drafts.at_revision, guide=guide, revision=revision)
    found = await office.store.database.read(read)
    assert found is not None
    return found.text


async def publish(office: Office, person: Person, guide: str, **more: str) -> None:
    """With the form that the page shows."""
    _, page = await person.get(f"{HERE}/{guide}/publish")
    form = dict(re.findall(r'name="(revision|after)" value="(\d+)"', page))
    answer = await person.post(f"{HERE}/{guide}/publish", {**form, "note": "Eerste", **more})
    assert answer.status == 303, await answer.text()
    await office.publisher.finished()
    assert office.publisher.attempts[guide].state == "published"


async def test_from_a_new_guide_to_a_published_one(office: Office) -> None:
    person = await office.login("association")
    guide = await make(person)
    assert guide == "wat_hielp"
    answer = await person.post(f"{HERE}/{guide}/step", question(1))
    assert answer.status == 303
    assert answer.headers["Location"].endswith("#step-hielp")
    _, page = await person.get(f"{HERE}/{guide}")
    assert "Wat hielp het meest?" in page
    assert "De woorden en de wegen kloppen" in page
    assert not office.house.shelf.may_begin(guide)
    await publish(office, person, guide)
    assert [each.number for each in await versions(office, guide)] == [1]
    assert office.house.shelf.may_begin(guide)
    told = office.house.shelf.today(guide, "nl")
    assert [option.label for option in told.steps["hielp"].options] == [
        "Iemand die luisterde",
        "Geld",
        "Tijd",
    ]


async def test_who_published_finds_the_link_that_begins_it(office: Office) -> None:
    person = await office.login("association")
    guide = await make(person)
    link = f"{office.house.settings.public_url}/t/{guide}"
    pages = [f"{HERE}/{guide}{part}" for part in ("", "/publish", "/versions")]
    assert not [each for each in pages[:2] if link in (await person.get(each))[1]]
    await publish(office, person, guide)
    for each in pages:
        _, page = await person.get(each)
        assert f'href="{link}"' in page, each
        assert svg(link) in page, each
    _, page = await person.get(pages[1])
    assert page.index("Versie 1 staat open.") < page.index(link) < page.index("Wat er verandert")
    await person.post(f"{HERE}/{guide}/versions/1/recall", RECALL)
    assert not [each for each in pages if link in (await person.get(each))[1]]
    _, page = await person.get(f"{HERE}/professional")
    assert "/t/professional" in page
    _, page = await person.get(f"{HERE}/follow_up")  # its link is in a letter
    assert "/t/follow_up" not in page


async def test_a_guide_that_is_not_right_is_not_published(office: Office) -> None:
    person = await office.login("association")
    guide = await make(person)
    await person.post(f"{HERE}/{guide}/step", question(1, "Wat denk je?", option_label="Geld"))
    _, page = await person.get(f"{HERE}/{guide}")
    assert "is ook het label van" in page
    form = {"revision": "2", "after": "0", "note": "Toch"}
    assert (await person.post(f"{HERE}/{guide}/publish", form)).status == 400
    assert await versions(office, guide) == []


async def test_two_people_save_and_nothing_is_lost(office: Office) -> None:
    one, two = await office.login("association"), await office.login("association")
    guide = await make(one)
    assert (await one.post(f"{HERE}/{guide}/step", question(1))).status == 303
    answer = await two.post(f"{HERE}/{guide}/step", question(1, "Wie hielp er?"))
    page = await answer.text()
    assert answer.status == 409
    assert "Wie hielp er?" in page
    assert "Wat hielp het meest?" in page
    newest = await office.store.database.read(lambda s: drafts.newest_of(s, guide))
    assert newest is not None
    assert newest.revision == 2
    assert "Wie hielp er?" not in newest.text


async def bring(person: Person, name: str, data: bytes) -> tuple[int, str]:
    """Send a file of a guide; what is answered."""
    form = FormData()
    form.add_field("csrf", (await csrf_of(person)))
    form.add_field("file", data, filename=name)
    async with person.client.post(f"{HERE}/file", data=form) as answer:
        return answer.status, html.unescape(await answer.text())


async def csrf_of(person: Person) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', (await person.get(f"{HERE}/new"))[1])
    assert found is not None
    return found[1]


async def test_a_file_covers_a_draft_only_for_who_was_told_of_it(office: Office) -> None:
    """Whose draft it is, is said; the file is kept; who saw an older save is asked again."""
    eva = await office.login("association", name="Eva de Vries")
    bob = await office.login("association", name="Bob")
    guide = await make(eva)
    first = await saved(office, guide, 1)
    file = first.replace("Wat hielp", "Van elders").encode()
    status, page = await bring(bob, "elders.toml", file)
    assert (status, "Eva de Vries bewaarde" in page, "‘Wat hielp’" in page) == (409, True, True)
    assert await drafts_of(office, guide) == 1
    asked = dict(re.findall(r'name="(held|revision)" value="([^"]+)"', page))
    await eva.post(f"{HERE}/{guide}/text", {"revision": 1, "text": first + "# nog iets\n"})
    again = await bob.post(f"{HERE}/file", {**asked, "act": "replace"})
    assert (again.status, await drafts_of(office, guide)) == (409, 2)
    asked = dict(re.findall(r'name="(held|revision)" value="([^"]+)"', await again.text()))
    done = await bob.post(f"{HERE}/file", {**asked, "act": "replace"})
    assert (done.status, "Overgenomen" in await done.text()) == (200, True)
    assert await saved(office, guide, 3) == file.decode()
    assert await saved(office, guide, 2) == first + "# nog iets\n"
    assert (await bring(bob, "elders.toml", file))[0] == 200  # the same again covers nothing


async def test_a_sheet_says_what_is_wrong_with_it_and_what_does_not_fit(office: Office) -> None:
    """As the command does, with sheet and row; the same sentence once."""
    person = await office.login("association")
    rows = [["select_one jn", "hulp", "Kreeg je hulp?"], ["kies_een jn", "meer", "En meer?"]]
    data = workbook((SURVEY[:3], *rows), CHOICES)
    errors = [each for each in read_xlsform(data).problems if each.severity == "error"]
    assert errors
    status, page = await bring(person, "form.xlsx", data)
    assert status == 400
    for each in errors:
        assert f"Blad {each.sheet}, rij {each.row}:</strong> {each.message('nl')}" in page
    rows = [*rows[:1], ["barcode", "code", "Code"], ["barcode", "code2", "Code"]]
    data = workbook((SURVEY[:3], *rows), CHOICES, (("form_id",), ("van_elders",)))
    status, page = await bring(person, "form.xlsx", data)
    assert (status, "survey:" in page, "Alles is overgenomen" in page) == (200, False, False)
    problems = read_xlsform(data).problems
    assert {each.severity for each in problems} == {"warning", "info"}
    assert {page.count(each.message("nl")) for each in problems} == {1}


async def drafts_of(office: Office, guide: str) -> int:
    """How many saves there are."""
    return len(await office.store.database.read(lambda s: drafts.saves(s, guide)))


async def test_every_save_can_be_gone_back_to(office: Office) -> None:
    person = await office.login("association")
    guide = await make(person)
    await person.post(f"{HERE}/{guide}/step", question(1))
    await person.post(f"{HERE}/{guide}/move", {"revision": 2, "step": "hielp", "by": "up"})
    await person.post(f"{HERE}/{guide}/remove", {"revision": 3, "step": "hielp"})
    for to, revision in ((2, 4), (1, 5), (3, 6)):
        await person.post(f"{HERE}/{guide}/undo", {"revision": revision, "to": to})
        assert await saved(office, guide, revision + 1) == await saved(office, guide, to)


async def test_going_back_is_a_new_version_and_recalling_one_lets_nobody_begin_it(
    office: Office,
) -> None:
    person = await office.login("association")
    guide = await make(person)
    await publish(office, person, guide)
    await person.post(f"{HERE}/{guide}/step", question(1))
    await publish(office, person, guide)
    await person.post(f"{HERE}/{guide}/versions/1/back")
    found = await versions(office, guide)
    assert [each.number for each in found] == [3, 2, 1]
    assert found[0].fingerprint == found[2].fingerprint
    ask = await person.post(f"{HERE}/{guide}/versions/3/recall")
    assert ask.status == 200
    assert office.house.shelf.published[guide].number == 3
    for number in (3, 2, 1):
        await person.post(f"{HERE}/{guide}/versions/{number}/recall", RECALL)
    assert not office.house.shelf.may_begin(guide)
    assert guide in office.house.shelf.library.ids  # its stories can still be read


async def test_what_is_open_is_said_as_it_is(office: Office) -> None:
    """After a publication, after going back, after a recall, and when nothing is left."""
    person = await office.login("association")
    guide = await make(person)

    async def said() -> list[str]:
        _, page = await person.get(f"{HERE}/{guide}/publish")
        return re.findall(r"Nu staat [^<]*open\.|Versie \d+ staat open\.|Niemand kan nu[^<]*", page)

    none = ["Niemand kan nu met deze vragenlijst beginnen."]
    assert await said() == none
    await publish(office, person, guide)
    assert await said() == ["Versie 1 staat open."]
    await person.post(f"{HERE}/{guide}/versions/1/back")
    assert await said() == ["Nu staat versie 2 open."]
    await person.post(f"{HERE}/{guide}/versions/2/recall", RECALL)
    assert await said() == ["Nu staat versie 1 open."]
    await person.post(f"{HERE}/{guide}/versions/1/recall", RECALL)
    assert await said() == none
    _, page = await person.get(f"{HERE}/{guide}/publish")
    assert "Alle eerdere versies zijn ingetrokken." in page
    assert "Dit is de eerste versie" not in page


async def test_another_name_and_other_minutes_are_named(office: Office) -> None:
    person = await office.login("association")
    guide = await make(person)
    await publish(office, person, guide)
    same = "Er is niets veranderd"
    assert same in (await person.get(f"{HERE}/{guide}/publish"))[1]
    before = html.escape(office.house.shelf.library.get(guide, "nl").title)
    head = {"revision": 1, "title": "Wat telde", "minutes": "7,5"}
    assert (await person.post(f"{HERE}/{guide}/head", head)).status == 303
    _, page = await person.get(f"{HERE}/{guide}/publish")
    assert f"De naam “{before}” wordt “Wat telde”." in page
    assert re.search(r"Beloofde minuten: eerst \d+(,\d)?, nu 7,5\.", page)
    said = words("nl")
    assert all(said.has(f"guides.change.{kind}") for kind in get_args(ChangeKind))
    assert same not in page


async def test_a_recall_says_what_opens_and_wants_a_reason(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await office.login("association")
    guide = await make(person)
    await publish(office, person, guide)
    await person.post(f"{HERE}/{guide}/versions/1/back")

    async def asked(number: int, **form: str) -> tuple[int, str]:
        answer = await person.post(f"{HERE}/{guide}/versions/{number}/recall", form)
        return answer.status, await answer.text()

    assert "Versie 2 blijft open." in (await asked(1))[1]
    status, page = await asked(2)
    assert (status, "Daarna staat versie 1 weer open." in page) == (200, True)
    monkeypatch.setattr(publication_plan, "running", lambda *_: Counter(begun=3))
    finish = "Zij maken hun gesprek af"
    assert finish in (await person.get(f"{HERE}/{guide}/publish"))[1]
    for _, page in (await asked(2), await person.get(f"{HERE}/{guide}/versions")):
        assert "mensen zijn er nu mee bezig." in page
        assert finish not in page  # who has a version that is recalled, hears of it
    status, page = await asked(2, sure="yes", note="  ")
    assert (status, "Schrijf op waarom." in page) == (400, True)
    assert office.house.shelf.published[guide].number == 2
    assert (await asked(2, **RECALL))[0] == 303
    assert "Daarna kan niemand met deze vragenlijst beginnen." in (await asked(1))[1]


async def test_a_step_is_shown_as_each_channel_sends_it(office: Office) -> None:
    person = await office.login("association")
    guide = await make(person)
    await person.post(f"{HERE}/{guide}/step", question(1))
    _, page = await person.get(f"{HERE}/{guide}/step?step=hielp")
    for name in ("web", "telegram", "whatsapp"):
        part = page.split(f'id="preview-{name}"')[1].split("</article>")[0]
        assert "Iemand die luisterde" in part
    assert "Meer dan 3 knoppen: dit wordt een lijst." in html.unescape(part)
    _, page = await person.get(f"{HERE}/{guide}/step?after=hielp")
    assert 'class="preview"' not in page


async def test_what_has_one_mend_is_mended_by_a_button(office: Office) -> None:
    person = await office.login("association")
    guide = await make(person)
    await person.post(f"{HERE}/{guide}/step", question(1))
    text = await saved(office, guide, 2)
    broken = text.replace('short = "Hielp"', 'short = "Hielp"\nkleur = "rood"')
    await person.post(f"{HERE}/{guide}/text", {"revision": 2, "text": broken})
    _, page = await person.get(f"{HERE}/{guide}")
    form = page.split(f'action="{HERE}/{guide}/mend"')[1].split("</form>")[0]
    assert "Haal ‘kleur’ weg" in html.unescape(form)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    answer = await person.post(f"{HERE}/{guide}/mend", fields)
    assert answer.status == 303
    assert "kleur" not in await saved(office, guide, 4)
    _, page = await person.get(f"{HERE}/{guide}")
    assert "De woorden en de wegen kloppen" in page
    again = await person.post(f"{HERE}/{guide}/mend", {**fields, "revision": 4})
    assert again.status == 404


async def rows(office: Office) -> Counter[str]:
    """How many rows each table has."""

    def count(connection: Connection) -> Counter[str]:
        names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        return Counter(
            {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in names}
        )

    return await office.store.database.write(count)


async def test_no_way_leads_from_a_rehearsal_to_the_store(office: Office) -> None:
    person = await office.login("association")
    guide = await make(person)
    page = await (await person.post(f"{HERE}/{guide}/try", {})).text()
    token = re.findall(r"/proef/([0-9a-f]{32})", page)[0]
    before = await rows(office)
    tester = await office.browser()
    status, page = await tester.get(f"/proef/{token}")
    assert status == 200
    assert "Dit is een proef" in page
    path = re.findall(r'data-rehearsal="([^"]+)"', page)[0]
    origin = str(tester.client.make_url("/")).rstrip("/")
    said: list[dict[str, object]] = []
    async with tester.client.ws_connect(f"{path}/ws", headers={"Origin": origin}) as socket:
        await socket.send_json({"t": "hello", "after": 0, "page": "p"})
        for place in range(200):
            frame = await socket.receive_json(timeout=5)
            if frame.get("t") == "row" and frame.get("op") == "say":
                said.append(frame)
            if frame.get("kept"):
                break
            if frame.get("t") != "row" or frame.get("op") != "say" or not frame["turn"]:
                continue
            buttons = [each["id"] for each in frame["buttons"]]
            kind = (frame["control"] or {}).get("kind")
            if kind == "tell" and "done" not in buttons:
                story = "De buren hielpen, en de gemeente hoorde ervan."
                event: dict[str, Any] = {"t": "say", "text": story}
            else:
                wanted = ("confirm", "o:ok", "o:yes", "done", "picked", "skip")
                tap = next((each for each in wanted if each in buttons), buttons[0])
                event = {"t": "tap", "turn": frame["turn"], "button": tap, "seen": 5000}
            await socket.send_json({**event, "id": f"m{place}"})
    assert said[-1]["kept"], [each["text"] for each in said]
    assert "dit is maar een proef" in str(said[-1]["text"])
    assert await rows(office) == before


async def test_the_link_of_a_rehearsal_lasts_a_day(office: Office) -> None:
    person = await office.login("association")
    guide = await make(person)
    page = await (await person.post(f"{HERE}/{guide}/try", {})).text()
    token = re.findall(r"/proef/([0-9a-f]{32})", page)[0]
    office.clock.move(hours=23)
    assert (await person.get(f"/proef/{token}"))[0] == 200
    office.clock.move(hours=2)
    assert (await person.get(f"/proef/{token}"))[0] == 404


async def test_what_a_later_version_does_not_ask_keeps_its_column_in_files(office: Office) -> None:
    person = await office.login("association")
    guide = await make(person)
    await person.post(f"{HERE}/{guide}/step", question(1))
    await publish(office, person, guide)
    fingerprint = office.house.shelf.library.fingerprint(guide)
    for answer in ("iemand_die_luisterde", "geld"):
        words: dict[str, Any] = {"guide": guide, "fingerprint": fingerprint}
        await office.tell("Oost", "network", answers={"hielp": [answer]}, **words)
    less = [each for each in question(2, step="hielp") if not each[0].startswith("option_")]
    for option, label in (("iemand_die_luisterde", "Iemand die luisterde"), ("tijd", "Tijd")):
        less += [("option_id", option), ("option_label", label)]
    await person.post(f"{HERE}/{guide}/step", less)
    await publish(office, person, guide)
    asked = office.house.shelf.today(guide, "nl").steps["hielp"]
    assert [option.id for option in asked.options] == ["iemand_die_luisterde", "tijd"]
    await person.post(f"{HERE}/{guide}/remove", {"revision": 3, "step": "hielp"})
    await publish(office, person, guide)
    assert "hielp" not in office.house.shelf.today(guide, "nl").steps
    for _ in range(2):
        export = await gathered(
            office.store.database, office.house, office.clock, None, "team", "csv"
        )
        table = list(csv.reader(StringIO(file_of(export, "csv").decode("utf-8-sig"))))
        place = table[0].index(next(each for each in table[0] if "hielp" in each))
        assert sorted(row[place] for row in table[1:]) == ["Geld", "Iemand die luisterde"]
        sheet = load_workbook(BytesIO(file_of(export, "xlsx"))).worksheets[0]
        cells = [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        assert any("Geld" in row for row in cells)
        for number in (1, 2, 3):  # and when nobody begins the guide any more
            await person.post(f"{HERE}/{guide}/versions/{number}/recall", RECALL)


async def test_a_question_that_people_would_answer_otherwise_is_another_question(
    office: Office,
) -> None:
    person = await office.login("association")
    guide = await make(person)
    await person.post(f"{HERE}/{guide}/step", question(1))
    await publish(office, person, guide)
    asked = question(2, "Wie hielp het meest?", step="hielp")
    changed = [each for each in asked if not each[0].startswith("option_")]
    changed += [("option_id", "iemand_die_luisterde"), ("option_label", "Iemand die hoorde")]
    changed += [("option_id", "geld"), ("option_label", "Geld")]
    await person.post(f"{HERE}/{guide}/step", changed)
    _, page = await person.get(f"{HERE}/{guide}/publish")
    assert 'name="other.hielp"' in page
    assert 'name="other.hielp.iemand_die_luisterde"' in page
    await publish(office, person, guide, **{"other.hielp": "yes"})
    steps = office.house.shelf.today(guide, "nl").steps
    assert "hielp" not in steps
    assert steps["hielp_2"].say == "Wie hielp het meest?"
    assert steps["hielp_2"].options[0].id == "iemand_die_luisterde"  # mended words keep their id


async def test_what_is_typed_is_checked_at_its_step(office: Office) -> None:
    person = await office.login("association")
    guide = await make(person)
    form = question(
        1, "Dit is een zin die met heel veel woorden nooit meer lijkt op te houden, toch?"
    )
    answer = await person.post(f"{HERE}/check?guide={guide}", form)
    found = (await answer.json())["problems"]
    assert [each["code"] for each in found] == ["long-sentence"]
    answer = await person.post(f"{HERE}/check?guide={guide}", {"text": "geen [ toml"})
    assert [each["code"] for each in (await answer.json())["problems"]] == ["unreadable"]
    newest = await office.store.database.read(lambda s: drafts.newest_of(s, guide))
    assert newest is not None
    assert newest.revision == 1


async def test_every_step_of_every_guide_has_a_form(office: Office) -> None:
    person = await office.login("association")
    for guide in ("professional", "resident", "follow_up"):
        written = shipped_texts()[guide]
        data = GuideText.read(written).data["step"]
        for step in data:
            status, page = await person.get(f"{HERE}/{guide}/step?step={step['id']}")
            assert status == 200, step["id"]
            assert html.escape(step["say"].splitlines()[-1], quote=False)[:20] in page
        for kind in NEW_KINDS:
            assert (await person.get(f"{HERE}/{guide}/step?after=tell&kind={kind}"))[0] == 200
