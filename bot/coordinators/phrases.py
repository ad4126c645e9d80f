"""The sentences of the pages, digests and files of coordinators, from `coordinator.po` and from the
files of rooms of their own."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from babel import Locale
from babel.dates import format_date, format_datetime

from conversations.guide.loading import HOME, read_entries
from conversations.guide.model import fill_slots
from storage.weeks import AMSTERDAM, day_of

LANGUAGES = ("nl", "en")
FILES = (
    "coordinator.po", "figures.po", "publishing.po", "guides.po", "guide_words.po", "learning.po",
    "whatsapp.po",
)  # fmt: skip
FRACTIONS = 10
"""From here on a number is rounded to a whole one."""
_DUTCH = str.maketrans(",.", ".,")


class CoordinatorPhrases:
    """The sentences in one language. Call it with a key and the slots: `words("week", n="47")`."""

    def __init__(self, language: str, sentences: dict[str, str]) -> None:
        self.language = language
        self._sentences = sentences

    def __call__(self, key: str, **slots: object) -> str:
        """Raises KeyError for a key that does not exist."""
        return fill_slots(self._sentences[key], {k: str(v) for k, v in slots.items()})

    def many(self, key: str, n: int, **slots: object) -> str:
        """The sentence for one (`key.one`) or for several."""
        return self(f"{key}.one" if n == 1 else key, n=self.number(n), **slots)

    def number(self, n: float) -> str:
        """A number as it is written in this language: 12.345; a small one that is not whole with
        one decimal."""
        text = f"{n:,.0f}" if isinstance(n, int) or n >= FRACTIONS else f"{n:,.1f}"
        return text.translate(_DUTCH) if self.language == "nl" else text

    def week(self, week: str) -> str:
        """A week as people say it: `week 47 (16 november 2026)`, with its Monday."""
        monday = format_date(day_of(week), "d MMMM y", locale=self.language)
        return self("week", n=int(week[6:]), day=monday)

    def day(self, at: datetime) -> str:
        """A moment on its own clock as people say it: `vr 27 nov 2026 13:30`."""
        return format_datetime(at, "EEE d MMM y HH:mm", locale=self.language)

    def date(self, day: str) -> str:
        """A day in ISO form as people say it: `1 december 2026`."""
        return format_date(date.fromisoformat(day), "d MMMM y", locale=self.language)

    def moment(self, at: datetime) -> str:
        """A moment on the clock of the Netherlands: `25 nov 2026 14:05`."""
        return format_datetime(at.astimezone(AMSTERDAM), "d MMM y HH:mm", locale=self.language)

    def clock(self, at: datetime) -> str:
        """A time of day in the Netherlands: `14:05`."""
        return at.astimezone(AMSTERDAM).strftime("%H:%M")

    def language_name(self, code: str) -> str:
        """What a language is called in this one: `Turks`."""
        return str(Locale.parse(self.language).languages.get(code, code))

    def asked_by(self, kind: str, title: str, more: int = 0) -> str:
        """Who is asked something, in a word: by the kind of the guide, else by its title. `more`
        guides ask the same."""
        name = self(f"kind.{kind}") if self.has(f"kind.{kind}") else title
        return self("kind.more", name=name, n=more) if more else name

    def has(self, key: str) -> bool:
        return key in self._sentences


@cache
def words(language: str) -> CoordinatorPhrases:
    """The sentences in a language, in Dutch where there is none."""
    spoken = language if language in LANGUAGES else "nl"
    sentences: dict[str, str] = {}
    for each in dict.fromkeys(("nl", spoken)):
        for file in FILES:
            path = HOME / "locales" / each / file
            sentences |= {entry.id: entry.text for entry in read_entries(HOME, path) if entry.text}
    return CoordinatorPhrases(spoken, sentences)
