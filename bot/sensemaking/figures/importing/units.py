"""Units and kinds of figures, out of what a title or a column says about them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.figures.model import Kind

_TAIL = re.compile(r"^(.*\S)\s*[(\[]([^()\[\]]+(?:\([^()]*\))?[^()\[\]]*)[)\]]\s*$", re.DOTALL)
_TIMES = re.compile(r"(?:^|[^\w])[x×]\s*€?\s*(1[\s.\u00a0]?000(?:[\s.\u00a0]?000)?|mln|miljoen)\b")
_LARGE = re.compile(r"\b(mln|miljoen|1[\s.\u00a0]?000[\s.\u00a0]?000|mld|miljard)\b")
_THOUSANDS = re.compile(r"(?:^|\s)(1[\s.\u00a0]000|duizend)\s+(?:euro|€|inwoners|personen)")
_OF_UNITS: tuple[tuple[str, Kind], ...] = (
    (r"%|\bprocent|\bpercent|\bpct\b", "percentage"),
    (r"\bper (?:1[\s.\u00a0]?000|duizend)\b(?![\s.\u00a0]?000)|‰|promille", "per_1000"),
    (r"\bper (?:1\d{2}|1\d{1,2}[\s.\u00a0]?000|inwoner|huishouden|km|hectare|persoon)", "rate"),
    (r"\bindex|=\s?100\b", "index"),
    (r"€|\beuro|\beur\b", "euro"),
    (r"\bscore|rapportcijfer|\bcijfer\b|\bschaal|\bsterren", "score"),
    (
        r"\baantal|\bpersonen|\binwoners|\bjongeren|\bcliënten|\bhuishoudens|\btrajecten"
        r"|\bwoningen|\bkinderen|\bmeldingen|\bgebeurtenissen|\bleerlingen|^n$|^abs",
        "count",
    ),
)
_KINDS = tuple((re.compile(pattern), kind) for pattern, kind in _OF_UNITS)
_OF_TITLES: tuple[tuple[str, Kind], ...] = (
    (r"\bpercentage|\baandeel\b|\bin procent|\bprocent\b|\s%|^%|\(%", "percentage"),
    (r"\bper ?1[\s.]?000\b", "per_1000"),
    (r"\bper ?(?:inwoner|100|10[\s.]?000|100[\s.]?000)\b", "rate"),
    (r"\bkosten\b|\beuro\b|€|\buitgaven\b|\bbedrag\b|\binkomen\b", "euro"),
    (r"\brelatief\b|\bgemiddeld|\bmediaan\b|\bratio\b", "other"),
    (r"\bindex", "index"),
    (r"\bscore\b|rapportcijfer", "score"),
    (
        r"\baantal\b|\binwoners\b|\bcliënten\b|\bpersonen\b|\bjongeren\b|\bkinderen\b"
        r"|\bhuishoudens\b|\btrajecten\b|\bmeldingen\b|\bclients\b|\bpopulation\b",
        "count",
    ),
)
_NAMED = tuple((re.compile(pattern), kind) for pattern, kind in _OF_TITLES)
_WORDS: dict[str, Kind] = {
    "aantal": "count",
    "aantallen": "count",
    "count": "count",
    "percentage": "percentage",
    "procent": "percentage",
    "%": "percentage",
    "per 1000": "per_1000",
    "per 1.000": "per_1000",
    "per 1 000": "per_1000",
    "per_1000": "per_1000",
    "promille": "per_1000",
    "rate": "rate",
    "per inwoner": "rate",
    "euro": "euro",
    "bedrag": "euro",
    "score": "score",
    "cijfer": "score",
    "rapportcijfer": "score",
    "index": "index",
    "anders": "other",
    "other": "other",
    "overig": "other",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What a column measures: its title without the unit, the unit, and what it means."""

    title: str
    unit: str
    multiplier: int
    kind: Kind


def kind_called(word: str) -> Kind | None:
    """The kind that a word in our own template means; None when it means none."""
    return _WORDS.get(" ".join(word.casefold().split()))


def measured(title: str, unit: str = "") -> Measure:
    """Take the unit out of a title, unless it is said apart."""
    title = " ".join(_spelled(title).replace("|", " / ").split())
    if not unit and (tail := _TAIL.match(title)) and _is_unit(tail[2]):
        title, unit = tail[1], tail[2].strip()
    unit = " ".join(unit.split())
    return Measure(title, unit, multiplier(unit), kind_of(unit, title))


def _spelled(title: str) -> str:
    """A title in which R put a point for every sign: `Woningen..aantal.` is `Woningen (aantal)`,
    and four points at the end are a percentage."""
    if " " in title or title.count(".") < 2:
        return title
    title = re.sub(r"\.{4}$", " (%)", title)
    title = re.sub(r"\.\.([^.]+(?:\.[^.]+)*)\.+$", r" (\1)", title)
    return title.replace(".", " ")


def kind_of(unit: str, title: str = "") -> Kind:
    """The kind, by the unit; without one by the title."""
    small = unit.casefold()
    times = bool(_TIMES.search(" " + small))
    for pattern, kind in _KINDS if unit else ():
        if pattern.search(small):
            return kind
    if unit and not times and small != "-":
        return "other"
    words = re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", title).casefold()
    named = next((kind for pattern, kind in _NAMED if pattern.search(words)), None)
    return named or ("count" if times else "other")


def multiplier(unit: str) -> int:
    """How many units one stands for: `x 1 000` 1,000, `mln euro` 1,000,000."""
    small = " " + unit.casefold()
    if times := _TIMES.search(small):
        number = re.sub(r"\D", "", times[1])
        return int(number) if number else 1_000_000
    if "per " in small:
        return 1
    if large := _LARGE.search(small):
        return 1_000_000_000 if large[1] in ("mld", "miljard") else 1_000_000
    return 1_000 if _THOUSANDS.search(small) else 1


def is_unit_row(cells: list[str]) -> bool:
    """Whether the cells of a row of a head are units."""
    said = [cell for cell in cells if cell.strip()]
    return bool(said) and all(_is_unit(cell) for cell in said)


def _is_unit(text: str) -> bool:
    small = " " + text.casefold().strip()
    if small.strip() in ("-", "aantal", "euro", "%", "n", "jaar", "index", "km", "m3", "gj"):
        return True
    return bool(_TIMES.search(small)) or any(pattern.search(small) for pattern, _ in _KINDS)
