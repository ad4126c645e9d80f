"""What of a message is in Dutch, in the chat of another language: so that a page can say of each
part in which language it is, and it is read out right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from conversations.engine.effects import Effect, Say
from conversations.guide.model import Guide, fill_slots


def with_dutch_parts(
    guide: Guide, facts: Mapping[str, str], effects: Iterable[Effect]
) -> tuple[Effect, ...]:
    """The effects; each message names its parts that are in Dutch."""
    if not guide.in_dutch:
        return tuple(effects)
    dutch = frozenset(fill_slots(each, facts) for each in guide.in_dutch)
    return tuple(_named(each, dutch) if isinstance(each, Say) else each for each in effects)


def _named(said: Say, dutch: frozenset[str]) -> Say:
    found = (each for each in _parts(said) if _is_dutch(each, dutch))
    return said.but(dutch=tuple(dict.fromkeys(found)))


def _is_dutch(part: str, dutch: frozenset[str]) -> bool:
    """Whether it is one of these, or several in a row (as `listed` puts them)."""
    return part in dutch or all(each in dutch for each in part.replace("، ", ", ").split(", "))


def _parts(said: Say) -> Iterator[str]:
    """What a page shows as one piece each: paragraphs, buttons, poles, the rows of a card."""
    yield from said.text.split("\n\n")
    yield from (each.label for each in said.buttons)
    control = said.control
    if control is None:
        return
    if control.kind != "sentences":  # those are the teller's own
        yield from control.poles
    for row in control.card.rows if control.card else ():
        yield from (row.label, row.value, *row.poles)
