"""What is in Dutch in the chat of another language is named, part by part; nothing else is."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest

from conversations.authoring.draft_texts import offered, unconsented
from conversations.authoring.translation_table import kept_of
from conversations.engine.effects import Say
from conversations.engine.events import Start
from conversations.engine.step import step
from conversations.guide.builder import fields
from conversations.guide.library import Library
from conversations.guide.loading import load_guides
from conversations.guide.model import Guide
from tests.authoring.walks import event_by_lot
from tests.conversations.conftest import facts_of

GUIDE = "resident"


@cache
def told(language: str) -> tuple[Guide, frozenset[str], frozenset[str]]:
    """A guide in a language that lacks all that may be said in Dutch, but for the answers to how
    one feels; the Dutch that it lacks, and all that there is in this language."""
    library = load_guides()
    source = library.sources[GUIDE]
    dutch = fields(source["guide"])
    kept = kept_of(source["guide"], source["texts"][language])
    free = {
        key for key in dutch
        if not unconsented({language: {k: v for k, v in kept.items() if k != key}}, source["guide"])
    }  # fmt: skip
    lacks = {key for key in free if not key.startswith("feeling.option")} - {"guide.title"}
    some = {language: {key: each for key, each in kept.items() if key not in lacks}}
    mark = library.phrases(language).get("in_dutch")
    texts = offered(some, dutch, (language,), {language: mark})
    _, made = library.made_of(source["guide"], texts)
    guide = Library.from_source(made, library).get(GUIDE, language)
    borrowed = frozenset(piece for key in lacks for piece in dutch[key].split("\n\n"))
    theirs = frozenset(each["text"] for each in some[language].values())
    return guide, borrowed, theirs | set(guide.phrases.sentences.values())


def heard(guide: Guide, lot: int) -> list[Say]:
    chance, state, said = Random(lot), None, list[Say]()
    state, effects = step(guide, None, Start(facts_of(guide)))
    for _ in range(70):
        said += [each for each in effects if isinstance(each, Say)]
        if not state.open:
            break
        state, effects = step(guide, state, event_by_lot(guide, state, chance))
    return said


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_every_part_in_dutch_is_named_and_no_other(language: str) -> None:
    guide, borrowed, theirs = told(language)
    seen = set[str]()
    for each in (each for lot in range(12) for each in heard(guide, lot)):
        rows = each.control.card.rows if each.control and each.control.card else ()
        shown = {*each.text.split("\n\n"), *(button.label for button in each.buttons)}
        shown |= {row.label for row in rows}
        assert shown & (borrowed - theirs) <= set(each.dutch)
        assert not set(each.dutch) & (theirs - borrowed)
        shown |= set(each.control.poles if each.control else ())
        shown |= {part for row in rows for part in (row.value, *row.poles)}
        assert set(each.dutch) <= shown
        seen |= set(each.dutch)
    assert len(seen) > 20


@pytest.mark.parametrize("language", ["nl", "en", "tr", "ar"])
def test_a_guide_that_is_whole_names_nothing(language: str) -> None:
    guide = load_guides().get(GUIDE, language)
    assert not any(each.dutch for each in heard(guide, 1))
