"""The words of a text with what is known of them: the questions the rule for names asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.redaction.cues import TUSSEN
from conversations.redaction.tokens import Token
from conversations.wordlist import WordList


@dataclass(frozen=True, slots=True)
class Reading:
    """Every question is about the word at an index."""

    tokens: Sequence[Token]
    words: WordList

    def before(self, index: int) -> str:
        """The word before, in lower case; empty when a sign stands between."""
        if index < 1 or self.tokens[index].gap not in (" ", ", ", ": ", " (", "  "):
            return ""
        return self.tokens[index - 1].lower

    def joined(self, index: int) -> bool:
        """Whether only a space stands before it."""
        token = self.tokens[index]
        return token.gap == " " or (token.text == "t" and token.gap in (" '", " ’"))

    def behind(self, index: int) -> bool:
        """Whether a space or a dot and a space stand before it."""
        return self.tokens[index].gap in (". ", " ")

    def is_tussen(self, index: int) -> bool:
        """Whether it is a small word of surnames ("van", "el")."""
        return self.tokens[index].lower in TUSSEN

    def small(self, start: int, end: int) -> str:
        """Words as one string, in lower case."""
        return " ".join(self.tokens[at].lower for at in range(start, end))

    def is_word(self, token: Token) -> bool:
        """Whether it is an ordinary word, which a given name without a second meaning is not."""
        return not self.words.is_only_given(token.bare) and self.words.is_ordinary(token.bare)

    def is_initial(self, index: int) -> bool:
        """Whether it is a single capital that goes on a row of them."""
        token = self.tokens[index]
        return len(token.text) == 1 and token.capital and token.gap in (".", ". ", " ")

    def is_hyphened_word(self, word: str) -> bool:
        """Whether a word with a hyphen is an ordinary one ("Wmo-consulent")."""
        first, *_, last = word.split("-")
        if self.words.is_given(first) and (self.words.is_given(last) or last[:1].isupper()):
            return False
        return self.words.is_ordinary(last) or self.words.is_public(last)

    def public(self) -> set[int]:
        """The words that stand in a phrase that points at nobody ("Zwarte Piet")."""
        public: set[int] = set()
        for index in range(len(self.tokens)):
            for length in (1, 2, 3, 4):
                part = self.tokens[index : index + length]
                if len(part) == length and " ".join(t.lower for t in part) in self.words.phrases:
                    public.update(range(index, index + length))
        return public
