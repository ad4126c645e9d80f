"""Whole names of people: particles, initials, second names, signatures, what a hyphen joins."""

from __future__ import annotations

from conversations.redaction.tokens import FIRST, INITIAL, MID, NUMBER, SHOUTED, SLOPPY, SMALL
from conversations.redaction.whole import ANNOUNCES, CAPITAL, JOINS, Whole, places, runs
from conversations.wordlist.fold import items, words_in
from conversations.wordlist.lexicon import COMMON, COMPOUND, FREQUENT, FUNCTION

_SURE_PARTICLES = items("""
    van der, van den, van de, van t, van 't, van het, v d, vd, ter, ten, van der, el, al, ait,
    op den, op de, in t, in 't, abu, abou, abo, bin, ibn, von, di, da, dos, del, de la, in den,
    op t, op 't, aan de, aan den, uit den, vander, vande, te,
    ابو, ابا, ابي, ام, بو, با, بن, عبد, ال, فان, فان دير, فان دن, دي, دو, تن, تين, دير, تير
""")
"""Small words that belong to the name behind them wherever they stand."""
_BEFORE_LETTERS = words_in(
    "vitamine hepatitis groep plan type punt lid sub onder bijlage klasse blok"
)
_SHORT_FAMILIES = words_in("""
    he ma do le ho hu ly li xu wu ng vo an to so yu lu fu ye bo ha mo no ba diallo ngo
""")
_SURNAME_PARTICLES = items("""
    van der, van den, van t, van 't, vd, v d, ter, ten, op den, op t, op 't, in t, in 't,
    فان, فان دير, فان دن, فان دي, دو, تن, تين, تير
""")


