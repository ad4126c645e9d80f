"""Every setting and every command is documented, and what is documented exists."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from bot.cli.parser import parser
from bot.settings import Settings
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


def test_every_command_in_the_documentation_exists() -> None:
    known = set(commands())
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        for command in re.findall(r"`(?:\S*/)?vertelbot ([a-z]+)", page.read_text("utf-8")):
            assert command in known, f"{page.name} speaks of vertelbot {command}"
