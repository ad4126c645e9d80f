"""Translations beside each other, by the name of the text: what each is of, who read it, and what
people see until it is there. A changed source marks a translation; it never takes it away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from conversations.guide.builder import fields
from conversations.guide.library import DUTCH, Library
from conversations.guide.po import NotPo, PoEntry, parse_entries, write_entries

TranslationState = Literal["missing", "source_changed", "new", "read"]
Kept = Mapping[str, Mapping[str, str]]
"""Translations in one language by the name of their text: `text`, the Dutch `source` it is of, and
`read_by`, who read it since, with `read_on`, the day."""

NOTHING_YET = ("po-untranslated", "po-empty")
"""Why a PO file without translations is not taken in."""

FIXED = "vertelbot."
"""In front of the key of a fixed sentence, where these stand beside the texts of a guide."""


@dataclass(frozen=True, slots=True)
class TranslationRow:
    """One text in one language. `shown` is what people see today: its Dutch where it is missing
    (`borrowed`). `fixed` is a sentence of the bot itself, which every guide shares."""

    key: str
    step: str
    dutch: str
    text: str
    source: str
    state: TranslationState
    read_by: str = ""
    fixed: bool = False
    read_on: str = ""

    @property
    def borrowed(self) -> bool:
        return self.state == "missing"

    @property
    def shown(self) -> str:
        """What people see."""
        return self.text or self.dutch


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a file of translations. `waiting` are texts that were written here too, and
    differ: by name, the one that is kept and the one in the file. `unknown` has no such text;
    `doubted` were taken in, marked as what somebody must look at."""

    kept: Kept
    added: tuple[str, ...]
    waiting: Mapping[str, tuple[str, str]]
    unknown: tuple[str, ...]
    doubted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """What became of what somebody typed or read. `waiting` are texts that somebody else changed
    since, into something else: by name, what stands there now. Nothing of them was taken."""

    kept: Kept
    changed: tuple[str, ...]
    waiting: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SeenTexts:
    """The Dutch and the translations of a page as somebody saw them."""

    dutch: Mapping[str, str]
    kept: Kept


def translation_rows(dutch: Mapping[str, str], kept: Kept) -> list[TranslationRow]:
    """The texts of a guide in one language, in the order of the guide."""
    return [_row(key, words, kept.get(key, {})) for key, words in dutch.items()]


def fixed_rows(library: Library, language: str) -> list[TranslationRow]:
    """The fixed sentences in one language: they stand in the same table, and are changed where they
    live."""
    dutch = library.phrases(DUTCH).sentences
    theirs = library.phrases(language)
    said = theirs.sentences if theirs.language == language else {}
    rows = []
    for key, words in dutch.items():
        text = said.get(key, "")
        known = {
            "text": text,
            "source": words,
            "read_by": "" if language in library.unread else "–",
        }
        row = _row(FIXED + key, words, known if text else {})
        rows.append(TranslationRow(row.key, "", words, text, words, row.state, row.read_by, True))
    return rows


def kept_of(data: Mapping[str, object], texts: Mapping[str, str]) -> Kept:
    """Translations that come with a guide, each of the Dutch that stands in it."""
    dutch = fields(data)
    return {key: {"text": text, "source": dutch.get(key, "")} for key, text in texts.items()}


def write_translation(language: str, dutch: Mapping[str, str], kept: Kept) -> bytes:
    """The PO file of a language: every text of the guide by its name, also those that are missing.
    What was made of another Dutch is marked as fuzzy, with that Dutch beside it."""
    return write_entries(language, _entries(dutch, kept))


def merge_translation(
    content: bytes,
    dutch: Mapping[str, str],
    kept: Kept,
    replace: Collection[str] = (),
    language: str = "",
) -> Merged:
    """Take the texts of a PO file in beside those that are kept. Another text for something that
    was translated here waits, unless its name is in `replace`. Raises NotPo, also for a file
    without translations, in another `language`, or of another guide."""
    found = dict(kept)
    added, unknown, doubted = [], [], []
    waiting: dict[str, tuple[str, str]] = {}
    for entry in _of_guide(parse_entries(content, language), dutch):
        mine = kept.get(entry.context, {}).get("text", "")
        if entry.context not in dutch:
            unknown.append(entry.context)
        elif not entry.text or entry.text == mine:
            continue
        elif mine and entry.context not in replace:
            waiting[entry.context] = (mine, entry.text)
        else:
            source = "" if entry.doubted else entry.id
            found[entry.context] = {"text": entry.text, "source": source}
            added.append(entry.context)
            doubted += [entry.context] if entry.doubted else []
    return Merged(found, tuple(added), waiting, tuple(unknown), tuple(doubted))


