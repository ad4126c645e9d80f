"""What is said, as messages of the Cloud API: reply buttons, a list, or text. Pure.

Nothing is cut: what is longer than a message goes before it, what is longer than the title of a row
stands below it, and rows that do not fit stand on another page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.button_pages import MOST, PAGE, pages_of
from bot.channels.tick_signs import signed_id
from conversations.engine.effects import Button, Say
from conversations.guide.channel_limits import CLOSING

TEXT_MAX = 4096
BODY_MAX = 1024
CAPTION_MAX = 1024
BUTTONS_MAX = 3
TITLE_MAX = 20
ROWS_MAX = MOST
ROW_MAX = 24
DESCRIPTION_MAX = 72

TICK = "✓ "

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ShapeWords:
    """The few words of a language that messages here need: on the button that opens a list, below a
    question, on the rows that lead to other pages, for who may type numbers; `help` and `stop` are
    what stands on the fixed buttons."""

    list: str
    footer: str
    more: str
    first: str
    numbers: str
    help: str
    stop: str


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    label: str
    picked: bool = False

    @property
    def title(self) -> str:
        return f"{TICK}{self.label}" if self.picked else self.label


def shapes(say: Say, words: ShapeWords) -> list[Json]:
    """The messages for what is said, in their order: a question is the last one."""
    text = say.whole_text
    if not (say.buttons or say.turn):
        return [_text(each) for each in pieces(text, TEXT_MAX)]
    rows = _rows(say, words)
    if numbered(say):
        text = "\n".join([text, "", *_numbers(say), words.numbers])
    head, body = _parted(text)
    interactive = (
        _reply_buttons(body, rows, words) if _fits_buttons(rows) else _list(body, rows, words)
    )
    return [*(_text(each) for each in head), interactive]


def numbered(say: Say) -> bool:
    """Whether the choices of a question stand in it by number, so that they can be typed."""
    several = say.control is not None and say.control.kind == "choices"
    many = several or len(say.buttons) > ROWS_MAX
    return bool(say.turn) and many and len(choices(say)) > 1


def choices(say: Say) -> list[Button]:
    """What can be chosen by number."""
    return [each for each in say.buttons if each.id not in CLOSING]


def _numbers(say: Say) -> list[str]:
    return [
        f"{number}. {TICK if each.picked else ''}{each.label}"
        for number, each in enumerate(choices(say), 1)
    ]


def _rows(say: Say, words: ShapeWords) -> list[_Row]:
    """The buttons of this page, and help and stop where there is room for them."""
    pages = pages_of(say.buttons, ROWS_MAX)
    number = say.page if say.page < len(pages) else 0
    rows = [
        _Row(f"{say.turn}:{signed_id(each, say.buttons)}", each.label, each.picked)
        for each in pages[number]
    ]
    if len(pages) > 1:
        following = (number + 1) % len(pages)
        label = words.more if following else words.first
        rows.append(_Row(f"{say.turn}:{PAGE}{following}", label))
        return rows
    known = {row.label.casefold() for row in rows}
    fixed = [_Row("c:help", words.help), _Row("c:stop", words.stop)]
    most = BUTTONS_MAX if _fits_buttons(rows) and len(rows) < BUTTONS_MAX else ROWS_MAX
    if _fits_buttons(rows) and len(rows) == BUTTONS_MAX:
        return rows  # as buttons they are seen at once; help and stop stand below them
    room = max(0, most - len(rows))
    return rows + [row for row in fixed if row.label.casefold() not in known][:room]


def _fits_buttons(rows: Sequence[_Row]) -> bool:
    titles = [row.title for row in rows]
    return len(rows) <= BUTTONS_MAX and all(len(title) <= TITLE_MAX for title in titles)


def _reply_buttons(body: str, rows: Sequence[_Row], words: ShapeWords) -> Json:
    buttons = [
        {"type": "reply", "reply": {"id": row.id, "title": title}}
        for row, title in zip(rows, _unique([row.title for row in rows], TITLE_MAX), strict=True)
    ]
    return _interactive("button", body, words, {"buttons": buttons})


def _list(body: str, rows: Sequence[_Row], words: ShapeWords) -> Json:
    titles = _unique([shorter(row.title, ROW_MAX) for row in rows], ROW_MAX)
    found = []
    for row, title in zip(rows, titles, strict=True):
        whole = {"id": row.id, "title": title}
        if title != row.title:
            whole["description"] = shorter(row.label, DESCRIPTION_MAX)
        found.append(whole)
    return _interactive("list", body, words, {"button": words.list, "sections": [{"rows": found}]})


def _interactive(kind: str, body: str, words: ShapeWords, action: Json) -> Json:
    return {
        "type": "interactive",
        "interactive": {
            "type": kind,
            "body": {"text": body},
            "footer": {"text": words.footer},
            "action": action,
        },
    }


def _text(body: str) -> Json:
    return {"type": "text", "text": {"body": body, "preview_url": False}}


def _unique(titles: Sequence[str], most: int) -> list[str]:
    """No two titles are the same: another one gets its number."""
    found: list[str] = []
    for number, title in enumerate(titles, 1):
        if title in found or not title.strip():
            title = shorter(f"{number}. {title}", most)
        found.append(title)
    return found


def shorter(text: str, most: int) -> str:
    """A text in so many characters, cut between words where that goes."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    head = text[: most - 1]
    cut = head.rfind(" ")
    return f"{head[: cut if cut > most // 2 else len(head)].rstrip()}…"


def _parted(text: str) -> tuple[list[str], str]:
    """What goes before a question that is longer than a body, and the question itself: as many
    of its last paragraphs as fit."""
    if len(text) <= BODY_MAX:
        return [], text
    cut = _last_cut(text)
    return pieces(text[:cut].rstrip(), TEXT_MAX), text[cut:].lstrip()


def _last_cut(text: str) -> int:
    """Where the last stretch begins that fits in a body: at a paragraph, a line, a sentence, a
    word, or anywhere."""
    start = len(text) - BODY_MAX
    for mark in ("\n\n", "\n", ". ", " "):
        found = text.find(mark, start)
        if found >= 0 and text[found + len(mark) :].strip():
            return found + len(mark)
    return start


def pieces(text: str, most: int) -> list[str]:
    """A text in pieces of at most so many characters, cut between paragraphs where that goes, else
    between lines, sentences, words."""
    found = []
    while len(text) > most:
        head, cut = text[:most], most
        for mark in ("\n\n", "\n", ". ", " "):
            place = head.rfind(mark)
            if head[:place].strip() and place > most // 4:
                cut = place + len(mark)
                break
        found.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*found, text] if text.strip() else found
