"""What only one person here is, in Turkish and Arabic: "the only ... of the village"."""

from __future__ import annotations

import re

_WHERE = (
    r"(?:köy|mahalle|flat|okul|sokak|sokağ|bina|apartman|sınıf|kasaba|şehir|şehr|ilçe|cami|belediye"
    r"|meclis|istasyon|fabrika|dernek|derneğ|semt|çarşı|pazar|burada|burda|orada|orda)"
)
_MONTHS = "Ocak|Şubat|Mart|Nisan|Mayıs|Haziran|Temmuz|Ağustos|Eylül|Ekim|Kasım|Aralık"
_NAMED = rf"(?!{_MONTHS})(?-i:[A-ZÇĞİÖŞÜ])[\w’]+"
_IN = rf"(?:{_WHERE}\w{{0,8}}|{_NAMED}['’](?:[dt][ae](?:ki)?|n?[ıiuü]n))"
"""A place with "in" or "of" written to it."""
_AL = "(?:ال|هال|هذه ال|هذا ال|هاي ال)"
_HERE = (
    r"(?:مدين[ةه]|قري[ةه]|حي|حار[ةه]|بلد[ةه]?|دوار|ضيع[ةه]|منطق[ةه]|شارع|بناي[ةه]|عمار[ةه]|مدرس[ةه]"
    r"|جامع|مسجد|كنيس[ةه]|كامب|مستودع|مصنع|سوق)"
)
_COUNTRY = (
    "(?:مصر|العراق|سوريا|المغرب|السودان|اليمن|تونس|الجزائر|لبنان|فلسطين|هولندا|العالم|العرب"
    "|افريقيا|أفريقيا)"
)
PATTERNS = (
    re.compile(
        rf"\b{_IN},?(?: [^\W\d_]\w*){{0,6}}? (?:tek|ilk|son|en (?:yaşlı|küçük|genç|eski))"
        r"(?! (?:başına|tek|kez|defa|kere|gün|hafta|ay|yıl|zaman|umud\w*|çare\w*|şey\w*|söz|para"
        r"|taksit\w*)\b)"
        r" (?:[^\W\d_]\w* ?){1,4}(?<! )",
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
        r"(?<!\w)(?!(?:[^\W\d_]+ ){0,2}(?:هي|هو|الحل|المكان|الشي|الشيء|السبب|الوقت"
        r"|الطريق|الأمل|الامل|الفرق|الخيار) الوحيد)"
        r"(?:[^\W\d_]+ ){1,3}?الوحيد[ةه]?(?:ين)? (?:في|على|من|اللي|يلي|التي|الذي|[بف][^\W\d_]+)"
        r"(?: [^\W\d_]+){0,6}"
    ),
    re.compile(
        rf"(?<!\w)(?:[آا]خر|[أا]ول|[أا]قدم) (?!مر[ةه]|يوم|شي|واحد|الشهر|السن[ةه]|الأسبوع)[^\W\d_]+"
        rf"(?: [^\W\d_]+){{0,3}}? (?:في |ف|ب){_AL}?{_HERE}(?!\w)"
        rf"|(?<!\w)بطل[ةه]? {_COUNTRY}(?: [^\W\d_]+){{0,3}}(?: \d{{4}})?"
    ),
)
NEEDED = (
    (" tek", " ilk", " son", " en ya", " en küçük", " en genç", " en eski"),
    ("tek",),
    ("kimse",),
    ("الوحيد",),
    ("خر ", "ول ", "قدم ", "بطل"),
)
"""What one of must stand in a text in which the pattern in the same place finds something."""
