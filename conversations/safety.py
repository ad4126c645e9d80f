"""The careful trigger: words after which the help card is shown once more.

It decides nothing about anybody. Finding a crisis by words is poor work, so a match only shows
the card again and asks whether to go on; nothing of it is stored, logged or told to anyone. The
help that counts is the button "Hulp nu", which is always there.
"""

from __future__ import annotations

import re

from conversations.wordlist.arabic import fold

_DUTCH = (
    # Wanting to die, said of oneself and of now.
    r"\bik (?:wil|hoef|kan)(?: \w+){0,2} niet (?:meer )?(?:te )?(?:verder leven|leven"
    r"|wakker worden)\b(?! (?:van|in|op|zonder|met|door)\b)",
    r"\b(?:wil|hoef|kan) ik(?: \w+){0,2} niet (?:meer )?(?:te )?(?:verder leven|leven)\b"
    r"(?! (?:van|in|op|zonder|met)\b)",
    r"\bik (?:wil|wou)(?: \w+){0,2} (?:dood|sterven|er niet meer zijn)\b(?! (?:slaan|maken))",
    r"\b(?:was ik maar|ik was liever|liever) dood\b",
    r"\beinde? (?:maken )?aan (?:mijn leven|alles(?! is| was))\b|\beinde? aan maken\b",
    r"\bik maak er(?: \w+){0,2} einde? aan\b",
    r"\bik (?:ga|wil|kan)(?: \w+){0,3} (?:van kant maken|van het leven beroven)\b",
    r"\b(?:mezelf|mijzelf)(?: \w+){0,2} (?:iets|wat) (?:aandoen|aan te doen|aan doen)\b",
    r"\b(?:mezelf|mijzelf|me)(?: \w+){0,2} (?:van kant|ophangen|verhangen|doodmaken)\b",
    r"\bik (?:denk|dacht)(?: \w+){0,3} (?:aan zelfmoord|aan zelfdoding|aan de dood(?! van))\b",
    r"\bik heb(?: \w+){0,2} (?:zelfmoordgedachten?|suïcidale gedachten)\b",
    r"\bik (?:pleeg|ga)(?: \w+){0,2} zelfmoord\b|\bzelfmoord (?:plegen|wil ik)\b",
    r"\bbeter af zonder mij\b|\bzonder mij (?:is|zijn)(?: \w+){0,2} beter af\b",
    r"\bpillen(?: \w+){0,3} (?:gespaard|verzameld|klaarliggen|klaar liggen)\b",
    r"\bik (?:snij|snijd|kras)(?: \w+){0,2} (?:mezelf|mijzelf|mijn armen?)\b",
    # Violence at home, now.
    r"\b(?:hij|zij|ze|man|vriend|(?:stief|schoon|pleeg)?(?:vader|moeder|zoon)|papa|mama|broer|ex"
    r"|partner|ouders) (?:slaat|slaan|schopt|schoppen|mishandel(?:t|en)|wurgt|bedreig(?:t|en)"
    r"|verkracht|misbruik(?:t|en)|stompt) (?:mij|me|ons|mijn)\b"
    r"(?! (?:\w+ )?(?:over|op|gade)\b| (?:telefoon|adres|nummer))",
    r"\bik (?:word|wordt)(?: \w+){0,4} (?:geslagen|mishandeld|bedreigd|misbruikt|opgesloten)\b",
    r"\bik durf(?: \w+){0,3} niet (?:meer )?naar huis\b",
    r"\bik ben(?: \w+){0,2} bang (?:voor|van) mijn (?:man|vriend|vader|ex|zoon|partner|broer)\b",
    r"\b(?:hij|ze|zij) (?:gaat|zal|wil) (?:mij|me|ons) (?:vermoorden|doodmaken|dood maken)\b",
)
_ENGLISH = (
    r"\bi (?:\w+ )?want (?:to die|to be dead)\b(?! out)|\bi (?:want|wish)(?: \w+){0,3} dead\b",
    r"\bi (?:don'?t|do not) want to live\b(?! (?:in|with|near|there|here)\b)",
    r"\b(?:kill|hang) myself\b|\b(?:want to|going to|gonna|will|i'll) hurt myself\b",
    r"\bend (?:my life|it all)\b|\bsuicidal\b",
    r"\b(?:he|she|my (?:husband|wife|father|mother|partner|ex)) "
    r"(?:hits|beats|threatens|rapes) me\b(?! at\b)",
    r"\bi am (?:being )?(?:beaten|abused|threatened)\b|\bafraid to go home\b",
)
_TURKISH = (
    r"\b(?:ölmek|ölüp gitmek) isti?yorum\b|\byaşamak istemi?yorum\b|\bkeşke ölsem\b",
    r"\bkendimi (?:öldür|as|kes|yak)\w*|\bcanıma kıy\w*|\bintihar (?:et\w+|edece\w+|düşün\w+)",
    r"\b(?:kocam|eşim|babam|annem|abim|oğlum|sevgilim|nişanlım)(?: \w+){0,2} "
    r"(?:beni|bana|bizi|bize) (?:döv|vur|tehdit|tecavüz)\w*",
    r"\bbeni (?:dövüyor|öldürecek|tehdit ediyor)\b|\beve (?:gitmeye|dönmeye) korkuyorum\b",
)
_ARABIC = (
    r"\b(?:اريد|اتمني|بدي) (?:ان )?(?:اموت|الموت)\b|\bلا اريد ان اعيش\b|\bما بدي عيش\b",
    r"\b(?:س?اقتل|س?اوذي|اقتل|قتل) نفسي\b|\b(?:س?انتحر|الانتحار)\b",
    r"\b(?:زوجي|ابي|والدي|امي|اخي|ابني|خطيبي|طليقي)(?: \w+){0,2} "
    r"[يت](?:ضربني|هددني|غتصبني|عنفني|ضربنا|هددنا)\b",
    r"\b[يت]ضربني\b|\b(?:س|رح )?[يت]قتلني\b|\bاخاف (?:من زوجي|ان ارجع الي البيت|من العوده)",
)
_PAST = re.compile(
    r"\b(?:vroeger|destijds|jaren geleden|jaar geleden|toen ik|als kind|vorig jaar|niet meer nu"
    r"|nooit meer|years ago|used to|as a child|yıllar önce|eskiden|çocukken|قبل سنوات|منذ سنوات"
    r"|في طفولتي|كنت صغير\w*)\b",
    re.IGNORECASE,
)


