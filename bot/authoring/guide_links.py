"""How people begin a guide: its link, and the QR code of that link, for who asks them to tell."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.authoring.guide_desk import BASES, GuideDesk
from bot.meetings.qr import svg


@dataclass(frozen=True, slots=True)
class GuideLink:
    """A link of ours, and its QR code."""

    link: str
    code: Markup


def drawn(link: str) -> GuideLink:
    return GuideLink(link, Markup(svg(link)))  # noqa: S704  # made of a link of ours


def link_to_begin(desk: GuideDesk, guide: str) -> GuideLink | None:
    """None when nobody can begin it now, or when people get it only after something else: those
    who tell by such a guide have a link of their own."""
    if not desk.shelf.may_begin(guide):
        return None
    if desk.shelf.library.sources[guide]["guide"]["kind"] not in BASES:
        return None
    return drawn(f"{desk.services.settings.public_url}/t/{guide}")
