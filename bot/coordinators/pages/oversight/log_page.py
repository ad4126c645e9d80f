"""The page of the audit log: who looked and did what, by what it was, by whom, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import get_args
from urllib.parse import urlencode

from aiohttp import web
from multidict import MultiMapping

from bot.coordinators.pages.site import MODERATORS, Site, Visit
from bot.coordinators.pages.stories import names_of
from bot.coordinators.phrases import CoordinatorPhrases
from storage.coordinators import audit, coordinators
from storage.coordinators.audit import Action, AuditFilter
from storage.engine.transaction import Snapshot
from storage.weeks import AMSTERDAM

HERE = "/coordinator/log"
LINES = 100
YEARS = range(2000, 2200)
"""Those of which there can be a line."""
DEEDS: Mapping[str, tuple[Action, ...]] = {
    "read": ("read", "listed", "search", "digest", "blocked_seen"),
    "moderated": ("cleared", "taken_out", "held", "released", "serious", "handed_on", "closed"),
    "taken": ("export",),
    "access": (
        "login", "logout", "coordinator_added", "coordinator_changed", "coordinator_removed",
        "sessions_ended", "freed",
    ),
    "changed": tuple(
        each
        for each in get_args(Action)
        if each.startswith(("team_", "figures_", "guide_", "page_"))
    ),
}  # fmt: skip
"""What can be chosen: of every deed one kind."""


@dataclass(frozen=True, slots=True)
class LogChoice:
    """What someone wants to see of the log. `first` and `last` are days in ISO form, or empty."""

    deed: str = ""
    who: str = ""
    first: str = ""
    last: str = ""

    def query(self, **more: object) -> str:
        """The same choice as the end of an address."""
        fields = {"deed": self.deed, "who": self.who, "first": self.first, "last": self.last}
        pairs = {name: value for name, value in {**fields, **more}.items() if value}
        return f"?{urlencode(pairs)}" if pairs else ""

    def filter(self) -> AuditFilter:
        return AuditFilter(
            actions=DEEDS.get(self.deed, ()),
            who=self.who,
            since=_midnight(self.first),
            until=_midnight(self.last, 1),
        )


def read_choice(query: MultiMapping[str]) -> LogChoice:
    """The choice in an address; what is none of ours is left out."""
    deed, first, last = (query.get(name, "") for name in ("deed", "first", "last"))
    return LogChoice(
        deed if deed in DEEDS else "",
        query.get("who", "")[:40],
        first if _day(first) else "",
        last if _day(last) else "",
    )


class LogPage:
    """`/coordinator/log`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        return [web.get(HERE, self.site.guard(self._log, MODERATORS))]

    async def _log(self, request: web.Request, visit: Visit) -> web.Response:
        after = request.query.get("before", "")
        before = int(after) if after.isdecimal() and len(after) < 16 else None
        team = None if visit.who.role == "association" else visit.who.team
        choice = read_choice(request.query)

        def read(session: Snapshot) -> tuple[list[audit.AuditEntry], dict[str, str], list[str]]:
            lines = audit.entries(
                session, team=team, before=before, limit=LINES, only=choice.filter()
            )
            everybody = coordinators.listed(session)
            mine = [each.id for each in everybody if team is None or each.team == team]
            return lines, names_of(everybody, visit.words), mine

        lines, names, mine = await self.site.database.read(read)
        people = {each: names[each] for each in (*mine, audit.OPERATOR) if names.get(each)}
        return self.site.page(
            visit,
            "log.html",
            lines=lines,
            names=names,
            people=people,
            deeds=list(DEEDS),
            choice=choice,
            more=choice.query(before=lines[-1].id) if len(lines) == LINES else "",
            detail=lambda line: detail(line, visit.words),
        )


def detail(line: audit.AuditEntry, words: CoordinatorPhrases) -> str:
    """What a line of the log adds, in words."""
    match line.action:
        case "listed" | "blocked_seen":
            return f"({line.detail})"
        case "coordinator_added":
            return words(f"role.{line.detail}")
        case "search":
            found, _, scanned = line.detail.partition("/")
            return words("log.search.found", n=found, of=scanned)
        case "export":
            purpose, _, kind = line.detail.partition(" ")
            return words("log.export.for", purpose=words(f"file.purpose.{purpose}"), kind=kind)
        case "serious" | "handed_on":
            return words("log.serious.by", day=words.date(line.detail))
        case "digest":
            return words.week(line.detail)
        case "read":  # of a recording or a photo
            return words(f"story.{line.detail}")
    return line.detail


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _midnight(text: str, later: int = 0) -> datetime | None:
    """The beginning of a day in the Netherlands, or of a later one."""
    day = _day(text)
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=later), time(), AMSTERDAM).astimezone(UTC)
