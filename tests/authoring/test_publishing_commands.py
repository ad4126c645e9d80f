"""`vertelbot guide publish`, `recall` and drafts out of files."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.app import App
from bot.authoring import prover
from bot.clock import Clock
from bot.settings import load
from conversations.guide.problems import Problem

NOTE = ("--note", "Eerste versie", "--yes")


class Desk:
    """Somebody at the server, in a folder of their own."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys
        self.found: list[Problem] = []
        self.proved: list[tuple[Any, ...]] = []

    async def prove(self, *asked: Any, said_in: str) -> list[Problem]:
        self.proved.append(asked)
        return self.found

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        code = main(["guide", *arguments])
        return code, *self.capsys.readouterr()

    def write(self, guide: str = "proef", **changes: str) -> Path:
        """The file of a new guide, with other words in it."""
        path = Path(f"{guide}.toml")
        if not path.exists():
            assert self("new", guide, "--title", "Proef")[0] == 0
        text = path.read_text()
        for old, new in changes.items():
            assert old in text
            text = text.replace(old, new)
        path.write_text(text)
        return path

    def json(self, *arguments: str) -> Any:
        code, out, error = self(*arguments, "--json")
        assert code == 0, error
        return json.loads(out)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return sqlite3.connect("data/vertelbot.db").execute(query).fetchall()


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    monkeypatch.chdir(tmp_path)
    made = Desk(capsys)
    monkeypatch.setattr(prover, "prove", made.prove)
    return made


def test_from_a_file_to_a_version_and_back(desk: Desk) -> None:
    path = desk.write()
    assert len(path.read_text().split("[[step]]")) < 40
    first = desk.json("publish", str(path), *NOTE)
    assert (first["guide"], first["version"], first["first"]) == ("proef", 1, True)
    assert (first["state"], first["problems"]) == ("published", [])
    assert [asked[0] for asked in desk.proved] == ["proef"]
    code, _, error = desk("publish", "proef", *NOTE)
    assert (code, "nothing to publish" in error) == (1, True)
    desk.write(Trots="Tevreden")
    seen = desk.json("publish", str(path), "--preview")
    assert seen["state"] == "preview"
    assert desk.rows("SELECT revision FROM guidesave") == [(1,)]
    code, out, _ = desk("publish", str(path), *NOTE, "--language", "nl")
    assert (code, "“Trots” wordt “Tevreden”" in out) == (0, True)
    assert [each["kind"] for each in seen["changes"]] == ["answer_words"]
    told = desk.json("recall", "proef", "--note", "Een fout woord", "--yes")
    assert (told["version"], told["begins"], told["shipped"]) == (2, 1, False)
    query = "SELECT number, recall_note, coordinator_id FROM guidepublication ORDER BY number"
    assert desk.rows(query) == [(1, None, "operator"), (2, "Een fout woord", "operator")]
    code, _, error = desk("recall", "proef", "--version", "2", *NOTE)
    assert (code, "choose from 1" in error) == (1, True)
    code, out, _ = desk("recall", "proef", *NOTE)
    assert (code, "Nobody can begin" in out) == (0, True)


def test_an_answer_that_means_something_else_is_kept_apart(desk: Desk) -> None:
    path = desk.write()
    desk.json("publish", str(path), *NOTE)
    desk.write(Trots="Voldaan")
    asked = desk.json("publish", str(path), "--preview")["changes"][0]
    name = f"{asked['step']}.{asked['item']}"
    kinds = desk.json("publish", str(path), *NOTE, "--other", name)["changes"]
    assert [each["kind"] for each in kinds] == ["answer_new", "answer_gone"]
    code, _, error = desk("publish", str(path), *NOTE, "--other", "nergens")
    assert (code, "nergens is no question of proef" in error) == (1, True)


def test_for_a_language_that_is_not_finished_one_chooses(desk: Desk) -> None:
    """As on the page: what it lacks in Dutch, or not offered; what must be understood, never."""
    assert desk("export", "resident", "--format", "bundle", "--output", "resident.bundle")[0] == 0
    desk.json("import", "resident.bundle", "--draft", "--replace", "--id", "resident")
    assert desk("export", "resident", "--format", "toml", "--output", "resident.toml")[0] == 0
    path = Path("resident.toml")
    text = path.read_text()
    assert "Trots" in text
    path.write_text(text.replace('"Trots"', '"Voldaan"'))
    given = ("publish", str(path), "--replace", *NOTE)
    code, _, error = desk(*given)
    assert (code, "ar is not finished" in error, "--in-dutch ar" in error) == (1, True, True)
    assert desk.rows("SELECT count(*) FROM guidepublication") == [(0,)]
    assert "--leave-out" not in desk(*given[:2], "--preview")[1]
    left = [each for name in ("en", "tr") for each in ("--leave-out", name)]
    for wrong in (["--leave-out", "ar"], ["--in-dutch", "xx"]):
        assert desk(*given, "--in-dutch", "ar", *left, *wrong)[0] == 1
    made = desk.json(*given, "--in-dutch", "ar", *left)
    assert (made["state"], made["languages"]) == ("published", ["nl", "ar"])
    texts = desk.proved[-1][3]
    assert set(texts) == {"ar"}
    assert texts["ar"]["feeling.option.proud"] == "Voldaan"


