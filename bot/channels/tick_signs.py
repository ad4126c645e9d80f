"""What stood chosen on the copy of a question that was tapped. Where no message changes, every copy
of a list stays on the phone and can be tapped: its buttons carry how it stood there."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Protocol

NOTHING = "-"
"""The sign of a copy on which nothing was chosen."""
_MARK, _ON = "~", "+"


class Tickable(Protocol):
    """A button, as far as it matters here."""

    @property
    def id(self) -> str: ...

    @property
    def picked(self) -> bool: ...


def sign_of(buttons: Sequence[Tickable]) -> str:
    """Eight characters for what is chosen; the same for the same."""
    picked = sorted(each.id for each in buttons if each.picked)
    return f"{zlib.crc32(chr(10).join(picked).encode()):08x}" if picked else NOTHING


def signed_id(button: Tickable, buttons: Sequence[Tickable]) -> str:
    """The id of a button on this copy of a question with all these buttons."""
    sign = sign_of(buttons)
    if sign == NOTHING:
        return button.id
    return f"{button.id}{_MARK}{_ON if button.picked else ''}{sign}"


def parted_id(found: str) -> tuple[str, str]:
    """The id of a button, and how its copy stood."""
    its_id, mark, stood = found.rpartition(_MARK)
    return (its_id, stood) if mark else (found, NOTHING)


def stood_picked(stood: str) -> bool:
    """Whether the button itself was chosen on the copy that was tapped."""
    return stood.startswith(_ON)


def is_same(stood: str, buttons: Sequence[Tickable]) -> bool:
    """Whether the copy that was tapped stood as the question stands now."""
    return stood.removeprefix(_ON) == sign_of(buttons)
