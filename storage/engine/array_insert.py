"""Many rows in one statement of PostgreSQL, out of an array for each column: they are planned,
counted by triggers and answered once, where row by row each of them is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Insert
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeEngine

_VALUES = re.compile(r"(INSERT INTO .*?\) )VALUES \(((?:%\(\w+\)s[A-Z: ]*,? ?)+)\)(.*)", re.DOTALL)
_NAME = re.compile(r"%\((\w+)\)s")


def array_insert(
    statement: ClauseElement, sql: str, types: Mapping[str, TypeEngine[Any]], dialect: Dialect
) -> ArrayInsert | None:
    """For an insert of one row that is compiled to `sql`, with parameters of these types. None on
    SQLite, and where a value is more than a parameter."""
    if dialect.name != "postgresql" or not isinstance(statement, Insert):
        return None
    if (found := _VALUES.fullmatch(sql)) is None:
        return None
    head, values, tail = found.groups()
    arrays = {
        name: types[name].dialect_impl(dialect).compile(dialect=dialect)
        for name in _NAME.findall(values)
    }
    conflict = getattr(statement, "_post_values_clause", None)
    return ArrayInsert(head, arrays, tail, getattr(conflict, "inferred_target_elements", ()))


class ArrayInsert:
    """An insert of several rows, with the type of each column. `unique` are the columns by which it
    finds a row that is there: none is changed twice at once."""

    def __init__(
        self, head: str, types: Mapping[str, str], tail: str, unique: Sequence[str]
    ) -> None:
        arrays = ", ".join(f"%({name})b::{kind}[]" for name, kind in types.items())
        self._names = list(types)
        self._unique = unique
        self.sql = f"{head}SELECT * FROM unnest({arrays}) AS given{tail}"  # noqa: S608 - all of it compiled

    def parameters(self, rows: Sequence[Mapping[str, object]]) -> Iterator[dict[str, list[object]]]:
        """With which it is executed to insert them in their order: mostly once."""
        for some in self._apart(rows):
            yield {name: [row[name] for row in some] for name in self._names}

    def _apart(
        self, rows: Sequence[Mapping[str, object]]
    ) -> Iterator[Sequence[Mapping[str, object]]]:
        """The rows in parts that have no key twice."""
        part: dict[object, Mapping[str, object]] = {}
        for place, row in enumerate(rows):
            key = tuple(row[name] for name in self._unique) if self._unique else place
            if key in part:
                yield list(part.values())
                part = {}
            part[key] = row
        yield list(part.values())
