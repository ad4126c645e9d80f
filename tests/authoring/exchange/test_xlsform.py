"""A guide goes out as an XLSForm and comes in the same; a form of others comes in as far as it
fits, and everything that does not is told with its sheet and row."""

from __future__ import annotations

import copy
import io
import tomllib
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.authoring.exchange.sheet_file import read_sheets
from bot.authoring.exchange.sheet_problems import SheetProblem, told_once
from bot.authoring.exchange.xlsform_judge import judged
from bot.authoring.exchange.xlsform_reader import read_xlsform
from bot.authoring.exchange.xlsform_writer import write_xlsform
from conversations.guide.builder import fields
from conversations.guide.loading import load_guides
from tests.authoring.exchange.any_guide import guides_of_any_kind
from tests.authoring.exchange.forms_of_people import OF_PEOPLE, reading_of
from tests.authoring.exchange.sheets import CHOICES, SURVEY, read, told, workbook

SOURCES = load_guides().sources
USUAL = {"frame-added", "no-consent"}


@pytest.mark.parametrize("guide_id", SOURCES)
def test_a_guide_goes_out_and_comes_in_the_same(guide_id: str) -> None:
    source = SOURCES[guide_id]
    data = write_xlsform(source["guide"], source["texts"])
    reading = read_xlsform(data)
    assert reading.verdict == "fits"
    assert reading.problems == ()
    assert reading.data == source["guide"]
    assert tomllib.loads(reading.text) == source["guide"]
    assert reading.texts == source["texts"]
    assert set(reading.languages) == {"nl", *source["texts"]}


@pytest.mark.parametrize("guide_id", SOURCES)
def test_what_goes_out_is_a_form_to_the_converter_that_everybody_uses(guide_id: str) -> None:
    source = SOURCES[guide_id]
    assert judged(read_sheets(write_xlsform(source["guide"], source["texts"]))) is None


@given(guides_of_any_kind())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_guide_of_any_shape_goes_out_and_comes_in_the_same(
    made: tuple[dict[str, Any], dict[str, dict[str, str]]],
) -> None:
    data, texts = made
    reading = read_xlsform(write_xlsform(data, texts))
    assert reading.problems == ()
    assert reading.data == data
    assert reading.texts == texts
    assert tomllib.loads(reading.text) == data


EXPECTED = {
    "huisbezoek": {
        "device-dropped": [2, 3, 4, 5], "filter-lost": [9], "other-added": [11],
        "repeat-lost": [12], "integer-text": [13], "type-lost": [15, 16, 17],
        "file-in-story": [19],
    },
    "lijst_van_buiten": {
        "type-lost": [2, 3, 4, 7], "range-poles": [5], "file-in-story": [8],
    },
    "twee_talen_half": {
        "default-language": [2], "translation-gaps": [2, 3, 4], "quotes-curly": [3],
        "relevance-answer": [4], "piping": [5],
    },
    "vol_fouten": {
        "bad-name": [2, 5], "name-changed": [2], "no-list": [2], "type-capital": [3],
        "unknown-type": [4], "relevance-broken": [5], "no-name": [6], "name-twice": [7],
        "group-open": [8], "relevance-nowhere": [9], "group-closed": [10], "range-poles": [11],
        "no-type": [12], "choice-twice": [3], "label-twice": [4], "choice-no-name": [5],
        "choice-no-label": [6],
    },
    "vragen_in_het_engels": {"no-dutch": [1], "acknowledge-said": [4]},
    "kop_vergeten": {"no-columns": [1]},
    "oude_namen": {"file-in-story": [5], "integer-text": [6], "acknowledge-said": [7]},
}  # fmt: skip


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_a_form_as_people_make_them_is_told_all_that_is_to_be_told(name: str) -> None:
    found: dict[str, list[int]] = {}
    for _, row, code in told(reading_of(OF_PEOPLE[name])):
        if code not in USUAL:
            found.setdefault(code, []).append(row)
    assert found == EXPECTED[name]


words = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), min_size=1, max_size=30)


