"""How pages change a guide: in the save that a form was made of, never over the save of somebody
else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from aiohttp import web

from bot.authoring.guide_desk import GuideDesk, Written
from bot.authoring.saves.clash_words import ClashTelling
from bot.authoring.saves.merging import answered, merge_saves
from bot.authoring.saves.savers import last_saver
from bot.coordinators.pages.site import Site, Visit, see_other
from bot.coordinators.phrases import CoordinatorPhrases
from bot.validation.unicode_input import drop_controls
from conversations.authoring.consent_words import Weaker
from conversations.authoring.guide_text import GuideText, NotEditable
from conversations.authoring.saves.draft_merge import Clash
from conversations.authoring.step_form import Form
from conversations.guide.problems import Problem
from storage.guides import drafts
from storage.guides.drafts import NewerSave

HERE = "/coordinator/guides"
TIMES = 5
"""How often a save is tried again when somebody else was just before."""
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
        """The save that a form was made of, also when the draft was put away since."""
        if not revision.isdecimal() or len(revision) > 9:
            return None
        if now is not None and int(revision) == now.revision:
            return now
        if int(revision) == 0:
            return self.desk.today(guide)
        old = await self.site.database.read(lambda s: drafts.at_revision(s, guide, int(revision)))
        return self.desk.of(old)

    async def change(
        self, request: web.Request, visit: Visit, change: Change, where: str
    ) -> web.StreamResponse:
        """Make a change in the save that the form was made of."""
        guide, form = request.match_info["id"], await request.post()
        base = await self.seen(guide, str(form.get("revision", "")), await self.written(request))
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
        """Save it, and go to where it was changed; with what somebody else saved since, if anybody
        did. What both changed is asked first."""
        before = await self.written(request)
        base = await self.seen(made.guide, str(made.revision), before)
        return await self.merge(request, visit, base, made, where)

    async def merge(
        self,
        request: web.Request,
        visit: Visit,
        base: Written | None,
        mine: Written,
        where: str,
        seen: Written | None = None,
    ) -> web.StreamResponse:
        """Save `mine`, that was made of `base`, over the newest save. A form says what was chosen
        of what somebody saw beside the save `seen`."""
        form, made, saved = await request.post(), mine, "yes"
        for _ in range(TIMES):
            try:
                await self.desk.save(visit.who.id, made)
            except NewerSave as error:
                there = self.desk.of(error.now)
                if there is None:  # it was put away meanwhile: with this it is there again
                    made = replace(mine, revision=0)
                    continue
                asked = merge_saves(base, mine, seen).clashes if seen else ()
                found = merge_saves(base, mine, there, answered(asked, form))
                if found.made is None or found.clashes:
                    return await self._ask(visit, base, mine, there, found.clashes, where)
                made, saved = found.made, "both"
                continue
            added = where or _added(base, mine)
            tail = f"#step-{added}" if added not in ("", "-") else ""
            return see_other(f"{HERE}/{made.guide}?saved={saved}{tail}")
        return self.site.page(visit, "message.html", status=409, key="error.slow")

    async def _ask(
        self,
        visit: Visit,
        base: Written | None,
        mine: Written,
        theirs: Written,
        clashes: Sequence[Clash],
        where: str,
    ) -> web.Response:
        """What both changed, beside each other; as text where it cannot be told apart in steps."""
        here, there = mine.parsed, theirs.parsed
        told = ClashTelling(visit.words, here, there) if here and there and clashes else None
        who, at = await last_saver(self.site, mine.guide)
        return self.site.page(
            visit,
            "guide_merge.html" if told else "guide_conflict.html",
            409,
            guide=mine.guide,
            mine=mine.text,
            theirs=theirs.text,
            base=base.revision if base else "",
            revision=theirs.revision,
            clashes=[told.told(each) for each in clashes] if told else (),
            where=where,
            saver=who,
            at=at,
        )

    def text_page(
        self, visit: Visit, written: Written, problems: Sequence[Problem], problem: str = ""
    ) -> web.Response:
        """The guide as one text: also where it cannot be told apart in steps; or what was typed,
        with the `problem` that keeps it from being saved."""
        said = [(each.line, problem_words(each)) for each in problems]
        return self.site.page(
            visit,
            "guide_text.html",
            400 if problem else 200,
            guide=written.guide,
            problem=problem,
            text=written.text,
            revision=written.revision,
            problems=said,
            edits=visit.who.role == "association",
        )


def problem_words(problem: Problem) -> str:
    """A problem in plain words, with the way to mend it."""
    return f"{problem.message} {problem.mend}".strip()


def weaker_words(found: Weaker, words: CoordinatorPhrases) -> str:
    """What a consent does not say any more, in a sentence."""
    return words("guides.weaker", what=words(f"guides.weaker.{found.what}"))


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
