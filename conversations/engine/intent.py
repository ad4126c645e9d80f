"""Interprets a typed text: the button it equals or clearly stands for, or a fixed word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence, Set
from functools import lru_cache

from conversations.engine.effects import Button
from conversations.engine.events import CommandName
from conversations.guide.model import Guide

_NOT_WORD = re.compile(r"[^\w\s-]+")
_COMMANDS: tuple[CommandName, ...] = ("help", "stop", "back", "done", "skip")
_YES = {"yes", "ok", "now", "continue", "enough", "another", "all", "replace"}
_NO = {"no", "none", "done", "stay", "more"}
_UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me"}
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that show nothing."""

_CALM = frozenset(".,،;؛:!…-–)'’\"*👍👌🙂😊😀😃😄😁☺🙏❤♥💚✅✔💪🤗")
"""Signs that change nothing about a yes or a no."""


def blank(text: str) -> bool:
    """Whether a text shows nothing: only spaces, characters without width, marks on nothing."""
    return all(unicodedata.category(each) in _UNSEEN or each in _FILLERS for each in text)


def plain(text: str) -> str:
    """Without capitals, accents, punctuation, pictograms and double spaces."""
    bare = text.casefold()
    if not bare.isascii():
        folded = unicodedata.normalize("NFKD", bare)
        bare = "".join(char for char in folded if not unicodedata.combining(char))
        bare = bare.replace("ı", "i")  # "HAYIR" has lost its dot where no Turkish is known
    return " ".join(_NOT_WORD.sub(" ", bare).split())


def command(guide: Guide, text: str) -> CommandName | None:
    """The command that a text is, when it is nothing else: "stop", "Hulp nu"."""
    known: Mapping[str, CommandName] | None = guide.remembered.get("commands")
    if known is None:
        known = guide.remembered["commands"] = _commands(guide)
    return known.get(plain(text))


def _commands(guide: Guide) -> dict[str, CommandName]:
    """Everything that is a command; what two of them share is the first."""
    known: dict[str, CommandName] = {}
    for name in _COMMANDS:
        for word in (*words_of(guide, name), _own(guide.phrase(f"button.{name}"))):
            known.setdefault(word, name)
    return known


def button(guide: Guide, buttons: Sequence[Button], text: str) -> str | None:
    """The id of the one button that a text equals, or clearly means ("ja graag", "nee hoor").

    A yes or no with more than politeness around it ("ja, maar niet voor…") means no button.
    """
    said, typed = plain(text), text.strip()
    bare = _without(said, words_of(guide, "filler"))
    if not said or doubtful(text):  # a sign is on a button only as itself
        said = bare = typed
    named = {item.id: (_on(item) or item.label.strip(), item.label.strip()) for item in buttons}
    equal = {name for name, labels in named.items() if said in labels or bare in labels}
    if len(equal) == 1:
        return equal.pop()
    for plainly, ids in (("yes", _YES), ("no", _NO)):
        words = words_of(guide, plainly)
        if said in words or _without(said, _polite(guide, plainly)) in words:
            meant = {item.id.removeprefix("o:"): item.id for item in buttons}
            meant = {name: each for name, each in meant.items() if name in ids}
            return meant.get(plainly) or (meant.popitem()[1] if len(meant) == 1 else None)
    return None


def doubtful(text: str) -> bool:
    """Whether a text has a sign that may turn it round: a question mark, a thumb down, a cross."""
    return not all(
        char.isalnum()
        or char.isspace()
        or char in _CALM
        or unicodedata.category(char) in (*_UNSEEN, "Sk")
        for char in set(text)
    )


def is_yes_or_no(guide: Guide, text: str) -> bool:
    """Whether a text is nothing but a yes or a no."""
    said = plain(text)
    either = words_of(guide, "yes") | words_of(guide, "no")
    return said in either or _without(said, words_of(guide, "filler")) in either


def polite(guide: Guide, text: str) -> bool:
    """Whether a text is nothing but what goes with any word ("alsjeblieft")."""
    return not _without(plain(text), words_of(guide, "filler"))


def said_no(guide: Guide, text: str) -> bool:
    """Whether there is a no among the words of a text."""
    return not words_of(guide, "no").isdisjoint(plain(text).split())


def only_number(guide: Guide, text: str) -> int | None:
    """The number in a text that holds nothing else but what one says with an age, yes and no."""
    said = f" {plain(text)} "
    for each in guide.phrases.get("words.ages", guide.form).split("|"):
        word, _, number = each.partition("=")
        said = said.replace(f" {plain(word)} ", f" {number} ")
    kinds = ("age", "filler", "yes", "no")
    beside = frozenset[str]().union(*(words_of(guide, each) for each in kinds))
    left = [word for word in said.split() if word not in beside]
    return int(left[0]) if len(left) == 1 and left[0].isdecimal() else None


def wordless(text: str) -> bool:
    """Whether a text has no letter and no digit: a thumb, a heart, dots."""
    return not any(map(str.isalnum, text))


def _on(item: Button) -> str:
    words_of_the_teller = item.id == "other" or item.id.startswith("p:")
    return plain(item.label) if words_of_the_teller else _own(item.label)


@lru_cache(maxsize=4096)
def _own(text: str) -> str:
    """`plain` for words of our own; those of a teller are never remembered."""
    return plain(text)


def words_of(guide: Guide, kind: str) -> frozenset[str]:
    """Words that people type, of a kind: for yes, for a command, beside what they mean."""
    return _split(guide.phrases.get(f"words.{kind}", guide.form))


@lru_cache(maxsize=256)
def _split(words: str) -> frozenset[str]:
    return frozenset(plain(word) for word in words.split("|"))


def _polite(guide: Guide, plainly: str) -> frozenset[str]:
    """What may stand beside a yes or a no. Beside a no that is nothing that agrees: "nee, prima"
    and "nee graag" are asked about."""
    filler = words_of(guide, "filler")
    if plainly == "yes":
        return filler
    agreeing, refusing = (_singly(words_of(guide, each)) for each in ("yes", "no"))
    return filler - (agreeing - refusing)


@lru_cache(maxsize=64)
def _singly(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for each in words for word in each.split())


def _without(said: str, filler: Set[str]) -> str:
    return " ".join(word for word in said.split() if word not in filler)
