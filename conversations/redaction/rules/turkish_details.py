"""Turkish: days of the calendar, births and ages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.redaction.findings import Finding

_MONTH = r"(?:ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DATE = re.compile(
    rf"(?<![\d.,/-])(?:{_DAY}[ .]{{1,2}}{_MONTH}(?:['’]?[dt][ae]n?\w*|['’]?[ıiuü]\w{{0,4}})?"
    rf"(?: (?:19|20)\d\d)?\b|{_DAY}[./-](?:0?[1-9]|1[0-2])[./-](?:19|20)\d\d(?!\d))",
    re.IGNORECASE,
)
_BORN_BEHIND = re.compile(
    r"['’]?\w{0,4}(?: (?:tarihinde|günü|yılında))? do[ğg](?:um|du|an|mu)", re.IGNORECASE
)
_BORN_BEFORE = re.compile(r"do[ğg]um (?:tarihi\w*|günü\w*)\W+(?:\w+\W+){0,2}$", re.IGNORECASE)
_BIRTH_YEAR = re.compile(
    r"\b(?P<year>(?:19|20)\d\d)(?= (?:yılında )?do[ğg](?:um|du|an|mu))|"
    r"\bdo[ğg]um yıl\w* (?P<later>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_UNITS = "bir|iki|[üu]ç|[üu]c|d[öo]rt|be[şs]|alt[ıi]|yedi|sekiz|dokuz"
_TENS = "on|yirmi|otuz|k[ıi]rk|elli|altm[ıi][şs]|yetmi[şs]|seksen|doksan"
_SPOKEN = (
    rf"(?:(?:(?:{_UNITS}) )?y[üu]z(?: (?:{_TENS}))?(?: (?:{_UNITS}))?"
    rf"|(?:{_TENS})(?: (?:{_UNITS}))?|{_UNITS})"
)
"""The number of a house, as it is spoken."""
_AGE = re.compile(
    rf"\b(?:\d{{1,3}}|(?:{_TENS})(?: (?:{_UNITS}))?|{_UNITS}) yaş(?:ı|i|la|ta|ım)\w*", re.IGNORECASE
)


_HOUSE = re.compile(
    rf"\b(?:oda|odası|odasi|kat|kapı|kapi|daire|ofis|lokaal|kamer|bina)(?: no| numara)? "
    rf"\d{{1,4}}(?:\.\d{{1,3}})?[a-z]?\b"
    rf"|\bblok [A-Za-z0-9](?:,? (?:kamer|oda|kat|daire) \d{{1,4}})?\b"
    rf"|\bnumara(?:mız|miz|sı|si|m)?:? (?:{_SPOKEN}"
    rf"|\d{{1,4}}(?:/\d{{1,3}})?(?: ?[a-z](?!\w))?)\b(?![ .-]?\d)"
    rf"|\b(?:birinci|ikinci|üçüncü|ucuncu|dördüncü|dorduncu|beşinci|besinci|altıncı|yedinci"
    rf"|sekizinci|dokuzuncu|onuncu) kat(?:ta|tan|a|ın|ında|ımızda)?\b"
    rf"|\b(?:\d{{1,4}}[a-z]?|{_SPOKEN})"
    r"(?= numara(?:da|lı|li|ya|dan|sı\w*|si\w*)?\b)",
    re.IGNORECASE,
)

_BEHIND_STREET = re.compile(
    r"\b[^\W\d]+(?:straat|laan|plein|gracht|kade|singel|weg|dijk|hof|dreef|steeg|pad)"
    r"(?:['’]?(?:[ıiuü]n|t[ae]|d[ae])| ?(?:üzerinde|no|nr))?,? "
    rf"(?P<house>{_SPOKEN}(?:,? yani \d{{1,4}}| numara(?!\w))?)"
    r"(?:['’]?(?:t[ae]|d[ae])n?\b|(?= numara)|(?=[.,;)]|$))",
    re.IGNORECASE,
)
"""A number in words behind a Dutch street."""


def details(text: str) -> Iterator[Finding]:
    """Days of the calendar, births and ages, and numbers of houses and rooms."""
    for found in _DATE.finditer(text):
        start, end = found.span()
        born = _BORN_BEHIND.match(text, end) or _BORN_BEFORE.search(text, max(0, start - 40), start)
        yield Finding(start, end, *(("BIRTHDATE", "birth") if born else ("DATE", "date")))
    for found in _BIRTH_YEAR.finditer(text):
        yield Finding(*found.span(found.lastgroup or 0), "BIRTHDATE", "birth")
    for found in _AGE.finditer(text):
        yield Finding(*found.span(), "AGE", "age")
    for found in _BEHIND_STREET.finditer(text):
        yield Finding(*found.span("house"), "ADDRESS", "address")
    for found in _HOUSE.finditer(text):
        yield Finding(*found.span(), "ADDRESS", "address")
