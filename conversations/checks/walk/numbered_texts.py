"""A guide of which every text can be told from every other: its Dutch with a number in front. What
reads the same in it reads the same in every language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from conversations.guide.model import Guide, Option, Phrases, Step

_UNDERSTOOD = "words."
"""Words that people say: these are not said to them."""


def keyed(guide: Guide) -> Guide:
    """The same guide, with a number in front of each of its texts and fixed sentences."""
    numbers = count()

    def mark(text: str) -> str:
        return f"{next(numbers)}·{text}"

    said = guide.phrases
    phrases = Phrases(
        said.language,
        *({k: t if k.startswith(_UNDERSTOOD) else mark(t) for k, t in words.items()}
          for words in (said.sentences, said.formal)),
    )  # fmt: skip
    steps = {name: _keyed(step, mark) for name, step in guide.steps.items()}
    return replace(guide, steps=steps, phrases=phrases, in_dutch=frozenset())


def _keyed(step: Step, mark: Callable[[str], str]) -> Step:
    return replace(
        step,
        say=mark(step.say),
        other_say=step.other_say and mark(step.other_say),
        short=step.short and mark(step.short),
        options=tuple(_option(each, mark) for each in step.options),
        poles=tuple(_option(each, mark) for each in step.poles),
        skip=step.skip and _option(step.skip, mark),
    )


def _option(option: Option, mark: Callable[[str], str]) -> Option:
    return replace(
        option,
        label=mark(option.label),
        reply=option.reply and mark(option.reply),
        say=option.say and mark(option.say),
    )
