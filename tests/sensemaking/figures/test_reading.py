"""Files of figures are read by their shape: what each cell is, and what it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.coordinators.phrases import words
from bot.sensemaking.figures.areas import areas_in
from bot.sensemaking.figures.figure_sentences import refusal_sentence
from bot.sensemaking.figures.importing.file_reader import read_figures
from bot.sensemaking.figures.importing.readings import Answers, Reading
from bot.sensemaking.figures.importing.units import measured
from tests.sensemaking.figures.files import (
    HEAD,
    OBSERVATIONS,
    STATLINE,
    TEMPLATE,
    TITLED,
    TYPED,
    YEARS,
    workbook,
)

AREAS = areas_in()


def read(text: str | bytes, answers: Answers | None = None, name: str = "f.csv") -> Reading:
    return read_figures(text.encode() if isinstance(text, str) else text, AREAS, answers, name)


def values(reading: Reading) -> list[tuple[str, str, str, float | None]]:
    return [
        (each.figure.area, each.figure.period, each.figure.indicator.title, each.figure.value)
        for each in reading.cells
    ]


def test_a_typed_data_set_has_a_column_for_each_topic() -> None:
    reading = read(TYPED)
    assert (reading.shape, reading.source, reading.outcome) == ("typed", "CBS", "imported")
    assert values(reading)[0] == ("GM0193", "2022", "Jongeren met jeugdhulp in natura", 2010)
    assert [c.figure.missing for c in reading.cells[4:6]] == ["unknown_or_secret", "empty"]
    assert [r.code for r in reading.remarks] == ["joined"]
    assert {c.line for c in reading.cells} == {2, 3, 4, 5}


def test_observations_have_a_value_a_row() -> None:
    reading = read(OBSERVATIONS)
    assert values(reading) == [
        ("GM0193", "2023", "D003402, uitgevoerd door het wijkteam", 120),
        ("GM0200", "2023", "D003402, uitgevoerd door het wijkteam", None),
    ]
    assert reading.cells[1].figure.missing == "withheld"


def test_a_layout_of_statline_has_several_rows_of_heads() -> None:
    reading = read("\ufeff" + STATLINE)
    assert (reading.shape, reading.source) == ("statline", "CBS")
    first, last = reading.cells[0].figure, reading.cells[7].figure
    assert (first.area, first.period, first.value) == ("NL00", "2022", 428045)
    assert (first.indicator.title, first.indicator.kind) == ("Jongeren met jeugdhulp", "count")
    assert (first.certainty, reading.cells[1].figure.certainty) == ("definitive", "provisional")
    assert (last.area, last.value, last.missing) == ("GM0193", None, "withheld")
    assert [c.line for c in reading.cells[:5]] == [6, 6, 6, 6, 7]


def test_titles_hold_the_unit() -> None:
    reading = read(TITLED)
    assert [c.figure.indicator.unit for c in reading.cells[:2]] == ["aantal", "x 1 000 euro"]
    assert [c.figure.indicator.multiplier for c in reading.cells[:2]] == [1, 1000]
    assert [c.figure.area for c in reading.cells[::2]] == ["NL00", "GM0373"]


def test_the_template_says_it_all() -> None:
    reading = read(TEMPLATE)
    one, two, three = (each.figure for each in reading.cells)
    assert (one.value, one.certainty, one.indicator.own) == (1234, "provisional", True)
    assert (two.value, two.lower, two.upper, two.certainty) == (44.5, 42.1, 47.0, "modelled")
    assert (three.value, three.missing) == (None, "empty")


def test_years_may_be_columns_of_a_sheet_with_merged_titles() -> None:
    rows: list[list[object]] = [
        ["Jongeren met jeugdhulp (%)", "", "", ""],
        ["Gemeente", 2022, 2023, 2024],
        ["Zwolle", 9.8, 10.1, 10.2],
    ]
    reading = read(workbook(("Blad1", rows)), name="f.xlsx")
    assert values(reading)[1] == ("GM0193", "2023", "Jongeren met jeugdhulp", 10.1)
    assert reading.cells[0].figure.indicator.kind == "percentage"
    assert values(read(YEARS, name="Wmo-gebruik.csv"))[0][2] == "Wmo-gebruik"


def test_margins_stand_beside_their_value() -> None:
    text = "RegioS,Perioden,Marges,Leeftijd,Eenzaam_27\n" + "".join(
        f"GM0193,2024JJ00,{margin},20300,{value}\n"
        for margin, value in (("MW00000", 44.1), ("MOG0095", 42.1), ("MBG0095", 46.0))
    )
    (cell,) = read(text).cells
    figure = cell.figure
    assert (figure.value, figure.lower, figure.upper) == (44.1, 42.1, 46.0)
    assert (figure.certainty, figure.indicator.title) == ("modelled", "Eenzaam, 18 jaar of ouder")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16", "mac_roman", "cp850"])
def test_every_encoding_gives_the_same(encoding: str) -> None:
    text = "gemeente;jaar;cliënten\nSúdwest-Fryslân;2024;120\nGaasterlân-Sleat;2012;345\n"
    assert values(read(text.encode(encoding))) == [
        ("GM1900", "2024", "cliënten", 120),
        ("GM0653", "2012", "cliënten", 345),
    ]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_every_separator_gives_the_same(separator: str) -> None:
    lines = ["gemeente;jaar;score", "Zwolle;2024;7.5", "Deventer;2024;6.9"]
    text = "\n".join(lines).replace(";", separator)
    assert [v[3] for v in values(read(text))] == [7.5, 6.9]


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["69.0", "1.234"], [69.0, 1.234]),
        (["1.234", "1.234.567"], [1234, 1234567]),
        (["12,5", "1.200"], [12.5, 1200]),
        (["  -0.100", "3.2"], [-0.1, 3.2]),
        (["1 234,5", "7"], [1234.5, 7]),
        (["€ 1.200,50", "12"], [1200.5, 12]),
    ],
)
def test_the_decimal_sign_is_that_of_the_column(cells: list[str], numbers: list[float]) -> None:
    text = "gemeente;jaar;score\n" + "".join(
        f"Zwolle;{2020 + at};{cell}\n" for at, cell in enumerate(cells)
    )
    assert [v[3] for v in values(read(text))] == numbers


@pytest.mark.parametrize(
    ("cell", "missing"),
    [("", "empty"), (" ", "empty"), (".", "unknown_or_secret"), ("x", "withheld"), ("-", "nil"),
     ("<10", "withheld"), ("n.b.", "unknown_or_secret"), ("geheim", "withheld")],
)  # fmt: skip
def test_nothing_that_is_missing_is_zero(cell: str, missing: str) -> None:
    reading = read(f"gemeente;jaar;score\nZwolle;2023;8,1\nZwolle;2024;{cell}\n")
    assert (reading.cells[1].figure.value, reading.cells[1].figure.missing) == (None, missing)


def test_what_the_file_does_not_say_is_asked_and_then_holds() -> None:
    text = "Gemeente,Inwoners\nZwolle,130000\nDeventer,101000\n"
    asked = read(text)
    assert (asked.outcome, asked.questions, asked.asked) == ("asked", ["period"], [2, 3])
    assert values(read(text, Answers(period="2023")))[0] == ("GM0193", "2023", "Inwoners", 130000)
    no_area = "jaar;meldingen\n2023;500\n2024;510\n"
    assert read(no_area).questions == ["area"]
    assert values(read(no_area, Answers(area="Zwolle")))[1][:2] == ("GM0193", "2024")


def test_names_are_not_guessed() -> None:
    text = '"Regio\'s";"Perioden";"Wmo (aantal)"\nUtrecht;2023;5000\nZwolle;2023;2000\n'
    asked = read(text)
    assert (asked.questions, asked.asked) == (["level"], [2])
    answered = read(text, Answers(level="gemeente"))
    assert [v[0] for v in values(answered)] == ["GM0344", "GM0193"]
    bergen = read("gemeente;jaar;score\nBergen;2023;7,1\nBergen (L.);2023;7,2\n")
    assert (bergen.questions, [v[0] for v in values(bergen)]) == (["area"], ["GM0893"])
    assert "Bergen (NH.) (GM0373)" in bergen.choices["Bergen"]


def test_codes_that_ended_stay_what_they_were() -> None:
    reading = read("gemeentecode;jaar;score\n370;2020;7,1\n370;2023;7,2\n439;2023;6,8\n")
    assert [v[0] for v in values(reading)] == ["GM0370", "GM0370", "GM0439"]
    (ended,) = reading.remarks
    assert (ended.code, ended.slots["became"]) == ("ended", "Purmerend")
    assert not AREAS.unbroken("GM0439", "2021-07-01", "2022-07-01")
    assert AREAS.unbroken("GM0439", "2022-01-01", "2023-07-01")


def test_codes_are_held_against_the_lists_of_the_workbook() -> None:
    head: list[object] = ["Id", "Measure", "ValueAttribute", "Value", "RegioS", "Perioden"]
    book = workbook(
        ("Observations", [head, [1, "D1", "None", 12, "GM0193", "2023JJ00"],
                          [2, "D9", "None", 13, "GM0193", "2023JJ00"]]),
        ("MeasureCodes", [["Identifier", "Title"], ["D1", "Wmo-cliënten (aantal)"]]),
    )  # fmt: skip
    reading = read(book, name="f.xlsx")
    assert values(reading) == [("GM0193", "2023", "Wmo-cliënten", 12)]
    assert [(r.line, r.code) for r in reading.refused] == [(3, "measure_unknown")]


@pytest.mark.parametrize(
    ("title", "said", "unit", "multiplier", "kind"),
    [
        ("Totale bevolking (aantal)", "Totale bevolking", "aantal", 1, "count"),
        ("Jongeren (% van jongeren)", "Jongeren", "% van jongeren", 1, "percentage"),
        ("Kosten (x 1 000 euro)", "Kosten", "x 1 000 euro", 1000, "euro"),
        ("Kosten (mln euro)", "Kosten", "mln euro", 1_000_000, "euro"),
        ("Hulp (per 1 000 inwoners)", "Hulp", "per 1 000 inwoners", 1, "per_1000"),
        ("Aangiften (per 100 000 inwoners)", "Aangiften", "per 100 000 inwoners", 1, "rate"),
        ("Inwoners (2015=100)", "Inwoners", "2015=100", 1, "index"),
        ("Bevolking (x 1 000)", "Bevolking", "x 1 000", 1000, "count"),
        ("Woningen|Nieuwbouw (aantal)", "Woningen / Nieuwbouw", "aantal", 1, "count"),
        ("Voorraad.op.1.januari..aantal.", "Voorraad op 1 januari", "aantal", 1, "count"),
        ("Eigendom.Koopwoningen....", "Eigendom Koopwoningen", "%", 1, "percentage"),
        ("Groningen (gemeente)", "Groningen (gemeente)", "", 1, "other"),
    ],
)
def test_titles_hold_units_and_kinds(
    title: str, said: str, unit: str, multiplier: int, kind: str
) -> None:
    measure = measured(title)
    assert (measure.title, measure.unit) == (said, unit)
    assert (measure.multiplier, measure.kind) == (multiplier, kind)


def test_topics_with_one_name_are_not_one() -> None:
    text = "RegioS,Perioden,Binnen5Km_4,Binnen5Km_8\nGM0193,2023JJ00,3.1,4.2\n"
    assert [v[2] for v in values(read(text))] == ["Binnen 5 km (4)", "Binnen 5 km (8)"]


def test_other_sheets_with_figures_are_told() -> None:
    rows: list[list[object]] = [["gemeente", "jaar", "score"], ["Zwolle", 2023, 7.1]]
    more: list[list[object]] = [["gemeente", "jaar", "score"], ["Zwolle", 2024, 7.3]]
    about: list[list[object]] = [["Toelichting"], ["Deze cijfers zijn verzonnen."]]
    reading = read(workbook(("2023", rows), ("2024", more), ("Uitleg", about)), name="f.xlsx")
    assert [v[1] for v in values(reading)] == ["2023"]
    assert [(r.code, r.slots["left"]) for r in reading.refused] == [("sheets", "2024")]


def test_a_file_that_is_too_much_for_a_page_is_told() -> None:
    rows = "".join(f"GM0193;{year};{year % 7}\n" for year in range(1900, 2020))
    text = "gemeente;jaar;score\n" + rows
    reading = read_figures(text.encode(), AREAS, cells_max=300)
    assert [each.code for each in reading.refused] == ["too_many_rows"]
    assert len(read(text).cells) == 120


TOLD = Path(__file__).with_name("broken_files.md")

BROKEN: dict[str, tuple[str | bytes, str, int]] = {
    "empty": ("", "empty", 0),
    "only a head": (HEAD, "no_rows", 1),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(60), "no_table", 0),
    "a web page": ("<html><body>StatLine</body></html>", "no_csv", 0),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + bytes(600), "old_workbook", 0),
    "half a workbook": (workbook(("a", [["x"]]))[:900], "no_table", 0),
    "no values": ("gemeente;jaar;naam team\nZwolle;2024;Oost\nZwolle;2023;West\n", "no_values", 0),
    "an unknown place": (TEMPLATE + "Atlantis;2024;Eenzaam;44,5;%;;;GGD;;\n", "area_unknown", 5),
    "an unknown code": (TEMPLATE + "GM0999;2020;Eenzaam;44,5;%;;;GGD;;\n", "code_unknown", 5),
    "no place": (TEMPLATE + ";2024;Eenzaam;44,5;%;;;GGD;;\n", "no_area", 5),
    "no year": (TEMPLATE + "Zwolle;;Eenzaam;44,5;%;;;GGD;;\n", "no_period", 5),
    "a year that is none": (TEMPLATE + "Zwolle;kerst;Eenzaam;4;%;;;GGD;;\n", "no_period", 5),
    "words for a number": (TEMPLATE + "Zwolle;2022;Eenzaam;veel;%;;;GGD;;\n", "no_number", 5),
    "an error of Excel": (TEMPLATE + "Zwolle;2022;Eenzaam;#DEEL/0!;%;;;GGD;;\n", "formula", 5),
    "two kinds": (TEMPLATE + "Zwolle;2022;Eenzaam;44;;aantal;;GGD;;\n", "kinds", 5),
    "an unknown kind": (TEMPLATE + "Zwolle;2022;Fruit;44;;appels;;GGD;;\n", "kind_unknown", 5),
    "an unknown certainty": (
        TEMPLATE + "Zwolle;2022;Eenzaam;44;%;;misschien;GGD;;\n", "certainty_unknown", 5,
    ),
    "a small cell": (TEMPLATE + "Zwolle;2022;Meldingen;7;meldingen;;;;;\n", "small", 5),
    "twice": (TEMPLATE + "Zwolle;2024;Eenzaam;40,5;%;;;GGD;;\n", "twice", 5),
    "a name of a neighbourhood": (
        "buurt;jaar;score\nCentrum;2024;7,1\nAssendorp;2024;7,3\n", "needs_code", 2,
    ),
    "a quotation mark": (TEMPLATE + 'Zwolle;2022;"Eenzaam;44;%;;;GGD;;\n', "unclosed", 5),
    "a point too many": (TEMPLATE + "Zwolle;2022;Eenzaam;44.55;%;;;GGD;;\n", "decimals", 5),
    "nothing measured": (TEMPLATE + "Zwolle;2022;;44;%;;;GGD;;\n", "no_indicator", 5),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_what_is_wrong_and_where(name: str) -> None:
    data, code, line = BROKEN[name]
    reading = read(data)
    assert (line, code) in [(each.line, each.code) for each in reading.refused]
    whole = [each for each in reading.cells if each.line >= line] if line else reading.cells
    assert not whole or name == "a quotation mark"


def test_what_a_broken_file_is_told_is_kept_in_words(request: pytest.FixtureRequest) -> None:
    """A sentence says what is wrong and how to mend it; `pytest --accept` writes them down."""
    said = words("nl")
    lines = ["# What broken files of figures are told", "", "| the file | line | what it is told |"]
    lines.append("|---|--:|---|")
    lines += [
        f"| {name} | {each.line or ''} | {refusal_sentence(said, each)} |"
        for name, (data, _, _) in BROKEN.items()
        for each in read(data).refused
    ]
    text = "\n".join(lines) + "\n"
    if request.config.getoption("--accept"):
        TOLD.write_text(text, encoding="utf-8")
    assert text == TOLD.read_text(encoding="utf-8")


def test_what_stands_around_a_broken_row_is_stored() -> None:
    reading = read(BROKEN["a small cell"][0])
    assert len(reading.cells) == 3
    assert reading.outcome == "imported"


def test_three_thousand_is_not_small() -> None:
    head = "gemeente;jaar;bevolking ({})\nZwolle;2024;3\n"
    assert read(head.format("x 1 000")).cells[0].figure.value == 3
    assert [each.code for each in read(head.format("aantal")).refused] == ["small"]
    assert read(head.format("aantal"), Answers(source="CBS")).cells[0].figure.value == 3


def test_a_large_file_of_many_municipalities_is_not_ones_own() -> None:
    rows = "".join(f"{code};2024;7\n" for code in list(AREAS.known)[:40])
    reading = read("gemeentecode;jaar;meldingen (aantal)\n" + rows)
    assert len(reading.cells) == 40
    assert not any(r.code == "small" for r in reading.refused)


def test_a_file_that_is_made_to_take_long_is_refused_or_read() -> None:
    """Work does not grow with the square of what somebody sends."""
    head = ";".join(f"Topic_{n}" for n in range(5_000))
    wide = read(f"{head}\n{';'.join(['1'] * 5_000)}\n")
    assert [each.code for each in wide.refused] == ["too_many_rows"]
    note = "bron" + "\n" * 60_000 + "x\ny"
    noted = read(f'Gemeente;2023\nZwolle;9,8\nZwolle;9,8\n"{note}";\n', name="Hulp.csv")
    assert noted.cells
