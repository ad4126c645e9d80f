"""How pages change a guide: in the save that a form was made of, never over the save of somebody
else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from aiohttp import web

from bot.authoring.guide_desk import GuideDesk, Written
from bot.coordinators.pages.site import Site, Visit, see_other
from bot.validation.unicode_input import drop_controls
from conversations.authoring.guide_text import GuideText, NotEditable
from conversations.authoring.step_form import Form
from conversations.guide.problems import Problem
from storage.guides import drafts
from storage.guides.drafts import NewerSave

HERE = "/coordinator/guides"
Change = Callable[[GuideText], GuideText]


class GuideEdits:
    """Saves what a page changed. One for all pages of the workbench."""

    def __init__(self, site: Site, desk: GuideDesk) -> None:
        self.site = site
        self.desk = desk

    async def written(self, request: web.Request) -> Written | None:
        """The guide that a request is about."""
        return await self.desk.written(request.match_info["id"])

    async def seen(self, guide: str, revision: str, now: Written | None) -> Written | None:
        """The save that a form was made of."""
        if now is None or not revision.isdecimal() or len(revision) > 9:
            return None
        if int(revision) == now.revision:
            return now
        if int(revision) == 0:
            return self.desk.today(guide)
        old = await self.site.database.read(lambda s: drafts.at_revision(s, guide, int(revision)))
        return Written(guide, old.revision, old.text, old.texts) if old else None

    async def change(
        self, request: web.Request, visit: Visit, change: Change, where: str
    ) -> web.StreamResponse:
        """Make a change in the save that the form was made of. When somebody saved since, both are
        shown: what would be saved stands beside what is there."""
        guide, form = request.match_info["id"], await request.post()
        now = await self.written(request)
        if now is None:
            return self.site.missing(visit)
        base = await self.seen(guide, str(form.get("revision", "")), now)
        parsed = base.parsed if base else None
        if base is None or parsed is None:
            return self.site.missing(visit)
        try:
            made = replace(base, text=change(parsed).text)
        except (KeyError, NotEditable, ValueError):
            return self.site.missing(visit)
        return await self.save(request, visit, made, where)

    async def save(
        self, request: web.Request, visit: Visit, made: Written, where: str
    ) -> web.StreamResponse:
        """Save it, and go to where it was changed; or show both texts."""
        before = await self.written(request)
        try:
            await self._save(visit, made)
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

    async def _save(self, visit: Visit, made: Written) -> None:
        """Save it. Who changed only translations since is no hindrance: both stay. Raises
        NewerSave."""
        try:
            await self.desk.save(visit.who.id, made)
        except NewerSave as error:
            there, guide = error.now, made.guide
            base = await self.seen(guide, str(made.revision), await self.desk.written(guide))
            if there is None or base is None:
                raise
            if there.text != base.text or made.texts != base.texts:
                raise
            both = replace(made, revision=there.revision, texts=there.texts)
            await self.desk.save(visit.who.id, both)

    def text_page(
        self, visit: Visit, written: Written, problems: Sequence[Problem]
    ) -> web.Response:
        """The guide as one text: also where it cannot be told apart in steps."""
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


def problem_words(problem: Problem) -> str:
    """A problem in plain words, with the way to mend it."""
    return f"{problem.message} {problem.mend}".strip()


def _added(before: Written | None, made: Written) -> str:
    """The step that is new in a text."""
    old, new = before.parsed if before else None, made.parsed
    if old is None or new is None:
        return ""
    return next((step for step in new.ids if step not in old.ids), "")


async def filled(request: web.Request) -> Form:
    """Every value of every name in a form, in order."""
    form = await request.post()
    found: dict[str, list[str]] = {}
    for name, value in form.items():
        found.setdefault(name, []).append(drop_controls(str(value)))
    return found
