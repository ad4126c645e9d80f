"""The checks of guides: ours pass, and every broken guide is found out, at its line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from conversations.checks.lint_folder import Problem, lint
from conversations.guide.loading import HOME

BROKEN = sorted((Path(__file__).parent / "broken_guides").glob("*.toml"))


def found_in(folder: Path, guide: Path) -> tuple[Problem, ...]:
    """The problems of one guide, with its translation beside it when it has one."""
    _lay_out(folder, guide)
    return _found(guide, folder)


_FOUND: dict[Path, tuple[Problem, ...]] = {}


def _found(guide: Path, folder: Path) -> tuple[Problem, ...]:
    """Looked for once for all tests."""
    if guide not in _FOUND:
        _FOUND[guide] = tuple(lint(folder))
    return _FOUND[guide]


def _lay_out(folder: Path, guide: Path) -> None:
    (folder / "guides").mkdir(parents=True)
    shutil.copy(guide, folder / "guides")
    translation = guide.with_suffix(".en.po")
    if translation.exists():
        (folder / "locales" / "en").mkdir(parents=True)
        shutil.copy(translation, folder / "locales" / "en" / f"{guide.stem}.po")


def test_our_own_guides_and_sentences_have_no_problem_in_any_language() -> None:
    assert [str(problem) for problem in lint()] == []


def test_there_are_enough_broken_guides_to_trust_the_checks() -> None:
    assert len(BROKEN) >= 25


@pytest.mark.parametrize("guide", BROKEN, ids=lambda guide: guide.stem)
def test_a_broken_guide_is_found_out(guide: Path, tmp_path: Path) -> None:
    expected = re.findall(r"^# expect: (\S+): ?(.*)$", guide.read_text(), re.MULTILINE)
    problems = found_in(tmp_path, guide)
    assert expected
    assert {problem.code for problem in problems} == {code for code, _ in expected}, problems
    for code, message in expected:
        assert any(one.code == code and message in one.message for one in problems), problems


@pytest.mark.parametrize("guide", BROKEN, ids=lambda guide: guide.stem)
def test_a_problem_says_where_it_stands_and_how_to_mend_it(guide: Path, tmp_path: Path) -> None:
    lines = guide.read_text().splitlines()
    marked = {number for number, line in enumerate(lines, 1) if line.endswith("  # here")}
    for problem in found_in(tmp_path, guide):
        read = (tmp_path / problem.file).read_text().splitlines()
        assert 1 <= problem.line <= len(read)
        assert problem.message.endswith((".", "?"))
        assert problem.mend.endswith((".", "…", "}"))
        if marked:
            assert problem.line in marked
            assert f'id = "{problem.step}"' in read[problem.line - 1]


def test_a_guide_in_a_language_it_is_not_translated_into_is_named(tmp_path: Path) -> None:
    shutil.copytree(HOME / "guides", tmp_path / "guides")
    (tmp_path / "locales" / "en").mkdir(parents=True)
    shutil.copy(HOME / "locales" / "en" / "vertelbot.po", tmp_path / "locales" / "en")
    problems = lint(tmp_path)
    assert {problem.code for problem in problems} == {"no-translation"}
    assert len(problems) == len(list((HOME / "guides").glob("*.toml")))


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ('msgid "stop_now"\nmsgstr "Stop."', "sentence-unknown"),
        ('msgid "max_reached"\nmsgstr "That is too many."', "translation-slots"),
        ('msgid "double_tap"\nmsgstr ""', "empty"),
        ('msgid "button.done"\nmsgstr "I am done with telling it"', "long-label"),
        (
            'msgid "old_button"\nmsgstr "That particular button concerns an anterior question."',
            "not-plain",
        ),
        (
            'msgctxt "u"\nmsgid "pick_hint"\nmsgstr "Choose two."',
            "sentence-unknown",
        ),
    ],
)
def test_a_bad_fixed_sentence_is_found_out(entry: str, code: str, tmp_path: Path) -> None:
    place = tmp_path / "locales" / "en"
    place.mkdir(parents=True)
    (place / "vertelbot.po").write_text(f"{entry}\n", encoding="utf-8")
    assert code in {problem.code for problem in lint(tmp_path)}


def test_a_language_without_every_fixed_sentence_is_found_out(tmp_path: Path) -> None:
    place = tmp_path / "locales" / "fy"
    place.mkdir(parents=True)
    (place / "vertelbot.po").write_text('msgid "button.done"\nmsgstr "Klear"\n', encoding="utf-8")
    problems = lint(tmp_path)
    assert {problem.code for problem in problems} == {"sentence-missing"}
    assert "stop_ask" in {problem.step for problem in problems}
