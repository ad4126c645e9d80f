"""Makes what was found whole: half a name identifies as well as a whole one. Particles, initials,
what a hyphen joins, suffixes of house numbers, and every other place where the same name stands."""

from __future__ import annotations

from collections.abc import Iterator

from conversations.redaction.evidence import Evidence
from conversations.redaction.tokens import (
    ACRONYM,
    FIRST,
    INITIAL,
    MID,
    NUMBER,
    SHOUTED,
    SLOPPY,
    Token,
)
from conversations.wordlist.fold import items, words_in
from conversations.wordlist.lexicon import COMMON, COMPOUND, FREQUENT, FUNCTION, Lexicon

_CAPITAL = frozenset((MID, ACRONYM, FIRST, SHOUTED))
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
_MORE_PARTICLES = words_in(
    "van de den het t v d فان دي دو تن تين دير تير ابو ابا ابي ام بو با بن عبد ال"
)
_SHORT_FAMILIES = words_in("""
    he ma do le ho hu ly li xu wu ng vo an to so yu lu fu ye bo ha mo no ba diallo ngo
""")
_SURNAME_PARTICLES = items("""
    van der, van den, van t, van 't, vd, v d, ter, ten, op den, op t, op 't, in t, in 't,
    فان, فان دير, فان دن, فان دي, دو, تن, تين, تير
""")
_ANNOUNCES = frozenset(("title", "kin", "job", "called", "greet", "bye"))
_SUFFIXES = words_in("""
    bis hs huis rood zwart a b c d e f g h i ii iii iv o rd boven beneden
""")
_JOINS = frozenset((" ", ".", ". ", "-", "'", " '", "’")) | {" ’"}


def complete(tokens: list[Token], labels: list[str], evidence: Evidence, lexicon: Lexicon) -> None:
    """Changes the labels in place."""
    whole = _Whole(tokens, labels, evidence, lexicon)
    whole.add_titled()
    whole.join_hyphens()
    whole.add_particles()
    whole.add_second_names()
    whole.add_initialled()
    whole.add_initials()
    whole.add_signature()
    whole.finish_addresses()
    whole.drop_lone_letters()
    whole.find_again()
    whole.add_particles()
    whole.find_towns()
    whole.finish_places()
    whole.drop_bare_heads()
    whole.drop_lone_numbers()


