"""Labels: the words that are proposed in the place of a detail."""

from __future__ import annotations

import re
from collections import Counter
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

    Several people are "[naam 1]", "[naam 2]", in the order in which they come; a number that stands
    in the text already is not given again. Who is called "mijn moeder Fatima" is "mijn moeder
    [naam 1]" there, and "[moeder]" wherever she is named again, if there is one mother.
    """

    def __init__(self, findings: Iterable[Finding], language: str, text: str = "") -> None:
        self._labels = _LABELS.get(language, _LABELS["en"])
        people = [finding for finding in findings if finding.kind == "PER"]
        roles = {finding.name: finding.role for finding in reversed(people) if finding.role}
        often = Counter(roles.values())
        self._roles = {name: role for name, role in roles.items() if often[role] == 1}
        named = dict.fromkeys(each.name for each in people if not self._by_role(each))
        word = re.escape(self._labels["name"])
        used = max(
            (int(number or 1) for number in re.findall(rf"\[{word}(?: (\d+))?\]", text)), default=0
        )
        counted = len(named) > 1 or used
        self._numbers = {
            name: f" {number}" if counted else "" for number, name in enumerate(named, used + 1)
        }

    def of(self, finding: Finding) -> str:
        """What is proposed for a finding, brackets included."""
        if finding.kind != "PER":
            return f"[{self._labels.get(finding.label) or self._labels['organisation']}]"
        if self._by_role(finding):
            return f"[{self._roles[finding.name]}]"
        return f"[{self._labels['name']}{self._numbers[finding.name]}]"

    def _by_role(self, finding: Finding) -> bool:
        """Whether a person is called here by what they are to the teller."""
        return finding.name in self._roles and not finding.role
