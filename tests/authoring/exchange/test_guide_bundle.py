"""A guide travels as one file; translations go out and come back; nothing is lost on the way."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from bot.__main__ import main
from bot.authoring.exchange.guide_bundle import (
    GuideBundle,
    NoBundle,
    bundle_of,
    is_bundle,
    read_bundle,
    write_bundle,
)
from conversations.authoring.overlay import Overlay, read_overlay
from conversations.authoring.translation_table import (
    kept_of,
    merge_translation,
    translation_rows,
    write_translation,
)
from conversations.guide.builder import fields
from conversations.guide.loading import HOME, load_guides
from conversations.guide.po import NotPo

SOURCES = load_guides().sources
SOURCE = SOURCES["follow_up"]
DUTCH = fields(SOURCE["guide"])
TEXT = (HOME / "guides" / "follow_up.toml").read_text(encoding="utf-8")


NEWER = json.dumps({"vertelbot_guide": 2, "id": "x", "files": {}}).encode()


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def changed(data: bytes, name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        files = {each: old.read(each) for each in old.namelist()}
    return packed({**files, name: content})


@pytest.mark.parametrize("guide_id", SOURCES)
def test_a_guide_travels_whole(guide_id: str) -> None:
    text = (HOME / "guides" / f"{guide_id}.toml").read_text(encoding="utf-8")
    bundle = bundle_of(text, SOURCES[guide_id]["texts"], {"zuid": 'off = ["feeling"]\n'})
    data = write_bundle(bundle)
    assert is_bundle(data)
    assert data == write_bundle(bundle)
    found = read_bundle(data)
    assert found == bundle
    assert found.check().problems == ()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no zip", "no-bundle"),
        (packed({"x": b""}), "no-bundle"),
        (b"x" * 2_000_001, "too-large"),
        (packed({"vertelbot.json": NEWER}), "newer"),
        (changed(write_bundle(GuideBundle("follow_up", TEXT)), "guide.toml", b"x"), "damaged"),
        (changed(write_bundle(GuideBundle("follow_up", TEXT)), "evil.sh", b"x"), "damaged"),
        (write_bundle(GuideBundle("other", TEXT)), "no-bundle"),
        (write_bundle(GuideBundle("follow_up", "no guide")), "no-guide"),
    ],
)  # fmt: skip
def test_what_is_no_bundle_is_refused_with_the_reason(data: bytes, code: str) -> None:
    with pytest.raises(NoBundle) as caught:
        read_bundle(data)
    assert caught.value.code == code


def test_a_bundle_gets_another_id_with_what_teams_add_to_it() -> None:
    source = 'team = "Zuid"\nguide = "follow_up"\noff = ["feeling"]\n'
    made = bundle_of(TEXT, SOURCE["texts"], {"zuid": source, "stuk": "geen toml"}).renamed("kopie")
    assert read_bundle(write_bundle(made)) == made
    assert made.guide_id == "kopie"
    assert made.text.replace('"kopie"', '"follow_up"') == TEXT
    assert read_overlay(made.overlays["zuid"]) == Overlay("kopie", "Zuid", ("feeling",))
    assert made.overlays["stuk"] == "geen toml"


def test_what_is_wrong_with_a_guide_that_came_in_is_told() -> None:
    text = TEXT.replace('goto = "door"', 'goto = "deur"')
    found = read_bundle(write_bundle(GuideBundle("follow_up", text))).check(language="nl")
    assert [problem.code for problem in found.problems] == ["goto-nowhere"]
    assert "Er is geen stap ‘deur’." in found.problems[0].message


def test_translations_go_out_and_come_back_the_same() -> None:
    kept = kept_of(SOURCE["guide"], SOURCE["texts"]["en"])
    merged = merge_translation(write_translation("en", DUTCH, kept), DUTCH, {})
    assert {key: each["text"] for key, each in merged.kept.items()} == SOURCE["texts"]["en"]
    assert (merged.waiting, merged.unknown) == ({}, ())
    assert {row.state for row in translation_rows(DUTCH, merged.kept)} == {"new"}


def test_a_changed_source_marks_and_never_wipes() -> None:
    kept = kept_of(SOURCE["guide"], SOURCE["texts"]["en"])
    now = {**DUTCH, "tell.say": "Vertel maar."}
    rows = {row.key: row for row in translation_rows(now, kept)}
    assert rows["tell.say"].state == "source_changed"
    assert rows["tell.say"].text == SOURCE["texts"]["en"]["tell.say"]
    back = merge_translation(write_translation("en", now, kept), now, {}).kept
    assert {row.key: row.state for row in translation_rows(now, back)}["tell.say"] == (
        "source_changed"
    )


def test_a_text_that_is_missing_is_shown_in_dutch_with_a_mark() -> None:
    rows = {row.key: row for row in translation_rows(DUTCH, {})}
    assert rows["tell.say"].shown == DUTCH["tell.say"]
    assert all(row.borrowed for row in rows.values())


def test_what_was_translated_here_is_never_overwritten_unasked() -> None:
    kept = kept_of(SOURCE["guide"], SOURCE["texts"]["en"])
    theirs = {**kept, "tell.say": {"text": "Tell us.", "source": DUTCH["tell.say"]}}
    content = write_translation("en", DUTCH, theirs)
    merged = merge_translation(content, DUTCH, kept)
    assert merged.kept == kept
    assert merged.waiting == {"tell.say": (SOURCE["texts"]["en"]["tell.say"], "Tell us.")}
    replaced = merge_translation(content, DUTCH, kept, ["tell.say"])
    assert replaced.kept["tell.say"]["text"] == "Tell us."
    with pytest.raises(NotPo, match="po-untranslated"):
        merge_translation(write_translation("en", DUTCH, {}), DUTCH, kept)


def test_the_commands_write_and_read_what_they_say(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("files")
    for form in ("xlsx", "bundle", "toml", "po"):
        out = str(folder / f"f.{form}")
        assert main(["guide", "export", "follow_up", "--format", form, "--output", out]) == 0
    there = folder / "there"
    assert main(["guide", "import", str(folder / "f.bundle"), "--to", str(there), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []
    assert (there / "guides" / "follow_up.toml").read_text(encoding="utf-8") == TEXT
    copy = ["guide", "import", str(folder / "f.bundle"), "--to", str(there), "--id"]
    assert main([*copy, "kopie"]) == 0
    assert 'id = "kopie"' in (there / "guides" / "kopie.toml").read_text(encoding="utf-8")
    assert main([*copy, "Foute Naam"]) == 1
    again = ["guide", "import", str(folder / "f.xlsx"), "--id", "mijn", "--to", str(there)]
    assert main(again) == 0
    assert main(again) == 1
    assert (there / "locales" / "en" / "mijn.po").exists()
    capsys.readouterr()
    assert main(["guide", "import", str(folder / "f.xlsx"), "--preview", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["named"]) == ("fits", [])
    po = ["guide", "translate", "follow_up", str(folder / "f.po"), "--language", "en", "--json"]
    assert main(po) == 0
    assert json.loads(capsys.readouterr().out) == {
        "added": [],
        "waiting": [],
        "unknown": [],
        "doubted": [],
    }
    assert main(["guide", "translations", "resident", "--language", "tr", "--fixed", "--json"]) == 0
    assert {row["state"] for row in json.loads(capsys.readouterr().out)} <= {"new", "read"}
    assert main(["guide", "new", "nieuw", "--output", str(folder / "nieuw.toml")]) == 0
    assert 'id = "nieuw"' in (folder / "nieuw.toml").read_text(encoding="utf-8")
    assert main(["guide", "new", "Nieuw!", "--output", str(folder / "x.toml")]) == 1
    assert main(["check", str(folder / "nowhere.toml")]) == 1
