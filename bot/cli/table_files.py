"""Tables that a command reads from a file: people to invite, who may read; what is said of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from bot.cli.common import Failure
from bot.spreadsheets.header import Columns, Needs
from bot.spreadsheets.reader import NoTable, ReadTable, TableRow, read_table
from bot.spreadsheets.table_problems import (
    TableProblem,
    explain_row,
    explain_table,
    problems,
    refusal,
)
from bot.validation.mail_addresses import find_addresses
from storage.coordinators import coordinators, teams
from storage.coordinators.coordinators import Role
from storage.vault.vault import Vault

_MAIL = (
    "e-mail", "e-mailadres", "mailadres", "mail", "mailadressen", "e-mail address", "mail address",
    "e-mail 1", "primary email", "adres",
)  # fmt: skip
_NAME = (
    "naam", "name", "volledige naam", "weergavenaam", "display name", "full name", "coördinator",
    "naam coördinator", "contactpersoon",
)  # fmt: skip
INVITED = {"mail": _MAIL, "name": _NAME}
READERS = {
    "name": _NAME,
    "mail": _MAIL,
    "role": ("rol", "role", "functie", "recht", "rechten"),
    "team": ("team", "teamnaam", "naam team", "wijkteam", "team name", "team id"),
}
_ROLES: dict[str, Role] = {
    "vereniging": "association", "association": "association",
    "team": "team", "teamcoördinator": "team", "coördinator": "team", "coordinator": "team",
    "lezer": "reader", "meelezer": "reader", "reader": "reader",
}  # fmt: skip
_WRONG = "this is no e-mail address; write it as name@example.nl"


@dataclass(slots=True)
class TableNotes:
    """What is said beside the rows: why some were not taken, and what else to look at."""

    said: list[str] = field(default_factory=list)
    left: bool = False

    def add(self, problem: TableProblem) -> None:
        self.said.append(explain_table(problem))
        self.left |= problem.lost

    def lost(self, message: str) -> None:
        self.said.append(message)
        self.left = True

    def shown(self, *, taken: bool) -> int:
        """Print it, apart from what was asked for. The exit code: 3 when something, or all, was
        left."""
        for message in self.said:
            print(message, file=sys.stderr)
        return 3 if self.left or not taken else 0


def read_file(
    file: Path, columns: Columns, wanted: Sequence[str], needs: Needs, places: Sequence[str]
) -> tuple[ReadTable | None, TableNotes]:
    """A table by its columns, or by their `places` where it names none; `wanted` is what they are
    called. None when it cannot be read."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Failure(f"{file}: cannot be read ({error.strerror})") from None
    notes = TableNotes()
    try:
        table = read_table(data, columns, needs, places=places)
    except NoTable as why:
        notes.add(refusal(why, wanted))
        return None, notes
    for problem in problems(table, wanted):
        notes.add(problem)
    return table, notes


class Reader(NamedTuple):
    """A row of a table of coordinators, as it is written."""

    line: int
    name: str
    address: str
    role: str
    team: str


def read_invited(file: Path) -> tuple[list[str], TableNotes]:
    """The addresses in a table of people; what is none is said by its line."""
    table, told = read_file(file, INVITED, ("naam", "e-mail"), [("mail",)], ("mail",))
    found = []
    for row in table.rows if table else ():
        address = _address(row, told)
        found += [address] if address else []
    return found, told


def read_readers(file: Path) -> tuple[list[Reader], TableNotes]:
    """The coordinators in a table."""
    wanted = ("naam", "e-mail", "rol", "team")
    table, told = read_file(file, READERS, wanted, [("name",), ("mail",), ("role",)], ())
    found = []
    for row in table.rows if table else ():
        cells = {name: " ".join(row.cells.get(name, "").split()) for name in READERS}
        address = _address(row, told)
        if address and not cells["name"]:
            told.lost(explain_row(row.line, "there is no name"))
        elif address:
            found.append(Reader(row.line, cells["name"], address, cells["role"], cells["team"]))
    return found, told


def add_reader(connection: Connection, vault: Vault, row: Reader, since: str) -> None:
    """Make a coordinator of a row. Raises ValueError when it is not clear who may read what, or
    somebody with that address is one already."""
    role = _ROLES.get(row.role.casefold())
    if role is None:
        raise ValueError(f"the role {row.role} is not known: write vereniging, team or lezer")
    known = teams.by_name(teams.all_teams(connection))
    if row.team and row.team.casefold() not in known:
        raise ValueError(f"there is no team {row.team}, or more than one: see vertelbot team list")
    if any(each.address == row.address for each in coordinators.listed(connection, vault)):
        raise ValueError(f"{row.address} is a coordinator already")
    coordinators.add(
        connection,
        vault,
        role,
        row.name,
        team=known[row.team.casefold()].id if row.team else "",
        channel="mail",
        address=row.address,
        since=since,
    )


def _address(row: TableRow, told: TableNotes) -> str:
    """The one address of a row; nothing when there is none, or more."""
    found = find_addresses(row.cells["mail"])
    if len(found.addresses) == 1 and not found.wrong:
        return found.addresses[0]
    told.lost(explain_row(row.line, _WRONG))
    return ""
