"""Evidence for and against each word being part of a name: the word itself, how it is written, its
neighbours, and the same word elsewhere in the story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conversations.redaction.slips import Slips
from conversations.redaction.tokens import (
    ACRONYM,
    FIRST,
    INITIAL,
    MID,
    NUMBER,
    SHOUTED,
    SLOPPY,
    SMALL,
    Token,
)
from conversations.wordlist.arabic_letters import fold
from conversations.wordlist.fold import words_in
from conversations.wordlist.lexicon import (
    COMMON,
    COMPOUND,
    FREQUENT,
    FUNCTION,
    STRANGE,
    UNLISTED,
    Lexicon,
)

_SIGNS = {" ": "", "": "", ", ": ",", ". ": ".", ": ": ":", " (": "(", "-": "-", ".": "."}
PERSONAL = frozenset(("kin", "title", "job", "called", "greet", "bye"))
"""What announces a person."""
_ACTIVE_BEHIND = PERSONAL | {
    "particle",
    "with",
    "to",
    "and",
    "says",
    "firm",
    "school",
    "care",
    "centre",
    "faith",
    "club",
    "in",
    "place_head",
    "house_word",
    "lives",
    "law",
}
_ORDINARY = {
    **dict.fromkeys((FUNCTION + "-", FUNCTION + "P"), PERSONAL),
    **dict.fromkeys((COMMON + "-", COMMON + "P"), _ACTIVE_BEHIND),
}
"""The most ordinary words, and behind which cues they may be part of a name in small letters."""
ORGANISATIONS = frozenset(("school", "care", "centre", "faith", "club", "firm"))
_IN_NAMES = ORGANISATIONS | {"particle"}


class Evidence:
    """The evidence for every word of one story; `taken` says which are out of play, and why."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, taken: Sequence[str]) -> None:
        self._tokens = tokens
        self._size = len(tokens)
        self._gaps = [_SIGNS[t.gap] if t.gap in _SIGNS else _sign(t.gap) for t in tokens]
        cues: list[str] = []
        kinds: list[str] = []
        words: list[str] = []
        looked_at: list[int] = []
        strange, before, slips = 0, "", Slips(lexicon)
        for at, token in enumerate(tokens):
            if taken[at]:
                cue, kind, word = taken[at], "!!", taken[at]
            elif token.case == NUMBER:
                cue, kind, word = "number", "9" + _size(token.text), "number"
            else:
                lower = token.lower
                stem, cue, kind = lexicon.look_up(lower)
                if stem != lower:
                    _cut(token, lower, stem)
                    lower = token.lower = stem
                if kind[0] == UNLISTED:
                    strange += token.case in (SMALL, SLOPPY)
                    if token.case == FIRST and lower in slips:
                        kind = COMPOUND + kind[1]
                word = lower if kind[0] == FUNCTION else cue or kind
            awake = _ORDINARY.get(kind)
            small = token.case in (SMALL, SLOPPY)
            if awake is None or before in awake or cue in _IN_NAMES or not small:
                looked_at.append(at)
            before = cue
            cues.append(cue)
            kinds.append(kind)
            words.append(word)
        self._strange_from = lexicon.strange_from
        self._lean = lexicon.lean
        self._capitals = lexicon.capitals
        self._named, self._unnamed = lexicon.named, lexicon.unnamed
        self.cues, self.kinds, self.words = cues, kinds, words
        self.lowers = [token.lower for token in tokens]
        self._cued: dict[str, list[int]] = {}
        for at, cue in enumerate(cues):
            if cue:
                self._cued.setdefault(cue, []).append(at)
        self.open = [kind[0] != "!" for kind in kinds]
        self.active = [False] * self._size
        for at in looked_at:
            self.active[at] = self._is_active(at)
        looked_at = [at for at in looked_at if self.active[at]]
        self._strange = "odd" if strange * 10 > self._size > 8 else ""
        self._elsewhere = self._evidence_elsewhere(looked_at)
        self._known = {
            tokens[at].lower for at in looked_at if kinds[at][1] in "SE" or self._is_named(at)
        }

    def cued(self, *cues: str) -> list[int]:
        """Where words with one of these cues stand, in order."""
        return sorted(at for cue in cues for at in self._cued.get(cue, ()))

    def behind(self, *cues: str) -> list[int]:
        """The words right behind those, in order."""
        return [at + 1 for at in self.cued(*cues) if at + 1 < self._size]

    def _is_active(self, at: int) -> bool:
        """Whether a word can be part of a name at all, so that it is worth a closer look."""
        kind, case = self.kinds[at], self._tokens[at].case
        if self._is_never(at):
            return False
        if self._capitals and kind[0] == FUNCTION and case == SMALL:
            return False
        if self._capitals and kind[0] <= FREQUENT and kind[1] not in "SE":
            return bool(at) and self.cues[at - 1] in PERSONAL
        if kind[0] == FUNCTION and case in (MID, FIRST) and self.cues[at] != "particle":
            return case == MID and kind[1] in "SGB"
        if self.cues[at] in ("month", "day") and (
            not at or self.cues[at - 1] in ("in", "to", "det", "number", "")
        ):
            return False
        if case in (MID, ACRONYM, INITIAL, NUMBER):
            return True
        if self.cues[at] in _SAID and kind[1] not in "SGBDE":
            return bool(at) and self.cues[at - 1] == "title"
        if kind[1] == "-" and self._tokens[at].text.startswith(_THE) and kind[0] < UNLISTED:
            return self.cues[at] in ORGANISATIONS
        if kind[0] > COMMON or kind[1] not in "-P":
            return True
        if case == FIRST and kind[0] != FUNCTION:
            return True
        if self.cues[at] == "particle" or self.cues[at] in ORGANISATIONS:
            return True
        return bool(at) and self.cues[at - 1] in _ACTIVE_BEHIND and kind[0] > FUNCTION

    def _is_named(self, at: int) -> bool:
        """Whether it is rather a name: on a list or on none, behind what announces one."""
        kind = self.kinds[at]
        listed = kind[1] in "GBDF" or kind[0] >= STRANGE
        said = kind[0] > FUNCTION or self._tokens[at].case == MID
        return listed and said and bool(at) and self.cues[at - 1] in PERSONAL

    def _is_never(self, at: int) -> bool:
        """Whether a word is part of no name, whatever else speaks for it."""
        kind, case = self.kinds[at], self._tokens[at].case
        if kind[0] == "!" or self._tokens[at].lower in _NEVER:
            return True
        if self.cues[at] in _PLAIN and case in (SMALL, SLOPPY, SHOUTED):
            return True
        if self.cues[at] == "title_behind" and at and self.kinds[at - 1][1] in "SEGB":
            return True
        if case == SMALL and kind[1] in "GBFDC" and at and self.cues[at - 1] == "det":
            return True
        return bool(case == ACRONYM and kind[0] <= COMMON)

    def _evidence_elsewhere(self, active: Iterable[int]) -> dict[str, set[str]]:
        """What other places say about a word: it has a capital in mid-sentence, or stands behind
        what announces a person."""
        said: dict[str, list[tuple[int, str]]] = {}
        for at in active:
            token = self._tokens[at]
            if len(token.lower) < 2:
                continue
            signs = said.setdefault(token.lower, [])
            if token.case == MID:
                signs.append((at, "capital"))
            if at and self.cues[at - 1] in PERSONAL:
                signs.append((at, "cue"))
            signs.append((at, "again"))
        return {
            word: {sign for _, sign in signs}
            for word, signs in said.items()
            if len({at for at, _ in signs}) > 1
        }

    def is_announced(self, at: int) -> bool:
        """Whether what announces a person stands right before a word."""
        cue = self.cues[at - 1] if at else ""
        return (cue in PERSONAL or cue == "says") and self._tokens[at].gap in (" ", ": ")

    def lean(self, at: int) -> float:
        """How far doubt leans to a person: far where somebody else is named, since a name that
        stays does more harm than a word that goes; the other way where nobody is."""
        return self._lean_of(at) + (self._named if self._others(at) else self._unnamed)

    def _others(self, at: int) -> int:
        """How many other names the story seems to hold."""
        return len(self._known) - (self._tokens[at].lower in self._known)

    def _lean_of(self, at: int) -> float:
        """How far it leans by the word itself: far for one on no list behind what announces."""
        strange = self.kinds[at][0] >= self._strange_from and self.kinds[at][1] != "T"
        if strange and self.is_announced(at):
            return 2.0
        token = self._tokens[at]
        named = self.kinds[at][1] in "SGBDE"
        if token.apart and token.case != SMALL and self.kinds[at][1] not in "TP":
            return 2.0
        if named and at and self.cues[at - 1] in ("kin", "called") and token.gap in (" ", ": "):
            return 1.5
        if token.case == MID and self.kinds[at][0] >= STRANGE and self.kinds[at][1] in "-C":
            return 1.6
        if not (named or self.kinds[at][1] == "F") or token.case != MID:
            return self._lean
        return 2.0 if self.kinds[at][1] in "SE" else 1.5

    def of(self, at: int, label: str, earlier: str) -> list[str]:
        """The evidence about one word, given the labels of the two words before it."""
        tokens, cues, kinds, words, gaps = (
            self._tokens,
            self.cues,
            self.kinds,
            self.words,
            self._gaps,
        )
        token = tokens[at]
        case, kind, cue = token.case, kinds[at], cues[at]
        form = case + kind
        rare = case + kind[0]
        naming = kind[1] + ("u" if kind[0] > "3" else "o")
        gap = gaps[at]
        if at:
            before = words[at - 1] + gap
            cue1 = (cues[at - 1] or words[at - 1]) + gap
            form1 = tokens[at - 1].case + kinds[at - 1]
        else:
            before = cue1 = form1 = "^"
        before2 = (cues[at - 2] or words[at - 2]) if at > 1 else "^"
        if at + 1 < self._size:
            gap2 = gaps[at + 1]
            after = words[at + 1] + gap2
            cue2 = (cues[at + 1] or words[at + 1]) + gap2
            form2 = tokens[at + 1].case + kinds[at + 1]
        else:
            gap2, after, cue2, form2 = "$", "$", "$", "$"
        after2 = (cues[at + 2] or words[at + 2]) if at + 2 < self._size else "$"
        own = cue or (token.lower if kind[0] == "1" else "")
        features = [
            "form=" + form,
            "rare=" + rare,
            "naming=" + case + naming,
            "before=" + before,
            "cue=" + cue1 + "|" + rare,
            "cuen=" + cue1 + "|" + naming,
            "two=" + before2 + " " + cue1,
            "after=" + after,
            "aftern=" + cue2 + "|" + naming,
            "afterc=" + cue2 + "|" + rare,
            "left=" + form1 + gap + "|" + form,
            "right=" + form2 + gap2 + "|" + rare,
            "label=" + label + gap + "|" + form,
            "labels=" + earlier + label + gap + "|" + own,
            "between=" + cue1 + "|" + cue2,
            "lab=" + label + gap + "|" + naming + "|" + case,
        ]
        features += _letters_of(token.lower, kind, naming)
        if own:
            features += (
                "own=" + own + "|" + label + gap,
                "own=" + own + ">" + form2 + gap2,
                "own=" + own + "|" + after2,
            )
            features.append("own=" + own + "<" + cue1)
            if case in "MX":
                features.append("own=" + own + "|" + case)
        if len(token.text) < 4:
            features.append("short=" + str(len(token.text)) + rare + "|" + cue1)
        if kind[0] > "4" or case == MID:
            features.append("end=" + _ending(token.lower) + case)
        if before2 in PERSONAL:
            features.append("person2=" + before2 + "|" + rare)
        if token.apart:
            features.append("apart=" + naming + case)
        if token.bare_start > token.start:
            features.append("joined=" + token.text[0] + kind)
        if self._strange and kind[0] > "4":
            features.append("odd=" + form)
        crowd = _CROWDS[min(self._others(at), 3)]
        features += (crowd + rare, crowd + naming + case)
        elsewhere = self._elsewhere.get(token.lower)
        if elsewhere:
            features += ["elsewhere=" + sign + "|" + rare for sign in elsewhere]
        return features


