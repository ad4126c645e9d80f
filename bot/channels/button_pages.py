"""What a channel can show at once: how many buttons, and on which page the others stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from conversations.guide.channel_limits import CLOSING

MOST = 10
"""The most buttons that a channel with pages shows at once."""
PAGE = "page."
"""Begins the id of a button that shows another page; what follows is its number."""


class Labelled(Protocol):
    """A button, as far as it matters here."""

    @property
    def id(self) -> str: ...


Each = TypeVar("Each", bound=Labelled)


def pages_of(buttons: Sequence[Each], most: int) -> list[list[Each]]:
    """The buttons in pages of at most `most`, of which one is for the way to the next page. What
    closes the question stands on every page."""
    if len(buttons) <= most:
        return [list(buttons)]
    closing = [each for each in buttons if each.id in CLOSING]
    rest = [each for each in buttons if each.id not in CLOSING]
    room = most - len(closing) - 1
    if room < 1:
        closing, rest, room = [], list(buttons), most - 1
    return [rest[at : at + room] + closing for at in range(0, len(rest), room)]


def page_with(buttons: Sequence[Labelled], most: int, button: str) -> int:
    """On which page a button stands."""
    for number, page in enumerate(pages_of(buttons, most)):
        if button in (each.id for each in page) and button not in CLOSING:
            return number
    return 0
