"""Posters of meetings and teams, to print or to project: what it is, where and when, and the QR
code that leads there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from babel.dates import format_date, format_time
from fpdf import FPDF
from fpdf.drawing_primitives import DeviceRGB
from fpdf.fonts import TTFFont

from bot.meetings.model.meeting import Meeting, MeetingKind
from bot.meetings.qr import INK, QUIET, png, svg, symbol

Align = Literal["L", "C"]

_SOFT = "#675d51"
_ACCENT = "#1d5c56"
_TINT = "#e4eeea"
_POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on an invitation. `link` is what is scanned; `when` and `place` may be empty, and
    `code` when there is none to type."""

    kind: MeetingKind | Literal["team"]
    title: str
    code: str
    link: str
    when: str = ""
    place: str = ""
    language: str = "nl"


def invitation(meeting: Meeting, link: str, language: str = "nl") -> Poster:
    """The invitation to a meeting; one to a series does not name a day."""
    when = "" if meeting.series else _when(meeting, language)
    return Poster(meeting.kind, meeting.title, meeting.code, link, when, meeting.place, language)


def of_team(name: str, place: str, link: str, language: str = "nl") -> Poster:
    """What hangs in the hall of a team: who scans it tells a story to that team."""
    return Poster("team", name, "", link, place=place, language=language)


def drawn(told: Poster, kind: str) -> tuple[bytes, str]:
    """The invitation as a file, and its media type: the code alone as `png` or `svg`, the poster as
    `pdf`, or the `slide`. Takes tens of milliseconds: draw it beside the chat."""
    match kind:
        case "png":
            return png(told.link), "image/png"
        case "svg":
            return svg(told.link).encode(), "image/svg+xml"
        case "pdf":
            return poster(told), "application/pdf"
    return slide(told), "application/pdf"


def poster(told: Poster) -> bytes:
    """A page of A4 to hang on the door, as PDF."""
    page = _Page(told, 210, 297, small=13)
    page.band(210, 5)
    top = page.heading(24, 24, 162, sizes=(44, 38, 32, 27), align="C") + 7
    edge = min(132.0, 202 - top)
    page.code(105 - edge / 2, top, edge)
    below = page.sentence(30, top + edge + 9, 150, 20, "C")
    page.typed(30, below + 5, 150, 34, "C")
    page.footer(24, 280, 162, "C")
    return page.pdf()


def slide(told: Poster) -> bytes:
    """A slide of 16:9, as PDF."""
    page = _Page(told, 338.7, 190.5, small=16)
    page.band(5, 190.5)
    edge = 146.0
    page.code(338.7 - edge - 22, (190.5 - edge) / 2, edge)
    top = page.heading(24, 20, 138, sizes=(42, 36, 30, 25), align="L")
    top = page.sentence(24, top + 6, 138, 22, "L")
    page.typed(24, max(top + 6, 112), 138, 40, "L")
    page.footer(24, 167, 138, "L")
    return page.pdf()


