"""What stands in the page around the conversation fits whoever looks at it: the page does not know
which guide will be told, so it addresses nobody as je or as u."""

from __future__ import annotations

import re

import pytest

from bot.channels.web.page_files import TEMPLATES, PageTexts
from conversations.guide.loading import load_guides

LIBRARY = load_guides()
_NAMED = re.compile(r"label\['([\w.]+)'\]")
_ADDRESS = {"je", "jij", "jou", "jouw", "jullie", "u", "uw"}


def _of_pages() -> set[str]:
    texts = LIBRARY.phrases("nl").sentences
    templates = (path.read_text("utf-8") for path in TEMPLATES.glob("*.html"))
    named = {key for text in templates for key in _NAMED.findall(text)}
    return named | set(PageTexts().of_page(texts))


def test_the_page_addresses_nobody_as_je_or_as_u() -> None:
    phrases = LIBRARY.phrases("nl")
    keys = {key for key in _of_pages() if not key.startswith("web.desk_")}  # a desk says u to all
    assert {"web.speak_heard", "web.speak_done", "web.photo_warning", "web.empty_ask"} <= keys
    for key in keys:
        assert not _ADDRESS & set(re.findall(r"\w+", phrases.get(key).casefold())), key
        assert key not in phrases.formal, key


@pytest.mark.parametrize("kind", ["left", "over"])
def test_one_letter_is_no_plural(kind: str) -> None:
    script = PageTexts().of_script(LIBRARY.phrases("nl").sentences)
    assert "{n} teken" in script[f"web.letters_{kind}.one"]
    assert "tekens" not in script[f"web.letters_{kind}.one"]
    assert "{n} tekens" in script[f"web.letters_{kind}.other"]
