"""Exact dates, dates of birth and ages. Months, weekdays, years and durations stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.redaction.findings import Finding, Findings
from conversations.redaction.rules.standing import Standing
from conversations.wordlist.fold import words_in

_MONTHS = (
    r"(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    r"|january|february|march|may|june|july|august|october"
    r"|jan|febr|feb|mrt|apr|jun|jul|aug|sept|sep|okt|nov|dec)\b\.?"
)
_YEAR = r"(?:19|20)\d{2}|['’]\d{2}"
_DATE = re.compile(
    rf"(?<![\d.,/-])(?:"
    rf"(?:0?[1-9]|[12]\d|3[01])(?:e|ste|de|st|nd|rd|th)? (?:of )?{_MONTHS}(?: (?:{_YEAR}))?"
    rf"|{_MONTHS} (?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,? (?:{_YEAR})"
    rf"|(?:0?[1-9]|[12]\d|3[01])(?P<sep>[-/.])(?:0?[1-9]|1[0-2])(?P=sep)(?:(?:19|20)\d{{2}}"
    rf"|['’]?\d{{2}})"
    rf"|(?:19|20)\d{{2}}(?P<part>[-/.])(?:0?[1-9]|1[0-2])(?P=part)(?:0?[1-9]|[12]\d|3[01])"
    rf"|(?:0[1-9]|[12]\d|3[01]) (?:0[1-9]|1[0-2]) (?:19|20)\d{{2}}"
    rf"|(?<=geboren )\d{{1,2}} \d{{1,2}} (?:(?:19|20)\d{{2}}|['’]?\d{{2}})"
    rf")(?![\d/]|[.,-]\d)(?<![.,])",
    re.IGNORECASE,
)
_SHORT_DATE = re.compile(
    r"\b(?:op|sinds|vanaf|tot|van|dd|d\.d\.) "
    r"(?P<date>(?:0?[1-9]|[12]\d|3[01])[-/](?:0?[1-9]|1[0-2]))"
    r"(?![\d/-])"
)
_DAY_IN_WORDS = re.compile(
    rf"\b(?P<date>(?:eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|tiende|elfde"
    rf"|twaalfde|dertiende|veertiende|vijftiende|twintigste|een|twee|drie|vier|vijf|zes|zeven|acht"
    rf"|negen|tien|elf|twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien"
    rf"|twintig"
    rf"|(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen)(?:en|ën)twintig|dertig|eenendertig)"
    rf" (?=[^\W\d]{{4}}){_MONTHS}(?: (?:{_YEAR}))?)",
    re.IGNORECASE,
)
_DAYS = words_in("""
    eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende
    veertiende vijftiende twintigste een twee drie vier vijf zes zeven acht negen tien elf twaalf
    dertien veertien vijftien zestien zeventien achttien negentien twintig dertig eenendertig
