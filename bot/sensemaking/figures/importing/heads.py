"""The head of a table: where it begins and ends, and what stands above and below the table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.sensemaking.figures.areas import Areas
from bot.sensemaking.figures.importing.cell_values import is_missing, is_number
from bot.sensemaking.figures.importing.columns import AREA_WORDS, PERIOD_WORDS, SUBJECT_WORDS, bare
from bot.sensemaking.figures.importing.units import is_unit_row
from bot.sensemaking.figures.periods import period_in
from bot.spreadsheets.delimited import RawRow

HEAD_MAX = 12
NOTE_MAX = 500
"""Letters of a line below a table that are looked at."""
_SOURCE = re.compile(r"^\s*(?:bron|source)\s*:?\s+(.+)$", re.IGNORECASE)
_CBS = re.compile(r"©\s*(?:centraal bureau voor de statistiek|cbs)", re.IGNORECASE)


@dataclass(slots=True)
class Headed:
    """A table with its head. `titles` stand above it; `source` is what its last lines name; `cbs`:
    they are as CBS writes them."""

    head: list[RawRow]
    rows: list[RawRow]
    titles: list[str] = field(default_factory=list)
    source: str = ""
    cbs: bool = False

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in [*self.head, *self.rows[:50]]), default=0)

    def heads(self) -> list[tuple[str, ...]]:
        """Of each column the cells of its head, top to bottom. A cell that is empty because cells
        were merged holds what stands left of it, but for the lowest row."""
        rows: list[list[str]] = []
        labels = self.labels()
        for at, row in enumerate(self.head):
            cells = [*row.cells, *[""] * (self.width - len(row.cells))]
            if at < len(self.head) - 1:
                for place in range(labels + 1, len(cells)):
                    cells[place] = cells[place] if cells[place].strip() else cells[place - 1]
            rows.append(cells)
        return list(zip(*rows, strict=True)) if rows else []

    def labels(self) -> int:
        """How many columns on the left name rows: those below which there are no values, and those
        whose head says so."""
        last = self.head[-1].cells if self.head else ()
        for place in range(self.width):
            name = bare(last[place]) if place < len(last) else ""
            if name in AREA_WORDS or name in PERIOD_WORDS or name in SUBJECT_WORDS:
                continue
            below = [row.cells[place] for row in self.rows[:50] if place < len(row.cells)]
            filled = [cell for cell in below if cell.strip()]
            if not filled or any(is_number(c) or is_missing(c) for c in filled):
                return place
        return self.width


def headed(rows: Sequence[RawRow], areas: Areas) -> Headed:
    """Find the head of a table."""
    found = Headed([], [])
    rest = _without_tail(list(rows), found)
    widest = max((_filled(row) for row in rest), default=0)
    first = next((at for at, row in enumerate(rest) if _filled(row) >= min(2, widest)), 0)
    found.titles = [" ".join(filter(None, map(str.strip, row.cells))) for row in rest[:first]]
    rest = rest[first:]
    if not rest:
        return found
    end = _end(rest, areas)
    found.head, found.rows = rest[:end], rest[end:]
    return found


def _without_tail(rows: list[RawRow], found: Headed) -> list[RawRow]:
    """The rows without what stands below a table: its source, and notes."""
    width = max((len(row.cells) for row in rows), default=0)
    while rows and width > 1 and _filled(rows[-1]) <= 1:
        text = next((cell.strip() for cell in rows[-1].cells if cell.strip()), "")[:NOTE_MAX]
        if _CBS.search(text):
            found.source, found.cbs = "CBS", True
        elif source := _SOURCE.match(text):
            found.source = source[1].strip().rstrip(".")
            found.cbs = found.cbs or found.source.casefold().startswith("cbs")
        elif len(text) < 25 and not found.source:
            return rows
        rows = rows[:-1]
    return rows


def _filled(row: RawRow) -> int:
    return sum(1 for cell in row.cells if cell.strip())


def _end(rows: Sequence[RawRow], areas: Areas) -> int:
    """The number of rows of the head."""
    if len(rows) < 2 or _is_single(rows[0], rows[1], areas):
        return 1
    end = 1
    while end < min(len(rows) - 1, HEAD_MAX) and not _is_data(rows[end]):
        end += 1
        if is_unit_row(list(rows[end - 1].cells[1:])):
            break
    return end


def _is_single(head: RawRow, below: RawRow, areas: Areas) -> bool:
    """Whether the row below the first holds an area or a period where the first names one."""
    for name, cell in zip(map(bare, head.cells), below.cells, strict=False):
        if name in PERIOD_WORDS and period_in(cell) is not None and len(head.cells) > 1:
            others = [bare(c) for c in head.cells]
            if others.count(name) == 1 and not all(period_in(c) for c in head.cells[1:] if c):
                return True
        if name not in AREA_WORDS or not cell.strip():
            continue
        if areas.code_in(cell, True) or areas.knows(cell, AREA_WORDS[name]):
            return True
    return False


def _is_data(row: RawRow) -> bool:
    """Whether a row below the first holds values: numbers that are no years, or signs for what is
    missing; or years where its first cell names no dimension."""
    first, *cells = row.cells
    filled = [cell for cell in cells if cell.strip()]
    numbers = [cell for cell in filled if is_number(cell)]
    values = [cell for cell in numbers if period_in(cell) is None]
    missing = [cell for cell in filled if is_missing(cell)]
    if len(values) + len(missing) >= max(1, (len(filled) + 1) // 2):
        return True
    named = bare(first)
    if not numbers or named in PERIOD_WORDS or named in SUBJECT_WORDS or not named:
        return False
    return len(numbers) * 2 >= len(filled) and named not in AREA_WORDS