def _of_guide(entries: list[PoEntry], dutch: Mapping[str, str]) -> list[PoEntry]:
    """The entries of a file that is of this guide and has something in it. Raises NotPo."""
    if not any(entry.text for entry in entries):
        raise NotPo(1, NOTHING_YET[0] if entries else NOTHING_YET[1])
    if 2 * sum(entry.context in dutch for entry in entries) < len(entries):
        raise NotPo(entries[0].line, "po-other")
    return entries


def merge_typed(typed: Mapping[str, str], seen: SeenTexts, now: Kept) -> Typed:
    """Take what was typed, sentence by sentence, over what it was typed in. Each is of the Dutch
    that stood beside it. Where another text came since, what was typed waits."""
    found = dict(now)
    changed = []
    waiting: dict[str, str] = {}
    for key, words in typed.items():
        text, was = words.strip(), _text(seen.kept, key)
        if key not in seen.dutch or text == was:
            continue
        there = _text(now, key)
        if there not in (was, text):
            waiting[key] = there
        elif text != there:
            changed.append(key)
            found[key] = {"text": text, "source": seen.dutch[key]}
            if not text:
                del found[key]
    return Typed(found, tuple(changed), waiting)


def mark_read(keys: Collection[str], seen: SeenTexts, now: Kept, who: str, day: str) -> Typed:
    """Somebody read these beside their Dutch, and they say the same. One that is another text by
    now waits: nobody read that one."""
    found = dict(now)
    changed = []
    waiting: dict[str, str] = {}
    for key in keys:
        text, there = _text(seen.kept, key), _text(now, key)
        if key not in seen.dutch or not text:
            continue
        if text != there:
            waiting[key] = there
            continue
        changed.append(key)
        found[key] = {"text": text, "source": seen.dutch[key], "read_by": who, "read_on": day}
    return Typed(found, tuple(changed), waiting)


def state_counts(dutch: Mapping[str, str], kept: Kept) -> Counter[TranslationState]:
    """How many texts of a guide are in which state, in one language."""
    return Counter(row.state for row in translation_rows(dutch, kept))


def outdated_steps(
    dutch: Mapping[str, str], texts: Mapping[str, Kept]
) -> dict[str, tuple[str, ...]]:
    """The steps of which a translation is of an older Dutch, with its languages."""
    found: dict[str, set[str]] = {}
    for row, language in _outdated(dutch, texts):
        found.setdefault(row.step, set()).add(language)
    return {step: tuple(sorted(languages)) for step, languages in found.items()}


def outdated_texts(
    dutch: Mapping[str, str], texts: Mapping[str, Kept]
) -> list[tuple[TranslationRow, tuple[str, ...]]]:
    """The texts of which a translation is of an older Dutch, in the order of the guide, each with
    its languages."""
    found: dict[str, tuple[TranslationRow, set[str]]] = {}
    for row, language in _outdated(dutch, texts):
        found.setdefault(row.key, (row, set()))[1].add(language)
    known = (found[key] for key in dutch if key in found)
    return [(row, tuple(sorted(languages))) for row, languages in known]


def _outdated(
    dutch: Mapping[str, str], texts: Mapping[str, Kept]
) -> Iterable[tuple[TranslationRow, str]]:
    for language, kept in texts.items():
        for row in translation_rows(dutch, kept):
            if row.state == "source_changed":
                yield row, language


def _text(kept: Kept, key: str) -> str:
    return kept.get(key, {}).get("text", "")


def _entries(dutch: Mapping[str, str], kept: Kept) -> Iterable[PoEntry]:
    for key, words in dutch.items():
        row = _row(key, words, kept.get(key, {}))
        old = row.state == "source_changed"
        notes = (f"Dutch before: {' '.join(row.source.split())}",) if old and row.source else ()
        yield PoEntry(key, words, row.text, 0, old, notes)


def _row(key: str, words: str, kept: Mapping[str, str]) -> TranslationRow:
    text, source, who = kept.get("text", ""), kept.get("source", ""), kept.get("read_by", "")
    state: TranslationState = "missing"
    if text:
        state = "source_changed" if source != words else "read" if who else "new"
    step = key.partition(".")[0]
    step = "" if step == "guide" else step
    read_on = kept.get("read_on", "")
    return TranslationRow(key, step, words, text, source, state, who, False, read_on)