@given(st.data())
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_words_and_jumps_come_back(data: st.DataObject) -> None:
    source = copy.deepcopy(data.draw(st.sampled_from([SOURCES["follow_up"], SOURCES["resident"]])))
    steps = source["guide"]["step"]
    for _ in range(4):
        step = data.draw(st.sampled_from(steps))
        step["say"] = data.draw(words.filter(str.strip)).strip()
        if "options" in step:
            option = data.draw(st.sampled_from(step["options"]))
            option["label"] = data.draw(words.filter(str.strip)).strip()
        if step["kind"] == "choice" and "skip" in step:
            step["skip"] = data.draw(st.sampled_from([True, False, "Weg", {"label": "x"}]))
            step["when"] = "door = worked and feeling or door != surprised"
        gone = data.draw(st.sampled_from(sorted(fields(source["guide"]))))
        for texts in source["texts"].values():
            texts.pop(gone, None)
    dutch = fields(source["guide"])
    texts = {
        language: {key: text for key, text in said.items() if key in dutch}
        for language, said in source["texts"].items()
    }
    reading = read_xlsform(write_xlsform(source["guide"], texts))
    assert reading.data == source["guide"]
    assert reading.texts == texts


def test_a_form_of_others_becomes_a_guide() -> None:
    reading = read(
        ("note", "dag", "Dag, welkom."),
        ("select_one hulp", "wie", "Wie hielp?"),
        ("begin group", "deel", "Over het team", "${wie} = 'team'"),
        ("select_multiple hulp", "ook", "Wie nog meer?", "", "count-selected(.) <= 2"),
        ("range", "gevoel", "Hoe ging het?", "", "", "slecht | goed"),
        ("end group", "", ""),
        ("text", "verhaal", "Wat gebeurde er?", "", "", "", "multiline"),
        ("integer", "keren", "Hoe vaak?", "", ". >= 1 and . <= 4"),
        ("audio", "stem", "Spreek het in."),
        ("text", "kort", "Nog iets?", "selected(${ook}, 'arts') or ${wie} = 'buur'"),
        ("acknowledge", "mag", "Mag ik dit bewaren?", "", "", "", "", "keep"),
        ("deviceid", "toestel", ""),
    )
    assert reading.verdict == "fits"
    steps = {step["id"]: step for step in tomllib.loads(reading.text)["step"]}
    assert steps["wie"]["options"][0] == {"id": "arts", "label": "Huisarts"}
    assert steps["ook"]["when"] == "wie = team"
    assert (steps["ook"]["kind"], steps["ook"]["max"]) == ("choices", 2)
    assert [pole["label"] for pole in steps["gevoel"]["poles"]] == ["slecht", "goed"]
    assert steps["verhaal"]["kind"] == "tell"
    assert [option["label"] for option in steps["keren"]["options"]] == ["1", "2", "3", "4"]
    assert steps["kort"]["when"] == "ook = arts or wie = buur"
    assert steps["mag"]["purpose"] == "keep"
    assert list(steps).index("mag") > list(steps).index("review")
    assert {"device-dropped", "integer-choice", "file-in-story"} <= {c for _, _, c in told(reading)}
    assert "# Over het team" in reading.text


