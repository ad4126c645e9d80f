"""The languages of an XLSForm: what its columns are called, and which of them is the source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.authoring.exchange.sheet_file import SheetFile, SheetRow
from conversations.guide.library import DUTCH

TRANSLATED = (
    "label", "hint", "vertelbot::kort", "vertelbot::overslaan_tekst",
    "vertelbot::overslaan_reactie", "vertelbot::reactie", "vertelbot::uitleg", "vertelbot::titel",
)  # fmt: skip
"""Columns that stand there once for every language."""
NAMES = {"nl": "Nederlands (nl)", "en": "English (en)", "tr": "Türkçe (tr)", "ar": "العربية (ar)"}
_CODE = re.compile(r"\(\s*([A-Za-z]{2,3})(?:[-_]\w+)?\s*\)\s*$")
_KNOWN = {
    "nederlands": "nl", "dutch": "nl", "hollands": "nl", "english": "en", "engels": "en",
    "turkish": "tr", "turks": "tr", "türkçe": "tr", "arabic": "ar", "arabisch": "ar",
    "العربية": "ar", "français": "fr", "french": "fr", "frans": "fr", "deutsch": "de",
    "german": "de", "duits": "de", "español": "es", "spanish": "es", "spaans": "es",
    "polski": "pl", "polish": "pl", "pools": "pl", "українська": "uk", "ukrainian": "uk",
    "oekraïens": "uk", "tigrinya": "ti", "papiamentu": "pap", "somali": "so", "frysk": "fy",
    "fries": "fy", "portuguese": "pt", "português": "pt", "portugees": "pt", "italiano": "it",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of a file by code: the source first. `columns` say which column of a text is of
    which language, `written` how the file calls it; `empty` are declared and hold nothing."""

    codes: tuple[str, ...]
    columns: Mapping[tuple[str, str], str]
    written: Mapping[str, str]
    empty: tuple[str, ...]
    default: str
    default_is_column: bool

    @property
    def source(self) -> str:
        return self.codes[0]

    def texts(self, row: SheetRow, base: str) -> dict[str, str]:
        """A text of a row by language."""
        found: dict[str, str] = {}
        for code in self.codes:
            text = row[self.columns.get((base, code), "")]
            if text:
                found[code] = text
        return found


def code_of(written: str) -> str:
    """The code of a language as files call it: `English (en)`, `Nederlands`, `nl`."""
    found = _CODE.search(written)
    name = written.strip().casefold()
    if found:
        return found[1].casefold()
    return _KNOWN.get(name, name if re.fullmatch(r"[a-z]{2,3}", name) else _plain(name))


def languages_of(file: SheetFile) -> Languages:
    """The languages in which something stands in a file, with the source in front: Dutch where it
    is one of them, else what the file calls its default."""
    settings = file.sheet("settings").rows
    default = settings[0]["default_language"] if settings else ""
    bare = code_of(default) if default and default.casefold() != "default" else DUTCH
    columns: dict[tuple[str, str], str] = {}
    written: dict[str, str] = {}
    filled: set[str] = set()
    for sheet in file.sheets.values():
        for column in sheet.columns:
            base, code, name = _column(column, bare)
            if base in TRANSLATED:
                columns.setdefault((base, code), column)
                written.setdefault(code, name)
                if any(row[column].strip() for row in sheet.rows):
                    filled.add(code)
    first = [code for code in (DUTCH, bare, *written) if code in filled][:1] or [bare]
    codes = tuple(dict.fromkeys((*first, *(code for code in written if code in filled))))
    empty = tuple(written[code] for code in written if code not in filled)
    names = {name.casefold() for name in written.values()}
    is_column = not default or default.casefold() in names or "" in names
    return Languages(codes, columns, written, empty, default, is_column)


def _column(column: str, bare: str) -> tuple[str, str, str]:
    """The text, the code of its language, and the language as it is written (empty: not said)."""
    for base in TRANSLATED:
        if column == base:
            return base, bare, ""
        if column.startswith(f"{base}::"):
            name = column.removeprefix(f"{base}::").strip()
            return base, bare if name.casefold() == "default" else code_of(name), name
    return "", "", ""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name).strip("_")[:20] or "xx"
