"""Publishing on the workbench: the first version, later ones, going back and recalling."""

from __future__ import annotations

import csv
import html
import re
from collections import Counter
from io import BytesIO, StringIO
from typing import Any, get_args

import pytest
from openpyxl import load_workbook

from bot.authoring import publication_plan
from bot.coordinators.exports.story_file import FileRequest, StoryFiles, file_of
from bot.coordinators.phrases import words
from bot.meetings.qr import svg
from conversations.authoring.guide_changes import ChangeKind
from tests.coordinators.office import Office
from tests.coordinators.pages.workbench import HERE, make, publish, question, versions

RECALL = {"sure": "yes", "note": "Een fout"}


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
    assert page.index("Versie 1 staat open.") < page.index(link) < page.index("Wat je nu kunt doen")
    assert "Wat er verandert" not in page
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
    assert "staat ook op de knop" in page
    form = {"revision": "2", "after": "0", "note": "Toch"}
    assert (await person.post(f"{HERE}/{guide}/publish", form)).status == 400
    assert await versions(office, guide) == []


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
    changes = "Wat er verandert"
    assert changes not in (await person.get(f"{HERE}/{guide}/publish"))[1]
    before = html.escape(office.house.shelf.library.get(guide, "nl").title)
    head = {"revision": 1, "title": "Wat telde", "minutes": "7,5"}
    assert (await person.post(f"{HERE}/{guide}/head", head)).status == 303
    _, page = await person.get(f"{HERE}/{guide}/publish")
    assert f"De naam “{before}” wordt “Wat telde”." in page
    assert re.search(r"Beloofde minuten: eerst \d+(,\d)?, nu 7,5\.", page)
    said = words("nl")
    assert all(said.has(f"guides.change.{kind}") for kind in get_args(ChangeKind))
    assert changes in page
    assert "Nu staat versie 1 open." in page


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
        files = StoryFiles(office.store.database, office.house, office.clock)
        export = await files.gathered(FileRequest(None, "team", "csv"))
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


async def test_what_was_saved_meanwhile_is_looked_at_before_it_is_published(
    office: Office,
) -> None:
    """The note that was typed stays, and what stands in the way is said."""
    person = await office.login("association")
    guide = await make(person)
    assert (await person.post(f"{HERE}/{guide}/step", question(1))).status == 303
    form = {"revision": 1, "after": 0, "note": "Om te leren"}
    answer = await person.post(f"{HERE}/{guide}/publish", form)
    page = await answer.text()
    assert answer.status == 409
    assert "Er is intussen iets bewaard." in page
    assert ">Om te leren</textarea>" in page
    answer = await person.post(f"{HERE}/{guide}/publish", {**form, "revision": 2, "note": " "})
    assert (answer.status, "Schrijf op wat er anders is" in await answer.text()) == (400, True)
    assert not office.publisher.attempts
