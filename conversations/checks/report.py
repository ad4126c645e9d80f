"""Checks a folder of guides: lint, and a walk through every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from conversations.checks.burden import Burden, burden, burden_problems
from conversations.checks.explore import Exploration, explore
from conversations.checks.lint import lint
from conversations.guide.library import Library
from conversations.guide.loading import HOME, GuideFile, load_guides, read_guides
from conversations.guide.problems import GuideError, Problem
from conversations.guide.schema import step_lines


def check_report(folder: Path | None, timer: Callable[[], float]) -> dict[str, Any]:
    """What was checked and what is wrong, per guide. `timer` gives seconds, from any moment.

    A guide that does not lint is not walked: `states` and `transitions` are 0. Problems of fixed
    sentences, and of files that are no guide, stand under `problems` of the report itself.
    """
    home = folder or HOME
    problems = lint(folder)
    try:
        library: Library | None = load_guides(folder)
    except GuideError:
        library = None
    files = {file.id: file for file in read_guides(home)[0]}
    guides = []
    for path in sorted((home / "guides").glob("*.toml")):
        began, guide_id = timer(), path.stem
        mine = [each for each in problems if Path(each.file).stem == guide_id]
        problems = [each for each in problems if each not in mine]
        walked, asked = Exploration(0, 0, ()), dict[str, Burden]()
        if library and not mine:
            told = [library.get(guide_id, each) for each in library.languages(guide_id)]
            asked = {guide.language: burden(guide) for guide in told}
            heavy = [p for each in told for p in burden_problems(each, asked[each.language])]
            walked = _walked(library, guide_id)
            mine = [_located(files[guide_id], found) for found in (*heavy, *walked.problems)]
        guides.append(
            {
                "id": guide_id,
                "languages": list(library.languages(guide_id)) if library else [],
                "states": walked.states,
                "transitions": walked.transitions,
                "burden": {language: _counted(each) for language, each in asked.items()},
                "seconds": round(timer() - began, 2),
                "problems": [asdict(each) for each in mine],
            }
        )
    fine = not problems and not any(guide["problems"] for guide in guides)
    return {
        "ok": fine,
        "guides": guides,
        "problems": [asdict(each) for each in problems],
    }


def _counted(found: Burden) -> dict[str, float]:
    return {
        "words": found.words,
        "taps": found.taps,
        "screens": found.screens,
        "minutes": found.minutes,
    }


def _walked(library: Library, guide_id: str) -> Exploration:
    first, *others = library.languages(guide_id)
    translations = (library.get(guide_id, language) for language in others)
    return explore(library.get(guide_id, first), *translations)


def _located(file: GuideFile, found: Problem) -> Problem:
    """A problem of the walk, at the line of its question."""
    steps = file.data["step"]
    lines = dict(
        zip((step["id"] for step in steps), step_lines(file.text, len(steps)), strict=True)
    )
    return replace(found, file=file.name, line=lines.get(found.step, 1))
