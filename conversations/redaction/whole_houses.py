"""Numbers of houses that stand alone: beside a postcode, behind who lives there, in rows."""

from __future__ import annotations

from conversations.redaction.tokens import NUMBER
from conversations.redaction.whole import SUFFIXES, Whole
from conversations.wordlist.fold import words_in

_NOT_BEHIND = ("unit", "money", "month", "day")
_AT = words_in("op bij naast van tegenover")
_LIVES = words_in("""
    woon woont wonen woonde wonend wonende buurman buurvrouw buren buur buuf aanbellen bel belt
    huurder bewoner bewoonster bewoners logeert zit slaapt
""")
_TO = words_in("en of tot t m")


class WholeHouses(Whole):
    """Finds numbers of houses."""

    def add_numbers(self) -> None:
        tokens, cues = self.tokens, self.evidence.cues
        for at in self.evidence.cued("number"):
            counts = tokens[at].case == NUMBER and self.free(at) and self._is_bare(at)
            if not at or not counts:
                continue
            gap = tokens[at].gap
            behind_code = (
                cues[at - 1] == "!postcode" and gap.strip() in ("", ",") and "\n" not in gap
            )
            even = at + 4 < len(tokens) and tokens[at + 4].lower in ("even", "oneven")
            if behind_code or even or (gap == " " and (self._is_at(at) or self._is_told(at))):
                self._mark(at)
        for at in self.evidence.cued("number", "number_name"):
            if at < 2:
                continue
            last = at + 1 == len(tokens) or cues[at + 1] not in _NOT_BEHIND
            said = cues[at] == "number_name" and len(tokens[at].text) > 3 and last
            if said and self.free(at) and tokens[at].gap == " " and self._is_home(at):
                self.labels[at] = "ADDRESS"
            if tokens[at].case == NUMBER and self.free(at) and self._is_bare(at):
                self._join(at)

    def _is_bare(self, at: int) -> bool:
        """Whether the number counts nothing."""
        tokens = self.tokens
        if len(tokens[at].text) > 4 or tokens[at].text.startswith("0"):
            return False
        if at + 1 == len(tokens):
            return True
        nearer = tokens[at + 1]
        if nearer.gap == "" or (nearer.gap == "-" and len(nearer.text) < 3):
            return nearer.lower in SUFFIXES
        if nearer.gap[:1] == "," and nearer.case != NUMBER:
            return True
        return self.evidence.cues[at + 1] not in _NOT_BEHIND and nearer.gap[:1] not in ":/%€,+-"

    def _is_at(self, at: int) -> bool:
        """Whether somebody lives there: "shabnam op 34", "de buurman van 5c"."""
        if self.tokens[at - 1].lower not in _AT:
            return False
        near = range(max(0, at - 3), at - 1)
        person = at > 1 and self.labels[at - 2] == "PER" and self.tokens[at - 1].lower != "van"
        lives = any(self.tokens[place].lower in _LIVES for place in near)
        rings = any(
            self.tokens[place].lower in _LIVES
            for place in range(at + 1, min(at + 2, len(self.tokens)))
        )
        return person or lives or rings

    def _is_home(self, at: int) -> bool:
        """Whether somebody lives at a number in words: "woont op achtenveertig"."""
        near = range(max(0, at - 8), at - 1)
        return self.tokens[at - 1].lower == "op" and any(
            self.tokens[place].lower in ("woont", "woon", "wonen", "buren", "buurman", "buurvrouw")
            for place in near
        )

    def _is_told(self, at: int) -> bool:
        """Behind the word for a house and "is"."""
        tokens = self.tokens
        return (
            at > 1
            and tokens[at - 1].lower in ("is", "was")
            and tokens[at - 2].lower in ("huisnr", "huisnummer", "kamernummer", "nummer", "nr")
            and len(tokens[at].text) < 4
        )

    def _join(self, at: int) -> None:
        """The other end of a row ("12 t/m 38", "41, of 43")."""
        tokens = self.tokens
        first = at - 1
        while first > 0 and first > at - 3 and tokens[first].lower in _TO:
            first -= 1
        if first == at - 1 or self.labels[first] != "ADDRESS" or tokens[first].case != NUMBER:
            words = [tokens[place].lower for place in range(max(0, at - 4), at)]
            far = "of" in words[-1:] and any(
                self.labels[place] == "ADDRESS" and tokens[place].case == NUMBER
                for place in range(max(0, at - 4), at)
            )
            if not far:
                return
        self._mark(at)

    def _mark(self, at: int) -> None:
        """The number with its suffix."""
        self.labels[at] = "ADDRESS"
        behind = at + 1
        if not self.free(behind) or self.tokens[behind].lower not in SUFFIXES:
            return
        gap, text = self.tokens[behind].gap, self.tokens[behind].text
        if gap in ("", "-") or (gap == " " and len(text) > 1):
            self.labels[behind] = "ADDRESS"
