"""Whole addresses, towns of more than one word, and organisations behind the word for them."""

from __future__ import annotations

from itertools import pairwise

from conversations.redaction.tokens import MID, NUMBER, SHOUTED
from conversations.redaction.whole import HEADS, JOINS, SUFFIXES, Whole, places, runs
from conversations.wordlist.fold import words_in
from conversations.wordlist.lexicon import COMMON, FREQUENT, FUNCTION

_QUARTERS = words_in("""
    noord zuid oost west zuidoost zuidwest noordoost noordwest centrum stad binnen buiten
""")
_COUNTED = words_in("huisnummer huisnr nummer nr kamer appartement deur flat kavel studio")
_ARTICLES = words_in("""
    de het t 't al el sint st den
""")
_STREET_TITLES = words_in("""
    burgemeester burg wethouder dr dokter prof professor prins prinses koning koningin graaf
    pastoor dominee ds pater kapelaan mgr kardinaal generaal admiraal minister meester mr
    gouverneur sint st jan pieter oude nieuwe kleine grote lange korte hoge lage eerste tweede
    derde verlengde
""")


class WholePlaces(Whole):
    """Makes addresses and places whole."""

    def finish_addresses(self) -> None:
        """The suffix of a house number, and the first words of a street."""
        tokens, labels, cues = self.tokens, self.labels, self.evidence.cues
        for at in self.behind("ADDRESS"):
            if self.free(at):
                close = tokens[at].gap in ("", "-", ".") or (
                    tokens[at].gap in (" ", " - ") and tokens[at].lower in ("bis", "hs", "huis")
                )
                if (
                    close
                    and tokens[at - 1].case == NUMBER
                    and (
                        tokens[at].lower in SUFFIXES
                        or tokens[at].case == NUMBER
                        or len(tokens[at].text) == 1
                    )
                ):
                    labels[at] = "ADDRESS"
        for at in self.evidence.behind("house_word"):
            if self.free(at) and tokens[at].gap in (" ", ". ", ": ", ".") and self._is_house(at):
                labels[at] = "ADDRESS"
                if (
                    at + 1 < len(tokens)
                    and tokens[at + 1].gap in ("", "-")
                    and self.free(at + 1)
                    and (tokens[at + 1].case == NUMBER or tokens[at + 1].lower in SUFFIXES)
                ):
                    labels[at + 1] = "ADDRESS"
        if "ADDRESS" not in labels:
            return
        for at in range(len(tokens) - 1, 0, -1):
            if (
                labels[at] != "ADDRESS"
                or not self.free(at - 1)
                or tokens[at].gap not in JOINS
                or tokens[at].case == NUMBER
            ):
                continue
            kind = self.evidence.kinds[at - 1]
            title = tokens[at - 1].lower in _STREET_TITLES or (
                len(tokens[at - 1].text) == 1 and "." in tokens[at].gap
            )
            small = (
                cues[at - 1] == "particle"
                and at > 1
                and labels[at - 2] == "-"
                and self.evidence.kinds[at - 2][1] in "SGFBDEC"
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
        cues, tokens = self.evidence.cues, self.tokens
        if at + 1 < len(tokens) and (
            cues[at + 1] in ("unit", "money", "month")
            or tokens[at + 1].gap in (",", "/", "%", " %")
        ):
            return False
        if tokens[at].case == NUMBER:
            return (
                len(tokens[at].text) < 5 and tokens[at].text not in ("1", "112", "113", "2")
            ) or tokens[at - 1].lower in ("kamer", "huisnummer", "appartement", "hut")
        return tokens[at - 1].lower in _COUNTED and cues[at] == "number_name"

    def find_towns(self) -> None:
        """Towns of more than one word ("den helder")."""
        tokens, cues = self.tokens, self.evidence.cues
        words = self.evidence.lowers
        for at, pair in enumerate(pairwise(words)):
            for town in self.lexicon.town_phrases.get(pair, ()):
                last = at + len(town)
                if tuple(words[at:last]) != town:
                    continue
                placed = at > 0 and cues[at - 1] in ("in", "to", "lives", "place_head", "!postcode")
                capital = any(tokens[place].case in (MID, SHOUTED) for place in range(at, last))
                if (placed or capital) and all(self.is_open(place) for place in range(at, last)):
                    self.labels[at:last] = ["PLACE"] * len(town)
                break

    def finish_places(self) -> None:
        """The part of a town behind its name ("Amsterdam Noord"), and an organisation behind its
        word ("hotel de posthoorn")."""
        tokens, labels, evidence = self.tokens, self.labels, self.evidence
        for at in range(1, len(tokens)):
            if (
                labels[at - 1] == "PLACE"
                and self.free(at)
                and tokens[at].gap in (" ", "-")
                and tokens[at].lower in _QUARTERS
            ):
                labels[at] = "PLACE"
            if (
                evidence.cues[at] not in HEADS
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
                or not self.free(last)
            ):
                continue
            if evidence.kinds[last][0] > COMMON and not evidence.cues[last]:
                for place in range(at, last + 1):
                    if self.free(place):
                        labels[place] = "ORG"
            elif (
                tokens[last].case != NUMBER
                and evidence.kinds[last][0] > FUNCTION
                and last + 1 < len(tokens)
                and labels[last + 1] == "PER"
            ):
                for place in range(at, last + 2):
                    labels[place] = "ORG"

    def drop_bare_heads(self) -> None:
        """A school or a church without a name of its own is none that could be known."""
        for first, last in runs(self.labels, "ORG"):
            own = any(
                self.evidence.cues[at] not in HEADS
                and self.evidence.kinds[at][0] > FUNCTION
                and not self.is_particle(at)
                and self.tokens[at].case != NUMBER
                for at in range(first, last)
            )
            if not own:
                for at in range(first, last):
                    self.labels[at] = "-"

    def drop_lone_numbers(self) -> None:
        """A number alone is part of an address only behind its word, or where an address is."""
        cues, tokens = self.evidence.cues, self.tokens
        addressed = list(places(self.labels, "ADDRESS"))
        if not addressed:
            return
        street = any(tokens[at].case != NUMBER for at in addressed) or any(
            kind == "!!" and cue in ("!postcode", "!address")
            for kind, cue in zip(self.evidence.kinds, cues, strict=True)
        )
        for first, last in runs(self.labels, "ADDRESS"):
            if all(tokens[at].case == NUMBER for at in range(first, last)):
                housed = first > 0 and cues[first - 1] == "house_word"
                part = tokens[first].gap in (".", ",", "/", "-") or (
                    last < len(tokens) and cues[last] in ("unit", "money", "month")
                )
                if part or not (housed or street):
                    for at in range(first, last):
                        self.labels[at] = "-"
