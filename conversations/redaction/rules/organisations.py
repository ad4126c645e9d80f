"""Organisations with a capital of their own: a school, a practice, a club, a firm."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.redaction.findings import Finding
from conversations.redaction.rules.standing import Standing
from conversations.wordlist import WordList
from conversations.wordlist.fold import words_in

_CAPITAL = r"[A-ZÀ-Þ][\w'’-]{0,40}"
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
_BEGINS = {
    label: frozenset(re.split(r"\W", head)[0] for head in heads.split("|"))
    for label, heads in _HEADS.items()
}
"""The first words of heads."""
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
_TAILS = {
    "school": words_in(
        "college lyceum gymnasium school basisschool mavo academie universiteit scholengemeenschap"
    ),
    "care": words_in("ziekenhuis medisch umc kliniek gasthuis huisartsen"),
    "faith": words_in("kerk moskee parochie"),
    "centre": words_in("buurthuis wijkcentrum"),
    "organisation": words_in("stichting zorggroep zorg groep thuiszorg wonen b bv welzijn bouw"),
    "home": words_in("flat huis"),
}
"""One of these stands behind such a name."""
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
_GLUED_TO = (*_GLUED_LABEL, "huis", "kliniek")


def organisations(at: Standing, words: WordList) -> Iterator[Finding]:
    """A school, a practice, a club or a firm together with its own name."""
    text = at.text
    for label, pattern in _HEADED.items():
        for found in at.found(pattern, _BEGINS[label]):
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
        for found in pattern.finditer(text) if at.at(_TAILS[label]) else ():
            start = _own_name(text, found, words)
            if start is not None:
                yield Finding(start, found.end(), "ORG", label)
    for found in _GLUED.finditer(text) if at.holds(*_GLUED_TO) else ():
        name = found["name"]
        initial = _begins_sentence(text, found.start("name"))
        known = words.is_ordinary(name) if initial else words.is_listed(name)
        if not known and not words.is_public(name):
            yield Finding(
                found.start(), found.end(), "ORG", _GLUED_LABEL.get(found["head"], "care")
            )


def _begins_sentence(text: str, start: int) -> bool:
    return re.search(r"(?:^|[.!?\n:]\s*[\"'“‘(]?)$", text[:start]) is not None


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
