"""What the lists know of one word in Arabic script, in which "and", "for" and "the" are written to
the word that follows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from conversations.wordlist.arabic_letters import fold
from conversations.wordlist.lexicon import COMMON, COMPOUND, FREQUENT, FUNCTION, UNLISTED, Lexicon

_KIN = re.compile(
    r"[وفلب]?(?:اب|اخ|اخت|اخو|خو|ابن|ابنت|بنت|زوج|زوجت|مرت|جوز|راجل|طليق|طليقت|مرات|نسيب|نسيبت|عديل|سلفت|جار|جارت|صديق|صديقت|صاحب"
    r"|صاحبت|زميل|زميلت|طفل|طفلت|حفيد"
    r"|حفيدت|خال|خالت|عم|عمت|والد|والدت|جد|جدت|ام|حمات|خطيب|خطيبت|ولد|كنت)(?:ي|ه|ها|نا|ك|كم|هم"
    r"|تي|و|تو|يا)"
)
_JOB = re.compile(
    r"[وفلب]?(?:محامي|معلم|مدرس|استاذ|طبيب|دكتور|ممرض|فرملي|مشرف|مدير|مسوول|مسؤول|مترجم|موظف|مرشد|مدرب"
    r"|مساعد|سستر|قابل|كوافير|شيف|كفيل|استاد|ابل|مس|ميس|اخصاءي|اخصائي|اسيستانت|امسيستانت)"
    r"(?:ي|ه|ها|نا|ك|كم|هم|ت|ته|تي|تنا|تها|تو|و|تك|يتي|يته|يتنا|يتها|يتو|يه)?"
)
"""Who does what for somebody: the word with an ending that says for whom."""
_JOINED = frozenset("وفلبك")
_TO_WHOM = re.compile(r"(?:ني|نا|ه|ها|هم|ك|لي|لنا|و)$")
_ARABIC = re.compile("[\u0620-\u064a]")


@dataclass(frozen=True, slots=True)
class ArabicLexicon(Lexicon):
    """`ordinary` are words that are no names, `latin` knows those in Latin script between them."""

    ordinary: frozenset[str] = frozenset()
    latin: Lexicon = field(default_factory=Lexicon)

    def _folded(self, lower: str) -> str | None:
        return fold(lower) if _ARABIC.search(lower) else None

    def rarity(self, lower: str) -> str:
        word = fold(lower)
        if not _ARABIC.search(word):
            return self.latin.rarity(lower)
        best = COMMON if word in self.ordinary or word[1:] in self.ordinary else UNLISTED
        for form in _forms(word):
            best = min(best, self.frequent.get(form, UNLISTED))
        if best == UNLISTED and any(stem in self.frequent for stem in _stems(word)):
            return COMPOUND
        return best

    def naming(self, lower: str, rarity: str) -> str:
        word = fold(lower)
        if not _ARABIC.search(word):
            return self.latin.naming(lower, rarity)
        bare = word.removeprefix("ال")
        town = word in self.towns
        if word in self.sure or (word.startswith("عبدال") and len(word) > 6):
            return "E" if town else "S"
        given, family = (
            word in self.given or (rarity > FREQUENT and (bare in self.sure or bare in self.given)),
            word in self.family or bare in self.family,
        )
        if given or family:
            return "D" if town else ("B" if given and family else "G" if given else "F")
        return "T" if town else "-"

    def stem(self, lower: str) -> str:
        word = fold(lower)
        if not _ARABIC.search(word):
            return lower
        known = self._is_name(word) or (word in self.family and len(word) > 3)
        plain = word in self.ordinary or self.frequent.get(word, UNLISTED) <= FUNCTION
        if known or plain:
            return word
        for joined in ("و", "ف", "ل", "ب", "ول", "وب", "ك", "ف"):
            rest = word.removeprefix(joined)
            if rest != word and len(rest) > 2 and self._is_name(rest):
                return rest
        return word

    def _is_name(self, word: str) -> bool:
        bare = word.removeprefix("ال")
        return (
            word in self.sure
            or word in self.given
            or word in self.towns
            or (bare != word and (bare in self.sure or bare in self.family))
            or word.startswith("عبدال")
        )

    def mark_public(self, words: Sequence[str], taken: list[str]) -> None:
        """As in other scripts, however the letters are written; "and" may stand joined before."""
        folded = [fold(word) for word in words]
        super(ArabicLexicon, self).mark_public(folded, taken)
        if any(word[:1] in _JOINED for word in folded):
            bare = [word[1:] if word[:1] in _JOINED and len(word) > 3 else word for word in folded]
            super(ArabicLexicon, self).mark_public(bare, taken)

    def cue(self, lower: str) -> str:
        word = fold(lower)
        found = (
            self.cues.get(word)
            or self.cues.get(word.removeprefix("و"))
            or self.cues.get(word.removeprefix("ل"))
        )
        if found:
            return found
        if _KIN.fullmatch(word):
            return "kin"
        if _JOB.fullmatch(word):
            return "job"
        return (
            "says"
            if self.cues.get(_TO_WHOM.sub("", word.removeprefix("و"))) == "person_verb"
            else ""
        )


def _forms(word: str) -> tuple[str, ...]:
    """The word, and without what is written to it."""
    forms = [word]
    rest = word[1:] if word[0] in "وف" and len(word) > 3 else word
    forms.append(rest)
    if rest[0] in "بلك" and len(rest) > 3:
        forms.append(rest[1:])
        if rest.startswith("لل") and len(rest) > 4:
            forms.append("ال" + rest[2:])
    if rest.startswith("ال"):
        forms.append(rest[2:])
    return tuple(forms)


_BEFORE = re.compile(
    r"(?:و|ف)?(?:عم|كي|كت|كن|بي|بت|بن|مني|من|هال|عال|فال|بال|وال|كال|لل|ال|سي|ست|ي|ت|ن|ا|ب|م|ل|ف|ه)?"
)
_BEHIND = re.compile(
    r"(?:وني|وها|وه|تها|ته|تني|ناها|لها|له|لنا|لي|لك|ها|هم|هن|نا|ني|كم|ون|ين|ان|ات|وا|تو|يه|ة|ه|ك|ي|و|ت|ا|ش|وش|يش)?$"
)


def _stems(word: str) -> Iterator[str]:
    """What is left of a word without what is written before and behind it, also in speech."""
    start = _BEFORE.match(word)
    cuts = {0, start.end() if start else 0}
    ends = _BEHIND.search(word)
    lasts = {len(word), ends.start() if ends else len(word)}
    for cut in cuts:
        for last in lasts:
            if last - cut > 2 and (cut, last) != (0, len(word)):
                yield word[cut:last]
                yield word[cut:last] + "ه"
