"""Checks a folder of guides, or one file: lint, and a walk through every state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from conversations.checks.advice import advice
from conversations.checks.burden import Burden, burden, burden_problems
from conversations.checks.lint_folder import lint
from conversations.checks.lint_guide import (
    NOT_WALKED,
    GuideCheck,
    at_its_line,
    check_guide,
    found_at,
)
from conversations.checks.walk.explore import Exploration, explore
from conversations.guide.library import Library
from conversations.guide.loading import HOME, load_guides, read_guides
from conversations.guide.problem_texts import all_in_language
from conversations.guide.problems import GuideError, Problem


def check_report(
    place: Path | None, timer: Callable[[], float], language: str = "en"
) -> dict[str, Any]:
    """What was checked and what is wrong, per guide. `timer` gives seconds, from any moment.

    A guide that does not lint is not walked: `states` and `transitions` are 0. Problems of fixed
    sentences, and of files that are no guide, stand under `problems` of the report itself; what is
    good practice and no more under `advice` of its guide.
    """
    if place and not place.is_dir():
        return _file_report(place, timer, language)
    home = place or HOME
    problems = lint(place)
    try:
        library: Library | None = load_guides(place)
    except GuideError:
        library = None
    files = {file.id: file for file in read_guides(home)[0]}
    guides = []
    for path in sorted((home / "guides").glob("*.toml")):
        began, guide_id = timer(), path.stem
        mine = [each for each in problems if Path(each.file).stem == guide_id]
        problems = [each for each in problems if each not in mine]
        walked, asked, advised = NOT_WALKED, dict[str, Burden](), list[Problem]()
        if library and not mine:
            told = [library.get(guide_id, each) for each in library.languages(guide_id)]
            asked = {guide.language: burden(guide) for guide in told}
            heavy = [p for each in told for p in burden_problems(each, asked[each.language])]
            walked = explore(*told)
            mine = at_its_line(files[guide_id], [*heavy, *walked.problems])
            advised = list(found_at(files[guide_id], advice(told[0])))
        languages = library.languages(guide_id) if library else ()
        seconds = timer() - began
        guides.append(_guide(guide_id, languages, walked, asked, seconds, mine, advised, language))
    return _report(guides, problems, language)


def _file_report(path: Path, timer: Callable[[], float], language: str) -> dict[str, Any]:
    """One guide by itself, with the translations that lie where they do in a folder of guides, or
    beside it (`guide.en.po`)."""
    return report_of(path.stem, lambda: check_file(path), timer, language)


def report_of(
    guide_id: str, checked: Callable[[], GuideCheck], timer: Callable[[], float], language: str
) -> dict[str, Any]:
    """The report on one guide, wherever it is from."""
    began = timer()
    found = checked()
    languages = [each.language for each in found.guides]
    guide = _guide(
        guide_id,
        languages,
        found.walked,
        found.burden,
        timer() - began,
        found.problems,
        found.advice,
        language,
    )
    return _report([guide], [], language)


def check_file(path: Path) -> GuideCheck:
    """The check of one file. Raises OSError when it cannot be read."""
    return check_guide(path.name, path.read_bytes(), translations_of(path), walk=True)


def translations_of(path: Path) -> dict[str, bytes]:
    """The PO files of one guide, by language: those beside it, and those where they lie in a folder
    of guides. Raises OSError."""
    beside = {each.name.split(".")[-2]: each for each in path.parent.glob(f"{path.stem}.*.po")}
    home = path.parent.parent if path.parent.name == "guides" else path.parent
    within = {each.parent.name: each for each in home.glob(f"locales/*/{path.stem}.po")}
    return {each: file.read_bytes() for each, file in {**within, **beside}.items()}


def _report(guides: list[dict[str, Any]], problems: list[Problem], language: str) -> dict[str, Any]:
    fine = not problems and not any(guide["problems"] for guide in guides)
    told = [each.as_json() for each in all_in_language(problems, language)]
    return {"ok": fine, "guides": guides, "problems": told}


def _guide(
    guide_id: str,
    languages: Iterable[str],
    walked: Exploration,
    asked: Mapping[str, Burden],
    seconds: float,
    problems: Iterable[Problem],
    advised: Iterable[Problem],
    language: str,
) -> dict[str, Any]:
    return {
        "id": guide_id,
        "languages": list(languages),
        "states": walked.states,
        "transitions": walked.transitions,
        "burden": {each: _counted(found) for each, found in asked.items()},
        "seconds": round(seconds, 2),
        "problems": [each.as_json() for each in all_in_language(problems, language)],
        "advice": [each.as_json() for each in all_in_language(advised, language)],
    }


def _counted(found: Burden) -> dict[str, float]:
    return {
        "words": found.words,
        "taps": found.taps,
        "screens": found.screens,
        "minutes": found.minutes,
    }
