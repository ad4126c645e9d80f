"""Lints a folder of guides in every language: each problem at its line, with the way to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conversations.checks.lint_guide import (
    guide_problems,
    known_already,
    listed,
    place_in,
    spoilt_steps,
    translation_problems,
)
from conversations.checks.lint_words import phrase_findings, slots
from conversations.guide.library import DUTCH
from conversations.guide.loading import (
    FIXED,
    HOME,
    read_entries,
    read_phrases,
    unread_languages,
)
from conversations.guide.model import Phrases
from conversations.guide.parsing import GuideFile, parse_guide
from conversations.guide.po import PoEntry
from conversations.guide.problems import Flaw, GuideError, Problem

__all__ = ["Problem", "lint"]


def lint(folder: Path | None = None) -> list[Problem]:
    """Everything to mend in a folder with `guides/*.toml` and `locales/<language>/*.po`.

    Without a folder: our own guides. Fixed sentences the folder does not have are ours.
    """
    home = folder or HOME
    problems: list[Problem] = []
    guides: list[tuple[GuideFile, frozenset[str]]] = []
    for path in sorted((home / "guides").glob("*.toml")):
        parsed = parse_guide(path.relative_to(home).as_posix(), path.read_bytes())
        problems += parsed.problems
        if parsed.rest:
            guides.append((parsed.rest, spoilt_steps(parsed.rest, parsed.problems)))
    files: dict[Path, list[PoEntry]] = {}
    for path in sorted(home.glob("locales/*/*.po")):
        try:
            files[path] = read_entries(home, path)
        except GuideError as error:
            problems += error.problems
    if any(path.name == FIXED and path not in files for path in home.glob("locales/*/*.po")):
        return problems
    kept = read_phrases(home)
    phrases = {
        language: Phrases(language, {**kept[DUTCH]["sentences"], **words["sentences"]})
        for language, words in kept.items()
    }
    unread = unread_languages(home)
    for guide, not_right in guides:
        found = guide_problems(guide, phrases[DUTCH], not_right)
        problems += (each for each in found if not known_already(each, not_right))
        for language in sorted({path.parent.name for path in files} - {DUTCH}):
            path = home / "locales" / language / f"{guide.id}.po"
            if language in unread and path not in files:
                continue  # the guide is told in Dutch until then
            spoken = phrases.get(language, Phrases(language, phrases[DUTCH].sentences))
            problems += translation_problems(
                path.relative_to(home).as_posix(), files.get(path), guide, spoken
            )
    return [*problems, *_fixed(home, files, kept, phrases)]


def _fixed(
    home: Path,
    files: Mapping[Path, list[PoEntry]],
    kept: Mapping[str, Any],
    phrases: Mapping[str, Phrases],
) -> Iterator[Problem]:
    """The checks of the fixed sentences: the same keys and slots in every language, and plain."""
    dutch = phrases[DUTCH].sentences
    for path, entries in files.items():
        if path.name != FIXED:
            continue
        language = path.parent.name
        name = path.relative_to(home).as_posix()
        plain = {entry.id: entry for entry in entries if not entry.context}
        formal = {entry.id: entry for entry in entries if entry.context == "u"}
        for group in (plain, formal):
            problem = place_in(name, {key: entry.line for key, entry in group.items()})
            for key, entry in group.items():
                if key not in dutch or key not in plain:
                    yield problem(Flaw(key, "sentence-unknown", {"key": key}))
                elif slots(dutch[key]) - slots(entry.text) - _said_in_words(key) or (
                    slots(entry.text) - slots(dutch[key])
                ):
                    slots_of = {"key": key, "slots": listed(dutch[key])}
                    yield problem(Flaw(key, "translation-slots", slots_of))
            texts = {key: entry.text for key, entry in group.items()}
            yield from map(problem, phrase_findings(texts, phrases[language]))
        problem = place_in(name, {})
        for key in sorted(dutch.keys() - kept[language]["sentences"].keys()):
            yield problem(Flaw(key, "sentence-missing", {"key": key}))


def _said_in_words(key: str) -> set[str]:
    """The slots that a plural form needs not fill: of one or two the word says how many."""
    return {"n"} if key.endswith((".one", ".two")) else set()