""").union(
    f"{unit}{link}twintig"
    for unit in words_in("een één twee drie vier vijf zes zeven acht negen")
    for link in ("en", "ën")
)
"""The words that a day in words begins with."""
_BORN = re.compile(
    r"(?:\b(?:geboren|geb|geboortedatum|jarig|geboortedag|verjaardag|born|birthday)\b\W*"
    r"(?:[\w']+\W+){0,4}|\b(?:ik ben|hij is|zij is|ze is|ben ik|is hij|is ze) van )$",
    re.IGNORECASE,
)
_BORN_AFTER = re.compile(r"\W{1,3}(?:\w+ ){0,2}(?:geboren|jarig)\b", re.IGNORECASE)
_BIRTH_YEAR = re.compile(
    rf"\b(?:geboren|geb\.?|bouwjaar|geboortejaar|ben van|is van)(?: (?:in|uit|is))?"
    rf"(?: {_MONTHS})? (?P<year>19\d\d|20[012]\d)\b",
    re.IGNORECASE,
)

_UNITS = "een|één|twee|drie|vier|vijf|zes|zeven|acht|negen"
_TENS = "twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig"
_NUMBER = (
    rf"(?:1[0-1]\d|\d{{1,2}}|(?:{_UNITS})(?:en|ën)(?:{_TENS})|{_TENS}|{_UNITS}|tien|elf|twaalf"
    r"|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien|honderd)"
)
_YEARS = r"(?:jaar|jr|jaartjes|maanden|years)"
_NOT_AGE = r"(?! ?(?:euro|uur|minuten|procent|%|dagen|weken|keer|maal))"
_STAYS = (
    r"geleden|lang|later|samen|getrouwd|gescheiden|bezig|werkzaam|in dienst|ziek|weduwe|weduwnaar"
    r"|mantelzorg\w*|vrijwillig\w*|werkloos|lid|thuis|clean|nuchter|weg|dood|terug|schoon|hier|daar"
    r"|wonen|gewoond|gewerkt|garantie|verder|achter elkaar|bij|in de|in een|alleen|vast|dakloos"
    r"|gewacht|wachten|verhuurd|verslaafd|single|vriend\w*|buren|collega\w*|onderweg|eerder"
    r"|een (?:vrouw|man|meisje|jongen)|ervaring|uitstel|cel|gevangenis\w*|sinds|aan het|op de"
    r"|op een|huurder|klant|dicht|open"
)
_WHEN = (
    r"(?:nu |net |pas |bijna |al |ook |maar |nog |toen |inmiddels |ondertussen |morgen |binnenkort "
    r"|(?:deze|volgende|vorige) (?:week|maand) )"
)
_WHOSE = (
    "zoon|zoontje|dochter|dochtertje|kind|kleinkind|kleinzoon|kleindochter|jongen|jongetje|meisje"
    "|man|vrouw|meneer|mevrouw|moeder|vader|oma|opa|broer|broertje|zus|zusje|baby|peuter|kleuter"
    "|puber|client|cliënt|cliënte|buurman|buurvrouw|kinderen|jongens|meiden|dame|heer|tweeling"
    "|drieling"
)
_WHOSE_FIRST = frozenset(word[:3] for word in _WHOSE.split("|"))
"""How those words begin, behind which an age may be written at once ("zoon5")."""
_AGES = (
    re.compile(
        rf"\b(?:(?:ik|hij|zij|ze) (?:ben|is|was|word|wordt|werd)"
        rf"|(?:ben|is|was|word|wordt|werd) (?:ik|hij|zij|ze)) {_WHEN}{{0,2}}"
        rf"(?P<age>(?!1\d\d|een|één|twee|drie|vier|\d(?!\d)){_NUMBER})"
        r"(?=[.,!?;]|$| (?:en|maar|dus) | geworden\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<age>{_NUMBER}[- ]?(?:jarige?n?|jaar oude?|jaar jong|years? old))\b", re.IGNORECASE
    ),
    re.compile(
        r"\b(?:ben|is|bent|was|waren|word|wordt|werd|werden|geworden|zijn|nu|pas|net|bijna|van"
        r"|leeftijd|leeftijd van|am|turned) (?:nu |net |pas |bijna |al |ook |maar |ongeveer "
        r"|rond de |toen |inmiddels |ondertussen )*"
        rf"(?P<age>{_NUMBER} {_YEARS})\b(?! (?:{_STAYS}))",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:toen|omdat|dat|nu|als) (?:ik|hij|zij|ze|mijn \w+) "
        rf"(?:nog )?(?:maar )?(?P<age>{_NUMBER}(?: {_YEARS})?) "
        rf"(?:was|werd|ben|is|wordt)\b{_NOT_AGE}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:ik ben|hij is|zij is|ze is|ben je|i am|i'm) "
        r"(?:nu |net |pas |bijna |al |ook |maar |inmiddels )*"
        r"(?P<age>\d{2})(?=[.,!?;]|$| (?:en|maar|dus|geworden|and)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:{_WHOSE})"
        rf"(?!(?<=der) van (?:{_UNITS}|\d)(?! ?(?:{_YEARS}|\d)))"
        rf",?(?: van| is| \()? ?(?P<age>{_NUMBER}(?: {_YEARS})?)(?: en {_NUMBER}(?: {_YEARS})?)?"
        rf"(?=[.,!?;)]|$| (?:en|die|dat|met|is|heeft|had|was|woont|zit|wil|kan|moet|gaat|zegt"
        r"|praat|slaapt|huilt|speelt|loopt|eet|leert|kwam|ging|zat|zei|vroeg)\b)"
        rf"{_NOT_AGE}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:kinderen|zonen|dochters|jongens|meisjes|kids) (?:\(|zijn |van )+"
        rf"(?P<age>\d{{1,2}}(?:, \d{{1,2}})* en \d{{1,2}}(?: {_YEARS})?)(?!\w)"
        rf"{_NOT_AGE}",
        re.IGNORECASE,
    ),
)
_DIGITS = tuple("0123456789")
_YEARS_OLD = ("jaar", "jr", "maanden", "year", "jarig")
_AGED = ("jarig", "jaar oud", "jaar jong", "year old", "years old")
_AGES_NEED = ((), _AGED, _YEARS_OLD, (), _DIGITS, (), _DIGITS)
"""What one of must stand in a text with such an age; nothing where any text may hold one."""
_AGES_BEGIN = (
    words_in("ik hij zij ze ben is was word wordt werd"),
    None,
    words_in("""
        ben is bent was waren word wordt werd werden geworden zijn nu pas net bijna van leeftijd am
        turned
    """),
    words_in("toen omdat dat nu als"),
    words_in("ik hij zij ze ben i"),
    _WHOSE_FIRST,
    words_in("kinderen zonen dochters jongens meisjes kids"),
)
"""The words with which such an age begins, where a space stands behind them."""
_AGE_BEHIND_NAME = re.compile(
    rf"(?: (?P<bare>{_NUMBER} {_YEARS})\b|,? van (?P<of>{_NUMBER}(?: {_YEARS})?)(?![\w:]| tot\b)"
    rf"|(?:, | \(|,? (?:is|was)(?: toen| nu| pas| net)? )"
    rf"(?P<age>{_NUMBER}(?: {_YEARS})?)(?=[.,!?;)]|$| (?:en|die|dat|jaar)\b))"
    rf"{_NOT_AGE}(?! (?:{_STAYS}))",
    re.IGNORECASE,
)


_YEAR_BEHIND_NAME = re.compile(r" ?\((?P<year>19[2-9]\d|20[012]\d)\)")
_SHORT_BIRTH_YEAR = re.compile(
    r"\b(?:geb\.?|geboren|bouwjaar|bj|geboortejaar|van|uit|jaargang|is van|born|do[ğg]umlu"
    r"|do[ğg]um)(?: in| jaar)?:? (?P<year>['’‘`]\d\d)\b(?!['’])"
    r"|(?<!\w)(?P<before>['’‘`]\d\d)(?= (?:do[ğg]umlu|geboren))",
    re.IGNORECASE,
)
_MONTH_OF_YEAR = re.compile(rf"\b(?P<date>{_MONTHS} (?:{_YEAR}))(?!\d)", re.IGNORECASE)


def dates(at: Standing) -> Iterator[Finding]:
    """Days of the calendar, as births where the text says so."""
    text = at.text
    if at.digits:
        yield from (_day(text, *found.span()) for found in _DATE.finditer(text))
        yield from (_day(text, *found.span("date")) for found in _SHORT_DATE.finditer(text))
    yield from (_day(text, *found.span()) for found in at.found(_DAY_IN_WORDS, _DAYS))
    if not at.digits:
        return
    for found in _SHORT_BIRTH_YEAR.finditer(text):
        yield Finding(*found.span(found.lastgroup or 0), "BIRTHDATE", "birth")
    for found in _MONTH_OF_YEAR.finditer(text):
        yield Finding(*found.span("date"), "DATE", "date")
    for found in _BIRTH_YEAR.finditer(text):
        yield Finding(*found.span("year"), "BIRTHDATE", "birth")


def _day(text: str, start: int, end: int) -> Finding:
    born = _BORN.search(text, max(0, start - 60), start) or _BORN_AFTER.match(text, end)
    return Finding(start, end, *(("BIRTHDATE", "birth") if born else ("DATE", "date")))


def ages(at: Standing, found: Findings) -> Iterator[Finding]:
    """How old someone is: by the words around it, or right behind a name found before."""
    text = at.text
    for pattern, needed, begins in zip(_AGES, _AGES_NEED, _AGES_BEGIN, strict=True):
        if needed and not at.holds(*needed):
            continue
        beginning = _beginning(at, begins)
        for age in pattern.finditer(text) if beginning is None else at.found(pattern, beginning):
            yield Finding(*age.span("age"), "AGE", "age")
    for finding in found.sorted():
        if finding.kind == "PER" and (behind := _AGE_BEHIND_NAME.match(text, finding.end)):
            yield Finding(*behind.span(behind.lastgroup or 0), "AGE", "age")
        elif finding.kind == "PER" and (year := _YEAR_BEHIND_NAME.match(text, finding.end)):
            yield Finding(*year.span("year"), "BIRTHDATE", "birth")


def _beginning(at: Standing, begins: frozenset[str] | None) -> frozenset[str] | None:
    """With which words of this text an age begins; None for any."""
    if begins is _WHOSE_FIRST:
        return frozenset(word for word in at.places if word[:3] in begins)
    return begins