class WholeNames(Whole):
    """Makes names whole."""

    def add_titled(self) -> None:
        """Initials and a surname with small words behind what announces them ("opa van 't Hof")."""
        for at in self.evidence.behind("title", "job", "kin", "called", "says", "bye"):
            cue = self.evidence.cues[at - 1]
            if self.tokens[at].gap in (" ", ". ", ": "):
                for place in range(at, self._announced(at, cue)):
                    if self.is_open(place):
                        self.labels[place] = "PER"

    def _announced(self, at: int, cue: str) -> int:
        """The index behind the initials, small words and surname that begin here, if any."""
        tokens, evidence = self.tokens, self.evidence
        last = at
        while (
            last < min(len(tokens), at + 4)
            and self.is_initial(last)
            and (last == at or tokens[last].gap in JOINS)
        ):
            last += 1
        initials = last > at
        small_from = last
        while (
            last < min(len(tokens), small_from + 3)
            and self.is_particle(last)
            and (last == at or tokens[last].gap in JOINS)
        ):
            last += 1
        if initials and (
            last >= len(tokens) or tokens[last].gap not in JOINS or not self.is_open(last)
        ):
            return small_from if tokens[at].text.isupper() else at
        if (
            last == at
            or last >= len(tokens)
            or tokens[last].gap not in JOINS
            or not self.is_open(last)
        ):
            return at
        kind, case = evidence.kinds[last], tokens[last].case
        small = " ".join(tokens[place].lower for place in range(small_from, last))
        if self.labels[last] == "PER":
            return last + 1
        if evidence.cues[last] and evidence.cues[last] not in ("job", "kin", "title"):
            return small_from if initials and tokens[at].text.isupper() else at
        named = case == MID or (kind[1] in "FBDC" and kind[0] > COMMON) or kind[0] > COMPOUND
        listed = kind[1] in "FBD" and small == "de" and (cue == "title" or kind[0] > COMMON)
        if small in _SURNAME_PARTICLES or named or listed:
            plain = (
                not small
                or small in _SURNAME_PARTICLES
                or small in ("van", "de", "el", "al", "ben", "van de")
            )
            return last + 1 if plain else at
        return at

    def add_second_names(self) -> None:
        """Second names and families right behind a name ("Rong He", "kenneth vrede belt")."""
        tokens, labels = self.tokens, self.labels
        for at in self.behind("PER"):
            if labels[at] == "PER" or tokens[at].gap != " ":
                continue
            if self._is_joint(at):
                labels[at] = labels[at + 1] = "PER"
            elif not self.is_particle(at - 1) and self._is_second(at):
                labels[at] = "PER"

    def _is_joint(self, at: int) -> bool:
        """Whether a small word joins two parts of a name ("tjon a hung")."""
        joins = self.tokens[at].lower in ("a", "fo", "sjoe") and at + 1 < len(self.tokens)
        if not joins or self.tokens[at + 1].gap != " " or not self.is_open(at + 1):
            return False
        return not self.evidence.cues[at + 1] and self.evidence.kinds[at + 1][0] > COMMON

    def _is_second(self, at: int) -> bool:
        cues, kinds, tokens = self.evidence.cues, self.evidence.kinds, self.tokens
        token, kind, cue = tokens[at], kinds[at], cues[at]
        short = token.lower in _SHORT_FAMILIES
        if token.case == MID:
            open_ = self.is_open(at) and (not cue or (cue == "kin" and len(token.text) < 4))
            return open_ or cue == "particle" or (cue == "!public" and short)
        cued = at > 1 and cues[at - 2] in ANNOUNCES
        if (cued or kinds[at - 1][1] in "SE") and short and token.case == SLOPPY:
            return True
        if not cued or cue or not self.free(at) or kind[1] in "TP":
            return False
        ends = at + 1 == len(tokens) or "\n" in tokens[at + 1].gap
        does = ends or cues[at + 1] in ("person_verb", "be")
        rare = kind[0] >= FREQUENT or (kind[0] >= COMMON and kind[1] in "FBD")
        plain = kinds[at - 1][1] in "SE" and does and rare
        return plain or (kind[0] > COMPOUND and token.case in (SLOPPY, SMALL, SHOUTED))

    def join_hyphens(self) -> None:
        """What a hyphen joins to a name belongs to it, unless it is an ordinary word."""
        for at in range(1, len(self.tokens)):
            if self.tokens[at].gap != "-":
                continue
            one, other = self.labels[at - 1], self.labels[at]
            if one == "PER" and self.free(at) and self._could_be_name(at):
                self.labels[at] = "PER"
            elif other == "PER" and self.free(at - 1) and self._could_be_name(at - 1):
                self.labels[at - 1] = "PER"
            elif other == "PER" and self.tokens[at - 1].case == MID:
                public = self.evidence.cues[at - 1] == "!public"
                self.labels[at - 1] = "PER" if public else one

    def _could_be_name(self, at: int) -> bool:
        token, kind = self.tokens[at], self.evidence.kinds[at]
        if token.case == NUMBER:
            return False
        return (
            token.case in CAPITAL
            or kind[0] > COMPOUND
            or kind[1] in "SGFBDEC"
            or self.evidence.cues[at] == "particle"
        )

    def add_particles(self) -> None:
        """The small words before a name, and a surname behind small words behind a name."""
        tokens, labels = self.tokens, self.labels
        for at in places(labels, "PER"):
            if not at or labels[at - 1] != "PER":
                self.add_before(at)
            if (
                self.is_particle(at)
                and at + 1 < len(tokens)
                and tokens[at + 1].gap in JOINS
                and self.is_open(at + 1)
                and tokens[at + 1].case == MID
            ):
                labels[at + 1] = "PER"
            if self.free(at + 1):
                self._behind(at + 1)

    def add_before(self, at: int) -> None:
        tokens = self.tokens
        first = at
        while (
            first and first > at - 3 and tokens[first].gap in JOINS and self.is_particle(first - 1)
        ):
            first -= 1
        if first == at:
            return
        for start in range(first, at):
            small = " ".join(tokens[place].lower for place in range(start, at))
            before = (
                self.evidence.cues[start - 1]
                if start and tokens[start].gap in (" ", ". ", ", ", ": ")
                else ""
            )
            announced = before in ANNOUNCES or (
                start
                and tokens[start].gap == " "
                and (self.labels[start - 1] == "PER" or len(tokens[start - 1].text) == 1)
            )
            capital = tokens[start].case == MID
            quoted = (
                small == "t" and tokens[start].gap[-1:] in ("'", "’") and tokens[at].case == MID
            )
            if small in _SURE_PARTICLES or announced or capital or quoted:
                for place in range(start, at):
                    if self.free(place):
                        self.labels[place] = "PER"
                return

    def _behind(self, at: int) -> None:
        tokens = self.tokens
        last = at
        while (
            last < len(tokens)
            and last < at + 3
            and tokens[last].gap in JOINS
            and self.is_particle(last)
        ):
            last += 1
        if (
            last == at
            or last >= len(tokens)
            or tokens[last].gap not in JOINS
            or self.evidence.kinds[last].startswith("!")
        ):
            return
        if self.labels[last] != "PER":
            kind, cue = self.evidence.kinds[last], self.evidence.cues[last]
            small = " ".join(tokens[place].lower for place in range(at, last))
            named = (
                (tokens[last].case in CAPITAL and kind[1] not in "TP")
                or kind[1] in "FBD"
                or (kind[0] > COMPOUND and kind[1] not in "TP")
            )
            if not (
                named
                or (
                    small in _SURE_PARTICLES
                    and small
                    not in ("te", "aan de", "in t", "op t", "op de", "van de", "al", "ben")
                )
            ) or (cue and cue != "particle"):
                return
            if (
                tokens[last].case not in CAPITAL
                and kind[0] <= FREQUENT
                and small
                not in ("de", "van der", "van den", "vd", "v d", "ter", "ten", "van t", "van 't")
            ):
                return
        for place in range(at, last + 1):
            self.labels[place] = "PER"

    def add_initials(self) -> None:
        """The initials before a surname."""
        tokens, labels = self.tokens, self.labels
        for at in places(labels, "PER"):
            place = at
            while (
                place
                and labels[place] == "PER"
                and tokens[place].gap in (".", ". ", " ")
                and len(tokens[place - 1].text) == 1
                and tokens[place - 1].text.isalpha()
                and self.free(place - 1)
                and (tokens[place].gap != " " or tokens[place - 1].text.isupper())
            ):
                labels[place - 1] = "PER"
                place -= 1

        for at in self.behind("PER"):
            if (
                self.free(at)
                and len(tokens[at].text) == 1
                and tokens[at].text.isupper()
                and tokens[at].gap == " "
            ):
                ends = at + 1 == len(tokens) or tokens[at + 1].gap.startswith(".")
                if ends:
                    labels[at] = "PER"

    def add_inverted(self) -> None:
        """What is written behind a surname that stands first ("Beek, ter", "Limburg, C.")."""
        tokens = self.tokens
        for at in self.behind("PER"):
            if tokens[at].gap != ", " or not self.free(at):
                continue
            last = at
            while last < min(len(tokens), at + 4) and self.is_initial(last):
                last += 1
            if last == at:
                while last < min(len(tokens), at + 3) and self.is_particle(last):
                    last += 1
                small = " ".join(tokens[place].lower for place in range(at, last))
                if small not in _SURNAME_PARTICLES or self._is_name(last):
                    continue
            self.labels[at:last] = ["PER"] * (last - at)

    def _is_name(self, at: int) -> bool:
        return at < len(self.tokens) and (
            self.labels[at] == "PER" or self.tokens[at].case == MID or self._could_be_name(at)
        )

    def add_initialled(self) -> None:
        """A capital behind initials with capitals ("M. Post")."""
        tokens = self.tokens
        for at in range(1, len(tokens)):
            one = tokens[at - 1]
            joined = tokens[at].gap in (". ", ".") and tokens[at].case in (MID, FIRST)
            if not (joined and one.case == INITIAL and self.is_open(at)) or self.evidence.cues[at]:
                continue
            before = tokens[at - 2].lower if at > 1 else ""
            if self.evidence.kinds[at][0] > FUNCTION and before not in _BEFORE_LETTERS:
                self.labels[at - 1] = self.labels[at] = "PER"

    def add_signature(self) -> None:
        """The words behind a farewell, up to the end of the line."""
        tokens, evidence = self.tokens, self.evidence
        for at in evidence.behind("bye"):
            if evidence.cues[at] == "bye":
                continue
            last = at + 1
            while last < len(tokens) and last - at <= 3 and "\n" not in tokens[last].gap:
                last += 1
            words = range(at, last)
            plain = any(
                (evidence.kinds[place][0] == FUNCTION and evidence.cues[place] != "particle")
                or evidence.cues[place] in ("kin", "job", "poss", "det", "day", "!public")
                for place in words
            )
            if (
                last - at <= 3
                and not plain
                and tokens[at].gap in (" ", ", ", ": ", "\n", ",\n", " \n", ". ")
            ):
                for place in words:
                    if self.is_open(place):
                        self.labels[place] = "PER"

    def drop_lone_letters(self) -> None:
        """Single letters that stand beside no name are none."""
        for first, last in runs(self.labels, "PER"):
            letters = all(len(self.tokens[at].text) == 1 for at in range(first, last))
            announced = (
                first > 0
                and self.evidence.cues[first - 1] in ("title", "job", "kin")
                and self.is_initial(first)
            )
            if (
                letters
                and not announced
                and not (first and self.evidence.cues[first - 1] in ANNOUNCES and last - first > 1)
            ):
                for at in range(first, last):
                    self.labels[at] = "-"
            elif all(self.is_particle(at) for at in range(first, last)):
                before = self.evidence.cues[first - 1] if first else ""
                if before not in ("title", "called"):
                    for at in range(first, last):
                        self.labels[at] = "-"
