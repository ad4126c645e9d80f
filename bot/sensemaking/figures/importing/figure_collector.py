"""Collects the values of a table into figures: which area and period each is of, how sure it is,
and what is refused, so that nothing is guessed and nothing small of one's own gets in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bot.sensemaking.figures.areas import LEVELS, Areas, Level
from bot.sensemaking.figures.importing.cell_values import CellValue, NoValue, decimal_sign, value_in
from bot.sensemaking.figures.importing.readings import (
    Answers,
    FileCell,
    Reading,
    RefusedLine,
    Remark,
)
from bot.sensemaking.figures.importing.units import Measure
from bot.sensemaking.figures.periods import Period, first_day, last_day, period_in, year_of
from storage.figures.model import Certainty, Figure, Indicator

SMALL = 10
"""A count of people below this, from a municipality's own file, is not stored."""
OWN_AREAS = 10
"""A file about more municipalities than this is not one of a municipality."""
_PUBLIC = re.compile(
    r"\b(?:cbs|rivm|ggd|vektis|duo|leefbaarometer|waarstaatjegemeente|vng|scp|uwv|kadaster|politie"
    r"|nji|volksgezondheidenzorg|rijksoverheid|statline)\b"
)
_LOWER = re.compile(r"^(?:MOG\d+|ondergrens.*|lower.*)$", re.IGNORECASE)
_UPPER = re.compile(r"^(?:MBG\d+|bovengrens.*|upper.*)$", re.IGNORECASE)
_MIDDLE = re.compile(r"^(?:MW0+|waarde|percentage|schatting|value)$", re.IGNORECASE)
FigureKey = tuple[str, str, str, str, str]
"""Source, table, title, area and period."""
DIMENSION_CODES = {
    "A045561": "jeugdzorg, totaal",
    "A045560": "jeugdhulp",
    "A042503": "jeugdhulp zonder verblijf",
    "A017916": "uitgevoerd door het wijkteam",
    "A027917": "niet uitgevoerd door het wijkteam",
    "A027918": "jeugdhulp met verblijf",
    "A027919": "jeugdbescherming",
    "A027920": "jeugdreclassering",
    "T001038": "mannen en vrouwen",
    "3000": "mannen",
    "4000": "vrouwen",
    "10000": "alle leeftijden",
    "20300": "18 jaar of ouder",
    "53115": "18 tot 65 jaar",
    "80200": "65 jaar of ouder",
}
"""Codes of CBS that files hold without their title."""


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A cell that should hold a value, and all that is known of it."""

    line: int
    column: int
    area: str
    period: Period
    measure: Measure
    text: str
    dims: tuple[str, ...] = ()
    source: str = ""
    table: str = ""
    certainty: Certainty | None = None
    bounds: tuple[float | None, float | None] = (None, None)


@dataclass(slots=True)
class Collector:
    """Takes in cells, gives out a reading. `sign`: what stands before decimals where the cells
    leave doubt; `title`: what the whole table is called, for columns that only say a year."""

    areas: Areas
    answers: Answers
    sign: str = ","
    source: str = ""
    table: str = ""
    title: str = ""
    reading: Reading = field(default_factory=Reading)
    found: list[FoundValue] = field(default_factory=list)
    _seen: set[tuple[int, str]] = field(default_factory=set)

    # -- what a row is about

    def refuse(self, line: int, code: str, column: int = 0, **slots: object) -> None:
        """Once for each line and code, however many cells it is about."""
        if (line, code) not in self._seen:
            self._seen.add((line, code))
            texts = {name: str(value)[:80] for name, value in slots.items()}
            self.reading.refused.append(RefusedLine(line, code, texts, column))

    def area_of_all(self) -> str:
        """The area that somebody said the whole file is about; empty when nobody did, or when it is
        none."""
        said = self.answers.area
        if not said:
            return ""
        named = self.areas.called(said, self.level or "municipality")
        code = self.areas.code_in(said) or named.code
        if not code:
            self.refuse(0, "answer_area", area=said)
        return code

    def period_of_all(self) -> Period | None:
        said = self.answers.period
        period = period_in(said) if said else None
        if said and period is None:
            self.refuse(0, "answer_period", period=said)
        return period

    @property
    def level(self) -> Level | None:
        """The level of names that somebody said."""
        return LEVELS.get(self.answers.level.casefold())

    def area(self, line: int, text: str, level: Level | None, digits: Level | bool) -> str:
        """The code of the area that a row names; empty when it is refused or asked."""
        text = text.strip()
        if code := self.areas.code_in(text, digits):
            return code
        if not text:
            self.refuse(line, "no_area")
            return ""
        if level in ("district", "quarter") and self.answers.level == "":
            self.refuse(line, "needs_code", area=text)
            return ""
        match = self.areas.called(text, level)
        if match.code:
            return match.code
        if not match.several:
            self.refuse(line, "area_unknown", area=text)
        elif level is None:
            self.reading.ask("level", line)
            self._choose(text, match.several)
        else:
            self.reading.ask("area", line)
            self._choose(text, match.several)
        return ""

    def _choose(self, text: str, several: Sequence[str]) -> None:
        self.reading.choices[text] = [f"{self.areas.name(code)} ({code})" for code in several]

    def period(self, line: int, text: str) -> Period | None:
        period = period_in(text) if text.strip() else None
        if period is None:
            self.refuse(line, "no_period", period=text.strip() or "-")
        return period

    # -- all together

    def finish(self) -> Reading:
        """The reading of all that was found."""
        signs = self._signs()
        marked = any(each.period.mark for each in self.found)
        values: dict[FigureKey, FileCell] = {}
        kinds: dict[tuple[str, str, str], str] = {}
        own = self._is_own()
        for each in self.found:
            cell = self._cell(each, signs.get(each.column) or self.sign, marked=marked, own=own)
            if cell is not None:
                self._take(cell, each, values, kinds)
        self.reading.cells = self._joined(values)
        self.reading.source = self.source
        self.reading.refused.sort(key=lambda each: (each.line, each.column))
        self._remark()
        return self.reading

    def _signs(self) -> dict[int, str]:
        """The sign before the decimals, by column: what the column says, else the file."""
        by_column: dict[int, list[str]] = {}
        for each in self.found:
            by_column.setdefault(each.column, []).append(each.text)
        all_of_it = decimal_sign(text for texts in by_column.values() for text in texts)
        self.sign = all_of_it or self.sign
        return {at: decimal_sign(texts) for at, texts in by_column.items()}

    def _is_own(self) -> bool:
        homes = {self.areas.municipality(each.area) for each in self.found}
        return len(homes) <= OWN_AREAS

    def _cell(self, found: FoundValue, sign: str, *, marked: bool, own: bool) -> FileCell | None:
        try:
            value = value_in(found.text, sign)
        except NoValue as problem:
            self.refuse(found.line, str(problem), found.column, text=found.text.strip())
            return None
        source = found.source or self.source
        mine = own and not _PUBLIC.search(source.casefold())
        people = abs(value.value or 0) * found.measure.multiplier
        if mine and found.measure.kind == "count" and 0 < people < SMALL:
            self.refuse(found.line, "small", found.column, n=SMALL)
            return None
        if self._misplaced(found):
            return None
        indicator = _indicator(
            found.measure, found.dims, source, found.table or self.table, own=mine
        )
        lower, upper = found.bounds
        figure = Figure(
            indicator,
            found.area,
            found.period.code,
            value.value,
            _certainty(found, value, marked=marked),
            value.missing,
            lower,
            upper if value.upper is None else value.upper,
        )
        return FileCell(found.line, found.column, figure)

    def _misplaced(self, found: FoundValue) -> bool:
        """Whether a code is none that there was in a year that the table of areas covers."""
        if self.areas.listed(found.area, year_of(found.period.code)):
            return False
        self.refuse(found.line, "code_unknown", area=found.area, period=found.period.code)
        return True

    def _take(
        self,
        cell: FileCell,
        found: FoundValue,
        values: dict[FigureKey, FileCell],
        kinds: dict[tuple[str, str, str], str],
    ) -> None:
        """Keep a cell, unless it is of another kind than the series that it would be in, or stands
        twice."""
        indicator = cell.figure.indicator
        kind = kinds.setdefault(indicator.identity, indicator.kind)
        if kind != indicator.kind:
            slots = {"indicator": indicator.title, "one": kind, "other": indicator.kind}
            self.refuse(cell.line, "kinds", found.column, **slots)
            return
        key = (*indicator.identity, cell.figure.area, cell.figure.period)
        if key not in values:
            values[key] = cell
        elif values[key].figure.said != cell.figure.said:
            self.refuse(cell.line, "twice", found.column, first=values[key].line)

    def _joined(self, values: dict[FigureKey, FileCell]) -> list[FileCell]:
        """The cells, with the margins that stand in rows or columns of their own beside their
        value."""
        margins = {title: _margin(title.split(", ")) for title in {key[2] for key in values}}
        if not any(which for _, which in margins.values()):
            return list(values.values())
        bounds: dict[FigureKey, dict[str, float | None]] = {}
        kept: dict[FigureKey, FileCell] = {}
        for (source, table, title, area, period), cell in values.items():
            plain, which = margins[title]
            key = source, table, plain, area, period
            if which in ("lower", "upper"):
                bounds.setdefault(key, {})[which] = cell.figure.value
            else:
                indicator = replace(cell.figure.indicator, title=plain)
                kept[key] = replace(cell, figure=replace(cell.figure, indicator=indicator))
        for of, ends in bounds.items():
            if of in kept:
                cell = kept[of]
                lower, upper = ends.get("lower"), ends.get("upper")
                figure = replace(cell.figure, certainty="modelled", lower=lower, upper=upper)
                kept[of] = replace(cell, figure=figure)
        return list(kept.values())

    def _remark(self) -> None:
        """What must be known about the areas: codes that ended, and neighbours that joined."""
        spans: dict[str, set[str]] = {}
        for cell in self.reading.cells:
            spans.setdefault(cell.figure.area, set()).add(cell.figure.period)
        for area, periods in sorted(spans.items()):
            first, last = min(map(first_day, periods)), max(map(last_day, periods))
            self.reading.remarks += remarks_on(self.areas, area, first, last)


@lru_cache(4_096)
def _indicator(
    measure: Measure, dims: tuple[str, ...], source: str, table: str, *, own: bool
) -> Indicator:
    title = ", ".join((measure.title, *dims))
    return Indicator(title, source, table, measure.unit, measure.multiplier, measure.kind, own)


def remarks_on(areas: Areas, area: str, first: str, last: str) -> Iterable[Remark]:
    """What must be known about an area whose figures are of the time between two days."""
    if not area.startswith("GM"):
        return
    known = areas.known.get(area)
    if known is None:
        years = {"first": str(areas.covers[0]), "last": str(areas.covers[1])}
        yield Remark("not_listed", area, {"area": area, **years})
        return
    if known.until:
        became = ", ".join(map(areas.name, known.successors))
        slots = {"area": known.name, "code": area, "day": known.until, "became": became}
        yield Remark("ended", area, slots)
    if known.since and first and first < known.since:
        yield Remark("began", area, {"area": known.name, "code": area, "day": known.since})
    for day, names in areas.joined(area):
        if first < day <= last:
            slots = {"area": known.name, "code": area, "day": day, "who": ", ".join(names)}
            yield Remark("joined", area, slots)


def _margin(parts: Sequence[str]) -> tuple[str, str]:
    """A title without the part that says that it is a margin, and which end that is; or the value
    between them."""
    for at, part in enumerate(parts[1:], 1):
        for pattern, which in ((_LOWER, "lower"), (_UPPER, "upper"), (_MIDDLE, "middle")):
            if pattern.match(part):
                return ", ".join((*parts[:at], *parts[at + 1 :])), which
    return ", ".join(parts), ""


def _certainty(found: FoundValue, value: CellValue, *, marked: bool) -> Certainty:
    """How sure a figure is: what is said of it or its cell, then of its period. Only where some
    periods have a mark, one without is definitive."""
    said = found.certainty or value.mark or found.period.mark
    if found.bounds != (None, None) and said is None:
        return "modelled"
    return said or ("definitive" if marked else "unknown")
