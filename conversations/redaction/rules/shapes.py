"""What is recognised by its shape alone: addresses of machines, numbers of people and accounts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import phonenumbers
from stdnum import iban
from stdnum.nl import bsn

from conversations.redaction.findings import Finding
from conversations.redaction.rules.references import (
    long_numbers,
    numbers,
    plates,
    spoken_plates,
)
from conversations.redaction.rules.spoken import mails, phones
from conversations.redaction.rules.standing import Standing

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?@\s?[\w-]{1,64}(?:\.[\w-]{1,64}){1,6}", re.IGNORECASE
)
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]+[\w/]"
    r"|(?<![\w@.-])(?:[\w-]{1,64}\.){1,6}(?:nl|com|org|net|eu|be|info|io|app|me)(?:/[^\s<>\",]*\w)?(?![\w.-]*\w)",
    re.IGNORECASE,
)
_URL_HINTS = (
    *("://", "www.", ".nl", ".com", ".org", ".net", ".eu", ".be", ".info", ".io", ".app", ".me"),
)
_PUBLIC_URL = re.compile(
    r"^(?:https?://)?(?:[\w-]+\.)*(?:113|rijksoverheid|overheid|digid|thuisarts|kindertelefoon"
    r"|deluisterlijn|veiligthuis|uwv|svb|belastingdienst|google|facebook|whatsapp|marktplaats|bol)"
    r"\.(?:nl|com)/?$",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?<![\w@.])@[A-Za-z][\w.]*\w|(?<![\w@.#])[\w.]{3,32}#\d{4}(?!\w)|(?<![\w@.])[a-z][\w.]{0,30}_[\w.]{0,30}\w"
)
_HANDLE_SIGN = re.compile("[@_#]")
_HANDLE_CUE = re.compile(
    r"(?:\b(?:insta(?:gram)?|snap(?:chat)?|tiktok|twitter|facebook|telegram|discord"
    r"|gebruikersnaam)(?:['’]?[ıiuü]m|['’]?s[ıi])?|(?:عال|بال|ال)?[اإ]نستا(?:غرام|جرام)?ي?"
    r"|سناب(?: ?شات)?ي?|تيك ?توك|فيسبوك|تلغرام|تليجرام|اليوزر|يوزر[يه]?)"
    r"(?: (?:is|als|heet|ik|onder|naam|account|اسمي|اسمه|حسابي|تبعي|هو))*:? +"
    r"(?P<handle>(?=[\w.]*[\d._]\w)[a-z][\w.]{3,30}\w)",
    re.IGNORECASE,
)
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ .]?[A-Za-z0-9]{4}){2,7}(?:[ .]?[A-Za-z0-9]{1,3})?\b")
_DUTCH_IBAN = re.compile(r"\bNL\s?\d{2}\s?[A-Z]{4}(?:[ .]?\d){10}\b", re.IGNORECASE)
_BANK = re.compile(
    r"\bNL ?\d\d ?(?:ABNA|ASNB|BUNQ|FVLB|INGB|KNAB|RABO|RBRB|REVO|SNSB|TRIO)\b(?! ?\d{4})",
    re.IGNORECASE,
)
"""The beginning of an account; its other digits stand apart, and are a long number."""
_BSN = re.compile(r"(?<![\w+./-])\d(?:(?: ?[.–-] ?| )?\d){7,8}(?!\d)")
_BSN_CUE = re.compile(
    r"(?:\b(?:bsn|burgerservicenummer|sofi-?nummer)\b|(?:رقم(?: ال)?مواطن|الرقم الوطني|رقم وطني"
    r"|رقم الخدم[ةه]|بي ?[اإ]س ?[اإ]ن|سوفي)\w{0,3})[^\d\n]{0,25}$",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"(?<![\d.,€])[1-9]\d{3}\s?(?!SS|SA|SD)(?:[A-Z]{2}|[a-z]{2})\b(?![-'’])")
_POSTCODE_IN_ARABIC = re.compile(r"(?<![\d.,€])[1-9]\d{3} [أ-ي] [أ-ي](?!\w)")
_POSTCODE_CUE = re.compile(r"postcode\W+(?:\w+\W+){0,2}$", re.IGNORECASE)
_NOT_LETTERS = re.compile(
    "al|de|en|er|ex|ha|he|in|is|ja|je|km|kg|ml|cm|mm|nu|of|om|op|te|we|wo|ze|zo|ik|na|mb|gb|kw|uu"
)
_PHONE_CUE = re.compile(
    r"\b(?:bel|bellen|app|appen|nummer|telefoon|telefoonnummer|mobiel|tel|06)\b[^\d\n]{0,20}$",
    re.IGNORECASE,
)
_PHONE_SAID = re.compile(
    r"(?<!\w)[وبفلع]?(?:ال)?(?:هاتف|تلفون|تليفون|جوال|موبايل|نمر[ةهت]|واتس|عيط|خابر|اتصل|دق)"
    r"[^\d\n.]{0,20}$"
)
"""In Arabic, what stands before the number of a telephone."""
_ABROAD = re.compile(r"\+(?!31)[1-9]")
_LOOSE_PHONE = re.compile(r"(?<![\d+])\+?\d(?:[\s.,٫\-/()]{0,3}\d){8,12}(?!\d)")
_DIGIT_BY_DIGIT = re.compile(r"(?<![\d+])0(?: \d){8,11}(?![\d])")
_FREE = re.compile(r"^(?:\+?31|0)?\s*(?:800|900|906|909|14\d)")


def emails(at: Standing) -> Iterator[Finding]:
    """Addresses of mail."""
    text = at.text
    for found in _EMAIL.finditer(text) if "@" in text else ():
        yield Finding(found.start(), found.end(), "EMAIL", "email")


def links(at: Standing) -> Iterator[Finding]:
    """Links, but not to what everybody uses."""
    text = at.text
    for found in _URL.finditer(text) if at.holds(*_URL_HINTS) else ():
        if not _PUBLIC_URL.match(found.group()):
            yield Finding(found.start(), found.end(), "URL", "link")


def handles(at: Standing) -> Iterator[Finding]:
    """Names on social media: after an at sign, with an underscore, or after the medium's name."""
    text = at.text
    for found in _HANDLE.finditer(text) if _HANDLE_SIGN.search(text) else ():
        yield Finding(found.start(), found.end(), "HANDLE", "handle")
    for found in _HANDLE_CUE.finditer(text) if at.digits or at.holds(*_MEDIA) else ():
        yield Finding(*found.span("handle"), "HANDLE", "handle")


