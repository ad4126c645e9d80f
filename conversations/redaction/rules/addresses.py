"""Streets and post boxes, by the ends that streets have and by the words before an address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.redaction.findings import Finding
from conversations.redaction.rules.standing import Standing
from conversations.wordlist import WordList
from conversations.wordlist.fold import words_in

_STREET = r"(?:straat|straatje|laan|plein|gracht|kade|singel|plantsoen|dreef|steeg|straatweg)"
_STREETS = tuple(_STREET.removeprefix("(?:").removesuffix(")").split("|"))
_ROAD = (
    r"(?:weg|hof|hofje|pad|dijk|markt|park|ring|erf|veld|wal|burg|oord|horst|haven|baan|kamp"
    r"|akker|meent|zoom|donk|veste)"
)
_CAPITAL = r"[A-ZÀ-Þ][\w'’-]{0,40}"
_HOUSE = (
    r",? (?:nr\.? ?|nummer |huisnummer |no\.? ?)?\d{1,4}(?:,? k(?:amer)?\.? ?\d{1,3}"
    r"| ?[-–/] ?(?:[a-zA-Z]{1,2}|bis|hs"
    r"|[IVX]{1,3}|\d{1,3}(?:hs|bis|[a-z])?|t/m ?\d{1,4})| t/m \d{1,4}"
    r"| ?(?:[a-zA-Z]|bis|hs|huis|I{1,3}))?\b"
    r"(?:,? (?:rood|zwart|bis|hs|huis|boven|beneden|even|oneven|I{1,3}|IV)\b)?"
    r"(?:,? (?:op )?(?:de )?(?:\d{1,2}e|eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste"
    r"|negende|tiende|\d{1,2}de|\d{1,2}ste|bovenste) (?:verdieping|etage|woonlaag)\b"
    r"(?: (?:achter|voor|links|rechts)\b)?|,? begane grond\b|,? \d{1,2} ?hoog\b)?"
    r"(?! ?(?:jaar|euro|uur|dagen|weken|keer|maanden|minuten|mensen|%))"
)
_NAMED = re.compile(
    rf"(?<!\w)(?P<name>[^\W\d_]{{2,40}}?{_STREET})\b(?P<house>{_HOUSE})?", re.IGNORECASE
)
_NUMBERED = re.compile(rf"(?<![\w-])[^\W\d_]{{3,40}}?(?:{_ROAD}|{_STREET}){_HOUSE}", re.IGNORECASE)
_LAAN_VAN = re.compile(
    rf"\b(?:Laan|Plein|Hof|Weg|Park|Prins|Burgemeester|Burg\.|Kade) "
    rf"(?:(?:van|der|den|de|het|'t) ){{1,3}}{_CAPITAL}(?P<house>{_HOUSE})?"
)
_LAANS = words_in("laan plein hof weg park prins burgemeester burg kade")
_PO_BOX = re.compile(r"\b[Pp]ostbus \d{1,6}\b")
_WORDS = r"(?:[^\W\d_][\w'’.-]* ){1,4}?"
_LIVES_AT = re.compile(
    rf"\b(?:adres\w*(?: is)?|wonende|woonachtig|wonend|bezoekadres|postadres|briefadres(?: op)?"
    rf"|address(?: is)?|adresim)\b\W{{1,3}}(?:aan |te |op "
    rf"|in )?(?P<value>{_WORDS}\d{{1,4}}(?: ?[-/]? ?(?:[a-zA-Z]|bis|hs|huis|[IVX]{{1,3}}"
    rf"|\d{{1,3}}))?)\b",
    re.IGNORECASE,
)
_ORDINARY_ENDS = re.compile(
    r"(?:zij|hoofd|winkel|woon|een|koop|rij|speel|school|buur|achter|zand|fiets|auto|snel|af"
    r"|door|terug|snel|uit|onder|om|op|heen"
    r"|verkeers)?(?:straat|laan|plein|gracht|kade|steeg|weg)",
    re.IGNORECASE,
)


_BEFORE = re.compile(r"(?<![\w'’-])(?P<word>[^\W\d_]{2,30}|[^\W\d_](?=\.))\.? ?$")
_JOINED = re.compile(r"(?<!\w)[A-ZÀ-Þ][^\W\d_]{1,15}-$")
"""What a hyphen joins to a street ("West-Kruiskade")."""
_STREET_TITLES = words_in("""
    burgemeester burg wethouder dr dokter prof professor prins prinses koning koningin graaf
    pastoor dominee ds pater kapelaan mgr kardinaal generaal admiraal minister meester mr
    gouverneur sint st oude nieuwe kleine grote lange korte hoge lage eerste tweede derde
    verlengde
