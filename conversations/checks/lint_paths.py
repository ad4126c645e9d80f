"""Lints the paths through a guide: everything reachable, nothing kept without the card and a
yes."""

from __future__ import annotations

from collections.abc import Iterator

from conversations.engine.switches import NEEDS_TEAM
from conversations.guide.model import Guide, Step
from conversations.guide.route import QUESTIONS, ways_on

Finding = tuple[str, str, str, str]
"""The step, the code of the check, what is wrong, how to mend it."""

MOST_SCALES = 4
MOST_QUESTIONS = 24
"""The most questions on the longest way through, consents and the card left out."""


def path_findings(guide: Guide) -> Iterator[Finding]:
    """What is wrong with the ways through a guide."""
    backward = list(_backward(guide))
    yield from backward
    if backward:
        return
    yield from _ways(guide)
    yield from _musts(guide)
    yield from _consents(guide)
    yield from _ends(guide)
    yield from _length(guide)


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


def _backward(guide: Guide) -> Iterator[Finding]:
    order = {step_id: place for place, step_id in enumerate(guide.steps)}
    for step in guide.steps.values():
        for target in ways_on(step):
            if order[target] <= order[step.id]:
                yield (
                    step.id,
                    "goto-back",
                    f"This goes back to {target}.",
                    "Go on to a later step: the teller goes back with /terug.",
                )
        if step.when and order[step.when] >= order[step.id]:
            mend = "Name an earlier question."
            yield step.id, "when-later", f"when names {step.when}, which comes later.", mend
        elif step.when and guide.steps[step.when].skip is None:
            mend = "Take when out."
            yield (
                step.id,
                "when-always",
                f"{step.when} cannot be skipped, so when says nothing.",
                mend,
            )


def _ways(guide: Guide) -> Iterator[Finding]:
    seen = reachable(guide, guide.first.id)
    for step in guide.steps.values():
        if step.id not in seen:
            mend = "Let a goto lead here, or take the step out."
            yield step.id, "unreachable", "No way leads to this step.", mend
        elif not step.end and not ways_on(step):
            mend = "Add a step after it, or end = true."
            yield step.id, "dead-end", "Here the guide stops without an end.", mend
        elif step.kind == "scale":
            for target in _next_questions(guide, step):
                if guide.steps[target].kind == "scale":
                    yield (
                        target,
                        "scales-in-a-row",
                        f"This scale follows on the scale {step.id}.",
                        "Put another kind of question between them.",
                    )


def _next_questions(guide: Guide, step: Step) -> set[str]:
    found: set[str] = set()
    for target in ways_on(step):
        following = guide.steps[target]
        found |= _next_questions(guide, following) if following.kind == "say" else {target}
        if following.when:
            found |= _next_questions(guide, following)
    return found


def _musts(guide: Guide) -> Iterator[Finding]:
    for kind, what in (("tell", "the story"), ("review", "the card")):
        steps = [step.id for step in guide.steps.values() if step.kind == kind]
        if not steps:
            yield (
                "",
                f"no-{kind}",
                f"Nowhere does the teller come to {what}.",
                f"Add a {kind} step.",
            )
        for extra in steps[1:]:
            yield extra, f"second-{kind}", f"This is a second {kind} step.", "Keep one of them."
    if not any(step.end for step in guide.steps.values()):
        yield "", "no-end", "The guide has no end.", "Add a say step with end = true."
    opening = ""
    for step in guide.steps.values():
        if step.kind != "say":
            break
        opening += step.say.casefold()
    if "computer" not in opening:
        mend = "Say in the first messages that it is a computer."
        yield guide.first.id, "no-computer", "The opening does not say who is asking.", mend
    if guide.kind == "resident" and not any(step.erase for step in guide.steps.values()):
        yield (
            "",
            "no-age-check",
            "Residents are not asked whether they are 16 or older.",
            "Add that question; let its no lead to an end with erase = true.",
        )


def _consents(guide: Guide) -> Iterator[Finding]:
    consents = [step for step in guide.steps.values() if step.kind == "consent"]
    screens = [step for step in guide.steps.values() if step.kind == "switches"]
    yield from _purposes(consents, screens)
    for step in consents:
        for answer in ("yes", "no"):
            if step.option(answer) is None:
                mend = f'Add an option with id = "{answer}".'
                yield step.id, "consent-answer", f"This consent has no option {answer}.", mend
    keep = next((step for step in consents if step.purpose == "keep"), None)
    if keep is None:
        yield "", "no-keep", "Nowhere is consent asked for keeping.", "Add a consent for keep."
        return
    yield from _keep_last(guide, keep)
    before = reachable(guide, guide.first.id, keep.id)
    for step in (*consents, *screens):
        if step.id in before:
            mend = "Move it after the consent for keep."
            yield step.id, "consent-before-keep", "This is asked before keeping is.", mend
    no = keep.option("no")
    if no and not (no.goto and guide.steps[no.goto].end):
        mend = "Let that option go to an end."
        yield keep.id, "keep-no", "A no to keeping does not end the conversation.", mend
    yield from _after_no_team(guide, consents)


