"""Finds the row of a table that names its columns, whatever stands above it, and which column is
which, in any order and by any of the names that are known for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from bot.spreadsheets.delimited import RawRow

Columns = Mapping[str, Sequence[str]]
"""Our name of each column, and the names that it goes by in tables."""
Needs = Sequence[Sequence[str]]
"""What a header must have: of each group at least one, by our names."""

LOOKED_AT = 30
"""Rows that are not empty, among which the header must be."""
_ALIKE = 0.75
_REMARK = re.compile(r"[(\[{].*|[\r\n].*|\s[-–—:]\s.*", re.DOTALL)
_WIDE = " \t\r\n\xa0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


class Header(NamedTuple):
    """Where the names stand, as they are written; our names by place (empty: not known)."""

    place: int
    written: tuple[str, ...]
    ours: tuple[str, ...]

    @property
    def known(self) -> int:
        return sum(map(bool, self.ours))

    def fits(self, needs: Needs) -> bool:
        return all(any(name in self.ours for name in group) for group in needs)


class UnknownColumn(NamedTuple):
    """A column that is not used: its name as written, what it may have been meant as (the name that
    is known, or empty), whether anything stands in it, and whether another one of its kind is used
    (`again`)."""

    name: str
    meant: str
    filled: bool
    again: bool = False


def bare(cell: str) -> str:
    """A cell without what cannot be seen around it."""
    return cell.strip(_WIDE)


def folded(name: str) -> str:
    """A name of a column, so that its spelling makes no difference: letters and digits alone."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


class ColumnNames:
    """The names that columns go by."""

    def __init__(self, columns: Columns) -> None:
        self._ours = {folded(name): ours for ours, names in columns.items() for name in names}
        self._rank = {
            folded(name): rank for names in columns.values() for rank, name in enumerate(names)
        }
        self._shown = {folded(name): name for names in columns.values() for name in names}

    def ours(self, written: str) -> str:
        """Our name of a column."""
        return self._ours.get(self._known(written), "")

    def _known(self, written: str) -> str:
        """The name that is known: the whole name, it without a remark, or a part of it."""
        cell = bare(written)
        parts = map(folded, (cell, _REMARK.sub("", cell), *cell.split("/")[:2]))
        return next((one for one in parts if one in self._ours), "")

    def meant(self, written: str) -> str:
        """The known name that a name is likest to, as it is shown; or nothing."""
        alike = get_close_matches(folded(_REMARK.sub("", bare(written))), self._ours, 1, _ALIKE)
        return self._shown[alike[0]] if alike else ""

    def header(self, rows: Iterable[RawRow], needs: Needs) -> Header | None:
        """The row that names most columns, the first of several; None when no row fits."""
        found: Header | None = None
        for place, cells in _first_filled(rows):
            header = Header(place, tuple(map(bare, cells)), self._each_once(cells))
            if header.fits(needs) and (found is None or header.known > found.known):
                found = header
        return found

    def by_place(self, rows: Iterable[RawRow], places: Sequence[str]) -> Header | None:
        """The header of a table that has none, and in whose first row no column is named."""
        first = next((cells for _, cells in _first_filled(rows)), ())
        if not places or not first or any(map(self.ours, first)):
            return None
        return Header(-1, tuple(places), tuple(places))

    def _each_once(self, cells: Sequence[str]) -> tuple[str, ...]:
        """Our names by place. Of two columns that go by one of our names, it is the one whose own
        name comes first among those that are known."""
        best: dict[str, tuple[int, int]] = {}
        for place, cell in enumerate(cells):
            if known := self._known(cell):
                ours, here = self._ours[known], (self._rank[known], place)
                best[ours] = min(best.get(ours, here), here)
        places = {place: ours for ours, (_, place) in best.items()}
        return tuple(places.get(place, "") for place in range(len(cells)))


def likeliest(rows: Iterable[RawRow]) -> tuple[str, ...]:
    """What seems to be the header of a table in which none was found: its fullest row, the first
    of several."""
    filled = [tuple(filter(None, map(bare, cells))) for _, cells in _first_filled(rows)]
    return max(filled, key=len, default=())


def _first_filled(rows: Iterable[RawRow]) -> list[tuple[int, tuple[str, ...]]]:
    filled = []
    for place, row in enumerate(rows):
        if any(map(bare, row.cells)):
            filled.append((place, row.cells))
        if len(filled) == LOOKED_AT:
            break
    return filled
