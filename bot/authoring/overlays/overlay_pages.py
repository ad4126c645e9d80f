"""What a team adds to a guide and leaves out of it, on the dashboard: the association for every
team, a coordinator of a team for that one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.authoring.guide_desk import GuideDesk, Written
from bot.authoring.guide_edits import HERE, filled, problem_words
from bot.authoring.guide_pages import GuidePages
from bot.authoring.overlays.unsaved_overlays import UnsavedOverlays
from bot.authoring.publishing import Announce
from bot.coordinators.pages.site import MODERATORS, Site, Visit, see_other
from bot.coordinators.phrases import CoordinatorPhrases
from bot.guides import follow_published
from conversations.authoring.overlay import (
    KINDS,
    MOST_QUESTIONS,
    NoOverlay,
    Overlay,
    OverlayProblem,
    optional,
    overlay_problems,
    own_texts,
    places,
    read_overlay,
)
from conversations.authoring.overlay_form import (
    MOST_OPTIONS,
    Reworded,
    overlaid_text,
    overlay_from,
    reworded,
    set_apart,
    write_overlay,
)
from conversations.guide.library import DUTCH
from storage.coordinators import audit, teams
from storage.coordinators.teams import Team
from storage.engine.transaction import Transaction
from storage.guides import team_overlays
from storage.guides.team_overlays import NewerOverlay, TeamOverlay

_REVISION = re.compile("[0-9]{1,9}")
LONG = ("many-questions", "too-long-round")
"""Problems of which the guide itself is the cause as much as a team: said, and no hindrance."""


class OverlayPages(GuidePages):
    """`/coordinator/guides/<id>/overlay`."""

    def __init__(self, site: Site, desk: GuideDesk, announce: Announce) -> None:
        super().__init__(site, desk)
        self._announce = announce
        self.unsaved = UnsavedOverlays()

    def routes(self) -> list[web.RouteDef]:
        return [
            self.get("/overlay", self._show, MODERATORS),
            self.post("/overlay", self._save, MODERATORS),
        ]

    async def _show(self, request: web.Request, visit: Visit) -> web.Response:
        written = self.desk.today(request.match_info["id"])
        if written is None or written.parsed is None:
            return self.site.missing(visit)
        known = await self.teams_of(visit)
        team = known.get(visit.who.team or request.query.get("team", ""))
        if team is None:
            guide = written.guide
            made = await self.site.database.read(lambda s: team_overlays.of_guide(s, guide))
            return self.site.page(
                visit,
                "guide_overlays.html",
                guide=guide,
                title=written.parsed.data["title"],
                teams=list(known.values()),
                made={each.team_id: _read(each) for each in made},
            )
        there = await self._there(team.id, written.guide)
        overlay = (
            _read(there) or self._filed(written.guide, team) or Overlay(written.guide, team.id)
        )
        saved = request.query.get("saved", "")
        changed = overlay_problems(written.parsed.data, overlay)
        problems = [visit.words("overlay.changed")] if changed else []
        return self._page(visit, written, team, there, overlay, problems=problems, saved=saved)

    def _page(
        self,
        visit: Visit,
        written: Written,
        team: Team,
        there: TeamOverlay | None,
        overlay: Overlay,
        *,
        status: int = 200,
        problems: Sequence[str] = (),
        warned: Sequence[str] = (),
        theirs: Overlay | None = None,
        saved: str = "",
        since: int | None = None,
        asks: Sequence[Reworded] = (),
        answers: Mapping[str, str] | None = None,
    ) -> web.Response:
        """`since`: the revision that was filled in, where that is not what is there now."""
        data = written.parsed.data if written.parsed else {}
        library = self.desk.shelf.library
        says = {step["id"]: step["say"] for step in data["step"]}
        spoken = library.languages(written.guide) if written.guide in library.ids else ()
        return self.site.page(
            visit,
            "guide_overlay.html",
            status,
            guide=written.guide,
            title=data["title"],
            team=team,
            revision=(there.revision if there else 0) if since is None else since,
            filed=there is None and overlay.questions + overlay.off != (),
            overlay=overlay,
            places=[(name, says[name]) for name in places(data)],
            optional=[(name, says[name]) for name in optional(data)],
            says=says,
            told=not problems and overlay.questions + overlay.off != (),
            kinds=KINDS,
            asked=[
                _asked(overlay, n, [each for each in spoken if each != DUTCH])
                for n in range(MOST_QUESTIONS)
            ],
            problems=problems,
            warned=warned,
            theirs=theirs,
            saved=saved,
            asks=asks,
            answers=answers or {},
        )

    async def _save(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = await filled(request)
        written = self.desk.today(request.match_info["id"])
        known = await self.teams_of(visit)
        team = known.get(form.get("team", [""])[0])
        sent = _REVISION.fullmatch(form.get("revision", [""])[0])
        if written is None or written.parsed is None or team is None or sent is None:
            return self.site.missing(visit)
        since = int(sent[0])
        there = await self._there(team.id, written.guide)
        old = _read(there) or self._filed(written.guide, team) or Overlay(written.guide, team.id)
        overlay = overlay_from(form, written.guide, team.id, old)
        found, warned = await asyncio.to_thread(self._problems, visit.words, written, overlay)
        if found:
            return self._page(
                visit, written, team, there, overlay, status=400, problems=found, warned=warned,
                since=since,
            )  # fmt: skip
        if form.get("act") == ["try"]:
            name = self.unsaved.keep(visit.who.id, overlay)
            return see_other(f"{HERE}/{written.guide}/overlay/phone/{team.id}/{name}")
        asks = reworded(old, overlay)
        answers = {each.name: form.get(f"same.{each.name}", [""])[0] for each in asks}
        if not all(each in ("yes", "no") for each in answers.values()):
            problem = visit.words("overlay.same")
            return self._page(
                visit, written, team, there, overlay, status=400, problems=[problem],
                warned=warned, since=since, asks=asks, answers=answers,
            )  # fmt: skip
        overlay = set_apart(overlay, [name for name, same in answers.items() if same == "no"])
        now, who, source = self.site.clock.now(), visit.who, write_overlay(overlay)
        about = f"{written.guide} {team.id}"

        def save(connection: Transaction) -> None:
            team_overlays.save(connection, team.id, overlay.guide, source, since, who.id, now)
            audit.note(connection, who, "guide_overlaid", now, detail=about)

        try:
            await self.site.database.write(save)
        except NewerOverlay as error:
            problem = visit.words("overlay.newer")
            return self._page(
                visit, written, team, error.now, overlay, status=409, problems=[problem],
                theirs=_read(error.now),
            )  # fmt: skip
        await follow_published(self.site.database, self.desk.shelf)
        await self._announce()
        return see_other(f"{HERE}/{written.guide}/overlay?team={team.id}&saved=yes")

    def _problems(
        self, words: CoordinatorPhrases, written: Written, overlay: Overlay
    ) -> tuple[list[str], list[str]]:
        """What is wrong with it, and what is only said: first what the guide forbids, then what the
        check of a guide says of the guide as this team would hear it."""
        data = written.parsed.data if written.parsed else {}
        names = {step["id"]: step["say"] for step in data["step"]}
        names |= {each.step["id"]: each.step["say"] for each in overlay.questions}
        try:
            read_overlay(write_overlay(overlay))
            text = overlaid_text(data, overlay)
        except NoOverlay as error:
            places = {each.step["id"]: n for n, each in enumerate(overlay.questions, 1)}
            return [_said(words, each, names, places) for each in error.problems], []
        made = Written(written.guide, 0, text, {})
        before = {(each.step, each.code) for each in self.desk.problems(written, words.language)}
        new = [
            each
            for each in self.desk.problems(made, words.language)
            if (each.step, each.code) not in before
        ]
        hard = [each for each in new if each.code not in LONG]
        soft = [each for each in new if each.code in LONG]
        return [f"{names.get(each.step, '')} {problem_words(each)}".strip() for each in hard], [
            problem_words(each) for each in soft
        ]

    async def saved(self, team: Team, guide: str) -> Overlay | None:
        """What a team adds to a guide, as it is on the dashboard, or else in a file."""
        return _read(await self._there(team.id, guide)) or self._filed(guide, team)

    async def _there(self, team: str, guide: str) -> TeamOverlay | None:
        return await self.site.database.read(lambda s: team_overlays.of_team(s, team, guide))

    async def teams_of(self, visit: Visit) -> Mapping[str, Team]:
        """The teams whose questions this coordinator may change."""
        every = await self.site.database.read(teams.all_teams)
        mine = visit.who.team
        return {
            each.id: each
            for each in every
            if not each.closed and (each.id == mine if visit.who.role == "team" else True)
        }

    def _filed(self, guide: str, team: Team) -> Overlay | None:
        """What a file says of this team."""
        return self.desk.shelf.filed(guide, team.id, team.name)


def _read(saved: TeamOverlay | None) -> Overlay | None:
    return read_overlay(saved.source) if saved else None


def _said(
    words: CoordinatorPhrases,
    problem: OverlayProblem,
    names: Mapping[str, str],
    places: Mapping[str, int],
) -> str:
    """What is wrong, with the question that it is about: by its words, else by its number."""
    own, _, about = problem.about.partition(": ")
    keys = (f"overlay.problem.{problem.code}.{about}", f"overlay.problem.{problem.code}")
    key = next((each for each in keys if words.has(each)), "overlay.problem")
    number = words("overlay.question", n=places[own]) if own in places else own
    question = f"‘{names[own]}’" if names.get(own) else number
    return words(key, question=question, about=names.get(about, about) or question)


def _asked(overlay: Overlay, n: int, languages: Sequence[str]) -> Mapping[str, Any]:
    """The form of the n-th own question; an empty one where there is none."""
    known = overlay.questions[n] if n < len(overlay.questions) else None
    step: Mapping[str, Any] = known.step if known else {}
    empty = {"id": "", "label": ""}
    options = list(step.get("options", ()))
    poles = list(step.get("poles", ()))
    return {
        "known": known is not None,
        "after": known.after if known else "",
        "step": {"id": "", "kind": "", "say": "", "short": "", "max": 2, **step},
        "options": [*options, *([empty] * max(0, MOST_OPTIONS - len(options)))],
        "poles": [*poles, *([empty] * (2 - len(poles)))],
        "texts": {
            language: [
                (key, dutch, known.texts.get(language, {}).get(key, ""))
                for key, dutch in own_texts(known).items()
            ]
            for language in languages
        }
        if known
        else {},
    }