_MEDIA = (
    *("insta", "snap", "tiktok", "telegram", "discord"),
    *("انستا", "انستغرام", "انستجرام", "سناب", "يوزر", "تلغرام"),
)


def accounts(at: Standing) -> Iterator[Finding]:
    """Bank accounts: any that passes its check, and all that look Dutch."""
    text = at.text
    for found in _IBAN.finditer(text):
        if iban.is_valid(found.group().replace(".", "")):
            yield Finding(found.start(), found.end(), "IBAN", "iban")
    for pattern in (_DUTCH_IBAN, _BANK):
        for found in pattern.finditer(text):
            yield Finding(*found.span(), "IBAN", "iban")


def citizens(at: Standing) -> Iterator[Finding]:
    """Citizen service numbers: any that passes the eleven-test, or is called one."""
    text = at.text
    for found in _BSN.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        called = _BSN_CUE.search(text, max(0, found.start() - 60), found.start())
        if called or (
            len(digits) == 9
            and bsn.is_valid(digits)
            and not _PHONE_CUE.search(text, max(0, found.start() - 60), found.start())
        ):
            yield Finding(found.start(), found.end(), "BSN", "bsn")


def telephones(at: Standing) -> Iterator[Finding]:
    """Telephone numbers of people; free and service numbers (0800, 0900, 14) stay."""
    text = at.text
    if sum(sign.isdigit() for sign in text) < 8:
        return
    for match in phonenumbers.PhoneNumberMatcher(text, "NL"):
        if not _FREE.match(match.raw_string):
            yield Finding(match.start, match.end, "PHONE", "phone")
    for found in _LOOSE_PHONE.finditer(text):
        sure = found.group().startswith(("0", "+"))
        before = max(0, found.start() - 60), found.start()
        if (
            sure or _PHONE_CUE.search(text, *before) or _PHONE_SAID.search(text, *before)
        ) and not _FREE.match(found.group()):
            yield Finding(found.start(), found.end(), "PHONE", "phone")


def abroad(at: Standing) -> Iterator[Finding]:
    """Telephone numbers with a country before them, however they are cut into pieces."""
    text = at.text
    for found in _LOOSE_PHONE.finditer(text) if "+" in text else ():
        digits = sum(map(str.isdigit, found.group()))
        if _ABROAD.match(found.group()) and digits > 9:
            start = found.start() - text.endswith("(", 0, found.start())
            yield Finding(start, found.end(), "PHONE", "phone")


def digit_by_digit(at: Standing) -> Iterator[Finding]:
    """Telephone numbers with a space behind every digit."""
    text = at.text
    for found in _DIGIT_BY_DIGIT.finditer(text):
        yield Finding(*found.span(), "PHONE", "phone")


def postcodes(at: Standing) -> Iterator[Finding]:
    """Postcodes; in small letters only when they cannot be a number and a word."""
    text = at.text
    for found in _POSTCODE_IN_ARABIC.finditer(text):
        yield Finding(*found.span(), "POSTCODE", "postcode")
    for found in _POSTCODE.finditer(text):
        letters = found.group()[-2:]
        if (
            letters.isupper()
            or not _NOT_LETTERS.fullmatch(letters)
            or _POSTCODE_CUE.search(text, max(0, found.start() - 60), found.start())
        ):
            yield Finding(found.start(), found.end(), "POSTCODE", "postcode")


SHAPES: tuple[Callable[[Standing], Iterator[Finding]], ...] = (
    emails,
    links,
    accounts,
    digit_by_digit,
    abroad,
    citizens,
    spoken_plates,
    phones,
    plates,
    numbers,
    telephones,
    mails,
    handles,
    postcodes,
    long_numbers,
)
NUMBERED = frozenset(SHAPES) - {emails, links, mails, phones, handles, spoken_plates}
"""Those that find nothing in a text without a digit."""