class _Whole:
    def __init__(
        self, tokens: list[Token], labels: list[str], evidence: Evidence, lexicon: Lexicon
    ) -> None:
        self._tokens = tokens
        self._labels = labels
        self._evidence = evidence
        self._lexicon = lexicon

    def _free(self, at: int) -> bool:
        return (
            0 <= at < len(self._tokens)
            and self._labels[at] == "-"
            and not self._evidence.kinds[at].startswith("!")
        )

    def add_titled(self) -> None:
        """Initials and a surname with small words behind what announces them ("opa van 't Hof")."""
        for at in range(1, len(self._tokens)):
            cue = self._evidence.cues[at - 1]
            if cue in ("title", "job", "kin", "called", "says") and self._tokens[at].gap in (
                " ",
                ". ",
                ": ",
            ):
                for place in range(at, self._announced(at, cue)):
                    if self._open(place):
                        self._labels[place] = "PER"

    def _announced(self, at: int, cue: str) -> int:
        """The index behind the initials, small words and surname that begin here, if any."""
        tokens, evidence = self._tokens, self._evidence
        last = at
        while (
            last < min(len(tokens), at + 4)
            and self._is_initial(last)
            and (last == at or tokens[last].gap in _JOINS)
        ):
            last += 1
        initials = last > at
        small_from = last
        while (
            last < min(len(tokens), small_from + 3)
            and self._is_particle(last)
            and (last == at or tokens[last].gap in _JOINS)
        ):
            last += 1
        if initials and (
            last >= len(tokens) or tokens[last].gap not in _JOINS or not self._open(last)
        ):
            return small_from if tokens[at].text.isupper() else at
        if (
            last == at
            or last >= len(tokens)
            or tokens[last].gap not in _JOINS
            or not self._open(last)
        ):
            return at
        kind, case = evidence.kinds[last], tokens[last].case
        small = " ".join(tokens[place].lower for place in range(small_from, last))
        if self._labels[last] == "PER":
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

    def _is_initial(self, at: int) -> bool:
        tokens = self._tokens
        behind = tokens[at + 1].gap if at + 1 < len(tokens) else "."
        return len(tokens[at].text) == 1 and tokens[at].text.isalpha() and behind.startswith(".")

    def _open(self, at: int) -> bool:
        """Whether a word may become part of a name, whatever else it was taken for."""
        return not self._evidence.kinds[at].startswith("!")

    def add_second_names(self) -> None:
        """A capital right behind a name, and a short family behind a name that is announced."""
        tokens, labels, evidence = self._tokens, self._labels, self._evidence
        for at in range(1, len(tokens)):
            if (
                labels[at - 1] != "PER"
                or tokens[at].gap != " "
                or labels[at] == "PER"
                or self._is_particle(at - 1)
            ):
                continue
            public = evidence.cues[at] == "!public" and tokens[at].lower in _SHORT_FAMILIES
            capital = tokens[at].case == MID and (
                (self._open(at) and not evidence.cues[at]) or public
            )
            announced = at > 1 and (
                evidence.cues[at - 2] in _ANNOUNCES or evidence.kinds[at - 1][1] in "SE"
            )
            if capital or (
                announced and tokens[at].lower in _SHORT_FAMILIES and tokens[at].case in "nM"
            ):
                labels[at] = "PER"

    def finish_places(self) -> None:
        """The part of a town behind its name ("Amsterdam Noord"), and an organisation behind its
        word ("hotel de posthoorn")."""
        tokens, labels, evidence = self._tokens, self._labels, self._evidence
        for at in range(1, len(tokens)):
            if (
                labels[at - 1] == "PLACE"
                and self._free(at)
                and tokens[at].gap in (" ", "-")
                and tokens[at].lower in _QUARTERS
            ):
                labels[at] = "PLACE"
            if (
                evidence.cues[at] not in _HEADS
                or tokens[at].gap not in (" ", ", ", ": ", ". ", "\n")
                or evidence.cues[at - 1] in ("det", "poss")
            ):
                continue
            last = at + 1
            while (
                last < min(len(tokens), at + 3)
                and tokens[last].gap == " "
                and tokens[last].lower in _ARTICLES
            ):
                last += 1
            if (
                last == at + 1
                or last >= len(tokens)
                or tokens[last].gap not in (" ", " '")
                or not self._free(last)
            ):
                continue
            if evidence.kinds[last][0] > COMMON and not evidence.cues[last]:
                for place in range(at, last + 1):
                    if self._free(place):
                        labels[place] = "ORG"
            elif (
                tokens[last].case != NUMBER
                and evidence.kinds[last][0] > FUNCTION
                and last + 1 < len(tokens)
                and labels[last + 1] == "PER"
            ):
                for place in range(at, last + 2):
                    labels[place] = "ORG"

    def drop_lone_numbers(self) -> None:
        """A number alone is part of an address only behind its word, or where an address is."""
        cues, tokens = self._evidence.cues, self._tokens
        street = any(
            label == "ADDRESS" and token.case != NUMBER
            for label, token in zip(self._labels, tokens, strict=True)
        )
        street = street or any(
            kind == "!!" and cue in ("!postcode", "!address")
            for kind, cue in zip(self._evidence.kinds, cues, strict=True)
        )
        for first, last in runs(self._labels, "ADDRESS"):
            if all(tokens[at].case == NUMBER for at in range(first, last)):
                housed = first > 0 and cues[first - 1] == "house_word"
                part = tokens[first].gap in (".", ",", "/", "-") or (
                    last < len(tokens) and cues[last] in ("unit", "money", "month")
                )
                if part or not (housed or street):
                    for at in range(first, last):
                        self._labels[at] = "-"

    def join_hyphens(self) -> None:
        """What a hyphen joins to a name belongs to it, unless it is an ordinary word."""
        for at in range(1, len(self._tokens)):
            if self._tokens[at].gap != "-":
                continue
            one, other = self._labels[at - 1], self._labels[at]
            if one == "PER" and self._free(at) and self._could_be_name(at):
                self._labels[at] = "PER"
            elif other == "PER" and self._free(at - 1) and self._could_be_name(at - 1):
                self._labels[at - 1] = "PER"

    def _could_be_name(self, at: int) -> bool:
        token, kind = self._tokens[at], self._evidence.kinds[at]
        if token.case == NUMBER:
            return False
        return (
            token.case in _CAPITAL
            or kind[0] > COMPOUND
            or kind[1] in "SGFBDEC"
            or self._evidence.cues[at] == "particle"
        )

    def add_particles(self) -> None:
        """The small words before a name, and a surname behind small words behind a name."""
        tokens, labels = self._tokens, self._labels
        for at in range(len(tokens)):
            if labels[at] == "PER" and (not at or labels[at - 1] != "PER"):
                self._before(at)
            if (
                (
                    labels[at] == "PER"
                    and self._is_particle(at)
                    and at + 1 < len(tokens)
                    and tokens[at + 1].gap in _JOINS
                )
                and self._open(at + 1)
                and tokens[at + 1].case == MID
            ):
                labels[at + 1] = "PER"
            if labels[at] == "PER" and self._free(at + 1):
                self._behind(at + 1)

    def _before(self, at: int) -> None:
        tokens = self._tokens
        first = at
        while (
            first
            and first > at - 3
            and tokens[first].gap in _JOINS
            and self._is_particle(first - 1)
        ):
            first -= 1
        if first == at:
            return
        for start in range(first, at):
            small = " ".join(tokens[place].lower for place in range(start, at))
            before = (
                self._evidence.cues[start - 1]
                if start and tokens[start].gap in (" ", ". ", ", ", ": ")
                else ""
            )
            announced = before in _ANNOUNCES or (
                start
                and tokens[start].gap == " "
                and (self._labels[start - 1] == "PER" or len(tokens[start - 1].text) == 1)
            )
            capital = tokens[start].case == MID
            if small in _SURE_PARTICLES or announced or capital:
                for place in range(start, at):
                    if self._free(place):
                        self._labels[place] = "PER"
                return

    def _behind(self, at: int) -> None:
        tokens = self._tokens
        last = at
        while (
            last < len(tokens)
            and last < at + 3
            and tokens[last].gap in _JOINS
            and self._is_particle(last)
        ):
            last += 1
        if (
            last == at
            or last >= len(tokens)
            or tokens[last].gap not in _JOINS
            or self._evidence.kinds[last].startswith("!")
        ):
            return
        if self._labels[last] != "PER":
            kind, cue = self._evidence.kinds[last], self._evidence.cues[last]
            small = " ".join(tokens[place].lower for place in range(at, last))
            named = (
                (tokens[last].case in _CAPITAL and kind[1] not in "TP")
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
                tokens[last].case not in _CAPITAL
                and kind[0] <= FREQUENT
                and small
                not in ("de", "van der", "van den", "vd", "v d", "ter", "ten", "van t", "van 't")
            ):
                return
        for place in range(at, last + 1):
            self._labels[place] = "PER"

    def _is_particle(self, at: int) -> bool:
        word = self._tokens[at].lower
        return self._evidence.cues[at] == "particle" or word in _MORE_PARTICLES

    def add_initials(self) -> None:
        """The initials before a surname."""
        tokens, labels = self._tokens, self._labels
        for at in range(1, len(tokens)):
            place = at
            while (
                place
                and labels[place] == "PER"
                and tokens[place].gap in (".", ". ", " ")
                and len(tokens[place - 1].text) == 1
                and tokens[place - 1].text.isalpha()
                and self._free(place - 1)
                and (tokens[place].gap != " " or tokens[place - 1].text.isupper())
            ):
                labels[place - 1] = "PER"
                place -= 1

        for at in range(1, len(tokens)):
            if (
                labels[at - 1] == "PER"
                and self._free(at)
                and len(tokens[at].text) == 1
                and tokens[at].text.isupper()
                and tokens[at].gap == " "
            ):
                ends = at + 1 == len(tokens) or tokens[at + 1].gap.startswith(".")
                if ends:
                    labels[at] = "PER"

    def add_signature(self) -> None:
        """The words behind a farewell, up to the end of the line."""
        tokens, evidence = self._tokens, self._evidence
        for at in range(1, len(tokens)):
            if evidence.cues[at - 1] != "bye" or evidence.cues[at] == "bye":
                continue
            last = at + 1
            while last < len(tokens) and "\n" not in tokens[last].gap:
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
                    if self._open(place):
                        self._labels[place] = "PER"

    def add_initialled(self) -> None:
        """A capital behind initials with capitals ("M. Post")."""
        tokens = self._tokens
        for at in range(1, len(tokens)):
            one = tokens[at - 1]
            joined = tokens[at].gap in (". ", ".") and tokens[at].case in (MID, FIRST)
            if not (joined and one.case == INITIAL and self._open(at)) or self._evidence.cues[at]:
                continue
            before = tokens[at - 2].lower if at > 1 else ""
            if self._evidence.kinds[at][0] > FUNCTION and before not in _BEFORE_LETTERS:
                self._labels[at - 1] = self._labels[at] = "PER"

    def finish_addresses(self) -> None:
        """The suffix of a house number, and the first words of a street."""
        tokens, labels, cues = self._tokens, self._labels, self._evidence.cues
        for at in range(1, len(tokens)):
            if labels[at - 1] == "ADDRESS" and self._free(at):
                close = tokens[at].gap in ("", "-", ".") or (
                    tokens[at].gap in (" ", " - ") and tokens[at].lower in ("bis", "hs", "huis")
                )
                if (
                    close
                    and tokens[at - 1].case == NUMBER
                    and (
                        tokens[at].lower in _SUFFIXES
                        or tokens[at].case == NUMBER
                        or len(tokens[at].text) == 1
                    )
                ):
                    labels[at] = "ADDRESS"
        for at in range(1, len(tokens)):
            if (
                cues[at - 1] == "house_word"
                and self._free(at)
                and tokens[at].gap in (" ", ". ", ": ", ".")
                and self._is_house(at)
            ):
                labels[at] = "ADDRESS"
                if (
                    at + 1 < len(tokens)
                    and tokens[at + 1].gap in ("", "-")
                    and self._free(at + 1)
                    and (tokens[at + 1].case == NUMBER or tokens[at + 1].lower in _SUFFIXES)
                ):
                    labels[at + 1] = "ADDRESS"
        for at in range(len(tokens) - 1, 0, -1):
            if (
                labels[at] != "ADDRESS"
                or not self._free(at - 1)
                or tokens[at].gap not in _JOINS
                or tokens[at].case == NUMBER
            ):
                continue
            kind = self._evidence.kinds[at - 1]
            title = tokens[at - 1].lower in _STREET_TITLES or (
                len(tokens[at - 1].text) == 1 and "." in tokens[at].gap
            )
            small = (
                cues[at - 1] == "particle"
                and at > 1
                and labels[at - 2] == "-"
                and self._evidence.kinds[at - 2][1] in "SGFBDEC"
            )
            if (
                title
                or tokens[at - 1].case == MID
                or (kind[1] in "SEGBF" and kind[0] > FREQUENT)
                or (small and tokens[at - 1].lower != "in")
            ):
                labels[at - 1] = "ADDRESS"

    def _is_house(self, at: int) -> bool:
        """Whether it is the number of a house or a room, in digits or in words."""
        cues, tokens = self._evidence.cues, self._tokens
        if at + 1 < len(tokens) and (
            cues[at + 1] in ("unit", "money", "month")
            or tokens[at + 1].gap in (",", "/", "%", " %")
        ):
            return False
        if tokens[at].case == NUMBER:
            return (
                len(tokens[at].text) < 5 and tokens[at].text not in ("1", "112", "113", "2")
            ) or tokens[at - 1].lower in ("kamer", "huisnummer", "appartement", "hut")
        return tokens[at - 1].lower in ("huisnummer", "nummer", "nr") and cues[at] == "number_name"

    def find_towns(self) -> None:
        """Towns of more than one word ("den helder")."""
        tokens, cues = self._tokens, self._evidence.cues
        words = [token.lower for token in tokens]
        for at, word in enumerate(words):
            for town in self._lexicon.town_phrases.get(word, ()):
                last = at + len(town)
                if tuple(words[at:last]) != town:
                    continue
                placed = at > 0 and cues[at - 1] in ("in", "to", "lives", "place_head", "!postcode")
                capital = any(tokens[place].case in (MID, SHOUTED) for place in range(at, last))
                if (placed or capital) and all(self._open(place) for place in range(at, last)):
                    self._labels[at:last] = ["PLACE"] * len(town)
                break

    def drop_bare_heads(self) -> None:
        """A school or a church without a name of its own is none that could be known."""
        for first, last in runs(self._labels, "ORG"):
            own = any(
                self._evidence.cues[at] not in _HEADS
                and self._evidence.kinds[at][0] > FUNCTION
                and not self._is_particle(at)
                and self._tokens[at].case != NUMBER
                for at in range(first, last)
            )
            if not own:
                for at in range(first, last):
                    self._labels[at] = "-"

    def drop_lone_letters(self) -> None:
        """Single letters that stand beside no name are none."""
        for first, last in runs(self._labels, "PER"):
            letters = all(len(self._tokens[at].text) == 1 for at in range(first, last))
            announced = (
                first > 0
                and self._evidence.cues[first - 1] in ("title", "job", "kin")
                and self._is_initial(first)
            )
            if (
                letters
                and not announced
                and not (
                    first and self._evidence.cues[first - 1] in _ANNOUNCES and last - first > 1
                )
            ):
                for at in range(first, last):
                    self._labels[at] = "-"
            elif all(self._is_particle(at) for at in range(first, last)):
                before = self._evidence.cues[first - 1] if first else ""
                if before not in ("title", "called"):
                    for at in range(first, last):
                        self._labels[at] = "-"

    def find_again(self) -> None:
        """The same name wherever else it stands: in other case, in part, with an s behind it."""
        known: set[str] = set()
        for at, token in enumerate(self._tokens):
            if self._labels[at] == "PER" and len(token.text) > 1 and not self._is_particle(at):
                known.add(token.lower)
        numbers = {
            token.text
            for token, label in zip(self._tokens, self._labels, strict=True)
            if label == "ADDRESS" and token.case == NUMBER
        }
        if not known and not numbers:
            return
        for at, token in enumerate(self._tokens):
            if (
                (
                    self._free(at)
                    and token.case == NUMBER
                    and token.text in numbers
                    and at + 1 < len(self._tokens)
                )
                and self._tokens[at + 1].gap == ""
                and self._tokens[at + 1].lower in _SUFFIXES
            ):
                self._labels[at] = self._labels[at + 1] = "ADDRESS"
            if not self._free(at) or len(token.text) < 2:
                continue
            word = token.lower
            same = (
                word in known
                or (word.endswith("s") and word[:-1] in known)
                or (len(word) > 5 and any(_slip(word, name) for name in known))
            )
            if same and self._is_again(at):
                self._labels[at] = "PER"
                self._before(at)

    def _is_again(self, at: int) -> bool:
        token, kind = self._tokens[at], self._evidence.kinds[at]
        if token.case == MID or (token.case == FIRST and kind[0] != FUNCTION) or kind[0] > COMPOUND:
            return True
        if kind[1] in "SE":
            return True
        cue = self._evidence.cues[at - 1] if at else ""
        if token.bare_start > token.start or (
            cue in ("says", "person_verb", "to") and token.case == SLOPPY and kind[1] in "GBFD"
        ):
            return True
        if cue == "particle" and kind[0] > FUNCTION and self._tokens[at].gap in _JOINS:
            return True
        return (
            kind[1] in "GBFD"
            and kind[0] > FUNCTION
            and (
                cue in _ANNOUNCES
                or cue in ("particle", "with", "and")
                or (at > 0 and self._tokens[at].case == SHOUTED)
            )
        )


