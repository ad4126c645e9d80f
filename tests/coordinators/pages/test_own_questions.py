"""Own questions of a team: on a page, for that team alone, and told apart in files and patterns."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import WSServerHandshakeError

from bot.coordinators.exports.story_file import FileRequest, StoryFiles, file_of
from conversations.authoring.overlay import Overlay, OwnQuestion, read_overlay
from conversations.authoring.overlay_form import overlay_from, write_overlay
from conversations.guide.model import Guide
from storage.engine.transaction import Transaction
from storage.guides import team_overlays
from tests.coordinators.office import Office, Person
from tests.coordinators.pages.workbench import HERE

GUIDE = "follow_up"
THERE = f"{HERE}/{GUIDE}/overlay"


def form(
    team: str, revision: int = 0, more: Mapping[str, object] | None = None
) -> list[tuple[str, object]]:
    """One own question, filled in."""
    fields: dict[str, object] = {
        "team": team, "revision": revision, "q0.say": "Moest je lang wachten?",
        "q0.short": "Wachten", "q0.after": "feeling", "q0.kind": "choice", **(more or {}),
    }  # fmt: skip
    labels = [("q0.option_id", ""), ("q0.option", "Ja"), ("q0.option_id", ""), ("q0.option", "Nee")]
    return [*fields.items(), *labels]


async def heard(office: Office, team: str, language: str = "nl") -> Guide:
    shelf = office.house.shelf

    def ask(connection: Transaction) -> Guide:
        return shelf.for_team(connection, GUIDE, language, team)

    return await office.store.database.write(ask)


async def overlay(office: Office, team: str) -> Overlay:
    found = await office.store.database.read(lambda s: team_overlays.of_team(s, team, GUIDE))
    assert found is not None
    return read_overlay(found.source)


async def send(person: Person, filled: list[tuple[str, object]]) -> tuple[int, str]:
    answer = await person.post(THERE, filled)
    return answer.status, html.unescape(await answer.text())


async def test_who_tells_for_the_team_hears_what_it_added_and_files_say_so(office: Office) -> None:
    east, west = office.teams["Oost"], office.teams["West"]
    person = await office.login("team", "Oost")
    _, page = await person.get(THERE)
    assert "Eigen vragen van Oost" in page
    status, _ = await send(person, form(east.id, more={"off": "factor"}))
    assert status == 303
    told, other = await heard(office, east.id), await heard(office, west.id)
    (own,) = [step for step in told.steps.values() if step.id.startswith("own_")]
    assert own.say == "Moest je lang wachten?"
    assert "factor" not in told.steps
    assert list(other.steps) == list(office.house.shelf.today(GUIDE, "nl").steps)

    answers = {own.id: ["ja"], "feeling": ["glad"]}
    more: dict[str, Any] = {
        "guide": GUIDE,
        "answers": answers,
        "fingerprint": told.fingerprint,
    }
    await office.tell("Oost", "network", reviewed=True, **more)
    await office.tell("West", "network", reviewed=True, guide=GUIDE)
    made = await StoryFiles(office.store.database, office.house, office.clock).gathered(
        FileRequest(None, "network", "csv")
    )
    text = file_of(made, "csv").decode("utf-8-sig")
    rows = {row["team"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    (column,) = [name for name in text.splitlines()[0].split(",") if "own_" in name]
    said = {team: (row["overlay"], row[column]) for team, row in rows.items()}
    assert said == {"Oost (Zwolle)": ("Oost (Zwolle)", "Ja"), "West (Zwolle)": ("", "")}
    reader = await office.login("association")
    _, page = await reader.get("/coordinator/patterns")
    assert "Wachten (eigen vraag van Oost)" in page
    row = page.rsplit("Wachten (eigen vraag van Oost)", 1)[1].split("</tr>")[0]
    assert ">1<" in row  # answered by one
    assert "<td>0</td>" in row  # who was not asked did not pass it over


@pytest.mark.parametrize(
    "wrong",
    [
        {"off": "consent_keep"},
        {"off": "tell"},
        {"q0.after": "start"},
        {"q0.after": "consent_keep"},
        {"q0.short": ""},
        {"q0.say": ""},
        {"q0.kind": "consent"},
        {"q0.kind": "choices", "q0.max": "inf"},
        {"q0.kind": "choices", "q0.max": "0"},
        {"q0.kind": "scale"},
        {"q0.say": "Eén twee drie vier vijf zes zeven acht negen tien elf twaalf dertien "
                   "veertien vijftien zestien?"},
    ],
)  # fmt: skip
async def test_what_weakens_a_guide_or_is_not_plain_is_refused_and_what_was_typed_stays(
    office: Office, wrong: dict[str, str]
) -> None:
    person = await office.login("association")
    team = office.teams["Oost"].id
    status, page = await send(person, form(team, more=wrong))
    assert status == 400
    assert 'class="problem"' in page
    assert str(dict(form(team, more=wrong))["q0.say"]) in page
    assert 'value="Nee"' in page or wrong.get("q0.kind") in ("scale", "consent")
    assert not (await heard(office, team)).overlay


async def test_a_team_changes_only_its_own_and_two_never_overwrite_each_other(
    office: Office,
) -> None:
    east, west = office.teams["Oost"].id, office.teams["West"].id
    one, two = await office.login("team", "Oost"), await office.login("association")
    assert (await send(one, form(west)))[0] == 404
    assert (await send(one, form(east)))[0] == 303
    status, page = await send(two, form(east, more={"q0.say": "Hoe lang wachtte je?"}))
    assert status == 409
    assert "Moest je lang wachten?" in page
    assert "Hoe lang wachtte je?" in page
    late = {"q0.say": f"Wachtte je {'heel ' * 16}lang?"}
    status, page = await send(two, form(east, more=late))
    assert status == 400
    assert 'name="revision" value="0"' in page  # mended, it is still older than what is there
    before = await overlay(office, east)
    own = before.questions[0].step["id"]
    again = form(east, 1, {"q0.id": own, "q0.say": "Wachtte je?", f"same.{own}": "yes"})
    assert (await send(two, again))[0] == 303
    after = await overlay(office, east)
    assert after.questions[0].step["id"] == before.questions[0].step["id"]


async def test_a_team_tries_its_own_questions_and_no_other_team_can(office: Office) -> None:
    team = office.teams["Oost"].id
    person, other = await office.login("team", "Oost"), await office.login("team", "West")
    phone = f"{THERE}/phone/{team}"
    assert (await person.get(f"{phone}/-"))[0] == 404  # nothing to try yet
    assert (await send(person, form(team)))[0] == 303
    _, page = await person.get(THERE)
    (own,) = (each.step["id"] for each in (await overlay(office, team)).questions)
    assert f'href="{phone}/-"' in page
    assert f'href="{phone}/{own}"' in page
    assert (await other.get(f"{phone}/-"))[0] == 404
    status, page = await person.get(f"{phone}/{own}")
    assert (status, "Dit is een proef" in page) == (200, True)
    (path,) = re.findall(r'data-rehearsal="([^"]+)"', page)
    headers = {"Origin": str(person.client.make_url("/")).rstrip("/")}
    with pytest.raises(WSServerHandshakeError):
        await other.client.ws_connect(f"{path}/ws", headers=headers)
    async with person.client.ws_connect(f"{path}/ws", headers=headers) as socket:
        await socket.send_json({"t": "hello", "after": 0, "page": "p"})
        await socket.send_json({"t": "command", "name": "begin", "id": "m1"})
        frame: dict[str, Any] = {}
        while frame.get("text") != "Moest je lang wachten?":
            frame = await socket.receive_json(timeout=30)
        assert [each["label"] for each in frame["buttons"]][:2] == ["Ja", "Nee"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"q0.say": ""}, "Bij Vraag 1 ontbreekt wat Vertelbot vraagt."),
        ({"q0.short": ""}, "Bij ‘Moest je lang wachten?’ ontbreekt hoe het op de kaart heet."),
        ({"q0.kind": "date"}, "is een soort gekozen die hier niet kan"),
        ({"q0.kind": "choices", "q0.max": "inf"}, "is het aantal antwoorden geen getal"),
        ({"q0.kind": "scale"}, "heeft twee woorden nodig, een aan elk uiteinde"),
    ],
)
async def test_what_is_missing_is_named_with_its_question(
    office: Office, wrong: dict[str, str], said: str
) -> None:
    person = await office.login("association")
    status, page = await send(person, form(office.teams["Oost"].id, more=wrong))
    assert (status, said in page) == (400, True)


async def changed(
    office: Office, person: Person, more: Mapping[str, object], yes: str = "Ja"
) -> tuple[int, str]:
    """The form of the question that was saved, with other words in it."""
    team = office.teams["Oost"].id
    saved = await overlay(office, team)
    revision = await office.store.database.read(lambda s: team_overlays.of_team(s, team, GUIDE))
    assert revision is not None
    filled = form(team, revision.revision, {"q0.id": saved.questions[0].step["id"], **more})
    filled = [each for each in filled if "option" not in each[0]]
    for item, label in (("ja", yes), ("nee", "Nee")):
        filled += [("q0.option_id", item), ("q0.option", label)]
    return await send(person, filled)


async def test_whether_it_is_still_the_same_question_is_asked(office: Office) -> None:
    """Mended words keep their id; a question that people would answer otherwise gets its own."""
    person, team = await office.login("association"), office.teams["Oost"].id
    assert (await send(person, form(team)))[0] == 303
    own = (await overlay(office, team)).questions[0].step["id"]
    assert (await changed(office, person, {"q0.say": "Moest je lang wachten ?"}))[0] == 303
    say = "Hoe lang wachtte je?"
    status, page = await changed(office, person, {"q0.say": say})
    assert (status, f'name="same.{own}"' in page, say in page) == (400, True, True)
    assert (await changed(office, person, {"q0.say": say, f"same.{own}": "yes"}))[0] == 303
    assert (await overlay(office, team)).questions[0].step["id"] == own
    other = {"q0.say": "Wie wachtte er?", f"same.{own}": "no"}
    assert (await changed(office, person, other))[0] == 303
    (made,) = (await overlay(office, team)).questions
    assert made.step["say"] == "Wie wachtte er?"
    assert made.step["id"] != own
    assert made.step["id"].startswith("own_")
    own = made.step["id"]
    status, page = await changed(office, person, {"q0.say": "Wie wachtte er?"}, yes="Soms")
    assert (status, f'name="same.{own}.ja"' in page) == (400, True)
    answer = {"q0.say": "Wie wachtte er?", f"same.{own}.ja": "no"}
    assert (await changed(office, person, answer, yes="Soms"))[0] == 303
    (made,) = (await overlay(office, team)).questions
    assert made.step["id"] == own
    assert [each["label"] for each in made.step["options"]] == ["Soms", "Nee"]
    assert made.step["options"][0]["id"] != "ja"
    # asked in another way, it is another question anyway
    assert (await changed(office, person, {"q0.say": "Wie wachtte er?", "q0.kind": "text"}))[
        0
    ] == 303
    assert (await overlay(office, team)).questions[0].step["id"] != own


async def test_own_questions_are_tried_before_they_are_saved(office: Office) -> None:
    person, other = await office.login("team", "Oost"), await office.login("association")
    team = office.teams["Oost"].id
    answer = await person.post(THERE, form(team, more={"act": "try"}))
    assert answer.status == 303
    there = answer.headers["Location"]
    status, page = await person.get(there)
    assert (status, "Dit is een proef" in page) == (200, True)
    assert (await other.get(there))[0] == 404
    (path,) = re.findall(r'data-rehearsal="([^"]+)"', page)
    headers = {"Origin": str(person.client.make_url("/")).rstrip("/")}
    async with person.client.ws_connect(f"{path}/ws", headers=headers) as socket:
        await socket.send_json({"t": "hello", "after": 0, "page": "p"})
        assert (await socket.receive_json(timeout=5))["t"] == "hello"
    assert not (await heard(office, team)).overlay
    assert await office.store.database.read(team_overlays.every_overlay) == []
    wrong = form(team, more={"act": "try", "q0.short": ""})
    assert (await send(person, wrong))[0] == 400


async def test_what_is_not_translated_is_asked_in_dutch_with_a_mark(office: Office) -> None:
    person, team = await office.login("association"), office.teams["Oost"].id
    await send(person, form(team))
    languages = [each for each in office.house.shelf.library.languages(GUIDE) if each != "nl"]
    mark = office.house.shelf.shipped.phrases("en").get("in_dutch")
    assert languages == ["en"]
    (own,) = [s for s in (await heard(office, team, "en")).steps.values() if "own_" in s.id]
    assert own.say == f"Moest je lang wachten?\n\n{mark}"


def test_a_form_of_any_overlay_is_that_overlay_again() -> None:
    step: dict[str, Any] = {
        "id": "own_wait_1", "kind": "choice", "say": 'Zei "zij" iets?', "short": "Zei",
        "options": [{"id": "ja", "label": "Ja"}, {"id": "nee", "label": "Nee"}],
    }  # fmt: skip
    scale = {
        "id": "own_far_1", "kind": "scale", "say": "Hoe ver\nwas het?", "short": "Ver",
        "poles": [{"id": "near", "label": "Dichtbij"}, {"id": "far", "label": "Ver"}],
    }  # fmt: skip
    words = {"en": {"say": "Did “they” say it?", "option.ja": "Yes"}}
    made = Overlay(GUIDE, "oost", ("factor",), (
        OwnQuestion("feeling", step, words), OwnQuestion("feeling", scale, {}),
    ))  # fmt: skip
    assert read_overlay(write_overlay(made)) == made
    filled: dict[str, list[str]] = {"off": ["factor"]}
    for n, each in enumerate(made.questions):
        for key in ("id", "kind", "say", "short"):
            filled[f"q{n}.{key}"] = [each.step[key]]
        filled[f"q{n}.after"] = [each.after]
        for name in ("option", "pole"):
            items = each.step.get(f"{name}s", [])
            filled[f"q{n}.{name}_id"] = [item["id"] for item in items]
            filled[f"q{n}.{name}"] = [item["label"] for item in items]
        for language, said in each.texts.items():
            filled |= {f"q{n}.text.{language}.{key}": [text] for key, text in said.items()}
    assert overlay_from(filled, GUIDE, "oost", made) == made
