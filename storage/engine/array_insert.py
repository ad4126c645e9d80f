"""Many rows in one statement of PostgreSQL, out of an array for each column: they are planned,
counted by triggers and answered once, where row by row each of them is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, Self

from sqlalchemy import ARRAY, BindParameter, Dialect, bindparam, func, select
from sqlalchemy.sql.elements import ClauseElement

Build = Callable[[Any], Any]
"""Makes a statement, given the `insert` of the dialect."""


def array_insert(build: Build, dialect: Dialect) -> ArrayInsert | None:
    """The statement that `build` makes, for many rows. None on SQLite, when it is no insert of one
    row, and where a value is more than a parameter."""
    if dialect.name != "postgresql":
        return None
    statement = build(_insert_of_arrays())
    arrays = getattr(statement, "arrays", {})
    return ArrayInsert(statement, arrays, dialect) if arrays else None


@cache
def _insert_of_arrays() -> type[Any]:
    """An insert that takes its values out of arrays, each with the name of the parameter that one
    row would have. Made where it is used: SQLite needs nothing of the other dialect."""
    from sqlalchemy.dialects.postgresql import Insert

    class InsertOfArrays(Insert):
        inherit_cache = False
        arrays: Mapping[str, str] = MappingProxyType({})

        def values(self, *given: Mapping[Any, Any] | Sequence[Any], **named: object) -> Self:
            row: Any = given[0] if given else named
            if not isinstance(row, dict) or not all(map(_is_parameter, row.values())):
                return super().values(*given, **named)
            arrays = [
                bindparam(value.key, type_=ARRAY(self.table.c[column].type))
                for column, value in row.items()
            ]
            rows = func.unnest(*arrays).table_valued(*row).render_derived(name="given")
            insert = self.from_select(list(row), select(rows), include_defaults=False)
            insert.arrays = {column: value.key for column, value in row.items()}
            return insert

    return InsertOfArrays


def _is_parameter(value: object) -> bool:
    return isinstance(value, BindParameter) and value.required


class ArrayInsert:
    """Inserts several rows out of `arrays`, by column. Where it looks for a row that is there by
    its unique columns, none is changed twice at once."""

    def __init__(
        self, statement: ClauseElement, arrays: Mapping[str, str], dialect: Dialect
    ) -> None:
        self.sql = str(statement.compile(dialect=dialect)).replace(")s::", ")b::")
        # The driver puts arrays together in binary, which takes it a third of the time.
        self._names = list(arrays.values())
        conflict = getattr(statement, "_post_values_clause", None)
        self._unique = [arrays[each] for each in getattr(conflict, "inferred_target_elements", ())]

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
