"""Figures in the store: imported (the same again changes nothing, another value replaces), read by
area, listed by indicator, removed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec import convert
from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, select, update

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.figures.model import Figure, Indicator
from storage.vault.vault import new_id

INDICATOR = core(tables.Indicator)
FIGURE = core(tables.Figure)
IMPORT = core(tables.FigureImport)
_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Replaced:
    """A figure that an import changed: what it was, and what it is."""

    before: Figure
    now: Figure


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do. `version`: its number; 0 when nothing is stored. `kinds`:
    figures that are of another kind than the indicator that is kept, and are not stored."""

    added: int
    changed: Sequence[Replaced]
    unchanged: int
    kinds: Sequence[Figure]
    version: int = 0


@dataclass(frozen=True, slots=True)
class ListedIndicator:
    """An indicator as it is kept, and of how many areas and which periods."""

    id: str
    indicator: Indicator
    figures: int
    areas: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class KeptFigure:
    """A figure as it is kept: of which indicator, and as of which import."""

    indicator_id: str
    version: int
    figure: Figure


def compare(reads: Reads, figures: Iterable[Figure]) -> ImportResult:
    """What an import of these figures would do."""
    return _compared(reads, figures)[0]


def save(
    connection: Transaction,
    figures: Iterable[Figure],
    now: datetime,
    *,
    who: str = "",
    refused: int = 0,
) -> ImportResult:
    """Import figures: add the new ones, replace those that changed. What is replaced stays as its
    own version."""
    result, new, ids = _compared(connection, figures)
    made = {figure.indicator for figure in new if figure.indicator.identity not in ids}
    rows = [{"id": new_id(), **_indicator_row(each)} for each in sorted(made, key=repr)]
    if rows:
        connection.execute(insert(INDICATOR), rows)
    ids |= {(row["source"], row["table_name"], row["title"]): row["id"] for row in rows}
    version = connection.execute(
        insert(IMPORT).values(
            at=now,
            coordinator_id=who,
            added=result.added,
            changed=len(result.changed),
            unchanged=result.unchanged,
            refused=refused + len(result.kinds),
        )
    ).inserted_primary_key
    number = int(version[0]) if version else 0
    for each in result.changed:
        same = _is(each.now, ids[each.now.indicator.identity])
        connection.execute(update(FIGURE).where(same, FIGURE.c.latest).values(latest=False))
    if new:
        connection.execute(
            insert(FIGURE),
            [_figure_row(each, ids[each.indicator.identity], number) for each in new],
        )
    return ImportResult(result.added, result.changed, result.unchanged, result.kinds, number)


def listed(reads: Reads, areas: Collection[str] | None = None) -> list[ListedIndicator]:
    """Every indicator that is kept; with `areas` those that have figures of one of them."""
    count = (
        func.count(), func.count(FIGURE.c.area.distinct()), func.min(FIGURE.c.period),
        func.max(FIGURE.c.period),
    )  # fmt: skip
    query = (
        select(INDICATOR, *count)
        .join(FIGURE, and_(FIGURE.c.indicator_id == INDICATOR.c.id, FIGURE.c.latest))
        .group_by(*INDICATOR.c)
        .order_by(INDICATOR.c.source, INDICATOR.c.table_name, INDICATOR.c.title)
    )
    if areas is not None:
        query = query.where(FIGURE.c.area.in_(list(areas)))
    return [
        ListedIndicator(row.id, _indicator(row), int(row[-4]), int(row[-3]), row[-2], row[-1])
        for row in reads.execute(query)
    ]


def of_areas(reads: Reads, areas: Collection[str], at: datetime | None = None) -> list[KeptFigure]:
    """The figures of some areas, by indicator, area and period: the latest, or those that were the
    latest at a moment."""
    query = (
        select(FIGURE, *_named())
        .join(INDICATOR, FIGURE.c.indicator_id == INDICATOR.c.id)
        .where(_stood(at), FIGURE.c.area.in_(list(areas)))
        .order_by(INDICATOR.c.source, INDICATOR.c.title, FIGURE.c.area, FIGURE.c.period)
    )
    return [_kept(row) for row in reads.execute(query)]


def of_indicator(reads: Reads, indicator_id: str, at: datetime | None = None) -> list[KeptFigure]:
    """The same of an indicator, by area and period."""
    query = (
        select(FIGURE, *_named())
        .join(INDICATOR, FIGURE.c.indicator_id == INDICATOR.c.id)
        .where(_stood(at), FIGURE.c.indicator_id == indicator_id)
        .order_by(FIGURE.c.area, FIGURE.c.period)
    )
    return [_kept(row) for row in reads.execute(query)]


def as_of(
    reads: Reads, indicator_id: str, area: str, period: str, version: int
) -> KeptFigure | None:
    """A figure in the version that a session or a pack holds."""
    query = (
        select(FIGURE, *_named())
        .join(INDICATOR, FIGURE.c.indicator_id == INDICATOR.c.id)
        .where(
            FIGURE.c.indicator_id == indicator_id,
            FIGURE.c.area == area,
            FIGURE.c.period == period,
            FIGURE.c.version == version,
        )
    )
    row = reads.execute(query).one_or_none()
    return None if row is None else _kept(row)


def remove(connection: Transaction, indicator_id: str) -> int:
    """Take out an indicator with all its figures; how many there were."""
    query = select(func.count()).select_from(FIGURE).where(FIGURE.c.indicator_id == indicator_id)
    many = int(connection.execute(query).scalar_one())
    connection.execute(delete(FIGURE).where(FIGURE.c.indicator_id == indicator_id))
    connection.execute(delete(INDICATOR).where(INDICATOR.c.id == indicator_id))
    return many


