"""Moderation of a story: seen, words taken out, on hold, handed to a person, closed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from aiohttp import web

from bot.coordinators.filters import address, filters_in, last_action_of
from bot.coordinators.login_links import reached, send
from bot.coordinators.pages.site import MODERATORS, Site, Visit, see_other
from bot.coordinators.pages.story import StoryPage
from bot.coordinators.phrases import words
from bot.coordinators.story_texts import version
from bot.delivery.enqueue import enqueue
from bot.meetings.prompts.letters import compose
from bot.validation.form_fields import field_text
from storage.coordinators import audit, coordinators
from storage.engine.transaction import Snapshot, Transaction
from storage.meetings.links import Link
from storage.people import people
from storage.stories import moderation, reading, selection, stories
from storage.stories.moderation import Note, StorySpan
from storage.weeks import AMSTERDAM

LONGEST = 1_000
"""Letters of a reason or an outcome."""
MOST_SPANS = 500


GLANCE = 0.7
"""Seconds that a story must have been on the screen before it counts as looked at: of two quick
taps the second falls on the next story."""
TOLD: dict[str, audit.Action] = {
    "clear": "cleared",
    "take-out": "taken_out",
    "hold": "held",
    "serious": "serious",
    "release": "released",
    "close": "closed",
}
"""What can be done, by the last part of the address, and how it is said."""


class ModerationPages:
    """`POST /coordinator/story/<id>/<act>`. The filters in the address are the selection in which
    it is done: when the story is not part of it any more, the next one comes."""

    def __init__(self, site: Site, page: StoryPage) -> None:
        self.site = site
        self._page = page

    def routes(self) -> list[web.RouteDef]:
        path = "/coordinator/story/{id:[0-9a-f]{32}}/{act}"
        return [web.post(path, self.site.guard(self._act, MODERATORS))]

    async def _act(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        """One act, with its line in the log, in one transaction."""
        story_id, act = request.match_info["id"], request.match_info["act"]
        form = await request.post()
        asked = {name: str(value) for name, value in form.items()}
        marks = [str(mark) for mark in dict.fromkeys(form.getall("mark", []))][:MOST_SPANS]
        spans = [span for mark in marks if (span := span_of(mark))]

        def change(connection: Transaction) -> str | None:
            """What went wrong, as the key of its sentence; empty: nothing."""
            if not reading.moderates(connection, visit.who, story_id):
                return None
            if asked.get("version", now := self._version(connection, story_id)) != now:
                done = self._is_done(connection, story_id, act, asked)
                return "" if done else "moderate.changed"
            match act:
                case "clear":
                    return self._clear(connection, visit, story_id, asked)
                case "take-out":
                    return self._take_out(connection, visit, story_id, spans)
                case "hold":
                    self._stop(connection, visit, story_id, asked)
                case "serious":
                    return self._serious(connection, visit, story_id, asked)
                case "close":
                    return self._close(connection, visit, story_id, asked)
                case "release":
                    return self._release(connection, visit, story_id)
                case _:
                    return None
            return ""

        problem = await self.site.database.write(change)
        if problem is None:
            return self.site.missing(visit)
        if problem:
            return await self._page.read(request, visit, problem=problem)
        return see_other(await self._onward(request, visit, story_id, TOLD[act]))

    def _version(self, connection: Transaction, story_id: str) -> str:
        story = stories.read(connection, story_id)
        return version(story, moderation.standing(connection, story_id)) if story else ""

    def _is_done(
        self, connection: Transaction, story_id: str, act: str, asked: dict[str, str]
    ) -> bool:
        """Whether a story that is not as its page showed it is already what the page asks: a form
        that came twice. Anything else that changed must be looked at first."""
        state, reviewed, note = moderation.standing(connection, story_id)
        typed = field_text(asked.get("note"), LONGEST)
        match act:
            case "clear":
                return state == "kept" and reviewed
            case "hold":
                return state == "held" and note.text == typed
            case "serious":
                told = note.text, note.who, note.due
                return state == "serious" and told == (typed, asked.get("who"), asked.get("due"))
            case "close":
                outcome = field_text(asked.get("outcome"), LONGEST)
                return state == "kept" and bool(outcome) and note.outcome == outcome
            case "release":
                return state == "kept"
        return False

    async def _onward(
        self, request: web.Request, visit: Visit, story_id: str, told: audit.Action
    ) -> str:
        """Where to go on: in a queue to the next story, after the last one to the list; else the
        story stays."""
        filters, last_action = filters_in(request.query), last_action_of(request)
        who = visit.who
        searched = await self._page.searched(who, filters)
        found = searched.found if searched else None

        def read(session: Snapshot) -> str | None:
            """The next story (empty: there is none); None: it stays."""
            story = reading.one(session, who, story_id)
            if story is None or not filters.state:
                return None
            at = selection.position(session, who, filters, story.week, story_id, found)
            return None if at.inside else at.after or selection.first(session, who, filters, found)

        after = await self.site.database.read(read)
        if after is None:
            had: int | str = last_action.had or ""
            return address(f"/coordinator/story/{story_id}", filters, told=told, had=had)
        path = f"/coordinator/story/{after}" if after else "/coordinator/stories"
        return address(path, filters, told=told, was=story_id, had=last_action.had + 1)

    def _clear(
        self, connection: Transaction, visit: Visit, story_id: str, asked: dict[str, str]
    ) -> str:
        """Somebody looked, long enough to have seen anything."""
        try:
            seen = self.site.clock.now().timestamp() - float(asked.get("shown", "0"))
        except ValueError:
            seen = 0.0
        if seen < GLANCE:
            return "moderate.glance"
        moderation.clear(connection, story_id)
        self._note(connection, visit, story_id, "cleared")
        return ""

    def _stop(
        self, connection: Transaction, visit: Visit, story_id: str, asked: dict[str, str]
    ) -> None:
        note = Note(field_text(asked.get("note"), LONGEST))
        moderation.set_state(connection, story_id, "held", note)
        self._note(connection, visit, story_id, "held")

    def _release(self, connection: Transaction, visit: Visit, story_id: str) -> str:
        """A story that was held goes on; it waits to be looked at when nobody did."""
        if moderation.standing(connection, story_id)[0] == "serious":
            return "moderate.close.problem"
        moderation.set_state(connection, story_id, "kept")
        self._note(connection, visit, story_id, "released")
        return ""

    def _close(
        self, connection: Transaction, visit: Visit, story_id: str, asked: dict[str, str]
    ) -> str:
        """A serious story was looked after: what came of it stays with it, sealed, for those who
        moderate it. It goes on, and waits to be looked at when nobody did."""
        now = self.site.clock.now()
        outcome = field_text(asked.get("outcome"), LONGEST)
        state, _, note = moderation.standing(connection, story_id)
        if not outcome or state != "serious":
            return "moderate.close.problem"
        done = replace(note, outcome=outcome, closed=now.astimezone(AMSTERDAM).date().isoformat())
        moderation.set_state(connection, story_id, "kept", done)
        self._note(connection, visit, story_id, "closed")
        return ""

    def _take_out(
        self,
        connection: Transaction,
        visit: Visit,
        story_id: str,
        spans: list[StorySpan],
    ) -> str:
        """Which stretches is in the log, not what stood there. The teller hears of it, if that was
        asked for; everyone else sees the mark in the own story."""
        now = self.site.clock.now()
        try:
            taken = moderation.take_out(connection, story_id, spans)
        except ValueError:
            return "moderate.take-out.problem"
        if not taken:
            return "moderate.take-out.problem"
        places = " ".join(f"{span.field}:{span.start}-{span.end}" for span in spans)[:500]
        self._note(connection, visit, story_id, "taken_out", detail=f"{taken}: {places}")
        back = stories.return_address(connection, story_id)
        teller = people.locked(connection, [back.person_id], wait=True) if back else ()
        for person in teller:
            said = words(person.language)
            effect = compose(
                connection,
                self.site.services,
                person,
                said("taken_out.message", mark=moderation.GONE),
                (),
                subject=said("taken_out.subject"),
                about=Link(person.id),
                now=now,
            )
            enqueue(connection, person.id, effect, "reply", now, story=story_id)
        return ""

    def _serious(
        self, connection: Transaction, visit: Visit, story_id: str, asked: dict[str, str]
    ) -> str:
        """A story that needs a person who may read it: who, by when, and why. That person hears of
        it, without a word of the story."""
        try:
            due = dt.date.fromisoformat(asked.get("due", ""))
        except ValueError:
            return "moderate.serious.problem"
        if due.isoformat() < self.site.today():
            return "moderate.serious.problem"
        person = coordinators.by_id(connection, asked.get("who", ""))
        able = person is not None and reading.moderates(connection, person, story_id)
        if person is None or not able or not asked.get("note", "").strip():
            return "moderate.serious.problem"
        note = Note(field_text(asked["note"], LONGEST), person.id, due.isoformat())
        before = moderation.standing(connection, story_id)
        moderation.set_state(connection, story_id, "serious", note)
        again: audit.Action = "handed_on" if before[0] == "serious" else "serious"
        self._note(connection, visit, story_id, again, detail=due.isoformat())
        if person.id != visit.who.id and reached(person):
            link = f"{self.site.services.settings.public_url}/coordinator/stories?state=serious"
            day, now = words(person.language).date(due.isoformat()), self.site.clock.now()
            send(
                connection, person, "serious.subject", "serious.message", now,
                day=day, link=link)  # fmt: skip
        return ""

    def _note(
        self,
        connection: Transaction,
        visit: Visit,
        story_id: str,
        action: audit.Action,
        detail: str = "",
    ) -> None:
        now = self.site.clock.now()
        story = stories.read(connection, story_id)
        team = story.telling.team if story else ""
        audit.note(connection, visit.who, action, now, story=story_id, team=team, detail=detail)


def span_of(mark: str) -> StorySpan | None:
    """A stretch as a form sends it: `text:10:16`."""
    field, _, rest = mark.partition(":")
    start, _, end = rest.partition(":")
    if field and start.isdecimal() and end.isdecimal() and len(mark) < 100:
        return StorySpan(field, int(start), int(end))
    return None
