"""Sheets as people make them in Excel, not as a program writes them: titles above the table, merged
cells, empty rows, errors of formulas; and files that are none."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from openpyxl import Workbook, load_workbook

from bot.authoring.exchange.guide_upload import NoUpload, upload_of
from bot.authoring.exchange.sheet_file import ROWS_MAX
from bot.authoring.exchange.xlsform_reader import XlsformReading, read_xlsform
from bot.authoring.guide_desk import shipped_texts
from bot.coordinators.phrases import words
from tests.authoring.exchange.sheets import CHOICES, SURVEY, told, workbook

ONE = ("select_one jn", "hulp", "Kreeg je hulp?")
PLAIN = workbook((SURVEY, ONE, ("text", "meer", "Wat nog?")), CHOICES)


def changed(change: Callable[[Workbook], object]) -> XlsformReading:
    """The same form after somebody did something to it in Excel."""
    book = load_workbook(io.BytesIO(PLAIN))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return read_xlsform(out.getvalue(), "form")


def text_of(reading: XlsformReading) -> str:
    assert reading.verdict != "refused", [each.message("en") for each in reading.problems]
    return reading.text


def titled(book: Workbook) -> None:
    for name in ("survey", "choices"):
        book[name].insert_rows(1, 2)
        book[name]["A1"] = "Formulier van het wijkteam"
        book[name].merge_cells("A1:C1")


def test_a_title_above_the_table_is_left_and_that_is_said() -> None:
    reading = changed(titled)
    assert text_of(reading) == text_of(read_xlsform(PLAIN, "form"))
    assert ("survey", 1, "title-row") in told(reading)
    assert ("choices", 1, "title-row") in told(reading)


def test_a_name_that_is_merged_over_rows_counts_for_each_of_them() -> None:
    def merge(book: Workbook) -> None:
        for first, last in ((2, 3), (4, 6)):
            book["choices"].merge_cells(f"A{first}:A{last}")

    reading = changed(merge)
    assert text_of(reading) == text_of(read_xlsform(PLAIN, "form"))
    rows = [row for sheet, row, code in told(reading) if code == "merged" and sheet == "choices"]
    assert rows == [3, 5, 6]


def test_empty_rows_anywhere_change_nothing() -> None:
    """Nor do they make the judge stumble, or count the rows otherwise."""

    def spread(book: Workbook) -> None:
        for name in ("survey", "choices"):
            for row in (4, 3, 2):
                book[name].insert_rows(row)

    assert text_of(changed(spread)) == text_of(read_xlsform(PLAIN, "form"))
    columns = (*SURVEY, "parameters")
    wrong = ("range", "r", "Hoe?", *[""] * 5, "start=a end=10")
    reading = read_xlsform(workbook((columns, (), (), ONE, (), wrong), CHOICES))
    assert ("survey", 6, "judge-range") in told(reading)


def test_an_error_of_a_formula_is_no_question() -> None:
    def spoil(book: Workbook) -> None:
        book["survey"]["C3"] = "#REF!"

    reading = changed(spoil)
    assert ("survey", 3, "cell-error") in told(reading)
    assert "REF" not in text_of(reading)


def test_a_column_that_stands_there_twice_is_told() -> None:
    reading = read_xlsform(workbook((("type", "name", "label", "label"), (*ONE, "Of?")), CHOICES))
    assert ("survey", 1, "column-twice") in told(reading)
    assert "Of?" not in text_of(reading)


@pytest.mark.parametrize("more", [1, 500])
def test_no_row_too_many_is_lost_in_silence(more: int) -> None:
    rows = [("text", f"q{n}", "Wat?") for n in range(ROWS_MAX + more)]
    assert told(read_xlsform(workbook((SURVEY, *rows)))) == [("", 0, "many-rows")]


def test_a_workbook_that_the_reader_cannot_stand_is_called_one() -> None:
    reading = changed(lambda book: book.create_chartsheet("grafiek"))
    assert told(reading) == [("", 0, "odd-workbook")]


@pytest.mark.parametrize(
    ("data", "suffix", "code"),
    [
        (b"", ".toml", "empty"),
        (b" \n", ".xlsx", "empty"),
        (b"type,name\ntext,a\n", ".csv", "other-kind"),
        (b"%PDF-1.7\n\xff", "", "other-kind"),
        (PLAIN, ".ods", "other-kind"),
        (b"<table></table>", ".xls", "other-kind"),
        (PLAIN, ".zip", "bundle.no-bundle"),
        ("é".encode("latin-1"), ".toml", "no-text"),
    ],
)
def test_a_file_of_another_kind_says_which_kinds_there_are(
    data: bytes, suffix: str, code: str
) -> None:
    with pytest.raises(NoUpload) as caught:
        upload_of(data, suffix)
    assert caught.value.code == code
    for language in ("nl", "en"):
        assert words(language).has(f"taken.no.{code}")


@pytest.mark.parametrize("name", ["form.XLSX", "form", "form.xls", "form.bin"])
def test_a_workbook_is_known_by_what_is_in_it(name: str) -> None:
    suffix = name.partition(".")[2]
    assert upload_of(PLAIN, f".{suffix}" if suffix else "").guide


def test_a_guide_as_notepad_or_an_old_mac_saves_it_is_read() -> None:
    text = shipped_texts()["resident"]
    for saved in (f"\ufeff{text}", text.replace("\n", "\r\n"), text.replace("\n", "\r")):
        assert upload_of(saved.encode(), ".toml").text == text
