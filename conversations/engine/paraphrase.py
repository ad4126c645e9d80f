"""Finds the button that somebody means who types something like what is on it: "ik ben inwoner",
"de tweede", "2", with a slip of the finger.

Only for buttons that neither give a consent nor erase anything: there words must stand on the
button, or be a clear yes or no. What was understood is shown, and can be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import takewhile

from conversations.engine.effects import Button, Say
from conversations.engine.intent import doubtful, is_yes_or_no, plain, words_of
from conversations.guide.model import Guide

LONGEST = 10
"""A text of more words is no name of a button."""
SPELT = ("nl", "en")
"""Languages in which a letter more or less is a slip. In Turkish it may be a "not" ("biliyorum",
"bilmiyorum"), and Arabic words often differ in one."""
TYPED = 5
"""A word of fewer letters is not taken for a slip: it may be another word."""

Names = Mapping[str, Sequence[str]]
"""Other words for buttons that are asked, by their id."""


def paraphrased(
    guide: Guide,
    asked: Say,
    text: str,
    *,
    names: Names | None = None,
    partly: bool = True,
    counted: bool = True,
) -> str | None:
    """The id of the one button that a text is a paraphrase of; `partly` also of some of the words
    on it ("samen" for "Wij samen"), `counted` also of its place ("de tweede")."""
    beside = words_of(guide, "beside")
    core = _core(text, beside)
    long = len(text.split()) > LONGEST
    if asked.weighty or not core or long or doubtful(text) or is_yes_or_no(guide, text):
        return None
    if counted and (place := _place(guide, asked, text, core)) is not None:
        return next((each.id for each in asked.buttons[place - 1 : place] if _own(each)), None)
    labels = [(each.id, _core(each.label, beside)) for each in asked.buttons if _own(each)]
    others = [
        (each, _core(name, beside)) for each, these in (names or {}).items() for name in these
    ]
    found = {each for each, words in (*labels, *others) if sorted(words) == sorted(core)}
    if not found and partly:
        found = _parts(labels, core, words_of(guide, "not"))
    if not found and guide.language in SPELT:
        found = {each for each, words in (*labels, *others) if _misspelt(core, words)}
    return found.pop() if len(found) == 1 else None


def _own(button: Button) -> bool:
    """Whether a button is an answer of its own."""
    return button.id not in ("other", "skip")


def _parts(labels: Iterable[tuple[str, list[str]]], core: Sequence[str], no: Set[str]) -> set[str]:
    """The buttons on which these words stand among others. No "not" is left out of them."""
    said = set(core)
    return {each for each, words in labels if said < set(words) and no & said == no & set(words)}


def _core(text: str, beside: Set[str]) -> list[str]:
    """The words of a text that say which button is meant."""
    return [word for word in plain(text).split() if word not in beside]


def _place(guide: Guide, asked: Say, text: str, core: Sequence[str]) -> int | None:
    """Which of the buttons is counted out. A number may be an answer by itself where the question
    is how many, where a number stands on a button, or with a word behind it ("1 dag")."""
    if len(core) != 1:
        return None
    for each in words_of(guide, "places"):
        word, _, place = each.partition(" ")
        if word == core[0]:
            return int(place)
    question = f" {plain(asked.text)} "
    counted = any(f" {each} " in question for each in words_of(guide, "count"))
    numbered = any(char.isdigit() for each in asked.buttons for char in each.label)
    behind = plain(text).split()[-1] != core[0]
    if not core[0].isdecimal() or behind or counted or numbered or int(core[0]) == 0:
        return None
    return int(core[0])


def _misspelt(core: Sequence[str], words: Sequence[str]) -> bool:
    """Whether the same words stand there, with a letter more, less, other or swapped in some."""
    return len(core) == len(words) and all(
        one == other or _near(one, other) for one, other in zip(core, words, strict=True)
    )


def _near(one: str, other: str) -> bool:
    if min(len(one), len(other)) < TYPED or one[0] != other[0]:
        return False
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    same = sum(1 for _ in alike)
    left, right = one[same:], other[same:]
    swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]
