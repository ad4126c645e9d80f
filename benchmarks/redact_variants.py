"""Variants of marked stories to learn from: other names, other places, other ways to type."""

from __future__ import annotations

import random
import re
from typing import Any

from conversations.wordlist.fold import words_in
from conversations.wordlist.load import lists_of_names

Story = dict[str, Any]
Piece = tuple[str, dict[str, Any] | None]
_PARTICLES = words_in("""
    van de den der ter ten te het 't t el al ben bin la da do dos op in vd v d aan ait abu abd
    di von ibn le
""")
_LETTERS = re.compile(r"[^\W\d_]+")
_TITLE = re.compile(
    r"(?:mevrouw|meneer|heer|mw|dhr|mevr|familie|gezin|mr|drs|dr|bay|bayan)\.? $", re.IGNORECASE
)
_SOMEBODY = re.compile(
    r"(?<![\w'’])(?:hij|zij|ze|hem|hen|mijn (?:moeder|vader|zoon|dochter|man|vrouw|broer|zus"
    r"|buurman|buurvrouw|vriendin)"
    r"|moeder|vader|cliënt|mevrouw|meneer|ik|mij|de buurvrouw|de verhuurder|de arts|hun"
    r"|o|ona|onu|annem|babam|eşim|oğlum|kızım|komşum|doktor|ben|bana)(?![\w'’.])",
    re.IGNORECASE,
)
_OFTEN = {
    "tr": ("turkish", "given", "also ordinary words"),
    "nl": ("also ordinary words", "given words"),
}
"""Whose names stand in the stories of a language most."""
_JOINS = ("van der", "de", "van", "el", "al", "ten", "van den", "ben", "ter", "op den", "ait")


