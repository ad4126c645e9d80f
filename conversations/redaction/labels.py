"""Labels: the words that are proposed in the place of a detail."""

from __future__ import annotations

from collections.abc import Iterable

from conversations.redaction.findings import Finding

_LABELS = {
    "nl": {
        "name": "naam",
        "place": "plaats",
        "address": "adres",
        "street": "straat",
        "postcode": "postcode",
        "phone": "telefoonnummer",
        "email": "e-mailadres",
        "link": "link",
        "handle": "account",
        "iban": "rekeningnummer",
        "bsn": "BSN",
        "birth": "geboortedatum",
        "date": "datum",
        "age": "leeftijd",
        "number": "nummer",
        "school": "school",
        "care": "praktijk",
        "home": "woonvorm",
        "centre": "buurthuis",
        "faith": "gebedshuis",
        "club": "club",
        "organisation": "organisatie",
        "unique": "iets unieks",
        "plate": "kenteken",
    },
    "en": {
        "name": "name",
        "place": "place",
        "address": "address",
        "street": "street",
        "postcode": "postcode",
        "phone": "phone number",
        "email": "e-mail address",
        "link": "link",
        "handle": "account",
        "iban": "account number",
        "bsn": "BSN",
        "birth": "date of birth",
        "date": "date",
        "age": "age",
        "number": "number",
        "unique": "something unique",
        "plate": "number plate",
        "organisation": "organisation",
    },
    "tr": {
        "name": "isim",
        "place": "yer",
        "address": "adres",
        "street": "sokak",
        "postcode": "posta kodu",
        "phone": "telefon",
        "email": "e-posta",
        "link": "bağlantı",
        "handle": "hesap",
        "iban": "hesap numarası",
        "bsn": "BSN",
        "birth": "doğum tarihi",
        "date": "tarih",
        "age": "yaş",
        "number": "numara",
        "unique": "yalnız bir kişi",
        "plate": "plaka",
        "organisation": "kuruluş",
    },
    "ar": {
        "name": "اسم",
        "place": "مكان",
        "address": "عنوان",
        "street": "شارع",
        "postcode": "رمز بريدي",
        "phone": "رقم هاتف",
        "email": "بريد إلكتروني",
        "link": "رابط",
        "handle": "حساب",
        "iban": "رقم حساب",
        "bsn": "BSN",
        "birth": "تاريخ ميلاد",
        "date": "تاريخ",
        "age": "عمر",
        "number": "رقم",
        "unique": "شيء يخص شخصاً واحداً",
        "plate": "رقم لوحة",
        "organisation": "مؤسسة",
    },
}


class Labels:
    """The replacements for the findings of one text: one word for one person throughout.

    Who is called "mijn moeder Fatima" is "[moeder]" wherever she is named again; others are
    "[naam]", "[naam 2]".
    """

    def __init__(self, findings: Iterable[Finding], language: str) -> None:
        self._labels = _LABELS.get(language, _LABELS["en"])
        self._people: dict[str, str] = {}
        people = [finding for finding in findings if finding.kind == "PER"]
        roles = {finding.name: finding.role for finding in reversed(people) if finding.role}
        counts: dict[str, int] = {}
        for finding in people:
            if finding.name not in self._people:
                word = roles.get(finding.name) or self._labels["name"]
                counts[word] = counts.get(word, 0) + 1
                number = f" {counts[word]}" if counts[word] > 1 else ""
                self._people[finding.name] = word + number

    def of(self, finding: Finding) -> str:
        """What is proposed for a finding, brackets included."""
        if finding.kind != "PER":
            return f"[{self._labels.get(finding.label) or self._labels['organisation']}]"
        word = self._people[finding.name]
        if finding.role and word.split(" ")[0] == finding.role:
            word = self._labels["name"]
        return f"[{word}]"
