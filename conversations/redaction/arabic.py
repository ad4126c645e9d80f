"""Arabic script, which has no capitals: names that a title, a relative, what somebody does or a
word such as "my name is" gives away, given names that are nothing else, and towns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conversations.redaction.finding import Finding
from conversations.wordlist.arabic import Names, fold
from conversations.wordlist.load import names_in_arabic

WRITTEN = re.compile("[\u0620-\u064a]")
"""A letter of the script."""


def _set(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


_TITLES = _set("""
    سيد سيدة آنسة أستاذ أستاذة دكتور دكتورة طبيب طبيبة شيخ حاج حاجة مهندس مهندسة معلم معلمة مدرس
    محامي محامية ممرض ممرضة موظف موظفة أخ أخت عم عمة خال خالة
""")
_CALLED_SO = _set("خالتو عمو تيتة جدو د")
_KIN = re.compile(
    r"[وفل]?(?:اب|اخ|اخت|اخو|ابن|ابنت|بنت|زوج|زوجت|جار|جارت|صديق|صديقت|زميل|زميلت|طفل|طفلت|حفيد"
    r"|حفيدت|خال|خالت|عم|عمت|والد|والدت|جد|جدت|ام|حمات|خطيب|خطيبت|معلمت|مدرست|طبيب|طبيبت)"
    r"(?:ي|ه|ها|نا|ك|كم|هم|تي)"
)
_NAMING = re.compile(
    r"[وف]?(?:اسم(?:ي|ه|ها|ك|نا)|يدعي|تدعي|ادعي|يسمي|تسمي|المدعو|المدعوه|واسم(?:ه|ها))"
)
_FAMILY = _set("عائلة آل بيت")
_FATHER = _set("أبو أبا أبي أم")
_SON = _set("بن ابن بنت آل أبو")
_SMALL = _set("دي فان فون دن دير تير")
_PROPHET = _set("النبي نبينا سيدنا الرسول رسول نبي الصلاة")
_NOT_CALLED = _set("""
    مكتوب مكتوبة ليس ليست لم لا لن كان كانت هو هي على في من غير عند مثل صعب طويل قصير جميل جميلة
    معروف الكامل الأول الثاني الأخير الحقيقي العائلة أيضا فقط هنا هناك مع إلى عن أن إن قد كل بعد قبل
    ظهر تغير موجود موجودة يعني حتى الآن اليوم سهل غريب واسم ولا وهو وهي
    عمره عمري وعمره
