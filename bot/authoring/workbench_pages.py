"""The workbench: the list of guides, and one guide as a list of steps. Every save is a revision,
and every one can be gone back to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from aiohttp import web
from markupsafe import Markup

from bot.authoring.guide_desk import BASES, GuideDesk
from bot.authoring.guide_edits import HERE, problem_words
from bot.authoring.guide_links import link_to_begin
from bot.authoring.guide_pages import GuidePages
from bot.authoring.saves.savers import saver_names
from bot.authoring.step_names import DraftNames
from bot.coordinators.pages.site import EVERYONE, Site, Visit, see_other
from bot.coordinators.phrases import CoordinatorPhrases
from conversations.authoring.draft_check import can_be_told
from conversations.authoring.draft_texts import unfinished
from conversations.authoring.mends import Mend, mend_of
from conversations.authoring.outline import OutlineRow, outline
from conversations.authoring.starter import id_of
from conversations.authoring.step_form import STAYS
from conversations.authoring.translation_table import outdated_steps
from conversations.guide.builder import fields
from conversations.guide.schema import fits
from storage.guides import drafts
from storage.guides.drafts import NewerSave, SavedGuide

MOST_MINUTES = 60
"""No conversation promises more."""

LONGEST_TITLE = 80
"""What stands on one line of a phone, twice."""

Phone = Callable[[web.Request, str], Markup]
"""The chat that tries a guide, as a part of its page."""


@dataclass(frozen=True, slots=True)
class PutAway:
    """A draft that was put away, and by whom; `revision` is the save that did so."""

    guide: str
    title: str
    revision: int
    who: str
    at: datetime


class WorkbenchPages(GuidePages):
    """`/coordinator/guides`."""

    def __init__(self, site: Site, desk: GuideDesk, phone: Phone) -> None:
        super().__init__(site, desk)
        self.phone = phone

    def routes(self) -> list[web.RouteDef]:
        return [
            self.get(HERE, self._list, EVERYONE),
            self.get(f"{HERE}/new", self._new),
            self.post(f"{HERE}/new", self._make),
            self.get("", self._guide, EVERYONE),
            self.post("/head", self._head),
        ]

    # -- the list

    async def _list(self, request: web.Request, visit: Visit) -> web.Response:
        newest = await self.site.database.read(drafts.newest_of_all)
        known = {each.guide for each in newest if not each.put_away}
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
        away = await self._put_away(visit, newest) if visit.who.role == "association" else []
        done = request.query.get("away", "")
        gone = next((each for each in away if each.guide == done), None)
        return self.site.page(visit, "guides.html", rows=rows, away=away, gone=gone)

    async def _put_away(self, visit: Visit, newest: Sequence[SavedGuide]) -> list[PutAway]:
        """The drafts that nobody writes any more, the last one first."""
        names = await saver_names(self.site, visit.words)
        found = []
        for each in sorted(newest, key=lambda one: one.at, reverse=True):
            if not each.put_away:
                continue
            guide, number = each.guide, each.revision - 1
            before = await self.site.database.read(
                partial(drafts.at_revision, guide=guide, revision=number)
            )
            written = self.desk.of(before)
            parsed = written.parsed if written else None
            title = str(parsed.data["title"]) if parsed else guide
            who = names.get(each.coordinator_id, "")
            found.append(PutAway(guide, title, each.revision, who, each.at))
        return found

    async def _new(self, _request: web.Request, visit: Visit) -> web.Response:
        return self.site.page(visit, "guide_new.html", bases=BASES, title="", problem="")

    async def _make(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = await request.post()
        title, base = str(form.get("title", "")).strip(), str(form.get("base", ""))
        if not title or len(title) > LONGEST_TITLE or base not in BASES:
            long = len(title) > LONGEST_TITLE
            problem = visit.words(f"guides.new.{'long' if long else 'no'}_title", n=len(title))
            return self.site.page(
                visit, "guide_new.html", 400, bases=BASES, title=title, problem=problem
            )
        known = {each.guide for each in await self.site.database.read(drafts.newest_of_all)}
        guide = id_of(
            title, {*self.desk.shelf.library.ids, *known, "new", "check", "file"}, "vragenlijst"
        )
        with suppress(NewerSave):  # the same button twice: it is there
            await self.desk.save(visit.who.id, self.desk.begin(guide, base, title))
        return see_other(f"{HERE}/{guide}")

    # -- one guide

    async def _guide(self, request: web.Request, visit: Visit) -> web.Response:
        written = await self.edits.written(request)
        if written is None:
            return self.site.missing(visit)
        parsed, problems = written.parsed, await self.desk.checked(written, visit.words.language)
        if parsed is None:
            return self.edits.text_page(visit, written, problems)
        rows = outline([block.data for block in parsed.steps])
        at: dict[str, list[tuple[str, Mend | None]]] = {}
        for each in problems:
            at.setdefault(each.step, []).append((problem_words(each), mend_of(parsed, each)))
        published = self.desk.shelf.published.get(written.guide)
        dutch = fields(parsed.data)
        edits, tellable = visit.who.role == "association", can_be_told(problems)
        return self.site.page(
            visit,
            "guide.html",
            guide=written.guide,
            title=parsed.data.get("title", written.guide),
            minutes=parsed.data.get("minutes", ""),
            promised=_promised(visit.words, parsed.data.get("minutes")),
            known=written.guide in self.desk.shelf.library.ids,
            told=self.desk.today(written.guide) is not None,
            revision=written.revision,
            rows=rows,
            names=DraftNames(visit.words, parsed),
            problems=at,
            count=len(problems),
            tellable=tellable,
            shaped=written.shaped is not None,
            edits=edits,
            phone=self.phone(request, written.guide) if edits and tellable else "",
            stays=STAYS,
            published=published,
            begins=link_to_begin(self.desk, written.guide),
            lacking=unfinished(written.texts, dutch),
            outdated=outdated_steps(dutch, written.texts),
            saved=request.query.get("saved", ""),
            lead=partial(_lead, visit.words),
        )

    async def _head(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = await request.post()
        title, minutes = str(form.get("title", "")).strip(), str(form.get("minutes", ""))
        promised = _number(minutes)
        if len(title) > LONGEST_TITLE:
            return self.site.page(visit, "message.html", status=400, key="guides.head_long")
        if not title or promised is None:
            return self.site.page(visit, "message.html", status=400, key="guides.head_wrong")
        values: dict[str, object] = {"title": title, "minutes": promised}
        return await self.edits.change(request, visit, lambda text: text.with_head(values), "-")


def _lead(words: CoordinatorPhrases, row: OutlineRow) -> str:
    """Under which buttons a step stands, in words."""
    if not row.under:
        return ""
    named = " / ".join(row.under[:2])
    return words("guides.under.more" if len(row.under) > 2 else "guides.under", names=named)


def _number(minutes: str) -> float | None:
    """The minutes that were typed; None when they are none that a conversation can take."""
    with suppress(ValueError):
        promised = float(minutes.replace(",", "."))
        return promised if 0 < promised <= MOST_MINUTES else None
    return None


def _promised(words: CoordinatorPhrases, minutes: object) -> str:
    """How long a conversation takes by its own words, as it is written in this language."""
    if not fits(minutes, (int, float)) or not isinstance(minutes, int | float):
        return str(minutes or "")[:20]
    return words.number(int(minutes) if minutes == int(minutes) else minutes)
