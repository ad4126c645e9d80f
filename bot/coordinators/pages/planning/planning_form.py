"""Planning a visit or a learning group: the kind first, then what belongs to it. What may be a slip
is asked about: a day that is over, a team that is not known."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aiohttp import web
from multidict import MultiDict

from bot.coordinators.held_upload import uploaded
from bot.coordinators.pages.planning.meetings import HERE, MeetingsPage, shown_with
from bot.coordinators.pages.site import MODERATORS, Site, Visit, see_other
from bot.meetings import agenda
from bot.meetings.calendar.changes.diff import Changes
from bot.meetings.calendar.ics_reader import read_calendar
from bot.meetings.calendar.problem_texts import explain, explain_import
from bot.meetings.calendar.report import Report
from bot.meetings.model.meeting import Meeting, MeetingKind
from bot.meetings.model.problems import BadMeeting
from bot.meetings.model.rows import from_row
from bot.meetings.model.series import goes_on
from bot.meetings.model.team_names import (
    by_town,
    recognised,
    sees,
    suggestions,
    teams_of,
    unknown_in,
)
from bot.meetings.model.titles import TITLE_MAX
from bot.meetings.typed.corrected_rows import ANSWERS, Answer, settle
from bot.meetings.typed.meeting_table import is_table, read_meetings
from bot.meetings.typed.typed_draft import read_draft
from storage.coordinators import teams
from storage.coordinators.teams import Team
from storage.engine.transaction import Reads, Snapshot, Transaction
from storage.meetings import meetings

KINDS = {"visite": "visit", "visit": "visit",
         "leergroep": "learning_group", "learning_group": "learning_group"}  # fmt: skip
ONCE = ("title", "day", "start", "end", "place", "repeat")
"""What the form asks once, whatever the kind."""
SIDES = ("host", "guest")
KEEP = "="
"""The answer that a name means what it says, though no team of ours is called so."""
REPEATS = ("", "elke week", "om de week", "maandelijks")
"""How often a meeting can come back, as a table says it; the page has a sentence for each."""
NAMED = 8
"""The most names that are told about after a file."""
MOST = 60
"""The most teams of one meeting."""


@dataclass(frozen=True, slots=True)
class FilledIn:
    """What someone filled in: single fields, teams, and names that may stay as they are."""

    kind: str
    fields: Mapping[str, str]
    teams: tuple[str, ...]
    kept: frozenset[str]

    def pairs(self) -> list[tuple[str, str]]:
        """The same, as fields of a form."""
        pairs = [("kind", self.kind), *self.fields.items()]
        return pairs + [("teams", each) for each in self.teams]

    def meeting(self) -> Meeting:
        """Raises BadMeeting when it cannot be planned like this."""
        cells = {**self.fields, "kind": self.kind}
        if self.kind == "learning_group":
            cells |= dict.fromkeys(SIDES, "")
        draft = read_draft(cells)
        group = self.teams if self.kind == "learning_group" else ()
        return replace(draft, teams=group).checked()


class PlanningForm:
    """`/coordinator/meetings/new` and `/coordinator/meetings/import`."""

    def __init__(self, site: Site, pages: MeetingsPage) -> None:
        self.site = site
        self.pages = pages

    def routes(self) -> list[web.RouteDef]:
        guard = self.site.guard
        return [
            web.get(f"{HERE}/new", guard(self._new, MODERATORS)),
            web.post(HERE, guard(self._add, MODERATORS)),
            web.post(f"{HERE}/import", guard(self._import, MODERATORS)),
        ]

    # -- one, on the form

    async def _new(self, request: web.Request, visit: Visit) -> web.Response:
        kind = KINDS.get(request.query.get("kind", ""), "")
        if not kind:
            return self.site.page(visit, "meeting_kind.html")
        every = await self.site.database.read(teams.open_teams)
        return self._form(visit, every, FilledIn(kind, {}, (), frozenset()))

    async def _add(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form, now = await request.post(), self.site.clock.now()
        filled = read_form([(k, v) for k, v in form.items() if isinstance(v, str)])
        every = await self.site.database.read(teams.open_teams)
        if form.get("change") == "yes":
            return self._form(visit, every, filled)
        try:
            made = recognised(filled.meeting(), every, _own(visit, every))
        except BadMeeting as bad:
            return self._form(visit, every, filled, explain(bad.problem, visit.words.language))
        past = not goes_on(made, now) and form.get("sure") != "yes"
        unknown = [n for n in unknown_in(teams_of(made), every) if n.casefold() not in filled.kept]
        if past or unknown:
            return self._ask(visit, every, filled, unknown, past)
        known = teams.by_name(every)
        if not sees(visit.who, made, known):
            return self._form(visit, every, filled, visit.words("meetings.not_yours"))
        return await self._take_one(visit, made, now)

    def _ask(
        self,
        visit: Visit,
        every: Sequence[Team],
        filled: FilledIn,
        unknown: Sequence[str],
        past: bool,
    ) -> web.Response:
        return self.site.page(
            visit,
            "meeting_ask.html",
            action=HERE,
            hidden=[*filled.pairs(), *(("kept", name) for name in filled.kept), ("sure", "yes")],
            past=past,
            unknown=[(name, suggestions(name, every)) for name in unknown],
            keep=KEEP,
            go="meetings.add.anyway" if past else "meetings.add.go",
            back="",
        )

    async def _take_one(self, visit: Visit, made: Meeting, now: datetime) -> web.StreamResponse:
        services = self.site.services

        def take(connection: Transaction) -> tuple[Meeting | None, bool]:
            mine = _mine(connection, visit, [made])
            report = Report(mine, complete=False)
            changes = agenda.apply(
                connection, services, report, now, may=_seen_by(connection, visit)
            )
            rows = meetings.by_uids(connection, [one.uid for one in mine])
            return next(map(from_row, rows), None), bool(changes.added)

        stored, new = await self.site.database.write(take)
        if stored is None:
            return see_other(HERE)
        return shown_with(stored, "added" if new else "same")

    def _form(
        self, visit: Visit, every: Sequence[Team], filled: FilledIn, problem: str = ""
    ) -> web.Response:
        towns = by_town(every)
        names = {name for town in towns.values() for name, _ in town}
        own = next((n for t in towns.values() for n, team in t if team.id == visit.who.team), "")
        values = {**dict.fromkeys((*ONCE, *SIDES), ""), **filled.fields}
        if not any(values.values()) and not filled.teams:
            values["host"], filled = own, replace(filled, teams=(own,) if own else ())
        return self.site.page(
            visit,
            "meeting_new.html",
            status=400 if problem else 200,
            kind=filled.kind,
            values=values,
            chosen=filled.teams,
            others=", ".join(name for name in filled.teams if name not in names),
            names=names,
            towns=towns,
            own=visit.who.team,
            repeats=REPEATS,
            problem=problem,
        )

    # -- several, from a file

    async def _import(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form, now, services = await request.post(), self.site.clock.now(), self.site.services
        answer: Answer = next((each for each in ANSWERS if each == form.get("alike")), "")
        use = f"meetings:{visit.who.id}"
        upload = uploaded(form, services.vault, use, now)
        if upload is None:
            return await self.pages.listed(visit, [visit.words("meetings.no_file")])
        report = await self._read(visit, upload.name, upload.data)
        every = await self.site.database.read(teams.open_teams)
        own = _own(visit, every)
        found = [recognised(one, every, own) for one in report.meetings]

        def take_over(connection: Transaction) -> tuple[Changes, Report, tuple[Meeting, ...]]:
            may = _seen_by(connection, visit)

            def known() -> list[Meeting]:
                every = (one.meeting for one in agenda.listed(connection))
                return [one for one in every if may(one)]

            settled = settle(replace(report, meetings=tuple(found)), known, now, answer)
            mine = _mine(connection, visit, settled.meetings)
            taken = replace(settled, meetings=mine)
            return agenda.apply(connection, services, taken, now, may=may), settled, mine

        changes, settled, mine = await self.site.database.write(take_over)
        counts = (changes.added, (*changes.changed, *changes.cancelled), changes.unchanged)
        added, changed, same = map(len, counts)
        done = visit.words("meetings.done", added=added, changed=changed, same=same)
        problems = [explain_import(one, visit.words.language) for one in settled.problems]
        left = [one for one in settled.meetings if one not in mine]
        problems = [*self._left(visit, left, every, own), *problems]
        notes = self._notes(visit, [one for one in changes.added if one in mine], every, now)
        notes += [explain_import(one, visit.words.language) for one in report.notes[:NAMED]]
        alike = any(one.problem.code == "row_alike" for one in settled.problems)
        held = upload.sealed(services.vault, use, now) if alike else ""
        done = done if found or changed else ""
        return await self.pages.listed(visit, problems, done, notes, held=held)

    async def _read(self, visit: Visit, name: str, data: bytes) -> Report:
        if is_table(name, data):
            return await asyncio.to_thread(read_meetings, data)  # a megabyte takes a second

        def kinds(session: Snapshot) -> Mapping[str, MeetingKind]:
            return agenda.known_kinds(session, _seen_by(session, visit))

        known = await self.site.database.read(kinds)
        return await asyncio.to_thread(read_calendar, data, None, known)

    def _left(
        self, visit: Visit, left: Sequence[Meeting], every: Sequence[Team], own: Team | None
    ) -> list[str]:
        """Why meetings were not taken over: no team in them was recognised, or it is another."""
        known = teams.by_name(every)
        strange = [
            one for one in left if not any(name.casefold() in known for name in teams_of(one))
        ]
        said = [
            visit.words("meetings.no_team_read", title=one.title, team=teams.full_name(own))
            for one in strange[:NAMED]
            if own is not None
        ]
        if len(left) > len(said):
            said.append(visit.words("meetings.others"))
        return said

    def _notes(
        self, visit: Visit, made: Sequence[Meeting], every: Sequence[Team], now: datetime
    ) -> list[str]:
        """What may be a slip in what was taken over: names that mean none, days that are over."""
        said = []
        names = [name for one in made for name in teams_of(one)]
        for name in unknown_in(names, every)[:NAMED]:
            meant = suggestions(name, every)
            key = "meetings.unknown.maybe" if meant else "meetings.unknown.note"
            said.append(visit.words(key, name=name, team=meant[0] if meant else ""))
        over = sum(not goes_on(one, now) for one in made)
        return [*said, visit.words.many("meetings.over", over)] if over else said


def read_form(form: Iterable[tuple[str, str]]) -> FilledIn:
    """What someone filled in; with the answers to what was asked about names."""
    typed = MultiDict((name, value[:TITLE_MAX].strip()) for name, value in form)
    asked = typed.getall("unknown", [])
    answers = {name: typed.get(f"instead-{number}", "") for number, name in enumerate(asked)}
    kept = {*typed.getall("kept", ()), *(name for name in asked if answers[name] == KEEP)}
    instead = {name: team for name, team in answers.items() if team not in ("", KEEP)}
    fields = {name: typed.get(name, "") for name in ONCE}
    for side in SIDES:
        named = typed.get(f"{side}_other", "") or typed.get(side, "")
        fields[side] = instead.get(named, named)
    kind = KINDS.get(typed.get("kind", "").casefold(), "visit")
    members = [*typed.getall("teams", []), *typed.get("teams_other", "").split(",")]
    group = dict.fromkeys(instead.get(name.strip(), name.strip()) for name in members[:MOST])
    return FilledIn(
        kind, fields, tuple(filter(None, group)), frozenset(name.casefold() for name in kept)
    )


def _own(visit: Visit, every: Sequence[Team]) -> Team | None:
    return next((team for team in every if team.id == visit.who.team), None)


def _seen_by(reads: Reads, visit: Visit) -> Callable[[Meeting], bool]:
    """Whether someone sees a meeting."""
    every = teams.by_name(teams.all_teams(reads))
    return lambda one: sees(visit.who, one, every)


def _mine(reads: Reads, visit: Visit, read: Sequence[Meeting]) -> tuple[Meeting, ...]:
    """What someone may take over: nothing of another team, also not under a known name."""
    rows = meetings.by_uids(reads, [one.uid for one in read])
    known = teams.by_name(teams.all_teams(reads))
    others = {row.uid for row in rows if not sees(visit.who, from_row(row), known)}
    return tuple(one for one in read if one.uid not in others and sees(visit.who, one, known))
