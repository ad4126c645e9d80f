"""Addresses, towns, neighbourhoods, and the organisations with a name of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conversations.redaction.cues import LIVES, QUARTER, TOWARDS
from conversations.redaction.finding import Finding
from conversations.redaction.tokens import Token
from conversations.wordlist import WordList

_STREET = (
    r"(?:straat|straatje|laan|weg|plein|gracht|kade|singel|plantsoen|dreef|steeg|hof|hofje|park|pad"
    r"|dijk|markt|ring|boulevard|allee|haven|erf|kamp|wal|burg|donk|veld|veste|baan|straatweg|rak"
    r"|horst|oord|waard|akker|kwartier|passage|meent|zoom|sloot)"
)
_SURE_STREET = (
    r"(?:straat|straatje|laan|weg|plein|gracht|kade|singel|plantsoen|dreef|steeg|straatweg)"
)
_CAPITAL = r"[A-ZÀ-Þ][\w'’-]{0,40}"
_HOUSE = (
    r",? (?:nr\.? ?|nummer |huisnummer )?\d{1,4}(?: ?-? ?(?:[a-zA-Z]|bis|hs|I{1,3}|\d{1,3}))?\b"
    r"(?! ?(?:jaar|euro|uur|dagen|weken|keer|maanden|minuten|mensen|%))"
)
_NAMED_STREET = re.compile(
    rf"(?<![\w.-])(?:(?!(?:Mevrouw|Meneer|Dhr|Mevr|Mw|Familie)\b){_CAPITAL} "
    rf"(?:{_CAPITAL} )?(?:van |(?:van )?(?:der|den) |'t |de )?)?{_CAPITAL}?(?<=\w){_STREET}\b"
    rf"(?P<house>{_HOUSE})?"
)
_NUMBERED = re.compile(rf"(?<![\w.-])[A-ZÀ-Þ][\w’-]{{0,40}}?{_SURE_STREET}\b{_HOUSE}")
_LAAN_VAN = re.compile(
    rf"\b(?:Laan|Plein|Hof|Weg|Park|Prins|Burgemeester|Burg\.|Kade) "
    rf"(?:(?:van|der|den|de|het|'t) ){{1,3}}{_CAPITAL}(?P<house>{_HOUSE})?"
)
_BEHIND = re.compile(r"\b(?:op|in|aan|van|bij|naar|uit) (?:de|het) $|\baan (?:de )?$")
_PO_BOX = re.compile(r"\b[Pp]ostbus \d{1,6}\b")
_SMALL_STREET = re.compile(
    rf"(?<![\w-])[a-zà-þ]{{3,40}}{_SURE_STREET}(?P<house>{_HOUSE})?(?![\w-])"
)
_ORDINAL = re.compile(
    rf"\b(?:Eerste|Tweede|Derde|1e|2e|3e) {_CAPITAL}{_SURE_STREET}\b(?P<house>{_HOUSE})?"
)

_SCHOOL = (
    r"basisschool|school|college|lyceum|gymnasium|scholengemeenschap|mavo|havo|vmbo|mbo|praktijkschool"
    r"|kinderopvang|kinderdagverblijf|crèche|peuterspeelzaal|bso|academie|universiteit|hogeschool"
)
_CARE = r"ziekenhuis|kliniek|huisartsenpraktijk|praktijk|apotheek|gezondheidscentrum|ggz-instelling"
_HOME = (
    r"verzorgingshuis|verzorgingstehuis|verpleeghuis|woonzorgcentrum|woonzorg|zorgvilla|zorgcomplex|wooncomplex|zorgcentrum|hospice|woongroep"
    r"|opvanghuis|hofje|serviceflat|flat|seniorenflat|azc"
)
_HOUSE_OF_NEIGHBOURS = (
    r"buurthuis|wijkcentrum|wijkhuis|buurtcentrum|dorpshuis|jongerencentrum|speeltuin|inloophuis"
    r"|huis van de wijk|mfc|sportschool"
)
_FAITH = r"kerk|moskee|parochie|tempel|synagoge"
_CLUB = r"vereniging|voetbalclub|voetbalvereniging|sportvereniging|club|muziekvereniging|koor|vv|sv"
_FIRM = (
    r"stichting|zorggroep|zorginstelling|instelling|woningcorporatie|corporatie|woningbouwvereniging"
    r"|thuiszorgorganisatie|thuiszorg|organisatie|bedrijf|firma|uitzendbureau|advocatenkantoor|bureau"
    r"|fabriek|restaurant|café|cafe|bakkerij|kapsalon|winkel|supermarkt|hotel|camping|werkgever"
    r"|garage|autobedrijf|zorgboerderij|welzijnsorganisatie|stichting welzijn|bewindvoerder bij"
)
_HEADS = {
    "school": _SCHOOL,
    "care": _CARE,
    "home": _HOME,
    "centre": _HOUSE_OF_NEIGHBOURS,
    "faith": _FAITH,
    "club": _CLUB,
    "organisation": _FIRM,
}
_MORE = rf"(?: (?:(?:van|de|der|den|het|en|op|aan|in|'t) ){{0,3}}{_CAPITAL}){{0,5}}"
_NAME_RUN = (
    r"(?:(?:[Dd]e |[Hh]et |'t |In de |Op de |Op |In |Van |[Ss]t\. )?"
    rf"{_CAPITAL}{_MORE})"
)
_HEADED = {
    label: re.compile(
        rf"(?<![\w-])(?i:{heads}) (?:(?:genaamd|heet|met de naam) )?"
        rf"(?P<q>['\"“‘])?(?P<name>{_NAME_RUN})(?(q)['\"”’])"
    )
    for label, heads in _HEADS.items()
}
_TAILED = {
    label: re.compile(
        rf"(?<![\w-])(?P<article>(?:[Hh]et|[Dd]e) )?(?P<name>{_CAPITAL}{_MORE}?)"
        rf"[ -](?P<head>{tails})(?![\w-])"
    )
    for label, tails in {
        "school": r"[Cc]ollege|[Ll]yceum|[Gg]ymnasium|[Ss]chool|[Bb]asisschool|[Mm]avo"
        r"|Academie|Universiteit|[Ss]cholengemeenschap",
        "care": r"[Zz]iekenhuis|Medisch Centrum|UMC|[Kk]liniek|[Gg]asthuis|Huisartsen",
        "faith": r"[Kk]erk|[Mm]oskee|[Pp]arochie",
        "centre": r"[Bb]uurthuis|[Ww]ijkcentrum",
        "organisation": r"[Ss]tichting|[Zz]orggroep|[Zz]org|[Gg]roep|Thuiszorg|Wonen"
        r"|B\.?V\.?|Welzijn|Bouw",
        "home": r"[Ff]lat|[Hh]uis",
    }.items()
}
_GLUED = re.compile(
    rf"(?<![\w-])(?P<article>(?:[Hh]et|[Dd]e) )?(?P<name>{_CAPITAL}"
    r"(?P<head>college|lyceum|school|kerk|moskee|flat|ziekenhuis|gasthuis|kliniek|hospice|zorg|wonen))(?![\w-])"
)
_GLUED_LABEL = {
    "college": "school",
    "lyceum": "school",
    "school": "school",
    "kerk": "faith",
    "moskee": "faith",
    "flat": "home",
    "hospice": "home",
    "zorg": "organisation",
    "wonen": "organisation",
}


def addresses(text: str, words: WordList) -> Iterator[Finding]:
    """Streets, with or without a number. One in small letters counts with a number, or when it is
    no ordinary word."""
    for pattern in (_PO_BOX, _LAAN_VAN, _ORDINAL):
        for found in pattern.finditer(text):
            yield Finding(found.start(), found.end(), "ADDRESS", _street_label(text, found.start()))
    for found in _NAMED_STREET.finditer(text):
        start = _after_first_small_words(text, found, words)
        street = text[start : found.start("house") if found["house"] else found.end()]
        if found["house"] or _looks_like_street(street, text, start, words):
            yield Finding(start, found.end(), "ADDRESS", _street_label(text, start))
    for found in _SMALL_STREET.finditer(text):
        name = found.group().removesuffix(found["house"] or "")
        if found["house"] or not words.is_ordinary(name):
            yield Finding(found.start(), found.end(), "ADDRESS", _street_label(text, found.start()))


def numbered_streets(text: str) -> Iterator[Finding]:
    """Dutch streets with a number, in a text in another language."""
    for found in _NUMBERED.finditer(text):
        yield Finding(found.start(), found.end(), "ADDRESS", "address")


def organisations(text: str, words: WordList) -> Iterator[Finding]:
    """A school, a practice, a club or a firm together with its own name."""
    for label, pattern in _HEADED.items():
        for found in pattern.finditer(text):
            first = re.sub(r"^(?:[Dd]e|[Hh]et|'t|[Ii]n|[Oo]p|[Vv]an)(?: de)? ", "", found["name"])
            named = first != found["name"] and found["name"][0].isupper()
            word = re.match(r"[\w'’-]+", first)
            if word is None or words.is_public(word.group()):
                continue
            if words.is_place(word.group()) and label in {"organisation", "club"}:
                continue
            if named or not words.is_given(word.group()) or label != "organisation":
                yield Finding(found.start(), found.end(), "ORG", label)
    for label, pattern in _TAILED.items():
        for found in pattern.finditer(text):
            start = _own_name(text, found, words)
            if start is not None:
                yield Finding(start, found.end(), "ORG", label)
    for found in _GLUED.finditer(text):
        name = found["name"]
        initial = _begins_sentence(text, found.start("name"))
        known = words.is_ordinary(name) if initial else words.is_listed(name)
        if not known and not words.is_public(name):
            yield Finding(
                found.start(), found.end(), "ORG", _GLUED_LABEL.get(found["head"], "care")
            )


def towns(tokens: Sequence[Token], text: str, words: WordList) -> Iterator[Finding]:
    """Towns and neighbourhoods: known ones, and names behind "wijk" or a preposition of place."""
    for index, token in enumerate(tokens):
        before = tokens[index - 1].lower if index and token.gap == " " else ""
        if (end := _known_town(tokens, index, text, words, before)) is not None:
            start = token.start - 1 if token.lower.startswith("s-") else token.start
            yield Finding(start, end, "PLACE", "place")
        elif (
            token.capital
            and not token.shouted
            and not words.is_public(token.bare)
            and not words.is_given(token.bare)
            and not words.is_ordinary(token.bare)
            and (before in QUARTER or before in {"in", "te", "uit", "vanuit"})
            and not token.initial
        ):
            yield Finding(token.start, token.bare_end, "PLACE", "place")


def _known_town(
    tokens: Sequence[Token], index: int, text: str, words: WordList, before: str
) -> int | None:
    token = tokens[index]
    for last in range(min(index + 3, len(tokens) - 1), index, -1):
        name = text[token.start : tokens[last].bare_end]
        if words.is_place(name) and (token.capital or tokens[last].capital):
            return tokens[last].bare_end
    name = text[max(0, token.start - 1) : token.bare_end]
    if name.startswith(("'s-", "’s-")) and words.is_place(name.replace("’", "'")):
        return token.bare_end
    if not words.is_place(token.bare):
        return None
    double = words.is_ordinary(token.bare.lower())
    if token.capital:
        sure = not double or (not token.initial and before in TOWARDS | QUARTER)
        return token.bare_end if sure and before not in {"familie", "mevrouw", "meneer"} else None
    lives = index > 1 and tokens[index - 2].lower in LIVES
    return token.bare_end if before in TOWARDS | QUARTER and (lives or not double) else None


def _begins_sentence(text: str, start: int) -> bool:
    return re.search(r"(?:^|[.!?\n:]\s*[\"'“‘(]?)$", text[:start]) is not None


def _street_label(text: str, start: int) -> str:
    return "street" if re.search(r"\b(?:de|het|een) $", text[:start], re.IGNORECASE) else "address"


def _after_first_small_words(text: str, found: re.Match[str], words: WordList) -> int:
    """Where a street begins, when the match began at an ordinary word that begins the sentence."""
    start = found.start()
    first = re.match(r"[\w'’-]+ (?=\S)", found.group())
    while first is not None and _begins_sentence(text, start):
        word = first.group().strip()
        if not words.is_ordinary(word) or words.is_only_given(word):
            break
        start += first.end()
        small = re.match(r"(?:(?:van|de|den|der|het|'t|ten|ter|in|op|aan) )+", text[start:])
        start += small.end() if small else 0
        first = re.match(r"[\w'’-]+ (?=\S)", text[start : found.end()])
        if small:
            break
    return start


def _looks_like_street(street: str, text: str, start: int, words: WordList) -> bool:
    """Whether something without a number is a street: not a word that begins the sentence, not
    one of the endings that many other words have."""
    last = street.split(" ")[-1]
    sure = re.search(rf"{_SURE_STREET}$", last) is not None
    if words.is_public(street):
        return False
    if " " in street:
        return sure
    behind = re.search(
        r"\b(?:op|in|aan|van|bij|naar|uit) (?:de|het) $|\baan (?:de )?$", text[:start]
    )
    if _begins_sentence(text, start):
        return sure and not words.is_ordinary(last)
    return sure or (
        behind is not None and not words.is_ordinary(last) and words.carries_capital(last)
    )


def _own_name(text: str, found: re.Match[str], words: WordList) -> int | None:
    """Where the name of a school or such begins, article included; None when it has no own name."""
    name = found["name"]
    start = found.start()
    parts = name.split(" ")
    opening = found["article"] is None and _begins_sentence(text, start)
    if opening and words.is_ordinary(parts[0]) and not words.is_only_given(parts[0]):
        start += len(parts.pop(0)) + 1
        while parts and parts[0].islower():
            start += len(parts.pop(0)) + 1
    if not parts or all(words.is_public(part) for part in parts):
        return None
    return start
