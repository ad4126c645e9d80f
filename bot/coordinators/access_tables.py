"""Tables of teams and of coordinators: what each row asks for, and why some are not taken.

The command and the page take over the same rows with the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.meetings.typed.people_table import (
    MAIL_NAMES,
    NAME_NAMES,
    OpenedTable,
    address_of,
    open_table,
)
from bot.spreadsheets.header import folded
from bot.spreadsheets.reader import TableRow
from bot.spreadsheets.table_problems import RowProblem
from storage.coordinators import coordinators, teams
from storage.coordinators.coordinators import Coordinator, Role
from storage.coordinators.teams import Team
from storage.engine.transaction import Transaction

NAME_MAX = 80
TEAM_COLUMNS = {
    "name": (
        "team", "teamnaam", "naam team", "naam van het team", "wijkteam", "sociaal team",
        "sociaal wijkteam", "lokaal team", "team name", "naam", "name",
    ),
    "municipality": (
        "gemeente", "gemeentenaam", "naam gemeente", "municipality", "plaats", "woonplaats",
        "plaatsnaam", "stad", "town", "city",
    ),
}  # fmt: skip
"""The columns of a table of teams, by our names, each with those it goes by."""
READER_COLUMNS = {
    "name": NAME_NAMES,
    "mail": MAIL_NAMES,
    "role": ("rol", "role", "functie", "recht", "rechten"),
    "team": ("team", "teamnaam", "naam team", "wijkteam", "team name", "team id"),
}
_ROLE_NAMES: tuple[tuple[Role, tuple[str, ...]], ...] = (
    ("association", ("vereniging", "associatie", "association", "landelijk")),
    ("team", ("team", "teamcoördinator", "coördinator", "coordinator", "team coordinator")),
    ("reader", ("lezer", "meelezer", "reader", "lezen", "alleen lezen")),
)
_ROLES = {folded(name): role for role, names in _ROLE_NAMES for name in names}


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team that can be added."""

    line: int
    name: str
    municipality: str


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """A coordinator who can be added; `team` is None for the association."""

    line: int
    name: str
    address: str
    role: Role
    team: Team | None


def open_team_table(data: bytes) -> OpenedTable:
    needs = [(name,) for name in TEAM_COLUMNS]
    return open_table(data, TEAM_COLUMNS, ("naam", "gemeente"), needs, tuple(TEAM_COLUMNS))


def open_reader_table(data: bytes) -> OpenedTable:
    needs = [("name",), ("mail",), ("role",)]
    return open_table(data, READER_COLUMNS, ("naam", "e-mail", "rol", "team"), needs)


def team_rows(opened: OpenedTable, every: Iterable[Team]) -> tuple[list[TeamRow], list[RowProblem]]:
    """The teams of a table that are new, and why the others are not taken. `every` are all teams
    that there are."""
    known = {_identity(team.name, team.municipality) for team in every if not team.closed}
    taken: list[TeamRow] = []
    wrong: list[RowProblem] = []
    for row in opened.rows:
        name, town = (" ".join(row.cells[each].split()) for each in TEAM_COLUMNS)
        slots = {"name": name[:NAME_MAX], "town": town[:NAME_MAX]}
        if not name or not town:
            wrong.append(RowProblem(row.line, "team_incomplete"))
        elif max(len(name), len(town)) > NAME_MAX:
            wrong.append(RowProblem(row.line, "name_long", {"n": NAME_MAX}))
        elif _identity(name, town) in known:
            wrong.append(RowProblem(row.line, "team_known", slots))
        else:
            known.add(_identity(name, town))
            taken.append(TeamRow(row.line, name, town))
    return taken, wrong


def add_teams(connection: Transaction, rows: Iterable[TeamRow]) -> list[Team]:
    """Raises TeamProblem when one of them is there after all."""
    return [teams.add(connection, row.name, row.municipality) for row in rows]


def reader_rows(
    opened: OpenedTable,
    every: Iterable[Team],
    known: Iterable[Coordinator],
    may: Callable[[Role, str], bool] = lambda _role, _team: True,
) -> tuple[list[ReaderRow], list[RowProblem]]:
    """The coordinators of a table that are new, and why the others are not taken. `every` are all
    teams, `known` all coordinators; `may` says whether a role in a team (its id) is for whoever
    asks to give."""
    named = teams.by_name(every)
    there = {(each.address.casefold(), each.role, each.team) for each in known}
    taken: list[ReaderRow] = []
    wrong: list[RowProblem] = []
    for row in opened.rows:
        read = _reader(row, named)
        if isinstance(read, RowProblem):
            wrong.append(read)
            continue
        team = read.team.id if read.team else ""
        who = (read.address, read.role, team)
        if not may(read.role, team):
            wrong.append(RowProblem(row.line, "not_yours"))
        elif who in there:
            wrong.append(RowProblem(row.line, "reader_known", {"address": read.address}))
        else:
            there.add(who)
            taken.append(read)
    return taken, wrong


def add_readers(
    connection: Transaction, rows: Iterable[ReaderRow], since: str, language: str
) -> list[Coordinator]:
    """Make coordinators of rows; they come in the week `since`. Raises ValueError when a team was
    closed meanwhile."""
    return [
        coordinators.add(
            connection,
            row.role,
            row.name,
            team=row.team.id if row.team else "",
            channel="mail",
            address=row.address,
            language=language,
            since=since,
        )
        for row in rows
    ]


def _identity(name: str, town: str) -> tuple[str, str]:
    return teams.town_id(town), name.casefold()


def _reader(row: TableRow, named: Mapping[str, Team]) -> ReaderRow | RowProblem:
    cells = {name: " ".join(row.cells.get(name, "").split()) for name in READER_COLUMNS}
    address, role, team = address_of(row), _ROLES.get(folded(cells["role"])), cells["team"]
    if isinstance(address, RowProblem):
        return address
    if not cells["name"]:
        return RowProblem(row.line, "no_name")
    if len(cells["name"]) > NAME_MAX:
        return RowProblem(row.line, "name_long", {"n": NAME_MAX})
    if role is None:
        return RowProblem(row.line, "role_unknown", {"role": cells["role"][:NAME_MAX]})
    if bool(team) == (role == "association"):
        return RowProblem(row.line, "role_team" if team else "role_no_team")
    if team and team.casefold() not in named:
        return RowProblem(row.line, "team_unknown", {"name": team[:NAME_MAX]})
    return ReaderRow(
        row.line, cells["name"], address, role, named[team.casefold()] if team else None
    )
