"""Settings that hold several things, as a file and as the environment write them."""

from __future__ import annotations

import pytest

from bot.settings import WebSettings, WhatsAppSettings
from bot.settings.section import Section


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
