"""Which inserts take many rows out of arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import bindparam, func
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from storage.engine.array_insert import array_insert
from storage.outbox.outbox import OUTBOX

POSTGRESQL = PGDialect_psycopg()  # type: ignore[no-untyped-call]
ROW: dict[str, Any] = {"id": bindparam("its_id"), "state": bindparam("state")}


def test_an_insert_of_one_row_takes_many_out_of_arrays_by_their_unique_columns() -> None:
    found = array_insert(
        lambda insert: insert(OUTBOX).values(ROW).on_conflict_do_nothing(index_elements=["id"]),
        POSTGRESQL,
    )
    assert found is not None
    assert "FROM unnest(%(its_id)b::BIGINT[], %(state)b::VARCHAR[])" in found.sql
    rows = [{"its_id": row_id, "state": "sent"} for row_id in (1, 2, 1)]
    assert [given["its_id"] for given in found.parameters(rows)] == [[1, 2], [1]]


@pytest.mark.parametrize(
    "build",
    [
        lambda insert: insert(OUTBOX).values([ROW, ROW]),
        lambda insert: insert(OUTBOX).values({**ROW, "state": "sent"}),
        lambda insert: insert(OUTBOX).values({**ROW, "state": func.lower(ROW["state"])}),
        lambda _: OUTBOX.delete(),
    ],
)
def test_what_is_more_than_the_parameters_of_one_row_does_not(build: Callable[[Any], Any]) -> None:
    assert array_insert(build, POSTGRESQL) is None


def test_sqlite_has_none() -> None:
    assert array_insert(lambda insert: insert(OUTBOX).values(ROW), SQLiteDialect_pysqlite()) is None
