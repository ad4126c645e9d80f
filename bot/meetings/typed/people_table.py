"""Tables of people with a mail address, as offices keep them: who to invite, who may read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.spreadsheets.header import Columns, Needs
from bot.spreadsheets.reader import NoTable, ReadTable, TableRow, read_table
from bot.spreadsheets.table_problems import RowProblem, TableProblem, problems, refusal
from bot.validation.mail_addresses import find_addresses

MAIL_NAMES = (
    "e-mail", "e-mailadres", "mailadres", "mail", "mailadressen", "e-mail address", "mail address",
    "e-mail 1", "e-mail 1 - value", "primary email", "primary smtp address", "smtp", "adres",
)  # fmt: skip
NAME_NAMES = (
    "naam", "name", "volledige naam", "weergavenaam", "display name", "full name", "coördinator",
    "naam coördinator", "contactpersoon", "medewerker",
)  # fmt: skip
INVITED = {"mail": MAIL_NAMES, "name": NAME_NAMES}
"""The columns of a table of people to invite, by our names, each with those it goes by."""


@dataclass(frozen=True, slots=True)
class OpenedTable:
    """A table by its columns (None: it cannot be read), and what is to be told about it."""

    table: ReadTable | None
    told: tuple[TableProblem, ...] = ()

    @property
    def rows(self) -> Sequence[TableRow]:
        return self.table.rows if self.table else ()


def open_table(
    data: bytes, columns: Columns, wanted: Sequence[str], needs: Needs, places: Sequence[str] = ()
) -> OpenedTable:
    """Read a table by its columns, or by their `places` where it names none; `wanted` is what they
    are called."""
    try:
        table = read_table(data, columns, needs, places=places)
    except NoTable as why:
        return OpenedTable(None, (refusal(why, wanted),))
    return OpenedTable(table, tuple(problems(table, wanted)))


def read_invited(data: bytes) -> tuple[list[str], list[RowProblem], OpenedTable]:
    """The addresses in a table of people, each once; what is none is said by its line."""
    opened = open_table(data, INVITED, ("naam", "e-mail"), [("mail",)], ("mail",))
    found = [address_of(row) for row in opened.rows]
    wrong = [each for each in found if isinstance(each, RowProblem)]
    return list(dict.fromkeys(_addresses(found))), wrong, opened


def address_of(row: TableRow) -> str | RowProblem:
    """The one address of a row; what is wrong when there is none, or more."""
    found = find_addresses(row.cells["mail"])
    if len(found.addresses) == 1 and not found.wrong:
        return found.addresses[0]
    return RowProblem(row.line, "no_address" if row.cells["mail"] else "empty_address")


def _addresses(found: Sequence[str | RowProblem]) -> Iterator[str]:
    return (each for each in found if isinstance(each, str))