def _slip(word: str, name: str) -> bool:
    """Whether two words of six letters and more differ in one letter."""
    if abs(len(word) - len(name)) > 1 or word[:2] != name[:2]:
        return False
    if len(word) == len(name):
        return sum(a != b for a, b in zip(word, name, strict=True)) == 1
    short, long = sorted((word, name), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


_QUARTERS = words_in("""
    noord zuid oost west zuidoost zuidwest noordoost noordwest centrum stad binnen buiten
""")
_ARTICLES = words_in("""
    de het t 't al el sint st den
""")
_HEADS = frozenset(("school", "care", "centre", "faith", "club", "firm"))
_STREET_TITLES = words_in("""
    burgemeester burg wethouder dr dokter prof professor prins prinses koning koningin graaf
    pastoor dominee ds pater kapelaan mgr kardinaal generaal admiraal minister meester mr
    gouverneur sint st jan pieter oude nieuwe kleine grote lange korte hoge lage eerste tweede
    derde verlengde
""")


def runs(labels: list[str], label: str) -> Iterator[tuple[int, int]]:
    """Where the label stands in a row: the first index and the one behind the last."""
    at = 0
    while at < len(labels):
        if labels[at] != label:
            at += 1
            continue
        first = at
        while at < len(labels) and labels[at] == label:
            at += 1
        yield first, at
