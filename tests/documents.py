"""Reads what the pages of documentation name: files, folders, commands, targets of make."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Collection
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

from bot.cli.parser import parser
from tests.structure import ROOT

HOMES = ("bot", "conversations", "storage", "tests", "benchmarks", "docs", "deploy")
OURS = (".py", ".js", ".html", ".typ", ".md", ".tsv")
"""Endings of files that only we have: one without its folder is looked for by its name."""


def pages() -> list[Path]:
    """All of them but the changelog, which speaks of what was."""
    found = [page for home in HOMES for page in sorted((ROOT / home).rglob("*.md"))]
    return [*(page for page in sorted(ROOT.glob("*.md")) if page.stem != "CHANGELOG"), *found]


def places() -> set[str]:
    """Of all files and folders in a checkout that a page may name."""
    found = {path for home in HOMES for path in (ROOT / home).rglob("*")}
    return {path.relative_to(ROOT).as_posix() for path in (*found, *ROOT.iterdir())} | {*HOMES}


def lost_files(text: str, known: Collection[str], home: str = "") -> list[str]:
    """Files, folders and tests that a page in the folder `home` names and that are not there. `*`
    is any name; `<…>` and `{…}` are what a reader puts in."""
    names = {place.rpartition("/")[2] for place in known}
    lost = []
    for word in re.findall(r"[^\s`]+", " ".join(re.findall(r"`([^`\n]+)`", text))):
        name, _, test = word.strip(",;:()[]").partition("::")
        name = name.rstrip("/")
        whole = name.startswith(tuple(f"{each}/" for each in HOMES))
        if re.search(r"[<{…]", name) or not (whole or name.endswith(OURS)):
            continue
        if name.startswith("../"):
            there = os.path.normpath(f"{home}/{name}") in known
        elif "*" in name:
            there = any(fnmatch(place, name if whole else f"*/{name}") for place in known)
        elif whole:
            there = name in known
        else:
            there = name in names or any(place.endswith(f"/{name}") for place in known)
        if not there or (test and not _has(ROOT / name, test)):
            lost.append(f"{name}::{test}" if test else name)
    return lost


def mislabelled(text: str) -> list[str]:
    """Links whose words are the name of another file than they lead to."""
    links = re.findall(r"\[([\w-]+\.\w+)\]\(([^):#]+)\)", text)
    return [name for name, to in links if name.endswith(OURS) and Path(to).name != name]


def _has(file: Path, test: str) -> bool:
    """Whether a test of this name (its parameters aside) stands in a file."""
    name = test.partition("[")[0]
    return bool(re.search(rf"^(async )?def {name}\(", file.read_text("utf-8"), re.MULTILINE))


def lost_commands(text: str) -> list[str]:
    """Commands with their parts and options that a page names and that do not exist."""
    lost = []
    for line in re.findall(r"(?:`|bin/|^)vertelbot((?: [\w\\|<>.=/-]+)+)", text, re.MULTILINE):
        at = _parser()
        for word in line.replace("\\|", "|").split():
            chosen = _commands(at)
            if word.startswith("--"):
                unknown = {word.split("=")[0]} - at._option_string_actions.keys()
            elif chosen and re.fullmatch(r"[a-z|-]+", word):
                unknown = {*word.split("|")} - chosen.keys()
                at = chosen.get(word.split("|")[0], at)
            else:
                continue
            lost += [f"vertelbot{line}: {each}" for each in sorted(unknown)]
    return lost


@cache
def _parser() -> argparse.ArgumentParser:
    return parser()


def _commands(at: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands below this one."""
    for action in at._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def lost_targets(text: str) -> list[str]:
    """What a page tells make to do and the Makefile does not know."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    asked = re.findall(r"^(?:    )?make (\w+)|`make (\w+)", text, re.MULTILINE)
    targets = [first or second for first, second in asked]
    return [each for each in targets if not re.search(rf"^{each}:", makefile, re.MULTILINE)]
