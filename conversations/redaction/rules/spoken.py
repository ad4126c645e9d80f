"""Telephone numbers and mail addresses that are written as they are spoken, in four languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.redaction.findings import Finding

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
    "ar": r"صفر|واحد|[اأ]?ثن[يا]ن|[اإ]ثنين|تنين|ثلاث[ةه]?|تلات[ةه]?|[أا]ربع[ةه]?|خمس[ةه]?"
    r"|ست[ةه]?|سبع[ةه]?|ثماني[ةه]?|تماني[ةه]?|ثمان"
    r"|تسع[ةه]?|عشر[ةه]?|\w{2,5}(?:طعش|تعش|طاش)|(?:عشر|ثلاث|تلات|[أا]ربع|خمس|ست|سبع|ثمان|تمان|تسع)(?:ون|ين)|مي[ةه]",
}
_ANY = "|".join(_DIGITS.values())
_WORD = rf"(?:و)?(?:{_ANY}|\d{{1,4}})"
_PHONE = re.compile(
    rf"(?<![\w-]){_WORD}(?:(?:,? (?:en |and |ve |streep |streepje |nee |wacht )?|[-–.,] ?){_WORD})"
    r"{3,14}(?!\w)",
    re.IGNORECASE,
)
_DIGITS_BEFORE = re.compile(r"(?<![\w,.-])(?:\d{1,4}[ -]){1,2}$")
_FIRST = re.compile(rf"(?<!\w)(?:و)?(?:{_ANY})(?!\w)", re.IGNORECASE)
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
    r"|alt ?tire|liggend streepje)"
)
_AT = (
    r"(?:apenstaartje|apestaartje|apenstaart|apestaart|at|et|kuyruklu a|@|آت|ات|أت|[اأ]ت ساين|كات)"
)
_MAIL = re.compile(
    rf"(?<![\w@.])[\w.+-]{{1,40}}(?: {_POINT} [\w+-]{{1,30}}){{0,4}} ?{_AT} ?[\w-]{{1,40}}"
    rf"(?:(?: {_POINT} |\.)[\w-]{{2,30}}){{1,3}}(?![\w@])",
    re.IGNORECASE,
)
_HINT = re.compile(rf"\.[\w-]{{2}}| {_POINT} ", re.IGNORECASE)
"""Every address ends behind a point, spoken or not."""


def mails(text: str) -> Iterator[Finding]:
    """Mail addresses in words ("jan punt smit apenstaartje post punt nl")."""
    if _HINT.search(text):
        for found in _MAIL.finditer(text):
            yield Finding(*found.span(), "EMAIL", "email")


def phones(text: str) -> Iterator[Finding]:
    """Telephone numbers in words: they begin with nought, or follow a word such as "bel"."""
    first = _FIRST.search(text)
    while first is not None:
        found = _PHONE.match(text, first.start())
        if found is None:
            first = _FIRST.search(text, first.end())
            continue
        start, end = found.span()
        if (digits := _DIGITS_BEFORE.search(text, max(0, start - 8), start)) is not None:
            start = digits.start()
        words = len(_FIRST.findall(found.group())) + (start < found.start())
        called = _CUE.search(text, max(0, found.start() - 50), found.start()) is not None
        zero = _ZERO.match(found.group()) is not None or text[start] == "0"
        if words >= (3 if zero or called else 7):
            yield Finding(start, end, "PHONE", "phone")
        first = _FIRST.search(text, found.end())
