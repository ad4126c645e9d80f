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
_WAY = r"(?:[وفبل]?(?:شارع|زنق[ةه]|طريق|ساح[ةه]|زقاق|جاد[ةه]|درب|حار[ةه]|نهج|ممر|ميدان|لارو))"
_NAMED = r"(?:[^\W\d](?:[^\W\d]|[\u064b-\u0652])*)"
_STREET = re.compile(
    rf"(?<!\w){_WAY} (?:{_NAMED}[ ،,]{{1,2}}){{1,4}}?"
    rf"(?:{_MARK}?\d{{1,4}}(?:-\d{{1,3}}(?!\d)|{_LETTER})|{_MARK}{_SPOKEN})(?!\w|[./]\d)"
    rf"|(?<!\w){_WAY} (?:رقم )?\d{{1,4}} {_NAMED}"
    rf"|(?<![\w./-])\d{{1,4}}[ ،,]{{1,2}}{_WAY} {_NAMED}"
    rf"(?: (?!(?:في|ف|ب|من|مع|عند|على|و|ال?دور|ال?طابق|ال?طبق[ةه])(?!\w)|[بوف]\w){_NAMED})?"
    rf"|(?:(?:ساكن\w*|[ين]سكن\w*|عايش\w*|نحنا|[اإ]حنا|همه|هني) ب ?|(?<!\w)(?:ب|ف)الرقم )\d{{1,4}}"
    r"(?![\w./-]| ?(?:يورو|سن|شهر|[أا]شهر|متر|غرف|[أا]شخاص|نفر))"
    rf"|(?<!\w)(?:ال)?(?:قرن[ةه]|زاوي[ةه]) (?:(?:ديال|تاع|تبع|بين) )?"
    rf"[A-Z][\w-]+ (?:و ?|مع )[A-Z][\w-]+"
)
_STREET_WORDS = (
    *("شارع", "زنق", "طريق", "ساح", "زقاق", "جاد", "درب", "حار", "نهج", "ممر", "ميدان", "لارو"),
    *("سكن", "ساكن", "عايش", "حنا", "همه", "هني", "الرقم", "قرن", "زاوي"),
)
"""One of which every one of them holds."""
_ROOM = re.compile(
    r"(?:[وبلف]?(?:ال)?(?:طابق|غرفة|شقة|باب|بيت) (?:رقم )?\d{1,4}[a-z]?"
    r"|(?<![\w-])\d{1,4} ?(?:bis|hs|huis))(?!\w)"
)
_HOUSE = re.compile(
    r"(?<!\w)(?:[وبلف]?(?:ال)?(?:نمر[ةه]|نمرت\w{1,3}|بناي(?:[ةه]|ت\w{1,3})|عمار(?:[ةه]|ت\w{1,3})"
    r"|غرف(?:[ةه]|ت\w{1,3})|شق(?:[ةه]|ت\w{1,3})|باب\w{0,3}|بيت\w{0,3}|دار(?:ي|نا|هم|ها|و)?"
    r"|طابق|قاع[ةه]|كامب|بلوك|فيلا|كرفان\w{0,2}|خيم[ةه]))(?: (?:د|ديال|تاع|تبع) \w+)?"
    r"(?: رقم\w{0,2})?(?: هو)? "
    r"(?:[A-Z]-?\d{1,4}|\d{1,4}(?: ?(?:مكرر|[A-Za-z]|[أ-ي](?!\w)))?)"
    r"(?: (?:ال)?طابق (?:ال)?\w+(?: (?:يسار|يمين))?)?(?!\w|[.,/-]\d"
    r"| ?(?:يورو|متر|سن[ةه]|سنين|شهر|[أا]شهر|غرف|[أا]شخاص|نفر|%|ألف|الف))"
    r"|رقم \d{1,3}(?: ?[A-Za-z](?!\w)| ?[أ-ي](?!\w))?(?![\w./-])"
    rf"|(?<=رقم )(?!واحد){_SPOKEN}"
    r"|(?<!\w)رقم (?:بيتي|بيتنا|بيته|بيتها|داري|دارنا|الدار|البيت|الباب|بابي)"
    rf"(?: هو)? (?:\d{{1,4}}{_LETTER}|{_SPOKEN})"
)
_ENDS = (
    r"(?:[سشص][تط](?:را{1,2}|ا{1,2}ر)[تطد](?: ?[وف]ي[خغ])?|ستريت|كادي|كاد[هة]|[خغهكق]را[خك][تط]"
    r"|بلا?ين|سين[خغج]ل|سنخل|دريف|درايف|[وفڤ]ي[خغ]|بلاتس|هوفيه|ستي[خغ]|بلانت?سون)"
)
_PERHAPS = r"(?:لان|لاين|لاان|فيخ|ويخ|هوف|دا?يك|بارك|فيلد|هيل|باد|ماركت|وال|سايد|زايد)"
"""How a street may end, and a word as well: a number tells them apart."""
_SMALL = r"(?:(?:فان دي?ن|فان دي?ر|فان|بورخميستر|برينس|كونينغين|سانت|سينت|دي|هيت|أوده|اوده|نيوه) )"
_HOUSE_AT = rf"(?:[ ,]{{1,2}}{_MARK}?{_NUMBER}(?:[ -](?:هويس|هاوس|هوز|بيس|huis|hs|bis)(?!\w))?)"
_HOUSE_SURE = rf"(?:[ ,]{{1,2}}(?:{_MARK}?\d{{1,4}}{_LETTER}|{_MARK}{_SPOKEN}))"
_DUTCH_STREET = re.compile(
    rf"(?<!\w)(?!ماركت )(?:{_SMALL}{{1,2}}(?:[^\W\d]{{3,}} )?[^\W\d]{{2,}}|[^\W\d]{{3,}}) ?{_ENDS}"
    rf"{_HOUSE_AT}?(?!\w)"
    rf"|(?<!\w)(?:{_SMALL}{{1,2}}(?:[^\W\d]{{3,}} )?[^\W\d]{{2,}} ?|[^\W\d]{{3,}})"
    rf"{_PERHAPS}{_HOUSE_SURE}(?!\w)"
    rf"|(?<!\w)[^\W\d]{{3,}} لان{_HOUSE_SURE}(?!\w)"
    rf"|(?<!\w)[^\W\d]{{3,}} لان(?= {_SPOKEN}(?: ?[.,\n]|$| (?:ال)?طابق| ب))(?: {_SPOKEN})"
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
    if any(map(text.__contains__, _STREET_WORDS)):
        for found in _STREET.finditer(text):
            yield Finding(*found.span(), "ADDRESS", "address")
    for pattern in (_HOUSE, _LATIN_STREET, _ROOM):
        for found in pattern.finditer(text):
            yield Finding(*found.span(), "ADDRESS", "address")


def storeys(text: str) -> Iterator[Finding]:
    """Floors, which say where somebody lives only beside who it is, or beside the street."""
    for found in _STOREY.finditer(text):
        yield Finding(*found.span(), "ADDRESS", "address")
