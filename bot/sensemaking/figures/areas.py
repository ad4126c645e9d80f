"""Areas: municipalities with their codes, names of today and before, and what they became.

The table is `areas.csv`; its first line says which years it covers. A code that ended is never put
in the place of its successor: the figures before and after are of different ground.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

Level = Literal["country", "part", "province", "region", "municipality", "district", "quarter"]
LEVELS: Mapping[str, Level] = {
    "nl": "country",
    "land": "country",
    "ld": "part",
    "landsdeel": "part",
    "pv": "province",
    "prov": "province",
    "provincie": "province",
    "cr": "region",
    "regio": "region",
    "corop": "region",
    "gm": "municipality",
    "gem": "municipality",
    "gemeente": "municipality",
    "municipality": "municipality",
    "wk": "district",
    "wijk": "district",
    "bu": "quarter",
    "buurt": "quarter",
}
"""Words that say of what kind an area is, as files, people and codes write them."""
_SHORT = {
    "gr": "PV20", "gron": "PV20", "fr": "PV21", "frl": "PV21", "dr": "PV22", "o": "PV23",
    "ov": "PV23", "fl": "PV24", "gld": "PV25", "g": "PV25", "u": "PV26", "ut": "PV26",
    "utr": "PV26", "nh": "PV27", "zh": "PV28", "z": "PV29", "zl": "PV29", "nb": "PV30",
    "l": "PV31", "lb": "PV31", "lim": "PV31",
}  # fmt: skip
_CODE = re.compile(r"(GM\d{4}|WK[0-9A-Z]{6}|BU[0-9A-Z]{8}|[A-Z]{2}\d{2,6})")
_DIGITS = {4: "GM", 6: "WK", 8: "BU"}
_QUALIFIED = re.compile(r"(.+?)\s*(?:\(([^()]+)\)|,\s*([^,]+))$")
_YEARS = re.compile(r"covers (\d{4})-(\d{4})")


class AreasProblem(Exception):
    """The table of areas cannot be read. The text names the mend."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area by its code. `since` and `until` are days (ISO) between which the code holds, where
    the table knows them; `successors` what the ground belongs to from `until` on."""

    code: str
    name: str
    province: str = ""
    since: str = ""
    until: str = ""
    successors: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def level(self) -> Level | None:
        return LEVELS.get(self.code[:2].casefold())


@dataclass(frozen=True, slots=True)
class Match:
    """What a text in a file means: one area; or several, of which somebody must choose; or none."""

    code: str = ""
    several: tuple[str, ...] = ()


@dataclass(slots=True)
class Areas:
    """The table. `covers`: the first and the last year of which it knows all municipalities."""

    covers: tuple[int, int]
    known: Mapping[str, Area]
    _names: dict[str, list[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for area in self.known.values():
            for name in (area.name, *area.also):
                base, behind = _apart(name)
                for each in {_plain(name), _plain(base) if behind else _plain(name)}:
                    self._names.setdefault(each, []).append(area.code)

    def code_in(self, text: str, digits: Level | bool = False) -> str:
        """The code that a text is, in its plain form; empty when it is none. `digits`: the column
        says that its numbers are codes, perhaps of which level."""
        bare = text.strip().upper()
        if _CODE.fullmatch(bare):
            return bare
        if digits and (number := re.fullmatch(r"(\d{1,8})(?:\.0)?", bare)):
            length = {"municipality": 4, "district": 6, "quarter": 8}.get(str(digits), 0)
            length = length or next(size for size in _DIGITS if len(number[1]) <= size)
            if len(number[1]) <= length:
                return _DIGITS[length] + number[1].zfill(length)
        return ""

    def called(self, text: str, level: Level | None = None) -> Match:
        """The area that a name means; with `level` only one of that level. A municipality of today
        goes before one of before."""
        name, behind = _apart(text)
        said = LEVELS.get(_plain(behind)) if behind else None
        province = self._province(behind) if behind and said is None else ""
        if name.casefold().startswith(("gemeente ", "provincie ")) and said is None:
            first, _, rest = name.partition(" ")
            name, said = rest, LEVELS[first.casefold()]
        codes = self._names.get(_plain(text)) or self._names.get(_plain(name), [])
        if not codes and " " in name and not behind:
            shorter, _, last = name.rpartition(" ")
            province = self._province(last)
            codes = self._names.get(_plain(shorter), []) if province else []
        found = [self.known[code] for code in dict.fromkeys(codes)]
        if wanted := said or level:
            found = [area for area in found if area.level == wanted]
        if province:
            found = [area for area in found if area.province in ("", province)]
        found = [area for area in found if not area.until] or found
        if len({area.level for area in found}) == 1 and found[0].level == "country":
            found = found[:1]
        if len(found) == 1:
            return Match(found[0].code)
        return Match(several=tuple(area.code for area in found))

    def knows(self, text: str, level: Level | None = None) -> bool:
        """Whether a text is a code or a name of some area."""
        return bool(self.code_in(text)) or self.called(text, level) != Match()

    def name(self, code: str) -> str:
        area = self.known.get(code)
        return area.name if area else code

    def municipality(self, code: str) -> str:
        """The municipality that a district or a neighbourhood lies in by its code; itself; or
        nothing."""
        if code.startswith("GM"):
            return code
        return f"GM{code[2:6]}" if code[:2] in ("WK", "BU") else ""

    def ended(self, code: str, day: str) -> Area | None:
        """The municipality of a code, when it was gone on this day (ISO)."""
        area = self.known.get(self.municipality(code))
        return area if area and area.until and day >= area.until else None

    def joined(self, code: str) -> list[tuple[str, tuple[str, ...]]]:
        """When other municipalities came to this one though its code stayed, and which: from that
        day on its figures are of more ground."""
        mine = self.known.get(self.municipality(code))
        days: dict[str, list[str]] = {}
        for area in self.known.values():
            if mine and mine.code in area.successors and mine.since < area.until:
                days.setdefault(area.until, []).append(area.name)
        return [(day, tuple(days[day])) for day in sorted(days)]

    def unbroken(self, code: str, first: str, last: str) -> bool:
        """Whether an area is the same ground on two days: no line is drawn across a boundary that
        moved in between."""
        mine = self.known.get(self.municipality(code))
        if mine is None:
            return True
        changes = [day for day, _ in self.joined(code)] + [mine.since, mine.until]
        return not any(first < day <= last for day in changes if day)

    def listed(self, code: str, year: int) -> bool:
        """Whether a code is one that the table knows, or of a year or a kind that it does not
        cover."""
        home = self.municipality(code)
        first, last = self.covers
        return not home or home in self.known or not first <= year <= last

    def _province(self, text: str) -> str:
        plain = _plain(text)
        if plain in _SHORT:
            return _SHORT[plain]
        for code in self._names.get(plain, []):
            if code.startswith("PV"):
                return code
        return ""


def read_areas(text: str) -> Areas:
    """Read a table of areas. Raises AreasProblem."""
    first, _, rest = text.partition("\n")
    years = _YEARS.search(first)
    if not years:
        raise AreasProblem("the first line must say which years the table covers: covers 2014-2024")
    rows = csv.DictReader(rest.splitlines())
    if not {"code", "name", "until", "successors"} <= set(rows.fieldnames or ()):
        raise AreasProblem("the table needs the columns code, name, until and successors")
    return Areas((int(years[1]), int(years[2])), {area.code: area for area in _areas(rows)})


def _areas(rows: Iterable[Mapping[str, str | None]]) -> Iterable[Area]:
    for row in rows:
        values = {name: (value or "").strip() for name, value in row.items() if name}
        if not _CODE.fullmatch(values["code"]):
            raise AreasProblem(f"{values['code'][:20]} is no code of an area: write it as GM0363")
        yield Area(
            code=values["code"],
            name=values["name"],
            province=values.get("province", ""),
            since=values.get("since", ""),
            until=values["until"],
            successors=tuple(values["successors"].split()),
            also=tuple(filter(None, values.get("also", "").split("|"))),
        )


@cache
def areas_in(path: Path | None = None) -> Areas:
    """The table of a file, or the one in the product. Raises AreasProblem."""
    file = path or Path(__file__).with_name("areas.csv")
    try:
        return read_areas(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise AreasProblem(f"{file}: cannot be read as UTF-8 text ({error})") from None


def _apart(name: str) -> tuple[str, str]:
    """A name, and what stands behind it in brackets or after a comma."""
    found = _QUALIFIED.match(name.strip())
    if found is None or _plain(name).startswith("nuenen"):
        return name.strip(), ""
    return found[1], found[2] or found[3]


@lru_cache(20_000)
def _plain(name: str) -> str:
    """A name without capitals, accents and signs."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", " ", bare.replace(".", "").replace("'", "")).strip()
