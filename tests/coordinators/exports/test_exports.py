"""Files keep to the consents, name what must go again, and are noted."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from sqlalchemy import insert

import bot.coordinators.exports as files_package
from bot.coordinators.exports.story_file import FileRequest, file_of
from bot.helper.tasks import InProcess
from storage.coordinators import audit
from storage.engine.transaction import Transaction
from storage.stories import moderation, stories, uses, withdrawals
from storage.stories.permissions import FilePurpose
from storage.stories.reading import Filters
from tests.coordinators.exports.made_files import export, files_of
from tests.coordinators.office import Office
from tests.storage.stores import NOW, WEEK, consent

SCHEMA = json.loads((Path(files_package.__path__[0]) / "stories.schema.json").read_text())


async def told(office: Office, purpose: FilePurpose) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(file_of(await export(office, purpose), "json"))
    jsonschema.validate(made, SCHEMA)
    return made


async def test_each_purpose_holds_what_its_tellers_agreed_to(office: Office) -> None:
    for rung in ("keep", "coordinator", "team", "network", "quote"):
        await office.tell("Oost", rung, name=rung)
    names = {
        purpose: {each["name"] for each in (await told(office, purpose))["stories"]}
        for purpose in ("team", "network", "quote")
    }
    assert names == {
        "team": {"coordinator", "team", "network", "quote"},
        "network": {"network", "quote"},
        "quote": set(),
    }


async def test_for_quotation_nothing_leaves_before_a_sentence_was_chosen(
    office: Office,
) -> None:
    """A yes of before stays recorded; what left in earlier files is to go."""
    vault, story_id = office.store.vault, await office.tell("Oost", "quote", reviewed=True)
    mark = vault.story_hash(story_id)

    def left(connection: Transaction) -> None:
        row = {"at": NOW, "coordinator_id": "operator", "action": "export", "team_id": ""}
        connection.execute(
            insert(audit.AUDIT), [{**row, "story_hash": mark, "detail": "quote json"}]
        )

    await office.store.database.write(left)
    made = await told(office, "quote")
    assert (made["stories"], made["withdrawn"]) == ([], [mark])
    assert "quote" in (await office.story(story_id)).purposes


SENTENCE, SECRET = "Zij bleef een uur.", "kwikstaart"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "narrafirma"])
async def test_for_quotation_the_sentence_leaves_and_nothing_else(
    office: Office, kind: str
) -> None:
    """In every kind of file, once a moderator looked; and each time that is a use."""
    ways: dict[str, Any] = {"name": SECRET, "text": f"Een {SECRET}.", "words": {"need": SECRET}}
    ids = [
        await office.tell("Oost", "quote", reviewed=seen, sentence=SENTENCE, **ways)
        for seen in (True, False)
    ]
    made = await export(office, "quote", kind)
    assert [each.story.id for each in made.stories] == ids[:1]
    body = file_of(made, kind, "resident")
    if kind == "narrafirma":
        body = zipfile.ZipFile(io.BytesIO(body)).read("stories.csv")
    elif kind == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
        body = str([[cell.value for cell in row] for row in sheet.iter_rows()]).encode()
    assert SENTENCE in body.decode()
    assert SECRET not in body.decode()
    uses_of = await office.store.database.read(lambda s: [uses.of_story(s, each) for each in ids])
    assert [[(use.kind, use.purpose) for use in each] for each in uses_of] == [
        [("quotation", "quote")],
        [],
    ]


async def test_a_file_for_quotation_has_its_stable_shape(office: Office) -> None:
    story_id = await office.tell("Oost", "quote", reviewed=True, sentence=SENTENCE)
    made = await told(office, "quote")
    [story] = made["stories"]
    assert (story["text"], story["name"], story["answers"]) == (SENTENCE, "", {})
    assert story["words"] == {}
    assert "de zin mee die de verteller daarvoor koos" in made["note"]
    assert "note" not in await told(office, "team")
    assert (await told(office, "team"))["stories"][0]["name"] == SENTENCE

    def change(connection: Transaction) -> None:
        stories.change_purpose(connection, story_id, consent("quote", "no"))

    await office.store.database.write(change)
    assert (await told(office, "quote"))["stories"] == []


async def test_a_search_in_a_file_for_quotation_finds_only_what_is_in_it(office: Office) -> None:
    await office.tell("Oost", "quote", reviewed=True, sentence=SENTENCE, text=f"{SECRET} bleef.")
    for words, count in ((SECRET, 0), ("bleef", 1)):
        made = await files_of(office).gathered(
            FileRequest(None, "quote", "json", Filters(words=words))
        )
        assert len(made.stories) == count


async def test_a_sentence_out_of_which_all_was_taken_is_quoted_no_more(office: Office) -> None:
    story_id = await office.tell("Oost", "quote", reviewed=True, sentence="Fatima")

    def cut(connection: Transaction) -> None:
        span = moderation.StorySpan("sentence", 0, 6)
        moderation.take_out(connection, story_id, [span])

    await office.store.database.write(cut)
    assert (await told(office, "quote"))["stories"] == []


async def test_a_held_story_does_not_leave(office: Office) -> None:
    story_id = await office.tell("Oost", "network")
    await office.store.database.write(lambda c: moderation.set_state(c, story_id, "held"))
    assert (await told(office, "network"))["stories"] == []


async def test_what_is_withdrawn_is_named_so_that_others_can_delete_it(office: Office) -> None:
    vault, log = office.store.vault, office.store.log
    gone, closed = await office.tell("Oost", "quote"), await office.tell("Oost", "quote")
    never = await office.tell("Oost", "team")
    first = {each["id"] for each in (await told(office, "network"))["stories"]}
    assert first == {vault.story_hash(gone), vault.story_hash(closed)}

    def change(connection: Transaction) -> None:
        for story_id in (gone, never):
            withdrawals.withdraw(connection, story_id, log, "2026-W47")
        stories.change_purpose(connection, closed, consent("network", "no"))

    await office.store.database.write(change)
    after = await told(office, "network")
    assert after["stories"] == []
    assert set(after["withdrawn"]) == first
    assert (await told(office, "team"))["withdrawn"] == []


async def test_the_same_story_has_the_same_mark_in_every_file(office: Office) -> None:
    story_id = await office.tell("Oost", "quote")
    once, again = await told(office, "network"), await told(office, "team")
    assert once["stories"][0]["id"] == again["stories"][0]["id"]
    assert story_id not in json.dumps(once)


async def test_every_story_that_leaves_is_in_the_log(office: Office) -> None:
    await office.tell("Oost", "quote")
    await export(office, "network", "csv")
    lines = await office.store.database.read(audit.entries)
    assert [(line.action, line.detail) for line in lines] == [("export", "network csv")]


async def test_the_page_gives_a_file_to_whom_it_belongs(office: Office) -> None:
    await office.tell("Oost", "quote")
    await office.tell("West", "quote")
    chief, east = await office.login("association"), await office.login("team", "Oost")
    reader = await office.login("reader", "Oost")
    form = {"purpose": "team", "format": "json", "guide": ""}
    assert (await chief.post("/coordinator/files", form)).status == 400
    assert (await reader.post("/coordinator/files", form)).status == 403
    answer = await east.post("/coordinator/files", form)
    assert answer.status == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    made = json.loads(await answer.read())
    assert {each["team"] for each in made["stories"]} == {office.teams["Oost"].id}
    answer = await chief.post("/coordinator/files", {**form, "purpose": "network"})
    assert len(json.loads(await answer.read())["stories"]) == 2
    for wrong in ({"format": "exe"}, {"guide": "nothing"}, {"format": "narrafirma"}):
        assert (await east.post("/coordinator/files", form | wrong)).status == 400
    answer = await east.post(
        "/coordinator/files", form | {"format": "narrafirma", "guide": "resident"}
    )
    names = zipfile.ZipFile(io.BytesIO(await answer.read())).namelist()
    assert names == ["form.csv", "stories.csv", "about.txt", "withdrawn.txt"]


async def test_the_page_says_how_many_stories_a_file_holds_also_after_one_was_taken_back(
    office: Office,
) -> None:
    ids = [await office.tell("Oost", "network") for _ in range(3)]
    east = await office.login("team", "Oost")

    async def said_and_made() -> tuple[int, int]:
        _, page = await east.get("/coordinator/files")
        said = re.search(r'value="network">[^<]*<span class="soft">(\d+)', page)
        answer = await east.post("/coordinator/files", {"purpose": "network", "format": "json"})
        assert said is not None
        return int(said[1]), len(json.loads(await answer.read())["stories"])

    assert await said_and_made() == (3, 3)

    def take_back(connection: Transaction) -> None:
        uses.take_back(connection, ids[0], uses.of_story(connection, ids[0]), NOW)

    await office.store.database.write(take_back)
    assert await said_and_made() == (2, 2)


async def test_a_large_file_is_noted_in_parts_and_stays_one_file(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.coordinators.exports.story_file.NOTED_AT_ONCE", 2)
    ids = [await office.tell("Oost", "network", reviewed=True) for _ in range(5)]
    made = await export(office, "network", "json")
    assert len(made.stories) == 5
    found = await office.store.database.read(lambda s: [uses.of_story(s, each) for each in ids])
    assert len({use.reference for each in found for use in each}) == 1
    assert [len(each) for each in found] == [1] * 5


class Meanwhile(InProcess):
    """Reads; then somebody withdraws a story, before anything is written down."""

    office: Office
    story_id = ""

    async def ask(self, *args: Any, **kwargs: Any) -> Any:
        made = await super().ask(*args, **kwargs)
        if story_id := self.story_id:
            self.story_id, store = "", self.office.store
            await store.database.write(lambda c: withdrawals.withdraw(c, story_id, store.log, WEEK))
        return made


async def test_what_is_withdrawn_while_a_file_is_written_down_does_not_leave(
    office: Office,
) -> None:
    helper = Meanwhile(office.store.database, office.house)
    helper.office, helper.story_id = office, await office.tell("Oost", "network", name="gone")
    await office.tell("Oost", "network", name="stays")
    wanted = FileRequest(None, "network", "json")
    made = json.loads((await files_of(office).made(helper, wanted)).body)
    assert [each["name"] for each in made["stories"]] == ["stays"]
    assert len(made["withdrawn"]) == 1
