"""The code asks only for fixed sentences that exist, and every one of them is said."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.coordinators.phrases import words
from conversations.guide.loading import HOME, load_guides

ROOT = HOME.parent
ASKS = ("phrase", "words")
"""Methods whose first argument is the key of a sentence, and the further ones its buttons."""
PAGES = {"coordinators", "sensemaking", "authoring"}
"""Folders of pages that have sentences of their own."""


def asked_for(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        given = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        texts = [text for text in given if isinstance(text, str)]
        if node.func.attr in ASKS and texts and len(given) == len(node.args):
            yield texts[0]
            yield from (f"{texts[0]}.{name}" for name in texts[1:])


def test_every_sentence_that_the_code_says_exists() -> None:
    known = load_guides().phrases("nl").sentences.keys()
    files = [file for folder in ("bot", "conversations") for file in (ROOT / folder).rglob("*.py")]
    asked = {key: file for file in files for key in asked_for(file)}
    assert len(asked) > 20
    missing = {key: file for key, file in asked.items() if key not in known}
    coordinators = words("nl")  # their pages have sentences of their own
    assert {
        key: file.name
        for key, file in missing.items()
        if not PAGES & set(file.parts) or not coordinators.has(key)
    } == {}


def test_every_sentence_that_exists_is_said_somewhere() -> None:
    texts, shapes = set[str](), set[str]()
    for folder in ("bot", "conversations"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix == ".py":
                for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        texts.add(node.value)
                    elif isinstance(node, ast.JoinedStr):
                        shapes.add("".join(_piece(piece) for piece in node.values))
            elif file.suffix in (".js", ".html", ".toml"):
                source = file.read_text(encoding="utf-8")
                texts.update(re.findall(r"[\w.]+", source))
                shapes.update(re.sub(r"\$\{\w+\}", r"\\w+", one) for one in _template(source))
    shapes = {shape for shape in shapes if re.search("[a-z]{3}", shape)}

    def said(key: str) -> bool:
        return key in texts or any(re.fullmatch(shape, key) for shape in shapes)

    known = load_guides().phrases("nl").sentences.keys()
    unsaid = [key for key in known if not said(key)]
    assert [
        key
        for key in unsaid
        if not (said(key.rpartition(".")[0]) and key.rpartition(".")[2] in texts)
    ] == []


def _piece(node: ast.expr) -> str:
    return re.escape(str(node.value)) if isinstance(node, ast.Constant) else r"\w+"


def _template(source: str) -> list[str]:
    return re.findall(r"`([\w.]*\$\{\w+\}[\w.]*)`", source)
