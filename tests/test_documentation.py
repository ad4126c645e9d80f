"""Every setting and every command is documented, and what is documented exists."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from bot.cli.parser import parser
from bot.settings import Settings
from tests.documents import lost_commands, lost_files, lost_targets, mislabelled, pages, places
from tests.structure import ROOT


def test_every_setting_is_documented_with_its_default() -> None:
    example = tomllib.loads((ROOT / "config.example.toml").read_text("utf-8"))
    assert list(example) == list(Settings.model_fields)
    for section, field in Settings.model_fields.items():
        documented = example[section]
        keys = type(field.default).model_fields
        assert list(documented) == list(keys), section
        for key, value in documented.items():
            assert _same(value, getattr(field.default, key)), f"{section}.{key}"


def _same(written: Any, default: Any) -> bool:
    if hasattr(default, "get_secret_value"):
        return bool(written == default.get_secret_value())
    if hasattr(default, "strftime"):
        return bool(written == default.strftime("%H:%M"))
    return str(written) == str(default)


def test_every_line_of_the_example_says_what_it_is() -> None:
    for line in (ROOT / "config.example.toml").read_text("utf-8").splitlines():
        assert not re.match(r"\w+ = ", line) or "  # " in line or _known(line), line


def _known(line: str) -> bool:
    return line.split(" = ")[0] in ("user", "password", "port", "legal_ground")


def commands() -> list[str]:
    return re.findall(r"^    (\w+)\b", parser().format_help(), re.MULTILINE)


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_documentation(command: str) -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    assert f"vertelbot {command}" in text


def test_what_the_documentation_names_exists() -> None:
    """Files, folders, commands with their options, and targets of make."""
    known = places()
    for page in pages():
        text, place = page.read_text("utf-8"), page.relative_to(ROOT)
        lost = lost_files(text, known, place.parent.as_posix())
        assert lost + lost_commands(text) + lost_targets(text) + mislabelled(text) == [], place


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("see `bot/gone.py` and `bot/app.py`", "bot/gone.py"),
        ("`gone.py`, `clues.py` in `bot/gone/`", "gone.py bot/gone"),
        ("`bot/gone/*.po`, `conversations/locales/nl/*.po`", "bot/gone/*.po"),
        ("`../bot/app.py`, `../bot/gone.md`", "../bot/gone.md"),
        ("`bot/app.py::test_gone`", "bot/app.py::test_gone"),
        ("`vertelbot gone` and `vertelbot run`", "vertelbot gone: gone"),
        ("`.venv/bin/vertelbot team add X --gone`", "vertelbot team add X --gone: --gone"),
        ("vertelbot team list|gone\n", "vertelbot team list|gone: gone"),
        ("[gone.py](../bot/app.py), [app.py](../bot/app.py)", "gone.py"),
        ("make gone\nmake test   # all", "gone"),
    ],
)
def test_what_is_gone_is_found(text: str, lost: str) -> None:
    known = {"bot/app.py", "a/clues.py", "conversations/locales/nl/x.po"}
    found = [*lost_files(text, known, "docs"), *lost_commands(text), *lost_targets(text)]
    found += mislabelled(text)
    assert " ".join(found) == lost
