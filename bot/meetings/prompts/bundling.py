"""Bundles several prompts of one person into one message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.meetings.prompts.lifecycle import Prompt
from bot.meetings.prompts.schedule import PromptRules


@dataclass(frozen=True, slots=True)
class Bundle:
    """One message, sent when `carrier` is due; the others become "bundled" in it."""

    carrier: Prompt
    others: tuple[Prompt, ...] = ()


def bundle(prompts: Iterable[Prompt], rules: PromptRules) -> tuple[Bundle, ...]:
    """The messages that waiting prompts become, in the order in which they are due.

    Per person, prompts about meetings of one day and prompts due on one day become one message,
    sent when the last of them is due. A follow-up joins only follow-ups. A snoozed prompt is not
    among them: its person chose the time. Pass bundled prompts in again when plans have changed.
    """
    waiting = [[prompt] for prompt in prompts if prompt.state in ("planned", "bundled")]
    met = _join(waiting, lambda last: (last.kind, _day(last.ended, rules)))
    asked = _join(met, lambda last: (last.kind == "follow_up", _day(last.due, rules)))
    bundles = [Bundle(group[-1], tuple(group[:-1])) for group in asked]
    return tuple(sorted(bundles, key=lambda made: _order(made.carrier)))


def _join(
    groups: Iterable[list[Prompt]], key: Callable[[Prompt], tuple[object, ...]]
) -> list[list[Prompt]]:
    """Groups of one person whose last prompts share a key, put together in order of due time."""
    joined: defaultdict[tuple[object, ...], list[Prompt]] = defaultdict(list)
    for group in groups:
        last = group[-1]
        joined[(last.person, *key(last))] += group
    return [sorted(group, key=_order) for group in joined.values()]


def _day(moment: datetime, rules: PromptRules) -> date:
    return moment.astimezone(rules.zone).date()


def _order(prompt: Prompt) -> tuple[datetime, str]:
    return prompt.due, prompt.id
