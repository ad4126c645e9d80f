"""Teams: their names, their places, and the codes in their invitation links."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Any

from sqlalchemy import Row, insert, select, update

from conversations.guide.model import Option, Places, Town
from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core

TEAM = core(tables.Team)


class TeamProblem(Exception):
    """The team cannot be added. The text names the mend."""


@dataclass(frozen=True, slots=True)
class Team:
    """A local team. `id` never changes, for who may read goes by it; `code` stands in its
    invitation link. `former` are the names it had. A `closed` team takes no new stories; those of
    one that was merged go to the team it is `merged_into`."""

    id: str
    name: str
    municipality: str
    code: str
    former: tuple[str, ...] = ()
    closed: bool = False
    merged_into: str = ""


def add(connection: Transaction, name: str, municipality: str) -> Team:
    """Add a team. Its id is new, also when a team of before was called so. Raises TeamProblem when
    its name is empty or taken in that municipality."""
    name, municipality = (" ".join(each.split()) for each in (name, municipality))
    if not name or not municipality:
        raise TeamProblem("a team needs a name and a municipality")
    every = all_teams(connection)
    _free_name(every, name, municipality)
    base = f"{slug(municipality)}-{slug(name)}"
    ids = {team.id for team in every}
    numbered = (f"{base}-{number}" for number in count(2))
    team_id = next(one for one in chain((base,), numbered) if one not in ids)
    team = Team(team_id, name, municipality, secrets.token_hex(6))
    connection.execute(
        insert(TEAM).values(id=team.id, name=name, municipality=municipality, code=team.code)
    )
    return team


def rename(connection: Transaction, team_id: str, name: str) -> Team:
    """Give a team another name: its links, stories and readers stay as they were. Raises
    TeamProblem."""
    every = all_teams(connection)
    team, name = _open(every, team_id), " ".join(name.split())
    if not name:
        raise TeamProblem("a team needs a name and a municipality")
    if name == team.name:
        return team
    _free_name([each for each in every if each.id != team.id], name, team.municipality)
    former = tuple(dict.fromkeys(each for each in (*team.former, team.name) if each != name))
    return _set(connection, replace(team, name=name, former=former))


def merge(connection: Transaction, team_id: str, into: str) -> Team:
    """From now on new stories of a team go to another one. Stories told before stay where they are,
    with those who could read them. Raises TeamProblem."""
    every = all_teams(connection)
    team, other = _open(every, team_id), _open(every, into)
    if team.id == other.id:
        raise TeamProblem("a team cannot be merged with itself")
    return _set(connection, replace(team, closed=True, merged_into=other.id))


def close(connection: Transaction, team_id: str) -> Team:
    """A team takes no new stories any more. Raises TeamProblem."""
    return _set(connection, replace(_open(all_teams(connection), team_id), closed=True))


def reopen(connection: Transaction, team_id: str) -> Team:
    """A team that was closed or merged takes its own new stories again. Raises TeamProblem."""
    every = all_teams(connection)
    team = next((each for each in every if each.id == team_id and each.closed), None)
    if team is None:
        raise TeamProblem("there is no such closed team")
    _free_name(every, team.name, team.municipality)
    return _set(connection, replace(team, closed=False, merged_into=""))


def _open(every: Iterable[Team], team_id: str) -> Team:
    found = next((team for team in every if team.id == team_id and not team.closed), None)
    if found is None:
        raise TeamProblem("there is no such team that takes stories")
    return found


def _free_name(every: Iterable[Team], name: str, municipality: str) -> None:
    wanted = town_id(municipality), name.casefold()
    taken = (
        (town_id(team.municipality), team.name.casefold()) for team in every if not team.closed
    )
    if wanted in taken:
        raise TeamProblem(f"{name} in {municipality} is there already: choose another name")


def _set(connection: Transaction, team: Team) -> Team:
    values = {
        "name": team.name,
        "former": list(team.former) or None,
        "closed": team.closed,
        "merged_into": team.merged_into or None,
    }
    connection.execute(update(TEAM).where(TEAM.c.id == team.id).values(values))
    return team


def all_teams(reads: Reads) -> list[Team]:
    """Every team that there is or was, by municipality and name."""
    query = select(TEAM).order_by(TEAM.c.municipality, TEAM.c.name)
    return [_team(row) for row in reads.execute(query)]


def open_teams(reads: Reads) -> list[Team]:
    """The teams that take stories, by municipality and name."""
    return [team for team in all_teams(reads) if not team.closed]


def by_code(reads: Reads, code: str) -> Team | None:
    """The team of an invitation link: of one that was merged, the team that its stories go to now.
    It may be closed."""
    row = reads.execute(select(TEAM).where(TEAM.c.code == code)).one_or_none()
    return None if row is None else _today(reads, _team(row))


def as_today(reads: Reads, facts: Mapping[str, str]) -> dict[str, str]:
    """What is known of someone's own team, as that team is called today; nothing of it when the
    team takes no stories any more."""
    row = None
    if "team_id" in facts:
        row = reads.execute(select(TEAM).where(TEAM.c.id == facts["team_id"])).one_or_none()
    if row is None:
        return dict(facts)
    team = _today(reads, _team(row))
    rest = {name: value for name, value in facts.items() if name not in KNOWN}
    return rest if team.closed else {**rest, **known(team)}


def successor(team: Team, every: Mapping[str, Team]) -> Team:
    """The team that takes the stories of a team now: itself, or what it was merged into. `every`
    are all teams by id."""
    seen = {team.id}
    while team.merged_into in every and team.merged_into not in seen:
        team = every[team.merged_into]
        seen.add(team.id)
    return team


def moved(every: Sequence[Team]) -> dict[str, dict[str, str]]:
    """What is known of the team that takes the stories now, by the id of each that was merged."""
    by_id = {team.id: team for team in every}
    now = {team.id: successor(team, by_id) for team in every if team.merged_into}
    return {old: known(team) for old, team in now.items() if not team.closed}


def _today(reads: Reads, team: Team) -> Team:
    return successor(team, {each.id: each for each in all_teams(reads)}) if team.closed else team


def _team(row: Row[Any]) -> Team:
    return Team(
        row.id,
        row.name,
        row.municipality,
        row.code,
        tuple(row.former or ()),
        row.closed,
        row.merged_into or "",
    )


def full_name(team: Team) -> str:
    """A name that means no other team: `Oost (Zwolle)`."""
    return f"{team.name} ({team.municipality})"


def by_name(all_teams: Iterable[Team]) -> dict[str, Team]:
    """Teams under every name, in lower case, that means one alone: with its municipality (`oost
    (zwolle)` or `oost, zwolle`), and without when no other team is called so.

    A name of before means the team that takes the stories now, unless another team is called so
    today; of a team that was closed it means none.
    """
    every = {team.id: team for team in all_teams}
    today = [(team.name, team) for team in every.values() if not team.closed]
    before = [
        (name, team)
        for team in every.values()
        for name in (*team.former, *((team.name,) if team.closed else ()))
    ]
    found = {
        name: now
        for name, team in _under_names(before).items()
        if not (now := successor(team, every)).closed
    }
    for name, _ in today:
        found.pop(name.casefold(), None)
    return found | _under_names(today)


def _under_names(named: Iterable[tuple[str, Team]]) -> dict[str, Team]:
    found: dict[str, Team] = {}
    alone: dict[str, dict[str, Team]] = {}
    for name, team in named:
        alone.setdefault(name.casefold(), {})[team.id] = team
        for full in (f"{name} ({team.municipality})", f"{name}, {team.municipality}"):
            found[full.casefold()] = team
    same = ((name, list(teams.values())) for name, teams in alone.items())
    return found | {name: only[0] for name, only in same if len(only) == 1}


KNOWN = ("team", "team_id", "team_name", "municipality_id", "municipality_name")
"""What is known of someone's own team."""


