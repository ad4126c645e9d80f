"""Number plates, and the numbers of files, cases, clients, policies and registers, which follow the
word for what they count."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.redaction.findings import Finding
from conversations.redaction.rules.spoken import DIGITS_IN_DUTCH
from conversations.redaction.rules.standing import Standing

_THING = (
    r"dossier|zaak|za[ck]en|casus|klant|cli[eë]nt(?:en)?|pati[eë]nt(?:en)?|polis|verzekerden?"
    r"|lid(?:maatschaps)?|leden|student(?:en)?"
    r"|leerling(?:en)?|rekest|parket|melding(?:s|en)?|meld|klacht(?:en)?|boete|beschikking(?:s)?"
    r"|aanvra(?:ag|gen)|inschrijf"
    r"|inschrijvings|registratie|huurder(?:s)?|relatie|debiteur(?:en)?|factuur|order"
    r"|vergunning(?:s)?|persoons|personeels|medewerkers"
    r"|kamer van koophandel|kvk|big|big[- ]?register|skj|agb|agb-code|rsin|btw|vreemdelingen"
    r"|v|z|a|alien|ind|coa"
    r"|paspoort|pas|id(?:-kaart)?|identiteits(?:kaart|bewijs)?"
    r"|documents?|document|verblijfsdocument|verblijfsvergunning|verblijfs|rijbewijs|cjib|ciz"
    r"|ödeme|odeme|abone|fatura|tesisat|wmo|pgb|bewind|schuld|vordering(?:s)?|contract|overeenkomst|incasso"
    r"|referentie|ref|kenmerk|briefkenmerk|standplaats|tutanak|dosya|müşteri|musteri|hasta"
    r"|poliçe|police|öğrenci|ogrenci|kayıt|kayit|başvuru|basvuru|sözleşme|sozlesme"
    r"|file|case|client|customer|policy|student|patient|reference|permit|registration"
    r"|application|complaint|report"
)
_NUMBER = r"(?:nummers?|nr|nosu|no|num|code|id|number|numara\w*|n°|№|numarası)"
_FILLER = (
    r"(?:[:=#.]|is|was|van|met|onder|ingeschreven|geregistreerd|bekend|heeft|ook|zorg|politie|wmo|woonruimte|nummer|nr\.?|no\.?"
    r"|code|kenmerk|mijn|haar|zijn|de|het|het is"
    r"|luidt|staat|wel|hier|dus|nog|dat|op|in|hoort|number|of|my|zaak|case|dosya\w*|olan|var)"
)
_VALUE = (
    r"(?P<value>(?=[A-Za-z./ -]{0,12}\d)(?:[A-Za-z]{1,5}[ ./-]?){0,2}\d[\w./-]*(?:(?<=\d)[ "
    r"]\d{2,}[\w./-]*|[ ](?=[A-Z]*\d)[A-Z]{1,3}-?\d[\w./-]*){0,4})"
)
_REFERENCE = re.compile(
    rf"(?<![\w])(?:(?:{_THING})(?:en|s)?[- ]?{_NUMBER}?|\w{{3,20}}(?:nummer|nr)"
    rf"|{_NUMBER}(?= ?:? ?(?=[\w./-]*[A-Za-z/-])[\w./-]*\d)|dossiers?)"
    rf"(?:m|mız|sı|si|muz|ı|i)?\b\.?(?:[ ]?\(?{_FILLER}){{0,3}}[ ]{{0,2}}\(?{_VALUE}",
    re.IGNORECASE,
)
_STRONG = re.compile(
    rf"{_NUMBER}|dossier|zaak|kenmerk|kvk|skj|big|polis|cjib|referentie|tutanak|dosya|verblijf"
    rf"|paspoort|rijbewijs|parket|rekest",
    re.IGNORECASE,
)
_ARABIC_VALUE = (
    r"(?P<value>(?=[\w./ -]*\d)"
    r"(?:[أ-ي][/-]|[A-Za-z]{1,5}[ ./-]?){0,2}\d[\w./-]*(?:[ ]\d{2,}[\w./-]*){0,4})"
)
_ARABIC = re.compile(
    r"(?:[وبلف]?(?:ال)?رقم\w*|(?:ال)?ملف\w*|(?:ال)?طلب\w*|(?:ال)?قضي[ةه]|قضيت\w{1,3}|(?:ال)?بوليص[ةه]"
    r"|(?:ال)?غرفة التجارية|سجل\w*|(?:ال)?دوسي\w*|(?:ال)?معامل[ةه]|(?:ال)?[إا]قام[ةه]"
    r"|(?:ال)?كي في كي|(?:ال)?كيملك|كملك\w{0,3}|(?:ال)?في ?نمر|نمر [^\W\d]{2,8}|كلاينت(?: نمر)?)"
    rf"(?:[ ](?!BSN)[^\W\d]{{1,14}}){{0,4}}[ :]{{1,3}}{_ARABIC_VALUE}"
)
_ARABIC_WEAK = re.compile(
    r"(?<!\w)[وبلف]?(?:ال)?(?:نمر[ةه]|نمرت\w{1,3}|كود\w{0,2}|مرجع\w{0,2}|فاتور[ةه]|عقد\w{0,2}|بلاغ"
    r"|شكو[ىي]|محضر|باسبور\w{0,3}|جواز\w{0,2}|هوي[ةه]|بطاق[ةه]|كارت|تذكر[ةه]|شحن[ةه]|عضوي[ةه]|فيز[ةها]"
    r"|ضبط|غرام[ةه]|تأمين|تامين|الفي)"
    rf"(?:[ ](?!BSN)[^\W\d]{{1,14}}){{0,3}}[ :]{{1,3}}{_ARABIC_VALUE}"
)
"""What may also stand before a price: only a longer number, or one with letters, counts."""
_NOT_NUMBER = re.compile(
    r"[ ]?(?:jaar|jr|euro|eur|uur|dagen|weken|keer|maanden|minuten|mensen|kinderen|%|procent|man"
    r"|personen|kamers|years|jaren|x\b|ste\b|de\b"
    r"|yorum|euroyla|yaş\w*|gün|ay\b|saat|(?:سنة|سنوات|يورو|شهر|أشهر|يوم|أيام|من|شخص)(?!\w))",
    re.IGNORECASE,
)
_LIKE_DATE = re.compile(
    r"\d{1,2}([/.-])\d{1,2}\1(?:19|20)\d\d(?!\d)|(?:19|20)\d\d([/.-])\d{1,2}\2\d{1,2}(?!\d)"
)
_PLATE = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,3}-\d{1,3}-[A-Z]{1,3}|\d{1,3}-[A-Z]{2,3}-\d{1,3}"
    r"|[A-Z]{2}-[A-Z]{2}-\d{2}|\d{2}-[A-Z]{2}-[A-Z]{2}"
    r"|[A-Z]{2}-\d{2}-\d{2}|\d{2}-\d{2}-[A-Z]{2})(?![\w-])",
    re.IGNORECASE,
)
_LOOSE_PLATE = re.compile(
    r"\b(?:kenteken\w*|kent|nummerbord\w*|plaka\w*|auto|wagen|bus|busje|bestelbus|scooter"
    r"|brommer|golf|polo|araba\w*|plate|car|van|volkswagen|vw"
    r"|opel|corsa|toyota|bmw|audi|mercedes|renault|clio|peugeot|fiat|ford|citroen|seat|skoda|kia"
    r"|volvo)\b[^.!?\n\d]{0,25}?\b(?P<value>"
    r"[A-Z]{1,3}[ -]?\d{1,3}[ -]?[A-Z]{1,3}|\d{1,3}[ -]?[A-Z]{2,3}[ -]?\d{1,3}"
    r"|[A-Z]{2}[ -]?[A-Z]{2}[ -]?\d{2}|\d{2}[ -]?[A-Z]{2}[ -]?[A-Z]{2})\b",
    re.IGNORECASE,
)


_PIECE = (
    r"(?:(?-i:[A-Z]{1,3})(?!\w)|\d{1,3}(?!\w)|(?:de )?[b-hj-z](?: van [^\W\d_]{2,12})?(?![\w'’])"
    rf"|(?:{DIGITS_IN_DUTCH})(?!\w))"
)
_SPOKEN_PLATE = re.compile(
    r"\b(?:kenteken\w*|nummerbord\w*|nummerplaat|plaka\w*|plate)\b[^.!?\n\d]{0,40}?\b(?P<value>"
    rf"(?!een [a-z]\b){_PIECE}(?:,? ?(?:streepje|streep|koppelteken|en dan|daarna|dan|en|tire"
    rf"|çizgi|ve|-|,)?,? ?{_PIECE}){{1,7}})"
    r"(?![\w-])",
    re.IGNORECASE,
)
"""A plate as it is read out ("K en dan 507, streepje XR")."""
_PLATE_WORDS = ("kenteken", "nummerbord", "nummerplaat", "plaka", "plate")
_COUNTED = re.compile(rf"\d|(?<!\w)(?:{DIGITS_IN_DUTCH})(?!\w)", re.IGNORECASE)
_LETTER = re.compile(r"[A-Z]|(?<![\w'’])[b-hj-z](?![\w'’])")
_ANOTHER = re.compile(r"(?:,|,? en|,? of|,? resp\.?|,? ve| /| \+| &) (?P<more>[A-Z]*\d[\w./-]*\w)")
"""A second number behind the first."""
_FAR = re.compile(
    r"\b\w*(?:nummer|nr|kenmerk|dossier|zaak|referentie|aangifte|verbaal|kvk|polis|number"
    r"|reference)\b,?(?: [^\W\d_]{1,15}){1,8}:? (?P<value>(?=[A-Z./-]{0,6}\d)(?:[A-Z]{1,4}[ "
    r"./-]?)?(?:\d[\w./-]{3,}(?: \d{2,}[\w-]*)*|\d{2,}(?: \d{2,}){2,}))",
    re.IGNORECASE,
)
_TICKET = re.compile(
    r"(?<!\w)(?P<value>#\d{4,})\b"
    r"|\beindig\w* op (?P<last>\d{3,6})\b"
    r"|\b(?:nr|nummer|no)\.? (?P<groups>\d{3,5}(?:[ ]\d{2,5}){1,3})\b"
    r"|(?<![\w./:-])(?P<code>(?-i:[A-Z]{1,5}[-/](?!(?:19|20)\d\d(?!\d))\d{4,}[\w./-]*"
    r"|[A-Z]{1,4}[-/]\d{2}[-/]\d{3,}|[A-Z]{1,3}\d[-/]\d{6,}|\d{3}\.\d{3}\.\d{1,2}"
    r"|[A-Z]{2,5} ?\d{6,}|\d{4,}-[A-Z]{1,3}"
    r"|(?:19|20)\d\d/\d{3,}(?:-[a-z]{1,3})?|[a-z]{1,4}-(?!(?:19|20)\d\d(?!\d))\d{4,}))(?![\w-])"
    r"|\b[üu]ye (?:no |numara\w* )?(?P<member>\d{4,})\b|\b(?P<counted>\d{4,})(?= numaral[ıi])"
    r"|\b(?:referentie|ref|ticket|pv|proces-verbaal|bon|casus)\.?:? "
    r"(?P<other>#?[A-Z]{1,4}[ .-]?\d[\w.-]{2,})",
    re.IGNORECASE,
)


_BARE = re.compile(
    r"(?<![\w./:,€$+-])(?<!artikel )(?<!€ )(?!0[89]0\d)"
    r"(?P<value>\d{6,}|\d{3,5}[-/](?!(?:19|20)\d\d\b)\d{4,})(?![\w€]|[.,:/-]\d)"
)
_LETTERS_BEHIND = re.compile(r" (?:CV|EJ|VZ|VV|HA|KG|KZ|RP|AZ|EL)\b")
"""The kind of case behind the number of a court."""
_LETTERS_BEFORE = re.compile(r"(?<![\w/-])(?:[A-Za-z]{1,5}[./-]?|[A-Z]{1,2} )$")
"""Letters that belong to the number behind them ("wmo2023119", "V 283 771")."""
_SCRIPT = re.compile("[\u0620-\u064a]")


_SAID_LETTER = (
    r"(?:[أ-ي]|[اإ]يه|بي|سي|دي|[اإ]ف|جي|[اإ]تش|[اآ]ي|جيه|كي[هه]?|[اإ]ل|[اإ]م|[اإ]ن|[اأ]و|كيو|[اآ]ر|[اإ]س"
    r"|تي|يو|في|دبليو|[اإ]كس|واي|زد|زيد)(?!\w)"
)
_ARABIC_CAR = (
    r"(?:لوح[ةه]|لوحت\w{1,3}|سيار\w{1,4}|عربي\w{1,3}|نمر[ةه]|نمرت\w{1,3}|موتور\w{0,3}|باص\w{0,3}"
    r"|طوموبيل\w{0,3}|كرهب\w{1,3}|سكوتر\w{0,3}|موطور\w{0,3}|شاحن\w{1,3}|كاميو\w{0,3}|كولف|تويوتا|أوبل|اوبل)"
    r"(?:[،,]? [^\W\d_]{1,12}){0,3}?:? "
)
_ARABIC_PLATE = re.compile(
    _ARABIC_CAR + ""
    rf"(?P<value>(?:\d{{1,3}}|{_SAID_LETTER}(?: {_SAID_LETTER}){{0,2}})"
    rf"(?:[ -](?:\d{{1,3}}|{_SAID_LETTER}(?: {_SAID_LETTER}){{0,2}})){{2,3}})(?!\w)"
)
_LATIN_PLATE = re.compile(
    _ARABIC_CAR
    + r"(?P<value>(?=[\d -]*[A-Za-z])(?=[A-Za-z -]*\d)[A-Za-z]{1,3}[ -]?\d{1,3}[ -]?[A-Za-z]{1,3}"
    r"|\d{1,3}[ -]?[A-Za-z]{1,3}[ -]?\d{1,4}|[A-Za-z]{2}[ -]?[A-Za-z]{2}[ -]?\d{2}"
    r"|[A-Za-z]{2}[ -]?\d{2}[ -]?\d{2}|\d{2}[ -]?[A-Za-z]{2}[ -]?[A-Za-z]{2})(?![\w-])"
)


def plates(at: Standing) -> Iterator[Finding]:
    """Number plates: six letters and digits in three groups, or what follows the word for one."""
    text = at.text
    for found in _PLATE.finditer(text):
        if len(found.group()) == 8:
            yield Finding(*found.span(), "PLATE", "plate")
    for found in _LOOSE_PLATE.finditer(text):
        signs = [sign for sign in found["value"] if sign.isalnum()]
        separated = sum(sign in " -" for sign in found["value"]) == 2
        if (
            len(signs) == 6
            and (separated or found["value"].isupper())
            and not _NOT_NUMBER.search(found["value"])
        ):
            yield Finding(*found.span("value"), "PLATE", "plate")
    if not _SCRIPT.search(text):
        return
    for found in _ARABIC_PLATE.finditer(text):
        if any(map(str.isdigit, found["value"])) and _SCRIPT.search(found["value"]):
            yield Finding(*found.span("value"), "PLATE", "plate")
    for found in _LATIN_PLATE.finditer(text):
        yield Finding(*found.span("value"), "PLATE", "plate")


def spoken_plates(at: Standing) -> Iterator[Finding]:
    """Number plates as they are read out."""
    if at.holds(*_PLATE_WORDS):
        for found in _SPOKEN_PLATE.finditer(at.text):
            counted = _COUNTED.search(found["value"]) is not None
            if counted and _LETTER.search(found["value"]):
                yield Finding(*found.span("value"), "PLATE", "plate")


def numbers(at: Standing) -> Iterator[Finding]:
    """Numbers of files and the like behind their word."""
    text = at.text
    for found in _TICKET.finditer(text):
        yield Finding(*found.span(found.lastgroup or 0), "ID", "number")
    for pattern in (_REFERENCE, _FAR, *((_ARABIC, _ARABIC_WEAK) if _SCRIPT.search(text) else ())):
        for found in pattern.finditer(text):
            start, end = found.span("value")
            value = text[start:end].rstrip(" ./-")
            end = start + len(value)
            signs = sum(sign.isalnum() for sign in value)
            digits = sum(sign.isdigit() for sign in value)
            if (letters := _LETTERS_BEFORE.search(text, max(0, start - 8), start)) is not None:
                start = letters.start()
            if (kind := _LETTERS_BEHIND.match(text, end)) is not None:
                end = kind.end()
            mixed = digits < len(value)
            strong = pattern in (_ARABIC, _ARABIC_WEAK) or _STRONG.search(
                text, found.start(), start
            )
            if (
                value.startswith("0")
                and digits == len(value.replace(" ", ""))
                and (digits > 8 or text[end : end + 2].strip().isdigit())
            ):
                continue
            if _NOT_NUMBER.match(text, end) or digits < 2:
                continue
            if pattern in (_ARABIC, _ARABIC_WEAK) and _LIKE_DATE.match(text, start):
                continue
            if pattern is _ARABIC_WEAK and (
                signs < (5 if mixed else 6) or value.startswith("0") or ". " in value
            ):
                continue
            if signs >= (4 if strong else 5) or (mixed and strong and signs >= 3 and "-" in value):
                yield Finding(start, end, "ID", "number")
                more = _ANOTHER.match(text, end)
                if more is not None and len(more["more"]) == len(value):
                    yield Finding(*more.span("more"), "ID", "number")


def long_numbers(at: Standing) -> Iterator[Finding]:
    """Long numbers that nothing counts, when all else was looked for."""
    for found in _BARE.finditer(at.text):
        if not _NOT_NUMBER.match(at.text, found.end()):
            yield Finding(*found.span(), "ID", "number")
