"""HTTP pages of the web chat: identifies the browser, picks the language, serves the files."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from aiohttp import web
from babel import Locale, UnknownLocaleError
from markupsafe import Markup

from bot.assets.packing import pack
from bot.channels.web.cookies import LEAVING
from bot.channels.web.desk import desk_of, first_page
from bot.channels.web.page_files import TEMPLATES, PageTexts, page_files
from bot.templating import templates_in

Labels = Callable[[str], Mapping[str, str]]
"""The texts of the page in a language: the keys `web.*` and `button.*`."""

Sections = Callable[[str], Sequence[tuple[str, str]]]
"""The privacy page in a language: headings, each with its paragraphs (a blank line between)."""

_SENTENCE_END = re.compile(r"(?<=[.!?؟])\s+")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; font-src 'self'; manifest-src 'self'; worker-src 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Tell the browser to keep to itself; a handler's own header wins."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    fresh = "no-cache" if request.path.startswith("/static/") else "no-store"
    response.headers.setdefault("Cache-Control", fresh)


def direction(language: str) -> str:
    """`ltr` or `rtl`."""
    try:
        return Locale.parse(language, sep="-").text_direction
    except (UnknownLocaleError, ValueError):
        return "ltr"


class Choices(NamedTuple):
    """What the page of a link asks, in which language; each button has the payload of the link
    that a tap on it is."""

    language: str
    text: str
    buttons: tuple[tuple[str, str], ...]


class LinkText(NamedTuple):
    """What a page says: the question as its heading, just above the answers, with the `lead` before
    it; without a question the first sentence, with the `rest` below."""

    lead: str
    heading: str
    rest: str

    @classmethod
    def of(cls, text: str) -> Self:
        first, *more = _SENTENCE_END.split(text.strip())
        if more and more[-1].endswith(("?", "؟")):
            return cls(" ".join((first, *more[:-1])), more[-1], "")
        return cls("", first, " ".join(more))


class ChatPages:
    """Renders the pages, in the best language that a browser asks for."""

    def __init__(
        self,
        labels: Labels,
        languages: Sequence[tuple[str, str]],
        privacy: Sections,
        public_url: str,
        voice_minutes: int = 0,
        photos: bool = False,
        *,
        voice_heard: bool = False,
        draft_days: int = 0,
    ) -> None:
        self.labels = labels
        self.languages = languages
        self._privacy = privacy
        self._takes = {
            "voice_minutes": voice_minutes,
            "voice_heard": voice_heard,
            "photos": photos,
            "draft_days": draft_days,
        }
        self._public = urlsplit(public_url)
        self._templates = templates_in(TEMPLATES, asset=page_files().url)
        self._templates.globals["site"] = public_url.rstrip("/")
        self.texts = PageTexts()

    def language(self, wanted: str) -> str:
        """The first language of an Accept-Language header (or a single tag) that there is."""
        known = [code for code, _ in self.languages]
        weighed = []
        for place, piece in enumerate(wanted.split(",")[:20]):
            tag, _, quality = piece.strip().partition(";q=")
            try:
                weighed.append((-float(quality or 1), place, tag.split("-")[0].lower()))
            except ValueError:
                continue
        return next((tag for _, _, tag in sorted(weighed) if tag in known), known[0])

    def ours(self, request: web.Request) -> bool:
        """Whether a page of this site sent the request, not one of another site."""
        try:
            origin = urlsplit(request.headers.get("Origin", ""))
        except ValueError:
            return False
        if origin.scheme not in ("http", "https"):
            return False
        return origin.netloc in (request.host, self._public.netloc)

    def chat(
        self,
        request: web.Request,
        rows: Sequence[Mapping[str, Any]] = (),
        rehearsal: str = "",
        teller: str = "",
    ) -> web.Response:
        """The chat; with `rows`, frames of what the bot says first, which is there before the
        script is. It holds nothing of who asks but the language, and a name that tells pages of one
        `teller` from those of another and opens nothing: it may be packed. A `rehearsal` is at an
        address of its own."""
        used = self.texts.of_script(self.words(request)[2])
        return self._page(
            request,
            "chat.html",
            rows=rows,
            used=used,
            rehearsal=rehearsal,
            teller=teller,
            **self._takes,
        )

    def beside(self, request: web.Request, rehearsal: str) -> Markup:
        """The chat as a part of another page, over a rehearsal."""
        language, aligned, label = self.words(request)
        used = self.texts.of_script(label)
        made = self._templates.get_template("chat_beside.html").render(
            label=label,
            language=language,
            dir=aligned,
            used=used,
            rehearsal=rehearsal,
            beside=True,
            rows=(),
            voice_heard=False,
        )
        return Markup(made)  # noqa: S704  # made of a template, which escapes what it is given

    def link(
        self, asked: Choices, note: str = "", status: int = 200, desk: str = ""
    ) -> web.Response:
        """What a link asks, perhaps on the screen of a `desk`, or what went wrong with the tap
        (`note`). Each button carries a mark of this page, so that two taps on it are one."""
        label = self.labels(asked.language)
        text = self._templates.get_template("link.html").render(
            label=label,
            language=asked.language,
            dir=direction(asked.language),
            text=LinkText.of(asked.text),
            buttons=asked.buttons,
            mark=secrets.token_urlsafe(12),
            note=label[note] if note else "",
            desk=desk,
        )
        response = web.Response(text=text, content_type="text/html", status=status)
        response.headers["Referrer-Policy"] = "same-origin"  # else a form does not say its origin
        return response

    def gone(self, request: web.Request, *, undo: bool) -> web.Response:
        """What is left after leaving: nothing of the story, a way to begin, and for a few seconds a
        way back."""
        desk = desk_of(request)
        response = self._page(
            request, "gone.html", undo=undo, seconds=LEAVING, desk=desk, again=first_page(desk)
        )
        response.headers["Referrer-Policy"] = "same-origin"  # else a form does not say its origin
        return response

    def privacy(self, request: web.Request) -> web.Response:
        language = self.language(request.headers.get("Accept-Language", ""))
        return self._page(request, "privacy.html", sections=self._privacy(language))

    def error(self, request: web.Request, said: tuple[str, str], status: int) -> web.Response:
        """A page that says, in two texts, what went wrong."""
        response = self._page(request, "error.html", said=said)
        response.set_status(status)
        return response

    def words(self, request: web.Request) -> tuple[str, str, Mapping[str, str]]:
        """The language for a request, its direction, and the texts in it."""
        language = self.language(request.headers.get("Accept-Language", ""))
        return language, direction(language), self.labels(language)

    def forgetful(self) -> web.Response:
        """An answer after which the page of a browser knows nothing any more."""
        response = web.json_response({"ok": True})
        response.headers["Clear-Site-Data"] = '"storage"'
        return response

    def _page(self, request: web.Request, name: str, **facts: object) -> web.Response:
        language, aligned, label = self.words(request)
        text = self._templates.get_template(name).render(
            label=label, language=language, dir=aligned, **facts
        )
        return pack(request, web.Response(text=text, content_type="text/html"))
