"""Sends the weekly digests: each coordinator one a week, on the day and at the time they want."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.channels.base import Bell, Letter, Photo
from bot.clock import Clock
from bot.coordinators.charts.renderer import CannotDraw, ChartRenderer
from bot.coordinators.digest.digest_bells import MESSAGES, digest_bell, way_to
from bot.coordinators.digest.facts import Digest, audiences_of, digest, publish
from bot.coordinators.digest.messages import DigestMessage
from bot.coordinators.digest.unsubscribe_link import unsubscribe_link
from bot.coordinators.phrases import words
from bot.delivery.enqueue import enqueue
from bot.logs import reason
from bot.services import Services
from bot.settings import DigestSettings
from bot.templating import templates_in
from conversations.engine.effects import Say
from storage import tables
from storage.coordinators import audit, coordinators
from storage.coordinators.coordinators import Coordinator
from storage.engine.database import Database
from storage.engine.statements import upsert
from storage.engine.transaction import Snapshot, Transaction
from storage.engine.types import core
from storage.weeks import week_of, weeks_before

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

SENT = core(tables.DigestSent)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A digest that may go out: the week that is over, to whom, and to which channel and address
    of theirs."""

    who: Coordinator
    week: str
    to: tuple[str, str]


def due_week(who: Coordinator, settings: DigestSettings, now: dt.datetime) -> str | None:
    """The week whose digest is due for someone now: the last one that is over, from the wanted day
    and time of this week on, on the clock where they are. Pure."""
    zone = ZoneInfo(who.zone)
    today = now.astimezone(zone).date()
    at = dt.time.fromisoformat(who.time) if who.time else settings.time
    back = (today.weekday() - DAYS.index(who.day or settings.day)) % 7
    due = dt.datetime.combine(today - dt.timedelta(days=back), at, zone).astimezone(dt.UTC)
    if due > now or week_of(due) != week_of(now):
        return None
    return weeks_before(week_of(now), 1)


class WeeklyDigests:
    """`go` puts what is due into the outbox; call it as often as you like. `wake` is called when
    there is something to send."""

    def __init__(
        self,
        database: Database,
        services: Services,
        clock: Clock,
        studio: ChartRenderer,
        wake: Callable[[], None],
    ) -> None:
        self.database = database
        self.services = services
        self.clock = clock
        self.studio = studio
        self._wake = wake
        self._templates = templates_in(Path(__file__).parents[1] / "templates")

    async def go(self) -> int:
        """How many went into the outbox. One that cannot be made does not keep the others back."""
        now, sent = self.clock.now(), 0
        for each in await self.database.read(self._due):
            try:
                sent += await self._send(each, now)
            except Exception as problem:  # whatever it is, the next one gets theirs
                _log.error("a weekly digest could not be made: %s; retrying", reason(problem))
        return sent

    async def _effect(self, due: DueDigest) -> Letter | Photo | Say | Bell:
        """The digest; for who has only a bell, that it is there."""
        who, channel = due.who, due.to[0]
        if channel not in MESSAGES:
            return digest_bell(self.services, who, channel)
        told = await self.told(who, due.week, who.team, who.language)
        png = await self.draw(told)
        if channel != "mail":
            return told.photo(png)
        url = self.services.settings.public_url
        stop = unsubscribe_link(url, self.services.vault, who.id)
        return told.letter(png, self._templates, stop)

    async def told(
        self, who: Coordinator | None, week: str, team: str, language: str
    ) -> DigestMessage:
        """The digest of a week in words; what it tells leaves the house with that."""
        now = self.clock.now()
        helper = self.studio.helper
        await publish(self.database, helper, week, now, audiences_of(who, team))

        def read(session: Snapshot) -> Digest:
            return digest(session, self.services, who, week, team, now)

        return DigestMessage(await self.database.read(read), self.services, words(language))

    async def draw(self, told: DigestMessage) -> str:
        """Its picture, a PNG in base64; nothing when it cannot be drawn here."""
        try:
            return await self.studio.draw(told.picture())
        except CannotDraw as problem:
            _log.warning("a weekly digest is sent without its picture: %s", problem)
            return ""

    def _due(self, session: Snapshot) -> list[DueDigest]:
        """Who has not had the digest of the week that is over."""
        now = self.clock.now()
        sent = {(row.coordinator_id, row.week) for row in session.execute(SENT.select())}
        found = []
        for who in coordinators.listed(session):
            reads = who.digest and who.role in ("association", "team")
            to = way_to(self.services, who)
            if not (reads and to[0]):
                continue
            week = due_week(who, self.services.settings.digest, now)
            if week and (who.id, week) not in sent:
                found.append(DueDigest(who, week, to))
        return found

    async def _send(self, due: DueDigest, now: dt.datetime) -> int:
        """Once: the note that it was sent and the row of the outbox are one transaction."""
        who = due.who
        effect = await self._effect(due)

        def put(connection: Transaction) -> bool:
            row = {"coordinator_id": who.id, "week": due.week}
            if not upsert(connection, SENT, row, ["coordinator_id", "week"], change=()):
                return False
            enqueue(connection, (*due.to, who.language), effect, "digest", now)
            audit.note(connection, who, "digest", now, detail=due.week)
            return True

        if not await self.database.write(put):
            return 0
        self._wake()
        return 1
