"""The saves of a draft as its authors read them: who saved when, and which steps were changed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.coordinators.phrases import CoordinatorPhrases
from conversations.authoring.guide_text import GuideText
from conversations.authoring.saves.save_changes import SaveChange, save_changes, texts_changed
from conversations.guide.toml_text import read_toml
from storage.guides.drafts import SavedGuide

MOST_LINES = 6
"""What a save changed beyond this is only counted."""
_LONGEST = 70


@dataclass(frozen=True, slots=True)
class SaveRow:
    """One save. `lines` say what it changed, and `more` how many lines are left out."""

    revision: int
    who: str
    at: datetime
    lines: Sequence[str]
    more: int
    put_away: bool


def save_rows(
    words: CoordinatorPhrases,
    saves: Sequence[SavedGuide],
    first: str,
    names: Mapping[str, str],
    count: int,
) -> list[SaveRow]:
    """The `count` newest of these saves, each beside the one before it. `first` is the text that
    the first save of all was made of; empty where there was none."""
    rows = []
    data = {each.revision: _data(each.text) for each in saves[: count + 1]}
    for place, each in enumerate(saves[:count]):
        before = saves[place + 1] if place + 1 < len(saves) else None
        lines = _lines(words, before, each, data, first)
        who = names.get(each.coordinator_id, "")
        more = max(0, len(lines) - MOST_LINES)
        shown = lines if more < 2 else lines[:MOST_LINES]
        rows.append(
            SaveRow(each.revision, who, each.at, shown, len(lines) - len(shown), each.put_away)
        )
    return rows


def _lines(
    words: CoordinatorPhrases,
    before: SavedGuide | None,
    now: SavedGuide,
    data: Mapping[int, Mapping[str, Any] | None],
    first: str,
) -> list[str]:
    if now.put_away:
        return [words("saves.away")]
    if before is not None and before.put_away:
        return [words("saves.taken_back")]
    old = data[before.revision] if before else _data(first)
    new = data[now.revision]
    if before is None and not first:
        return [words("saves.begun")]
    if old is None or new is None:
        return [words("saves.text")]
    said = [_line(words, each) for each in save_changes(old, new)]
    if before is not None:
        for language, n in texts_changed(before.texts, now.texts).items():
            said.append(words.many("saves.texts", n, language=words.language_name(language)))
    return said or [words("saves.same")]


def _line(words: CoordinatorPhrases, change: SaveChange) -> str:
    if change.kind == "order":
        return words("saves.order")
    if change.kind == "head":
        key = f"saves.head.{change.say}"
        return words(key) if words.has(key) else words("saves.head", name=change.say)
    say = " ".join(change.say.split())
    say = say if len(say) <= _LONGEST else f"{say[:_LONGEST].rstrip()}…"
    what = ", ".join(words(f"saves.part.{each}") for each in change.parts)
    return words(f"saves.{change.kind}", step=say, what=what)


def _data(text: str) -> Mapping[str, Any] | None:
    """What a text holds; None when its steps cannot be compared."""
    try:
        data = read_toml(text)
    except tomllib.TOMLDecodeError:
        return None
    return data if GuideText.shaped(data) else None