ONE = ("select_one jn", "q", "Ging het goed?")
CASES: list[tuple[str, tuple[tuple[str, ...], ...], tuple[str, int, str], str]] = [
    ("an unknown type", (("select_een jn", "q", "Ja?"),), ("survey", 2, "unknown-type"), "refused"),
    ("no name", (("text", "", "Wat?"),), ("survey", 2, "no-name"), "refused"),
    ("a name twice", (ONE, ("text", "q", "Wat?")), ("survey", 3, "name-twice"), "refused"),
    ("no such list", (("select_one jaa", "q", "Ja?"),), ("survey", 2, "no-list"), "refused"),
    (
        "a group that stays open",
        (("begin group", "g", ""), ONE),
        ("survey", 2, "group-open"),
        "refused",
    ),
    (
        "a group that never began",
        (ONE, ("end group", "", "")),
        ("survey", 3, "group-closed"),
        "refused",
    ),
    (
        "a condition on nothing",
        (ONE, ("text", "w", "Wat?", "${weg} = 'ja'")),
        ("survey", 3, "relevance-nowhere"),
        "refused",
    ),
    (
        "a bracket that is missing",
        (ONE, ("text", "w", "Wat?", "selected(${q}, 'ja'")),
        ("survey", 3, "relevance-broken"),
        "fits_partly",
    ),
    (
        "more or less",
        (("integer", "n", "Hoe oud?"), ("text", "w", "Wat?", "${n} > 17")),
        ("survey", 3, "relevance-unfit"),
        "fits_partly",
    ),
    (
        "curly quotes",
        (ONE, ("text", "w", "Wat?", "${q} = ‘ja’")),
        ("survey", 3, "quotes-curly"),
        "fits",
    ),
    ("a capital", (("Select_One jn", "q", "Ja?"),), ("survey", 2, "type-capital"), "fits"),
    ("a question called data", (("text", "data", "Wat?"),), ("survey", 2, "name-data"), "fits"),
    ("a place", (ONE, ("geopoint", "g", "Waar?")), ("survey", 3, "type-lost"), "fits_partly"),
    ("a date", (ONE, ("date", "d", "Wanneer?")), ("survey", 3, "type-lost"), "fits_partly"),
    ("a hidden value", (ONE, ("hidden", "c", "")), ("survey", 3, "type-lost"), "fits_partly"),
    (
        "a repeat",
        (("begin repeat", "r", "Kind"), ONE, ("end repeat", "", "")),
        ("survey", 2, "repeat-lost"),
        "fits_partly",
    ),
    (
        "a scale without ends",
        (("range", "r", "Hoe?"),),
        ("survey", 2, "range-poles"),
        "fits_partly",
    ),
    ("no words", (ONE, ("text", "w", "")), ("survey", 3, "no-label"), "fits_partly"),
    (
        "words of an answer",
        (ONE, ("text", "w", "Waarom ${q}?")),
        ("survey", 3, "piping"),
        "fits_partly",
    ),
    ("who holds it", (ONE, ("username", "u", "")), ("survey", 3, "device-dropped"), "fits"),
    ("a number", (("integer", "n", "Hoe oud?"),), ("survey", 2, "integer-text"), "fits"),
    (
        "another answer",
        (("select_one jn or_other", "q", "Ja?"),),
        ("survey", 2, "other-added"),
        "fits",
    ),
    (
        "a purpose that is none",
        (ONE, ("acknowledge", "a", "Mag het?", "", "", "", "", "alles")),
        ("survey", 3, "purpose-unknown"),
        "fits_partly",
    ),
    (
        "an acknowledge without a purpose",
        (ONE, ("acknowledge", "a", "Gelezen?")),
        ("survey", 3, "acknowledge-said"),
        "fits",
    ),
]


