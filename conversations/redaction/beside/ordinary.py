"""Dutch names that are ordinary words, in small letters: an ordinary noun has an article, a name
has none, and a title is followed by a name, a verb or a word of time."""

from __future__ import annotations

from conversations.redaction.tokens import MID, SHOUTED, SLOPPY, SMALL
from conversations.redaction.whole import Whole
from conversations.wordlist.fold import words_in
from conversations.wordlist.lexicon import COMPOUND, FUNCTION

_TITLES = words_in("""
    mevrouw meneer mijnheer dhr mevr mw mvr mev heer juffrouw juf meester fam familie gezin dokter
    dr zuster broeder oma opa tante oom ome pastoor dominee imam
""")
_DOES = ("person_verb", "says", "be")
_VERB_ENDS = ("t", "de", "te", "den", "ten", "en", "d", "lijk", "end", "ig", "isch")
_NAMES_PERSON = words_in("""
    bel belde bellen app appte appen mail mailde ken kende kennen bedank bedankte bezoek bezocht
    groet sprak spreek ontmoette vertrouw mis miste volgens namens
""")
_WITHOUT_ARTICLE = words_in(
    "volgens namens met van bij door voor tegen aan naar zonder en toen dat"
)
_PLAIN = words_in("""
    graag alleen zelf gisteren vandaag morgen altijd nooit steeds soms vaak weer nog ook niet wel al
    nu toen daar hier zo dus bang boos ziek moe blij thuis weg klaar bezig dood oud jong slecht goed
    snel direct meteen eindelijk opnieuw samen verder vooral misschien eigenlijk gewoon echt zeker
    helemaal binnen buiten boven beneden overleden gescheiden straks later eerder eerst daarna
    daarom dan waar wie wat hoe want maar omdat toch even heel erg veel weinig meer minder vanaf
    onlangs laatst vorige volgende tijdens sinds zonder met bij naar voor over onder door uit af op
    om aan tot per via rond ja nee oke sorry hallo koffie thee soep huis werk school hulp geld tijd
    water anders beter zeer best nergens ergens overal vanmiddag vanavond vanochtend vannacht
    smorgens savonds achteraf vooraf uiteindelijk inmiddels intussen ondertussen plotseling ineens
    opeens zomaar zachtjes rustig hard kwaad trots verdrietig eenzaam dement depressief zwanger
    alleenstaand slechthorend blind doof verward onrustig moeilijk fijn mooi lief aardig onbekend
    nieuw bekend dichtbij ver laat vroeg langs terug mee heen toe er het de een die dit dat deze
    elke iedere beide allebei zelfstandig voornamelijk regelmatig dagelijks wekelijks telkens
    momenteel tegenwoordig vroeger ooit nergens uit hierover daarover hiervan daarvan vermoedelijk
    aangeeft vertelt zegt heeft was is wil kan moet mag zal gaat doet komt ziet
""")


class OrdinaryNames(Whole):
    """Finds names that are words, by what an ordinary word would have beside it."""

    def add_titled_words(self) -> None:
        """Behind a title ("mevrouw stok was er niet"), behind "heet", and behind a given name."""
        cues, tokens = self.evidence.cues, self.tokens
        for at in range(1, len(tokens)):
            word, behind = tokens[at - 1].lower, cues[at - 1] in ("title", "kin", "job")
            if not (behind or self.labels[at - 1] == "PER" or word in ("heet", "heette", "is")):
                continue
            if tokens[at].gap not in (" ", ". ") or not self._may_be(at):
                continue
            plain = self._is_said(at)
            does = at + 1 < len(tokens) and cues[at + 1] in _DOES
            titled = self._is_titled(at, does)
            loose = not plain and tokens[at].case != SMALL
            named = titled and (does or loose)
            named = named or (not plain and self._is_called(at))
            if named or (does and self._is_second(at)):
                self.labels[at] = "PER"

    def _is_titled(self, at: int, does: bool) -> bool:
        """Whether it stands behind a title, or behind a relative and does something."""
        cue, word = self.evidence.cues[at - 1], self.tokens[at - 1].lower
        related = does and cue in ("kin", "job") and self.evidence.kinds[at][1] in "GBDF"
        return related or (word in _TITLES and cue in ("title", "kin"))

    def _is_called(self, at: int) -> bool:
        """Whether somebody is called so ("hij heet mouw.", "mijn naam is stok")."""
        before = self.tokens[at - 1].lower
        if before in ("heet", "heette"):
            return self._ends(at)
        return at > 1 and before == "is" and self.tokens[at - 2].lower == "naam"

    def _is_second(self, at: int) -> bool:
        """Whether it stands right behind a given name."""
        given = self.labels[at - 1] == "PER" and self.evidence.kinds[at - 1][1] in "SE"
        return given and self.tokens[at].gap == " " and self.tokens[at].case != SMALL

    def add_without_article(self) -> None:
        """Who says something, or is called or thanked, without the article of an ordinary word."""
        cues, tokens, kinds = self.evidence.cues, self.tokens, self.evidence.kinds
        for at, token in enumerate(tokens):
            if (
                kinds[at][1] == "-"
                or kinds[at][1] not in "GBDF"
                or token.gap not in ("", " ", ", ", "\n")
            ):
                continue
            if not self._may_be(at):
                continue
            before = tokens[at - 1].lower if at else ""
            says = at + 1 < len(tokens) and cues[at + 1] == "says" and tokens[at + 1].gap == " "
            bare = not before or token.gap != " " or before in _WITHOUT_ARTICLE
            if (says and bare) or (before in _NAMES_PERSON and kinds[at][1] in "GBD"):
                self.labels[at] = "PER"

    def _may_be(self, at: int) -> bool:
        """Whether it is an ordinary word in small letters that says nothing of its own here."""
        token, kind = self.tokens[at], self.evidence.kinds[at]
        small = token.case in (SLOPPY, SHOUTED, SMALL) and token.case != MID
        open_ = self.free(at) and not self.evidence.cues[at] and len(token.text) > 2
        return small and open_ and FUNCTION < kind[0] <= COMPOUND and token.lower not in _PLAIN

    def _is_said(self, at: int) -> bool:
        """Whether it has the form of a verb or an adjective, and no name of a family."""
        kind = self.evidence.kinds[at]
        return kind[1] not in "FBGDC" and self.tokens[at].lower.endswith(_VERB_ENDS)

    def _ends(self, at: int) -> bool:
        """Whether the sentence ends behind it, or goes on with another."""
        if at + 1 == len(self.tokens):
            return True
        gap, cue = self.tokens[at + 1].gap, self.evidence.cues[at + 1]
        return gap[:1] in ".,;!?)\n" or cue == "and"
