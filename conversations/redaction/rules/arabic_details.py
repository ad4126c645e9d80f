"""Arabic script: dates, births, ages, streets, and organisations with a name of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.redaction.findings import Finding
from conversations.redaction.rules.arabic_addresses import addresses

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
    r"(?<!\w)ب?(?:[أا]ول|واحد|[اأ]?ثنين|تنين|[ثت]لا[ثت][ةه]?|[أا]ربع[ةه]?|خمس[ةه]?|ست[ةه]?|سبع[ةه]?"
    r"|[ثت]ماني[ةه]?|تسع[ةه]?|عشر[ةه]?)(?: و(?:عشرين|تلاتين|ثلاثين))?"
)
_YEAR = (
    r"(?:[اأ]لف و ?تسع(?:مي[ةه]|مئ[ةه]|مائ[ةه])|[اأ]لفين)"
    r"(?: ?و ?(?:\w{2,5}(?:طعشر?|تعشر?|طاشر?)|[اأإثتلبعةهخمسينوحدار]{2,8}(?: ?و ?\w{2,6}ين)?))?"
)
"""A year in words ("ألف وتسعمية وتمانة وسبعين")."""
_DATE = re.compile(
    rf"(?<![\d.,/-])(?:{_DAY}|{_ORDINAL}|{_DAYS})(?: من)?(?: شهر)? {_MONTH}(?!\w)"
    rf"(?:[ /]\d{{4}}| (?:سن[ةه] |عام )?(?:\d{{4}}|{_YEAR}))?"
    rf"|(?<![\d.,/-]){_DAY}(?:[/.-]| / | - )(?:0?[1-9]|1[0-2])(?:[/.-]| / | - )(?:19|20)\d\d(?!\d)"
    rf"|(?<![\d.,/-])(?:19|20)\d\d[/.-](?:0?[1-9]|1[0-2])[/.-]{_DAY}(?!\d)"
)
_BIRTH = (
    r"(?:[وفلب]{0,2}(?:ال)?(?:(?:[اإ]ن|[اإ]ت)?ولد(?:ت|تي|نا|و|وا)?|مولود\w*|مواليد\w{0,2}|ولاد[ةه]|ميلاد\w*"
    r"|[اإ]?ن?خلق\w*|تولد\w*|مزيود\w*|مزداد\w*|تزاد\w*)|(?:من )?جيل)"
)
"""What says that somebody was born."""
_BORN = re.compile(rf"(?<!\w){_BIRTH}\W+(?:[^\W\d]+\W+){{0,4}}$")
_SINCE = r"(?:(?:في |ف |ب)?(?:عام|سن[ةه]) ?|ال)?"
_TENS = r"(?:عشر|[ثت]لا?[ثت]|[أا]ربع|خمس|ست|سبع|[ثت]ما?ن|تسع)(?:ين|ون|ينات)"
_SHORT_YEAR = (
    rf"(?:(?:واحد|[اإ]?[ثت]نين|[ثت]لا?[ثت][ةه]|[أا]ربع[ةه]|خمس[ةه]|ست[ةه]|سبع[ةه]|[ثت]ما?ني?[ةه]|تسع[ةه])"
    rf" ?و ?{_TENS}|(?:ال)?{_TENS}|ال[أا]لفين)"
)
"""A year of a century in words ("خمسة وثمانين")."""
_BIRTH_YEAR = re.compile(
    rf"(?<!\w)(?:{_BIRTH}\W+(?:(?:عام|سن[ةه]) )?"
    rf"(?P<short>(?:ال)?['’]?\d\d)(?![\d/.-]| ?(?:سن|عام|شهر|يوم|[أا]سبوع|طفل|ولد))"
    rf"|(?:مواليد\w{{0,2}}|جيل)\W+(?P<said>{_SINCE}{_SHORT_YEAR})(?!\w)"
    rf"|{_BIRTH}\W+(?P<since>(?:(?:في |ف |ب)?(?:عام|سن[ةه]) ){_SHORT_YEAR})(?!\w)"
    rf"|{_BIRTH}\W+(?:[^\W\d]+\W+){{0,3}}?"
    rf"(?P<year>(?:(?:عام|سن[ةه]) )?(?:(?:19|20)\d\d(?!\d)|{_YEAR}(?!\w))))"
    r"|(?<![\w/.-])(?P<papers>(?:19[2-9]|20[01])\d)(?= (?:مكتوب\w*|مسجل\w*|حسب|على|ف|في|بال?)"
    r"[^\W\d]*(?: [^\W\d]+)?(?: (?:ال|بال|فال)?(?:باسبور\w*|جواز|هوي[ةه]|بطاق[ةه])|(?<=باسبور)))"
)
_SPOKEN_BIRTH = re.compile(rf"{_DAYS} {_DAYS} {_SHORT_YEAR}(?!\w)")
"""A day, a month and a year of a century, all in words ("عشرة عشرة اتنين وخمسين")."""
_AND_TENS = re.compile(rf" و ?{_TENS}")
_BIRTH_WORDS = (
    *("ولد", "مولود", "مواليد", "ولاد", "ميلاد", "خلق", "مزيود", "مزداد", "تزاد", "جيل"),
    *("باسبور", "جواز", "هوي", "بطاق"),
)
"""One of which every birth year stands beside."""
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
    born_here = any(map(text.__contains__, _BIRTH_WORDS))
    for found in _BIRTH_YEAR.finditer(text) if born_here else ():
        yield Finding(*found.span(found.lastgroup or 0), "BIRTHDATE", "birth")
    for found in _SPOKEN_BIRTH.finditer(text) if _AND_TENS.search(text) else ():
        yield Finding(*found.span(), "BIRTHDATE", "birth")
    for pattern in _AGES:
        for found in pattern.finditer(text):
            yield Finding(*found.span("age"), "AGE", "age")
    yield from addresses(text)
    for found in _CALLED.finditer(text):
        yield Finding(*found.span(found.lastgroup or 0), "ORG", "name")
