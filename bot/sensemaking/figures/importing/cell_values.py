"""Cells that hold a value: decimal commas, thousands, and the signs for what is not there.

Empty, secret and too small are three things, and none of them is zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from storage.figures.model import Certainty, Missing

_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2008\u2009\u202f "))
_MINUS = str.maketrans("\u2212\u2010\u2011", "---")
_WRITTEN = re.compile(r"[-+]?\d[\d.,]*(?:e[-+]?\d+)?", re.IGNORECASE)
_SIGNS: dict[str, Missing] = {
    "": "empty",
    ".": "unknown_or_secret",
    "..": "unknown_or_secret",
    "...": "unknown_or_secret",
    "x": "withheld",
    "-": "nil",
    "--": "nil",
    "\N{EN DASH}": "nil",
    "\N{EM DASH}": "nil",
    "nihil": "nil",
    "nb": "unknown_or_secret",
    "onbekend": "unknown_or_secret",
    "unknown": "unknown_or_secret",
    "na": "unknown_or_secret",
    "nan": "unknown_or_secret",
    "null": "unknown_or_secret",
    "none": "unknown_or_secret",
    "n/a": "unknown_or_secret",
    "#n/b": "unknown_or_secret",
    "#n/a": "unknown_or_secret",
    "?": "unknown_or_secret",
    "geheim": "withheld",
    "vertrouwelijk": "withheld",
    "secret": "withheld",
    "confidential": "withheld",
    "nvt": "empty",
    "-99995": "unknown_or_secret",
    "-99996": "unknown_or_secret",
    "-99997": "unknown_or_secret",
    "-99998": "unknown_or_secret",
    "-99999": "unknown_or_secret",
    "-99999999": "unknown_or_secret",
}
_BELOW = re.compile(r"(?:<|kleiner dan|minder dan|less than)=?(\d[\d.]*)")
_FORMULA = re.compile(r"#[A-Z/0?!]+[!?]|Err:\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CellValue:
    """What a cell says. `upper`: it is below this; `mark`: what stands behind the number."""

    value: float | None = None
    missing: Missing = ""
    upper: float | None = None
    mark: Certainty | None = None


class NoValue(Exception):
    """The cell holds no value and no sign for one that is missing; the argument is the code of the
    refusal."""


def value_in(text: str, sign: str) -> CellValue:
    """The value in a cell, when `sign` stands before its decimals. Raises NoValue."""
    plain = text.translate(_SPACES).translate(_MINUS).strip()
    small = plain.casefold()
    if (missing := _SIGNS.get(small) or _SIGNS.get(small.replace(".", "") or ".")) is not None:
        return CellValue(missing=missing)
    if below := _BELOW.fullmatch(small):
        return CellValue(missing="withheld", upper=float(below[1].replace(".", "")))
    if _FORMULA.fullmatch(plain):
        raise NoValue("formula")
    mark: Certainty | None = None
    if plain.endswith("*"):
        mark = "revised" if plain.endswith("**") else "provisional"
        plain = plain.rstrip("*")
    bare = plain.strip("€%")
    if not _WRITTEN.fullmatch(bare):
        raise NoValue("no_number")
    return CellValue(_number(bare, sign), mark=mark)


def is_number(text: str) -> bool:
    """Whether a cell looks like a value."""
    plain = text.translate(_SPACES).translate(_MINUS).strip("€%*")
    return bool(_WRITTEN.fullmatch(plain)) and plain not in _SIGNS


def is_missing(text: str) -> bool:
    """Whether a cell is empty or holds a sign for what is not there."""
    plain = text.translate(_SPACES).casefold()
    return plain in _SIGNS or plain.replace(".", "") in _SIGNS or bool(_BELOW.fullmatch(plain))


def decimal_sign(texts: Iterable[str]) -> str:
    """The sign before the decimals, where these cells leave no doubt; else nothing. `69.0` is not
    690, and `1.234` may be either."""
    votes = {",": 0, ".": 0}
    for text in texts:
        sign = _decimal(text.translate(_SPACES).strip("€%*"))
        if sign:
            votes[sign] += 1
    if votes[","] == votes["."]:
        return ""
    return max(votes, key=lambda sign: votes[sign])


def _decimal(text: str) -> str:
    """What one cell tells about the sign."""
    if not _WRITTEN.fullmatch(text):
        return ""
    signs = [char for char in text if char in ",."]
    if len(set(signs)) == 2:
        return signs[-1]
    if len(signs) > 1:
        return "," if signs[0] == "." else "."  # the one that is repeated parts thousands
    if not signs:
        return ""
    whole, _, decimals = text.lstrip("-+").partition(signs[0])
    grouped = len(decimals) == 3 and 1 <= len(whole) <= 3 and whole.strip("0")
    return "" if grouped else signs[0]


def _number(bare: str, sign: str) -> float:
    other = "." if sign == "," else ","
    whole = bare.replace(other, "") if _grouped(bare, other) else bare
    try:
        return float(whole.replace(sign, "."))
    except ValueError:
        raise NoValue("no_number") from None


def _grouped(bare: str, other: str) -> bool:
    """Whether `other` parts thousands; else the number is written in another way than its column,
    and may be what we think it is not."""
    if other not in bare:
        return False
    first, *groups = bare.lstrip("-+").replace(",", ".").split(".")[: 1 + bare.count(other)]
    if len(first) > 3 or any(len(each) != 3 for each in groups):
        raise NoValue("decimals")
    return True
