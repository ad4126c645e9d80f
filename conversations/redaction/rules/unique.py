"""What only one person here is: "the only ... of the village", the holder of an office."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.redaction.findings import Finding
from conversations.redaction.rules.standing import Standing
from conversations.redaction.rules.unique_abroad import NEEDED
from conversations.redaction.rules.unique_abroad import PATTERNS as ABROAD
from conversations.wordlist.fold import words_in

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
_WHO = (
    r"(?!(?:keer|zomer|winter|nummer|kamer|meter|letter|cijfer|\w+ember|oktober|ouders?|moeder"
    r"|vader|broer|zuster|kinder\w*|dochter|computer|maatregel|manier|\w*partner|buur\w*)\b)"
    r"(?:[^\W\d_]\w{2,}(?:er|ster|aar|eur|ist|man|vrouw|ling|ant|ent|oor|euse|jongen|meisje)"
    r"|\w*(?:smid|arts|imam|boer|boerin|dominee|priester|agent|raadslid|piloot|kapitein|winnares"
    r"|tweeling))"
)
"""A word for somebody, by its end ("palingroker", "brugwachter")."""
_OFFICE = (
    r"(?:burgemeester|huisarts|dominee|koster(?:es)?|imam|pastoor|molenaar|havenmeester|notaris"
    r"|veearts|wethouder|dorpsdokter|schoolhoofd|voorganger|vuurtorenwachter)"
)
_RARE = (
    r"(?:Huntington|Pompe|Fabry|Pick|Gaucher|Duchenne|Wilson|Marfan|Rett|Angelman|Prader|Ehlers"
    r"|Kabuki|Usher|Wolfram|Batten|Sanfilippo|Hurler|Niemann|Addison|Cushing|Alport|Apert|Crouzon"
    r"|Noonan|Williams|Treacher|Creutzfeldt|Kennedy|Stargardt|Behçet|Kawasaki|Moyamoya)"
)
"""Illnesses that one person of a place has, with an age."""
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
        rf"\bde (?:enige|eerste|laatste|oudste|jongste) (?:[^\W\d_][\w'’-]* ){{0,3}}?{_WHO}"
        rf" (?:van|in|op|uit|aan) (?:(?:de|het|dit|ons|onze|heel) )?(?:hele |[^\W\d_]+e )?"
        rf"(?:{_WHERE}\b|haven|markt|kade|brink|streek|vaart|(?-i:{_NAMED})(?: wijk)?"
        r"|(?<=bewoner van )\w{5,}|(?<=inwoner van )\w{5,}|(?<=bewoonster van )\w{5,}"
        r"|(?<=meester van )\w{5,}|(?<=wethouder van )\w{5,})",
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
        rf"\b(?:de |als |oud-)+{_OFFICE} van (?:(?:de|het|ons|onze) )?(?:dorp|kerk|moskee|eiland"
        rf"|(?!(?-i:Nederland|Amsterdam|Rotterdam|Utrecht|België|Den Haag)\b)(?-i:{_NAMED}))"
        r"|\bimam van de \w+ moskee in [^\W\d_][\w'’-]+",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:\b(?:een )?(?:man|vrouw|jongen|meisje|kind) van )?\b\d{{1,3}}(?: jaar)?,?(?: en)?"
        rf" (?:heeft|met) (?:de ziekte van |het syndroom van )?{_RARE}\b(?:-[^\W\d_]+)?",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:ken[dnt]\w*|noem\w+) (?:hem|haar|mij|me|ons|hen) (?:allemaal )?als"
        r" (?P<known>de (?:[^\W\d_][\w'’-]* ?){2,10})(?<! )",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:(?:een|de|onze|mijn|haar) (?:drieling|vierling|vijfling)\b"
        r"|(?:oud-)?(?:wereld|olympisch|nederlands|europees) ?kampioene?"
        r" (?:[^\W\d_][\w'’-]* ?){1,4}"
        r"|oprich(?:ter|tster) van (?:het|de) (?:eerste|enige) (?:[^\W\d_][\w'’-]* ?){1,7})(?<! )",
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
    *ABROAD,
)
_ENIGE = ("enige",)
_OFFICES = (
    *("burgemeester", "wethouder", "dominee", "koster", "imam", "pastoor", "molenaar", "arts"),
    *("notaris", "direct", "voorzitter", "penningmeester", "organist", "dirigent", "haven"),
)
_NEEDED = (
    *(_ENIGE, _ENIGE, _ENIGE, _ENIGE),
    (*_ENIGE, "eerste", "laatste", "oudste", "jongste"),
    ("wethouder", "burgemeester"),
    (*_OFFICES, "brandweer"),
    (*_OFFICES, "voorganger", "schoolhoofd", "wachter"),
    tuple(_RARE.removeprefix("(?:").removesuffix(")").lower().split("|")),
    (" als de ",),
    ("ling", "kampioen", "oprich"),
    _ENIGE,
    ("only",),
    *NEEDED,
)
"""What one of must stand in a text in which the pattern in the same place finds something."""
_BEGINS = {6: words_in("ik hij zij ze mijn"), 7: words_in("de als oud imam")}
"""The words with which the pattern in that place begins, if what it needs stands in many texts."""


def unique(at: Standing) -> Iterator[Finding]:
    """Phrases that say what only one person is."""
    for place, (pattern, needed) in enumerate(zip(_PATTERNS, _NEEDED, strict=True)):
        if at.holds(*needed):
            begins = _BEGINS.get(place)
            for found in at.found(pattern, begins) if begins else pattern.finditer(at.text):
                yield Finding(*found.span(found.lastgroup or 0), "UNIQUE", "unique")