""")


def addresses(at: Standing, words: WordList) -> Iterator[Finding]:
    """Streets, with or without a number; a word with the end of a street that stands in the
    dictionary counts only with a number."""
    text = at.text
    for found in _PO_BOX.finditer(text) if at.digits else ():
        yield Finding(*found.span(), "ADDRESS", _street_label(text, found.start()))
    for found in at.found(_LAAN_VAN, _LAANS):
        yield Finding(*found.span(), "ADDRESS", _street_label(text, found.start()))
    for found in at.found(_NAMED, [word for word in at.places if word.endswith(_STREETS)]):
        name = found["name"].lower()
        plain = _ORDINARY_ENDS.fullmatch(name) is not None
        known = words.is_listed(name) and not _BEHIND_PLACE_WORD.search(
            text, max(0, found.start() - 20), found.start()
        )
        if found["house"] or not (known or plain):
            start = _first_word(text, found.start(), words)
            yield Finding(start, found.end(), "ADDRESS", _street_label(text, start))
    yield from _roads(at, words)
    if at.digits:
        yield from _with_numbers(text, words)
        for found in _LIVES_AT.finditer(text):
            yield Finding(*found.span("value"), "ADDRESS", "address")


def floors(at: Standing) -> Iterator[Finding]:
    """Floors and doors: they say something only in a story with somebody in it."""
    if at.holds(*_STOREY_WORDS):
        for found in _STOREY.finditer(at.text):
            yield Finding(*found.span(found.lastgroup or 0), "ADDRESS", "address")


def _roads(at: Standing, words: WordList) -> Iterator[Finding]:
    """Roads by the word for one, and floors."""
    text = at.text
    for found in _ROAD_NAMED.finditer(text):
        name = found["name"].lower()
        if not words.is_listed(name) and (found["house"] or not words.is_public(name)):
            yield Finding(*found.span(), "ADDRESS", "street")
    for found in _ROAD_SMALL.finditer(text):
        if not words.is_ordinary(found["name"]):
            yield Finding(*found.span("road"), "ADDRESS", "street")
    for found in _OLD_AND_NEW.finditer(text) if at.holds(*_OLD_OR_NEW) else ():
        yield Finding(*found.span("name"), "ADDRESS", "street")
    for found in _FLOOR.finditer(text) if at.holds("hoog", "links", "rechts") else ():
        yield Finding(*found.span("floor"), "ADDRESS", "address")


def _with_numbers(text: str, words: WordList) -> Iterator[Finding]:
    """What only the number beside it makes an address."""
    for found in _CAPITAL_NUMBER.finditer(text):
        first = found["name"].split(" ")[-1].lower()
        if first not in _COUNTED and not words.is_public(first):
            yield Finding(*found.span(), "ADDRESS", "address")
    for found in _BARE.finditer(text):
        before = _BEHIND_PLACE_WORD.search(text, max(0, found.start() - 20), found.start())
        if before or found.start() == 0 or text[found.start()].isupper():
            yield Finding(*found.span(), "ADDRESS", "address")
    for found in _NUMBERED.finditer(text):
        name = found.group().partition(" ")[0].strip(",")
        nearer = text[max(0, found.start() - 20) : found.start()]
        written = name[0].isupper() and nearer[-2:-1].islower()
        written = written or _BEHIND_PLACE_WORD.search(nearer) is not None
        if written or not words.is_listed(name.lower()):
            start = _first_word(text, found.start(), words)
            yield Finding(start, found.end(), "ADDRESS", "address")


_ROAD_SMALL = re.compile(
    r"\b(?:aan|op|in|van|naar|bij|langs|vanaf|uit) (?:de|het|'t) (?P<road>(?P<name>[a-zà-ÿ]{4,30}"
    rf"(?:weg|hof|pad|dijk|plein|laan|straat))(?:{_HOUSE})?)\b"
)
_OLD_AND_NEW = re.compile(
    r"(?<![.!?] )(?<!^)(?P<name>(?:Oude|Nieuwe|Lange|Korte|Hoge|Lage|Kleine|Grote|Achter de|Boven) "
    r"(?:Vest|Nering|Dreef|Haven|Markt|Gracht|Singel|Dijk|Kade|Wal|Weg|Brink|Delft|Rijn|Werf|Hof"
    r"|Poort|Kerkhof|Plein|Steeg|Houtstraat|Beestenmarkt|Vismarkt|[A-Z][a-z]+(?:straat|weg|steeg|gracht|dijk|laan|kade|singel|pad|plein|markt|wal))"
    rf"(?:{_HOUSE})?)\b"
)
_OLD_OR_NEW = (
    *("oude ", "nieuwe ", "lange ", "korte ", "hoge ", "lage ", "kleine ", "grote ", "achter de "),
    "boven ",
)
_FLOOR = re.compile(
    r"\b(?P<floor>(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|\d{1,2})"
    r" hoog(?= (?:achter|voor|links|rechts|woont|een|in)\b|[,.;]|$)"
    r"|(?<=\bvan )\d{1,2} ?hoog|(?<=\bop )\d{1,2} ?hoog"
    r"|\d{1,2}e (?:links|rechts)"
    r"|(?:eerste|tweede|derde|vierde|vijfde) (?:gang|etage|verdieping) (?:links|rechts))\b",
    re.IGNORECASE,
)
_STOREY_WORDS = (
    *(
        "hoog",
        "verdieping",
        "etage",
        "woonlaag",
        "begane",
        "rood",
        "zwart",
        "kat",
        "plek",
        "plaats",
    ),
    *("kavel", "unit", "box", "deur", "hut", "kamer", "appartement", "huisje", "chalet", "طابق"),
)
_STOREY = re.compile(
    r"\b(?:begane grond|(?:\d{1,2}e|\d{1,2}de|\d{1,2}ste|eerste|tweede|derde|vierde|vijfde|zesde"
    r"|zevende|achtste|negende|tiende|bovenste) (?:verdieping|etage|woonlaag)"
    r"|(?:\d{1,4}|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien) (?:rood|zwart)"
    r"|\d{1,2}\.? ?kat(?:t[ae]\w*|tan|ın\w*|ımız\w*)?(?: (?:arka|ön))?|\d-hoog"
    r"|[^\W\d_]{2,10}[ıiuü]nc[ıiuü] kat"
    r"|(?:plek|standplaats|staanplaats|kavel|unit|box|deur|hut|plaats) "
    r"(?P<place>[A-Z]{1,2}[ -]?\d{1,3}|\d{1,3}[A-Z])"
    r"|(?:, |\bop )(?P<door>(?:plek|standplaats|kavel|unit|kamer|appartement|huisje|chalet|app\.?"
    r"|nr\.?) \d{1,3}))(?!\w)(?! ?(?:jaar|euro|uur|dagen|weken|keer|maanden|mensen|%))"
    r"|(?:الطابق|طابق) (?:الأول|الاول|الثاني|الثالث|الرابع|الخامس|السادس|السابع|الأرضي|الارضي"
    r"|\d{1,2})",
    re.IGNORECASE,
)
_CAPITAL_NUMBER = re.compile(
    r"(?<=[a-z,] )(?P<name>(?:(?:De|Het|Den|'[tT]) )?"
    rf"[A-ZÀ-Þ][a-zà-þ]{{3,30}}(?: [A-ZÀ-Þ][a-zà-þ]{{2,30}})?){_HOUSE}"
    r"(?=[.,;)\n]|$| (?:in|te|op|is|staat|woont|en|nog|maar)\b)"
)
_COUNTED = words_in("""
    radio logo kanaal formule
    groep fase week lijn bus stap team artikel lid kamer level niveau deel bijlage hoofdstuk punt
    nummer leerjaar klas unit tram spoor route cohort versie dag zaal covid covid groepen afdeling
    paragraaf wet regel vraag optie plan schaal categorie type klasse januari februari maart april
    mei juni juli augustus september oktober november december havo vwo mavo cito playstation
    windows iphone samsung galaxy wlz wmo zin kerst circa ongeveer minimaal maximaal rond cluster
