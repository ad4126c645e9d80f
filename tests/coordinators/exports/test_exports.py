"""Files keep to the consents, name what must go again, and never run in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from sqlalchemy import insert

import bot.coordinators.exports as files_package
from bot.coordinators.exports.export import StoryExport
from bot.coordinators.exports.narrafirma import ImportFiles, as_narrafirma
from bot.coordinators.exports.short_names import SHORT_MAX, short_names
from bot.coordinators.exports.story_file import FileRequest, StoryFiles, file_of
from bot.coordinators.exports.tables import harmless
from bot.coordinators.questions import CLOSED, questions
from bot.demo.invented import invent
from storage.coordinators import audit
from storage.engine.transaction import Transaction
from storage.stories import moderation, stories, uses
from storage.stories.exports import Exported
from storage.stories.permissions import FilePurpose
from storage.stories.reading import Filters
from storage.stories.stories import Story
from tests.coordinators.exports.narrafirma_importer import problems, together
from tests.coordinators.office import Office, library
from tests.storage.stores import NOW, consent

SCHEMA = json.loads((Path(files_package.__path__[0]) / "stories.schema.json").read_text())
FORMULAS = (
    "=1+1",
    "=HYPERLINK(\"http://evil.example\",\"klik\")",
    "+31 6 1234",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=cmd|' /C calc'!A0",
    " =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\ufeff=1+1",
)  # fmt: skip


def files_of(office: Office) -> StoryFiles:
    return StoryFiles(office.store.database, office.house, office.clock)


async def export(office: Office, purpose: FilePurpose = "team", kind: str = "json") -> StoryExport:
    return await files_of(office).gathered(FileRequest(None, purpose, kind))


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
            stories.withdraw(connection, story_id, log, "2026-W47")
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


@pytest.mark.parametrize("evil", FORMULAS)
async def test_no_text_becomes_a_formula(office: Office, evil: str) -> None:
    await office.tell("Oost", "quote", name=evil, text=evil, words={"need": evil})
    made = await export(office, "network", "csv")
    rows = list(csv.reader(io.StringIO(file_of(made, "csv").decode("utf-8-sig"), newline="")))
    for cell in rows[1]:
        bare = cell.lstrip(" \u00a0\ufeff")
        assert not bare.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    book = openpyxl.load_workbook(io.BytesIO(file_of(made, "xlsx")))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type in ("s", "n", "inlineStr") for cell in row)
            assert all(cell.hyperlink is None for cell in row)


@pytest.mark.parametrize("evil", FORMULAS)
async def test_no_piece_becomes_a_formula_where_semicolons_part_cells(
    office: Office, evil: str
) -> None:
    """A Dutch spreadsheet opens a file with commas as lines that it cuts at semicolons; there a
    quotation mark in the middle of a line holds nothing together."""
    text = f"Eerst dit;{evil}\n{evil}\r\n  {evil};{evil}"
    await office.tell("Oost", "quote", name=text, text=text, words={"need": text})
    made = file_of(await export(office, "network", "csv"), "csv").decode("utf-8-sig")
    pieces = [piece for line in made.splitlines() for piece in line.split(";")]
    assert len(pieces) > 10
    for piece in pieces:
        assert not piece.lstrip(" \u00a0\ufeff").startswith(
            ("=", "+", "-", "@", "＝", "＋", "－", "＠")
        )


def test_ordinary_texts_stay_as_they_are() -> None:
    for text in ("Een verhaal", "1 = 2", "naar @huis", "'s avonds", "", "thee; koffie\nen taart"):
        assert harmless(text) == text


async def test_a_text_that_does_not_fit_in_a_cell_says_so(office: Office) -> None:
    await office.tell("Oost", "quote", text="w" * 40_000)
    made = await export(office, "network")
    book = openpyxl.load_workbook(io.BytesIO(file_of(made, "xlsx")))
    heads = [cell.value for cell in book["Verhalen"][1]]
    shown = str(book["Verhalen"].cell(2, heads.index("text") + 1).value)
    assert len(shown) == 32_767
    assert shown.endswith("De hele tekst staat in CSV en JSON.]")
    assert b"w" * 40_000 in file_of(made, "csv")


async def test_a_workbook_explains_its_columns_and_carries_a_stamp(office: Office) -> None:
    await office.tell("Oost", "quote")
    book = openpyxl.load_workbook(io.BytesIO(file_of(await export(office, "network"), "xlsx")))
    assert book.sheetnames == ["Verhalen", "Kolommen", "Ingetrokken", "Over dit bestand"]
    heads = [cell.value for cell in book["Verhalen"][1]]
    explained = [row[0].value for row in book["Kolommen"].iter_rows(min_row=2)]
    assert explained == heads
    stamp = {row[0].value: row[1].value for row in book["Over dit bestand"].iter_rows(min_row=2)}
    assert stamp["Bedoeld voor"] == "leergroepen, andere teams en de associatie"


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


def cells(made: StoryExport) -> list[dict[str, str]]:
    text = file_of(made, "csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_tables_call_teams_and_guides_by_name_with_the_ids_beside(office: Office) -> None:
    await office.tell("Oost")
    team = office.teams["Oost"]
    made = await export(office, "network", "csv")
    (row,) = cells(made)
    assert (row["team"], row["team_id"]) == ("Oost (Zwolle)", team.id)
    assert row["guide"] == library().get("resident", "nl").title
    assert row["guide_id"] == "resident"


def test_every_answer_stands_in_the_words_of_its_own_guide(office: Office) -> None:
    """In CSV and XLSX, of every guide; no column holds an id, and no answer is lost."""
    made = invented(office)
    for story, row in zip(made.stories, cells(made), strict=True):
        told = story.story.telling
        guide = library().get(told.guide, "nl")
        for step_id, answer in told.answers.items():
            step = guide.steps[step_id]
            question = made.questions.of(told.guide, step_id)
            assert question is not None
            if step.kind == "triad" and isinstance(answer, list):
                shares = [row[f"{question.name}.{pole.id}"] for pole in step.poles]
                assert shares == [str(share) for share in answer]
            elif isinstance(answer, int):
                assert row[question.name] == str(answer)
            else:
                labels = {option.id: option.label for option in step.options}
                other = guide.phrases.get("button.other")
                said = "; ".join(labels.get(str(each), other) for each in answer)
                assert row[question.name] == said
        for step_id, typed in told.words.items():
            question = made.questions.of(told.guide, step_id)
            assert question is not None
            assert row[f"{question.name}.words"] == harmless(typed)
    book = openpyxl.load_workbook(io.BytesIO(file_of(made, "xlsx")))
    explained = {row[0].value: row[1:] for row in book["Kolommen"].iter_rows(min_row=2)}
    for question in made.questions.values():
        if question.shape in ("choice", "choices"):
            about, answers = (str(cell.value) for cell in explained[question.name])
            assert about.startswith(question.asks)
            assert library().get(question.guides[0], "nl").title in about
            assert answers == "; ".join(label for _, label in question.answers)
    assert "{" not in str([[cell.value for cell in row] for row in explained.values()])


def test_an_answer_that_no_version_knows_stands_under_the_rest(office: Office) -> None:
    made = invented(office, 30)
    told = next(s.story.telling for s in made.stories if s.story.telling.guide == "resident")
    told.answers["need"] = ["of_long_ago"]
    rows = [row for row in cells(made) if row["resident.need"].startswith("overig")]
    assert [row["resident.need"] for row in rows] == ["overig (of_long_ago)"]


# -- NarraFirma


def invented(office: Office, count: int = 150) -> StoryExport:
    teams = [("zwolle-oost", "zwolle"), ("zwolle-west", "zwolle")]
    made = [
        Exported(f"{n:016x}", Story(f"{n:032x}", each.week, each.telling, ("keep", "network")))
        for n, each in enumerate(invent(library(), teams, "2026-W46", stories=count))
    ]
    return StoryExport(made, (), "network", NOW, office.house)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("guide", library().ids)
def test_the_files_of_every_guide_fall_into_no_trap(
    office: Office, guide: str, language: str
) -> None:
    made = invented(office)
    spoken = library().get(guide, language)
    assert problems(as_narrafirma(made, spoken)) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_all_guides_together_are_one_project_without_a_lost_answer(
    office: Office, language: str
) -> None:
    made = replace(invented(office, 300), language=language)
    guides = [library().get(name, language) for name in library().ids]
    project = [as_narrafirma(made, guide) for guide in guides]
    for order in (project, project[::-1]):
        assert together(order) == []


def test_what_is_asked_differently_in_one_project_is_found(office: Office) -> None:
    made = invented(office, 300)
    guides = [library().get(name, "nl") for name in ("professional", "resident")]
    files = [as_narrafirma(made, guide) for guide in guides]
    theirs = files[1].form.decode().replace("Nodig (inwoner)", "Nodig")
    assert theirs != files[1].form.decode()
    found = together([files[0], ImportFiles(theirs.encode(), files[1].stories)])
    assert "Nodig: this short name means two questions in one project" in found
    ours = files[0].form.decode().replace("practical|", "pract|")
    found = together([ImportFiles(ours.encode(), files[0].stories)])
    assert any("is lost" in problem for problem in found)


def test_short_names_are_whole_and_each_of_one_question() -> None:
    """In both languages; also where a label is long, or another guide took the name."""
    for language in ("nl", "en"):
        names = short_names(library(), language)
        asked = questions(library(), language, kinds=(*CLOSED, "text"))
        meant: dict[str, set[str]] = {}
        for (guide, step, pole), name in names.items():
            question = asked.of(guide, step)
            meant.setdefault(name, set()).add(f"{question.key if question else guide + step}{pole}")
            label = (
                dict(question.answers)[pole]
                if question and pole
                else (library().get(guide, language).steps[step].short)
            )
            if question is None or guide == question.guides[0] or pole:
                whole = name.split(" (")[0].rstrip(" 23456789")
                assert f"{label} ".startswith(f"{whole} ")
            assert 0 < len(name) <= SHORT_MAX
        assert all(len(questions_) == 1 for questions_ in meant.values())


def test_a_scale_at_its_end_shows_a_mark_and_a_missing_one_is_empty(office: Office) -> None:
    made = as_narrafirma(invented(office, 400), library().get("professional", "nl"))
    head, *rows = csv.reader(io.StringIO(made.stories.decode(), newline=""))
    cells = {row[head.index("movement_problems_strengths")] for row in rows}
    assert "0" not in cells
    assert "" in cells
    assert "1" in cells


TRAPS = {
    "Scale,story,Aandacht": ("Scale,story,Story title", "this name is reserved"),
    ",Scale range,import,,,,0,100": ("", "one scale range"),
    "Short name": ("Short", "the header of the form"),
    ",Participant ID column name,import,,,,teller": ("", "does not say its Participant ID"),
    "story,Nodig": ("story,Gevoel", "is there twice"),
    "story,Is het gekomen": ("story,Is het eindelijk gekomen", "1 to 20 characters"),
    "need_met,Single choice": ("need_met,Radiobuttons", "a type that does not work"),
    "Oplossen wat knelt,Bouwen op wat lukt": ("Oplossen wat knelt,Bouwen,0,100", "no range"),
    "yes|Ja": ("Ja", "not value|text"),
    "worked|Wat lukte|": ("worked|", "not value|short name|question"),
    ",Data columns to ignore,import,,,,mark": ("", "harmless one"),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_the_checker_knows_each_trap_of_the_form(office: Office, trap: str) -> None:
    made = as_narrafirma(invented(office, 40), library().get("professional", "nl"))
    changed, says = TRAPS[trap]
    form = made.form.decode()
    assert trap in form
    broken = ImportFiles(form.replace(trap, changed, 1).encode(), made.stories)
    assert any(says in problem for problem in problems(broken))


DATA_TRAPS = {
    "movement_problems_strengths": (("n.v.t.", "0", "101"), ("stops the import", "write 1")),
    "prompt": (("", "nothing"), ("is none of the form",)),
    "date": (("16-11-2026", ""), ("YYYY-MM-DD",)),
    "teller": (("12345",), ("another order",)),
    "feeling": (("glad;happy",), ("matches no answer",)),
    "need_met": (("maybe",), ("matches no answer",)),
    "language": (("",), ("nothing under language",)),
}


@pytest.mark.parametrize("column", DATA_TRAPS)
def test_the_checker_knows_each_trap_of_the_stories(office: Office, column: str) -> None:
    made = as_narrafirma(invented(office, 40), library().get("professional", "nl"))
    head, *rows = csv.reader(io.StringIO(made.stories.decode(), newline=""))
    values, says = DATA_TRAPS[column]
    for value in values:
        rows[0][head.index(column)] = value
        text = io.StringIO()
        csv.writer(text).writerows([head, *rows])
        found = problems(ImportFiles(made.form, text.getvalue().encode()))
        assert any(each in problem for problem in found for each in says), value


def test_the_checker_knows_an_empty_header_and_a_missing_column(office: Office) -> None:
    made = as_narrafirma(invented(office, 40), library().get("professional", "nl"))
    text = made.stories.decode()
    for broken, says in (
        (text.replace("need_met", "", 1), "shifts every later column"),
        (text.replace("need_met", "need", 1), "twice"),
        (text.replace("need_met", "else", 1), "no question of the form"),
    ):
        found = problems(ImportFiles(made.form, broken.encode()))
        assert any(says in problem for problem in found)


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
