"""Teams: their names, their places, and the codes in their invitation links."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from conversations.guide.model import Option, Places, Town
from storage import tables
from storage.engine.database import Reads
from storage.engine.types import core

TEAM = core(tables.Team)


class TeamProblem(Exception):
    """The team cannot be added. The text names the mend."""


@dataclass(frozen=True, slots=True)
class Team:
    """A local team. `id` is its short name, `code` stands in its invitation link."""

    id: str
    name: str
    municipality: str
    code: str


def add(connection: Connection, name: str, municipality: str) -> Team:
    """Add a team. Raises TeamProblem when its name is empty or taken in that municipality."""
    name, municipality = name.strip(), municipality.strip()
    if not name or not municipality:
        raise TeamProblem("a team needs a name and a municipality")
    team_id = f"{slug(municipality)}-{slug(name)}"
    if connection.execute(select(TEAM.c.id).where(TEAM.c.id == team_id)).first():
        raise TeamProblem(f"{name} in {municipality} is there already: choose another name")
    team = Team(team_id, name, municipality, secrets.token_hex(6))
    connection.execute(
        insert(TEAM).values(id=team.id, name=name, municipality=municipality, code=team.code)
    )
    return team


def all_teams(reads: Reads) -> list[Team]:
    """Every team, by municipality and name."""
    query = select(TEAM).order_by(TEAM.c.municipality, TEAM.c.name)
    return [Team(row.id, row.name, row.municipality, row.code) for row in reads.execute(query)]


def by_code(reads: Reads, code: str) -> Team | None:
    """The team of an invitation link."""
    row = reads.execute(select(TEAM).where(TEAM.c.code == code)).one_or_none()
    return None if row is None else Team(row.id, row.name, row.municipality, row.code)


def full_name(team: Team) -> str:
    """A name that means no other team: `Oost (Zwolle)`."""
    return f"{team.name} ({team.municipality})"


def by_name(all_teams: Iterable[Team]) -> dict[str, Team]:
    """Teams under every name, in lower case, that means one alone: with its municipality (`oost
    (zwolle)` or `oost, zwolle`), and without when no other team is called so."""
    found: dict[str, Team] = {}
    alone: dict[str, list[Team]] = {}
    for team in all_teams:
        alone.setdefault(team.name.casefold(), []).append(team)
        for name in (full_name(team), f"{team.name}, {team.municipality}"):
            found[name.casefold()] = team
    return found | {name: same[0] for name, same in alone.items() if len(same) == 1}


KNOWN = ("team", "team_id", "team_name", "municipality_id", "municipality_name")
"""What is known of someone's own team."""


def known(team: Team) -> dict[str, str]:
    """What an invitation link tells, so that it need not be asked."""
    return {
        "team": team.name,
        "team_id": team.id,
        "team_name": team.name,
        "municipality_id": slug(team.municipality),
        "municipality_name": team.municipality,
    }


def places(teams: Iterable[Team]) -> Places:
    """What tellers can choose from."""
    towns: dict[str, list[Team]] = {}
    for team in teams:
        towns.setdefault(team.municipality, []).append(team)
    return Places(
        tuple(
            Town(Option(slug(town), town), tuple(Option(team.id, team.name) for team in members))
            for town, members in towns.items()
        )
    )


def slug(name: str) -> str:
    """A name in lower-case letters, digits and hyphens, at most 24 of them."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:24].rstrip("-") or "team"
