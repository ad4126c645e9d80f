"""A change that meets a newer save: both become one, and what both changed is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.authoring.guide_desk import Written
from conversations.authoring.guide_text import NotEditable
from conversations.authoring.saves.draft_merge import Clash, Side, merge_drafts


@dataclass(frozen=True, slots=True)
class MergedSave:
    """What would be saved over the newest save. With `clashes` there is something to choose first;
    without `made` the texts cannot be told apart in steps."""

    made: Written | None
    clashes: Sequence[Clash] = ()


def merge_saves(
    base: Written | None, mine: Written, theirs: Written, chosen: Sequence[tuple[Clash, Side]] = ()
) -> MergedSave:
    """`mine` was made of `base`, and `theirs` was saved since. Who translates hinders nobody who
    writes Dutch, and the other way round."""
    texts = _texts(base.texts if base else {}, mine.texts, theirs.texts)
    if mine.text == theirs.text or (base and mine.text == base.text):
        return MergedSave(replace(theirs, texts=texts))
    if base and theirs.text == base.text:
        return MergedSave(replace(theirs, text=mine.text, texts=texts))
    before, here, there = base.parsed if base else None, mine.parsed, theirs.parsed
    if before is None or here is None or there is None:
        return MergedSave(None)
    try:
        found = merge_drafts(before, here, there, chosen)
    except NotEditable:
        return MergedSave(None)
    return MergedSave(replace(theirs, text=found.text.text, texts=texts), found.clashes)


def answered(clashes: Sequence[Clash], form: Mapping[str, object]) -> list[tuple[Clash, Side]]:
    """What somebody chose of what they saw."""
    found: list[tuple[Clash, Side]] = []
    for each in clashes:
        side = form.get(f"side.{each.name}")
        if side == "mine" or side == "theirs":
            found.append((each, side))
    return found


def _texts(
    base: Mapping[str, Mapping[str, Mapping[str, str]]],
    mine: Mapping[str, Mapping[str, Mapping[str, str]]],
    theirs: Mapping[str, Mapping[str, Mapping[str, str]]],
) -> dict[str, dict[str, Mapping[str, str]]]:
    """Translations sentence by sentence; where both have another one, the newest save stays."""
    found: dict[str, dict[str, Mapping[str, str]]] = {}
    for language in {**theirs, **mine}:
        old, here, there = (each.get(language, {}) for each in (base, mine, theirs))
        kept = {}
        for key in {**there, **here}:
            text = here.get(key) if there.get(key) == old.get(key) else there.get(key)
            if text is not None:
                kept[key] = text
        found[language] = kept
    return found
