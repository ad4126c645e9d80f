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
    r"\bik (?:wil|hoef|kan)(?: \w+){0,2} niet (?:meer )?(?:leven|verder leven|wakker worden)\b",
    r"\b(?:wil|hoef|kan) ik(?: \w+){0,2} niet (?:meer )?(?:leven|verder leven)\b",
    r"\bik (?:wil|wou)(?: \w+){0,2} (?:dood|sterven|er niet meer zijn)\b(?! (?:slaan|maken))",
    r"\b(?:was ik maar|ik was liever|liever) dood\b",
    r"\beinde? aan (?:mijn leven|alles)\b|\beinde? aan maken\b",
    r"\bik (?:ga|wil|kan)(?: \w+){0,3} (?:ophangen|van kant maken|van het leven beroven)\b",
    r"\b(?:mezelf|mijzelf|me)(?: \w+){0,2} (?:van kant|ophangen|verhangen|doodmaken)\b",
    r"\bik (?:denk|dacht)(?: \w+){0,3} (?:aan zelfmoord|aan zelfdoding|aan de dood)\b",
    r"\bik (?:pleeg|ga)(?: \w+){0,2} zelfmoord\b|\bzelfmoord (?:plegen|wil ik)\b",
    r"\b(?:zonder mij|iedereen) (?:is|zijn|beter af|beter)(?: \w+){0,3} (?:beter af|zonder mij)\b",
    r"\bpillen(?: \w+){0,3} (?:gespaard|verzameld|klaarliggen|klaar liggen)\b",
    r"\bik (?:snij|snijd|kras)(?: \w+){0,2} (?:mezelf|mij|me|mijn armen?)\b",
    # Violence at home, now.
    r"\b(?:hij|zij|ze|man|vriend|vader|papa|moeder|mama|zoon|broer|ex|partner) "
    r"(?:slaat|schopt|mishandelt|wurgt|bedreigt|verkracht|misbruikt|stompt) (?:mij|me|ons|mijn)\b",
    r"\bik (?:word|wordt)(?: \w+){0,4} (?:geslagen|mishandeld|bedreigd|misbruikt|opgesloten)\b",
    r"\bik durf(?: \w+){0,3} niet (?:meer )?naar huis\b",
    r"\bik ben(?: \w+){0,2} bang (?:voor|van) mijn (?:man|vriend|vader|ex|zoon|partner|broer)\b",
    r"\b(?:hij|ze|zij) (?:gaat|zal|wil) (?:mij|me|ons) (?:vermoorden|doodmaken|dood maken)\b",
)
_ENGLISH = (
    r"\bi (?:want|wish)(?: \w+){0,3} (?:to die|dead|to be dead)\b|\bi don'?t want to live\b",
    r"\b(?:kill|hurt|hang) myself\b|\bend (?:my life|it all)\b|\bsuicidal\b",
    r"\b(?:he|she|my (?:husband|wife|father|mother|partner|ex)) "
    r"(?:hits|beats|threatens|rapes) me\b",
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
_SENTENCE = re.compile(r"(?<=[.!?\n])\s+")


def worrying(text: str, language: str = "nl") -> bool:
    """Whether a sentence speaks of dying or of violence, in the first person and of now.

    It is read as the language of the conversation and as Dutch and English, in which people tell
    too. What a sentence itself puts in the past does not count.
    """
    asked = dict.fromkeys((language, "nl", "en") if language not in ("nl", "en") else (language,))
    text = text if text.isascii() else fold(text)
    small = text.replace("İ", "i").lower()
    for which in asked:
        read, pattern = small if which in ("nl", "en") else text, _PATTERNS.get(which)
        if pattern is not None and pattern.search(read):  # hardly ever
            sentences = _SENTENCE.split(read)
            if any(pattern.search(each) and not _PAST.search(each) for each in sentences):
                return True
    return False
