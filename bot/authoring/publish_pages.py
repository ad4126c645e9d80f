"""Publishing a guide: what changes for whom, in words; its versions; going back; recalling."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from aiohttp import web
from babel.lists import format_list

from bot.authoring.guide_desk import GuideDesk
from bot.authoring.guide_edits import HERE, problem_words, weaker_words
from bot.authoring.guide_links import link_to_begin
from bot.authoring.guide_pages import GuidePages
from bot.authoring.publication_plan import (
    change_words,
    checked_plan,
    finishing_words,
    open_words,
    recall_words,
    running_words,
    set_apart,
)
from bot.authoring.publishing import Publisher
from bot.authoring.saves.savers import saver_names
from bot.authoring.step_names import DraftNames
from bot.authoring.translations.translation_flaws import blocking_texts
from bot.coordinators.pages.site import EVERYONE, Site, Visit, see_other
from bot.coordinators.phrases import CoordinatorPhrases
from conversations.guide.problems import GuideError
from storage.guides import guide_publications
from storage.guides.drafts import NewerSave
from storage.guides.guide_publications import NumberTaken, Publication
from storage.stories import reading
from storage.stories.reading import Filters

MOST_NOTE = 500


class PublishPages(GuidePages):
    """`/coordinator/guides/<id>/publish` and `/versions`."""

    def __init__(self, site: Site, desk: GuideDesk, publisher: Publisher) -> None:
        super().__init__(site, desk)
        self.publisher = publisher

    def routes(self) -> list[web.RouteDef]:
        return [
            self.get("/publish", self._ask),
            self.post("/publish", self._publish),
            self.get("/versions", self._versions, EVERYONE),
            self.post("/versions/{number}/back", self._back),
            self.post("/versions/{number}/recall", self._recall),
        ]

    async def _ask(
        self,
        request: web.Request,
        visit: Visit,
        status: int = 200,
        *,
        note: str = "",
        why: str = "",
    ) -> web.Response:
        """What changes for whom. Nothing is published from a guide that is not right; `why` is the
        key of what kept it from being, and `note` what was typed then."""
        written, said = await self.desk.written(request.match_info["id"]), visit.words
        plan = await checked_plan(self.desk, written, said.language)
        names = DraftNames(said, written.parsed) if written and written.parsed else None
        if written is None or plan is None:
            return self.site.missing(visit)
        attempt = self.publisher.attempts.get(written.guide)
        live = self.desk.shelf.published.get(written.guide)
        published = attempt is not None and attempt.state == "published"
        if (
            attempt
            and published
            and not (
                live and live.number == attempt.number and written.revision == attempt.revision
            )
        ):
            attempt, published = None, False  # something else is open, or written, since
        found = list(plan.problems)
        if attempt and attempt.revision == written.revision and attempt.problems:
            found += attempt.problems
        return self.site.page(
            visit,
            "guide_publish.html",
            status,
            guide=written.guide,
            title=plan.data.get("title", written.guide),
            revision=written.revision,
            problems=[(each.step, problem_words(each)) for each in found],
            names=names,
            attempt=attempt,
            published=published,
            offered=self._offered(said, written.guide) if published else "",
            small=self.desk.services.settings.privacy.small_number,
            waiting=attempt is not None and attempt.state == "proving",
            plan=plan,
            note=note,
            why=said(why) if why else "",
            weaker=[weaker_words(each, said) for each in self.desk.weaker(written)],
            changes=[change_words(said, each) for each in plan.changes],
            running=await finishing_words(self.desk, said, written.guide),
            opened=open_words(self.desk, said, written.guide),
            after=await self._newest(written.guide),
            begins=link_to_begin(self.desk, written.guide),
            unconsented={
                language: blocking_texts(written, language, keys)
                for language, keys in plan.unconsented.items()
            },
        )

    def _offered(self, words: CoordinatorPhrases, guide: str) -> str:
        """The languages in which people can tell by a guide that is open."""
        names = map(words.language_name, self.desk.shelf.library.languages(guide))
        return format_list(list(names), locale=words.language)

    async def _publish(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = await request.post()
        written = await self.desk.written(request.match_info["id"])
        if written is None or written.parsed is None:
            return self.site.missing(visit)
        note = str(form.get("note", "")).strip()[:MOST_NOTE]
        seen, after = str(form.get("revision", "")), str(form.get("after", ""))
        if seen != str(written.revision) or not after.isdecimal():
            return await self._ask(request, visit, 409, note=note, why="guides.publish.newer")
        if not note:
            return await self._ask(request, visit, 400, why="guides.publish.unsaid")
        if await self.desk.checked(written):
            return await self._ask(request, visit, 400, note=note)
        other = [
            str(each)[6:] for each in form if str(each)[:6] == "other." and form[each] == "yes"
        ]
        made = set_apart(written, other)
        if made != written:
            try:
                made = replace(made, revision=await self.desk.save(visit.who.id, made))
            except NewerSave:
                return await self._ask(request, visit, 409, note=note, why="guides.publish.newer")
        languages = {str(each) for each in form.getall("language", [])}
        partly = {str(each)[6:] for each in form if each[:6] == "dutch." and form[each] == "yes"}
        self.publisher.begin(visit.who, made, note, languages, int(after), partly)
        return see_other(f"{HERE}/{made.guide}/publish")

    async def _versions(self, request: web.Request, visit: Visit) -> web.Response:
        guide, shelf = request.match_info["id"], self.desk.shelf
        every = await self.site.database.read(lambda s: guide_publications.of_guide(s, guide))
        known, written = guide in shelf.library.ids, await self.desk.written(guide)
        if not every and not known and written is None:
            return self.site.missing(visit)
        parsed = written.parsed if written else None
        draft = str(parsed.data["title"]) if parsed else guide
        filters = Filters(guide=guide)
        told = await self.site.database.read(lambda s: reading.answered(s, visit.who, filters))
        names = await saver_names(self.site, visit.words)
        counts = guide_publications.told_with(Counter(each.fingerprint for each in told), every)
        live = shelf.published.get(guide)
        return self.site.page(
            visit,
            "guide_versions.html",
            guide=guide,
            title=shelf.library.get(guide, "nl").title if known else draft,
            rows=[
                (each, names.get(each.coordinator_id, ""), counts[each.number]) for each in every
            ],
            live=live.number if live else 0,
            opened=open_words(self.desk, visit.words, guide),
            edits=visit.who.role == "association",
            running=await running_words(self.desk, visit.words, guide),
            begins=link_to_begin(self.desk, guide),
        )

    async def _one(self, request: web.Request) -> Publication | None:
        number, every = request.match_info["number"], await self._every(request)
        return next((each for each in every if str(each.number) == number), None)

    async def _every(self, request: web.Request) -> list[Publication]:
        guide = request.match_info["id"]
        return await self.site.database.read(lambda s: guide_publications.of_guide(s, guide))

    async def _back(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        """A new version that is equal to this one."""
        found = await self._one(request)
        if found is None:
            return self.site.missing(visit)
        note = visit.words("guides.back.note", n=found.number)
        try:
            after = await self._newest(found.guide)
            await self.publisher.go_back(visit.who, found, note, after)
        except (NumberTaken, GuideError):
            pass  # somebody else was first: the list shows it
        return see_other(f"{HERE}/{found.guide}/versions")

    async def _recall(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        found = await self._one(request)
        if found is None:
            return self.site.missing(visit)
        form = await request.post()
        note, sure = str(form.get("note", "")).strip()[:MOST_NOTE], form.get("sure") == "yes"
        if not sure or not note:
            every = await self._every(request)
            return self.site.page(
                visit,
                "guide_recall.html",
                400 if sure else 200,
                guide=found.guide,
                number=found.number,
                then=recall_words(self.desk, visit.words, found, every),
                running=await running_words(self.desk, visit.words, found.guide),
                unsaid=sure,
            )
        await self.publisher.recall(visit.who, found.guide, found.number, note)
        return see_other(f"{HERE}/{found.guide}/versions")

    async def _newest(self, guide: str) -> int:
        return await self.site.database.read(lambda s: guide_publications.newest_number(s, guide))
