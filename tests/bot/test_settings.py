"""Settings that hold several things, as a file and as the environment write them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import WebSettings, WhatsAppSettings
from bot.settings.section import Section
from bot.settings.settings_loading import NOT_SETTINGS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("section", "name", "listed"),
    [
        (WebSettings, "trusted_proxies", ["10.0.0.0/8", "::1/128"]),
        (WhatsAppSettings, "languages", ["nl", "tr"]),
    ],
)
@pytest.mark.parametrize("line", ["{},{}", "{}, {},", '["{}", "{}"]', "['{}','{}']"])
def test_several_things_may_stand_in_one_line(
    section: type[Section], name: str, listed: list[str], line: str
) -> None:
    assert getattr(section(**{name: line.format(*listed)}), name) == listed
    assert getattr(section(**{name: listed}), name) == listed


def test_what_else_is_read_of_the_environment_is_never_refused_as_a_setting() -> None:
    files = [each for part in ("bot", "tests", "deploy") for each in (ROOT / part).rglob("*.py")]
    found = re.findall(
        r'(?:environ|getenv)\b[.\w]*[\[(]"(VERTELBOT_[A-Z]+(?:_[A-Z]+)*)"',
        "".join(each.read_text("utf-8") for each in files),
    )
    assert "VERTELBOT_CHROMIUM" in found
    assert set(found) <= NOT_SETTINGS
