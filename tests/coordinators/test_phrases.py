"""The sentences of coordinators: all there, in both languages, none left over."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import bot
from bot.coordinators.phrases import FILES, words
from conversations.guide.loading import HOME, read_entries
from storage.coordinators.audit import Action

CODE = Path(bot.__file__).parent
_SLOT = re.compile(r"\{(\w+)\}")
_KEY = re.compile(
    r"""(?:\bt|words|said|many|_t|self\.t|visit\.words)\(\s*"([a-z_.-]+)"|key="([a-z_.]+)"|"""
    r"""problem="([a-z_.]+)"|"((?:digest|nav|state|error)\.[a-z_.]+)"|t\('([a-z_.]+)'"""
)


def entries(language: str) -> dict[str, str]:
    paths = [HOME / "locales" / language / file for file in FILES]
    found = [entry for path in paths for entry in read_entries(HOME, path)]
    assert len({entry.id for entry in found}) == len(found)
    return {entry.id: entry.text for entry in found}


def asked() -> set[str]:
    """The keys that stand in code and templates as they are; what speaks in the chat has other
    sentences, which `tests/test_sentences.py` looks after."""
    found = set()
    for folder in ("coordinators", "cli", "sensemaking"):
        for path in (CODE / folder).rglob("*"):
            if path.suffix in (".py", ".html"):
                text = path.read_text(encoding="utf-8")
                for match in () if "TurnContext" in text else _KEY.finditer(text):
                    found.add(next(filter(None, match.groups())))
    return found


def test_both_languages_say_the_same_things() -> None:
    dutch, english = entries("nl"), entries("en")
    assert dutch.keys() == english.keys()
    assert all(dutch.values())
    assert all(english.values())
    for key in dutch:
        slots = [set(_SLOT.findall(each[key].casefold())) for each in (dutch, english)]
        assert slots[0] == slots[1], key


def test_every_sentence_that_is_asked_for_is_there() -> None:
    known = entries("nl").keys()
    whole = {key for key in asked() if "." in key and not key.endswith(".")}
    files = {*FILES, "stories.schema.json"}
    missing = {
        key
        for key in whole - files
        if key not in known and not key.endswith((".html", ".css", ".js", ".svg"))
    }
    assert missing == set()


def test_every_act_in_the_log_has_its_words() -> None:
    said = words("nl")
    for action in get_args(Action):
        assert said(f"log.{action}")


def test_numbers_and_weeks_are_written_as_people_write_them() -> None:
    assert words("nl").number(12345) == "12.345"
    assert words("en").number(12345) == "12,345"
    assert (words("nl").number(5.38), words("en").number(10.8)) == ("5,4", "11")
    assert words("nl").week("2026-W47") == "week 47 (vanaf 16 november 2026)"
    assert words("nl").many("stories.found", 1) == "1 verhaal"


def test_another_language_gets_dutch() -> None:
    assert words("tr").language == "nl"


def test_who_works_with_stories_is_called_je() -> None:
    """On pages and in the handbook; sheets of a session lie before residents too."""
    formal = re.compile(r"(?<!‘Bent )(?<!Moest )\b[Uu]w?\b")
    pages = {key: text for key, text in entries("nl").items() if not key.startswith("pack.")}
    handbook = (CODE.parent / "docs" / "handbook" / "nl").glob("*.md")
    said = pages | {path.name: path.read_text("utf-8") for path in handbook}
    assert [key for key, text in said.items() if formal.search(text)] == []
