"""Lints a folder of guides in every language: each problem at its line, with the way to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from conversations.checks.lint_paths import path_findings
from conversations.checks.lint_steps import step_findings
from conversations.checks.lint_words import SLOTS, guide_word_findings, phrase_findings, slots
from conversations.guide.builder import build_guide, fields
from conversations.guide.library import DUTCH
from conversations.guide.loading import (
    FIXED,
    HOME,
    GuideFile,
    PoEntry,
    help_lines,
    read_entries,
    read_guides,
    read_phrases,
    unread_languages,
)
from conversations.guide.model import Phrases
from conversations.guide.problems import GuideError, Problem
from conversations.guide.schema import step_lines

__all__ = ["Problem", "lint"]


def lint(folder: Path | None = None) -> list[Problem]:
    """Everything to mend in a folder with `guides/*.toml` and `locales/<language>/*.po`.

    Without a folder: our own guides. Fixed sentences the folder does not have are ours.
    """
    home = folder or HOME
    guides, problems = read_guides(home)
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
    for guide in guides:
        problems += _guide(guide, phrases[DUTCH])
        for language in sorted({path.parent.name for path in files} - {DUTCH}):
            path = home / "locales" / language / f"{guide.id}.po"
            if language in unread and path not in files:
                continue  # the guide is told in Dutch until then
            spoken = phrases.get(language, Phrases(language, phrases[DUTCH].sentences))
            problems += _translation(home, path, files.get(path), guide, spoken)
    return [*problems, *_fixed(home, files, kept, phrases)]


def _guide(guide: GuideFile, phrases: Phrases) -> Iterator[Problem]:
    """The checks of a guide as it stands in its file, in Dutch."""
    steps = guide.data["step"]
    numbers = step_lines(guide.text, len(steps))
    lines = {step["id"]: line for step, line in zip(steps, numbers, strict=True)}
    built = build_guide(guide.data, {}, phrases)
    for step, code, message, mend in [*path_findings(built), *step_findings(built)]:
        yield Problem(guide.name, lines.get(step, 1), step, code, message, mend)
    texts = fields(guide.data)
    for key, code, message, mend in guide_word_findings(texts, phrases, SLOTS | _numbers()):
        step = _step_of(key)
        yield Problem(guide.name, lines.get(step, 1), step, code, message, mend)


def _translation(
    home: Path, path: Path, entries: list[PoEntry] | None, guide: GuideFile, phrases: Phrases
) -> Iterator[Problem]:
    """The checks of a guide in another language: complete, up to date, and as plain."""
    name = path.relative_to(home).as_posix()
    if entries is None:
        message = f"{guide.id} is not translated into {phrases.language}."
        yield Problem(name, 1, "", "no-translation", message, "Make this file.")
        return
    dutch = fields(guide.data)
    found = {entry.context: entry for entry in entries}
    problem = _at(name, {key: entry.line for key, entry in found.items()})
    for key, words in dutch.items():
        entry = found.get(key)
        if entry is None or not entry.text:
            mend = f'Add msgctxt "{key}" with its translation.'
            yield problem(key, "translation-missing", f"{key} is not translated.", mend)
        elif entry.id != words:
            mend = f"Translate anew, from: {words}"
            yield problem(key, "translation-outdated", f"The Dutch of {key} has changed.", mend)
        elif entry.doubted:
            mend = "Read it, then take away “fuzzy”."
            yield problem(key, "translation-doubted", f"{key} is marked as doubtful.", mend)
        elif slots(entry.text) != slots(words):
            mend = f"Use the slots of the Dutch: {_listed(words)}."
            yield problem(key, "translation-slots", f"{key} has other slots.", mend)
    for key in sorted(found.keys() - dutch.keys()):
        mend = "Take the entry out."
        yield problem(key, "translation-unknown", f"The guide has no text {key}.", mend)
    texts = {key: found[key].text for key in dutch if key in found and found[key].text}
    for key, code, message, mend in guide_word_findings(texts, phrases, SLOTS | _numbers()):
        yield problem(key, code, message, mend)


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
            problem = _at(name, {key: entry.line for key, entry in group.items()})
            for key, entry in group.items():
                if key not in dutch or key not in plain:
                    mend = "Take the entry out, or give it a Dutch sentence."
                    yield problem(key, "sentence-unknown", f"There is no sentence {key}.", mend)
                elif slots(dutch[key]) - slots(entry.text) - _said_in_words(key) or (
                    slots(entry.text) - slots(dutch[key])
                ):
                    mend = f"Use the slots of the Dutch: {_listed(dutch[key])}."
                    yield problem(key, "translation-slots", f"{key} has other slots.", mend)
            texts = {key: entry.text for key, entry in group.items()}
            for key, code, message, mend in phrase_findings(texts, phrases[language]):
                yield problem(key, code, message, mend)
        problem = _at(name, {})
        for key in sorted(dutch.keys() - kept[language]["sentences"].keys()):
            mend = f'Add msgid "{key}" with its sentence.'
            yield problem(key, "sentence-missing", f"The sentence {key} is missing.", mend)


def _said_in_words(key: str) -> set[str]:
    """The slots that a plural form needs not fill: of one or two the word says how many."""
    return {"n"} if key.endswith((".one", ".two")) else set()


def _at(name: str, lines: Mapping[str, int]) -> Callable[[str, str, str, str], Problem]:
    """Makes problems in a file of which it is known where each text stands."""

    def problem(key: str, code: str, message: str, mend: str) -> Problem:
        return Problem(name, lines.get(key, 1), _step_of(key), code, message, mend)

    return problem


def _step_of(key: str) -> str:
    """The step, or the fixed sentence, that a text belongs to; empty for the guide itself."""
    step = key.partition(".")[0]
    return "" if step == "guide" else step


def _numbers() -> frozenset[str]:
    return frozenset(line["id"] for line in help_lines()["line"])


def _listed(text: str) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(slots(text))) or "none"
