"""Turkish: names with a title behind them or endings on them, dates, births and ages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from conversations.redaction.abroad import TURKISH
from conversations.redaction.finding import Finding
from conversations.redaction.tokens import Token
from conversations.wordlist import WordList
from conversations.wordlist.load import given_in


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ALSO_WORDS = _set("""
    adil alev arda arzu asker aslan ateş aydın ayla bahar barış bereket bilge bilgin bora can candan
    cesur cihan çetin çiçek damla deniz defne derya devrim dilek doğan dursun döndü durmuş ece eda
    ekim ela emek emin engin erdem eren eylem eylül fidan filiz gonca gönül gül güler güneş güven
    hakim hakkı hasret hatun hayat hilal hikmet huzur ihsan inan inci ipek irfan işıl kadir kader
    kaya kıymet kurtuluş lale levent mazlum medine melek meltem menekşe mert mesut metin miraç
    muzaffer müjde nazlı neşe nimet nisa nisan nur onur ömür orhun özcan özge özgür özlem pınar
    polat ramazan rauf resul rüya saadet sabri sadık salim samet savaş seda seher selam sema serap
    servet sevda sevgi sevim sevinç sezer sezgin sıla soner suna sultan şafak şahin şeref şükran tan
    toprak tuba tülay turan ufuk umut utku ümit veli volkan yağmur yalçın yaren yaşar yavuz yeter
    yıldız yılmaz yiğit yüksel zafer zeki ziya zülfü gurbet vatan nebahat selami sabah
    hadi hala ada ana rana aman yani
""")
"""Names that are words as well."""
_NOT_BEFORE_TITLE = _set("""
    bir bu şu o iki üç her hiç çok en daha benim senin onun bizim sizin onların yaşlı genç iyi kötü
    güzel büyük küçük ilk son diğer öbür başka aynı sevgili değerli komşu kız erkek ev doktor hakim
    hâkim müdür memur hemşire öğretmen avukat savcı komiser başkan şef hoca polis kaptan bay bayan
    tatlı şişman kısa uzun temizlikçi bakkal ve ile de da ama hem ne işte evet hayır dedim dedi
""")
_ENDINGS = re.compile(
    r"(?:n?[ıiuü]n|y?[ae]|[dt][ae]n?|y?l[ae]|n?[ıiuü]|y[ıiuü]|l[ae]r\w*|c[ıi]ğ[ıi]m|gil\w*)"
)
_CASES = r"(?:l[ae]r)?(?:m|s[ıi])?(?:n?[ıiuü]n|y?[aeıiuü]|[dt][ae]n?|y?l[ae]|n[ae]|n[dt]?[ae]n?)?"
_TITLE = re.compile(
    r"(?P<polite>bey(?:efendi)?|han[ıi]m(?:efendi)?|efendi)(?:" + _CASES + r")"
    r"|(?:abi|ağabey|agabey|abla|teyze|amca|day[ıi]|hala|hoca|usta|dede|nine|yenge|enişte|enis?te)"
    r"(?:" + _CASES + r")"
)
_TITLE_BEFORE = _set("sayın dr doktor prof avukat bay bayan hemşire öğretmen hoca müdür yargıç")
_KIN = re.compile(
    r"(?:komşu|arkadaş|kardeş|kuzen|yeğen|torun|gelin|damat|damad|abla|abi|anne|baba|hala|teyze"
    r"|dayı|amca|koca|karı|eş|kız|oğl|oğul|bebe[kğ]|öğretmen|yenge|enişte|kayınvalide|kayınpeder)"
    r"[ıiuü]?(?:m|m[ıiuü]z|s[ıi]|[ıiuü])"
)
_SMALL = _set("van der den de el ter ten di da")
_CALLED = _set("adım adı adın adımız ismim ismi ismin")
_CALLED_BEHIND = _set("adında adındaki adlı isimli isminde ismindeki")

ENDINGS_APART = str.maketrans("'’", "··")
"""Makes a word of its own of the ending behind an apostrophe ("Ayşe'nin"); nothing moves."""

_WORD = re.compile(r"(?P<word>[^\W\d_]+)(?P<apart>['’][^\W\d_]+)?")
_INITIAL = re.compile(r"\b[A-ZÇĞİÖŞÜ]\. (?P<name>[A-ZÇĞİÖŞÜ][^\W\d_]+)")


def lower(word: str) -> str:
    """The word in small letters, with the two i's that Turkish has."""
    return word.replace("İ", "i").replace("I", "ı").lower()


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    low: str
    capital: bool
    apart: bool
    gap: str


def names(text: str, words: WordList) -> Iterator[Finding]:
    """Names that something beside them gives away, and given names that are nothing else."""
    read = _read(text)
    taken: set[int] = set()
    known: set[str] = set()
    for index in range(len(read)):
        if index in taken or not _is_name(read, index, words):
            continue
        end = _rest(read, index + 1)
        taken.update(range(index, end))
        known.update(word.low for word in read[index:end])
        yield _finding(read[index], read[end - 1])
    for index, word in enumerate(read):
        if index not in taken and word.capital and word.low in known:
            yield _finding(word, word)
    for found in _INITIAL.finditer(text):
        yield Finding(*found.span(), "PER", "name", lower(found["name"]))


