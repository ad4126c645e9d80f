"""How far a teller is on the way to the card."""

from __future__ import annotations

from conversations.engine.effects import Progress
from conversations.engine.state import State
from conversations.engine.way.places import known_place, team_beside
from conversations.guide.condition import Term, named_steps, parse_condition
from conversations.guide.model import Guide, Step
from conversations.guide.route import QUESTIONS, chooses_way, in_opening, questions_left

_STORY_WEIGHS = 3
"""How much of the way the story is, counted in questions."""

_ON_THE_WAY = ("asking", "other", "offering", "short")


def progress(guide: Guide, state: State) -> Progress | None:
    """How far the teller is; None before the first question about the story, after keeping, while
    an answer is changed from the card, and at what is asked about the conversation itself."""
    step = guide.steps[state.at]
    fixing = state.fixing and step.kind != "review"
    if state.mode not in _ON_THE_WAY or fixing or state.kept or in_opening(guide, step):
        return None
    passed = _passed(guide, state)
    left = questions_left(guide, state.at, passed)
    if left is None and step.purpose != "keep":
        return None
    done = [guide.steps[name] for name in state.path if name not in passed]
    been = sum(_weight(guide, each) for each in done)
    order = list(guide.steps)
    coming = [guide.steps[name] for name in order[order.index(state.at) :]]
    ahead = (left or 0) + sum(_weight(guide, e) for e in coming if e.kind not in QUESTIONS)
    return Progress(
        left or 0, round(100 * been / (been + ahead)), _left_in_words(guide, state, left or 0)
    )


def _weight(guide: Guide, step: Step) -> int:
    """How much of the way a step is."""
    if in_opening(guide, step):
        return 0
    counts = step.kind in QUESTIONS or step.kind == "review" or step.purpose == "keep"
    return _STORY_WEIGHS if step.kind == "tell" else int(counts)


def _left_in_words(guide: Guide, state: State, left: int) -> str:
    before = guide.steps[state.path[-1]] if state.path else None
    begins = before and (before.kind == "tell" or chooses_way(guide, before))
    if not (begins and left and state.mode == "asking"):
        return ""
    return guide.phrase("progress_left" if left > 1 else "progress_one", {"n": str(left)})


def _passed(guide: Guide, state: State) -> frozenset[str]:
    """The questions that this teller is not asked: about a place that is known, or hanging on one
    that was passed over."""
    order = guide.remembered.setdefault("order", {name: n for n, name in enumerate(guide.steps)})
    here = order[state.at]
    passed = {
        step.id
        for step in guide.steps.values()
        if (step.fill and known_place(guide, state, step) is not None)
        or (
            step.when and _known(order, step.when, here) and not hangs_on_answered(state, step.when)
        )
    }
    for each in guide.steps.values():
        beside = team_beside(guide, each)
        if beside and each.id not in passed and beside.id != state.at:  # on the same screen
            passed.add(beside.id)
    return frozenset(passed)


def _known(order: dict[str, int], when: str, here: int) -> bool:
    """Whether all that a condition looks at lies behind."""
    return all(order[name] < here for name in named_steps(when))


def hangs_on_answered(state: State, when: str | None) -> bool:
    """Whether the answers are there that something hangs on; true when it hangs on none."""
    if when is None:
        return True
    return any(all(term_holds(state, term) for term in terms) for terms in parse_condition(when))


def term_holds(state: State, term: Term) -> bool:
    """Whether this question was answered, with this option where one is named."""
    answered = term.step in state.path and not state.answers[term.step].skipped
    if not term.option:
        return answered
    return (answered and term.option in state.answers[term.step].options) != term.otherwise
