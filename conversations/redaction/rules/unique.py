"""What only one person here is: "the only ... of the village", the holder of an office."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.redaction.findings import Finding
from conversations.redaction.rules.standing import Standing

_WHERE = (
    r"(?:dorp|dorpje|wijk|buurt|flat|straat|school|klas|gemeente|stad|eiland|galerij|boot|team"
    r"|kerk|moskee|club|camping|portiek|trappenhuis|hofje"
    r"|complex|afdeling|provincie|regio|polder|kern|vereniging|opvang|azc|huis|gang|woongroep"
    r"|hier|daar)"
)
_NAMED = r"[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)*"
_WORDS = r"(?:[^\W\d_][\w'’-]* ){0,7}?"
_NOT = (
    r"(?!keer|dag|week|weken|maand|maanden|jaar|jaren|brief|gesprek|stap|afspraak|reden"
    r"|manier|oplossing|optie|hoop|vraag|ding|plek|kans|tijd|uur|les|rit|hulp|bus|winkel|bank"
    r"|mogelijkheid|steun|hulp|inkomen|bron|verschil|voordeel|nadeel|fout|probleem|contact"
    r"|troost|lichtpunt)"
)
_PATTERNS = (
    re.compile(
        rf"\b(?:(?:ik ben|wij zijn|we zijn) )?(?:als |de |het "
        rf"|een )?enige (?:echte )?{_NOT}(?!die ik|dat ik|die mij|wat |die we|in een|optie|keer)"
        rf"{_WORDS}(?:in|op|van|uit|binnen|bij) (?:(?:de|het|deze|dit|ons|onze|heel|hele"
        rf"|de hele) )?(?:{_WHERE}\b|(?-i:{_NAMED}))(?: die [\w' ]{{3,40}})?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:als |de |ik ben |wij zijn )(?:de )?enige (?:van|in|op|uit|binnen) "
        rf"(?:(?:de|het|deze|dit|ons|onze|heel|hele) )?(?:{_WHERE}\b|(?-i:{_NAMED}))(?: (?:met"
        rf"|die|zonder) [\w' ]{{3,50}})?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:als |de |ik ben |wij zijn )(?:de )?enige {_NOT}(?!die |dat "
        rf"|wat )(?:[^\W\d_][\w'’-]* ){{1,4}}?"
        r"(?:in|op|van|uit|binnen|met) (?:de|het|deze|dit|ons|onze|heel|een) [^\W\d_][\w'’-]+",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:(?:ik ben|wij zijn|we zijn) )(?:de )?enige {_NOT}(?:[^\W\d_]\w* ){{1,3}}(?:hier"
        rf"|daar)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:(?:de|het) )(?:eerste|laatste|oudste|jongste) (?:vrouwelijke |mannelijke |zwarte "
        r"|turkse |marokkaanse )?"
        rf"(?:inwoner|bewoner|bewoonster|inwoonster|\w*(?:meester|molenaar|wethouder"
        rf"|burgemeester|boer|boerin|visser|imker|leraar|huisarts|dominee|priester|brandweer\w*"
        rf"|agent|raadslid|voorzitter|schipper|smid|bakker|schaatser|winnaar|winnares|kapitein"
        rf"|piloot|imam))"
        rf" (?:van|in|op|uit) (?:(?:de|het|dit|ons|onze) )?(?:{_WHERE}\b|[^\W\d_][\w'’-]+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:wethouder|burgemeester) (?-i:van )?(?-i:[A-Z])[\w-]+\b(?= in (?:onze|deze"
        r"|de) gemeente| van )",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:ik ben|hij is|zij is|ze is|mijn (?:man|vrouw|vader|moeder|broer"
        r"|zus) is) (?P<office>(?:(?:de|hier de) )?(?:burgemeester|wethouder|dominee|koster|imam"
        r"|pastoor"
        r"|molenaar|huisarts|tandarts|veearts|notaris|directeur|directrice|voorzitter"
        r"|penningmeester|organist|dirigent|schooldirecteur|havenmeester|brandweercommandant)"
        r" van (?:(?:de|het|ons|onze|dit) )?(?:dorp|gemeente|stad|wijk|kerk|school|club"
        r"|vereniging|moskee|eiland|(?-i:[A-Z])[\w'’-]+))",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b\d{2,3}(?: jaar)? en (?:heeft |de |het |als )?(?:als )?(?:de )?enige\b[^.!?\n]{3,60}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bthe only [\w' -]{3,50}? (?:in|on|of|at) (?:(?:the|this|our) )?(?:village|street|flat"
        r"|building|town|school|island|block|estate|class|(?-i:[A-Z])\w+)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:köy|mahalle|flat|okul|sokak|bina|apartman|sınıf|kasaba"
        r"|şehir)\w*,?(?: [^\W\d_]\w*){0,3}? tek (?:[^\W\d_]\w* ?){1,2}(?<! )",
        re.IGNORECASE,
    ),
    re.compile(
        r"\btek (?:Türk|türk|Kürt|Arap|Müslüman|yabancı|Suriyeli|siyah)\w* ?(?:[^\W\d_]\w*)?"
    ),
    re.compile(
        r"\b(?:flatta|köyde|mahallede|binada|sokakta|okulda) (?:benim"
        r"|bizim) gibi (?:başka )?kimse yok\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:[^\W\d_]+ ){1,2}(?:الوحيد|الوحيدة|الوحيدين) (?:في|على|من"
        r"|ب)\s?(?:هذ[اه] )?[^\W\d_]+(?: هنا)?"
    ),
)
_ENIGE = ("enige",)
_OFFICES = (
    *("burgemeester", "wethouder", "dominee", "koster", "imam", "pastoor", "molenaar", "arts"),
    *("notaris", "direct", "voorzitter", "penningmeester", "organist", "dirigent", "haven"),
)
_NEEDED = (
    *(_ENIGE, _ENIGE, _ENIGE, _ENIGE),
    ("eerste", "laatste", "oudste", "jongste"),
    ("wethouder", "burgemeester"),
    (*_OFFICES, "brandweer"),
    _ENIGE,
    ("only",),
    *(("tek",), ("tek",)),
    ("kimse",),
    ("الوحيد",),
)
"""What one of must stand in a text in which the pattern in the same place finds something."""


def unique(at: Standing) -> Iterator[Finding]:
    """Phrases that say what only one person is."""
    for pattern, needed in zip(_PATTERNS, _NEEDED, strict=True):
        if at.holds(*needed):
            for found in pattern.finditer(at.text):
                yield Finding(*found.span(found.lastgroup or 0), "UNIQUE", "unique")
