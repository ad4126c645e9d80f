"""What the words of a meeting say: its kind, its title without the kind, its two teams."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.meetings.model.meeting import MeetingKind

HOME_ZONE = "Europe/Amsterdam"
TITLE_MAX = 200
UID_MAX = 255

_ARROWS = (
    re.compile(r"^(?P<host>.+?)\s*(?:←|<-+)\s*(?P<guest>.+)$"),
    re.compile(r"^(?P<guest>.+?)\s*(?:→|-+>)\s*(?P<host>.+)$"),
    re.compile(r"^van\s+(?P<guest>.+?)\s+(?:aan|bij)\s+(?P<host>.+)$", re.IGNORECASE),
    re.compile(r"^bij\s+(?P<host>.+?)\s+door\s+(?P<guest>.+)$", re.IGNORECASE),
)

_OFF = (
    r"(?:(?:is\s+)?(?:geannuleerde?|afgezegde?|afgelast|afgeblazen|vervalt|vervallen"
    r"|gecancell?e?d|cancell?ed)"
    r"(?:\s+(?:afspraak|bijeenkomst|gebeurtenis|vergadering|activiteit|event|meeting))?"
    r"|(?:gaat\s+(?:helaas\s+)?)?niet\s+door|called\s+off)"
)
_SENT_ON = re.compile(r"^(?:(?:re|fwd?|antw|doorst|beantw)\s*:\s*)+", re.IGNORECASE)
"""What mail programs put before the title of what is answered or sent on."""
_SENTENCE = (
    r"(?:gaat\s+(?:helaas\s+)?niet\s+door"
    r"|(?:is\s+(?:helaas\s+)?)?(?:geannuleerd|afgezegd|afgelast|gecancell?e?d)"
    r"|is\s+(?:helaas\s+)?vervallen)"
)
_SUBJECT = r"(?:(?!\b(?:niet|als|wanneer|indien|of|dat|die|wat|waarom|hoe|was|werd)\b).)*?"
"""A title that is no subordinate clause: of `Als de hulp is afgezegd` nothing is called off."""
_CANCELLED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"[\[(*]+\s*{_OFF}\s*!*\s*[\])*]+\s*[:–—-]*\s*(?P<title>.*)",
        rf"{_OFF}\s*!*\s*[:!|–—-]+\s*(?P<title>.*)",
        r"(?:annulering|afzegging)\s*[:–—-]+\s*(?P<title>.*)",
        r"[❌✗✘🚫]\ufe0f?\s*(?P<title>.*)",
        rf"{_OFF}$(?P<title>)",
        rf"(?P<title>leergroep|visite|learning\s+group|visit)\s+{_OFF}\s*!*$",
        rf"{_OFF}\s+(?P<title>(?:leergroep|visite|learning\s+group|visit)\b.*)",
        rf"(?P<title>.*?)\s*[\[(*]+\s*{_OFF}\s*!*\s*[\])*]+$",
        rf"(?P<title>.*?)\s*(?:[:|,!]|\s[–—-])\s*{_OFF}\s*[!.]*$",
        r"(?P<title>.*?)\s+(?-i:GEANNULEERD|AFGEZEGD|AFGELAST|VERVALT|GECANCELD|CANCELL?ED)!*$",
        rf"(?P<title>{_SUBJECT}\S)\s+{_SENTENCE}\s*[!.]*$",
    )
)
"""The places of the word: as `Geannuleerd: x`, `[Afgezegd] x`, `x (vervalt)`, `x - CANCELLED`."""


@dataclass(frozen=True, slots=True)
class ReadRules:
    """How meetings are read: the zone of times without one, minutes of a meeting without an end,
    the words (as category, or in the title) that make an event a visit or a learning group, the
    kind of all other events (None: they are not ours), and limits."""

    tz: str = HOME_ZONE
    length: int = 120
    visit_words: tuple[str, ...] = ("visite", "visit")
    group_words: tuple[str, ...] = ("leergroep", "learning group")
    other_kind: MeetingKind | None = None
    max_bytes: int = 2_000_000
    max_calendar: int = 8_000_000
    max_events: int = 2_000

    def words(self, kind: MeetingKind) -> tuple[str, ...]:
        return self.visit_words if kind == "visit" else self.group_words


@dataclass(frozen=True, slots=True)
class Naming:
    """What the words of an event say: its kind, its title without the kind, the two teams, and
    whether the title calls it off."""

    kind: MeetingKind
    title: str
    host_team: str = ""
    guest_team: str = ""
    cancelled: bool = False


def name(
    summary: str, categories: tuple[str, ...], rules: ReadRules, kind: MeetingKind | None = None
) -> Naming | None:
    """Read the words of an event; None when it is no meeting of ours. A `kind` settles that."""
    summary, cancelled = without_cancelled(_SENT_ON.sub("", clean(summary), count=1))
    kind = kind or _kind_of(categories, summary, rules)
    if kind is None:
        return None
    title = _without_kind(summary, rules.words(kind)) or summary or rules.words(kind)[0].title()
    if kind == "visit":
        for pattern in _ARROWS:
            if match := pattern.match(title):
                host, guest = match["host"].strip(), match["guest"].strip()
                return Naming(kind, f"{host} ← {guest}", host, guest, cancelled)
    return Naming(kind, title, cancelled=cancelled)


def without_cancelled(summary: str) -> tuple[str, bool]:
    """A title without the word that calls the meeting off, and whether it had one. Programs put it
    before the title and leave the rest as it was; people put it before or behind."""
    found = (pattern.match(summary) for pattern in _CANCELLED)
    match = next(filter(None, found), None)
    if match is None:
        return summary, False
    return without_cancelled(match["title"].strip())[0], True


def clean(text: str) -> str:
    """One line without control characters, not too long."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:TITLE_MAX]


def _kind_of(categories: tuple[str, ...], summary: str, rules: ReadRules) -> MeetingKind | None:
    kinds: tuple[MeetingKind, ...] = ("visit", "learning_group")
    folded = {category.strip().casefold() for category in categories}
    for kind in kinds:
        if folded & {word.casefold() for word in rules.words(kind)}:
            return kind
    for kind in kinds:
        if any(_word(word).search(summary) for word in rules.words(kind)):
            return kind
    return rules.other_kind


def _without_kind(summary: str, words: tuple[str, ...]) -> str:
    """`Leergroep: Schulden`, `Leergroep Schulden` and `Schulden (leergroep)`: about Schulden."""
    for word in words:
        if match := _word(word).match(summary):
            return summary[match.end() :].lstrip(" :–—-").strip()
        if match := re.search(rf"\s*\({re.escape(word)}\)$", summary, re.IGNORECASE):
            return summary[: match.start()]
    return summary


def _word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
