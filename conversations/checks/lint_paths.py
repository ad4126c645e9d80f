"""Lints the paths through a guide: everything reachable, nothing kept without the card and a
yes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from conversations.engine.switches import NEEDS_TEAM
from conversations.guide.condition import named_steps, parse_condition
from conversations.guide.model import Guide, Step
from conversations.guide.problems import Flaw
from conversations.guide.route import QUESTIONS, ways_on

_STANDING = frozenset(
    {
        "no-tell", "second-tell", "no-review", "second-review", "no-end", "no-computer",
        "no-age-check", "consent-answer", "no-keep", "purpose-twice", "switch-alone", "no-code",
        "end-option", "erase-no-end", "review-answer", "many-scales", "unreachable", "dead-end",
    }
)  # fmt: skip
"""What is wrong as well with a guide in which a step goes back, whatever becomes of that."""

_GOES_BACK = ("goto-back", "when-later")

MOST_SCALES = 4
MOST_QUESTIONS = 24
"""The most questions on the longest way through, consents and the card left out."""


def path_findings(guide: Guide) -> Iterator[Flaw]:
    """What is wrong with the ways through a guide."""
    backward = list(_backward(guide))
    yield from backward
    if any(found.code in _GOES_BACK for found in backward):
        yield from (found for found in path_findings(forward(guide)) if found.code in _STANDING)
        return
    yield from _ways(guide)
    yield from _musts(guide)
    yield from _consents(guide)
    yield from _ends(guide)
    yield from _length(guide)


def forward(guide: Guide) -> Guide:
    """The guide without what goes back in it: whoever would go back goes on."""
    order = {step_id: place for place, step_id in enumerate(guide.steps)}

    def on(here: str, target: str | None) -> str | None:
        return target if target and order[target] > order[here] else None

    following = dict(pairwise([*guide.steps, ""]))
    steps = {}
    for step in guide.steps.values():
        options = tuple(replace(each, goto=on(step.id, each.goto)) for each in step.options)
        skip = step.skip and replace(step.skip, goto=on(step.id, step.skip.goto))
        after = None if step.end else on(step.id, step.next) or following[step.id] or None
        named = named_steps(step.when or "")
        hangs = step.when if all(order[name] < order[step.id] for name in named) else None
        steps[step.id] = replace(step, options=options, skip=skip, next=after, when=hangs)
    return replace(guide, steps=steps)


def reachable(guide: Guide, start: str, without: str = "") -> set[str]:
    """The steps one can come to from `start`, when `without` is taken out of the guide."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        step_id = todo.pop()
        if step_id != without and step_id not in seen:
            seen.add(step_id)
            todo += ways_on(guide.steps[step_id])
    return seen


def _backward(guide: Guide) -> Iterator[Flaw]:
    order = {step_id: place for place, step_id in enumerate(guide.steps)}
    for step in guide.steps.values():
        for target in ways_on(step):
            if order[target] <= order[step.id]:
                yield Flaw(step.id, "goto-back", {"target": target})
        yield from _condition(guide, step, order)


def _condition(guide: Guide, step: Step, order: dict[str, int]) -> Iterator[Flaw]:
    """A condition looks at what was answered before, and may turn out either way."""
    if step.when is None:
        return
    if step.kind in ("tell", "review", "consent"):
        yield Flaw(step.id, "when-must", {"kind": step.kind})
    for term in (term for terms in parse_condition(step.when) for term in terms):
        asked = guide.steps[term.step]
        if order[term.step] >= order[step.id]:
            yield Flaw(step.id, "when-later", {"target": term.step})
        elif not term.option and asked.skip is None:
            yield Flaw(step.id, "when-always", {"target": term.step})
        elif term.option and (asked.kind not in ("choice", "choices") or asked.fill):
            yield Flaw(step.id, "when-open", {"target": term.step})
        elif term.option and asked.option(term.option) is None:
            slots = {"target": term.step, "option": term.option}
            yield Flaw(step.id, "when-no-option", slots)


def _ways(guide: Guide) -> Iterator[Flaw]:
    seen = reachable(guide, guide.first.id)
    for step in guide.steps.values():
        if step.id not in seen:
            yield Flaw(step.id, "unreachable")
        elif not step.end and not ways_on(step):
            yield Flaw(step.id, "dead-end")
        elif step.kind == "scale":
            for target in _next_questions(guide, step):
                if guide.steps[target].kind == "scale":
                    yield Flaw(target, "scales-in-a-row", {"before": step.id})


def _next_questions(guide: Guide, step: Step) -> set[str]:
    found: set[str] = set()
    for target in ways_on(step):
        following = guide.steps[target]
        found |= _next_questions(guide, following) if following.kind == "say" else {target}
        if following.when:
            found |= _next_questions(guide, following)
    return found


