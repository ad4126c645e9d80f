"""A version that is recalled while somebody tells: whatever state they are in, what they hear is
true, and nothing they told is lost."""

from __future__ import annotations

from random import Random

import pytest

from conversations.authoring.recall import close_early
from conversations.engine.effects import Say
from conversations.engine.events import Start
from conversations.engine.step import step
from conversations.guide.loading import load_guides
from tests.authoring.walks import event_by_lot
from tests.conversations.conftest import facts_of

LIBRARY = load_guides()


@pytest.mark.parametrize("language", LIBRARY.spoken)
@pytest.mark.parametrize("guide_id", ["professional", "resident"])
def test_in_every_state_who_tells_hears_what_is_so(guide_id: str, language: str) -> None:
    guide = LIBRARY.get(guide_id, language)
    keeps, untold = (guide.phrase(each) for each in ("guide_withdrawn", "guide_withdrawn_untold"))
    leads = {
        option.reply for each in guide.steps.values() for option in each.options if option.reply
    }
    leads |= {guide.phrase(each) for each in ("old_button", "back_done")}
    order = list(guide.steps)
    card = next(each.id for each in guide.steps.values() if each.kind == "review")
    seen: set[tuple[str, bool]] = set()
    for seed in range(12):
        lot = Random(seed)
        state, effects = step(guide, None, Start(facts_of(guide), turn=1))
        for _ in range(80):
            closed, told = close_early(guide, state, effects)
            said = [each.text for each in told if isinstance(each, Say)]
            seen.add((state.at, bool(state.draft)))
            if not state.open or state.kept or state.mode != "asking":
                assert (closed, told) == (state, effects)
            elif state.draft:
                assert keeps in said
                assert untold not in said
                # the story is there, and is kept only after a yes
                assert (closed.open, closed.draft) == (True, state.draft)
                assert order.index(closed.at) >= order.index(card)
                if order.index(state.at) < order.index(card):
                    assert not {*said} & leads  # to a question that is not asked any more
                assert close_early(guide, closed, ())[1] == ()  # it is said once
            else:
                assert untold in said
                assert keeps not in said  # there is nothing to keep or wipe
                assert not {*said} & leads
                assert not closed.open
                assert not [each for each in told if isinstance(each, Say) and each.buttons]
            if not state.open:
                break
            state, effects = step(guide, state, event_by_lot(guide, state, lot))
    assert ("start", False) in seen
    assert {True, False} == {draft for _, draft in seen}
