"""Tables with a head: data sets of CBS with a column for each topic, the layouts of StatLine, and
sheets with years as columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.sensemaking.figures.areas import LEVELS, Level
from bot.sensemaking.figures.importing.columns import (
    AREA_WORDS,
    Column,
    bare,
    is_typed,
    sort_columns,
)
from bot.sensemaking.figures.importing.figure_collector import (
    DIMENSION_CODES,
    Collector,
    FoundValue,
)
from bot.sensemaking.figures.importing.heads import Headed
from bot.sensemaking.figures.importing.units import Measure, is_unit_row, measured
from bot.sensemaking.figures.periods import Period, period_in
from bot.spreadsheets.delimited import RawRow

_YEAR = re.compile(r"(?<![\d/])((?:19|20)\d\d)(?![\d/])")


@dataclass(frozen=True, slots=True)
class TopicColumn:
    """A column of values: what it measures, and the area or period that its head says."""

    at: int
    measure: Measure
    period: Period | None = None
    area: str = ""


@dataclass(slots=True)
class _Roles:
    area: Column | None
    period: Column | None
    level: Column | None
    dims: list[Column]
    topics: list[TopicColumn]


def read_wide(table: Headed, collector: Collector) -> None:
    """Take in every value of a table with a head."""
    rows = [list(row.cells) for row in table.rows]
    columns = sort_columns(table.heads(), rows, collector.areas)
    labels = table.labels()
    topics = _topics(table, columns, labels, collector)
    first = {column.role: column for column in reversed(columns)}
    roles = _Roles(
        first.get("area"),
        first.get("period"),
        first.get("level"),
        [column for column in columns if column.role == "dimension"],
        topics,
    )
    if not topics:
        collector.refuse(0, "no_values")
        return
    if _must_ask(table, roles, collector):
        return
    area, period = collector.area_of_all(), collector.period_of_all()
    level = _level_of(roles, rows, collector)
    for row in table.rows:
        _read_row(row, roles, collector, (area, period, level))


def _must_ask(table: Headed, roles: _Roles, collector: Collector) -> bool:
    """Whether the file does not say which area or which year it is about, and nobody did."""
    asked = False
    has_area = roles.area is not None or all(topic.area for topic in roles.topics)
    has_period = roles.period is not None or all(topic.period for topic in roles.topics)
    for has, said, question in (
        (has_area, collector.answers.area, "area"),
        (has_period, collector.answers.period, "period"),
    ):
        if not has and not said:
            asked = True
            for row in table.rows:
                collector.reading.ask("area" if question == "area" else "period", row.line)
    if asked:  # each line once, also when two things are asked
        collector.reading.asked = sorted(set(collector.reading.asked))
    return asked


def _level_of(roles: _Roles, rows: Sequence[list[str]], collector: Collector) -> Level | None:
    """The level of the names in the column of areas: what was said, or what its head states. Where
    neither does and few of its names are known, it is asked."""
    column = roles.area
    if column is None or column.codes:
        return collector.level or (column.level if column else None)
    level = collector.level or column.level
    if level is None and roles.level is None:
        names = {row[column.at].strip() for row in rows if column.at < len(row)} - {""}
        known = sum(collector.areas.knows(name) for name in names)
        if known < 0.6 * len(names):
            collector.reading.ask("level")
    return level


def _read_row(
    row: RawRow,
    roles: _Roles,
    collector: Collector,
    said: tuple[str, Period | None, Level | None],
) -> None:
    cells = row.cells
    area, period, level = said
    if not any(_at(cells, topic.at).strip() for topic in roles.topics) and not _named(roles, cells):
        return
    if roles.area is not None:
        text = _at(cells, roles.area.at)
        mine = LEVELS.get(_at(cells, roles.level.at).strip().casefold()) if roles.level else level
        digits: Level | bool = roles.area.level or "code" in bare(roles.area.name)
        area = collector.area(row.line, text, mine, digits)
        if not area:
            return
    if roles.period is not None:
        found = collector.period(row.line, _at(cells, roles.period.at))
        if found is None:
            return
        period = found
    dims = tuple(
        DIMENSION_CODES.get(text, text)
        for column in roles.dims
        if (text := " ".join(_at(cells, column.at).split()))
    )
    for topic in roles.topics:
        mine_area, mine_period = topic.area or area, topic.period or period
        if mine_area and mine_period:
            text = _at(cells, topic.at)
            at = topic.at + 1
            collector.found.append(
                FoundValue(row.line, at, mine_area, mine_period, topic.measure, text, dims)
            )


def _named(roles: _Roles, cells: Sequence[str]) -> bool:
    return any(_at(cells, c.at).strip() for c in (roles.area, roles.period) if c is not None)


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _topics(
    table: Headed, columns: Sequence[Column], labels: int, collector: Collector
) -> list[TopicColumn]:
    """The columns of values, each with what its head says row by row."""
    values = [c for c in columns if c.role == "measure"]
    typed = is_typed([c.name for c in columns])
    kinds = [_row_kind(table, at, values, labels, collector) for at in range(len(table.head))]
    found = [_topic(c, kinds, collector, typed=typed) for c in values if c.name or len(c.head) > 1]
    if typed:
        found = _numbered(found, values)
    if not any(c.role == "period" for c in columns) and found and not typed:
        found = _years_in_titles(found)
    if any(topic.measure.title for topic in found):
        return found
    title = collector.title
    if not title:
        return []
    return [
        TopicColumn(each.at, measured(title, each.measure.unit), each.period, each.area)
        for each in found
    ]


def _row_kind(
    table: Headed, at: int, values: Sequence[Column], labels: int, collector: Collector
) -> str:
    """What a row of the head tells of the columns: their period, area, unit or topic."""
    cells = [column.head[at] for column in values if column.head[at].strip()]
    if not cells:
        return "nothing"
    row = table.head[at].cells
    named = next((bare(cell) for cell in reversed(row[:labels]) if cell.strip()), "")
    if all(period_in(cell) for cell in cells):
        return "period"
    if named in AREA_WORDS and len(table.head) > 1:
        level = AREA_WORDS[named]
        areas = collector.areas
        if all(areas.code_in(c) or areas.called(c, level).code for c in cells):
            return "area"
    return "unit" if len(table.head) > 1 and is_unit_row(cells) else "topic"


def _topic(
    column: Column, kinds: Sequence[str], collector: Collector, *, typed: bool
) -> TopicColumn:
    path: list[str] = []
    unit, area, period = "", "", None
    for kind, cell in zip(kinds, column.head, strict=True):
        text = " ".join(cell.split())
        match kind:
            case "period":
                period = period_in(text)
            case "area":
                area = collector.areas.code_in(text) or collector.areas.called(text).code
            case "unit":
                unit = text
            case "topic" if text and text not in path:
                path.append(text)
    title = _spaced(path[-1]) if typed and path else " / ".join(path)
    return TopicColumn(column.at, measured(title, unit), period, area)


def _years_in_titles(topics: Sequence[TopicColumn]) -> list[TopicColumn]:
    """Where every title holds one year, that is its period."""
    found = []
    for topic in topics:
        years = _YEAR.findall(topic.measure.title)
        if topic.period is not None or len(years) != 1:
            return list(topics)
        title = re.sub(r"\s*[(,_-]?\s*" + years[0] + r"\)?", " ", topic.measure.title).strip(" _-")
        if not title:
            return list(topics)
        measure = measured(" ".join(title.split()), topic.measure.unit)
        found.append(TopicColumn(topic.at, measure, Period(years[0]), topic.area))
    return found


def _numbered(topics: Sequence[TopicColumn], columns: Sequence[Column]) -> list[TopicColumn]:
    """Topics of a data set that would have the same title keep the number by which they differ:
    `Binnen5Km_4` and `Binnen5Km_8` are of other things."""
    titles = [topic.measure.title for topic in topics]
    numbers = {column.at: column.name.rpartition("_")[2] for column in columns}
    return [
        replace(
            each, measure=replace(each.measure, title=f"{each.measure.title} ({numbers[each.at]})")
        )
        if titles.count(each.measure.title) > 1
        else each
        for each in topics
    ]


def _spaced(name: str) -> str:
    """The name of a topic in a data set as words: `JongerenMetHulp_1` is `Jongeren met hulp`."""
    plain = re.sub(r"_\d+$", "", name)
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=\d)", " ", plain).split(" ")
    rest = (part if part.isupper() and len(part) > 1 else part.lower() for part in parts[1:])
    return " ".join((parts[0], *rest))