""")
_WAS = _set("كان كانت وكان وكانت فكان صار صارت بقي بقيت")
_DOES = re.compile(r"[يت]\w{3}")
_THE = re.compile("^[وفبك]?(?:ال|لل)")
_TO_WHOM = re.compile(r"(?:ني|نا|ه|ها|هم|ك)$")
_NO_NAME = re.compile(r"(?:ها|هم|نا|ني|كم|ون|ات|تي)$|^[سي](?=\w{3})")
_JOINED = ("", "و", "ف", "ل", "ب", "ك", "ول", "وب", "فل", "وك")
_TOWN_BEFORE = re.compile(r"[وف]?(?:في|من|الي|مدينه|بلديه|قرب|نحو|حتي|عن|بين|مدينتي|باتجاه)")

_WORD = re.compile("[\u0620-\u0652\u0670-\u06d3]+")


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    plain: str
    gap: str


def read(text: str) -> list[_Word]:
    """The words in Arabic script, without the marks on their letters."""
    words: list[_Word] = []
    last = 0
    for found in _WORD.finditer(text):
        words.append(
            _Word(found.start(), found.end(), fold(found.group()), text[last : found.start()])
        )
        last = found.end()
    return words


def names(text: str) -> Iterator[Finding]:
    """Names of people."""
    words, known = read(text), names_in_arabic()
    seen: set[str] = set()
    index = 0
    while index < len(words):
        found = _name(text, words, index, known)
        if found is None:
            index += 1
            continue
        start, index = found
        last = words[index - 1]
        name = fold(text[start : last.end]).partition(" ")[0]
        seen.add(name)
        yield Finding(start, last.end, "PER", "name", name)
    for word in words:
        for joined in _JOINED[:4]:
            name = word.plain[len(joined) :]
            if word.plain.startswith(joined) and name in seen:
                yield Finding(_behind(text, word, len(joined)), word.end, "PER", "name", name)
                break


def towns(text: str) -> Iterator[Finding]:
    """Towns behind a word of place, or joined to one."""
    words, places = read(text), names_in_arabic().places
    for index, word in enumerate(words):
        before = words[index - 1].plain if index and word.gap == " " else ""
        for count in (2, 1):
            last = words[min(index + count, len(words)) - 1]
            name = " ".join(each.plain for each in words[index : index + count])
            for joined in ("", "ب", "ل", "و"):
                rest = name.removeprefix(joined)
                if name.startswith(joined) and rest in places:
                    if joined in ("ب", "ل") or _TOWN_BEFORE.fullmatch(before) or joined == "و":
                        yield Finding(_behind(text, word, len(joined)), last.end, "PLACE", "place")
                    break


def _name(text: str, words: Sequence[_Word], index: int, known: Names) -> tuple[int, int] | None:
    """Where the name that begins in this word starts, and the index behind its last word."""
    word = words[index]
    before = words[index - 1].plain if index and word.gap in (" ", ". ", ".", ": ") else ""
    title = _title(before) if word.gap in (" ", ". ", ".") else False
    cue = title or _KIN.fullmatch(before) is not None or _is_called(words, index)
    cue = cue or before in _FAMILY or before in ("يا", "ويا")
    told = _said_of(before, known) or before in ("مع", "ومع")
    if before in _PROPHET:
        return None
    for joined in _JOINED:
        rest = word.plain[len(joined) :]
        if not word.plain.startswith(joined) or len(rest) < 2:
            continue
        start = _behind(text, word, len(joined))
        if rest in _FATHER and (end := _of_a_child(words, index, known)):
            return start, end
        if rest in ("عبد", "نور", "صلاح", "سيف", "عز", "شمس") and _joins(words, index):
            follows = words[index + 1].plain
            if follows == "الدين" or (rest == "عبد" and follows.startswith("ال")):
                return start, _rest(words, index + 2, known)
        if rest in known.sure or (rest.startswith("عبدال") and len(rest) > 6):
            return start, _rest(words, index + 1, known)
        if rest in known.double or rest.removesuffix("ا") in known.double:
            if (cue and not joined) or (told and joined == "ل"):
                return start, _rest(words, index + 1, known)
            if joined:
                return None
            break
    if before in _FAMILY and word.plain.removeprefix("ال") in known.families:
        return word.start, index + 1
    if title and (word.plain in known.titled or word.plain.removeprefix("ال") in known.families):
        return word.start, _rest(words, index + 1, known)
    if (title or _is_called(words, index)) and word.plain in _SMALL and _joins(words, index):
        end = index + 1
        while end < len(words) and words[end].plain in _SMALL and _joins(words, end):
            end += 1
        return word.start, min(end + 1, len(words))
    if before in _WAS:  # what follows is more often what somebody was
        told = not word.plain.endswith(("ا", "ه"))
    if _KIN.fullmatch(before):
        cue = _joins(words, index) and _does(words[index + 1].plain, known)
    if (cue or told) and _could_be_one(word.plain, known):
        return word.start, _rest(words, index + 1, known)
    return None


def _does(word: str, known: Names) -> bool:
    """Whether it says what somebody does, in the present or of old."""
    return word in known.verbs or _DOES.match(word) is not None


def _said_of(word: str, known: Names) -> bool:
    """Whether it says what somebody does, with or without to whom ("سألتني")."""
    for bare in {word, word.removeprefix("و"), word.removeprefix("ف")}:
        if bare in known.verbs or _TO_WHOM.sub("", bare) in known.verbs:
            return True
    return False


def _could_be_one(word: str, known: Names) -> bool:
    """Whether a word that is on no list of names may be one beside a word that announces it: no
    ordinary word, and without an article or an ending that names do not have."""
    if len(word) < 3 or word.startswith(("ال", "لل", "بال", "وال", "كال")):
        return False
    if _NO_NAME.search(word) or word in _NOT_CALLED or _KIN.fullmatch(word):
        return False
    bare = {word, word.removeprefix("و"), word.removeprefix("ب"), word.removeprefix("ل")}
    bare |= {each.removesuffix("ا") for each in bare}
    return not bare & (known.ordinary | known.verbs | _TITLES)


def _title(word: str) -> bool:
    """Whether it is a title with its article: "a kind official" has no name."""
    bare = _THE.sub("", word)
    return (bare != word and bare in _TITLES) or word in _CALLED_SO


def _is_called(words: Sequence[_Word], index: int) -> bool:
    """Whether "my name is" or "the name of my son is" stands before it."""
    if not index or words[index].gap not in (" ", ": "):
        return False
    before = words[index - 1].plain
    if _NAMING.fullmatch(before):
        return True
    earlier = words[index - 2].plain if index > 1 else ""
    return earlier in ("اسم", "واسم") and _KIN.fullmatch(before) is not None


def _of_a_child(words: Sequence[_Word], index: int, known: Names) -> int | None:
    """The index behind "father of" and the name of the child; None when that is no name."""
    if not _joins(words, index):
        return None
    child = words[index + 1].plain
    return index + 2 if child in known.sure or child in known.double else None


def _joins(words: Sequence[_Word], index: int) -> bool:
    """Whether only a space stands before the next word."""
    return index + 1 < len(words) and words[index + 1].gap == " "


def _rest(words: Sequence[_Word], at: int, known: Names) -> int:
    """How far a name goes on: the father's name, the family."""
    while at < len(words) and words[at].gap == " ":
        word = words[at].plain
        if word in _SON and _joins(words, at):
            at += 2
            continue
        bare = word.removeprefix("ال")
        family = bare != word and (
            bare in known.sure | known.double | known.families
            or (bare.endswith("ي") and len(bare) > 4)
        )
        if not (word in known.sure or family or word in known.families - known.double):
            break
        at += 1
    return min(at, len(words))


def _behind(text: str, word: _Word, letters: int) -> int:
    """Where a word begins after this many letters of it, whatever marks they carry."""
    at = word.start
    while letters:
        letters -= bool(fold(text[at]))
        at += 1
    return at
