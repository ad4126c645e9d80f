"""Telephone numbers and mail addresses that are written as they are spoken, in four languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from conversations.redaction.findings import Finding
from conversations.redaction.rules.standing import Standing
from conversations.wordlist.fold import words_in

_DIGITS = {
    "nl": r"nul|e[eé]n|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien"
    r"|veertien"
    r"|(?:vijf|zes|zeven|acht|negen)tien|(?:(?:een|één|twee|drie|vier|vijf|zes|zeven|acht"
    r"|negen)[eë]n)?"
    r"(?:twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig)|honderd|dubbel|driemaal",
    "en": r"zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|double|triple"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)",
    "tr": r"s[ıi]f[ıi]r|bir|iki|[üu]ç|uc|dört|dort|be[şs]|alt[ıi]|yedi|sekiz|dokuz|on|yirmi|otuz"
    r"|k[ıi]rk|elli"
    r"|altm[ıi][şs]|yetmi[şs]|seksen|doksan|yüz|yuz",
    "ar": r"صفر|واحد|[اأإ]?[ثت]ن[يا]ن|ثلاث[ةه]?|تلات[ةه]?|[أا]ربع[ةه]?|خمس[ةه]?"
    r"|ست[ةه]?|سبع[ةه]?|ثماني[ةه]?|تماني[ةه]?|ثمان"
    r"|تسع[ةه]?|عشر[ةه]?|\w{2,5}(?:طعش|تعش|طاش)|(?:عشر|ثلاث|تلات|[أا]ربع|خمس|ست|سبع|ثمان|تمان|تسع)(?:ون|ين)|مي[ةه]",
}
_ANY = "|".join(_DIGITS.values())
DIGITS_IN_DUTCH = _DIGITS["nl"]
"""The numbers that are said when digits are read out."""
_WORD = rf"(?:و)?(?:{_ANY}|\d{{1,4}})"
_PHONE = re.compile(
    rf"(?<![\w-]){_WORD}(?:(?:,? (?:en |en dan |dan |daarna |and |ve |sonra |streep |streepje |nee "
    rf"|wacht |keer |maal |وبعدين |وبعدها |بعدين |ثم |و )?| ?[-–.,] ?){_WORD})"
    r"{3,14}(?!\w)",
    re.IGNORECASE,
)
_DIGITS_BEFORE = re.compile(r"(?<![\w,.-])(?:\d{1,4}[ -]){1,2}$")
_LETTERS_BEFORE = re.compile(r"(?<![\w'’])(?:[b-hj-z] ){1,3}$", re.IGNORECASE)
"""Letters that are spoken before the digits of a number ("k twee zes")."""
_FIRST = re.compile(rf"(?<!\w)(?:و)?(?:{_ANY})(?!\w)", re.IGNORECASE)
_PLAIN = words_in("""
    nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien
    zestien zeventien achttien negentien twintig dertig veertig vijftig zestig zeventig tachtig
    negentig honderd dubbel driemaal
    zero oh one two three four five six seven eight nine ten eleven twelve double triple twenty
    thirty forty fifty sixty seventy eighty ninety
    sifir bir iki uc dort bes alti yedi sekiz dokuz on yirmi otuz kirk elli altmis yetmis seksen
    doksan yuz
""").union(
    f"{unit}en{ten}"
    for unit in words_in("een twee drie vier vijf zes zeven acht negen")
    for ten in words_in("twintig dertig veertig vijftig zestig zeventig tachtig negentig")
)
"""The numbers in words that are written without marks."""
_ZERO = re.compile(r"(?:nul|zero|oh|s[ıi]f[ıi]r|صفر)(?!\w)", re.IGNORECASE)
_CUE = re.compile(
    r"(?:\b(?:bel|bellen|belt|app|appen|\w*nummer|\w*nr|telefoon\w*|mobiel\w*|tel|call|phone|number"
    r"|telefon\w*|numara\w*"
    r"|no|arayın|ara)\b|هاتف\w*|تلفون\w*|تليفون\w*|رقم\w*|جوال\w*|موبايل\w*"
    r"|اتصل\w*)[^\d\n.!?]{0,30}$",
    re.IGNORECASE,
)
_POINT = (
    r"(?:punt|puntje|dot|point|nokta|نقطة|نقطه|نقط|دوت|streepje|min(?:teken)?|underscore"
    r"|شحطة|شحطه|شرطة|داش|[اأ]ندر ?سكور|koppelteken|streep|laag streepje|alt ?tire"
    r"|liggend streepje)"
)
_AT = (
    r"(?:apenstaartje|apestaartje|apenstaart|apestaart|apestaartteken|slingeraap|at-teken|at|et"
    r"|kuyruklu a|@|آت|ات|أت|[اأ]ت ساين|كات)"
)
_MAIL = re.compile(
    rf"(?<![\w@.])[\w.+-]{{1,40}}(?: {_POINT} [\w+-]{{1,30}}){{0,4}}"
    rf"(?:,? zonder punt(?:en|je)?)?,? ?{_AT},? ?[\w-]{{1,40}}"
    rf"(?:(?: {_POINT} |\.)[\w-]{{2,30}}){{1,3}}(?![\w@])"
    rf"|(?<![\w@.])[\w.+-]{{1,40}}(?: {_POINT} [\w+-]{{1,30}}){{0,4}} (?:[آاأ]ت|كات) "
    r"(?:gmail|hotmail|outlook|yahoo|live|icloud|ziggo|جيميل|هوتميل|ياهو|اوتلوك)(?![\w@])",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\.[\w-]{2}")
_POINTS = words_in("""
    punt puntje dot point nokta نقطة نقطه نقط دوت streepje min minteken underscore koppelteken
    streep tire alttire شحطة شحطه شرطة داش اندرسكور ات أت آت كات
""")
"""Every address ends behind a point, spoken or not, or in Arabic with the name of who gives it."""


def mails(at: Standing) -> Iterator[Finding]:
    """Mail addresses in words ("jan punt smit apenstaartje post punt nl")."""
    text = at.text
    if _DOTTED.search(text) or not _POINTS.isdisjoint(at.places):
        for found in _MAIL.finditer(text):
            yield Finding(*found.span(), "EMAIL", "email")


def phones(at: Standing) -> Iterator[Finding]:
    """Telephone numbers in words: they begin with nought, or follow a word such as "bel"."""
    text = at.text
    for found in at.found(_PHONE, _numbers(at.places)):
        start, end = found.span()
        if (digits := _DIGITS_BEFORE.search(text, max(0, start - 8), start)) is not None:
            start = digits.start()
        if (letters := _LETTERS_BEFORE.search(text, max(0, start - 8), start)) is not None:
            start = letters.start()
        words = len(_FIRST.findall(found.group())) + (start < found.start())
        called = _CUE.search(text, max(0, found.start() - 50), found.start()) is not None
        zero = _ZERO.match(found.group()) is not None or text[start] == "0"
        digits_too = sum(sign.isdigit() for sign in text[start:end])
        if words >= (3 if zero or called else 7) or (zero and words + digits_too >= 7):
            yield Finding(start, end, "PHONE", "phone")


def _numbers(words: Iterable[str]) -> frozenset[str]:
    """Those of the words that are numbers."""
    marked = (word for word in words if not word.isascii() and _FIRST.fullmatch(word))
    return _PLAIN.intersection(words).union(marked)
