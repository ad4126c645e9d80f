"""What the channels can show: a guide that fits in all of them is never cut or refused on its way.

Numbers of characters, of bytes where that is said.
"""

from __future__ import annotations

from dataclasses import dataclass

CLOSING = frozenset({"skip", "keep", "done", "picked", "other", "confirm"})
"""Buttons that end or leave a question: where there are pages, they stand on every one."""


@dataclass(frozen=True, slots=True)
class ChannelLimits:
    """`text`: a message without buttons. `question`: the stretch of a message that carries buttons;
    what stands above it may go before it, between two paragraphs. `label`: a button that is ours;
    `name`: one with a name that others chose (a team), which may stand below its title. `button`:
    bytes of what a button carries, beside how its copy stood. `buttons`: at once, the others on
    further pages (0: any number); `closing`: of these, such as close a question and stand on every
    page."""

    name: str
    text: int
    question: int
    label: int
    name_label: int
    button: int
    buttons: int = 0
    closing: int = 0


LIMITS = (
    ChannelLimits("Telegram", 4096, 4096, 24, 1000, 64),
    ChannelLimits("WhatsApp", 4096, 1024, 24, 72, 190, buttons=10, closing=8),
)
"""The web chat and the terminal show whatever there is."""
