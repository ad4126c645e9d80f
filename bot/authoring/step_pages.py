"""The steps of a guide on the dashboard: each has a form, is moved and taken out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.authoring.channel_previews import ChannelPreview, channel_previews
from bot.authoring.guide_desk import Written
from bot.authoring.guide_edits import filled, problem_words, weaker_words
from bot.authoring.guide_pages import GuidePages
from bot.authoring.rehearsal import as_shown
from bot.authoring.step_names import DraftNames
from bot.channels.web.pages import direction
from bot.channels.whatsapp.assembly import shape_words
from bot.coordinators.pages.site import Visit
from conversations.authoring.guide_text import GuideText, NotEditable
from conversations.authoring.mends import Mend, mended
from conversations.authoring.starter import blank_step
from conversations.authoring.step_form import NEW_KINDS, STAYS, put_step, rows_of
from conversations.authoring.trial_start import said_at
from conversations.guide.library import DUTCH
from conversations.guide.problems import Problem
from conversations.guide.schema import ONLY_FOR


@dataclass(frozen=True, slots=True)
class StepPreviews:
    """The message of a step as each channel sends it, in one of the languages of its guide."""

    shown: Sequence[ChannelPreview] = ()
    language: str = DUTCH
    languages: Sequence[str] = ()


NO_PREVIEWS = StepPreviews()
_EMPTY_STEP = {
    "short": "", "options": (), "other": False, "max": 2, "when": "", "goto": "", "end": False,
    "other_say": "",
}  # fmt: skip
_EMPTY_ROW = {"id": "", "label": "", "reply": "", "goto": "", "say": ""}


class StepPages(GuidePages):
    """`/coordinator/guides/<id>/step`, and what is done with a step."""

    def routes(self) -> list[web.RouteDef]:
        return [
            self.get("/step", self._form),
            self.post("/step", self._save_step),
            self.post("/move", self._move),
            self.post("/remove", self._remove),
            self.post("/mend", self._mend),
        ]

    async def _form(self, request: web.Request, visit: Visit) -> web.Response:
        written = await self.edits.written(request)
        parsed = written.parsed if written else None
        if written is None or parsed is None:
            return self.site.missing(visit)
        step_id, after = request.query.get("step", ""), request.query.get("after", "")
        kind = request.query.get("kind", "choice")
        step = parsed.step(step_id)
        if step_id and step is None:
            return self.site.missing(visit)
        new = blank_step(kind if kind in NEW_KINDS else "choice", "")
        wanted = request.query.get("language", DUTCH)
        previews = await self._previews(written, step_id, wanted) if step_id else NO_PREVIEWS
        problems = await self.desk.checked(written, visit.words.language) if step else ()
        return self._form_page(visit, written, parsed, step or new, after, previews, problems)

    async def _previews(self, written: Written, step: str, wanted: str) -> StepPreviews:
        """The message of a step in every channel, in one language; none when nobody can come
        there."""
        tried = await self.desk.tried_as(written)
        if tried is None:
            return NO_PREVIEWS
        language = wanted if wanted in tried.languages else DUTCH
        guide = tried.told(language)
        said = await asyncio.to_thread(said_at, guide, step, self.desk.facts(guide))
        if said is None:
            return NO_PREVIEWS
        library = self.desk.shelf.shipped
        shown = as_shown(said, guide.phrase("web.rehearsal_code"))
        made = channel_previews(shown, shape_words(library, language))
        return StepPreviews(made, language, tried.languages)

    def _form_page(
        self,
        visit: Visit,
        written: Written,
        parsed: GuideText,
        step: Mapping[str, Any],
        after: str,
        previews: StepPreviews,
        problems: Sequence[Problem],
    ) -> web.Response:
        step_id = str(step.get("id", ""))
        mine = [each for each in problems if step_id and each.step == step_id]
        place = parsed.ids.index(step_id or after) + 1 if step_id or after in parsed.ids else 0
        names = DraftNames(visit.words, parsed)
        skip = step.get("skip", True)
        return self.site.page(
            visit,
            "guide_step.html",
            guide=written.guide,
            title=parsed.data.get("title", written.guide),
            revision=written.revision,
            step={**_EMPTY_STEP, **step},
            after=after,
            kinds=NEW_KINDS if not step_id or step["kind"] in NEW_KINDS else (),
            options=[{**_EMPTY_ROW, **each} for each in rows_of(step, "options")],
            poles=[{**_EMPTY_ROW, **each} for each in rows_of(step, "poles")],
            later=[(each, names.numbered(each)) for each in parsed.ids[place:]] if place else [],
            earlier=names.conditions(parsed.ids[: place - bool(step_id)]),
            when=names.condition(str(step.get("when", ""))),
            skips=skip is not False,
            skip_label=_skip_label(skip),
            skip_goto=skip.get("goto", "") if isinstance(skip, Mapping) else "",
            problems=[problem_words(each) for each in mine],
            weaker=[
                weaker_words(each, visit.words)
                for each in self.desk.weaker(written)
                if each.step == step_id
            ],
            stays=step["kind"] in STAYS,
            compares=step["kind"] in ONLY_FOR["other_say"],
            previews=previews.shown,
            said_in=previews.language,
            said_from=direction(previews.language),
            languages=previews.languages,
        )  # fmt: skip

    async def _save_step(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = await filled(request)
        step_id = form.get("step", [""])[0]
        return await self.edits.change(
            request, visit, lambda text: put_step(text, form)[0], step_id
        )

    async def _move(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = await request.post()
        step, by = str(form.get("step", "")), -1 if form.get("by") == "up" else 1
        return await self.edits.change(request, visit, lambda text: text.move(step, by), step)

    async def _remove(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = await request.post()
        step = str(form.get("step", ""))

        def change(text: GuideText) -> GuideText:
            found = text.step(step)
            if found is not None and found["kind"] in STAYS:
                raise NotEditable("this step carries a promise")
            return text.remove(step)

        return await self.edits.change(request, visit, change, "-")

    async def _mend(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        """Mend what has one mend, as the button beside the problem says."""
        form = await request.post()
        step, act, key, to, table = (
            str(form.get(name, "")) for name in ("step", "act", "key", "to", "table")
        )
        mend = Mend(step, act, key, to, table)
        return await self.edits.change(request, visit, lambda text: mended(text, mend), step)


def _skip_label(skip: object) -> str:
    if isinstance(skip, Mapping):
        return str(skip.get("label", ""))
    return skip if isinstance(skip, str) else ""
