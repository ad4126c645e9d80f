"""The files that our pages load, and which texts the script of the chat uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from bot.assets.named_files import NamedFiles

HERE = Path(__file__).parent
STATIC = HERE / "static"
TEMPLATES = HERE / "templates"

_SHEETS = ("base", "chat", "controls", "attach")
_WORD = re.compile(r"""["'`]([a-z][\w.]+)["'`]""")
_BEGINNING = re.compile(r"`([a-z][\w.]+)\$\{")
_MARKED = re.compile(r'data-label(?:-\w+)?="([\w.]+)"')


@cache
def page_files() -> NamedFiles:
    """Read once, at the start."""
    sheets = {
        "base.css": [STATIC / "base.css"],
        "chat.css": [STATIC / f"{name}.css" for name in _SHEETS],
    }
    return NamedFiles("/static", STATIC, sheets=sheets, scripts=["chat.js", "reach.js"])


class PageTexts:
    """Finds in the sources which texts a page needs, so that it gets these and no others."""

    def __init__(self) -> None:
        script = page_files().content("chat.js")
        self._words = set(_WORD.findall(script))
        self._beginnings = tuple(set(_BEGINNING.findall(script)))
        self._marked = set(_MARKED.findall(_chat()))

    def of_script(self, texts: Mapping[str, str]) -> dict[str, str]:
        """What the script says; all else stands in the page."""
        return _only(texts, (key for key in texts if self._says(key)))

    def of_page(self, texts: Mapping[str, str]) -> dict[str, str]:
        """What a page needs that goes on in another language."""
        return _only(texts, (key for key in texts if key in self._marked or self._says(key)))

    def _says(self, key: str) -> bool:
        return key in self._words or (bool(self._beginnings) and key.startswith(self._beginnings))


def _chat() -> str:
    return "".join(
        (TEMPLATES / name).read_text("utf-8") for name in ("chat.html", "chat_parts.html")
    )


def _only(texts: Mapping[str, str], keys: Iterable[str]) -> dict[str, str]:
    return {key: texts[key] for key in keys}