class Variants:
    """Makes a variant of a story; the same chance gives the same one."""

    def __init__(self, language: str) -> None:
        self._language = language
        lists = lists_of_names(language)
        self._origins, self._given, self._family, self._towns = lists
        self._names = [*self._origins, *_OFTEN.get(language, ()) * (5 if language == "tr" else 2)]
        self._lists_in_latin = lists_of_names("nl")

    def of(self, story: Story, chance: random.Random) -> Story:
        """A variant of the story, with its marks."""
        pieces = self._other_names(_pieces(story), chance)
        typed = chance.random()
        small = typed < 0.3 or story["text"].islower()
        if chance.random() < 0.5 and self._language != "ar":
            pieces = self._named(pieces, chance, small)
        if self._language != "ar":
            if typed < 0.3:
                pieces = [(text.lower(), mark) for text, mark in pieces]
            elif typed < 0.38:
                pieces = [(text.upper(), mark) for text, mark in pieces]
        signs = chance.random()
        if signs < 0.1:
            pieces = [
                (text if mark else re.sub(r"[.,!?،](?= |$)", "", text), mark)
                for text, mark in pieces
            ]
        elif signs < 0.2:
            pieces = [
                (text if mark else re.sub(r"[.!?](?= )", ",", text), mark) for text, mark in pieces
            ]
        return _joined(pieces)

    def _other_names(self, pieces: list[Piece], chance: random.Random) -> list[Piece]:
        known: dict[str, str] = {}
        change = chance.random() < 0.75
        varied: list[Piece] = []
        for at, (text, mark) in enumerate(pieces):
            kind = mark["kind"] if mark else ""
            if kind == "PER" and change:
                text = self._renamed(text, known, bool(_TITLE.search(pieces[at - 1][0])), chance)
            elif kind == "PLACE" and " " not in text.strip() and chance.random() < 0.6:
                text = _as_typed(_slipped(chance.choice(self._towns), chance), text)
            elif kind == "ADDRESS" and chance.random() < 0.7:
                text = re.sub(r"\d", lambda _: str(chance.randint(1, 9)), text)
            varied.append((text, mark))
        return varied

    def _renamed(
        self, name: str, known: dict[str, str], titled: bool, chance: random.Random
    ) -> str:
        """The name with other words; the same word gets the same one throughout a story."""
        new, last = "", 0
        for number, word in enumerate(_LETTERS.finditer(name)):
            old = word.group()
            new += name[last : word.start()]
            last = word.end()
            if old.lower() in _PARTICLES or len(old) < 2:
                new += old
                continue
            if old.lower() not in known:
                family = number > 0 or (titled and chance.random() < 0.7)
                if self._language == "ar" and old.isascii():
                    known[old.lower()] = self._latin(chance, family)
                else:
                    known[old.lower()] = self._a_family(chance) if family else self._a_given(chance)
            new += _as_typed(known[old.lower()], old)
        return new + name[last:]

    def _latin(self, chance: random.Random, family: bool) -> str:
        origins, _, families, _ = self._lists_in_latin
        return chance.choice(families if family else origins[chance.choice(list(origins))])

    def _a_given(self, chance: random.Random) -> str:
        if chance.random() < 0.65:
            return chance.choice(self._origins[chance.choice(self._names)])
        return _slipped(chance.choice(self._given), chance)

    def _a_family(self, chance: random.Random) -> str:
        if chance.random() < 0.2:
            return self._a_given(chance)
        return _slipped(chance.choice(self._family), chance)

    def _named(self, pieces: list[Piece], chance: random.Random, small: bool) -> list[Piece]:
        """Names where a pronoun or a relative stood."""
        left = chance.choice((1, 1, 2, 3))
        varied: list[Piece] = []
        for text, mark in pieces:
            places = [] if mark or not left else list(_SOMEBODY.finditer(text))
            chance.shuffle(places)
            chosen = sorted(places[:left], key=lambda place: place.start())
            left -= len(chosen)
            last = 0
            for place in chosen:
                varied.append((text[last : place.start()], None))
                varied.append((self._whole_name(chance, small), {"kind": "PER"}))
                last = place.end()
            varied.append((text[last:], mark))
        return varied

    def _whole_name(self, chance: random.Random, small: bool) -> str:
        listed = chance.choice(self._origins[chance.choice(self._names)])
        name = listed if small else self._a_given(chance)
        form = chance.random()
        if form >= 0.97:
            name = f"{name[0].upper()}. {self._a_family(chance)}"
        elif form >= 0.8 and form < 0.9 and self._language == "nl":
            name += f" {chance.choice(_JOINS)} {self._a_family(chance)}"
        elif form >= 0.5:
            name += " " + self._a_family(chance)
        if small:
            return name
        return " ".join(
            word if word in _PARTICLES and chance.random() < 0.8 else word[:1].upper() + word[1:]
            for word in name.split(" ")
        )


def _slipped(word: str, chance: random.Random) -> str:
    """The word, now and then with a slip, so that it is on no list."""
    if chance.random() < 0.35 and len(word) > 3:
        at = chance.randrange(1, len(word))
        letter = chance.choice(
            "aeioulnrshkmzjdt" if word.isascii() or word[0] < "\u0600" else "انيرسمدلبه"
        )
        return word[:at] + letter + word[at + chance.choice((0, 1)) :]
    return word


def _as_typed(new: str, old: str) -> str:
    if old.isupper() and len(old) > 1:
        return new.upper()
    return new[:1].upper() + new[1:] if old[:1].isupper() else new


def _pieces(story: Story) -> list[Piece]:
    text, last = story["text"], 0
    pieces: list[Piece] = []
    for span in story["spans"]:
        pieces += [(text[last : span["start"]], None), (text[span["start"] : span["end"]], span)]
        last = span["end"]
    return [*pieces, (text[last:], None)]


def _joined(pieces: list[Piece]) -> Story:
    text = ""
    spans = []
    for piece, mark in pieces:
        if mark:
            spans.append({"kind": mark["kind"], "start": len(text), "end": len(text) + len(piece)})
        text += piece
    return {"text": text, "spans": spans}
