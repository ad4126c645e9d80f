"""A message as each channel would send it, for its author: made by what the channel itself shapes
it with, so that an example cannot differ from what people see. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.base import Outgoing
from bot.channels.button_pages import pages_of
from bot.channels.telegram import formatting as telegram
from bot.channels.web.frames import row_frame
from bot.channels.whatsapp import message_shapes as whatsapp
from bot.channels.whatsapp.message_shapes import ShapeWords
from conversations.engine.effects import Say
from conversations.guide.channel_limits import LIMITS

DRAWN = ("scale", "triad", "card")
"""What the web chat draws, where others show buttons or text."""
_TELEGRAM = next(each for each in LIMITS if each.name == "Telegram")


@dataclass(frozen=True, slots=True)
class Gauge:
    """How much of what a channel allows is used; `name` tells of what."""

    name: str
    used: int
    most: int

    @property
    def over(self) -> bool:
        return self.used > self.most


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """One message: its text, its buttons by row, and for a list the button that opens it, with the
    rows (and what stands below each) in it."""

    text: str
    rows: tuple[tuple[str, ...], ...] = ()
    footer: str = ""
    opens: str = ""
    listed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelPreview:
    """What a channel sends. `notes` are codes of what an author may not expect, each with its
    number; `drawn` are the ends of a line or the corners of a triangle."""

    channel: str
    messages: tuple[ShownMessage, ...]
    gauges: tuple[Gauge, ...] = ()
    notes: tuple[tuple[str, int], ...] = ()
    drawn: tuple[str, ...] = ()


def channel_previews(say: Say, words: ShapeWords) -> tuple[ChannelPreview, ...]:
    """The web chat, Telegram and WhatsApp."""
    return _web(say), _telegram(say), _whatsapp(say, words)


def _web(say: Say) -> ChannelPreview:
    frame = row_frame(Outgoing(1, "", say)) or {}
    rows = tuple((str(each["label"]),) for each in frame["buttons"])
    control = say.control if say.control and say.control.kind in DRAWN else None
    drawn = control.poles if control else ()
    notes = [(control.kind, 0)] if control else []
    return ChannelPreview(
        "web", (ShownMessage(str(frame["text"]), rows),), notes=tuple(notes), drawn=drawn
    )


def _telegram(say: Say) -> ChannelPreview:
    parts = telegram.pieces(say.whole_text)
    keys = telegram.inline_keyboard(say)["inline_keyboard"] if say.buttons else []
    rows = tuple(tuple(str(key["text"]) for key in row) for row in keys)
    messages = [*(ShownMessage(part) for part in parts[:-1]), ShownMessage(parts[-1], rows)]
    gauges = [Gauge("text", telegram.units(say.whole_text), telegram.TEXT_MAX)]
    if rows:
        gauges.append(Gauge("button", _longest(say), _TELEGRAM.label))
    notes = [("messages", len(parts))] if len(parts) > 1 else []
    return ChannelPreview("telegram", tuple(messages), tuple(gauges), tuple(notes))


def _whatsapp(say: Say, words: ShapeWords) -> ChannelPreview:
    made = whatsapp.shapes(say, words)
    messages = tuple(_message(each) for each in made)
    if not (say.buttons or say.turn):
        used = Gauge("text", len(say.whole_text), whatsapp.TEXT_MAX)
        return ChannelPreview("whatsapp", messages, (used,), _more(made))
    is_list = bool(messages[-1].listed)
    most = whatsapp.ROW_MAX if is_list else whatsapp.TITLE_MAX
    gauges = [Gauge("body", sum(len(each.text) for each in messages), whatsapp.BODY_MAX)]
    if say.buttons:
        gauges.append(Gauge("row" if is_list else "button", _longest(say), most))
        gauges.append(_counted(say, is_list))
    notes = list(_more(made))
    if is_list and say.buttons:
        many = len(say.buttons) > whatsapp.BUTTONS_MAX
        notes.append(("list", whatsapp.BUTTONS_MAX) if many else ("list_long", whatsapp.TITLE_MAX))
    pages = len(pages_of(say.buttons, whatsapp.ROWS_MAX))
    notes += [("pages", pages)] if pages > 1 else []
    notes += [("numbers", 0)] if whatsapp.numbered(say) else []
    return ChannelPreview("whatsapp", messages, tuple(gauges), tuple(notes))


def _counted(say: Say, is_list: bool) -> Gauge:
    if is_list:  # what is more than a page of it holds stands on the next
        fullest = max(map(len, pages_of(say.buttons, whatsapp.ROWS_MAX)))
        return Gauge("rows", fullest, whatsapp.ROWS_MAX)
    return Gauge("buttons", len(say.buttons), whatsapp.BUTTONS_MAX)


def _message(made: Mapping[str, Any]) -> ShownMessage:
    """A message of the Cloud API."""
    if made["type"] == "text":
        return ShownMessage(str(made["text"]["body"]))
    shown = made["interactive"]
    text, footer, action = shown["body"]["text"], shown["footer"]["text"], shown["action"]
    if shown["type"] == "button":
        rows = tuple((str(each["reply"]["title"]),) for each in action["buttons"])
        return ShownMessage(text, rows, footer)
    listed = tuple(
        (str(row["title"]), str(row.get("description", "")))
        for section in action["sections"]
        for row in section["rows"]
    )
    return ShownMessage(text, (), footer, str(action["button"]), listed)


def _more(made: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, int], ...]:
    return (("messages", len(made)),) if len(made) > 1 else ()


def _longest(say: Say) -> int:
    return max(len(each.label) for each in say.buttons)
