"""Names that everybody knows, by what stands before them: ministers, kings, illnesses, laws."""

from __future__ import annotations

from conversations.redaction.whole import Whole, runs
from conversations.wordlist.fold import words_in

_OFFICES = words_in("""
    minister ministers premier president koning koningin prins prinses paus profeet kanselier
    staatssecretaris sultan sint sinte heilige kabinet keizer
    cumhurbaşkanı başbakan bakan kral kraliçe hazreti peygamber
    الرئيس الملك الملكة الوزير الوزيرة النبي سيدنا القديس
""")
_WORKS = words_in("""
    ziekte syndroom wet methode schaal test trap toets therapie symptoom reflex gen dystrofie
    hastalığı sendromu مرض متلازمة داء قانون سورة
""")


class PublicNames(Whole):
    """Drops what points at nobody here."""

    def drop_known(self) -> None:
        """Who holds an office of the country, and whom an illness or a law is named after."""
        tokens, cues = self.tokens, self.evidence.cues
        for first, last in list(runs(self.labels, "PER")):
            if not first or tokens[first].gap not in (" ", "-"):
                continue
            before = tokens[first - 1].lower
            earlier = cues[first - 2] if first > 1 else ""
            office = before in _OFFICES and earlier not in ("poss", "det", "called")
            work = before in _WORKS or (
                before in ("van", "von") and first > 1 and tokens[first - 2].lower in _WORKS
            )
            if office or work:
                self.labels[first:last] = ["-"] * (last - first)
