"""Parses the text of a guide: every problem at once, and what can be used of a guide with some."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from conversations.guide.po import NotPo
from conversations.guide.problem_texts import make_problem
from conversations.guide.problems import Flaw, Problem
from conversations.guide.schema import HEAD, STEP, lines_of_steps, shape_problems
from conversations.guide.toml_text import read_toml
from conversations.guide.usable_part import usable

_REASONS = (
    ("scape", "escape"),
    ("hex value", "escape"),
    ("'='", "equals"),
    ("Unclosed array", "list"),
    ("Duplicate", "twice"),
    ("inline table", "braces"),
    ("declaration", "head"),
    ("Expected newline", "rest"),
    ("Unterminated string", "quote"),
    ("Illegal character '\\n'", "quote"),
    ('Expected "', "quote"),
    ("twice", "twice"),
    ("Cannot", "twice"),
    ("too deep", "deep"),
    ("statement", "equals"),
    ("key part", "equals"),
    ("character", "sign"),
)
"""What a reader of TOML says, and the sentence it becomes; the first that fits."""
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class GuideFile:
    """A guide as it stands in its file. `name` is relative to the folder that was read."""

    name: str
    text: str
    data: dict[str, Any]

    @property
    def id(self) -> str:
        return stem(self.name)


@dataclass(frozen=True, slots=True)
class ParsedGuide:
    """What became of a text. `file` is the guide when it has the shape of one. `rest` is as much of
    it as can be built all the same, so that everything else is checked too: None where nothing is
    left."""

    file: GuideFile | None
    rest: GuideFile | None
    problems: tuple[Problem, ...]


def parse_guide(name: str, content: str | bytes) -> ParsedGuide:
    """The guide in a file, and all that keeps it from being one."""
    raw = content.encode("utf-8", "replace") if isinstance(content, str) else content
    text = raw.decode("utf-8", "replace").replace("\r\n", "\n").removeprefix("\ufeff")
    if "\ufffd" in text and b"\xef\xbf\xbd" not in raw:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        found = unreadable(name, line, "utf8")
        return ParsedGuide(None, None, (found,))
    broken: list[Problem] = []
    lost: set[str] = set()
    try:
        data: dict[str, Any] = read_toml(text)
    except tomllib.TOMLDecodeError as error:
        data, broken, lost = _in_blocks(name, text, error)
        if not data.get("step"):
            return ParsedGuide(None, None, tuple(broken))
    problems = [*broken, *shape_problems(name, text, data, lost)]
    if not problems:
        whole = GuideFile(name, text, data)
        return ParsedGuide(whole, whole, ())
    left = usable(data, stem(name))
    rest = GuideFile(name, text, left) if left else None
    return ParsedGuide(None, rest, tuple(sorted(problems, key=lambda each: each.line)))


def stem(name: str) -> str:
    """The name of a file without its folders and its ending: the id of the guide in it."""
    return name.rpartition("/")[2].removesuffix(".toml")


def unreadable(name: str, line: int, reason: str) -> Problem:
    """That a file cannot be read at this line; `reason` is the variant of the sentence."""
    return make_problem(name, line, Flaw("", "unreadable", {}, reason))


def unreadable_po(name: str, error: NotPo, language: str = "en") -> Problem:
    """Why a file is no PO file that can be taken in."""
    flaw = Flaw("", "unreadable", error.slots, error.code)
    return make_problem(name, error.line, flaw, language=language)


def _in_blocks(
    name: str, text: str, whole: tomllib.TOMLDecodeError
) -> tuple[dict[str, Any], list[Problem], set[str]]:
    """A text that is no TOML, read block by block: what can be read, every line that cannot, and
    the ids of the steps in which these stand."""
    starts = [0, *(found.start() for found in STEP.finditer(text)), len(text)]
    data: dict[str, Any] = {"step": []}
    problems: list[Problem] = []
    lost: set[str] = set()
    for begin, end in pairwise(starts):
        block = text[begin:end]
        try:
            read: Mapping[str, Any] = read_toml(block)
        except tomllib.TOMLDecodeError as error:
            line = text.count("\n", 0, begin) + toml_line(error, block)
            problems.append(unreadable(name, line, toml_reason(error)))
            lost |= (lines_of_steps(block).keys() or {""}) if begin else {HEAD}
            data["step"] += [{}] if begin else []
            continue
        steps = read.get("step", [])
        data["step"] += steps if isinstance(steps, list) else [steps]
        data |= {key: value for key, value in read.items() if key != "step"}
    if not problems:  # each block by itself is fine: together they are not
        problems.append(unreadable(name, toml_line(whole, text), toml_reason(whole)))
        data = {}
    return data, problems, lost


def toml_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The line of a text that cannot be read, counted from 1; at its end the last with words."""
    said = _AT_LINE.search(str(error))
    last = text.rstrip().count("\n") + 1
    return min(int(said[1]), last) if said else last


def toml_reason(error: tomllib.TOMLDecodeError) -> str:
    """What is wrong with a text that is no TOML: the variant of the sentence that says so."""
    said = re.sub(r" \(at .*\)$", "", str(error))
    return next((reason for part, reason in _REASONS if part in said), "value")
