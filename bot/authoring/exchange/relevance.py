"""Reads the `relevant` of an XLSForm as a condition of a guide: earlier choices, joined with and,
or and not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from conversations.guide.condition import Condition, Term

_CURLY = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "\xa0": " "})
_TOKEN = re.compile(
    r"""\s*(?:(?P<name>\$\{\s*[\w.-]+\s*\})|(?P<text>'[^']*'|"[^"]*")|(?P<op>!=|>=|<=|=|<|>)"""
    r"""|(?P<sign>[(),])|(?P<word>[A-Za-z_][\w-]*)|(?P<number>-?\d+(?:\.\d+)?))"""
)
_MOST = 64
"""Alternatives of a condition: with more it is another guide."""


class BrokenRelevance(Exception):
    """This is no expression: a bracket or a quotation mark is missing."""


class UnfitRelevance(Exception):
    """A guide has no such condition: it calculates, or compares with more or less."""


class _Token(NamedTuple):
    kind: str
    text: str


def straight(text: str) -> str:
    """An expression with straight quotation marks, as the standard wants them."""
    return text.translate(_CURLY)


def parse_relevant(text: str) -> Condition:
    """The condition, by the names of the sheet. Raises BrokenRelevance and UnfitRelevance."""
    parser = _Parser(list(_tokens(straight(text))))
    condition = parser.either()
    if parser.rest:
        raise BrokenRelevance(parser.rest[0].text)
    return condition


def joined(one: Condition, other: Condition) -> Condition:
    """What holds when both do; a condition without alternatives always holds."""
    if not one or not other:
        return one or other
    found = tuple(tuple(dict.fromkeys((*a, *b))) for a in one for b in other)
    if len(found) > _MOST:
        raise UnfitRelevance("too long")
    return found


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    text = text.rstrip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None or found.lastgroup is None:
            raise BrokenRelevance(text[place : place + 20])
        yield _Token(found.lastgroup, found[found.lastgroup])
        place = found.end()


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self.rest = tokens

    def either(self) -> Condition:
        found = self.both()
        while self._word("or"):
            found = (*found, *self.both())
        return found

    def both(self) -> Condition:
        found = self.one()
        while self._word("and"):
            found = joined(found, self.one())
        return found

    def one(self) -> Condition:
        if self._word("not"):
            self._sign("(")
            inner = self.either()
            self._sign(")")
            return negated(inner)
        if self._peek() == _Token("sign", "("):
            self._sign("(")
            inner = self.either()
            self._sign(")")
            return inner
        if self._word("selected"):
            self._sign("(")
            name = self._name()
            self._sign(",")
            option = self._text()
            self._sign(")")
            return ((Term(name, option),),)
        return self._comparison()

    def _comparison(self) -> Condition:
        name = self._name()
        sign = self._take("op").text
        if sign not in ("=", "!="):
            raise UnfitRelevance(sign)
        option = self._text()
        if not option:
            if sign == "=":
                raise UnfitRelevance("''")
            return ((Term(name),),)
        return ((Term(name, option, sign == "!="),),)

    def _name(self) -> str:
        return self._take("name").text[2:-1].strip()

    def _text(self) -> str:
        token = self._take("text", "number")
        return token.text[1:-1].strip() if token.kind == "text" else token.text

    def _peek(self) -> _Token | None:
        return self.rest[0] if self.rest else None

    def _word(self, word: str) -> bool:
        token = self._peek()
        if token and token.kind == "word" and token.text.casefold() == word:
            self.rest.pop(0)
            return True
        return False

    def _sign(self, sign: str) -> None:
        if self._take("sign").text != sign:
            raise BrokenRelevance(sign)

    def _take(self, *kinds: str) -> _Token:
        if not self.rest:
            raise BrokenRelevance("")
        token = self.rest.pop(0)
        if token.kind in kinds:
            return token
        if token.kind in ("word", "name", "number") or "name" in kinds:
            raise UnfitRelevance(token.text)
        raise BrokenRelevance(token.text)


def negated(condition: Condition) -> Condition:
    """What holds when a condition does not. Raises UnfitRelevance where no guide can say so."""
    found: Condition = ()
    for terms in condition:
        if any(not term.option for term in terms):
            raise UnfitRelevance("not")
        turned = tuple((term._replace(otherwise=not term.otherwise),) for term in terms)
        found = joined(found, turned) if found else turned
    return found
