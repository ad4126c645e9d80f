"""Reads the vendored word lists, once, when the first text is looked at."""

from __future__ import annotations

import lzma
import re
from functools import cache
from pathlib import Path

from conversations.wordlist import WordList
from conversations.wordlist.arabic import Names, fold

HOME = Path(__file__).parent
_SECTION = re.compile(r"^\[(.+?)\]", re.MULTILINE)


@cache
def words_of(language: str) -> WordList:
    """The words of a language. Only Dutch has a list of ordinary words; the names, places and
    public words serve every language."""
    ordinary = capitalised = peoples = b""
    if language == "nl":
        packed = lzma.decompress((HOME / "dutch.xz").read_bytes())
        ordinary, capitalised, peoples = packed.split(b"\n\n")
    names = _sections("names.txt")
    public = _sections("public.txt")
    double = frozenset(names.pop("also ordinary words").split())
    phrases = _items(public.pop("phrases"))
    return WordList(
        ordinary=b"\n" + ordinary + b"\n",
        capitalised=b"\n" + capitalised + b"\n",
        given=frozenset(" ".join(names.values()).split()),
        double=double,
        places=_items(_text("places.txt").replace("\n", ",")),
        public=frozenset(peoples.decode().split()).union(*map(_items, public.values())),
        phrases=phrases,
    )


@cache
def given_in(origin: str) -> frozenset[str]:
    """The given names of one origin, in small letters."""
    return frozenset(_sections("names.txt")[origin].split())


@cache
def names_in_arabic() -> Names:
    """What is known of names in Arabic script."""
    sections = {name: fold(words) for name, words in _sections("arabic.txt").items()}
    places = _items(sections.pop("places").replace("\n", " "))
    words = {name: frozenset(text.split()) for name, text in sections.items()}
    return Names(
        sure=words["given"] - words["also ordinary words"],
        double=words["also ordinary words"],
        titled=words["beside a title"],
        families=words["families"],
        places=places,
        ordinary=words["never a name"],
        verbs=words["said of people"],
    )


def _text(name: str) -> str:
    lines = (HOME / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


def _sections(name: str) -> dict[str, str]:
    _, *parts = _SECTION.split(_text(name))
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _items(text: str) -> frozenset[str]:
    return frozenset(item.strip().lower() for item in text.split(",") if item.strip())