""")
"""Words with a capital before numbers that are no streets."""
_BARE = re.compile(
    r"(?<![\w-])(?:(?:'t|het|de) )?(?:singel|markt|plein|kade|dijk|brink|dam|dreef|hof|laan"
    r"|meent|zand|wal|ring|kolk|gracht|haven"
    r"|[^\W\d_]{2,20}(?:einde|gracht|hoek|hoeve|kerk|molen|brug|land|beek|horn|stede|rode|berg"
    r"|woude|heide|bos|sluis))"
    rf"{_HOUSE}(?= te [A-Z]|[.,;)]|$| (?:is|in|te|woon\w*|staat|en|bij|,))",
    re.IGNORECASE,
)
_BEHIND_PLACE_WORD = re.compile(
    r"\b(?:aan|op|in|van|naar|en|tussen|hoek|wonen?|woont|woon) (?:de |het |'t )?$", re.IGNORECASE
)


_NAME_BEFORE = re.compile(r"\b[A-ZÀ-Þ][a-zà-þ]+ (?:van |de |der |den ){1,2}$")
_ROAD_NAMED = re.compile(
    r"(?P<name>[A-ZÀ-Þ](?:(?<=\b[Dd]e .)|(?<=\b[Hh]et .)|(?<='t .))[a-zà-þ]{2,30}"
    r"(?:weg|wegje|hof|hofje|pad|paadje|dijk|park|baan|hoek|wal|veld|erf|ring|horst|kamp|meent"
    rf"|donk|stede|beemd|akker|brink))\b(?P<house>{_HOUSE})?"
)


def _first_word(text: str, start: int, words: WordList) -> int:
    """Where the name of a street begins: at initials, a title, a given name or a capital before the
    word that ends like a street ("p.c. hooftlaan", "Kleine Houtweg")."""
    if (joined := _JOINED.search(text, max(0, start - 20), start)) is not None:
        start = joined.start()
    while (before := _BEFORE.search(text, max(0, start - 40), start)) is not None:
        word = before["word"]
        named = word.lower() in _STREET_TITLES or len(word) == 1 or words.is_only_given(word)
        if word in ("van", "de", "der", "den") and _NAME_BEFORE.search(
            text, max(0, start - 40), start
        ):
            named = True
        named = named or word in ("Van", "De", "Den", "Ter", "Ten")
        capital = word[0].isupper() and not word.isupper() and not words.is_ordinary(word)
        if not (named or capital):
            break
        start = before.start("word")
    return start


def _street_label(text: str, start: int) -> str:
    return (
        "street"
        if text[max(0, start - 4) : start].lower().endswith((" de ", " het "))
        else "address"
    )