@pytest.mark.parametrize(
    ("rows", "expected", "verdict"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_what_is_wrong_in_a_sheet_is_told_at_its_row(
    rows: tuple[tuple[str, ...], ...], expected: tuple[str, int, str], verdict: str
) -> None:
    reading = read(*rows)
    assert expected in told(reading)
    assert reading.verdict == verdict
    for problem in reading.problems:
        for language in ("nl", "en"):
            assert "{" not in problem.message(language).replace("${", "")
            assert problem.message(language).endswith((".", ")", "?"))


def test_everything_is_told_at_once() -> None:
    choices = (*CHOICES, ("hulp", "buur", "Buurman"), ("jn", "soms", "ja"))
    reading = read(
        ("select_een jn", "a", "A?"),
        ("text", "", "B?"),
        ("select_one weg", "c", "C?"),
        ("select_multiple hulp", "d", "D?"),
        ("select_one jn", "e", "E?", "${nergens} = 'x'"),
        choices=choices,
    )
    assert reading.verdict == "refused"
    codes = [code for _, _, code in told(reading) if code not in USUAL]
    assert codes == [
        "unknown-type", "no-name", "no-list", "relevance-nowhere", "choice-twice", "label-twice",
    ]  # fmt: skip
    assert not any(problem.code == "judge" for problem in reading.problems)


def test_languages_are_what_is_filled_in() -> None:
    survey = (
        ("type", "name", "label::Nederlands (nl)", "label::English (en)", "label::Français (fr)"),
        ("select_one jn", "q", "Ging het goed?", "Did it go well?", ""),
        ("text", "w", "Waarom?", "", ""),
    )
    choices = (
        ("list_name", "name", "label::Nederlands (nl)", "label::English (en)"),
        ("jn", "ja", "Ja", "Yes"),
        ("jn", "nee", "Nee", "No"),
    )
    settings = (("form_id", "default_language"), ("mijn", "Dutch"))
    reading = read_xlsform(workbook(survey, choices, settings))
    assert reading.languages == ("nl", "en")
    assert reading.guide_id == "mijn"
    assert reading.texts["en"]["q.option.ja"] == "Yes"
    assert ("settings", 2, "default-language") in told(reading)
    assert ("survey", 1, "language-empty") in told(reading)
    assert ("survey", 3, "translation-gaps") in told(reading)


def test_a_formula_is_not_read() -> None:
    reading = read(ONE, ("text", "w", '=HYPERLINK("http://x","y")'))
    assert ("survey", 3, "formula") in told(reading)
    assert "HYPERLINK" not in reading.text


def huge() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old-workbook"),
        (b"type,name,label\ntext,q,Wat?\n", "no-workbook"),
        (b"PK\x03\x04 and no more", "no-workbook"),
        (b"PK\x03\x04" + b"x" * 1_000_001, "too-large"),
        (huge(), "unpacks-large"),
        (workbook((), (("list_name", "name", "label"),)), "no-survey"),
    ],
)
def test_a_file_that_is_no_form_is_refused_with_the_reason(data: bytes, code: str) -> None:
    reading = read_xlsform(data)
    assert reading.verdict == "refused"
    assert [problem.code for problem in reading.problems] == [code]
    assert reading.text == ""


@pytest.mark.parametrize(
    ("columns", "row", "code"),
    [
        ((*SURVEY, "parameters"), ("range", "r", "Hoe?", *[""] * 5, "start=a end=10"), "range"),
        ((*SURVEY, "parameters"), ("text", "w", "Wat?", *[""] * 5, "los"), "parameters"),
        ((*SURVEY, "default"), ("text", "w", "Wat?", *[""] * 5, "${weg}"), "reference"),
    ],
)
def test_the_judge_has_the_last_word_and_it_is_said_in_ours(
    columns: tuple[str, ...], row: tuple[str, ...], code: str
) -> None:
    reading = read_xlsform(workbook((columns, ONE, row), CHOICES))
    [problem] = [each for each in reading.problems if each.code.startswith("judge")]
    assert (problem.sheet, problem.row, problem.code) == ("survey", 3, f"judge-{code}")
    assert reading.verdict == "refused"


@pytest.mark.parametrize("name", ["w w", "4e", "-a", "a/b", "a$"])
def test_a_name_that_no_program_takes_is_told_at_its_row(name: str) -> None:
    reading = read(ONE, ("text", name, "Wat?"))
    assert ("survey", 3, "bad-name") in told(reading)
    assert reading.verdict == "refused"


def test_a_preview_has_the_shape_that_was_promised() -> None:
    made: dict[str, Any] = read(ONE, ("geopoint", "g", "Waar?")).as_json("nl")
    assert list(made) == ["verdict", "languages", "questions", "named"]
    assert made["questions"] == {"choice": 1}
    for each in made["named"]:
        assert list(each) == ["sheet", "row", "code", "message", "severity"]
    assert SheetProblem("survey", 3, "type-lost").severity == "warning"


def test_a_sentence_is_told_once_with_all_its_rows() -> None:
    """And one of the whole sheet without a row."""
    many = [SheetProblem("survey", row, "no-type") for row in (3, 0, 9)]
    other = SheetProblem("choices", 2, "formula", {"column": "label"})
    (found,) = told_once([*many, other], "nl", "error")
    assert (found.sheet, found.rows, found.message) == ("survey", (3, 9), many[0].message("nl"))
    assert [each.rows for each in told_once([*many, other], "nl", "warning", "info")] == [(2,)]
