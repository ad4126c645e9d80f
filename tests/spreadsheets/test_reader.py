"""Whatever a table is saved by and in: the same rows come out, or it is said what is wrong."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.spreadsheets.reader import NoTable, ReadTable, read_table
from tests.spreadsheets.make import COLUMNS, lines, saved, workbook

NEEDS = [("name",), ("town",)]
ROWS = [("Team Café", "Súdwest-Fryslân"), ("Wijkteam Oost", "Zwolle")]


def read(data: bytes, needs: Sequence[Sequence[str]] = NEEDS) -> ReadTable:
    return read_table(data, COLUMNS, needs)


def named(table: ReadTable) -> list[tuple[str, str]]:
    return [(row.cells["name"], row.cells["town"]) for row in table.rows]


def text(separator: str = ";", new_line: str = "\r\n") -> str:
    rows = [("naam", "gemeente"), *ROWS]
    return new_line.join(separator.join(row) for row in rows) + new_line


@pytest.mark.parametrize("new_line", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_any_separator_and_any_end_of_line(separator: str, new_line: str) -> None:
    table = read(text(separator, new_line).encode())
    assert named(table) == ROWS
    assert (table.header_line, [row.line for row in table.rows]) == (1, [2, 3])


@pytest.mark.parametrize(
    "encoding",
    [
        "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman",
        "cp850",
    ],
)  # fmt: skip
def test_any_encoding(encoding: str) -> None:
    table = read(text().encode(encoding))
    assert named(table) == ROWS
    assert table.doubtful == (encoding in ("mac_roman", "cp850"))


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Financiële zorg", "mac_roman"),
        ("foto’s en ‘zorg’ – 10 €", "cp1252"),
        ("Überlingen", "cp1252"),
        ("Één team", "cp1252"),
        ("Crèche à la carte", "cp850"),
        ("Ayşe Yıldız", "cp1254"),
        ("CAFÉ DE RUÏNE", "cp1252"),
        ("coördinatie", "mac_roman"),
    ],
)
def test_an_encoding_that_is_not_named_is_the_one_that_makes_words(
    words: str, encoding: str
) -> None:
    table = read(f"naam;gemeente\n{words};Zwolle\n".encode(encoding))
    assert named(table) == [(words, "Zwolle")]


def test_what_was_saved_as_utf_8_twice_is_mended_and_said() -> None:
    table = read(text().encode().decode("cp1252").encode())
    assert named(table) == ROWS
    assert table.doubtful


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;", "sep=;;"])
def test_the_line_that_names_the_separator_is_no_row(first: str) -> None:
    data = f"{first}\r\nnaam;gemeente\r\nOost, West;Zwolle\r\n".encode("utf-8-sig")
    table = read(data)
    assert named(table) == [("Oost, West", "Zwolle")]
    assert table.rows[0].line == 3


@pytest.mark.parametrize(
    "header",
    [
        "Naam ;Gemeente ", "NAAM;GEMEENTE", " naam\xa0*;gemeente:", '"naam\n(voluit)";gemeente',
        "Naam (verplicht);Gemeente - waar", "team/groep;plaats", "\u200bnaam;gemeente\u200e",
        "teamnaam / naam;gemeente", "N.a.a.m;ge-meente",
    ],
)  # fmt: skip
def test_a_column_is_known_however_its_name_is_dressed(header: str) -> None:
    assert named(read(lines(header, "Oost;Zwolle"))) == [("Oost", "Zwolle")]


def test_columns_stand_in_any_order_among_others() -> None:
    table = read(lines(";Gemeente;nr;Team;;", ";Zwolle;7;Oost;;", ";;;;;"))
    assert named(table) == [("Oost", "Zwolle")]
    assert table.rows[0].others == {"nr": "7"}
    assert [(one.name, one.filled) for one in table.unknown] == [("nr", True)]
    assert table.names == {"town": "Gemeente", "name": "Team"}


def test_of_two_columns_of_one_name_the_surer_one_is_taken() -> None:
    table = read(lines("naam;team;gemeente", "Jan;Oost;Zwolle"))
    assert named(table) == [("Oost", "Zwolle")]
    assert [one.name for one in table.unknown] == ["naam"]


def test_an_unknown_column_is_said_with_what_it_may_mean() -> None:
    table = read(lines("naam;gemeente;begintijdd;kleur;plaats", "Oost;Zwolle;10:00;;"))
    assert [tuple(one) for one in table.unknown] == [
        ("begintijdd", "begintijd", True, False),
        ("kleur", "", False, False),
        ("plaats", "plaats", False, True),
    ]


@pytest.mark.parametrize(
    "above",
    [
        ["Overzicht teams 2026;"], ["Jaarplanning;;;", ";;;", "versie 3, van naam tot plaats"],
        ["", "", ""], ['"Titel over\r\ntwee regels"'],
    ],
)  # fmt: skip
def test_rows_above_the_header_are_passed_over(above: list[str]) -> None:
    table = read(lines(*above, "naam;gemeente", "Oost;Zwolle"))
    assert named(table) == [("Oost", "Zwolle")]
    written = "\r\n".join([*above, "naam;gemeente", "x"]).split("\r\n")
    assert table.header_line == written.index("naam;gemeente") + 1


def test_a_header_that_comes_again_is_no_row() -> None:
    rows = ["naam;gemeente", "Oost;Zwolle"]
    assert named(read(lines(*rows, *rows[:1], "West;Zwolle"))) == [
        ("Oost", "Zwolle"),
        ("West", "Zwolle"),
    ]


def test_a_new_line_in_quotation_marks_does_not_end_a_row() -> None:
    table = read(lines("naam;gemeente", '"Team\r\nOost";"Zwolle"', "West;Zwolle"))
    assert [" ".join(name.split()) for name, _ in named(table)] == ["Team Oost", "West"]
    assert [row.line for row in table.rows] == [2, 4]


def test_a_quotation_mark_that_is_not_closed_is_said_with_its_line() -> None:
    table = read(lines("naam;gemeente", "Oost;Zwolle", '"West;Zwolle', "Zuid;Zwolle"))
    assert named(table) == [("Oost", "Zwolle")]
    assert table.unclosed == 3
    assert read(lines("naam;gemeente", 'De "Brug" Oost;Zwolle')).unclosed == 0


def test_a_cell_after_the_last_column_is_told_of_its_row() -> None:
    table = read(lines("naam,gemeente,", "Oost, West,Zwolle,1", "Zuid,Zwolle,,"))
    assert [row.beyond for row in table.rows] == [True, False]


def test_a_table_without_names_is_read_by_place_only_where_that_is_meant() -> None:
    by_place = ("name", "town")
    table = read_table(lines("Oost;Zwolle"), COLUMNS, NEEDS, places=by_place)
    assert (named(table), table.header_line) == ([("Oost", "Zwolle")], 0)
    with pytest.raises(NoTable, match="no_header"):
        read_table(lines("naam;waar", "Oost;Zwolle"), COLUMNS, NEEDS, places=by_place)


def test_a_table_without_the_columns_is_refused_with_what_was_seen() -> None:
    with pytest.raises(NoTable, match="no_header") as refused:
        read(lines("Overzicht", "ploeg;waar;nr", "Oost;Zwolle;7"))
    assert refused.value.seen == ("ploeg", "waar", "nr")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"), (b"\xef\xbb\xbf", "empty"), (b"\r\n;;;\r\n", "empty"),
        (b"x" * 2_000_001, "too_large"), (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old_workbook"),
        (b"PK\x03\x04 broken", "no_table"), (b"naam;gemeente\n" + b"x" * 200_000, "no_table"),
        (bytes(range(256)) * 9, "no_table"), (b"<!doctype html><p>inloggen</p>", "no_header"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(NoTable, match=code):
        read(data)


def test_more_rows_than_are_read_are_said() -> None:
    data = lines("naam;gemeente", *(f"Team {number};Zwolle" for number in range(12)))
    table = read_table(data, COLUMNS, NEEDS, rows_max=10)
    assert (len(table.rows), table.cut_off) == (10, True)


def test_a_workbook_gives_what_its_cells_show() -> None:
    rows: list[tuple[object, ...]] = [
        ("Planning",),
        (),
        ("team", "gemeente", "datum", "begintijd"),
        ("Café", "Zwolle", datetime.fromisoformat("2026-11-03"), time(10)),
        (2026, 12.5, date(2026, 11, 3), timedelta(hours=24)),
        (True, None, datetime.fromisoformat("2026-11-03T09:59:59.999"), 1),
        ("x", "y", "3-11-2026", 0.4375),
    ]
    table = read(workbook(*rows, formats={"D6": "h:mm", "D7": "h:mm"}))
    assert [tuple(row.cells.values()) for row in table.rows] == [
        ("Café", "Zwolle", "2026-11-03", "10:00"),
        ("2026", "12.5", "2026-11-03", "24:00"),
        ("ja", "", "2026-11-03 10:00", "24:00"),
        ("x", "y", "3-11-2026", "10:30"),
    ]
    assert (table.header_line, table.rows[0].line) == (3, 4)


def test_of_a_workbook_the_sheet_with_the_columns_is_read_and_the_others_are_said() -> None:
    book = openpyxl.Workbook()
    cover = book.active
    assert cover is not None
    cover.title = "Uitleg"
    cover.append(["Vul het blad Teams in"])
    book.create_sheet("Leeg")
    hidden = book.create_sheet("Oud")
    hidden.sheet_state = "hidden"
    for row in (("naam", "gemeente"), ("Vroeger", "Zwolle")):
        hidden.append(row)
    teams = book.create_sheet("Teams")
    for row in (("naam", "gemeente"), ("Oost", "Zwolle")):
        teams.append(row)
    table = read(saved(book))
    assert (named(table), table.sheet) == ([("Oost", "Zwolle")], "Teams")
    assert table.other_sheets == ("Uitleg",)


CELL = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=9)


@given(st.lists(st.tuples(CELL, CELL), max_size=4), st.sampled_from(";,\t|"))
def test_every_cell_that_is_quoted_comes_back(cells: list[tuple[str, str]], sign: str) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    rows = [("naam", "gemeente"), *cells]
    table = read("\r\n".join(sign.join(map(quoted, row)) for row in rows).encode("utf-8-sig"))
    kept = [(one.strip(), two.strip()) for one, two in cells if one.strip() or two.strip()]
    assert named(table) == kept


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for given_ in (data, b"naam;gemeente\n" + data, b"PK\x03\x04" + data):
        with contextlib.suppress(NoTable):
            assert read(given_).names.keys() >= {"name", "town"}


@pytest.mark.parametrize("name", ["xl/worksheets/sheet9.xml", "xl/sharedStrings.bin", "x.XML"])
def test_a_workbook_that_unpacks_to_too_much_is_refused_whatever_its_parts_are_called(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.spreadsheets.workbook.UNPACKED_MAX", 100_000)
    held = io.BytesIO(workbook(("naam", "gemeente"), *ROWS))
    assert named(read(held.getvalue())) == ROWS
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, b"0" * 100_000)
    with pytest.raises(NoTable, match="no_table"):
        read(held.getvalue())
