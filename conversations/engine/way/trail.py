"""The trail of a conversation: which questions came, how each was left, and how long that took, in
classes. It holds no word of the teller. It waits in the sealed state, and is only ever added up.

A mark is `question what`: `came`, `answered`, `skipped`, `back`, `stopped`, `>next` for where an
answer led, and `<60` for how many seconds it took (`<` alone: longer). Each is there once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conversations.engine.state import State
from conversations.guide.model import Guide, Step

CLASSES = (10, 20, 40, 80, 160, 320)
"""The bounds, in seconds, of how long a question took."""

_ANSWERED = ("answered", "skipped", ">", "a:answered", "a:skipped", "b:answered", "b:skipped")
"""How marks begin that say how a question was left."""

OTHER = "b"
"""The wording of a conversation that hears the other of two; the first has no name."""


def follow(
    guide: Guide, before: State | None, after: State, answers: Mapping[str, bool], now: int
) -> State:
    """The state after an event, with the trail that it leaves. `answers` tells of the questions
    that the event answered whether they were skipped."""
    if before is None:
        return after.but(trail=_came(guide, after, ()), since=now)
    if not before.since:  # an earlier version began it, or it changes a story that is kept
        return after
    trail = before.trail
    for name, skipped in answers.items():
        if f"{name} came" not in trail:  # nobody asked: it was known, or came with another one
            continue
        trail = _left(guide, trail, name, after, skipped=skipped)
    if _turned_back(before, after):
        trail = _with(trail, f"{before.at} back")
    if before.at in answers and not _timed(trail, before.at):
        trail = _with(trail, f"{before.at} {_class(now - before.since)}")
    if after.at == before.at:
        return after.but(trail=trail, since=before.since)
    return after.but(trail=_came(guide, after, trail), since=now)


def newly_answered(before: State, after: State) -> dict[str, bool]:
    """The questions that an event answered, and whether they were skipped. Of what is over only
    the last one is known: its answers are gone."""
    if not after.open:
        return {before.at: False} if after.at != before.at else {}
    known = set(before.path)
    return {
        name: name not in after.answers or after.answers[name].skipped
        for name in after.path
        if name not in known or before.answers.get(name) != after.answers.get(name)
    }


def counted_marks(guide: Guide, over: State, *, expired: bool) -> tuple[str, ...]:
    """What may be added up of a conversation that is over. Nothing of who declined or wiped (not
    kept and not `expired`), nor of who never said to be old enough."""
    if not over.trail or not (over.kept or expired):
        return ()
    gate = next((name for name, step in guide.steps.items() if leads_away(guide, step)), "")
    if gate and f"{gate} answered" not in over.trail:
        return ()
    ended = guide.steps[over.at].end
    return (
        over.trail if ended else _with(_without_answer(over.trail, over.at), f"{over.at} stopped")
    )


def _without_answer(trail: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The trail without what was answered to a question."""
    how = tuple(f"{name} {each}" for each in _ANSWERED)
    return tuple(mark for mark in trail if not mark.startswith(how))


def leads_away(guide: Guide, step: Step) -> bool:
    """Whether an answer to this question means that nothing of the teller may stay."""
    ends = (guide.steps.get(option.goto or "") for option in step.options)
    return any(end is not None and end.erase for end in ends)


def _came(guide: Guide, state: State, trail: tuple[str, ...]) -> tuple[str, ...]:
    step = guide.steps[state.at]
    if step.kind == "say" and not step.end:
        return trail
    trail = _with(trail, f"{state.at} came")
    return _worded(guide, trail, state, "came")


def _left(
    guide: Guide, trail: tuple[str, ...], name: str, state: State, *, skipped: bool
) -> tuple[str, ...]:
    """Answered or skipped: the last word counts, so what stood there before goes."""
    how = "skipped" if skipped else "answered"
    trail = _with(_without_answer(trail, name), f"{name} {how}")
    if target := _target(guide, name, state, skipped=skipped):
        trail = _with(trail, f"{name} >{target}")
    return _worded(guide, trail, state, how, name)


def _target(guide: Guide, name: str, state: State, *, skipped: bool) -> str:
    """Where an answer led, for a question whose answers lead to different places."""
    step = guide.steps[name]
    if len(branches(step)) < 2:
        return ""
    if not state.open:
        return state.at
    if skipped:
        return (step.skip and step.skip.goto) or step.next or ""
    given = state.answers.get(name)
    options = (step.option(option) for option in (given.options if given else ()))
    return next((each.goto for each in options if each and each.goto), step.next) or ""


def branches(step: Step) -> frozenset[str]:
    """The questions that may come after this one, by its answers."""
    ways = {option.goto or step.next or "" for option in step.options} or {step.next or ""}
    if step.skip:
        ways.add(step.skip.goto or step.next or "")
    return frozenset(ways - {""})


def _worded(
    guide: Guide, trail: tuple[str, ...], state: State, how: str, name: str = ""
) -> tuple[str, ...]:
    """Of a question with two wordings also which one it was, once."""
    name = name or state.at
    if not guide.steps[name].other_say:
        return trail
    return _with(trail, f"{name} {state.wording or 'a'}:{how}")


def _turned_back(before: State, after: State) -> bool:
    return (
        after.open
        and not after.fixing
        and not before.fixing
        and len(after.path) < len(before.path)
        and after.at in before.path
    )


def _timed(trail: Iterable[str], name: str) -> bool:
    return any(mark.startswith(f"{name} <") for mark in trail)


def _class(seconds: int) -> str:
    return next((f"<{bound}" for bound in CLASSES if seconds < bound), "<")


def _with(trail: tuple[str, ...], mark: str) -> tuple[str, ...]:
    return trail if mark in trail else (*trail, mark)