def known(team: Team) -> dict[str, str]:
    """What an invitation link tells, so that it need not be asked."""
    return {
        "team": team.name,
        "team_id": team.id,
        "team_name": team.name,
        "municipality_id": town_id(team.municipality),
        "municipality_name": team.municipality,
    }


def places(teams: Iterable[Team]) -> Places:
    """What tellers can choose from."""
    towns: dict[str, list[Team]] = {}
    for team in teams:
        if team.closed:
            continue
        towns.setdefault(town_id(team.municipality), []).append(team)
    return Places(
        tuple(
            Town(
                Option(town, members[0].municipality),
                tuple(Option(team.id, team.name) for team in members),
            )
            for town, members in towns.items()
        )
    )


def town_id(name: str) -> str:
    """What a municipality is known by, however its name is spelled: the name as a slug, where that
    holds all of it. Names that begin alike, or are in another script, each have their own."""
    short = slug(name)
    letters = re.sub(r"[\W_]+", "-", _plain(name)).strip("-")
    if short == letters:
        return short
    return f"{short[:15].rstrip('-')}-{hashlib.sha256(letters.encode()).hexdigest()[:8]}"


def slug(name: str) -> str:
    """A name in lower-case letters, digits and hyphens, at most 24 of them."""
    return re.sub(r"[^a-z0-9]+", "-", _plain(name)).strip("-")[:24].rstrip("-") or "team"


def _plain(name: str) -> str:
    """In small letters without accents."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))
