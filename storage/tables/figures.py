"""The tables of figures: what is measured, its values by area and period, and every import."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field

from storage.engine.types import Rising, TableModel, Utc, partial_index


class Indicator(TableModel, table=True):
    """What is measured. `title` holds its dimensions too. One of a municipality's `own` file is for
    the readers of that file's municipality."""

    __table_args__ = (
        UniqueConstraint("source", "table_name", "title"),
        CheckConstraint(
            "kind IN ('count', 'percentage', 'per_1000', 'rate', 'euro', 'score', 'index',"
            " 'other')",
            name="indicator_kind",
        ),
    )

    id: str = Field(primary_key=True)
    source: str
    table_name: str
    title: str
    unit: str
    multiplier: int = Field(sa_type=BigInteger)
    kind: str
    own: bool


class FigureImport(TableModel, table=True):
    """That a file was imported: by whom (empty: the operator), and how much of it. Its number is
    the version of the figures that it brought."""

    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, sa_column=Column(Rising, primary_key=True))
    at: datetime = Field(sa_type=Utc)
    coordinator_id: str = ""
    added: int
    changed: int
    unchanged: int
    refused: int


class Figure(TableModel, table=True):
    """One value of an indicator, of an area and a period. A value that an import replaced stays, as
    the version that a session or a pack may hold; one is `latest`. Without a value, `missing` says
    why: never zero."""

    __table_args__ = (
        CheckConstraint("(value IS NULL) = (missing <> '')", name="figure_missing"),
        partial_index("ix_figure_latest", "area", "indicator_id", "period", where="latest"),
        Index("ix_figure_version", "version"),
    )

    indicator_id: str = Field(primary_key=True, foreign_key="indicator.id", ondelete="CASCADE")
    area: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    certainty: str
    missing: str
    latest: bool


class Expectation(TableModel, table=True):
    """What was expected of an indicator and an answer before anybody looked: more of the one with
    more of the other (1), or with less (-1). All of a quarter count as looked at, kept or not; none
    is taken back. `team_id` is whose they are (empty: the association's)."""

    __table_args__ = (
        UniqueConstraint("quarter", "team_id", "indicator_id", "question", "answer"),
        CheckConstraint("expected IN (1, -1)", name="expectation_expected"),
    )

    id: str = Field(primary_key=True)
    quarter: str
    team_id: str = ""
    coordinator_id: str
    at: datetime = Field(sa_type=Utc)
    indicator_id: str = Field(foreign_key="indicator.id", ondelete="CASCADE")
    question: str
    answer: str
    expected: int
