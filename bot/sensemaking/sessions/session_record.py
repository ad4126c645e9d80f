"""The record of a session: what it found and decided, each with what it rests on, both ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from aiohttp import web
from multidict import MultiDict, MultiMapping

from bot.coordinators.pages.site import EVERYONE, MODERATORS, Site, Visit, see_other
from bot.sensemaking.sessions.session_pages import HERE, ONE, SessionPages
from bot.validation.form_fields import field_text
from storage.engine.transaction import Snapshot
from storage.sensemaking import (
    changes,
    patterns,
    public_pages,
    record,
    remarks,
    session_cards,
    sessions,
)
from storage.sensemaking.changes import NamedChange
from storage.sensemaking.patterns import SessionPattern
from storage.sensemaking.record import OUTCOME_KINDS, Decision, Grounds, Outcome
from storage.sensemaking.remarks import TellerRemark
from storage.sensemaking.session_cards import StoryCard
from storage.sensemaking.sessions import SenseSession

LONGEST = 500
OWNER = 80


@dataclass(frozen=True, slots=True)
class Kept:
    """The record, and all that it can rest on. `public`: the changes that may stand on public
    pages."""

    outcomes: list[Outcome]
    decisions: list[Decision]
    cards: list[StoryCard]
    patterns: list[SessionPattern]
    changes: dict[str, list[NamedChange]]
    public: set[str]
    remarks: dict[str, list[TellerRemark]]


class SessionRecordPages:
    """`/coordinator/sessions/<id>/record`."""

    def __init__(self, site: Site, pages: SessionPages) -> None:
        self.site = site
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        guard, of, led = self.site.guard, self._pages.of, self._pages.led
        return [
            web.get(f"{ONE}/record", guard(of(self._show), EVERYONE)),
            web.post(f"{ONE}/record/outcome", guard(led(self._outcome), MODERATORS)),
            web.post(f"{ONE}/record/decision", guard(led(self._decision), MODERATORS)),
            web.post(f"{ONE}/record/remove", guard(led(self._remove), MODERATORS)),
        ]

    async def _show(
        self, request: web.Request, visit: Visit, session: SenseSession, problem: str = ""
    ) -> web.StreamResponse:
        """The record; what was typed stays in a form that is refused."""
        form = await request.post() if problem else MultiDict[object]()

        def read(reads: Snapshot) -> Kept:
            decided = record.decisions(reads, session.id)
            changed = changes.of_decisions(reads, [each.id for each in decided])
            named = [change.id for some in changed.values() for change in some]
            leads = sessions.may_lead(visit.who, session)
            return Kept(
                record.outcomes(reads, session.id),
                decided,
                session_cards.on_table(reads, session, visit.who),
                patterns.listed(reads, session.id),
                changed,
                public_pages.offered_ids(reads, named),
                remarks.of_changes(reads, named if leads else []),
            )

        kept = await self.site.database.read(read)
        numbers = {card.story_id: card.number for card in kept.cards}
        return self.site.page(
            visit,
            "session_record.html",
            status=400 if problem else 200,
            session=session,
            kept=kept,
            kinds=OUTCOME_KINDS,
            leads=sessions.may_lead(visit.who, session),
            numbers=numbers,
            numbers_of=lambda ids: sorted(numbers[each] for each in ids if each in numbers),
            readings={each.id: each for one in kept.patterns for each in one.interpretations},
            today=self.site.today(),
            problem=problem,
            typed={name: str(value) for name, value in form.items()},
            ticked={str(each) for name in ("card", "reading") for each in form.getall(name, [])},
            refused=request.path.rpartition("/")[2] if problem else "",
            there=f"{HERE}/{session.id}",
        )

    async def _outcome(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        form = await request.post()
        text = field_text(form.get("text"), LONGEST)
        kind = next((each for each in OUTCOME_KINDS if each == form.get("kind")), None)
        if not text or kind is None:
            return await self._show(request, visit, session, visit.words("session.record.problem"))
        grounds = await self._grounds(visit, session, form)
        await self.site.database.write(
            lambda c: record.add_outcome(c, session.id, kind, text, grounds)
        )
        return see_other(f"{HERE}/{session.id}/record")

    async def _decision(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        form = await request.post()
        text, owner = field_text(form.get("text"), LONGEST), field_text(form.get("owner"), OWNER)
        due = _day(str(form.get("due", "")).strip())
        grounds = await self._grounds(visit, session, form)
        if not (text and owner and grounds.stories and due):
            return await self._show(
                request, visit, session, visit.words("session.decision.problem")
            )
        now = self.site.clock.now()
        await self.site.database.write(
            lambda c: record.add_decision(c, session.id, text, owner, due, grounds, now)
        )
        return see_other(f"{HERE}/{session.id}/record")

    async def _grounds(
        self, visit: Visit, session: SenseSession, form: MultiMapping[object]
    ) -> Grounds:
        """The cards and interpretations that were ticked, of those that are there."""

        def read(reads: Snapshot) -> Grounds:
            table = session_cards.on_table(reads, session, visit.who)
            ticked = set(map(str, form.getall("card", [])))
            read_so = set(map(str, form.getall("reading", [])))
            listed = patterns.listed(reads, session.id)
            return Grounds(
                tuple(card.story_id for card in table if card.story and card.id in ticked),
                tuple(e.id for one in listed for e in one.interpretations if e.id in read_so),
            )

        return await self.site.database.read(read)

    async def _remove(
        self, request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        """Take an outcome away; or a decision, for which the page asks whether one is sure: with it
        go its changes and what tellers said of those."""
        form = await request.post()
        outcome, decision = (str(form.get(each, "")) for each in ("outcome", "decision"))
        if decision and form.get("sure") != "yes":
            said = visit.words("session.decision.drop.told")
            return await self._show(request, visit, session, said)

        await self.site.database.write(
            lambda c: (
                record.remove_outcome(c, session.id, outcome)
                if outcome
                else record.remove_decision(c, session.id, decision)
            )
        )
        return see_other(f"{HERE}/{session.id}/record")


def _day(text: str) -> str:
    """A day as it is kept, whichever form of ISO 8601 it came in; nothing when it is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
