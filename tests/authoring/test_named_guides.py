"""Commands take the name of a guide that was made on the dashboard as well: published, or a draft
when that is said; and of a name that is unknown they say what there is."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from bot.authoring.exchange.guide_bundle import read_bundle
from bot.authoring.exchange.xlsform_reader import read_xlsform
from conversations.guide.loading import load_guides
from tests.authoring.test_publishing_commands import NOTE, Desk, desk

__all__ = ["desk"]
ASKED = {
    "export": ("--output", "x.zip"), "draw": (), "dryrun": ("--stories", "20", "--teams", "2"),
    "translations": ("--language", "en"),
}  # fmt: skip


def test_a_published_guide_of_the_dashboard_goes_out_in_every_form(desk: Desk) -> None:
    desk.write()
    assert desk("publish", "proef.toml", *NOTE)[0] == 0
    for form, name in (("xlsx", "p.xlsx"), ("po", "p.po"), ("bundle", "p.zip"), ("toml", "p.toml")):
        assert desk("export", "proef", "--format", form, "--output", name)[0] == 0
    data = read_xlsform(Path("p.xlsx").read_bytes()).data
    assert (data["id"], data["title"]) == ("proef", "Proef")
    assert read_bundle(Path("p.zip").read_bytes()).guide_id == "proef"
    assert "tell.say" in Path("p.po").read_text(encoding="utf-8")
    code, drawn, _ = desk("draw", "proef")
    assert (code, drawn[:9]) == (0, "flowchart")
    assert desk.json("dryrun", "proef", "--stories", "20", "--teams", "2")["guide"] == "proef"
    assert desk.json("translations", "proef", "--language", "fy")[0]["state"] == "missing"
    assert desk("new", "kopie", "--base", "proef")[0] == 0


def test_a_draft_is_taken_when_that_is_said(desk: Desk) -> None:
    desk.write()
    assert desk("import", "proef.toml", "--draft")[0] == 0
    for command, more in ASKED.items():
        code, _, error = desk(command, "proef", *more)
        assert (code, "say --draft" in error) == (1, True)
        assert desk(command, "proef", *more, "--draft")[0] == 0


def test_a_guide_of_the_dashboard_is_checked_as_a_file_is(desk: Desk) -> None:
    """As people begin it, and as it is being written, with what keeps that from being told."""
    code, _, error = desk("new", "proef", "--base", "follow_up")
    assert code == 0, error
    path = desk.write()
    assert desk("publish", str(path), *NOTE)[0] == 0
    report = desk.json("check", "proef")
    assert report["ok"]
    assert report["guides"][0]["id"] == "proef"
    assert report["guides"][0]["states"] > 300
    path.write_text(path.read_text().replace('goto = "', 'goto = "x', 1))
    assert desk("import", str(path), "--draft", "--replace")[0] == 0
    code, out, _ = desk("check", "proef", "--draft", "--json")
    [problem] = json.loads(out)["guides"][0]["problems"]
    assert (code, problem["code"], problem["file"]) == (1, "goto-nowhere", "proef.toml")
    for wrong in (("proeef",), ("proeef", "--draft"), ("--draft",), ("nergens/proef.toml",)):
        code, _, error = desk("check", *wrong)
        assert (code, "Traceback" in error, bool(error.strip())) == (1, False, True)


def test_a_draft_without_the_shape_of_a_guide_is_no_sheet(desk: Desk) -> None:
    path = desk.write()
    assert desk("import", str(path), "--draft")[0] == 0
    with sqlite3.connect("data/vertelbot.db") as store:
        store.execute("UPDATE guidesave SET text = replace(text, '\"choice\"', '\"keuze\"')")
    for form, code in (("xlsx", 1), ("toml", 0)):
        given = ("export", "proef", "--draft", "--format", form, "--output", f"p.{form}")
        found, _, error = desk(*given)
        assert (found, "Traceback" in error) == (code, False)
    assert "check proef --draft" in desk("export", "proef", "--draft", "--format", "xlsx")[2]
    code, out, _ = desk("check", "proef", "--draft", "--json")
    assert (code, json.loads(out)["ok"], "keuze" in out) == (1, False, True)


def test_of_an_unknown_name_all_that_there_is_is_said(desk: Desk) -> None:
    """Also where there is no store yet: none is made to look at a guide."""
    code, _, error = desk("draw", "proeef")
    assert code == 1
    assert all(name in error for name in load_guides().ids)
    assert not Path("data").exists()
    desk.write()
    assert desk("import", "proef.toml", "--draft")[0] == 0
    code, _, error = desk("draw", "proeef")
    assert "being written: proef (say --draft)" in error


@pytest.mark.parametrize("language", ["nl", "klingon", "../x", ""])
def test_a_language_that_is_none_is_refused(desk: Desk, language: str) -> None:
    code, _, error = desk("export", "resident", "--format", "po", "--language", language)
    assert (code, bool(error)) == (1, True)
    assert desk("draw", "resident", "--language", "xx")[0] == 1


def test_what_a_translator_doubts_is_said_and_that_nothing_was_written(desk: Desk) -> None:
    assert (
        desk("export", "resident", "--format", "po", "--language", "fy", "--output", "f.po")[0] == 0
    )
    text = Path("f.po").read_text(encoding="utf-8")
    entry = '#, fuzzy\nmsgctxt "guide.title"'
    head, _, rest = text.partition('msgctxt "guide.title"')
    rest = rest.replace('msgstr ""', 'msgstr "In ferhaal"', 1)
    Path("f.po").write_text(f"{head}{entry}{rest}", encoding="utf-8")
    code, out, _ = desk("translate", "resident", "f.po", "--language", "fy")
    assert code == 0
    assert "fuzzy" in out
    assert "nothing was written" in out
    told = json.loads(desk("translate", "resident", "f.po", "--language", "fy", "--json")[1])
    assert told["doubted"] == ["guide.title"]
