"""The page on which files of figures come in: shown before anything is stored, then stored."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Sequence
from functools import partial

from aiohttp import web

from bot.coordinators.held_upload import Upload, uploaded
from bot.coordinators.pages.site import EVERYONE, HEADERS, MODERATORS, Site, Visit, see_other
from bot.sensemaking.figures.figure_sentences import (
    certainty_sentence,
    period_words,
    refusal_sentence,
    remark_sentence,
    source_sentence,
    value_sentence,
)
from bot.sensemaking.figures.importing.file_reader import read_figures
from bot.sensemaking.figures.importing.long_table import TEMPLATE
from bot.sensemaking.figures.importing.readings import Answers, Reading, RefusedLine
from bot.sensemaking.figures.periods import first_day, last_day
from bot.sensemaking.figures.scope import areas_of, own_municipality, sees
from storage.coordinators import audit, teams
from storage.engine.transaction import Snapshot, Transaction
from storage.figures import figures
from storage.figures.figures import ImportResult
from storage.figures.model import Figure

HERE = "/coordinator/figures"
SHOWN = 12
"""Figures of a file that are shown before it is stored."""
TOLD = 60
"""Refusals and changes that are told one by one."""
ANSWERS = ("area", "period", "level", "source")
CELLS_MAX = 60_000
"""Cells of a file that a page takes: some seconds of work beside those who are telling."""


class ImportPages:
    """`/coordinator/figures`: the list, the form, and what a file would bring."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        guard = self.site.guard
        return [
            web.get(HERE, guard(self._list, EVERYONE)),
            web.post(HERE, guard(self._take, MODERATORS)),
            web.get(f"{HERE}/template.csv", guard(self._template, EVERYONE)),
            web.get(f"{HERE}/import/{{number}}", guard(self._import, MODERATORS)),
        ]

    async def _list(self, _request: web.Request, visit: Visit, problem: str = "") -> web.Response:
        own = await own_municipality(self.site, visit)
        mine = None if visit.who.role == "association" else [own]
        known = await self.site.database.read(lambda session: figures.listed(session, mine))
        return self.site.page(
            visit,
            "figures.html",
            status=400 if problem else 200,
            known=known,
            places=await self._places(visit, own),
            source=source_sentence,
            period=period_words,
            problem=problem,
            covers=areas_of(self.site).covers,
        )

    async def _places(self, visit: Visit, own: str) -> list[tuple[str, str]]:
        """The municipalities whose figures this coordinator sees beside stories: (code, name)."""
        areas = areas_of(self.site)
        towns = {team.municipality for team in await self.site.database.read(teams.open_teams)}
        codes = {areas.called(town, "municipality").code for town in towns} - {""}
        seen = [code for code in codes if sees(visit, own, areas, code)]
        return sorted(((code, areas.name(code)) for code in seen), key=lambda each: each[1])

    async def _template(self, _request: web.Request, _visit: Visit) -> web.Response:
        """Our own template with two rows as an example, as a spreadsheet opens it."""
        text = io.StringIO()
        out = csv.writer(text, delimiter=";", lineterminator="\r\n")
        out.writerow(TEMPLATE)
        out.writerow(
            ("Zwolle", "2025", "Jongeren met jeugdhulp", "12,4", "%", "percentage", "voorlopig",
             "CBS", "1-1-2026", "voorbeeld: haal deze rij weg")
        )  # fmt: skip
        out.writerow(
            ("GM0193", "2025", "Meldingen bij het wijkteam", "418", "meldingen", "aantal",
             "definitief", "eigen registratie", "1-1-2026", "voorbeeld: haal deze rij weg")
        )  # fmt: skip
        named = {"Content-Disposition": 'attachment; filename="cijfers-sjabloon.csv"'}
        return web.Response(
            body=text.getvalue().encode("utf-8-sig"),
            content_type="text/csv",
            charset="utf-8",
            headers={**HEADERS, **named},
        )

    async def _take(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        """Show what a file holds; store it when that was agreed to."""
        form, now = await request.post(), self.site.clock.now()
        upload = uploaded(form, self.site.services.vault, _use(visit), now)
        if upload is None or not upload.data:
            return await self._list(request, visit, visit.words("figures.no_file"))
        said = {name: str(form.get(name, ""))[:80].strip() for name in ANSWERS}
        answers = Answers(**said)
        areas = areas_of(self.site)
        read = partial(read_figures, cells_max=CELLS_MAX)
        reading = await asyncio.to_thread(read, upload.data, areas, answers, upload.name)
        own = await own_municipality(self.site, visit)
        yours = [c for c in reading.cells if sees(visit, own, areas, c.figure.area)]
        if len(yours) < len(reading.cells):
            others = len({c.figure.area for c in reading.cells} - {c.figure.area for c in yours})
            reading.refused.insert(0, RefusedLine(0, "not_yours", {"n": str(others)}))
            reading.cells = yours
            reading.remarks = [r for r in reading.remarks if sees(visit, own, areas, r.area)]
        every = [cell.figure for cell in reading.cells]
        if form.get("act") == "store" and every:
            return await self._store(visit, every, len(reading.refused))
        result = await self.site.database.read(lambda session: figures.compare(session, every))
        return self._preview(visit, upload, answers, reading, result)

    async def _store(
        self, visit: Visit, every: Sequence[Figure], refused: int
    ) -> web.StreamResponse:
        now = self.site.clock.now()

        def store(connection: Transaction) -> ImportResult:
            result = figures.save(connection, every, now, who=visit.who.id, refused=refused)
            told = f"{result.added} + {len(result.changed)}"
            audit.note(connection, visit.who, "figures_imported", now, detail=told)
            return result

        result = await self.site.database.write(store)
        return see_other(f"{HERE}/import/{result.version}")

    def _preview(
        self,
        visit: Visit,
        upload: Upload,
        answers: Answers,
        reading: Reading,
        result: ImportResult,
    ) -> web.Response:
        said, areas = visit.words, areas_of(self.site)
        every = [cell.figure for cell in reading.cells]
        periods = sorted({each.period for each in every}, key=lambda p: (first_day(p), last_day(p)))
        missing = sum(each.value is None for each in every)
        return self.site.page(
            visit,
            "figures_preview.html",
            status=200 if every or reading.questions else 400,
            reading=reading,
            answers=answers,
            name=upload.name,
            held=upload.sealed(self.site.services.vault, _use(visit), self.site.clock.now()),
            indicators=len({each.indicator.identity for each in every}),
            areas=len({each.area for each in every}),
            periods=[period_words(said, each) for each in periods],
            missing=missing,
            result=result,
            shown=[
                (cell.line, areas.name(cell.figure.area), period_words(said, cell.figure.period),
                 cell.figure.indicator.title, value_sentence(said, cell.figure),
                 certainty_sentence(said, cell.figure))
                for cell in reading.cells[:SHOWN]
            ],
            changes=changes_told(self.site, visit, result.changed),
            refused=[(each.line, refusal_sentence(said, each)) for each in reading.refused[:TOLD]],
            more=max(0, len(reading.refused) - TOLD),
            remarks=[remark_sentence(said, each) for each in reading.remarks[:TOLD]],
            sources=sorted({source_sentence(said, each.indicator) for each in every}),
        )  # fmt: skip

    async def _import(self, request: web.Request, visit: Visit) -> web.Response:
        """What an import brought, and what it changed."""
        number = request.match_info["number"]
        areas, own = areas_of(self.site), await own_municipality(self.site, visit)

        def read(session: Snapshot) -> ImportResult | None:
            known = number.isdecimal() and len(number) < 19
            return figures.imported(session, int(number)) if known else None

        result = await self.site.database.read(read)
        if result is None:
            return self.site.missing(visit)
        changed = [each for each in result.changed if sees(visit, own, areas, each.now.area)]
        return self.site.page(
            visit,
            "figures_import.html",
            result=result,
            changes=changes_told(self.site, visit, changed),
        )


def changes_told(
    site: Site, visit: Visit, changed: Sequence[figures.Replaced]
) -> list[tuple[str, str, str, str, str]]:
    """What an import changes: indicator, area, period, and the value before and after."""
    said, areas = visit.words, areas_of(site)
    return [
        (each.now.indicator.title, areas.name(each.now.area), period_words(said, each.now.period),
         value_sentence(said, each.before), value_sentence(said, each.now))
        for each in changed[:TOLD]
    ]  # fmt: skip


def _use(visit: Visit) -> str:
    return f"figures:{visit.who.id}"
