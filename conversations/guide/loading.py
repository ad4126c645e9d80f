"""Loads guides: TOML and PO files become a `Library` of guides in every language."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from conversations.guide.library import DUTCH, Library
from conversations.guide.model import Phrases
from conversations.guide.parsing import GuideFile, parse_guide, unreadable_po
from conversations.guide.po import NotPo, PoEntry, parse_entries
from conversations.guide.problems import GuideError, Problem

HOME = Path(__file__).parents[1]
FIXED = "vertelbot.po"
_READER = re.compile(r'^"X-Native-Reader: *(.*?)(?:\\n)?"$', re.MULTILINE)
"""The header of a PO file that names who read it; `none` marks the language as not yet read."""

PAGES = ("web.", "privacy.", "coordinator.", "command.", "bot.")
"""Sentences that stand on a page or in a menu: no conversation says them, no guide holds them."""


def load_guides(folder: Path | None = None) -> Library:
    """All guides of a folder with `guides/*.toml` and `locales/<language>/*.po`.

    Without a folder: our own, which are read once. What a folder does not have of fixed sentences
    comes from ours. Raises GuideError, with every problem, when a file cannot be read as a guide.
    """
    return _read(folder) if folder else _own()


@cache
def _own() -> Library:
    return _read(HOME)


def _read(home: Path) -> Library:
    guides, problems = read_guides(home)
    try:
        phrases = read_phrases(home)
        texts = {guide.id: dict(_translations(home, guide.id)) for guide in guides}
    except GuideError as error:
        raise GuideError([*problems, *error.problems]) from error
    if problems:
        raise GuideError(problems)
    return make_library(guides, texts, phrases, unread_languages(home))


def make_library(
    guides: list[GuideFile],
    texts: Mapping[str, Mapping[str, Mapping[str, str]]],
    phrases: Mapping[str, Any],
    unread: frozenset[str] = frozenset(),
) -> Library:
    """A library of guides without problems, their texts by language and the fixed sentences."""
    numbers = {line["id"]: line["number"] for line in help_lines()["line"]}
    said = {
        language: {
            form: {key: text for key, text in words.items() if not key.startswith(PAGES)}
            for form, words in kept.items()
        }
        for language, kept in phrases.items()
    }
    return Library(
        {
            guide.id: {
                "guide": guide.data,
                "texts": texts[guide.id],
                "phrases": said,
                "numbers": numbers,
            }
            for guide in guides
        },
        phrases,
        unread,
    )


def read_guides(folder: Path) -> tuple[list[GuideFile], list[Problem]]:
    """The guides of a folder that have the shape of one, and what is wrong with the others."""
    guides: list[GuideFile] = []
    problems: list[Problem] = []
    for path in sorted((folder / "guides").glob("*.toml")):
        parsed = parse_guide(path.relative_to(folder).as_posix(), path.read_bytes())
        problems += parsed.problems
        if parsed.file:
            guides.append(parsed.file)
    return guides, problems


def read_phrases(folder: Path) -> dict[str, Any]:
    """The fixed sentences of every language, with the help card made out of them."""
    phrases: dict[str, Any] = {}
    for home in dict.fromkeys((HOME, folder)):
        for path in sorted(home.glob(f"locales/*/{FIXED}")):
            kept = phrases.setdefault(path.parent.name, {"sentences": {}, "formal": {}})
            for entry in read_entries(home, path):
                if entry.text:
                    kept["formal" if entry.context == "u" else "sentences"][entry.id] = entry.text
    for language, kept in phrases.items():
        sentences = {**phrases[DUTCH]["sentences"], **kept["sentences"]}
        said = Phrases(language, sentences)
        kept["sentences"] |= {"help_card": help_card(said), "help_card_short": help_short(said)}
    return phrases


def unread_languages(folder: Path) -> frozenset[str]:
    """The languages that nobody who grew up with them has read yet."""
    paths = (path for home in (HOME, folder) for path in home.glob(f"locales/*/{FIXED}"))
    readers = {
        path.parent.name: _READER.search(path.read_text(encoding="utf-8", errors="replace"))
        for path in paths
    }
    return frozenset(
        language for language, reader in readers.items() if reader and reader[1] in ("", "none")
    )


def read_entries(folder: Path, path: Path) -> list[PoEntry]:
    """The entries of a PO file. Raises GuideError when it cannot be read."""
    try:
        return parse_entries(path.read_bytes())
    except NotPo as error:
        name = path.relative_to(folder).as_posix()
        raise GuideError([unreadable_po(name, error)]) from error


def help_lines() -> dict[str, Any]:
    """The help numbers and the date on which a person checked them (empty: never)."""
    return tomllib.loads((HOME / "help.toml").read_text(encoding="utf-8"))


def help_card(phrases: Phrases) -> str:
    """Who can help now, a paragraph each, in these words."""
    lines = [_help_line(phrases, line) for line in help_lines()["line"]]
    return "\n\n".join([phrases.get("help.intro"), *lines])


def help_short(phrases: Phrases) -> str:
    """The two lines of the help card for who cannot wait, in these words."""
    return "\n\n".join(_help_line(phrases, line) for line in help_lines()["line"][:2])


def _help_line(phrases: Phrases, line: dict[str, Any]) -> str:
    said = phrases.get(f"help.{line['id']}")
    for slot in ("number", "url"):
        said = said.replace(f"{{{slot}}}", _left_to_right(line.get(slot, ""), said))
    if line.get("free"):
        said += " " + phrases.get("help.always" if line.get("hours") == "24/7" else "help.free")
    return said


def _left_to_right(value: str, said: str) -> str:
    """A number or address, so marked in a sentence from right to left that it does not turn
    round."""
    turns = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in said)
    return f"\u2066{value}\u2069" if turns else value


def _translations(folder: Path, guide_id: str) -> Iterator[tuple[str, dict[str, str]]]:
    for path in sorted(folder.glob(f"locales/*/{guide_id}.po")):
        entries = read_entries(folder, path)
        yield path.parent.name, {entry.context: entry.text for entry in entries if entry.text}