def _either(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One of these, in small letters. The beginning of a word is looked for once: four times as
    fast as at every one of them."""
    each = [one for pattern in patterns for one in re.split(r"\|(?=\\b)", pattern)]
    return re.compile(rf"\b(?:{'|'.join(one[2:] for one in each)})")


_PATTERNS = {
    "nl": _either(_DUTCH),
    "en": _either(_ENGLISH),
    "tr": re.compile("|".join(_TURKISH), re.IGNORECASE),
    "ar": re.compile("|".join(_ARABIC)),
}
_SPACES = re.compile(r"[ \t\xa0]{2,}|\xa0")
_SENTENCE = re.compile(r"(?<=[.!?\n])\s+")


def worrying(text: str, language: str = "nl") -> bool:
    """Whether a sentence speaks of dying or of violence, in the first person and of now.

    It is read as the language of the conversation and as Dutch and English, in which people tell
    too. What a sentence itself puts in the past does not count.
    """
    asked = dict.fromkeys((language, "nl", "en") if language not in ("nl", "en") else (language,))
    text = text if text.isascii() else fold(text)
    small = _SPACES.sub(" ", text.replace("İ", "i").lower().replace("’", "'"))
    for which in asked:
        read, pattern = small if which in ("nl", "en") else text, _PATTERNS.get(which)
        if pattern is not None and pattern.search(read):  # hardly ever
            sentences = _SENTENCE.split(read)
            if any(pattern.search(each) and not _PAST.search(each) for each in sentences):
                return True
    return False
