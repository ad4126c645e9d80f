"""What is wrong with a file of own questions is said in sentences, at its line, with the mend."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.authoring.overlays.overlay_files import read_overlays
from bot.authoring.overlays.overlay_report import overlay_report
from conversations.authoring.overlay import NoOverlay, overlay_problems, read_overlay
from conversations.guide.loading import load_guides
from conversations.guide.problem_texts import in_language
from conversations.guide.problems import GuideError, Problem
from tests.authoring.test_overlays import FILE

WRONG = {
    "unreadable": ('guide = "follow_up"', "guide = follow_up"),
    "unknown-key": ('guide = "follow_up"', 'guide = "follow_up"\nkleur = "rood"'),
    "no-guide": ('guide = "follow_up"', ""),
    "no-team": ('team = "Wijkteam Oost"', "team = 7"),
    "off-list": ("off = [", "off = [1, "),
    "question-list": ("[[question]]", "[question]"),
    "own-id": ('id = "own_waiting"', 'id = "waiting"'),
    "missing": ("\nsay = ", "\n# say = "),
    "kind": ('kind = "choice"', 'kind = "tell"'),
    "options": ("options = [", "options = [7, "),
    "max": ('kind = "choice"', 'kind = "choices"\nmax = 0'),
    "other": ('kind = "choice"', 'kind = "choice"\nother = 1'),
    "few-poles": ('kind = "choice"', 'kind = "scale"'),
    "not-here": ('after = "', 'after = "x'),
    "not-optional": ("off = [", 'off = ["tell", '),
}  # fmt: skip


def problems_of(text: str) -> list[Problem]:
    try:
        overlay = read_overlay(text)
    except NoOverlay as error:
        return overlay_report("oost.toml", text, error.problems)
    data = load_guides().sources["follow_up"]["guide"]
    return overlay_report("oost.toml", text, overlay_problems(data, overlay))


@pytest.mark.parametrize("code", WRONG)
def test_each_fault_is_told_in_both_languages_with_its_mend(code: str) -> None:
    old, new = WRONG[code]
    assert old in FILE
    found = problems_of(FILE.replace(old, new, 1))
    assert [each for each in found if code in (each.variant, each.code)], found
    for each in found:
        for language in ("nl", "en"):
            said = in_language(each, language)
            assert said.message.endswith(".")
            assert said.mend.endswith(".")
            assert "{" not in said.message.replace("{ ", "")
    assert "Dit" not in found[0].message
    lines = FILE.replace(old, new, 1).splitlines()
    about = found[0].slots.get("question", "")
    assert not about or about in lines[found[0].line - 1] or found[0].line == 1


def test_a_folder_names_file_line_and_mend_of_all_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(FILE.replace('kind = "choice"', 'kind = "tell"'))
    (tmp_path / "b.toml").write_bytes(FILE.encode("utf-16"))
    (tmp_path / "c.toml").write_bytes(b"\xef\xbb\xbf" + FILE.encode())
    (tmp_path / "d.toml").write_text(f"{FILE}\nmax = =")
    with pytest.raises(GuideError) as caught:
        read_overlays(str(tmp_path), load_guides())
    said = str(caught.value)
    assert "a.toml:" in said
    assert "is of a kind that an own question cannot be" in said
    assert "b.toml:1" in said
    assert "c.toml" not in said
    assert f"d.toml:{FILE.count(chr(10)) + 2}" in said
    assert not [word for word in ("few-", "own-id", "Invalid", "at line") if word in said]


def test_every_reason_of_the_reader_of_toml_has_a_sentence_of_its_own_kind() -> None:
    """A key that stands twice between braces is no brace that lacks."""
    for wrong, variant in (
        ("a = { b = 1, b = 2 }", "twice"), ("a = { b = 1", "braces"), ("a = ja", "value"),
        ("a = [1", "list"), ("a", "equals"), ('a = "\\x"', "escape"), ("[a", "head"),
    ):  # fmt: skip
        with pytest.raises(tomllib.TOMLDecodeError):
            tomllib.loads(wrong)
        (found,) = problems_of(wrong)
        assert (found.code, found.variant) == ("unreadable", variant), wrong
