"""Names in Arabic script that are words as well: what stands beside them tells which they are, as
no capital does."""

from __future__ import annotations

from conversations.redaction.evidence import Evidence
from conversations.redaction.tokens import NUMBER, Token
from conversations.redaction.whole import Whole
from conversations.wordlist.arabic_letters import fold
from conversations.wordlist.fold import words_in
from conversations.wordlist.lexicon import COMMON, FREQUENT, FUNCTION, Lexicon

_OWN = ("ي", "نا", "ه", "ها", "هم", "هن", "ك", "كم", "و", "يا")
"""Whose relative it is, at the end of the word."""
_SAID_OF = words_in("""
    جميل جميله سعيد سعيده لطيف لطيفه طيب طيبه وحيد وحيده ذكي مسلم كريم كريمه
""")
"""What is said of relatives ("جارتي لطيفة") rather than what they are called."""
_NOT = words_in("ما لا لم عم مريض مريضه خايف نايم")
_DENIED = words_in(
    "لا ولا مو مش موش ماشي مهو مانو ماني مهوش كتير كثير بزاف جدا والله الله لكنه لكنها بقى صدك عن"
)
"""What stands before what somebody is or is not ("لا كريم ولا عادل")."""
_FELT = words_in("""
    حياه روح لقاء دعاء رضا حنان محبه رحمه نعمه بركه وفاء شوق حب سلامه راحه كرامه شكر عيد ميلاد وعد
    هديه عهد رجاء اخلاص نجاح شفاء رعايه عنايه حمايه هدايه صباح مساء امان عمر
""")
"""What people have and do: of a relative ("دعاء أمي") it is no name."""
_CALLS = words_in("كيعيطو تيعيطو كنعيطو يعيطو عيطو كيعيطوا")
_TO_THEM = words_in("ليه ليها له لها لي عليه عليها")
_NICKNAMED = words_in("""
    منسميه منسميها بيسموه بيسموها يسموه يسموها يسمونه يسمونها بنسميه بنسميها كيسميوه كيسميوها
    مسمينو مسمينه مسمينها ينادونه ينادونها بينادوه بينادوها الملقب الملقبه
""")
_SON_OF = words_in("ود بت")
"""Sons and daughters in Sudan, who carry the name of the father."""


class ArabicWords(Whole):
    """Finds names that are words."""

    def __init__(
        self, tokens: list[Token], labels: list[str], evidence: Evidence, lexicon: Lexicon
    ) -> None:
        super().__init__(tokens, labels, evidence, lexicon)
        self._words = [fold(token.text) for token in tokens]

    def add_all(self) -> None:
        """By relatives before and behind them, in rows, behind what calls somebody."""
        self.drop_denied()
        for at in range(len(self.tokens)):
            if self.free(at) and self.tokens[at].case != NUMBER:
                beside = self._is_announced(at) or self._is_relative(at) or self._is_family(at)
                if beside or self._is_nickname(at):
                    self.labels[at] = "PER"
        self._add_fathers()
        self._add_rows()

    def drop_denied(self) -> None:
        """What is denied or stressed is said of somebody, where it is a word as well."""
        for at in range(1, len(self.tokens)):
            said = self.labels[at] == "PER" and self._words[at - 1] in _DENIED
            alone = at + 1 == len(self.tokens) or self.labels[at + 1] != "PER"
            plain = (
                self.evidence.kinds[at][0] <= FREQUENT and self.evidence.kinds[at][1] not in "SE"
            )
            if said and alone and plain and self.tokens[at].gap == " ":
                self.labels[at] = "-"

    def _may_name(self, at: int, word: str = "") -> bool:
        word = word or self._words[at]
        return self.evidence.kinds[at][1] in "SEGBD" or word in self.lexicon.cued

    def _is_announced(self, at: int) -> bool:
        """Behind a relative of somebody, or behind what somebody is called."""
        if not at or self.tokens[at].gap not in (" ", ": ") or not self._may_name(at):
            return False
        cue = self.evidence.cues[at - 1]
        said = self._words[at] in _SAID_OF and not self._acts(at + 1)
        own = cue == "kin" and self._words[at - 1].endswith(_OWN) and not said
        return own or (cue == "called" and self._words[at - 1] != "اسم")

    def _is_family(self, at: int) -> bool:
        """Behind an office, before what its holder does ("القاضية فيسر سمعت")."""
        kind = self.evidence.kinds[at]
        office = bool(at) and self.evidence.cues[at - 1] in ("job", "title")
        listed = kind[1] in "FB" and kind[0] > COMMON and self.tokens[at].gap == " "
        return office and listed and self._acts(at + 1)

    def _acts(self, at: int) -> bool:
        """Whether a word says what somebody does, so that what stands before it is who."""
        verb = at < len(self.tokens) and self.evidence.cues[at] in ("says", "person_verb")
        return verb and self._words[at] not in _NOT

    def _is_relative(self, at: int) -> bool:
        """At the beginning of a sentence, before whose relative it is ("أمل جارتنا")."""
        if at + 1 == len(self.tokens) or not self.tokens[at].initial or not self._may_name(at):
            return False
        behind = self._words[at + 1]
        related = self.evidence.cues[at + 1] in ("kin", "job") and not behind.startswith("ال")
        return (
            related
            and behind.endswith(_OWN)
            and self.tokens[at + 1].gap == " "
            and self._words[at] not in _FELT
        )

    def _is_nickname(self, at: int) -> bool:
        if not at or self.tokens[at].gap != " " or self.evidence.kinds[at][0] <= FUNCTION:
            return False
        called = at > 1 and self._words[at - 1] in _TO_THEM and self._words[at - 2] in _CALLS
        return called or self._words[at - 1] in _NICKNAMED

    def _add_fathers(self) -> None:
        for at in range(len(self.tokens) - 1):
            word, behind = self._words[at], self._words[at + 1]
            open_ = self.is_open(at) and self.is_open(at + 1) and self.tokens[at + 1].gap == " "
            if not open_ or word not in _SON_OF or self.evidence.cues[at + 1]:
                continue
            listed = self._may_name(at + 1)
            if listed or (word == "ود" and behind.startswith("ال") and len(behind) > 4):
                self.labels[at] = self.labels[at + 1] = "PER"

    def _add_rows(self) -> None:
        """In a row with a name ("نور وفرح"): "and" is written to the word."""
        for at in range(1, len(self.tokens)):
            joined = self._words[at].startswith("و") and self.tokens[at].gap == " "
            rest = self._words[at][1:]
            if not joined or len(rest) < 3:
                continue
            found = self.free(at) or self.labels[at] == "PER"
            if self.labels[at - 1] == "PER" and found and self._is_item(at, rest):
                self.labels[at] = "PER"
                self.tokens[at].bare_start = self.tokens[at].start + 1
                continue
            cut = self.labels[at] == "PER" and self.tokens[at].bare_start > self.tokens[at].start
            if cut and self.free(at - 1) and self._is_item(at - 1):
                self.labels[at - 1] = "PER"

    def _is_item(self, at: int, word: str = "") -> bool:
        word = word or self._words[at]
        plain = self.evidence.kinds[at][0] <= COMMON and word in _FELT
        return self._may_name(at, word) and not self.evidence.cues[at] and not plain
