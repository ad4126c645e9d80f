"""What is told about a table, in the languages of coordinators."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.coordinators.phrases import LANGUAGES
from bot.spreadsheets.reader import NoTable, read_table
from bot.spreadsheets.table_problems import (
    TableCode,
    TableProblem,
    explain_table,
    problems,
    refusal,
)
from conversations.guide.loading import HOME, read_entries
from tests.spreadsheets.make import COLUMNS, lines

SLOTS = {name: f"<{name}>" for name in ("n", "name", "meant", "seen", "wanted", "others")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_sentences_and_none_is_left_over(language: str) -> None:
    path = HOME / "locales" / language / "coordinator.po"
    found = {e.id: e.text for e in read_entries(HOME, path) if e.id.startswith("table_problem")}
    codes = {f"table_problem.{c}{part}" for c in get_args(TableCode) for part in ("", ".mend")}
    assert found.keys() == codes | {"table_problem", "table_problem.line", "table_problem.row"}
    for code in get_args(TableCode):
        for line in (0, 7):
            said = explain_table(TableProblem(code, SLOTS, line), language)
            assert "{" not in said
            assert ("7" in said) == bool(line)


def test_what_was_seen_and_what_was_meant_is_told() -> None:
    data = lines("naam;gemeente;begintijdd", "Oost;Zwolle;10:00", '"West;Zwolle')
    table = read_table(data, COLUMNS, [("name",)])
    said = [explain_table(each, "nl") for each in problems(table)]
    assert said == [
        "Regel 1: de kolom begintijdd is niet gebruikt, want die naam is niet bekend. "
        "Is dit de kolom begintijd? Noem hem dan zo.",
        "Regel 3: een aanhalingsteken is nergens gesloten; wat erna staat is niet gelezen. "
        "Sluit het of haal het weg.",
    ]
    with pytest.raises(NoTable) as refused:
        read_table(lines("ploeg;waar", "Oost;Zwolle"), COLUMNS, [("name",)])
    told = explain_table(refusal(refused.value, ("naam", "gemeente")), "nl")
    assert told == (
        "De kolommen zijn niet te herkennen; er staat: ploeg, waar. Noem ze: naam, gemeente."
    )
