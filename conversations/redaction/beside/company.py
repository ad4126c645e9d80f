"""Names by their company: in a row with other names, behind "ask for", with a byname."""

from __future__ import annotations

from conversations.redaction.tokens import FIRST, MID, NUMBER, SLOPPY
from conversations.redaction.whole import Whole, places, runs
from conversations.wordlist.fold import words_in
from conversations.wordlist.lexicon import COMMON, COMPOUND, FREQUENT, FUNCTION

_BYNAMES = words_in("""
    kleine grote lange dikke dunne oude ouwe jonge rooie rode zwarte witte blonde kale malle gekke
    wilde stille mooie lieve boze blauwe manke schele slimme sterke
    küçük büyük topal deli kara uzun kısa şişman
""")
_ASK = words_in("""
    vraag vraagt vragen vroeg gevraagd bel bellen belt zoek zoekt zoeken spreek spreken
""")
_ASKED = words_in("naar aan met")
_BETWEEN = words_in("maar even gerust dan eens alleen ook direct rechtstreeks")
_WHOM = words_in("hem haar em ze mij me ons we iedereen ik hij zij jij iemand hun")
_KUNYA = words_in("um umm oum om abu abou abo aboe ebu ummu")
_OPENS = words_in("""
    toen dat want maar en als of omdat dus is was had heeft zei van bij met voor naar tegen door
    sinds zonder ook nu waar wat hoe dan alleen behalve
""")


class Company(Whole):
    """Finds names by what stands around them."""

    def add_listed(self) -> None:
        """What stands in a row with names ("Riek, Mies, Dien en Toos")."""
        tokens = self.tokens
        if "PER" not in self.labels:
            return
        for at in places(self.labels, "PER"):
            if at + 1 < len(tokens) and (place := self._next(at)) and self._is_item(place):
                self.labels[place] = "PER"
        for at in range(len(tokens) - 1, 0, -1):
            if self.labels[at] == "PER" and self._is_item(place := self._last(at)):
                self.labels[place] = "PER"

    def _next(self, at: int) -> int:
        """The next of a row, behind a comma or "and"; 0 for none."""
        tokens, cues = self.tokens, self.evidence.cues
        if tokens[at + 1].gap == ", ":
            return at + 1
        joined = cues[at + 1] == "and" and at + 2 < len(tokens)
        return at + 2 if joined and tokens[at + 2].gap == tokens[at + 1].gap == " " else 0

    def _last(self, at: int) -> int:
        """The one before in a row; -1 for none."""
        if self.tokens[at].gap == ", ":
            return at - 1
        joined = self.evidence.cues[at - 1] == "and" and self.tokens[at].gap == " "
        return at - 2 if joined and self.tokens[at - 1].gap == " " else -1

    def _is_item(self, at: int) -> bool:
        """Whether one word alone stands in a row and may be a name."""
        tokens, cues, kinds = self.tokens, self.evidence.cues, self.evidence.kinds
        if at < 0 or self.labels[at] != "-" or len(tokens[at].text) < 2:
            return False
        known = cues[at] == "!public" and tokens[at].lower in self.lexicon.given
        if (cues[at] or not self.free(at)) and not (known and tokens[at].case == MID):
            return False
        rare = known or (kinds[at][0] > FUNCTION and kinds[at][1] != "T")
        capital = tokens[at].case == MID and rare
        small = tokens[at].case == SLOPPY and kinds[at][1] in "SEGBD" and kinds[at][0] > COMMON
        if not (capital or small):
            return False
        alone = (
            capital
            or not at
            or tokens[at].gap != " "
            or cues[at - 1] in ("and", "kin", "det", "title")
        )
        behind = tokens[at + 1].gap if at + 1 < len(tokens) else "."
        if at + 1 < len(tokens) and len(tokens[at + 1].text) == 1:
            return alone
        return alone and (behind[:1] in ",.!?)\n" or cues[at + 1] in ("and", "person_verb", "be"))

    def add_asked(self) -> None:
        """Whom one asks for ("vraag maar naar boy")."""
        tokens, kinds = self.tokens, self.evidence.kinds
        if _ASK.isdisjoint(self.evidence.lowers):
            return
        for at in range(2, len(tokens)):
            if tokens[at - 1].lower not in _ASKED or not self.free(at) or tokens[at].gap != " ":
                continue
            first = at - 2
            while first > 0 and tokens[first].lower in _BETWEEN:
                first -= 1
            named = kinds[at][1] in "SEGBD" or kinds[at][0] > COMPOUND or tokens[at].case == MID
            plain = self.evidence.cues[at] or kinds[at][0] == FUNCTION or kinds[at][1] == "T"
            if tokens[first].lower in _ASK and named and not plain and tokens[at].case != NUMBER:
                self.labels[at] = "PER"

    def add_nicknames(self) -> None:
        """What somebody is called, with an article or without ("ze noemen hem de Kets",
        "de kleinste noemen we Boontje")."""
        tokens, cues = self.tokens, self.evidence.cues
        if "called" not in cues:
            return
        for at in range(2, len(tokens)):
            if not self.free(at) or tokens[at].gap != " ":
                continue
            capital = tokens[at].case == MID
            first = at - 1 if cues[at - 1] == "det" else at
            place = first - 1
            while place > 0 and place > first - 4 and tokens[place].lower in _WHOM:
                place -= 1
            if cues[place] != "called" or (first == at and not (capital and place < at - 1)):
                continue
            rare = capital or self.evidence.kinds[at][0] > COMPOUND
            titled = capital and first < at and tokens[first].case == MID
            if rare and (titled or not cues[at]):
                self.labels[first : at + 1] = ["PER"] * (at + 1 - first)

    def add_bynames(self) -> None:
        """The byname before a name ("lange Arie"), or "mother of" ("Um Haider")."""
        tokens, cues = self.tokens, self.evidence.cues
        for first, _ in list(runs(self.labels, "PER")):
            at = first - 1
            if at < 0 or not self.free(at) or tokens[first].gap != " ":
                continue
            word, before = tokens[at].lower, cues[at - 1] if at else ""
            kunya = word in _KUNYA and (tokens[first].case == MID or tokens[at].case == SLOPPY)
            if kunya or (word in _BYNAMES and before not in ("det", "poss", "number", "and")):
                self.labels[at] = "PER"

    def find_small(self) -> None:
        """The name of somebody that is a word, found once, elsewhere without the article that the
        word would have ("toen snor kwam"), or with its own ("de groot belde")."""
        tokens, cues, kinds = self.tokens, self.evidence.cues, self.evidence.kinds
        found = list(places(self.labels, "PER"))
        known = {tokens[at].lower for at in found if len(tokens[at].text) > 2}
        if not known:
            return
        particled = {
            tokens[at].lower
            for at in found
            if at and self.labels[at - 1] == "PER" and self.is_particle(at - 1)
        }
        for at, word in enumerate(self.evidence.lowers):
            if word not in known or not self.free(at):
                continue
            last = at + 1 == len(tokens)
            does = not last and cues[at + 1] in ("person_verb", "says", "be", "particle", "to")
            before = tokens[at - 1].lower if at else ""
            named = kinds[at][1] in "SEGBDF" and kinds[at][0] >= FREQUENT
            if at and before == "de" and word in particled and does:
                self.labels[at - 1] = self.labels[at] = "PER"
            opens = before in _OPENS or ((not at or tokens[at].case == FIRST) and named)
            if opens and does and kinds[at][0] > FUNCTION:
                self.labels[at] = "PER"
