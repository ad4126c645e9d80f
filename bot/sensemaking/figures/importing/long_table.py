"""Tables with one value a row: observations of CBS, and our own template."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.sensemaking.figures.areas import Level
from bot.sensemaking.figures.importing.cell_values import NoValue, value_in
from bot.sensemaking.figures.importing.columns import AREA_WORDS, PERIOD_WORDS, bare
from bot.sensemaking.figures.importing.figure_collector import (
    DIMENSION_CODES,
    Collector,
    FoundValue,
)
from bot.sensemaking.figures.importing.heads import Headed
from bot.sensemaking.figures.importing.units import kind_called, measured
from bot.sensemaking.figures.periods import Period
from bot.spreadsheets.delimited import RawRow
from storage.figures.model import Certainty

TEMPLATE = (
    "gebied", "periode", "indicator", "waarde", "eenheid", "soort", "zekerheid", "bron",
    "peildatum", "opmerking",
)  # fmt: skip
_NAMES = {
    "indicator": {"indicator", "onderwerp", "measure", "indicatornaam", "variabele", "kenmerk"},
    "value": {"waarde", "value", "cijfer", "getal"},
    "unit": {"eenheid", "unit"},
    "kind": {"soort", "kind"},
    "certainty": {"zekerheid", "certainty", "status"},
    "source": {"bron", "source"},
    "attribute": {"valueattribute"},
    "string": {"stringvalue"},
    "lower": {"ondergrens", "lower"},
    "upper": {"bovengrens", "upper"},
    "remark": {"opmerking", "remark", "toelichting"},
    "title": {"measuretitle", "indicatortitel"},
}
_ATTRIBUTES = {
    "": "",
    "none": "",
    "value": "",
    "impossible": "",
    "secret": "geheim",
    "confidential": "geheim",
    "missing": ".",
    "unknown": ".",
    "notavailable": ".",
    "null": "",
}
_CERTAIN: tuple[tuple[str, Certainty], ...] = (
    (r"nader voorlopig|herzien|revised|bijgesteld", "revised"),
    (r"voorlopig|provisional", "provisional"),
    (r"definitief|definitive", "definitive"),
    (r"model|geschat|schatting", "modelled"),
    (r"afgerond|rounded", "rounded"),
)
_HIDDEN = re.compile(r"geheim|onderdrukt|suppressed|verborgen")
_BOUNDS = re.compile(r"(-?\d[\d.]*(?:,\d+)?)\s*(?:-|–|tot|;)\s*(-?\d[\d.]*(?:,\d+)?)")


def columns_of(table: Headed) -> dict[str, int] | None:
    """The places of the columns by our names, where the table has one value a row; else None."""
    if len(table.head) != 1:
        return None
    names = [bare(cell) for cell in table.head[0].cells]
    found: dict[str, int] = {}
    for at, name in enumerate(names):
        for ours, theirs in _NAMES.items():
            if name in theirs:
                found.setdefault(ours, at)
        if name in AREA_WORDS:
            found.setdefault("area", at)
        late = "period" in found and names[found["period"]] != "peildatum"
        if name in PERIOD_WORDS and not late:
            found["period"] = at
    return found if {"indicator", "value"} <= found.keys() else None


def is_template(table: Headed) -> bool:
    """Whether it is our own template, in which a name is that of a municipality."""
    return {"gebied", "indicator", "waarde"} <= {bare(cell) for cell in table.head[0].cells}


def read_long(
    table: Headed, places: Mapping[str, int], collector: Collector, codes: Mapping[str, str]
) -> None:
    """Take in every value of a table with one value a row. `codes`: titles of the codes of
    measures and dimensions, where the file has such a list."""
    for question in ("area", "period"):
        if question not in places and not getattr(collector.answers, question):
            for row in table.rows:
                collector.reading.ask("area" if question == "area" else "period", row.line)
    if collector.reading.questions:
        collector.reading.asked = sorted(set(collector.reading.asked))
        return
    said = collector.area_of_all(), collector.period_of_all()
    head = table.head[0].cells
    level: Level | None = "municipality" if is_template(table) else None
    if "area" in places:
        level = collector.level or AREA_WORDS.get(bare(head[places["area"]])) or level
    taken = set(places.values())
    dims = [
        at for at, cell in enumerate(head)
        if at not in taken and "attribute" in places and bare(cell) not in ("id", "")
    ]  # fmt: skip
    for row in table.rows:
        _read_row(row, places, collector, (said, level, dims, codes))


def _read_row(
    row: RawRow,
    places: Mapping[str, int],
    collector: Collector,
    context: tuple[tuple[str, Period | None], Level | None, Sequence[int], Mapping[str, str]],
) -> None:
    (area, period), level, dims, codes = context
    cells = {name: _at(row, at) for name, at in places.items()}
    if "area" in places:
        area = collector.area(row.line, cells["area"], level, level == "municipality")
    if "period" in places and area:
        period = collector.period(row.line, cells["period"])
    if not area or period is None:
        return
    name = cells.get("title") or cells["indicator"]
    if not name:
        collector.refuse(row.line, "no_indicator", places["indicator"] + 1)
        return
    if codes and "attribute" in places and name not in codes:
        collector.refuse(row.line, "measure_unknown", places["indicator"] + 1, measure=name)
        return
    measure = measured(codes.get(name, name), cells.get("unit", ""))
    if kind := cells.get("kind"):
        called = kind_called(kind)
        if called is None:
            collector.refuse(row.line, "kind_unknown", places["kind"] + 1, kind=kind)
            return
        measure = type(measure)(measure.title, measure.unit, measure.multiplier, called)
    certainty, hidden = _certainty(cells.get("certainty", ""))
    if cells.get("certainty") and certainty is None and not hidden:
        collector.refuse(
            row.line, "certainty_unknown", places["certainty"] + 1, text=cells["certainty"]
        )
        return
    texts = tuple(
        codes.get(text, DIMENSION_CODES.get(text, text)) for at in dims if (text := _at(row, at))
    )
    collector.found.append(
        FoundValue(
            row.line,
            places["value"] + 1,
            area,
            period,
            measure,
            _text(cells, hidden=hidden),
            texts,
            cells.get("source", ""),
            certainty=certainty,
            bounds=_bounds(cells),
        )
    )


def _text(cells: Mapping[str, str], *, hidden: bool) -> str:
    """The cell of the value; where an attribute says why it is missing, a sign for that."""
    value = cells["value"]
    if hidden and not value:
        return "geheim"
    if "attribute" in cells and not value:
        return _ATTRIBUTES.get(bare(cells["attribute"]), ".") or cells.get("string", "")
    return value


def _certainty(text: str) -> tuple[Certainty | None, bool]:
    """How sure a value is said to be, and whether it is said to be hidden."""
    small = text.casefold()
    found = next((meaning for pattern, meaning in _CERTAIN if re.search(pattern, small)), None)
    return found, bool(_HIDDEN.search(small))


def _bounds(cells: Mapping[str, str]) -> tuple[float | None, float | None]:
    """Bounds that are said in columns of their own, or behind the certainty: `model (1,1-2,3)`."""
    texts = cells.get("lower", ""), cells.get("upper", "")
    if not any(texts) and (found := _BOUNDS.search(cells.get("certainty", ""))):
        texts = found[1], found[2]
    return _bound(texts[0]), _bound(texts[1])


def _bound(text: str) -> float | None:
    try:
        return value_in(text, "," if "," in text else ".").value
    except NoValue:
        return None


def _at(row: RawRow, place: int) -> str:
    return " ".join(row.cells[place].split()) if place < len(row.cells) else ""
