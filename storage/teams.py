"""Teams, and the codes of their invitation links."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from storage import tables
from storage.database import Reads
from storage.tables import core

TEAM = core(tables.Team)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Team:
    """A local team. `code` stands in its links: random, and renewed to end the old links."""

    id: str
    name: str
    municipality: str
    code: str


@dataclass(frozen=True, slots=True)
class Imported:
    added: int
    changed: int
    unchanged: int


def slug(text: str) -> str:
    """A text as an id: `Wijkteam Oost (Zwolle)` becomes `wijkteam-oost-zwolle`."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain)) or "team"


def add(connection: Connection, name: str, municipality: str, team_id: str | None = None) -> Team:
    """A new team. Without an id it gets one from its name and municipality. Raises ValueError when
    the id is taken."""
    wanted = team_id or slug(f"{name} {municipality}")
    if by_id(connection, wanted) is not None:
        raise ValueError(f"there is a team {wanted} already: choose another id")
    team = Team(wanted, name, municipality, _code())
    connection.execute(
        insert(TEAM).values(
            id=team.id, name=team.name, municipality=team.municipality, code=team.code
        )
    )
    return team


def bring_in(connection: Connection, rows: Iterable[tuple[str, str, str | None]]) -> Imported:
    """Add or rename teams from (name, municipality, id or None); none is taken away."""
    added = changed = unchanged = 0
    for name, municipality, team_id in rows:
        team = by_id(connection, team_id or slug(f"{name} {municipality}"))
        if team is None:
            add(connection, name, municipality, team_id)
            added += 1
        elif (team.name, team.municipality) != (name, municipality):
            rename(connection, team.id, name, municipality)
            changed += 1
        else:
            unchanged += 1
    return Imported(added, changed, unchanged)


def rename(connection: Connection, team_id: str, name: str, municipality: str) -> None:
    connection.execute(
        update(TEAM).where(TEAM.c.id == team_id).values(name=name, municipality=municipality)
    )


def renew_code(connection: Connection, team_id: str) -> str:
    """A new code; links with the old one stop working."""
    code = _code()
    connection.execute(update(TEAM).where(TEAM.c.id == team_id).values(code=code))
    return code


def remove(connection: Connection, team_id: str) -> bool:
    """Take a team out of the choices; its stories stay. Whether it was there."""
    return connection.execute(delete(TEAM).where(TEAM.c.id == team_id)).rowcount > 0


def by_id(reads: Reads, team_id: str) -> Team | None:
    row = reads.execute(select(TEAM).where(TEAM.c.id == team_id)).one_or_none()
    return None if row is None else Team(row.id, row.name, row.municipality, row.code)


def by_code(reads: Reads, code: str) -> Team | None:
    """The team of an invitation link."""
    row = reads.execute(select(TEAM).where(TEAM.c.code == code)).one_or_none()
    return None if row is None else Team(row.id, row.name, row.municipality, row.code)


def listed(reads: Reads) -> list[Team]:
    """All teams, by municipality and name."""
    query = select(TEAM).order_by(TEAM.c.municipality, TEAM.c.name, TEAM.c.id)
    return [Team(row.id, row.name, row.municipality, row.code) for row in reads.execute(query)]


def _code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(16))
