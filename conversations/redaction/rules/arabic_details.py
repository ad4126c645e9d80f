"""Arabic script: dates, births, ages, streets, and organisations with a name of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.redaction.findings import Finding

WRITTEN = re.compile("[\u0620-\u064a]{2}")
"""Letters of the script."""

_MONTH = (
    r"(?:يناير|فبراير|مارس|[أا]بريل|[إا]بريل|مايو|يونيو|يونيه|يوليو|يوليوز|[أا]غسطس|غشت|سبتمبر"
    r"|شتنبر"
    r"|[أا]كتوبر|نوفمبر|نونبر|ديسمبر|دجنبر|كانون (?:الثاني|الأول|الاول)|شباط|[آا]ذار|نيسان|[أا]يار"
    r"|حزيران|تموز|[آا]ب|[أا]يلول|تشرين (?:الأول|الاول|الثاني)"
    r"|جانفي|فيفري|أفريل|ماي|جوان|جويلية|أوت)"
)
_ORDINAL = (
    r"(?:الأول|الاول|الثاني|الثالث|الرابع|الخامس|السادس|السابع|الثامن|التاسع|العاشر"
    r"|الحادي|العشرين|الثلاثين)(?: عشر)?(?: والعشرين| والعشرون| والثلاثين)?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DAYS = (
    r"(?<!\w)ب?(?:واحد|[اأ]?ثنين|تنين|[ثت]لا[ثت][ةه]?|[أا]ربع[ةه]?|خمس[ةه]?|ست[ةه]?|سبع[ةه]?"
    r"|[ثت]ماني[ةه]?|تسع[ةه]?|عشر[ةه]?)(?: و(?:عشرين|تلاتين|ثلاثين))?"
)
_DATE = re.compile(
    rf"(?<![\d.,/-])(?:{_DAY}|{_ORDINAL}|{_DAYS})(?: من)?(?: شهر)? {_MONTH}(?!\w)(?:[ /]\d{{4}})?"
    rf"|(?<![\d.,/-]){_DAY}[/.-](?:0?[1-9]|1[0-2])[/.-](?:19|20)\d\d(?!\d)"
    rf"|(?<![\d.,/-])(?:19|20)\d\d[/.-](?:0?[1-9]|1[0-2])[/.-]{_DAY}(?!\d)"
)
_BORN = re.compile(r"(?:ولد\w*|مولود\w*|مواليد|ميلاد\w*|خلق\w*)\W+(?:[^\W\d]+\W+){0,4}$")
_BIRTH_YEAR = re.compile(
    r"(?:مواليد|ولد|ولدت)\W+(?:عام |سنة )?['’]?(?P<short>\d\d)(?![\d/.-])|"
    r"(?:ولد\w*|مولود\w*|مواليد|ميلاد\w*|خلق\w*)\W+(?:[^\W\d]+\W+){0,3}(?P<year>(?:19|20)\d\d)(?!\d)"
)
_COUNT = (
    r"(?:\d{1,3}|(?:[أا]?حد[ىي]? |[إا]حدى |اثنا |اثنتا )?"
    r"(?:ثلاث|أربع|اربع|خمس|ست|سبع|ثماني|ثمان|تسع|عشر)ة?(?: عشر[ةه]?)?"
    r"(?: و(?:عشر|ثلاث|أربع|اربع|خمس|ست|سبع|ثمان|تسع)(?:ون|ين))?"
    r"|(?:عشر|ثلاث|أربع|اربع|خمس|ست|سبع|ثمان|تسع)(?:ون|ين))"
)
_YEARS = r"(?:سن[ةه]|سنوات|سنين|عام[اًا]{0,2}|[أا]عوام|شهر[اًا]{0,2}|[أا]شهر)(?!\w)"
_AGES = (
    re.compile(rf"(?:عمر|سن)\w{{0,3}}\W(?:[^\W\d]+\W){{0,2}}?(?P<age>{_COUNT} {_YEARS})"),
    re.compile(r"(?:عمر\w{1,2}|عمر \w+)\W(?P<age>\d{1,3})(?![\d/.-])"),
    re.compile(rf"(?<!\w)(?P<age>{_COUNT} {_YEARS}) من (?:ال)?عمر"),
    re.compile(rf"(?<!\w)(?:ابن|بنت|طفل|طفلة|ولد) (?P<age>{_COUNT} {_YEARS})"),
)
_STREET = re.compile(
    r"(?<!\w)(?:شارع|طريق|ساحة|زقاق|جادة) (?:[^\W\d]+ ){1,3}(?:رقم )?\d{1,4}(?:\s?[A-Za-z])?(?!\w)"
)
_ROOM = re.compile(
    r"(?:[وبلف]?(?:ال)?(?:طابق|غرفة|شقة|باب|بيت) (?:رقم )?\d{1,4}[a-z]?"
    r"|(?<![\w-])\d{1,4} ?(?:bis|hs|huis))(?!\w)"
)
_NUMBERS = (
    r"(?:واحد|اثنين|تنين|ثلاث[ةه]|تلات[ةه]|[أا]ربع[ةه]|خمس[ةه]|ست[ةه]|سبع[ةه]|ثماني[ةه]"
    r"|تماني[ةه]|تسع[ةه]|عشر[ةه])"
)
_HOUSE = re.compile(
    r"(?<!\w)(?:[وبلف]?(?:ال)?(?:نمر[ةه]|نمرت\w{1,3}|بناي[ةه]|عمار[ةه]|غرف[ةه]|شق[ةه]|باب|بيت"
    r"|دار|طابق|قاع[ةه]|كامب|بلوك))(?: (?:د|ديال) \w+)?(?: رقم)? "
    r"(?:[A-Z]-?\d{1,4}|\d{1,4}(?: ?(?:مكرر|[A-Za-z]|[أ-ي](?!\w)))?)"
    r"(?: (?:ال)?طابق (?:ال)?\w+(?: (?:يسار|يمين))?)?(?!\w)"
    r"|رقم \d{1,3}(?: ?[A-Za-z](?!\w)| ?[أ-ي](?!\w))?(?![\w./-])"
    rf"|(?<=رقم )(?:{_NUMBERS}(?: و\w+ين)?|\w+ين)(?!\w)"
)
_DUTCH_STREET = re.compile(
    r"(?<!\w)(?:(?:[^\W\d]{3,} )?(?:كادي|كاده|بلاين|دريف|لان(?= \d))"
    r"|[^\W\d]{3,}(?:سترات|ستراات|شترات|ستراد|كادي|خراخت|غراخت|بلاين|سينخل|سينغل|دريف))"
    r"(?: (?:رقم )?\d{1,4}(?: ?[a-zA-Zأ-ي](?!\w))?)?(?!\w)"
    r"|(?<!\w)[^\W\d]{3,}(?:لان|فيخ|هوف|دايك) (?:رقم )?\d{1,4}(?: ?[a-zA-Zأ-ي](?!\w))?(?!\w)"
    r"|(?<=شارع )[^\W\d]{3,}(?:لان|فيخ|هوف|دايك)(?!\w)"
)
_STOREY = re.compile(
    r"(?<!\w)[وبلف]?(?:ال)?(?:دور|طبق[ةه]|طابق) (?:ال)?(?:[أا]ول[ىي]?|[أا]رضي[ةه]?"
    r"|[ثت]اني[ةه]?|[ثت]ال[ثت][ةه]?|رابع[ةه]?|خامس[ةه]?|سادس[ةه]?|سابع[ةه]?|[ثت]امن[ةه]?|تاسع[ةه]?|عاشر[ةه]?)(?!\w)"
    r"|(?<!\w)ط \d{1,2}(?!\w)"
)
_LATIN_STREET = re.compile(
    r"(?<![\w-])[A-Z][\w'’.-]{2,30}(?: (?:van|de|der|den|het|'t|[A-Z][\w'’-]{2,30})){0,4}"
    r" (?!(?:19|20)\d\d(?!\d))\d{1,4}(?:-?[A-Za-z]\b|-\d{1,3})?(?![\w%€.,:/-]*\d)"
    r"(?! ?(?:يورو|سن|شهر|يوم|%|€))"
)
"""Between Arabic letters a Dutch name and a number are a street and a house."""
_CALLED = re.compile(
    r"(?:مدرسة|مدرستي|مسجد|جامع|كنيسة|مستشفى|عيادة|صيدلية|جمعية|مركز|شركة|جامعة|معهد|روضة|مؤسسة) "
    r"(?:[\"“«](?P<quoted>[^\"”»\n]{2,40})[\"”»]|(?P<latin>[A-Z][\w-]*(?: [A-Z][\w-]*){0,3}))"
)


def details(text: str) -> Iterator[Finding]:
    """Days of the calendar, births, ages, streets with a number, organisations with a name. Digits
    must be Western."""
    for found in _DATE.finditer(text):
        start, end = found.span()
        born = _BORN.search(text, max(0, start - 50), start)
        yield Finding(start, end, *(("BIRTHDATE", "birth") if born else ("DATE", "date")))
    for found in _BIRTH_YEAR.finditer(text):
        yield Finding(*found.span(found.lastgroup or 0), "BIRTHDATE", "birth")
    for pattern in _AGES:
        for found in pattern.finditer(text):
            yield Finding(*found.span("age"), "AGE", "age")
    for found in _DUTCH_STREET.finditer(text):
        start = found.start() - len("شارع ") * text.endswith("شارع ", 0, found.start())
        yield Finding(start, found.end(), "ADDRESS", "address")
    for found in _HOUSE.finditer(text):
        yield Finding(*found.span(), "ADDRESS", "address")
    for found in _STREET.finditer(text):
        yield Finding(*found.span(), "ADDRESS", "address")
    for found in _LATIN_STREET.finditer(text):
        yield Finding(*found.span(), "ADDRESS", "address")
    for pattern in (_STOREY, _ROOM):
        for found in pattern.finditer(text):
            yield Finding(*found.span(), "ADDRESS", "address")
    for found in _CALLED.finditer(text):
        yield Finding(*found.span(found.lastgroup or 0), "ORG", "name")
