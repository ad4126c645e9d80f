"""The workbench: the list of guides, and one guide as a list of steps that are added, changed,
moved and taken out. Every save is a revision, and every one can be gone back to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from aiohttp import web
from markupsafe import Markup

from bot.authoring.guide_desk import BASES, GuideDesk, Written
from bot.coordinators.pages.site import ASSOCIATION, EVERYONE, HEADERS, Site, Visit, see_other
from bot.coordinators.phrases import CoordinatorPhrases
from bot.meetings.qr import svg
from conversations.authoring.draft_check import can_be_told
from conversations.authoring.guide_text import GuideText, NotEditable
from conversations.authoring.outline import OutlineRow, outline
from conversations.authoring.starter import blank_step, id_of
from conversations.authoring.step_form import NEW_KINDS, STAYS, Form, rows_of, step_from
from conversations.guide.problems import Problem
from storage.guides import drafts
from storage.guides.drafts import NewerSave

HERE = "/coordinator/guides"
MOST_TEXT = 200_000
Change = Callable[[GuideText], GuideText]
_EMPTY_ROW = {"id": "", "label": "", "reply": "", "goto": "", "say": ""}


class WorkbenchPages:
    """`/coordinator/guides`."""

    def __init__(self, site: Site, desk: GuideDesk) -> None:
        self.site = site
        self.desk = desk

    def routes(self) -> list[web.RouteDef]:
        guard = self.site.guard
        edits = partial(guard, roles=ASSOCIATION)
        one = f"{HERE}/{{id}}"
        return [
            web.get(HERE, guard(self._list, EVERYONE)),
            web.get(f"{HERE}/new", edits(self._new)),
            web.post(f"{HERE}/new", edits(self._make)),
            web.post(f"{HERE}/check", edits(self._check)),
            web.get(one, guard(self._guide, EVERYONE)),
            web.post(f"{one}/head", edits(self._head)),
            web.get(f"{one}/step", edits(self._form)),
            web.post(f"{one}/step", edits(self._save_step)),
            web.post(f"{one}/move", edits(self._move)),
            web.post(f"{one}/remove", edits(self._remove)),
            web.get(f"{one}/text", edits(self._text)),
            web.post(f"{one}/text", edits(self._save_text)),
            web.get(f"{one}/saves", edits(self._saves)),
            web.post(f"{one}/undo", edits(self._undo)),
            web.post(f"{one}/try", edits(self._try)),
        ]

    # -- the list

    async def _list(self, _request: web.Request, visit: Visit) -> web.Response:
        known = {each.guide: each for each in await self.site.database.read(drafts.newest_of_all)}
        shelf = self.desk.shelf
        rows = []
        for guide in sorted({*shelf.library.ids, *known}):
            written = await self.desk.written(guide)
            parsed = written.parsed if written else None
            title = str(parsed.data.get("title", "")) if parsed else ""
            told = shelf.library.get(guide, "nl").title if guide in shelf.library.ids else ""
            state = "closed" if guide in shelf.closed else "draft"
            if guide in shelf.published:
                state = "published"
            elif guide in shelf.shipped.ids:
                state = "shipped"
            number = shelf.published[guide].number if guide in shelf.published else 0
            rows.append((guide, title or told or guide, state, number, guide in known))
        return self.site.page(visit, "guides.html", rows=rows)

    async def _new(self, _request: web.Request, visit: Visit) -> web.Response:
        return self.site.page(visit, "guide_new.html", bases=BASES, title="", problem="")

    async def _make(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = await request.post()
        title, base = str(form.get("title", "")).strip()[:80], str(form.get("base", ""))
        if not title or base not in BASES:
            problem = visit.words("guides.new.no_title")
            return self.site.page(
                visit, "guide_new.html", 400, bases=BASES, title=title, problem=problem
            )
        known = {each.guide for each in await self.site.database.read(drafts.newest_of_all)}
        guide = id_of(title, {*self.desk.shelf.library.ids, *known, "new", "check"}, "gids")
        with suppress(NewerSave):  # the same button twice: it is there
            await self.desk.save(visit, self.desk.begin(guide, base, title))
        return see_other(f"{HERE}/{guide}")

    # -- one guide

    async def _guide(self, request: web.Request, visit: Visit) -> web.Response:
        written = await self._written(request)
        if written is None:
            return self.site.missing(visit)
        parsed, problems = written.parsed, self.desk.problems(written, visit.words.language)
        if parsed is None:
            return self._text_page(visit, written, problems)
        rows = outline([block.data for block in parsed.steps])
        at: dict[str, list[str]] = {}
        for each in problems:
            at.setdefault(each.step, []).append(problem_words(each))
        published = self.desk.shelf.published.get(written.guide)
        return self.site.page(
            visit,
            "guide.html",
            guide=written.guide,
            title=parsed.data.get("title", written.guide),
            minutes=parsed.data.get("minutes", ""),
            revision=written.revision,
            rows=rows,
            problems=at,
            count=len(problems),
            tellable=can_be_told(problems),
            edits=visit.who.role == "association",
            stays=STAYS,
            published=published,
            saved=request.query.get("saved", ""),
            lead=partial(_lead, visit.words),
        )

    async def _head(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = await request.post()
        title, minutes = str(form.get("title", "")).strip()[:80], str(form.get("minutes", ""))
        values: dict[str, object] = {"title": title} if title else {}
        with suppress(ValueError):
            values["minutes"] = float(minutes.replace(",", "."))
        return await self._change(request, visit, lambda text: text.with_head(values), "-")

    async def _form(self, request: web.Request, visit: Visit) -> web.Response:
        written = await self._written(request)
        parsed = written.parsed if written else None
        if written is None or parsed is None:
            return self.site.missing(visit)
        step_id, after = request.query.get("step", ""), request.query.get("after", "")
        kind = request.query.get("kind", "choice")
        step = parsed.step(step_id)
        if step_id and step is None:
            return self.site.missing(visit)
        new = blank_step(kind if kind in NEW_KINDS else "choice", "")
        return self._form_page(visit, written, parsed, step or new, after)

    def _form_page(
        self,
        visit: Visit,
        written: Written,
        parsed: GuideText,
        step: Mapping[str, Any],
        after: str,
    ) -> web.Response:
        step_id = str(step.get("id", ""))
        mine = [
            each
            for each in self.desk.problems(written, visit.words.language)
            if step_id and each.step == step_id
        ]
        later = parsed.ids[parsed.ids.index(step_id or after) + 1 :] if (step_id or after) else []
        says = {block.id: str(block.data.get("say", "")) for block in parsed.steps}
        skip = step.get("skip", True)
        return self.site.page(
            visit,
            "guide_step.html",
            guide=written.guide,
            title=parsed.data.get("title", written.guide),
            revision=written.revision,
            step={"short": "", "options": (), "other": False, "max": 2, **step},
            after=after,
            kinds=NEW_KINDS if not step_id or step["kind"] in NEW_KINDS else (),
            options=[{**_EMPTY_ROW, **each} for each in rows_of(step, "options")],
            poles=[{**_EMPTY_ROW, **each} for each in rows_of(step, "poles")],
            later=[(each, says[each]) for each in later],
            skips=skip is not False,
            skip_label=_skip_label(skip),
            problems=[problem_words(each) for each in mine],
            stays=step["kind"] in STAYS,
        )  # fmt: skip

    async def _save_step(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = await _filled(request)
        step_id = form.get("step", [""])[0]
        return await self._change(request, visit, lambda text: _put_step(text, form)[0], step_id)

    async def _move(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = await request.post()
        step, by = str(form.get("step", "")), -1 if form.get("by") == "up" else 1
        return await self._change(request, visit, lambda text: text.move(step, by), step)

    async def _remove(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = await request.post()
        step = str(form.get("step", ""))

        def change(text: GuideText) -> GuideText:
            found = text.step(step)
            if found is not None and found["kind"] in STAYS:
                raise NotEditable("this step carries a promise")
            return text.remove(step)

        return await self._change(request, visit, change, "-")

    async def _change(
        self, request: web.Request, visit: Visit, change: Change, where: str
    ) -> web.StreamResponse:
        """Make a change in the save that the form was made of. When somebody saved since, both are
        shown: what would be saved stands beside what is there."""
        guide, form = request.match_info["id"], await request.post()
        now = await self._written(request)
        if now is None:
            return self.site.missing(visit)
        base = await self._seen(guide, str(form.get("revision", "")), now)
        parsed = base.parsed if base else None
        if base is None or parsed is None:
            return self.site.missing(visit)
        try:
            made = replace(base, text=change(parsed).text)
        except (KeyError, NotEditable, ValueError):
            return self.site.missing(visit)
        return await self._save(request, visit, made, where)

    async def _save(
        self, request: web.Request, visit: Visit, made: Written, where: str
    ) -> web.StreamResponse:
        before = await self._written(request)
        try:
            await self.desk.save(visit, made)
        except NewerSave as error:
            theirs = error.now
            return self.site.page(
                visit,
                "guide_conflict.html",
                409,
                guide=made.guide,
                mine=made.text,
                theirs=theirs.text if theirs else "",
                revision=theirs.revision if theirs else 0,
                at=theirs.at if theirs else None,
            )
        added = where or _added(before, made)
        tail = f"#step-{added}" if added not in ("", "-") else ""
        return see_other(f"{HERE}/{made.guide}?saved=yes{tail}")

    # -- the text, its saves, and trying it

    async def _text(self, request: web.Request, visit: Visit) -> web.Response:
        written = await self._written(request)
        if written is None:
            return self.site.missing(visit)
        return self._text_page(visit, written, self.desk.problems(written, visit.words.language))

    def _text_page(
        self, visit: Visit, written: Written, problems: Sequence[Problem]
    ) -> web.Response:
        said = [(each.line, problem_words(each)) for each in problems]
        return self.site.page(
            visit,
            "guide_text.html",
            guide=written.guide,
            text=written.text,
            revision=written.revision,
            problems=said,
            edits=visit.who.role == "association",
        )

    async def _save_text(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form, now = await request.post(), await self._written(request)
        text = str(form.get("text", "")).replace("\r\n", "\n")[:MOST_TEXT]
        base = await self._seen(request.match_info["id"], str(form.get("revision", "")), now)
        if now is None or base is None or not text.strip():
            return self.site.missing(visit)
        return await self._save(request, visit, replace(base, text=text), "-")

    async def _check(self, request: web.Request, visit: Visit) -> web.Response:
        """What is wrong with what is being typed: a whole text, or one step in the draft."""
        guide, form = request.query.get("guide", ""), await _filled(request)
        written = await self.desk.written(guide)
        text = form.get("text", [""])[0][:MOST_TEXT]
        if written is not None and not text and (parsed := written.parsed) is not None:
            text, step = _with_step(parsed, form)
        elif written is not None:
            step = ""
        if written is None or not text:
            return web.json_response({"problems": []}, headers=HEADERS)
        typed, language = replace(written, text=text), visit.words.language
        found = await asyncio.to_thread(self.desk.problems, typed, language)
        problems = [each.as_json() for each in found if not step or each.step == step]
        return web.json_response({"problems": problems}, headers=HEADERS)

    async def _saves(self, request: web.Request, visit: Visit) -> web.Response:
        guide = request.match_info["id"]
        found = await self.site.database.read(lambda s: drafts.saves(s, guide))
        if not found:
            return self.site.missing(visit)
        return self.site.page(visit, "guide_saves.html", guide=guide, saves=found)

    async def _undo(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        """Go back to a save: that is a save too."""
        guide, form = request.match_info["id"], await request.post()
        to, revision = str(form.get("to", "")), str(form.get("revision", ""))
        if not (to.isdecimal() and revision.isdecimal()):
            return self.site.missing(visit)
        old = await self.site.database.read(lambda s: drafts.at_revision(s, guide, int(to)))
        if old is None:
            return self.site.missing(visit)
        made = Written(guide, int(revision), old.text, old.texts)
        return await self._save(request, visit, made, "-")

    async def _try(self, request: web.Request, visit: Visit) -> web.Response:
        """A link to try what is written now, for a day."""
        written = await self._written(request)
        if written is None:
            return self.site.missing(visit)
        if not can_be_told(self.desk.problems(written, visit.words.language)):
            problem = visit.words("guides.try.cannot")
            return self.site.page(
                visit, "guide_try.html", 400, guide=written.guide, problem=problem
            )
        token = await self.desk.link(written.guide, written.revision)
        link = f"{self.site.services.settings.public_url}/proef/{token}"
        return self.site.page(
            visit, "guide_try.html", guide=written.guide, problem="", link=link, code=_drawn(link)
        )

    async def _written(self, request: web.Request) -> Written | None:
        return await self.desk.written(request.match_info["id"])

    async def _seen(self, guide: str, revision: str, now: Written | None) -> Written | None:
        """The save that a form was made of."""
        if now is None or not revision.isdecimal() or len(revision) > 9:
            return None
        if int(revision) == now.revision:
            return now
        if int(revision) == 0:
            return self.desk.today(guide)
        old = await self.site.database.read(lambda s: drafts.at_revision(s, guide, int(revision)))
        return Written(guide, old.revision, old.text, old.texts) if old else None


def problem_words(problem: Problem) -> str:
    """A problem in plain words, with the way to mend it."""
    return f"{problem.message} {problem.mend}".strip()


def _lead(words: CoordinatorPhrases, row: OutlineRow) -> str:
    """Under which buttons a step stands, in words."""
    if not row.under:
        return ""
    named = " / ".join(row.under[:2])
    return words("guides.under.more" if len(row.under) > 2 else "guides.under", names=named)


def _skip_label(skip: object) -> str:
    if isinstance(skip, Mapping):
        return str(skip.get("label", ""))
    return skip if isinstance(skip, str) else ""


def _put_step(text: GuideText, form: Form) -> tuple[GuideText, str]:
    """The text with the step of a form, changed or new; and its id."""
    step_id, after = (form.get(name, [""])[0] for name in ("step", "after"))
    old = text.step(step_id) if step_id else None
    step = step_from(form, old, text.ids)
    if old is not None:
        return text.put(step), step_id
    return text.add(step, after if after in text.ids else text.ids[-1]), str(step["id"])


def _with_step(text: GuideText, form: Form) -> tuple[str, str]:
    try:
        made, step = _put_step(text, form)
    except (KeyError, NotEditable):
        return "", ""
    return made.text, step


def _added(before: Written | None, made: Written) -> str:
    """The step that is new in a text."""
    old, new = before.parsed if before else None, made.parsed
    if old is None or new is None:
        return ""
    return next((step for step in new.ids if step not in old.ids), "")


async def _filled(request: web.Request) -> Form:
    form = await request.post()
    found: dict[str, list[str]] = {}
    for name, value in form.items():
        found.setdefault(name, []).append(str(value))
    return found


def _drawn(link: str) -> Markup:
    return Markup(svg(link))  # noqa: S704  # made of a link of ours
