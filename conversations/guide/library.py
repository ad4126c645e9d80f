"""The library: guides and fixed sentences in every language, at one moment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from conversations.guide.builder import build_guide
from conversations.guide.model import Guide, Phrases

DUTCH = "nl"


class Library:
    """Guides and fixed sentences in every language, as they were at one moment. `unread` are the
    languages that nobody who grew up with them has read yet. `written` is what the fingerprints are
    of: `sources`, but for numbers to call that changed since."""

    def __init__(
        self,
        sources: Mapping[str, Mapping[str, Any]],
        phrases: Mapping[str, Any],
        unread: frozenset[str] = frozenset(),
    ) -> None:
        self.unread = unread
        self.sources = dict(sources)
        self._phrases = {
            language: Phrases(
                language, {**phrases[DUTCH]["sentences"], **kept["sentences"]}, kept["formal"]
            )
            for language, kept in phrases.items()
        }
        self.written = dict(sources)
        self._fingerprints = {
            guide_id: _fingerprint(_as_text(source)) for guide_id, source in sources.items()
        }
        self._guides: dict[tuple[str, str], Guide] = {}
        self._apart: dict[str, Library] = {}
        self.ids = tuple(self.sources)

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """The languages of the fixed sentences: Dutch first, those that are unread last."""
        return self._ordered(self._phrases)

    def name(self, language: str) -> str:
        """A language in that language itself; a star says that nobody who grew up with it has read
        it yet."""
        star = " *" if language in self.unread else ""
        return self.phrases(language).get("language_name") + star

    def languages(self, guide_id: str) -> tuple[str, ...]:
        """The languages a guide is there in, in that order. Raises KeyError when unknown."""
        if guide_id in self._apart:
            return self._apart[guide_id].languages(guide_id)
        translated = self.sources[guide_id]["texts"]
        return self._ordered({DUTCH, *translated} & self._phrases.keys())

    def _ordered(self, languages: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(languages, key=lambda each: (each != DUTCH, each in self.unread, each)))

    def get(self, guide_id: str, language: str) -> Guide:
        """A guide, in Dutch when it is not there in this language. Raises KeyError when unknown."""
        if guide_id in self._apart:
            return self._apart[guide_id].get(guide_id, language)
        if (guide_id, language) in self._guides:
            return self._guides[guide_id, language]
        spoken = language if language in self.languages(guide_id) else DUTCH
        key = (guide_id, spoken)
        if key not in self._guides:
            source = self.sources[guide_id]
            self._guides[key] = build_guide(
                source["guide"],
                source["texts"].get(spoken, {}),
                self.phrases(spoken),
                self.fingerprint(guide_id),
                source["numbers"],
            )
        return self._guides[key]

    def phrases(self, language: str) -> Phrases:
        """The fixed sentences, in Dutch when they are not there in this language."""
        return self._phrases.get(language) or self._phrases[DUTCH]

    def fingerprint(self, guide_id: str) -> str:
        """16 hex digits that stand for the structure and the words of a guide in every language."""
        return self._fingerprints[guide_id]

    def source(self, guide_id: str) -> str:
        """Everything a guide is made of, as JSON: what `from_source` reads."""
        return _as_text(self.written[guide_id])

    def with_versions(self, versions: Mapping[str, Library]) -> Library:
        """This library with, by the id of their guide, these versions instead of or beside its own;
        each keeps the fixed sentences that it came with."""
        made = Library({}, {}, self.unread)
        made.take_over(self, versions)
        return made

    def take_over(self, base: Library, versions: Mapping[str, Library]) -> None:
        """Be `base`, but for these versions."""
        self.sources = dict(base.sources)
        self._phrases = {each: base.phrases(each) for each in base.spoken}
        self.written = dict(base.written)
        self._fingerprints = {name: base.fingerprint(name) for name in base.ids}
        self._apart = dict(versions)
        for name, version in versions.items():
            self.sources[name] = version.sources[name]
            self.written[name] = version.written[name]
            self._fingerprints[name] = version.fingerprint(name)
        self.ids = tuple(self.sources)

    def made_of(
        self, guide: Mapping[str, Any], texts: Mapping[str, Mapping[str, str]]
    ) -> tuple[str, str]:
        """The fingerprint and the source of another guide, with the fixed sentences of these."""
        some = next(iter(self.sources.values()))
        source = {"guide": guide, "texts": texts}
        source |= {key: some[key] for key in ("phrases", "numbers")}
        text = _as_text(source)
        return _fingerprint(text), text

    @classmethod
    def from_source(cls, source: str, today: Library | None = None) -> Library:
        """The one guide that `source` wrote, with the fingerprint it had.

        Sentences that did not exist then come from `today`, and so does everything about help: a
        number must be right now. Raises ValueError or KeyError when the text is no source.
        """
        kept = json.loads(source)
        guide_id = kept["guide"]["id"]
        phrases = kept["phrases"]
        library = cls({guide_id: kept}, phrases, today.unread if today else frozenset())
        if today is not None:
            library._phrases = {
                language: _renewed(mine, today.phrases(language))
                for language, mine in library._phrases.items()
            }
            numbers = next(iter(today.sources.values()))["numbers"]
            library.sources[guide_id] = {**kept, "numbers": numbers}
        return library


def _as_text(source: Mapping[str, Any]) -> str:
    return json.dumps(source, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _renewed(mine: Phrases, today: Phrases) -> Phrases:
    helping = {
        key: words
        for key, words in today.sentences.items()
        if key.startswith(("help.", "help_card"))
    }
    sentences = {**today.sentences, **mine.sentences, **helping}
    return Phrases(mine.language, sentences, {**today.formal, **mine.formal})
