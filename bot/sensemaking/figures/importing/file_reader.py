"""Reads a file of figures: recognises its shape, and says of every value what it is, or why it is
not taken. Nothing is fetched and nothing is guessed: what the file does not say is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.sensemaking.figures.areas import Areas
from bot.sensemaking.figures.importing.columns import bare, is_typed
from bot.sensemaking.figures.importing.figure_collector import Collector
from bot.sensemaking.figures.importing.heads import Headed, headed
from bot.sensemaking.figures.importing.long_table import columns_of, is_template, read_long
from bot.sensemaking.figures.importing.raw_tables import CannotRead, RawTable, raw_tables
from bot.sensemaking.figures.importing.readings import Answers, Reading, RefusedLine
from bot.sensemaking.figures.importing.wide_table import read_wide

CELLS_MAX = 400_000
_TABLE = re.compile(r"\b(\d{5}(?:NED|ned|ENG|eng))\b")


def read_figures(
    data: bytes,
    areas: Areas,
    answers: Answers | None = None,
    name: str = "",
    *,
    cells_max: int = CELLS_MAX,
) -> Reading:
    """Read a file (CSV, XLSX). `name`: of the file, which may hold the number of its table."""
    try:
        found = raw_tables(data)
    except CannotRead as problem:
        return Reading(refused=[RefusedLine(problem.line, problem.code)])
    if sum(len(row.cells) for table in found for row in table.rows) > cells_max:
        return Reading(refused=[RefusedLine(0, "too_many_rows")])
    return _read(found, areas, answers or Answers(), name)


def _read(found: Sequence[RawTable], areas: Areas, answers: Answers, name: str) -> Reading:
    """The reading of the first table that holds figures; lists of codes go with it. Other sheets
    with figures are told."""
    codes = _code_lists(found)
    tables = [each for each in found if not _is_code_list(each)] or found
    readings = [_table(each, areas, answers, (name, codes)) for each in tables]
    fitting = [at for at, each in enumerate(readings) if each.outcome != "refused"]
    best = readings[fitting[0] if fitting else 0]
    if left := [tables[at].name for at in fitting[1:]]:
        slots = {"read": tables[fitting[0]].name, "left": ", ".join(left)}
        best.refused.append(RefusedLine(0, "sheets", slots))
    return best


def _table(
    raw: RawTable, areas: Areas, answers: Answers, known: tuple[str, dict[str, str]]
) -> Reading:
    name, codes = known
    table = headed(raw.rows, areas)
    if not table.rows:
        return Reading(refused=[RefusedLine(raw.rows[0].line if raw.rows else 0, "no_rows")])
    collector = Collector(areas, answers)
    places = columns_of(table)
    heads = [cell.strip() for cell in table.head[-1].cells]
    shape = _shape(table, heads, listed=places is not None)
    collector.source, collector.table = _origin(table, shape, answers, name)
    collector.title = _title(table, raw, name)
    if raw.typed or shape in ("typed", "observations"):
        collector.sign = "."
    if places is not None:
        read_long(table, places, collector, codes)
    else:
        read_wide(table, collector)
    reading = collector.finish()
    reading.shape = shape
    if raw.unclosed:
        reading.refused.append(RefusedLine(raw.unclosed, "unclosed"))
    if reading.outcome == "refused" and not reading.refused:
        reading.refused.append(RefusedLine(0, "no_values"))
    return reading


def _shape(table: Headed, heads: Sequence[str], *, listed: bool) -> str:
    """Which of the shapes it is: `typed` and `observations` of CBS, `statline` with its layout,
    `titled` with one row of titles, our own `template`, or another `table`."""
    if listed:
        names = {bare(cell) for cell in heads}
        if "valueattribute" in names or "measure" in names:
            return "observations"
        return "template" if is_template(table) else "table"
    if is_typed(heads) and any(bare(h) in ("regios", "wijkenenbuurten", "perioden") for h in heads):
        return "typed"
    if len(table.head) > 1 and table.cbs:
        return "statline"
    return "titled" if bare(heads[0]) in ("regios", "perioden", "wijkenenbuurten") else "table"


def _origin(table: Headed, shape: str, answers: Answers, name: str) -> tuple[str, str]:
    """Where the figures come from, and the table they stand in."""
    source = answers.source or table.source
    if not source and shape in ("typed", "observations", "titled"):
        source = "CBS"
    known = _TABLE.search(" ".join([name.replace("_", " "), *table.titles]))
    title = table.titles[0] if table.titles and table.cbs else ""
    return source, known[1] if known else title


def _title(table: Headed, raw: RawTable, name: str) -> str:
    """What a whole table is called: by the text above it, its sheet, or its file."""
    if table.titles:
        return table.titles[0]
    if raw.name and not re.fullmatch(r"(?:sheet|blad)\s*\d*", raw.name.casefold()):
        return raw.name
    return " ".join(re.sub(r"\.\w{2,4}$", "", name).replace("_", " ").split())


def _is_code_list(table: RawTable) -> bool:
    names = {bare(cell) for cell in table.rows[0].cells}
    return {"identifier", "title"} <= names or {"key", "title"} <= names


def _code_lists(found: Sequence[RawTable]) -> dict[str, str]:
    """Titles by code, of the lists of codes in a workbook."""
    titles: dict[str, str] = {}
    for table in found:
        if _is_code_list(table):
            names = [bare(cell) for cell in table.rows[0].cells]
            code = names.index("identifier" if "identifier" in names else "key")
            title = names.index("title")
            for row in table.rows[1:]:
                if max(code, title) < len(row.cells):
                    titles[row.cells[code].strip()] = row.cells[title].strip()
    return titles
