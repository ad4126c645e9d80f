"""Publishing a guide: what changes for whom, in words; its versions; going back; recalling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from aiohttp import web

from bot.authoring.guide_desk import GuideDesk, Written
from bot.authoring.guide_edits import HERE, problem_words
from bot.authoring.publishing import Publisher
from bot.coordinators.pages.site import ASSOCIATION, EVERYONE, Site, Visit, see_other
from bot.coordinators.phrases import CoordinatorPhrases
from conversations.authoring.draft_texts import renamed, spoken, unfinished
from conversations.authoring.guide_changes import GuideChange, asks_anew, guide_changes
from conversations.authoring.starter import id_of
from conversations.guide.builder import fields
from conversations.guide.problems import GuideError
from storage.coordinators import coordinators
from storage.guides import guide_publications
from storage.guides.drafts import NewerSave
from storage.guides.guide_publications import NumberTaken, Publication
from storage.guides.running import running
from storage.stories import reading
from storage.stories.reading import Filters

MOST_NOTE = 500


class PublishPages:
    """`/coordinator/guides/<id>/publish` and `/versions`."""

    def __init__(self, site: Site, desk: GuideDesk, publisher: Publisher) -> None:
        self.site = site
        self.desk = desk
        self.publisher = publisher

    def routes(self) -> list[web.RouteDef]:
        guard, one = self.site.guard, f"{HERE}/{{id}}"
        edits = partial(guard, roles=ASSOCIATION)
        return [
            web.get(f"{one}/publish", edits(self._ask)),
            web.post(f"{one}/publish", edits(self._publish)),
            web.get(f"{one}/versions", guard(self._versions, EVERYONE)),
            web.post(f"{one}/versions/{{number}}/back", edits(self._back)),
            web.post(f"{one}/versions/{{number}}/recall", edits(self._recall)),
        ]

    async def _ask(self, request: web.Request, visit: Visit, status: int = 200) -> web.Response:
        """What changes for whom. Nothing is published from a guide that is not right."""
        written = await self.desk.written(request.match_info["id"])
        parsed = written.parsed if written else None
        if written is None or parsed is None:
            return self.site.missing(visit)
        attempt = self.publisher.attempts.get(written.guide)
        wrong = self.desk.problems(written, visit.words.language)
        found = list(wrong)
        if attempt and attempt.revision == written.revision and attempt.problems:
            found += attempt.problems
        before, data = self.desk.today(written.guide), parsed.data
        old = before.parsed.data if before and before.parsed else None
        changes = guide_changes(old, data) if old and not wrong else []
        dutch = {} if wrong else fields(data)
        said = visit.words
        return self.site.page(
            visit,
            "guide_publish.html",
            status,
            guide=written.guide,
            title=data.get("title", written.guide),
            revision=written.revision,
            problems=[(each.step, problem_words(each)) for each in found],
            attempt=attempt,
            waiting=attempt is not None and attempt.state == "proving",
            first=old is None,
            same=old == data,
            changes=[change_words(said, each) for each in changes],
            asked=asks_anew(changes),
            running=await self._running(said, written.guide),
            languages=sorted(spoken(written.texts, dutch)),
            unfinished=unfinished(written.texts, dutch),
            after=await self._newest(written.guide),
        )

    async def _publish(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = await request.post()
        written = await self.desk.written(request.match_info["id"])
        if written is None or written.parsed is None:
            return self.site.missing(visit)
        note = str(form.get("note", "")).strip()[:MOST_NOTE]
        seen, after = str(form.get("revision", "")), str(form.get("after", ""))
        if not note or seen != str(written.revision) or not after.isdecimal():
            return await self._ask(request, visit, 400)
        if self.desk.problems(written):
            return await self._ask(request, visit, 400)
        other = [
            str(each)[6:] for each in form if str(each)[:6] == "other." and form[each] == "yes"
        ]
        try:
            written = await self._renamed(visit, written, other)
        except NewerSave:
            return await self._ask(request, visit, 409)
        languages = {str(each) for each in form.getall("language", [])}
        self.publisher.begin(visit.who, written, note, languages, int(after))
        return see_other(f"{HERE}/{written.guide}/publish")

    async def _renamed(self, visit: Visit, written: Written, other: Sequence[str]) -> Written:
        """Questions and answers that people would answer otherwise now get an id of their own, so
        that what was told before stays apart."""
        parsed = written.parsed
        if parsed is None or not other:
            return written
        texts = written.texts
        for name in other:
            step, _, item = name.partition(".")
            found = parsed.step(step)
            if found is None:
                continue
            if item:
                parsed = parsed.with_item_id(step, item, id_of(item, parsed.item_ids(step)))
            else:
                new = id_of(step, parsed.ids)
                parsed = parsed.with_id(step, new)
                texts = renamed(texts, f"{step}.", f"{new}.")
        made = Written(written.guide, written.revision, parsed.text, texts)
        revision = await self.desk.save(visit, made)
        return Written(written.guide, revision, made.text, made.texts)

    async def _versions(self, request: web.Request, visit: Visit) -> web.Response:
        guide, vault = request.match_info["id"], self.site.services.vault
        shelf = self.desk.shelf
        every = await self.site.database.read(lambda s: guide_publications.of_guide(s, guide))
        if not every and guide not in shelf.library.ids:
            return self.site.missing(visit)
        filters = Filters(guide=guide)
        told = await self.site.database.read(lambda s: reading.answered(s, visit.who, filters))
        known = await self.site.database.read(lambda s: coordinators.listed(s, vault))
        names = {each.id: each.name for each in known}
        counts = guide_publications.told_with(Counter(each.fingerprint for each in told), every)
        live = shelf.published.get(guide)
        return self.site.page(
            visit,
            "guide_versions.html",
            guide=guide,
            title=shelf.library.get(guide, "nl").title if guide in shelf.library.ids else guide,
            rows=[
                (each, names.get(each.coordinator_id, ""), counts[each.number]) for each in every
            ],
            live=live.number if live else 0,
            shipped=guide in shelf.shipped.ids,
            edits=visit.who.role == "association",
            running=await self._running(visit.words, guide),
        )

    async def _one(self, request: web.Request) -> Publication | None:
        guide, number = request.match_info["id"], request.match_info["number"]
        every = await self.site.database.read(lambda s: guide_publications.of_guide(s, guide))
        return next((each for each in every if str(each.number) == number), None)

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
        if (await request.post()).get("sure") != "yes":
            return self.site.page(
                visit,
                "guide_recall.html",
                guide=found.guide,
                number=found.number,
                running=await self._running(visit.words, found.guide),
            )
        await self.publisher.recall(visit.who, found.guide, found.number)
        return see_other(f"{HERE}/{found.guide}/versions")

    async def _newest(self, guide: str) -> int:
        return await self.site.database.read(lambda s: guide_publications.newest_number(s, guide))

    async def _running(self, words: CoordinatorPhrases, guide: str) -> str:
        """How many are in the middle of it, in words; few are not counted out."""
        vault, small = self.site.services.vault, self.site.services.settings.privacy.small_number
        found = await self.site.database.read(lambda s: running(s, vault, guide))
        count = found.total()
        if not count:
            return words("guides.running.none")
        if count < small:
            return words("guides.running.few", n=small)
        return words("guides.running", n=count - count % small)


def change_words(words: CoordinatorPhrases, change: GuideChange) -> str:
    """A difference in a sentence."""
    slots = {"step": change.step, "before": change.before, "now": change.now}
    return words(f"guides.change.{change.kind}", **slots)
