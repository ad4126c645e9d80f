"""Reads the patterns of worrying words of a language; nl.toml explains how they are written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from conversations.wordlist.arabic_letters import fold

HOME = Path(__file__).parent
_CLASS = re.compile(r"\{(\w+)\}")
UNDONE = ("past", "denial", "joke")
"""What takes the sentence before it out too."""
_WORD = re.compile(r"[\w'-]+")
_FIRST = re.compile(r"(?:\(\?:(?P<group>[\w' |-]+)\)|(?P<word>[\w'-]+))(?= |$)")
_BEFORE, _BEHIND = r"\b(?<![\w'-])(?:", r")(?![\w'-])"
_GAP = r"(?:[\w'-]+ ){0,6}?"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of worrying words: patterns, and pairs of halves, all of whose first ones are in
    `begins`."""

    whole: re.Pattern[str]
    begins: re.Pattern[str]
    pairs: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]


@dataclass(frozen=True, slots=True)
class HelpEvidence:
    """What says little alone: rows with their points, and how many points are needed together."""

    needed: int
    rows: tuple[tuple[int, re.Pattern[str]], ...]

    def held(self, sentence: str) -> frozenset[int]:
        """The rows that a sentence holds, by their places."""
        places = range(len(self.rows))
        return frozenset(place for place in places if self.rows[place][1].search(sentence))

    def points(self, places: Iterable[int]) -> int:
        """What rows are worth together."""
        return sum(self.rows[place][0] for place in places)


class Row(NamedTuple):
    """A row of evidence: of which kind, at which place, and what it looks like."""

    kind: str
    place: int
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Evident:
    """All rows of evidence by the word they begin with, and those that may begin with any: most
    sentences hold few of these words."""

    words: Mapping[str, Sequence[Row]]
    others: Sequence[Row]
    other: re.Pattern[str]

    def held(self, sentence: str) -> Mapping[str, frozenset[int]]:
        """The rows that a sentence holds, by their kind."""
        found: dict[str, set[int]] = {}
        for word in _WORD.finditer(sentence):
            for kind, place, pattern in self.words.get(word[0], ()):
                if pattern.match(sentence, word.start()):
                    found.setdefault(kind, set()).add(place)
        if self.other.search(sentence):
            for kind, place, pattern in self.others:
                if pattern.search(sentence):
                    found.setdefault(kind, set()).add(place)
        return {kind: frozenset(places) for kind, places in found.items()}


@dataclass(frozen=True, slots=True)
class Begins:
    """Patterns by the word they begin with, and those that may begin with any: most sentences hold
    none of them, and it is seen soon."""

    words: Mapping[str, re.Pattern[str]]
    others: re.Pattern[str]

    def found(self, sentence: str) -> bool:
        for word in _WORD.finditer(sentence):
            pattern = self.words.get(word[0])
            if pattern and pattern.match(sentence, word.start()):
                return True
        return bool(self.others.search(sentence))


@dataclass(frozen=True, slots=True)
class HelpPatterns:
    """What is looked for in one language. `begins` is how all of it can begin; `calm` takes a
    sentence out, `elsewhere` the sentence after it too."""

    kinds: Mapping[str, Kind]
    evidence: Mapping[str, HelpEvidence]
    shared: HelpEvidence
    evident: Evident
    begins: Begins
    calm: re.Pattern[str]
    undone: re.Pattern[str]
    elsewhere: re.Pattern[str]
    fillers: re.Pattern[str]
    spelling: Mapping[str, str]
    words: frozenset[str]

    def spelt(self, word: str) -> str:
        """A word as it is spelt: the usual slips, and an n that is not typed at its end."""
        whole = f"{word}n"
        if word not in self.words and word.endswith("e") and whole in self.words:
            return whole
        return self.spelling.get(word, word)


@cache
def patterns_of(language: str) -> HelpPatterns:
    """The patterns of a language, read once."""
    data = tomllib.loads((HOME / f"{language}.toml").read_text(encoding="utf-8"))
    classes = _classes(data.get("words", {}), language)
    kinds = {name: _kind(rows, classes, language) for name, rows in data["kinds"].items()}
    evidence_rows = {
        f"{name} {key}": rows
        for name, table in data.get("evidence", {}).items()
        for key, rows in table.items()
        if key != "needed"
    }
    evidence = {
        name: _evidence(table, classes, language)
        for name, table in data.get("evidence", {}).items()
    }
    slips = data.get("spelling", {}).items()
    firsts = [row.split(" & ")[0] for row in _rows(data["kinds"])]
    shared = evidence.pop("shared", HelpEvidence(0, ()))
    return HelpPatterns(
        kinds,
        evidence,
        shared,
        _evident(evidence),
        _begins(firsts, classes, language),
        _either(_rows(data["calm"]), classes, language),
        _either(_rows({name: data["calm"][name] for name in UNDONE}), classes, language),
        _either(_rows(data["elsewhere"]), classes, language),
        _either(data["fillers"].split("|"), classes, language),
        {_folded(slip, language): _folded(word, language) for slip, word in slips},
        frozenset(_WORD.findall(" ".join([*firsts, *_rows(evidence_rows)]))),
    )


