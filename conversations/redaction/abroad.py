"""Names in other languages than Dutch, for which there is no list of words: a name has a capital
there, and is none of the ordinary words that often carry one too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from conversations.redaction.finding import Finding

_ENGLISH = """
    i im ive id ill me my mine you your yours he him his she her hers it its we us our ours they
    them their theirs who whom whose this that these those there here what which when where why how
    a an the and but or nor so yet if then than as at by for from in into of off on onto out over
    to up with without back again away down yes no not never always ever maybe perhaps please thank
    thanks sorry hello hi dear god lord jesus allah christmas easter ramadan am is are was were be
    been being do does did have has had can could will would shall should may might must said says
    say told tell asked ask called call names monday tuesday wednesday thursday friday saturday
    sunday january february march april may june july august september october november december
    dutch english german french turkish moroccan polish syrian arabic chinese surinamese muslim
    christian catholic mum mom mother dad father sister brother son daughter grandma grandpa aunt
    uncle neighbour neighbor doctor nurse teacher council municipality mayor police school kitchen
    team teams local social job centre center work hospital house home street church mosque help
    internet whatsapp facebook instagram covid corona bsn mr mrs ms miss after before because since
    while although however also even just only first last next one two three some every all nobody
    somebody everybody everyone someone nothing something everything library tax office desk service
    services department benefits welfare bank court judge lawyer police station letter form class
    coach manager counsellor therapist midwife dentist pharmacy clinic surgery nursery university
    college course language integration food bus train taxi flat neighbourhood community youth child
    children family families people man men woman women boy girl sir madam support worker workers
    volunteer volunteers society association foundation government ministry today yesterday tomorrow
"""
_TURKISH = """
    ben bana beni bende benden benim biz bize bizi bizim sen sana seni senin siz size sizi sizin o
    ona onu onun onlar onlara onları onların bu buna bunu bunun şu şuna bunlar kim kime ne neden
    niye nasıl nerede hangi kaç ve veya ya ile ama fakat çünkü eğer ki de da için gibi kadar sonra
    önce şimdi bugün dün yarın her hiç bir iki üç çok az daha en evet hayır tamam belki allah tanrı
    ramazan bayram pazartesi salı çarşamba perşembe cuma cumartesi pazar ocak şubat mart nisan mayıs
    haziran temmuz ağustos eylül ekim kasım aralık anne annem annemin baba babam abla ablam abi abim
    kardeş kardeşim oğlum kızım eşim teyze teyzem amca amcam komşu komşum doktor hemşire öğretmen
    belediye belediyeden belediyeye polis okul hastane ev evde iş yardım ekip ekipten hollanda
    hollandalı hollandaca türk türkçe türkiye müslüman bey hanım bay bayan sayın internet
    whatsapp facebook corona korona bsn almanya fransa belçika suriye irak ırak iran fas avrupa
    amerika afrika asya kur kuran islam hristiyan kürt kürtçe arap arapça ingilizce almanca fransız
    alman suriyeli hollandalılar digid wijkteam uwv
"""
TURKISH = frozenset(_TURKISH.split())
"""Words that carry a capital at times, and are no name."""
_ORDINARY = {"en": frozenset(_ENGLISH.split()), "tr": TURKISH}
_WORD = re.compile(r"\S+")


def names_only(findings: Iterable[Finding], text: str, language: str) -> Iterator[Finding]:
    """The findings, without what only looks like a name: in small letters, or an ordinary word of
    the language. What is left of a longer one stays."""
    ordinary = _ORDINARY.get(language, frozenset())
    for finding in findings:
        if finding.kind not in ("PER", "PLACE"):
            yield finding
            continue
        words = list(_WORD.finditer(text, finding.start, finding.end))
        names = [word for word in words if _is_name(word[0], ordinary)]
        if names:
            yield replace(finding, start=names[0].start(), end=names[-1].end())


def _is_name(word: str, ordinary: frozenset[str]) -> bool:
    bare = word.strip(".,;:!?()[]{}\"'’‘“”").partition("’")[0].partition("'")[0]
    small = bare.replace("I", "ı").replace("İ", "i").lower()
    small_too = bare.lower()
    return bare[:1] != bare[:1].lower() and not {small, small_too} & ordinary