def not_words(findings: Iterable[Finding], tokens: Iterable[Token]) -> Iterator[Finding]:
    """The findings, without words that have a capital because they begin a sentence."""
    begins = {token.start for token in tokens if token.initial and lower(token.text) in ALSO_WORDS}
    return (finding for finding in findings if finding.start not in begins)


def _read(text: str) -> list[_Word]:
    read: list[_Word] = []
    last = 0
    for found in _WORD.finditer(text):
        start, end = found.span("word")
        read.append(
            _Word(
                start,
                end,
                lower(found["word"]),
                found["word"][0].isupper(),
                found["apart"] is not None and not found["word"].isupper(),
                text[last:start],
            )
        )
        last = found.end()
    return read


def _finding(first: _Word, last: _Word) -> Finding:
    return Finding(first.start, last.end, "PER", "name", first.low)


def _is_name(read: Sequence[_Word], at: int, words: WordList) -> bool:
    word = read[at]
    given = _given(word, words)
    only = given and word.low not in ALSO_WORDS | TURKISH
    before = read[at - 1].low if at and word.gap in (" ", ". ", ", ") else ""
    behind = read[at + 1] if at + 1 < len(read) and read[at + 1].gap == " " else None
    if word.low in _NOT_BEFORE_TITLE or _TITLE.fullmatch(word.low):
        return False
    if behind and (title := _TITLE.fullmatch(behind.low)):
        return given or word.capital or title["polite"] is not None
    if behind and behind.low in _CALLED_BEHIND:
        return word.capital or given
    if before in _CALLED and word.gap == " ":
        called = behind is not None and behind.low == "olan"
        return called or only or (word.capital and word.low not in TURKISH)
    if before in _TITLE_BEFORE and word.capital and word.low not in TURKISH:
        return True
    if _KIN.fullmatch(before) and given and (only or word.capital):
        return True
    if word.apart and word.capital:  # as only names have it
        return not (word.low in TURKISH or words.is_public(word.low) or words.is_place(word.low))
    return only and (word.capital or len(word.low) > 3)


def _given(word: _Word, words: WordList) -> bool:
    """Whether it is a given name; a Turkish one may carry an ending, or have no capital."""
    turkish = given_in("turkish")
    if word.low in turkish or (word.capital and word.low in words.given):
        return True
    for cut in range(len(word.low) - 1, 3 if word.capital else 5, -1):
        stem = word.low[:cut]
        if stem in turkish and stem not in ALSO_WORDS:
            return _ENDINGS.fullmatch(word.low[cut:]) is not None
    return False


def _rest(read: Sequence[_Word], at: int) -> int:
    """How far a name goes on: the capitals right behind it, also those behind "van" or "de"."""
    while at < len(read) and read[at].gap == " ":
        last = at
        while last + 1 < len(read) and read[last].low in _SMALL and read[last + 1].gap == " ":
            last += 1
        word = read[last]
        if not word.capital or word.low in TURKISH or _TITLE.fullmatch(word.low):
            break
        at = last + 1
    return at


_MONTH = r"(?:ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DATE = re.compile(
    rf"(?<![\d.,/-])(?:{_DAY}[ .]{{1,2}}{_MONTH}(?:['’]?[dt][ae]n?\w*|['’]?[ıiuü]\w{{0,4}})?"
    rf"(?: (?:19|20)\d\d)?\b|{_DAY}[./-](?:0?[1-9]|1[0-2])[./-](?:19|20)\d\d(?!\d))",
    re.IGNORECASE,
)
_BORN_BEHIND = re.compile(
    r"['’]?\w{0,4}(?: (?:tarihinde|günü|yılında))? do[ğg](?:um|du|an|mu)", re.I
)
_BORN_BEFORE = re.compile(r"do[ğg]um (?:tarihi\w*|günü\w*)\W+(?:\w+\W+){0,2}$", re.IGNORECASE)
_BIRTH_YEAR = re.compile(
    r"\b(?P<year>(?:19|20)\d\d)(?= (?:yılında )?do[ğg](?:um|du|an|mu))|"
    r"\bdo[ğg]um yıl\w* (?P<later>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_UNITS = "bir|iki|üç|dört|beş|altı|yedi|sekiz|dokuz"
_TENS = "on|yirmi|otuz|kırk|elli|altmış|yetmiş|seksen|doksan"
_AGE = re.compile(
    rf"\b(?:\d{{1,3}}|(?:{_TENS})(?: (?:{_UNITS}))?|{_UNITS}) yaş(?:ı|i|la|ta|ım)\w*", re.IGNORECASE
)


def details(text: str) -> Iterator[Finding]:
    """Days of the calendar, births and ages."""
    for found in _DATE.finditer(text):
        start, end = found.span()
        born = _BORN_BEHIND.match(text, end) or _BORN_BEFORE.search(text, max(0, start - 40), start)
        yield Finding(start, end, *(("BIRTHDATE", "birth") if born else ("DATE", "date")))
    for found in _BIRTH_YEAR.finditer(text):
        yield Finding(*found.span(found.lastgroup or 0), "BIRTHDATE", "birth")
    for found in _AGE.finditer(text):
        yield Finding(*found.span(), "AGE", "age")
