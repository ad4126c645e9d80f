"""Writing on the workbench of guides over HTTP, without script: steps, saves, files, rehearsals."""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import Any

from aiohttp import FormData
from sqlalchemy import text

from bot.authoring import guide_desk
from bot.authoring.exchange.xlsform_reader import read_xlsform
from bot.authoring.guide_desk import shipped_texts
from conversations.authoring.guide_text import GuideText
from conversations.authoring.step_form import NEW_KINDS, step_from
from storage.engine.transaction import Transaction
from storage.guides import drafts
from tests.authoring.exchange.sheets import CHOICES, SURVEY, workbook
from tests.coordinators.office import Office, Person
from tests.coordinators.pages.workbench import HERE, FilledForm, make, question, saved


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

    def count(connection: Transaction) -> Counter[str]:
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
            frame = await socket.receive_json(timeout=30)
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


async def test_a_save_is_checked_once_however_often_it_is_looked_at(office: Office) -> None:
    person = await office.login("association")
    guide = await make(person)
    guide_desk._checked.cache_clear()
    assert (await person.get(f"{HERE}/{guide}"))[0] == 200
    checks = guide_desk._checked.cache_info().misses
    for page in ("", "/publish"):
        assert (await person.get(f"{HERE}/{guide}{page}"))[0] == 200
    assert guide_desk._checked.cache_info().misses == checks
    await person.post(f"{HERE}/{guide}/step", question(1))
    await person.get(f"{HERE}/{guide}")
    assert guide_desk._checked.cache_info().misses == checks + 1


async def test_every_step_of_every_guide_has_a_form(office: Office, torture: bool) -> None:
    """One of each kind with the same fields; with `--torture` every step."""
    person = await office.login("association")
    seen: set[frozenset[str]] = set()
    for guide in ("professional", "resident", "follow_up"):
        written = shipped_texts()[guide]
        data = GuideText.read(written).data["step"]
        for step in data:
            fields = frozenset({f"kind: {step['kind']}", *step})
            if fields in seen and not torture:
                continue
            seen.add(fields)
            status, page = await person.get(f"{HERE}/{guide}/step?step={step['id']}")
            assert status == 200, step["id"]
            assert html.escape(step["say"].splitlines()[-1], quote=False)[:20] in page
            form: dict[str, list[str]] = {}
            for name, value in FilledForm(page).fields:
                form.setdefault(name, []).append(value)
            assert step_from(form, step, ()) == step
    for kind in NEW_KINDS:
        assert (await person.get(f"{HERE}/{guide}/step?after=tell&kind={kind}"))[0] == 200


async def test_the_list_says_where_a_conversation_goes_on_and_the_form_sets_it(
    office: Office,
) -> None:
    person = await office.login("association")
    guide = await make(person)
    await person.post(f"{HERE}/{guide}/step", question(1))
    _, page = await person.get(f"{HERE}/{guide}/step?step=hielp")
    fields = FilledForm(page).fields
    assert ">Gevoel<" not in page  # not earlier than itself, nor by its id
    way = {
        "other_say": "Wat deed je goed?",
        "when": "feeling = glad",
        "goto": "consent_keep",
        "skip_goto": "review",
    }
    await person.post(
        f"{HERE}/{guide}/step", [(name, way.get(name, value)) for name, value in fields]
    )
    step = GuideText.read(await saved(office, guide, 3)).step("hielp")
    assert step is not None
    assert (step["when"], step["goto"]) == ("feeling = glad", "consent_keep")
    assert (step["skip"], step["other_say"]) == ({"goto": "review"}, "Wat deed je goed?")
    _, page = await person.get(f"{HERE}/{guide}")
    row = html.unescape(page.split('id="step-hielp"')[1].split('class="guide-step"')[0])
    assert "Alleen als: ‘Gevoel’ is ‘Blij’" in row
    assert re.search(r'verder bij <a href="#step-consent_keep">\d+\. Toestemming', row)
    assert re.search(r'Sla over|verder bij <a href="#step-review">\d+\. De kaart', row)
