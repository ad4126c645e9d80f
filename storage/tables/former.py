"""Tables that only the version before uses, while replicas are replaced one by one. Nothing reads
them any more; what an archive holds of them is left out. The next version takes them away."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from storage.engine.types import UNORDERED, TableModel, core


class Rollup(TableModel, table=True):
    """How many stories of a week, guide and team (empty: none) gave an answer."""

    __table_args__ = (UNORDERED,)

    week: str = Field(primary_key=True)
    guide: str = Field(primary_key=True)
    team_id: str = Field(primary_key=True)
    dimension: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    count: int


class Publication(TableModel, table=True):
    """A week (or quarter) whose numbers left through the gate. A week that is not over leaves in
    parts: `seen` are the counts of the parts so far, so that the next holds only what is new."""

    __table_args__ = (UNORDERED,)

    period: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    final: bool
    threshold: int
    seen: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Released(TableModel, table=True):
    """A number that left: never fewer than the threshold, never changed. Scope: a team, or empty
    for all together."""

    __table_args__ = (UNORDERED,)

    period: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    dimension: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    count: int
    base: int


FORMER = tuple(core(model) for model in (Rollup, Publication, Released))