def _evidence(table: Mapping[str, Any], classes: Mapping[str, str], language: str) -> HelpEvidence:
    worth = {"one": 1, "two": 2, "three": 3}
    rows = [(points, row) for name, points in worth.items() for row in table[name]]
    return HelpEvidence(
        table["needed"], tuple((points, _either([row], classes, language)) for points, row in rows)
    )


def _evident(evidence: Mapping[str, HelpEvidence]) -> Evident:
    words: dict[str, list[Row]] = {}
    for kind, its in evidence.items():
        for place, (_, pattern) in enumerate(its.rows):
            for word in _firsts(_within(pattern)):
                words.setdefault(word, []).append(Row(kind, place, pattern))
    others = words.pop("", [])
    return Evident(words, others, _whole([_within(each.pattern) for each in others]))


def _begins(rows: Iterable[str], classes: Mapping[str, str], language: str) -> Begins:
    words: dict[str, list[str]] = {}
    for row in rows:
        expression = _expression(_folded(row, language), classes)
        for word in _firsts(expression):
            words.setdefault(word, []).append(expression)
    others = words.pop("", [])
    return Begins({word: _whole(each) for word, each in words.items()}, _whole(others))


def _firsts(expression: str) -> Iterable[str]:
    """The words that it can begin with; an empty one when it may be any."""
    words: dict[str, None] = {}
    for either in _alternatives(expression):
        first = _FIRST.match(either)
        literals = (first["group"] or first["word"]).split("|") if first else [""]
        words.update(dict.fromkeys(each.split(" ")[0] for each in literals))
    return words


def _alternatives(expression: str) -> Sequence[str]:
    """What stands between its bars, but for those within brackets."""
    found, depth = [""], 0
    for sign in expression:
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            found.append("")
        else:
            found[-1] += sign
    return found


def _kind(rows: Iterable[str], classes: Mapping[str, str], language: str) -> Kind:
    halves = [row.split(" & ") for row in rows]
    pairs = [each for each in halves if len(each) > 1]
    return Kind(
        _either([each[0] for each in halves if len(each) == 1], classes, language),
        _either([one for one, _ in pairs], classes, language),
        tuple(
            (_either([one], classes, language), _either([other], classes, language))
            for one, other in pairs
        ),
    )


def _classes(words: Mapping[str, str], language: str) -> dict[str, str]:
    """The classes of words, with those they hold filled in."""
    classes: dict[str, str] = {}
    for name, row in words.items():
        classes[name] = _CLASS.sub(lambda found: classes[found[1]], _folded(row, language))
    return classes


def _rows(table: Mapping[str, Any]) -> Iterable[str]:
    return [row for rows in table.values() for row in rows]


def _folded(text: str, language: str) -> str:
    return fold(text) if language == "ar" else text


def _either(rows: Iterable[str], classes: Mapping[str, str], language: str) -> re.Pattern[str]:
    """One of these patterns, as whole words."""
    return _whole([_expression(_folded(row, language), classes) for row in rows])


def _whole(expressions: Sequence[str]) -> re.Pattern[str]:
    either = "|".join(expressions)
    return re.compile(f"{_BEFORE}{either}{_BEHIND}" if either else r"(?!)")


def _within(pattern: re.Pattern[str]) -> str:
    """The expression that `_whole` made this pattern of."""
    return pattern.pattern.removeprefix(_BEFORE).removesuffix(_BEHIND)


def _expression(row: str, classes: Mapping[str, str]) -> str:
    row = re.sub(r"(?<=\w)(?<!\\w)\*", r"[\\w-]*", row)
    row = re.sub(r"\((?!\?)", "(?:", row)
    row = _CLASS.sub(lambda found: f"(?:{classes[found[1]]})", row)
    return row.replace(" ... ", f" {_GAP}")