def imported(reads: Reads, version: int) -> ImportResult | None:
    """What an import did; None when there was none of this number."""
    row = reads.execute(select(IMPORT).where(IMPORT.c.id == version)).one_or_none()
    if row is None:
        return None
    old, now = FIGURE.alias("old"), FIGURE
    same = [old.c[name] == now.c[name] for name in ("indicator_id", "area", "period")]
    before = select(func.max(old.c.version)).where(*same, old.c.version < version)
    query = (
        select(FIGURE, *_named(), before.scalar_subquery().label("before"))
        .join(INDICATOR, FIGURE.c.indicator_id == INDICATOR.c.id)
        .where(FIGURE.c.version == version)
    )
    changed = []
    for each in reads.execute(query):
        if each.before is not None:
            kept = as_of(reads, each.indicator_id, each.area, each.period, each.before)
            if kept is not None:
                changed.append(Replaced(kept.figure, _kept(each).figure))
    return ImportResult(row.added, changed, row.unchanged, (), version)


# -- inside


def _compared(
    reads: Reads, figures: Iterable[Figure]
) -> tuple[ImportResult, list[Figure], dict[tuple[str, str, str], str]]:
    """What an import would do, the figures that are new or changed, and the ids of the indicators
    that are kept."""
    wanted = list(figures)
    known = _indicators(reads, {each.indicator.identity for each in wanted})
    kept = _latest(reads, {key: id_ for key, (id_, _) in known.items()})
    added, unchanged = 0, 0
    changed: list[Replaced] = []
    kinds: list[Figure] = []
    new: list[Figure] = []
    for each in wanted:
        before = known.get(each.indicator.identity)
        if before is not None and before[1].kind != each.indicator.kind:
            kinds.append(each)
            continue
        old = kept.get((each.indicator.identity, each.area, each.period))
        if old is None:
            added += 1
        elif old.said == each.said:
            unchanged += 1
            continue
        else:
            changed.append(Replaced(old, each))
        new.append(each)
    ids = {key: id_ for key, (id_, _) in known.items()}
    return ImportResult(added, changed, unchanged, kinds), new, ids


def _indicators(
    reads: Reads, wanted: Collection[tuple[str, str, str]]
) -> dict[tuple[str, str, str], tuple[str, Indicator]]:
    sources = {source for source, _, _ in wanted}
    query = select(INDICATOR).where(INDICATOR.c.source.in_(sources))
    found = {}
    for row in reads.execute(query):
        indicator = _indicator(row)
        if indicator.identity in wanted:
            found[indicator.identity] = (row.id, indicator)
    return found


def _latest(
    reads: Reads, ids: dict[tuple[str, str, str], str]
) -> dict[tuple[tuple[str, str, str], str, str], Figure]:
    names = {id_: key for key, id_ in ids.items()}
    found = {}
    every = list(names)
    for at in range(0, len(every), _AT_ONCE):
        some = every[at : at + _AT_ONCE]
        query = (
            select(FIGURE, *_named())
            .join(INDICATOR, FIGURE.c.indicator_id == INDICATOR.c.id)
            .where(FIGURE.c.latest, FIGURE.c.indicator_id.in_(some))
        )
        for row in reads.execute(query):
            kept = _kept(row)
            found[names[row.indicator_id], row.area, row.period] = kept.figure
    return found


def _is(figure: Figure, indicator_id: str) -> ColumnElement[bool]:
    return and_(
        FIGURE.c.indicator_id == indicator_id,
        FIGURE.c.area == figure.area,
        FIGURE.c.period == figure.period,
    )


def _stood(at: datetime | None) -> ColumnElement[bool]:
    """The latest of a figure; at a moment: as of the last import before it."""
    if at is None:
        return FIGURE.c.latest.is_(True)
    other, before = FIGURE.alias(), IMPORT.alias()
    newest = (
        select(func.max(other.c.version))
        .join(before, before.c.id == other.c.version)
        .where(
            other.c.indicator_id == FIGURE.c.indicator_id,
            other.c.area == FIGURE.c.area,
            other.c.period == FIGURE.c.period,
            before.c.at <= at,
        )
        .scalar_subquery()
        .correlate(FIGURE)
    )
    return FIGURE.c.version == newest


def _named() -> list[Any]:
    return [column for column in INDICATOR.c if column.name != "id"]


def _indicator_row(indicator: Indicator) -> dict[str, Any]:
    return {
        "source": indicator.source,
        "table_name": indicator.table,
        "title": indicator.title,
        "unit": indicator.unit,
        "multiplier": indicator.multiplier,
        "kind": indicator.kind,
        "own": indicator.own,
    }


def _figure_row(figure: Figure, indicator_id: str, version: int) -> dict[str, Any]:
    return {
        "indicator_id": indicator_id,
        "area": figure.area,
        "period": figure.period,
        "version": version,
        "value": figure.value,
        "lower": figure.lower,
        "upper": figure.upper,
        "certainty": figure.certainty,
        "missing": figure.missing,
        "latest": True,
    }


def _indicator(row: Row[Any]) -> Indicator:
    named = {"table": row.table_name}
    rest = ("title", "source", "unit", "multiplier", "kind", "own")
    return convert(named | {name: getattr(row, name) for name in rest}, Indicator)


def _kept(row: Row[Any]) -> KeptFigure:
    names = ("area", "period", "value", "certainty", "missing", "lower", "upper")
    values = {name: getattr(row, name) for name in names}
    figure = convert({"indicator": _indicator(row), **values}, Figure)
    return KeptFigure(row.indicator_id, row.version, figure)
