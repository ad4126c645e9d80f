"""Streets, houses, rooms and floors in Arabic script, with numbers in digits and in words, and
Dutch streets in Latin letters between Arabic ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.redaction.findings import Finding

_UNIT = (
    r"(?:واحد[ةه]?|[اإ]?[ثت]ن(?:ين|تين|ان)|[ثت]لا?[ثت](?:[ةه]|ت)?|[أا]ربع[ةهت]?|خمس[ةهت]?|ست[ةه]?"
    r"|سبع[ةهت]?|[ثت]ما?ن(?:ي[ةه]?|ت|[ةه])?|تسع[ةهت]?|عشر[ةه]?)"
)
_TENS = r"(?:(?:عشر|[ثت]لا?[ثت]|[أا]ربع|خمس|ست|سبع|[ثت]ما?ن|تسع)(?:ين|ون))"
_TEEN = (
    rf"(?:(?:[اإ]?[ثت]نا |[اإ]?[ثت]نتا |[أا]حد |[إا]حد[ىي] |{_UNIT} )عشر[ةه]?"
    r"|[أا]?\w{2,6}(?:طع|تع|طا|تا|ضع)شر?)"
)
_HUNDREDS = (
    r"(?:مي[ةه]|مئ[ةه]|مائ[ةه]|مي?تين|مئتين|مائتين"
    r"|(?:[ثت]لا?[ثت]|[أا]ربع|خمس|ست|سبع|[ثت]ما?ن|تسع)(?:مي[ةه]|مئ[ةه]|مائ[ةه]))"
)
_BELOW = rf"(?:{_UNIT} ?و ?{_TENS}|{_TENS}|{_TEEN}|{_UNIT})"
_SPOKEN = rf"(?:{_HUNDREDS}(?: ?و ?{_BELOW})?|{_BELOW})(?!\w)"
_LETTER = r"(?: ?(?:مكرر|[A-Za-z]|[أ-ي])(?!\w))?"
_NUMBER = rf"(?:\d{{1,4}}{_LETTER}|{_SPOKEN})"
_MARK = r"(?:[وب]?(?:ال)?رقم(?:ه|ها|و)? |[وب]?(?:ال)?نمر[ةه] )"
"""What stands between a street and its number."""
_STREET = re.compile(
    r"(?<!\w)(?:شارع|طريق|ساحة|زقاق|جادة) (?:[^\W\d](?:[^\W\d]|[\u064b-\u0652])* ){1,3}?"
    rf"(?:(?:رقم )?\d{{1,4}}(?:\s?[A-Za-z])?|رقم {_SPOKEN})(?!\w)"
)
_ROOM = re.compile(
    r"(?:[وبلف]?(?:ال)?(?:طابق|غرفة|شقة|باب|بيت) (?:رقم )?\d{1,4}[a-z]?"
    r"|(?<![\w-])\d{1,4} ?(?:bis|hs|huis))(?!\w)"
)
_HOUSE = re.compile(
    r"(?<!\w)(?:[وبلف]?(?:ال)?(?:نمر[ةه]|نمرت\w{1,3}|بناي[ةه]|عمار[ةه]|غرف[ةه]|شق[ةه]|باب|بيت"
    r"|دار|طابق|قاع[ةه]|كامب|بلوك))(?: (?:د|ديال) \w+)?(?: رقم)? "
    r"(?:[A-Z]-?\d{1,4}|\d{1,4}(?: ?(?:مكرر|[A-Za-z]|[أ-ي](?!\w)))?)"
    r"(?: (?:ال)?طابق (?:ال)?\w+(?: (?:يسار|يمين))?)?(?!\w)"
    r"|رقم \d{1,3}(?: ?[A-Za-z](?!\w)| ?[أ-ي](?!\w))?(?![\w./-])"
    rf"|(?<=رقم )(?!واحد){_SPOKEN}"
    r"|(?<!\w)رقم (?:بيتي|بيتنا|بيته|بيتها|داري|دارنا|الدار|البيت|الباب|بابي)"
    rf"(?: هو)? (?:\d{{1,4}}{_LETTER}|{_SPOKEN})"
)
_ENDS = (
    r"(?:سترات|ستراات|شترات|ستراد|ستراط|ستريت|كادي|كاده|خراخت|غراخت|خراكت|بلاين|سينخل|سينغل"
    r"|دريف|فيخ)"
)
_SMALL = r"(?:(?:فان دي?ن|فان دي?ر|فان|بورخميستر|برينس|كونينغين|سانت|سينت|دي) )"
_DUTCH_STREET = re.compile(
    rf"(?<!\w){_SMALL}{{0,2}}(?:[^\W\d]{{3,}} {_ENDS}|[^\W\d]{{3,}} لان(?= {_MARK}?\d| {_MARK})"
    rf"|[^\W\d]{{3,}} لان(?= {_SPOKEN}(?: ?[.،,\n]|$| (?:ال)?طابق| ب))"
    rf"|[^\W\d]{{3,}}(?:{_ENDS}(?<!فيخ)))(?: {_MARK}?{_NUMBER})?(?!\w)"
    r"|(?<!\w)[^\W\d]{3,}(?:لان|فيخ|هوف|دايك)"
    rf" (?:{_MARK}?\d{{1,4}}{_LETTER}|{_MARK}{_SPOKEN})(?!\w)"
    r"|(?<=شارع )[^\W\d]{3,}(?:لان|فيخ|هوف|دايك)"
    rf"(?: {_SPOKEN})?(?!\w)"
)
_STOREY = re.compile(
    r"(?<!\w)[وبلف]?(?:ال)?(?:دور|طبق[ةه]|طابق) (?:ال)?(?:[أا]ول[ىي]?|[أا]رضي[ةه]?"
    r"|[ثت]اني[ةه]?|[ثت]ال[ثت][ةه]?|رابع[ةه]?|خامس[ةه]?|سادس[ةه]?|سابع[ةه]?|[ثت]امن[ةه]?|تاسع[ةه]?|عاشر[ةه]?)(?!\w)"
    r"|(?<!\w)ط \d{1,2}(?!\w)"
)
_LATIN_STREET = re.compile(
    r"(?<![\w-])[A-Z][\w'’.-]{2,30}(?: (?:van|de|der|den|het|'t|[A-Z][\w'’-]{2,30})){0,4}"
    r" (?!(?:19|20)\d\d(?!\d))\d{1,4}"
    r"(?:-(?:\d{1,3}|[IVX]{1,3}|hs|bis|[A-Za-z])\b|(?: ?(?:hs|bis|huis|rood|zwart|[A-Za-z]))\b)?"
    r"(?:,? (?:kamer|k\.?|app\.?|appartement|unit|flat) ?\d{1,4})?(?![\w%€.,:/-]*\d)"
    r"(?! ?(?:يورو|سن|شهر|يوم|%|€))"
)
"""Between Arabic letters a Dutch name and a number are a street and a house."""


def addresses(text: str) -> Iterator[Finding]:
    """All that says where somebody lives. Digits must be Western."""
    for found in _DUTCH_STREET.finditer(text):
        start = found.start() - len("شارع ") * text.endswith("شارع ", 0, found.start())
        yield Finding(start, found.end(), "ADDRESS", "address")
    for pattern in (_STREET, _HOUSE, _LATIN_STREET, _STOREY, _ROOM):
        for found in pattern.finditer(text):
            yield Finding(*found.span(), "ADDRESS", "address")