def _musts(guide: Guide) -> Iterator[Flaw]:
    for kind in ("tell", "review"):
        steps = [step.id for step in guide.steps.values() if step.kind == kind]
        if not steps:
            yield Flaw("", f"no-{kind}")
        for extra in steps[1:]:
            yield Flaw(extra, f"second-{kind}")
    if not any(step.end for step in guide.steps.values()):
        yield Flaw("", "no-end")
    opening = ""
    for step in guide.steps.values():
        if step.kind != "say":
            break
        opening += step.say.casefold()
    if "computer" not in opening:
        yield Flaw(guide.first.id, "no-computer")
    if guide.kind == "resident" and not any(step.erase for step in guide.steps.values()):
        yield Flaw("", "no-age-check")


def _consents(guide: Guide) -> Iterator[Flaw]:
    consents = [step for step in guide.steps.values() if step.kind == "consent"]
    screens = [step for step in guide.steps.values() if step.kind == "switches"]
    yield from _purposes(consents, screens)
    for step in consents:
        for answer in ("yes", "no"):
            if step.option(answer) is None:
                yield Flaw(step.id, "consent-answer", {"answer": answer})
    keep = next((step for step in consents if step.purpose == "keep"), None)
    if keep is None:
        yield Flaw("", "no-keep")
        return
    yield from _keep_last(guide, keep)
    before = reachable(guide, guide.first.id, keep.id)
    for step in (*consents, *screens):
        if step.id in before:
            yield Flaw(step.id, "consent-before-keep")
    no = keep.option("no")
    if no and not (no.goto and guide.steps[no.goto].end):
        yield Flaw(keep.id, "keep-no")
    yield from _after_no_team(guide, consents)


def _keep_last(guide: Guide, keep: Step) -> Iterator[Flaw]:
    """Nothing is kept that was not told, and seen on the card."""
    for step in guide.steps.values():
        if step.kind in ("tell", "review") and keep.id in reachable(guide, guide.first.id, step.id):
            yield Flaw(keep.id, f"keep-before-{step.kind}", {"passed": step.id})


def _after_no_team(guide: Guide, consents: list[Step]) -> Iterator[Flaw]:
    """Whoever refuses the team is not asked for more readers."""
    team = next((step for step in consents if step.purpose == "team"), None)
    refused = team and team.option("no")
    if team and refused:
        wider = reachable(guide, refused.goto or team.next or team.id)
        for step in consents:
            if step.purpose in ("network", "quote") and step.id in wider - {team.id}:
                yield Flaw(team.id, "team-no", {"asks": step.id})


def _purposes(consents: list[Step], screens: list[Step]) -> Iterator[Flaw]:
    """Every purpose is asked once, and what goes further than the team together with the team."""
    asked: set[str] = set()
    for step in (*consents, *screens):
        switches = [option.id for option in step.options]
        for purpose in switches if step in screens else [step.purpose or ""]:
            if purpose in asked:
                yield Flaw(step.id, "purpose-twice", {"purpose": purpose})
            if step in screens and purpose in NEEDS_TEAM and "team" not in switches:
                yield Flaw(step.id, "switch-alone", {"purpose": purpose})
            asked.add(purpose)


def _ends(guide: Guide) -> Iterator[Flaw]:
    keep = next((step for step in guide.steps.values() if step.purpose == "keep"), None)
    yes = keep.option("yes") if keep else None
    if keep is None or yes is None:
        return
    kept = reachable(guide, yes.goto or keep.next or keep.id)
    for step in guide.steps.values():
        if step.end and step.id in kept and "{code}" not in step.say:
            yield Flaw(step.id, "no-code")
        elif "{code}" in step.say and not (step.end and step.id in kept):
            yield Flaw(step.id, "code-too-early")
        for option in step.options if step.end else ():
            if option.id not in ("another", "done"):
                yield Flaw(step.id, "end-option", {"id": option.id})
        if step.erase and not step.end:
            yield Flaw(step.id, "erase-no-end")
    for step in guide.steps.values():
        if step.kind == "review":
            yield from _review(guide, step)


def _review(guide: Guide, step: Step) -> Iterator[Flaw]:
    for answer in ("ok", "change", "discard"):
        if step.option(answer) is None:
            yield Flaw(step.id, "review-answer", {"answer": answer})
    discard = step.option("discard")
    if discard and not (discard.goto and guide.steps[discard.goto].end):
        yield Flaw(step.id, "discard-goes-on")


def _length(guide: Guide) -> Iterator[Flaw]:
    scales = [step.id for step in guide.steps.values() if step.kind == "scale"]
    for extra in scales[MOST_SCALES:]:
        slots = {"number": scales.index(extra) + 1, "most": MOST_SCALES}
        yield Flaw(extra, "many-scales", slots)
    longest: dict[str, int] = {}
    for step in reversed(list(guide.steps.values())):
        after = [longest[target] for target in ways_on(step)]
        longest[step.id] = max(after, default=0) + (step.kind in QUESTIONS or step.kind == "tell")
    count = longest[guide.first.id]
    if count > MOST_QUESTIONS:
        yield Flaw("", "many-questions", {"n": count, "most": MOST_QUESTIONS})