class _Page:
    """One page, in millimetres from the upper left; text in points."""

    def __init__(self, told: Poster, width: float, height: float, small: float) -> None:
        self._told, self._small = told, small
        self._texts = told_texts(told)
        self._pdf = FPDF(unit="mm", format=(width, height))
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.c_margin = 0
        self._pdf.set_title(told.title)
        self._pdf.set_lang(told.language)
        self._pdf.set_creator("Vertelbot")
        fonts = files("font_source_sans_pro") / "files"
        for style, file in (("", "Regular"), ("B", "Semibold")):
            self._pdf.add_font("sans", style, str(fonts / f"SourceSansPro-{file}.ttf"))
        self._pdf.add_page()

    def pdf(self) -> bytes:
        return bytes(self._pdf.output())

    def band(self, width: float, height: float) -> None:
        self._pdf.set_fill_color(_ACCENT)
        self._pdf.rect(0, 0, width, height, style="F")

    def heading(
        self, x: float, y: float, width: float, sizes: tuple[int, ...], align: Align
    ) -> float:
        """Kind, title, and when and where; the title as large as fits in three lines."""
        y = self._text(self._texts[self._told.kind], x, y, width, 17, _ACCENT, align, bold=True)
        title = self._known(self._told.title)
        if len(self._lines(title, width, sizes[0])) > 1:
            title = title.replace(" ← ", "\n← ")
        size = next((one for one in sizes if len(self._lines(title, width, one)) <= 3), sizes[-1])
        while len(self._lines(title, width, size)) > 3:
            shorter = title.removesuffix("…").rpartition(" ")[0] or title[: len(title) // 2]
            title = f"{shorter}…"
        y = self._text(title, x, y + 2, width, size, INK, align, bold=True, leading=1.08)
        about = [one for one in (self._told.when, self._told.place) if one]
        if not about:
            return y
        if len(self._lines(" · ".join(about), width, self._small + 1, bold=False)) == 1:
            about = [" · ".join(about)]
        for line in about:
            gap = 2.5 if line is about[0] else 0
            y = self._text(line, x, y + gap, width, self._small + 1, _SOFT, align)
        return y

    def sentence(self, x: float, y: float, width: float, size: float, align: Align) -> float:
        """What it is, in one sentence."""
        key = "team_sentence" if self._told.kind == "team" else "sentence"
        return self._text(self._texts[key], x, y, width, size, INK, align)

    def footer(self, x: float, y: float, width: float, align: Align) -> float:
        return self._text(self._texts["footer"], x, y, width, self._small - 2.5, _SOFT, align)

    def code(self, x: float, y: float, edge: float) -> None:
        """The QR code, as one shape so that no hair lines show, on a white field."""
        rows = tuple(tuple(row) for row in symbol(self._told.link).matrix_iter(border=0))
        frame = edge * 0.035
        self._pdf.set_fill_color(_TINT)
        self._pdf.rect(x, y, edge, edge, style="F", round_corners=True, corner_radius=edge * 0.05)
        self._pdf.set_fill_color("#fff")
        inner = edge - 2 * frame
        self._pdf.rect(
            x + frame,
            y + frame,
            inner,
            inner,
            style="F",
            round_corners=True,
            corner_radius=edge * 0.03,
        )
        module = inner / (len(rows) + 2 * QUIET)
        left, top = x + frame + QUIET * module, y + frame + QUIET * module
        with self._pdf.new_path() as path:
            path.style.fill_color = _rgb(INK)
            path.style.stroke_color = None
            for row, cells in enumerate(rows):
                for column, dark in enumerate(cells):
                    if dark:
                        path.rectangle(left + column * module, top + row * module, module, module)
        self._pdf.link(x, y, edge, edge, self._told.link, alt_text=self._told.link)

    def typed(self, x: float, y: float, width: float, size: float, align: Align) -> float:
        """The code to type, if there is one, and where."""
        link = self._told.link.split("://", 1)[-1]
        if self._told.code:
            y = self._text(self._texts["code"], x, y, width, self._small, _SOFT, align)
            self._pdf.set_char_spacing(2)
            y = self._text(self._told.code, x, y + 0.5, width, size, _ACCENT, align, bold=True)
            self._pdf.set_char_spacing(0)
            link = f"{self._texts['link']} {link}"
        size = self._small
        while size > 9 and len(self._lines(link, width, size, bold=False)) > 1:
            size -= 0.5
        return self._text(link, x, y + 1, width, size, _SOFT, align)

    def _text(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        size: float,
        color: str,
        align: Align,
        *,
        bold: bool = False,
        leading: float = 1.25,
    ) -> float:
        """Text in a column, in lines of about the same length; gives back where it ends."""
        self._pdf.set_text_color(color)
        end = y
        for number, line in enumerate(self._balanced(text, width, size, bold)):
            self._pdf.set_xy(x, y + number * size * _POINT * leading)
            self._pdf.cell(width, size * _POINT * leading, line, align=align)
            end = y + (number + 1) * size * _POINT * leading
        return end

    def _balanced(self, text: str, width: float, size: float, bold: bool) -> list[str]:
        lines = self._lines(text, width, size, bold)
        narrow = width
        while len(lines) > 1 and narrow > width / 2:
            narrow -= 3
            tried = self._lines(text, narrow, size, bold)
            if len(tried) > len(lines):
                break
            if " ".join(tried) == " ".join(self._known(text).split("\n")):  # no word is cut in two
                lines = tried
        return lines

    def _lines(self, text: str, width: float, size: float, bold: bool = True) -> list[str]:
        self._pdf.set_font("sans", "B" if bold else "", size)
        lines = self._pdf.multi_cell(width, 1, self._known(text), dry_run=True, output="LINES")
        return lines if isinstance(lines, list) else []

    def _known(self, text: str) -> str:
        """The text without what the typeface cannot show."""
        font = self._pdf.fonts["sans"]
        known = font.cmap if isinstance(font, TTFFont) else {}
        shown = (letter if letter == "\n" or ord(letter) in known else " " for letter in text)
        return re.sub(" +", " ", "".join(shown)).strip(" ")


def told_texts(told: Poster) -> Mapping[str, str]:
    """The fixed words of an invitation; in Dutch for a language that is not there."""
    return _texts().get(told.language, _texts()["nl"])


@cache
def _texts() -> dict[str, dict[str, str]]:
    texts = (files("bot.meetings") / "sheet.toml").read_text(encoding="utf-8")
    return tomllib.loads(texts)


def _rgb(color: str) -> DeviceRGB:
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return DeviceRGB(red, green, blue)


def _when(meeting: Meeting, language: str) -> str:
    start, end = meeting.local(meeting.start), meeting.local(meeting.end)
    day = format_date(start, "EEEE d MMMM y", locale=language)
    if meeting.all_day:
        return day
    clocks = (format_time(moment, "HH:mm", locale=language) for moment in (start, end))
    return f"{day}, {'–'.join(clocks)}"