def test_what_is_not_right_is_not_published(desk: Desk) -> None:
    path = desk.write()
    code, _, error = desk("publish", str(path), "--yes")
    assert (code, "--note TEXT" in error) == (1, True)
    code, _, error = desk("publish", str(path), "--note", "Zonder iemand")
    assert (code, "say --yes" in error) == (1, True)
    desk.found = [Problem("guides/proef.toml", 3, "feeling", "no-way", "Dit kan niet.", "Doe dit.")]
    code, out, error = desk("publish", "proef", *NOTE, "--json")
    assert (code, json.loads(out)["state"]) == (1, "refused")
    assert json.loads(out)["problems"][0]["mend"] == "Doe dit."
    code, _, error = desk("publish", "proef", *NOTE)
    assert (code, "Dit kan niet." in error, "Doe dit." in error) == (1, True, True)
    desk.write(**{'"Trots"': '"Blij"'})
    asked = len(desk.proved)
    code, _, error = desk("publish", str(path), *NOTE)
    assert (code, len(desk.proved) == asked) == (1, True)
    assert desk.rows("SELECT count(*) FROM guidepublication") == [(0,)]
    for wrong in (("publish", "nergens", *NOTE), ("recall", "proef", *NOTE)):
        code, _, error = desk(*wrong)
        assert (code, "Traceback" in error, bool(error.strip())) == (1, False, True)


def test_a_file_becomes_a_draft_and_never_covers_what_somebody_writes(desk: Desk) -> None:
    path = desk.write()
    assert desk.json("import", str(path), "--draft")["revision"] == 1
    assert not Path("guides").exists()
    desk.write(Trots="Tevreden")
    code, _, error = desk("import", str(path), "--draft")
    assert (code, "save 1 of the draft" in error) == (1, True)
    assert desk.json("import", str(path), "--draft", "--replace")["revision"] == 2
    Path("geen.toml").write_text("dit is geen gids")
    code, _, error = desk("import", "geen.toml", "--draft")
    assert (code, "this is no guide" in error) == (1, True)


def test_every_form_of_export_comes_in_as_a_draft(desk: Desk) -> None:
    for form in ("bundle", "xlsx", "toml"):
        path = f"resident.{form}"
        assert desk("export", "resident", "--format", form, "--output", path)[0] == 0
        for wrong in ("Foute Naam", "../x"):
            code, _, error = desk("import", path, "--draft", "--id", wrong)
            assert (code, "cannot be an id" in error) == (1, True), form
        copied = desk.json("import", path, "--draft", "--id", f"kopie_{form}")
        assert copied["guide"] == f"kopie_{form}"
        made = desk.json("import", path, "--draft", "--replace", "--id", "resident")
        assert (made["guide"], made["dropped"]) == ("resident", 0), form
    for guide, text in desk.rows("SELECT guide, text FROM guidesave"):
        assert f'id = "{guide}"' in text
    texts_of = "SELECT texts FROM guidesave WHERE guide = 'resident' ORDER BY revision"
    saved = desk.rows(texts_of)
    assert saved
    assert all(json.loads(texts)["en"] for (texts,) in saved)


def test_a_command_speaks_the_language_that_was_asked_for(desk: Desk) -> None:
    """Whatever comes of it: nothing of another language stands in what is said."""
    path = str(desk.write())
    po = Path("proef.en.po")
    po.write_text('msgid "x')
    asked = (
        ("publish", path, "--preview"), ("publish", "nope", "--preview"),
        ("publish", path, "--note", " "), ("recall", "proef", "--note", "Fout", "--yes"),
        ("publish", "proef", "--other", "weg", *NOTE), ("publish", "weg.toml", "--preview"),
    )  # fmt: skip
    for words, wrong in (
        ("nl", ("nothing", "there is", "cannot", "say ", "Write")),
        ("en", ("niets", "er is", "kan niet", "zeg ", "Zet")),
    ):
        for each in asked:
            code, out, error = desk(*each, "--language", words)
            assert code == 1, each
            assert out + error
            assert not [part for part in wrong if part in out + error], (each, out, error)
    assert (
        "en.po:1: unreadable: In dit PO-bestand"
        in desk("publish", path, "--preview", "--language", "nl")[2]
    )
    po.unlink()
    code, out, error = desk("publish", path, *NOTE, "--language", "nl")
    assert (code, "Versie 1 staat open." in out, "nagelopen" in error) == (0, True, True)
    code, out, _ = desk("recall", "proef", "--note", "Fout", "--yes", "--language", "nl")
    assert (code, "Versie 1 is ingetrokken. Niemand kan nu" in out) == (0, True)


async def test_what_a_command_does_holds_within_seconds_where_people_tell(desk: Desk) -> None:
    """Nothing tells a server with SQLite what another process did: it looks itself."""
    path = str(desk.write())
    async with App.opened(load(None), Clock()) as app:
        shelf = app.services.shelf
        seconds, follow = app.jobs.ticker.jobs["guides"]
        assert seconds <= 2
        assert await asyncio.to_thread(main, ["guide", "publish", path, *NOTE]) == 0
        assert not shelf.may_begin("proef")
        await follow()
        assert shelf.may_begin("proef")
        told = shelf.library.fingerprint("proef")
        command = ["guide", "recall", "proef", "--note", "Fout", "--yes"]
        assert await asyncio.to_thread(main, command) == 0
        await follow()
        assert not shelf.may_begin("proef")
        assert told in shelf.recalled  # who is telling hears so at the next message
