"""The columns of our own (`vertelbot::…`) that say what XLSForm has no word for; with them a guide
goes out and comes in again the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.authoring.exchange.sheet_file import SheetRow
from bot.authoring.exchange.sheet_languages import Languages

VERSION = "1"
PREFIX = "vertelbot::"
BORROWED = PREFIX + "onvertaald"
"""Says which texts of a row are Dutch in another language's column: ODK has no fallback."""
TYPES = {
    "say": "note", "choice": "select_one", "choices": "select_multiple", "scale": "range",
    "triad": "text", "text": "text", "tell": "text", "name": "text", "sentence": "text",
    "consent": "acknowledge", "switches": "note", "review": "note",
}  # fmt: skip
"""What a kind of step is in a sheet for programs that know no guides."""
WORDS = {
    "kind": "soort", "about": "over", "purpose": "doel", "fill": "vul", "goto": "naar",
    "when": "als",
}  # fmt: skip
"""Keys of a step whose value is a word, and their columns."""
MARKS = {"end": "slot", "erase": "wis", "other": "anders"}
"""Keys that are true or false."""
YES, NO = "ja", "nee"
SKIP, SKIP_TEXT, SKIP_TABLE = "overslaan", "tekst", "tabel"
SKIP_GOTO, MAX = "overslaan_naar", "meest"
OPTION_WORDS = {"goto": "naar", "when": "als"}
OPTION_TEXTS = {"reply": "reactie", "say": "uitleg"}

Texts = Mapping[str, str]
"""A text by language."""


def is_own(row: SheetRow) -> bool:
    return bool(row[PREFIX + "soort"])


def step_of_row(row: SheetRow, source: str, texts: Mapping[str, Texts]) -> dict[str, Any]:
    """A step as our columns say it. `texts` are those of the row by their column."""
    step: dict[str, Any] = {"id": row["name"]}
    step |= {key: row[PREFIX + word] for key, word in WORDS.items() if row[PREFIX + word]}
    step["say"] = texts["label"].get(source, "")
    if short := texts["vertelbot::kort"].get(source):
        step["short"] = short
    for key, word in MARKS.items():
        if row[PREFIX + word]:
            step[key] = row[PREFIX + word] == YES
    if most := row[PREFIX + MAX]:
        step["max"] = int(most) if most.isdecimal() else most
    skip = row[PREFIX + SKIP]
    label = texts["vertelbot::overslaan_tekst"].get(source, "")
    if skip in (YES, NO):
        step["skip"] = skip == YES
    elif skip == SKIP_TEXT:
        step["skip"] = label
    elif skip == SKIP_TABLE:
        reply = texts["vertelbot::overslaan_reactie"].get(source)
        made = {"label": label, "goto": row[PREFIX + SKIP_GOTO], "reply": reply}
        step["skip"] = {key: value for key, value in made.items() if value}
    return step


def option_of_row(row: SheetRow, source: str, texts: Mapping[str, Texts]) -> dict[str, Any]:
    """An option or pole as our columns say it."""
    option: dict[str, Any] = {"id": row["name"], "label": texts["label"].get(source, "")}
    option |= {key: row[PREFIX + word] for key, word in OPTION_WORDS.items() if row[PREFIX + word]}
    for key, word in OPTION_TEXTS.items():
        if text := texts[PREFIX + word].get(source):
            option[key] = text
    return option


def translated(languages: Languages, row: SheetRow, column: str) -> dict[str, str]:
    """The texts of a row that were really translated: not the Dutch that only fills a place."""
    borrowed = row[BORROWED].split()
    found = languages.texts(row, column)
    same = found.get(languages.source)
    return {
        code: text
        for code, text in found.items()
        if text != same or f"{column}::{code}" not in borrowed
    }


def row_of_step(step: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a step that hold no text of a language."""
    kind = step["kind"]
    type_ = TYPES[kind]
    if type_.startswith("select"):
        type_ = f"{type_} {step['id']}" if step.get("options") else "text"
    cells = {"type": type_, "name": step["id"]}
    cells |= {PREFIX + word: step[key] for key, word in WORDS.items() if key in step}
    cells |= {PREFIX + word: YES if step[key] else NO for key, word in MARKS.items() if key in step}
    if "max" in step:
        cells[PREFIX + MAX] = str(step["max"])
    if kind == "tell":
        cells["appearance"] = "multiline"
    if kind == "scale":
        cells["parameters"] = "start=0 end=100 step=1"
    if kind == "choices" and step.get("options"):
        cells["constraint"] = f"count-selected(.) <= {step.get('max', 1)}"
    match step.get("skip"):
        case bool() as skip:
            cells[PREFIX + SKIP] = YES if skip else NO
            cells |= {} if skip else {"required": "yes"}
        case str():
            cells[PREFIX + SKIP] = SKIP_TEXT
        case Mapping() as skip:
            cells[PREFIX + SKIP] = SKIP_TABLE
            cells |= {PREFIX + SKIP_GOTO: skip["goto"]} if "goto" in skip else {}
    return cells


def row_of_option(list_name: str, option: Mapping[str, Any]) -> dict[str, str]:
    """The cells of an option or pole that hold no text of a language."""
    words = {PREFIX + word: option[key] for key, word in OPTION_WORDS.items() if key in option}
    return {"list_name": list_name, "name": option["id"], **words}


def text_columns(step: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """The texts of the row of a step: the column, and the name of the text in a translation."""
    name = step["id"]
    return (
        ("label", f"{name}.say"),
        ("vertelbot::kort", f"{name}.short"),
        ("vertelbot::overslaan_tekst", f"{name}.skip"),
        ("vertelbot::overslaan_reactie", f"{name}.skip.reply"),
    )


def option_columns(step_id: str, key: str, option_id: str) -> Sequence[tuple[str, str]]:
    """The texts of the row of an option (`key` is option or pole)."""
    name = f"{step_id}.{key}.{option_id}"
    columns = [("label", name)]
    if key == "option":
        columns += [(PREFIX + word, f"{name}.{key_}") for key_, word in OPTION_TEXTS.items()]
    return columns
