"""Names of other scripts as they are written in Arabic script: by ear, in several ways."""

from __future__ import annotations

from collections.abc import Iterable

from conversations.wordlist.arabic_letters import fold

_PAIRS = {
    "sch": ("سخ",), "tsj": ("تش",), "sj": ("ش",), "ij": ("اي", "ي"), "ei": ("اي",), "ie": ("ي",),
    "oe": ("و",), "eu": ("و",), "ui": ("اوي", "اي"), "ou": ("او",), "au": ("او",), "aa": ("ا",),
    "ee": ("ي",), "oo": ("و",), "uu": ("و",), "ch": ("خ", "ش"), "sh": ("ش",), "th": ("ت",),
    "ph": ("ف",), "ck": ("ك",), "gh": ("غ",), "kh": ("خ",), "cz": ("تش",), "sz": ("ش",),
    "ja": ("يا",), "je": ("يه", "ي"), "jo": ("يو",), "ce": ("سي",), "ci": ("سي",), "qu": ("كو",),
}  # fmt: skip
_LETTERS = {
    "a": ("ا", ""), "b": ("ب",), "c": ("ك",), "d": ("د",), "e": ("ي", ""), "f": ("ف",),
    "g": ("خ", "غ", "ج"), "h": ("ه",), "i": ("ي",), "j": ("ي", "ج"), "k": ("ك",), "l": ("ل",),
    "m": ("م",), "n": ("ن",), "o": ("و",), "p": ("ب",), "q": ("ك",), "r": ("ر",), "s": ("س",),
    "t": ("ت",), "u": ("و",), "v": ("ف",), "w": ("ف", "و"), "x": ("كس",), "y": ("ي",), "z": ("ز",),
}  # fmt: skip
_FIRST = {"a": ("ا",), "e": ("اي", "ا"), "i": ("اي", "ا"), "o": ("او",), "u": ("او",)}
_LAST = {"e": ("ه", "ي"), "a": ("ا", "ه"), "d": ("د",), "h": ("", "ه")}
_MOST = 24
_SHORTEST = 4


def in_arabic(names: Iterable[str]) -> set[str]:
    """The ways to write these names, folded; short ones are left out, which may be any word."""
    found: set[str] = set()
    for name in names:
        if name.isascii() and name.isalpha():
            found.update(form for form in _forms(name) if len(form) >= _SHORTEST)
    return set(map(fold, found))


def _forms(name: str) -> list[str]:
    forms, at = [""], 0
    while at < len(name):
        size = next((n for n in (3, 2) if name[at : at + n] in _PAIRS), 1)
        part = name[at : at + size]
        if size > 1:
            ways = _PAIRS[part]
            if not at and part[0] in "aeiou":
                ways = tuple("ا" + way.removeprefix("ا") for way in ways)
        elif at and part == name[at - 1]:
            ways = ("",)
        elif not at and part in _FIRST:
            ways = _FIRST[part]
        elif at == len(name) - 1 and part in _LAST:
            ways = _LAST[part]
        else:
            ways = _LETTERS[part]
        forms = [form + way for form in forms for way in ways][:_MOST]
        at += size
    return forms