_CROWDS = ("crowd=0", "crowd=1", "crowd=2", "crowd=3")
_PLAIN = frozenset(("house_word", "number_word", "unit", "called"))
"""What is never a name in small letters, nor where all stands in capitals."""
_THE = ("ال", "وال", "بال", "لل", "كال", "فال")
"""With an article, a word in Arabic script that is on a list of words is hardly ever a name."""
_NEVER = words_in(
    "mw mevr mvr dhr mr mrs ms dr drs ds ing prof fam afd nb evt resp nav poh mdo si"
    " nl com www http https"
)
_SAID = frozenset(("kin", "title", "job", "says", "person_verb"))
"""What announces a name, and is none itself."""
_ENDS = {
    ending: name
    for name, endings in {
        "street": "straat straatje laan weg plein gracht kade singel plantsoen dreef steeg",
        "hof": "hof hofje pad dijk markt park oord veld wal ring",
        "town": "burg dam",
        "school": "college school",
        "faith": "kerk",
        "firm": "zorg wonen",
        "care": "huis flat",
        "y": "sma stra inga ema ski ska ov ova enko oglu oğlu sen mans",
        "small": "tje",
        "word": "heid ing ingen ende lijk lijke eren eerd isch ische iteit atie aties",
        "en": "en",
        "t": "t",
        "d": "d",
        "e": "e",
        "s": "s",
        "a": "a",
        "i": "i",
        "o": "o",
        "yy": "y",
        "j": "j",
    }.items()
    for ending in endings.split()
}
"""What the last letters of a word say about it, the longest first."""


