"""The chapters of the handbook, out of Markdown files. They are made once, when they are first
read; nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

HERE = Path(__file__).parent
DUTCH = (
    "begin",
    "eerste-keer",
    "modereren",
    "patronen",
    "sessie",
    "vragenlijst",
    "vertalingen",
    "eigen-vragen",
    "gebruik",
    "poort",
    "bijeenkomsten",
    "paginas",
)
"""For authors, coordinators and facilitators, in the order in which they are read."""
ENGLISH = (
    "operations",
    "commands",
    "guides",
    "coordinators",
    "listening",
    "security",
    "architecture",
)
"""For operators and engineers."""
SETTINGS = "settings"
"""The chapter that is the example of the configuration."""
_LINK = re.compile(r'href="(?:\.\./)*(?:[\w-]+/)*(?:([\w-]+)\.md|config\.example\.toml)(#[\w-]+)?"')
_SOURCE = re.compile(r'<a href="(?!https?:|mailto:|[#/])[^"]*">(.*?)</a>', re.DOTALL)
"""A link to a file of the sources, which are not served: its words stay."""
_PICTURE = re.compile(r'src="pictures/([\w-]+)\.png"')
_HEADING = re.compile(r"<h([23])>(.*?)</h\1>")
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page of the handbook."""

    name: str
    language: str
    title: str
    html: Markup


def docs() -> Path:
    """Where the sources are: in the package when it is installed, else beside it."""
    packed = HERE / "docs"
    return packed if packed.is_dir() else HERE.parents[1] / "docs"


@cache
def chapters() -> Mapping[str, Chapter]:
    """By name, in order."""
    folder = docs()
    found = [(name, "nl", folder / "handbook" / "nl" / f"{name}.md") for name in DUTCH]
    found += [(name, "en", folder / f"{name}.md") for name in ENGLISH]
    made = {name: _chapter(name, lang, path.read_text("utf-8")) for name, lang, path in found}
    every = (folder.parent / "config.example.toml").read_text("utf-8")
    return made | {SETTINGS: _chapter(SETTINGS, "en", f"# Settings\n\n```toml\n{every}\n```\n")}


def _chapter(name: str, language: str, text: str) -> Chapter:
    from markdown_it import MarkdownIt  # only who reads the handbook waits for it

    title = text.split("\n", 1)[0].removeprefix("# ").strip()
    made = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    made = _SOURCE.sub(r"\1", _LINK.sub(_target, made))
    made = _PICTURE.sub(r'src="/handleiding/pictures/\1.png" loading="lazy"', made)
    made = _HEADING.sub(_anchored, made)
    made = made.replace("<table>", '<div class="wide" tabindex="0"><table>')
    made = made.replace("</table>", "</table></div>").replace("<pre>", '<pre tabindex="0">')
    return Chapter(name, language, title, Markup(made))  # noqa: S704 - our own


def _target(link: re.Match[str]) -> str:
    """A link to another file: the chapter, where there is one."""
    name = link[1] or SETTINGS
    if name in (*DUTCH, *ENGLISH, SETTINGS):
        return f'href="/handleiding/{name}{link[2] or ""}"'
    return 'href="/handleiding"'


def _anchored(heading: re.Match[str]) -> str:
    words = re.sub(r"[^\w\s-]", "", _TAG.sub("", heading[2]).lower())
    name = "-".join(words.split())
    return f'<h{heading[1]} id="{name}">{heading[2]}</h{heading[1]}>'