def _keep_last(guide: Guide, keep: Step) -> Iterator[Finding]:
    """Nothing is kept that was not told, and seen on the card."""
    for step in guide.steps.values():
        if step.kind in ("tell", "review") and keep.id in reachable(guide, guide.first.id, step.id):
            message = f"Keeping can be asked without passing {step.id}."
            mend = f"Let every way pass {step.id} first."
            yield keep.id, f"keep-before-{step.kind}", message, mend


def _after_no_team(guide: Guide, consents: list[Step]) -> Iterator[Finding]:
    """Whoever refuses the team is not asked for more readers."""
    team = next((step for step in consents if step.purpose == "team"), None)
    refused = team and team.option("no")
    if team and refused:
        wider = reachable(guide, refused.goto or team.next or team.id)
        for step in consents:
            if step.purpose in ("network", "quote") and step.id in wider - {team.id}:
                message = f"After a no to the team, {step.id} still asks for more readers."
                yield team.id, "team-no", message, "Let that no go past it."


def _purposes(consents: list[Step], screens: list[Step]) -> Iterator[Finding]:
    """Every purpose is asked once, and what goes further than the team together with the team."""
    asked: set[str] = set()
    for step in (*consents, *screens):
        switches = [option.id for option in step.options]
        for purpose in switches if step in screens else [step.purpose or ""]:
            if purpose in asked:
                mend = "Ask every purpose once."
                yield step.id, "purpose-twice", f"{purpose} is asked before.", mend
            if step in screens and purpose in NEEDS_TEAM and "team" not in switches:
                mend = "Add the switch team."
                yield step.id, "switch-alone", f"The switch {purpose} needs that of the team.", mend
            asked.add(purpose)


def _ends(guide: Guide) -> Iterator[Finding]:
    keep = next((step for step in guide.steps.values() if step.purpose == "keep"), None)
    yes = keep.option("yes") if keep else None
    if keep is None or yes is None:
        return
    kept = reachable(guide, yes.goto or keep.next or keep.id)
    for step in guide.steps.values():
        if step.end and step.id in kept and "{code}" not in step.say:
            mend = "Put {code} in the text."
            yield step.id, "no-code", "The story is kept, but the teller gets no code.", mend
        elif "{code}" in step.say and not (step.end and step.id in kept):
            mend = "Say it only at an end after keeping."
            yield step.id, "code-too-early", "There is no code yet at this step.", mend
        for option in step.options if step.end else ():
            if option.id not in ("another", "done"):
                mend = "An end can have the options another and done."
                yield step.id, "end-option", f"Nothing happens after {option.id}.", mend
        if step.erase and not step.end:
            mend = "Add end = true, or take erase out."
            yield step.id, "erase-no-end", "Only an end can erase.", mend
    for step in guide.steps.values():
        if step.kind == "review":
            yield from _review(guide, step)


def _review(guide: Guide, step: Step) -> Iterator[Finding]:
    for answer in ("ok", "change", "discard"):
        if step.option(answer) is None:
            mend = f'Add an option with id = "{answer}".'
            yield step.id, "review-answer", f"The card has no option {answer}.", mend
    discard = step.option("discard")
    if discard and not (discard.goto and guide.steps[discard.goto].end):
        mend = "Let that option go to an end."
        yield step.id, "discard-goes-on", "Throwing away does not end the conversation.", mend


def _length(guide: Guide) -> Iterator[Finding]:
    scales = [step.id for step in guide.steps.values() if step.kind == "scale"]
    for extra in scales[MOST_SCALES:]:
        mend = f"Keep {MOST_SCALES} scales in a guide."
        yield extra, "many-scales", f"This is scale number {scales.index(extra) + 1}.", mend
    longest: dict[str, int] = {}
    for step in reversed(list(guide.steps.values())):
        after = [longest[target] for target in ways_on(step)]
        longest[step.id] = max(after, default=0) + (step.kind in QUESTIONS or step.kind == "tell")
    count = longest[guide.first.id]
    if count > MOST_QUESTIONS:
        mend = f"Bring it to {MOST_QUESTIONS}, or put some in an extra round of their own."
        yield "", "many-questions", f"The longest way through asks {count} questions.", mend