def _cut(token: Token, lower: str, stem: str) -> None:
    """Where the name begins in a word to which another is written ("wa-Fatima")."""
    folded = fold(lower)
    if not folded.endswith(stem):
        return
    letters = len(folded) - len(stem)
    at = 0
    while letters:
        letters -= bool(fold(token.text[at]))
        at += 1
    token.bare_start = token.start + at


def _letters_of(lower: str, kind: str, naming: str) -> tuple[str, ...]:
    """How a word in Arabic script begins and ends, and how long it is: verbs and what people have
    ("حاطينه") look unlike names there, in which no capital tells them apart."""
    if not "\u0600" < lower[:1] < "\u0700" or len(lower) < 3 or kind[0] <= FUNCTION:
        return ()
    word = fold(lower)
    return (
        f"beg={word[0]}|{naming}",
        f"beg={word[:2]}|{naming}",
        f"fin={word[-1:]}|{naming}",
        f"fin={word[-2:]}|{naming}",
        f"len={min(len(word), 8)}|{naming}",
    )


def _ending(lower: str) -> str:
    for size in range(min(8, len(lower) - 1), 0, -1):
        if (name := _ENDS.get(lower[-size:])) is not None:
            return name
    return ""


def _sign(gap: str) -> str:
    if "\n" in gap:
        return "\n"
    for sign in "(:;,.!?\"'“‘„/@&-":
        if sign in gap:
            return "." if sign in ";!?" else '"' if sign in "\"'“‘„" else sign
    return "_" if gap.strip() else ""


def _size(digits: str) -> str:
    return str(min(len(digits), 6))
