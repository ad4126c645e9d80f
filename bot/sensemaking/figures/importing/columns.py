"""Columns of a table: which hold areas, periods, dimensions and values, by their heads and by what
stands below them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.sensemaking.figures.areas import Areas, Level
from bot.sensemaking.figures.importing.cell_values import is_missing, is_number
from bot.sensemaking.figures.periods import period_in

Role = Literal["area", "period", "level", "dimension", "measure", "nothing"]
AREA_WORDS: dict[str, Level | None] = {
    "regios": None,
    "regio": None,
    "regions": None,
    "region": None,
    "gebied": None,
    "gebieden": None,
    "gebiedscode": None,
    "gebiedsnaam": None,
    "regiocode": None,
    "regionaam": None,
    "statcode": None,
    "statnaam": None,
    "geo": None,
    "geoitem": None,
    "area": None,
    "codering": None,
    "gwbcode": None,
    "gwbcode8": None,
    "wijkenenbuurten": None,
    "naam": None,
    "gemeente": "municipality",
    "gemeenten": "municipality",
    "gemeentecode": "municipality",
    "gemeentenaam": "municipality",
    "gemnaam": "municipality",
    "gemcode": "municipality",
    "gmcode": "municipality",
    "gmnaam": "municipality",
    "gm": "municipality",
    "codegemeente": "municipality",
    "naamgemeente": "municipality",
    "municipality": "municipality",
    "woongemeente": "municipality",
    "provincie": "province",
    "provincies": "province",
    "pvnaam": "province",
    "wijk": "district",
    "wijken": "district",
    "wijkcode": "district",
    "wijknaam": "district",
    "wkcode": "district",
    "buurt": "quarter",
    "buurten": "quarter",
    "buurtcode": "quarter",
    "buurtnaam": "quarter",
    "bucode": "quarter",
}
PERIOD_WORDS = {
    "perioden", "periode", "period", "periods", "jaar", "jaren", "year", "jaartal", "peiljaar",
    "kalenderjaar", "schooljaar", "kwartaal", "maand", "datum", "peildatum", "verslagjaar", "tijd",
    "cohort", "perioden1", "time", "meetjaar",
}  # fmt: skip
SUBJECT_WORDS = {"onderwerp", "onderwerpen", "indicator", "indicatoren", "topic", "topics"}
_NOTHING = {
    "", "id", "index", "nr", "rij", "objectid", "fid", "unnamed0", "unnamed", "geometry", "geom",
    "shape", "thegeom", "rownum", "recordid",
}  # fmt: skip
_FINEST = {"quarter": 3, "district": 2, "municipality": 1}
SAMPLE = 400


@dataclass(slots=True)
class Column:
    """A column by its place, from 0; `head` are the cells of its head from top to bottom."""

    at: int
    head: tuple[str, ...]
    role: Role = "nothing"
    level: Level | None = None
    codes: bool = False

    @property
    def name(self) -> str:
        """What stands last in its head."""
        return next((cell.strip() for cell in reversed(self.head) if cell.strip()), "")


def bare(head: str) -> str:
    """A head without capitals, accents, signs and the number that CBS puts behind it."""
    plain = unicodedata.normalize("NFKD", head.strip().casefold())
    plain = re.sub(r"_\d+$", "", plain)
    return re.sub(r"[^a-z0-9%]", "", plain)


def is_typed(names: Sequence[str]) -> bool:
    """Whether heads are those of a typed data set: names with numbers behind them."""
    return sum(bool(re.fullmatch(r"\w+_\d+", name.strip())) for name in names) >= 1


def sort_columns(
    heads: Sequence[tuple[str, ...]], rows: Sequence[list[str]], areas: Areas
) -> list[Column]:
    """Find the role of each column. Of several that hold areas the one with codes of the smallest
    areas counts, then the first; of several with periods the first."""
    columns = [Column(at, head) for at, head in enumerate(heads)]
    typed = is_typed([each.name for each in columns])
    sample = rows[:SAMPLE]
    for column in columns:
        cells = [row[column.at].strip() if column.at < len(row) else "" for row in sample]
        _sort(column, [cell for cell in cells if cell], typed, areas)
    _one_area(columns)
    _one_period(columns)
    _attributes(columns, sample)
    return columns


def _sort(column: Column, cells: Sequence[str], typed: bool, areas: Areas) -> None:
    name = bare(column.name)
    if name in ("soortregio", "regiotype", "gebiedssoort", "regiosoort"):
        column.role = "level"
    elif _holds_areas(column, name, cells, areas):
        column.role = "area"
    elif _holds_periods(name, cells):
        column.role = "period"
    elif name in _NOTHING or not cells:
        column.role = "nothing" if name in _NOTHING or not typed else "measure"
        if not cells and name not in _NOTHING:
            column.role = "measure" if column.name else "nothing"
    elif _holds_values(column, cells, typed):
        column.role = "measure"
    else:
        column.role = "dimension"


def _holds_areas(column: Column, name: str, cells: Sequence[str], areas: Areas) -> bool:
    named = name in AREA_WORDS
    column.level = AREA_WORDS.get(name)
    digits = column.level or ("code" in name if named else False)
    codes = sum(bool(areas.code_in(cell, digits)) for cell in cells)
    column.codes = codes * 2 > len(cells)
    if not named:
        return (
            bool(cells)
            and codes >= 0.8 * len(cells)
            and not all(cell.isdecimal() for cell in cells)
        )
    if column.codes or column.level in ("district", "quarter"):
        return True
    known = sum(areas.knows(cell, column.level) for cell in cells)
    return known * 2 >= len(cells) if cells else name != "naam"


def _holds_periods(name: str, cells: Sequence[str]) -> bool:
    good = sum(period_in(cell) is not None for cell in cells)
    if name in PERIOD_WORDS:
        return bool(cells) and good * 2 >= len(cells)
    coded = sum(bool(re.fullmatch(r"\d{4}[A-Z]{1,2}\d{2,3}", cell)) for cell in cells)
    return bool(cells) and coded >= 0.8 * len(cells)


def _holds_values(column: Column, cells: Sequence[str], typed: bool) -> bool:
    if typed and not re.search(r"_\d+$", column.name):
        return False
    numbers = sum(is_number(cell) for cell in cells)
    good = sum(is_number(cell) or is_missing(cell) for cell in cells)
    return good >= 0.6 * len(cells) and (numbers > 0 or typed or _all_missing(cells))


def _all_missing(cells: Sequence[str]) -> bool:
    return all(is_missing(cell) for cell in cells)


def _one_area(columns: Sequence[Column]) -> None:
    found = [each for each in columns if each.role == "area"]
    if len(found) > 1:
        best = max(found, key=lambda c: (c.codes, _FINEST.get(str(c.level), 0), -c.at))
        for column in found:
            if column is not best:
                column.role = "nothing"
                best.level = best.level or column.level


def _one_period(columns: Sequence[Column]) -> None:
    found = [each for each in columns if each.role == "period"]
    order = sorted(found, key=lambda c: (bare(c.name) in ("peildatum", "datum"), c.at))
    for column in order[1:]:
        column.role = "nothing"


def _attributes(columns: Sequence[Column], rows: Sequence[list[str]]) -> None:
    """A text that is the same wherever the area is the same says what the area is, not what was
    measured."""
    place = next((each.at for each in columns if each.role == "area"), None)
    if place is None:
        return
    for column in columns:
        if column.role == "dimension":
            said: dict[str, set[str]] = {}
            for row in rows:
                if max(place, column.at) < len(row):
                    said.setdefault(row[place].strip(), set()).add(row[column.at].strip())
            different = set().union(*said.values()) if said else set()
            if len(different) > 1 and all(len(each) == 1 for each in said.values()):
                column.role = "nothing"
