"""Tables run nothing in a spreadsheet, explain their columns, and hold every answer in words."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from bot.coordinators.exports.export import StoryExport
from bot.coordinators.exports.story_file import file_of
from bot.coordinators.exports.tables import harmless
from tests.coordinators.exports.made_files import export, invented
from tests.coordinators.office import Office, library

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
