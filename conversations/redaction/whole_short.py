"""Names written short, and what belongs to them: initials in small letters ("truus w."), the
letters of a name found elsewhere ("HJ" for Henk Jan), a married name behind "e/v", a given name
before a surname with small words."""

from __future__ import annotations

from conversations.redaction.tokens import ACRONYM, MID, NUMBER
from conversations.redaction.whole import LONG_INITIALS, Whole, places, runs
from conversations.wordlist.fold import items
from conversations.wordlist.lexicon import COMPOUND, FREQUENT, FUNCTION

_FAMILY_PARTICLES = items(
    "van der, van den, van de, van t, van 't, vd, v d, ter, ten, te, op den, de"
)
_MARRIED = (("e", "v"), ("ev",))


class ShortNames(Whole):
    """Finds what is written short."""

    def add_given_before(self) -> None:
        """The given name before a surname with small words ("keet v.d. ploeg")."""
        for first, last in list(runs(self.labels, "PER")):
            row = range(first, last)
            small = [at for at in row if self.is_particle(at)]
            if not small or small[0] != first or len(small) == len(row) or not first:
                continue
            words = " ".join(self.tokens[at].lower for at in small)
            at, cue = first - 1, self.evidence.cues[first - 1]
            joined = self.tokens[first].gap == " " and words in _FAMILY_PARTICLES
            if not joined or cue or not self.free(at) or self.tokens[at].case == NUMBER:
                continue
            kind = self.evidence.kinds[at]
            if kind[1] in "SEGBD" or kind[0] > COMPOUND:
                self.labels[at] = "PER"

    def add_announced(self) -> None:
        """A capital in mid-sentence right behind a title or a relative, though it be a word
        ("fam. Groot", "mijn vrouw Hoop"), and what stands between an office and a name."""
        tokens, cues, kinds = self.tokens, self.evidence.cues, self.evidence.kinds
        for at in range(1, len(tokens)):
            before = cues[at - 1]
            if before not in ("title", "kin", "job") and (at < 2 or cues[at - 2] != "kin"):
                continue
            if tokens[at].gap not in (" ", ". ") or not self.free(at) or cues[at]:
                continue
            named = kinds[at][1] in "SEGBDF"
            if tokens[at].case == MID and len(tokens[at].text) > 1:
                of = tokens[at - 1].lower == "van" and at > 1 and cues[at - 2] == "kin"
                named = before in ("title", "kin") or (of and named)
            else:
                last = at + 1 == len(tokens) or tokens[at + 1].gap != " "
                named = named and before in ("title", "job") and not last
                named = named and self.labels[at + 1] == "PER"
            if named:
                self.labels[at] = "PER"
        for behind in places(self.labels, "PER"):
            at = behind - 1
            if not self.free(at) or cues[at] not in ("", "person_verb", "number_name", "month"):
                continue
            if tokens[at].case == tokens[behind].case == MID and tokens[behind].gap == " ":
                self.labels[at] = "PER"

    def add_double_names(self) -> None:
        """A second given name in small letters ("Henk jan")."""
        cues, kinds = self.evidence.cues, self.evidence.kinds
        for at in self.behind("PER"):
            beside = self.tokens[at].gap == " " and self.free(at)
            given = kinds[at][1] in "SE" and kinds[at - 1][1] in "SEGB"
            if beside and given and cues[at] in ("", "month"):
                self.labels[at] = "PER"

    def add_long_initials(self) -> None:
        """Initials of two letters ("Tj. Hoekema"), and a family with a small word behind a hyphen
        ("Terpstra-de Haan")."""
        tokens = self.tokens
        for at in range(1, len(tokens)):
            initials = tokens[at - 1].text in LONG_INITIALS and self.is_open(at - 1)
            if initials and self.labels[at] == "PER" and tokens[at].gap in (". ", "."):
                self.labels[at - 1] = "PER"
            if self.labels[at - 1] == "PER" and tokens[at].gap == "-" and self.is_particle(at):
                last = at + 1
                while last < min(len(tokens), at + 3) and self.is_particle(last):
                    last += 1
                if last == len(tokens) or tokens[last].gap != " " or not self.is_open(last):
                    continue
                if tokens[last].text[0].isupper() or self.evidence.kinds[last][1] in "FBD":
                    self.labels[at : last + 1] = ["PER"] * (last + 1 - at)

    def add_small_initials(self) -> None:
        """The initial of a surname behind a name, in small letters too ("hein de g.")."""
        tokens = self.tokens
        for at in self.behind("PER"):
            if tokens[at].gap != " " or not self.free(at):
                continue
            place = at
            if tokens[at].lower in ("de", "van", "el", "v") and at + 1 < len(tokens):
                place = at + 1
            if len(tokens[at - 1].text) < 2 or not self._is_small_initial(place):
                continue
            if place == at or tokens[place].gap in (" ", "."):
                for each in range(at, place + 1):
                    self.labels[each] = "PER"

    def _is_small_initial(self, at: int) -> bool:
        token = self.tokens[at]
        if len(token.text) != 1 or not token.text.isalpha() or not self.free(at):
            return False
        ends = at + 1 == len(self.tokens)
        behind = "." if ends else self.tokens[at + 1].gap
        return behind[:1] == "." and (ends or behind != "." or token.text.isupper())

    def add_married(self) -> None:
        """Both names around "e/v"."""
        tokens = self.tokens
        if "v" not in self.evidence.lowers and "ev" not in self.evidence.lowers:
            return
        for at in range(1, len(tokens) - 1):
            for married in _MARRIED:
                last = at + len(married)
                row = tuple(token.lower for token in tokens[at:last])
                if row != married or last >= len(tokens) or self.labels[at - 1] != "PER":
                    continue
                if len(married) == 2 and tokens[at + 1].gap not in ("/", ".", " "):
                    continue
                if tokens[last].case == MID and self.is_open(last):
                    self.labels[at : last + 1] = ["PER"] * (last + 1 - at)

    def find_letters(self) -> None:
        """The first letters of a name of two words and more, in capitals elsewhere."""
        known: set[str] = set()
        for first, last in runs(self.labels, "PER"):
            words = [self.tokens[at] for at in range(first, last) if len(self.tokens[at].text) > 1]
            if len(words) > 1:
                known.add("".join(word.text[0] for word in words).lower())
                known.add("".join(w.text[0] for w in words if not w.text.islower()).lower())
        for at, lower in enumerate(self.evidence.lowers if known else ()):
            token = self.tokens[at]
            if lower in known and len(token.text) in (2, 3, 4) and self.is_open(at):
                capitals = sum(letter.isupper() for letter in token.text)
                rare = self.evidence.kinds[at][0] > FUNCTION or token.case == ACRONYM
                if capitals > 1 and rare and not self.evidence.cues[at]:
                    self.labels[at] = "PER"

    def add_greeted(self) -> None:
        """Who sends a farewell ("groetjes van ank")."""
        tokens, cues, kinds = self.tokens, self.evidence.cues, self.evidence.kinds
        for of in self.evidence.behind("bye"):
            at = of + 1
            if tokens[of].lower != "van" or at == len(tokens):
                continue
            named = kinds[at][1] in "SEGBDC" or kinds[at][0] > COMPOUND
            if self.free(at) and not cues[at] and named:
                self.labels[at] = "PER"

    def add_signed(self) -> None:
        """A name that is a word behind a farewell, up to a sign ("groetjes wil hoop, ...")."""
        tokens, evidence = self.tokens, self.evidence
        for at in evidence.behind("bye"):
            if tokens[at].gap not in (" ", ", ", "\n", ",\n"):
                continue
            last = at
            while last < min(len(tokens), at + 3) and (last == at or tokens[last].gap == " "):
                last += 1
            named = evidence.kinds[at][1] in "SEGBD" and all(
                evidence.kinds[place][1] in "SEGBDF" or evidence.kinds[place][0] > FREQUENT
                for place in range(at, last)
            )
            if named and last - at <= 2:
                for place in range(at, last):
                    if self.is_open(place):
                        self.labels[place] = "PER"
