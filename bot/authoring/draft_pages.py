"""The text of a guide as it is written, and what is wrong with it while it is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from aiohttp import web

from bot.authoring.guide_desk import Written
from bot.authoring.guide_edits import HERE, filled, weaker_words
from bot.authoring.guide_pages import GuidePages
from bot.coordinators.pages.site import HEADERS, Visit
from bot.coordinators.phrases import CoordinatorPhrases
from conversations.authoring.consent_words import Weaker
from conversations.authoring.guide_text import GuideText, NotEditable
from conversations.authoring.step_form import Form, put_step
from conversations.authoring.translation_table import outdated_texts
from conversations.guide.builder import fields
from conversations.guide.problem_texts import make_problem
from conversations.guide.problems import Flaw

MOST_TEXT = 200_000


class DraftPages(GuidePages):
    """`/coordinator/guides/<id>/text`; `/coordinator/guides/check`."""

    def routes(self) -> list[web.RouteDef]:
        return [
            self.post(f"{HERE}/check", self._check),
            self.get("/text", self._text),
            self.post("/text", self._save_text),
        ]

    async def _text(self, request: web.Request, visit: Visit) -> web.Response:
        written = await self.edits.written(request)
        if written is None:
            return self.site.missing(visit)
        return self.edits.text_page(
            visit, written, await self.desk.checked(written, visit.words.language)
        )

    async def _save_text(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form, now = await request.post(), await self.edits.written(request)
        text = str(form.get("text", "")).replace("\r\n", "\n")
        base = await self.edits.seen(request.match_info["id"], str(form.get("revision", "")), now)
        if now is None or base is None or not text.strip():
            return self.site.missing(visit)
        if len(text) > MOST_TEXT:
            problem = visit.words("guides.text.long", n=len(text) - MOST_TEXT)
            return self.edits.text_page(visit, replace(base, text=text), (), problem=problem)
        return await self.edits.save(request, visit, replace(base, text=text), "-")

    async def _check(self, request: web.Request, visit: Visit) -> web.Response:
        """What is wrong with what is being typed: a whole text, or one step in the draft."""
        guide, form = request.query.get("guide", ""), await filled(request)
        written = await self.desk.written(guide)
        text = form.get("text", [""])[0][:MOST_TEXT]
        if written is not None and not text and (parsed := written.parsed) is not None:
            text, step = _with_step(parsed, form)
        elif written is not None:
            step = ""
        if written is None or not text:
            return web.json_response({"problems": [], "marks": []}, headers=HEADERS)
        typed, language = replace(written, text=text), visit.words.language
        found = await self.desk.checked(typed, language)
        problems = [each.as_json() for each in found if not step or each.step == step]
        weaker = await asyncio.to_thread(self.desk.weaker, typed)
        every = [*_weaker_marks(weaker, visit.words), *_marks(typed, visit.words)]
        marks = [each for each in every if not step or each["step"] == step]
        return web.json_response({"problems": problems, "marks": marks}, headers=HEADERS)


def _weaker_marks(found: Sequence[Weaker], words: CoordinatorPhrases) -> list[dict[str, str]]:
    """What consents do not say any more, as the check tells it while somebody types."""
    return [
        {"step": each.step, "message": weaker_words(each, words), "code": "consent-weaker"}
        for each in found
    ]


def _marks(typed: Written, words: CoordinatorPhrases) -> list[dict[str, str]]:
    """The translations that would be of an older Dutch, as the check of a file says it."""
    if typed.parsed is None:
        return []
    found = []
    for row, languages in outdated_texts(fields(typed.parsed.data), typed.texts):
        names = ", ".join(words.language_name(each) for each in languages)
        flaw = Flaw(row.key, "translation-outdated", {"key": row.key, "words": row.dutch})
        message = make_problem("", 0, flaw, language=words.language).message
        found.append({"step": row.step, "message": f"{message} ({names})", "code": flaw.code})
    return found


def _with_step(text: GuideText, form: Form) -> tuple[str, str]:
    try:
        made, step = put_step(text, form)
    except (KeyError, NotEditable):
        return "", ""
    return made.text, step
