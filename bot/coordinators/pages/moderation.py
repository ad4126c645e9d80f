"""Moderation of a story: seen, words taken out, on hold, handed to a person."""

from __future__ import annotations

import datetime as dt

from aiohttp import web
from sqlalchemy import Connection

from bot.coordinators.login_links import reached, send
from bot.coordinators.pages.site import MODERATORS, Site, Visit, see_other
from bot.coordinators.pages.stories import StoryPages, version
from bot.coordinators.phrases import words
from bot.delivery.enqueue import enqueue
from bot.meetings.prompts.letters import compose
from storage.coordinators import audit, coordinators
from storage.meetings.links import Link
from storage.people import people
from storage.stories import moderation, reading, stories
from storage.stories.moderation import Note, StorySpan

MOST_SPANS = 500


class ModerationPages:
    """`POST /coordinator/story/<id>/<act>`."""

    def __init__(self, site: Site, pages: StoryPages) -> None:
        self.site = site
        self._pages = pages

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

        def change(connection: Connection) -> str | None:
            """What went wrong, as the key of its sentence; empty: nothing."""
            if not reading.moderates(connection, visit.who, story_id):
                return None
            match act:
                case "clear":
                    moderation.clear(connection, story_id)
                    self._note(connection, visit, story_id, "cleared")
                case "take-out":
                    return self._take_out(connection, visit, story_id, spans, asked)
                case "hold":
                    note = Note(asked.get("note", "")[:1000])
                    moderation.set_state(
                        connection, self.site.services.vault, story_id, "held", note
                    )
                    self._note(connection, visit, story_id, "held")
                case "serious":
                    return self._serious(connection, visit, story_id, asked)
                case "release":
                    moderation.set_state(connection, self.site.services.vault, story_id, "kept")
                    moderation.clear(connection, story_id)
                    self._note(connection, visit, story_id, "released")
                case _:
                    return None
            return ""

        problem = await self.site.database.write(change)
        if problem is None:
            return self.site.missing(visit)
        if problem:
            return await self._pages.read(request, visit, problem=problem)
        return see_other(f"/coordinator/story/{story_id}")

    def _take_out(
        self,
        connection: Connection,
        visit: Visit,
        story_id: str,
        spans: list[StorySpan],
        asked: dict[str, str],
    ) -> str:
        """Which stretches is in the log, not what stood there. The teller hears of it, if that was
        asked for; everyone else sees the mark in the own story."""
        vault, now = self.site.services.vault, self.site.clock.now()
        story = stories.read(connection, vault, story_id)
        if story is None or asked.get("version", version(story)) != version(story):
            return "moderate.changed"
        try:
            taken = moderation.take_out(connection, vault, story_id, spans)
        except ValueError:
            return "moderate.take-out.problem"
        if not taken:
            return "moderate.take-out.problem"
        places = " ".join(f"{span.field}:{span.start}-{span.end}" for span in spans)[:500]
        self._note(connection, visit, story_id, "taken_out", detail=f"{taken}: {places}")
        back = stories.return_address(connection, vault, story_id)
        teller = people.locked(connection, vault, [back.person_id], wait=True) if back else ()
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
            enqueue(connection, vault, person.id, effect, "reply", now, story=story_id)
        return ""

    def _serious(
        self, connection: Connection, visit: Visit, story_id: str, asked: dict[str, str]
    ) -> str:
        """A story that needs a person who may read it: who, by when, and why. That person hears of
        it, without a word of the story."""
        vault = self.site.services.vault
        try:
            due = dt.date.fromisoformat(asked.get("due", ""))
        except ValueError:
            return "moderate.serious.problem"
        if due < self.site.clock.now().date():
            return "moderate.serious.problem"
        person = coordinators.by_id(connection, vault, asked.get("who", ""))
        able = person is not None and reading.moderates(connection, person, story_id)
        if person is None or not able or not asked.get("note", "").strip():
            return "moderate.serious.problem"
        note = Note(asked["note"].strip()[:1000], person.id, due.isoformat())
        moderation.set_state(connection, vault, story_id, "serious", note)
        self._note(connection, visit, story_id, "serious", detail=due.isoformat())
        if person.id != visit.who.id and reached(person):
            link = f"{self.site.services.settings.public_url}/coordinator/stories?state=serious"
            day, now = words(person.language).date(due.isoformat()), self.site.clock.now()
            send(
                connection, vault, person, "serious.subject", "serious.message", now,
                day=day, link=link,
            )  # fmt: skip
        return ""

    def _note(
        self,
        connection: Connection,
        visit: Visit,
        story_id: str,
        action: audit.Action,
        detail: str = "",
    ) -> None:
        vault, now = self.site.services.vault, self.site.clock.now()
        story = stories.read(connection, vault, story_id)
        team = story.telling.team if story else ""
        audit.note(
            connection, vault, visit.who, action, now, story=story_id, team=team, detail=detail
        )


def span_of(mark: str) -> StorySpan | None:
    """A stretch as a form sends it: `text:10:16`."""
    field, _, rest = mark.partition(":")
    start, _, end = rest.partition(":")
    if field and start.isdecimal() and end.isdecimal() and len(mark) < 100:
        return StorySpan(field, int(start), int(end))
    return None
