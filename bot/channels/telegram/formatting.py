"""Formats a message for Telegram: its pieces, its buttons, its fixed keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conversations.engine.effects import Button, Control, Say

TEXT_MAX = 4096
"""The longest text of one message, in UTF-16 units."""

TICK = "✓ "

_SHORT = 15
_CLOSING = frozenset({"skip", "keep", "done", "picked", "other"})


def pieces(text: str, most: int = TEXT_MAX) -> list[str]:
    """The text in pieces of at most `most` UTF-16 units, cut between paragraphs where that goes,
    else between lines, sentences, words."""
    found = []
    while units(text) > most:
        cut = _cut(text, most)
        found.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*found, text]


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, most: int) -> int:
    head = text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")
    for mark in ("\n\n", "\n", ". ", " "):
        cut = head.rfind(mark)
        if head[:cut].strip() and cut > len(head) // 4:
            return cut + len(mark)
    return len(head)


def inline_keyboard(say: Say, buttons: Sequence[Button] | None = None) -> dict[str, Any]:
    """The buttons of a question (or others in their place), two short ones to a row. Places on a
    scale and in a triangle stand below each other; skipping and the like stand apart."""
    shown = say.buttons if buttons is None else buttons
    rows: list[list[Button]] = []
    for button in shown:
        if rows and _beside(rows[-1], button, say.control):
            rows[-1].append(button)
        else:
            rows.append([button])
    return {"inline_keyboard": [[_key(button, say.turn) for button in row] for row in rows]}


def fixed_keyboard(labels: Sequence[str]) -> dict[str, Any]:
    """The keyboard that stays below the text box."""
    row = [{"text": label} for label in labels]
    return {"keyboard": [row], "is_persistent": True, "resize_keyboard": True}


def _beside(row: list[Button], button: Button, control: Control | None) -> bool:
    closing = button.id in _CLOSING
    if control and control.kind in ("scale", "triad") and not closing:
        return False
    return (
        len(row) == 1
        and (row[0].id in _CLOSING) == closing
        and max(len(row[0].label), len(button.label)) <= _SHORT
    )


def _key(button: Button, turn: int) -> dict[str, str]:
    label = f"{TICK}{button.label}" if button.picked else button.label
    return {"text": label, "callback_data": f"{turn}:{button.id}"}
