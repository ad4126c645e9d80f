"""Metrics: duration of turns, length of queues, messages sent. No words."""

from __future__ import annotations

import hmac
import ipaddress
import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import get_args

from aiohttp import HttpVersion11, web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import DBAPIError

from bot.channels.mail_refusals import About
from bot.clock import Clock
from storage.engine.database import Database, Unavailable
from storage.engine.transaction import Snapshot
from storage.lifecycle import backups
from storage.outbox import outbox, queue, state_counts
from storage.people import states
from storage.stories import blobs

PROXIED = re.compile(
    r"forwarded|via|x-(forwarded|real|original|proxy)\b.*|.*\b(client|connecting)-ip"
)
"""Headers that proxies add, in small letters: who comes through one is not from this machine."""
TURNS = ("committed", "failed")
CHANNELS = ("telegram", "web", "mail", "whatsapp", "push", "sms")
SENDS = ("sent", "later", "uncertain", "unreachable", "refused")
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """One registry. What is counted as it happens is counted here, from nought: an alert does not
    see a series that begins with its first fault. What waits is read from the database when it is
    asked for."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turn_seconds = Histogram(
            "vertelbot_turn_seconds",
            "From an arrival to its commit.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.turns = Counter(
            "vertelbot_turns_total", "Turns by result.", ["result"], registry=self.registry
        )
        for result in TURNS:
            self.turns.labels(result)
        self.sends = Counter(
            "vertelbot_sends_total",
            "Tries to deliver, by channel and result.",
            ["channel", "result"],
            registry=self.registry,
        )
        self._sends = {
            (channel, result): self.sends.labels(channel, result)
            for channel in CHANNELS
            for result in SENDS
        }
        self.mail_refusals = Counter(
            "vertelbot_mail_refusals_total",
            "Refusals of the mail server, by what they are about.",
            ["about"],
            registry=self.registry,
        )
        for about in get_args(About):
            self.mail_refusals.labels(about)
        self.whatsapp_stopped = Gauge(
            "vertelbot_whatsapp_stopped",
            "1 while WhatsApp takes nothing until a person mends it: /ready says what.",
            registry=self.registry,
        )
        self.mail_refused = Gauge(
            "vertelbot_mail_refused",
            "1 while the mail server refuses us: until it takes a letter again.",
            registry=self.registry,
        )
        self.outbox_rows = Gauge(
            "vertelbot_outbox_rows", "Rows by state.", ["state"], registry=self.registry
        )
        self.outbox_age = Gauge(
            "vertelbot_outbox_age_seconds",
            "How long the oldest row that is due has waited, by lane.",
            ["lane"],
            registry=self.registry,
        )
        self.held = Gauge(
            "vertelbot_inbox_held", "Updates whose turn failed.", registry=self.registry
        )
        self.recordings = Gauge(
            "vertelbot_recordings_waiting",
            "Recordings waiting for transcription.",
            registry=self.registry,
        )
        self.waiting = Gauge(
            "vertelbot_database_waiting",
            "What waits for the database: writes for their commit, reads for a connection.",
            ["what"],
            registry=self.registry,
        )
        self.database_up = Gauge(
            "vertelbot_database_up",
            "1 when the database could be read, else 0: what it tells is then of before.",
            registry=self.registry,
        )
        self.job_failures = Counter(
            "vertelbot_job_failures_total",
            "Jobs of the ticker that failed.",
            ["job"],
            registry=self.registry,
        )
        self.backup_age = Gauge(
            "vertelbot_backup_age_seconds",
            "How old the newest backup of every day is; 0 when none are made.",
            registry=self.registry,
        )
        self.erasure_copy = Gauge(
            "vertelbot_erasure_copy_waits",
            "1 while the copy of the list of what was erased waits for the folder of the backups.",
            registry=self.registry,
        )
        self.clock_doubted = Gauge(
            "vertelbot_clock_doubted",
            "1 while nothing is forgotten, because the clock went ahead.",
            registry=self.registry,
        )
        self.beat = Gauge(
            "vertelbot_ticker_beat_timestamp_seconds",
            "When the ticker last woke what is due.",
            registry=self.registry,
        )

    @contextmanager
    def timing(self, arrivals: int) -> Iterator[None]:
        """Times a batch of turns that share a commit."""
        with self.turn_seconds.time():
            yield
        self.turns.labels("committed").inc(arrivals)

    def sent(self, channel: str, result: str) -> None:
        """`result` is one of `SENDS`."""
        counter = self._sends.get((channel, result))
        if counter is None:
            counter = self._sends[channel, result] = self.sends.labels(channel, result)
        counter.inc()

    def whatsapp(self, cause: str | None) -> None:
        """Why WhatsApp takes nothing until a person mends it; None: it takes messages again."""
        self.whatsapp_stopped.set(1 if cause else 0)

    def mail(self, about: About | None) -> None:
        """What the mail server refused; None: it took a letter."""
        if about is not None:
            self.mail_refusals.labels(about).inc()
        if about in ("us", None):
            self.mail_refused.set(1 if about else 0)


class MetricsPage:
    """`/metrics`, for who knows the token. Where there is none, and no `public` address (which a
    proxy serves), for this machine."""

    def __init__(
        self,
        metrics: Metrics,
        database: Database,
        clock: Clock,
        token: str,
        behind: Callable[[], bool] | None = None,
        public: bool = False,
    ) -> None:
        self.metrics = metrics
        self.database = database
        self.clock = clock
        self._token = f"Bearer {token}".encode() if token else b""
        self._behind = behind
        self._public = public

    def setup(self, app: web.Application) -> None:
        app.add_routes([web.get("/metrics", self._page)])

    async def _page(self, request: web.Request) -> web.Response:
        if not self._allowed(request):
            raise web.HTTPForbidden
        try:
            await self.database.read(self._look)
        except (Unavailable, DBAPIError):  # the alerts must be able to say so
            self.metrics.database_up.set(0)
        else:
            self.metrics.database_up.set(1)
        for what, count in self.database.waiting().items():
            self.metrics.waiting.labels(what).set(count)
        text = generate_latest(self.metrics.registry)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _allowed(self, request: web.Request) -> bool:
        """Behind a proxy everybody comes from this machine, and a proxy need not add anything by
        which it is known: so with a public address, as with a token, only the token counts."""
        if self._token:
            given = request.headers.get("Authorization", "").encode(errors="replace")
            return hmac.compare_digest(given, self._token)
        proxied = any(PROXIED.fullmatch(name.lower()) for name in request.headers)
        # nginx speaks HTTP/1.0 to what is behind it, unless it is told otherwise
        if self._public or proxied or request.version < HttpVersion11:
            return False
        return _here(request.remote) and _here(request.url.host)

    def _look(self, session: Snapshot) -> None:
        now = self.clock.now()
        for state in outbox.STATES:
            self.metrics.outbox_rows.labels(state).set(0)
        for state, count in state_counts.by_state(session).items():
            self.metrics.outbox_rows.labels(state).set(count)
        for lane in outbox.LANES:
            self.metrics.outbox_age.labels(lane).set(_waited(session, lane, now))
        self.metrics.held.set(states.held_count(session))
        self.metrics.recordings.set(blobs.queued(session))
        if self._behind is not None:
            self.metrics.erasure_copy.set(self._behind())
            age = backups.age(session, now)
            self.metrics.backup_age.set(math.inf if age is None else age)


def _here(host: str | None) -> bool:
    """Whether this names this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _waited(session: Snapshot, lane: outbox.Lane, now: datetime) -> float:
    """Seconds that the oldest row of a lane has waited since it was due for the first time."""
    due, again = queue.next_due(session, lane), queue.tried_most(session, lane)
    waited = [0.0] if due is None else [0.0, (now - due).total_seconds()]
    if again is not None:
        tries = sum(queue.pause(number) for number in range(again[1]))
        waited.append((now - again[0]).total_seconds() + tries)
    return max(waited)
