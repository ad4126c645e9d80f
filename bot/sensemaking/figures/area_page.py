"""Figures beside stories: of one municipality, period by period, each with its source and how sure
it is, beside how many stories were told there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from markupsafe import Markup

from bot.coordinators.pages.site import EVERYONE, Site, Visit
from bot.sensemaking.figures.areas import Areas
from bot.sensemaking.figures.figure_sentences import (
    certainty_sentence,
    period_words,
    remark_sentence,
    source_sentence,
    value_sentence,
)
from bot.sensemaking.figures.import_pages import HERE
from bot.sensemaking.figures.importing.figure_collector import remarks_on
from bot.sensemaking.figures.periods import first_day, last_day
from bot.sensemaking.figures.scope import areas_of, own_municipality, sees
from bot.sensemaking.figures.story_weeks import told_in
from storage.coordinators import teams
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot
from storage.figures import figures
from storage.figures.figures import KeptFigure
from storage.stories import reading

COUNTRY = ["NL00", "NL01"]
"""Codes of the Netherlands as a whole."""
ON_OVERVIEW = 4
PERIODS = 6
"""Periods of an indicator that are shown, the newest first."""


@dataclass(frozen=True, slots=True)
class BesideRow:
    """One figure (`known`: it has a value), and the stories that were told in its period."""

    period: str
    value: str
    certainty: str
    stories: int
    known: bool


@dataclass(frozen=True, slots=True)
class BesideCard:
    """An indicator in one area: its figures, newest first, and what to know before comparing."""

    id: str
    title: str
    source: str
    rows: Sequence[BesideRow]
    remarks: Sequence[str]

    @property
    def newest(self) -> BesideRow:
        """The newest row with a value; without any the newest."""
        return next((row for row in self.rows if row.known), self.rows[0])


class AreaPage:
    """`/coordinator/figures/area/<code>`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        return [web.get(f"{HERE}/area/{{area}}", self.site.guard(self._area, EVERYONE))]

    async def _area(self, request: web.Request, visit: Visit) -> web.Response:
        areas = areas_of(self.site)
        area, own = request.match_info["area"], await own_municipality(self.site, visit)
        if area not in areas.known or not sees(visit, own, areas, area):
            return self.site.missing(visit)
        cards = await cards_of(self.site, visit, area)
        return self.site.page(
            visit, "figures_area.html", name=areas.name(area), cards=cards, more=False
        )


async def own_area_section(site: Site, visit: Visit) -> Markup:
    """A few figures of the own municipality, on the overview; nothing when there are none."""
    own = await own_municipality(site, visit)
    return await _section(site, visit, own) if own else Markup()


async def beside_section(site: Site, visit: Visit, team: str, at: datetime | None = None) -> Markup:
    """A few figures beside the stories of a team, those of its municipality; of all teams those of
    the own municipality, for the association of the country. Nothing when there are none, or when
    they are not for who looks. `at`: as they stood at a moment, and whether they changed since."""
    areas, own = areas_of(site), await own_municipality(site, visit)
    wanted = [own] if own else COUNTRY
    if team:
        every = await site.database.read(teams.all_teams)
        named = [each.municipality for each in every if each.id == team]
        wanted = [areas.called(name, "municipality").code for name in named]
    for area in filter(None, wanted):
        if sees(visit, own, areas, area) and (made := await _section(site, visit, area, at)):
            return made
    return Markup()


async def _section(site: Site, visit: Visit, area: str, at: datetime | None = None) -> Markup:
    """The newest figures of an area, each with its source and how sure it is."""
    cards = await cards_of(site, visit, area, at)
    changed = at is not None and await site.database.read(lambda s: _changed(s, area, at))
    if not cards and not changed:
        return Markup()
    name, shown = areas_of(site).name(area), cards[:ON_OVERVIEW]
    more = len(cards) > len(shown)
    return site.part(
        visit, "figures_section.html", name=name, area=area, cards=shown, more=more, changed=changed
    )


async def cards_of(
    site: Site, visit: Visit, area: str, at: datetime | None = None
) -> list[BesideCard]:
    """Every indicator of an area beside the stories of its teams."""
    areas = areas_of(site)

    def read(session: Snapshot) -> tuple[list[KeptFigure], list[str]]:
        return figures.of_areas(session, [area], at), teams_in(session, areas, area)

    kept, some_teams = await site.database.read(read)
    if not kept:
        return []

    def count(session: Snapshot) -> dict[str, int]:
        return stories_of(session, visit.who, some_teams)

    told = await site.results.read(visit.who, ("told", *some_teams), count)
    by_indicator: dict[str, list[KeptFigure]] = {}
    for each in kept:
        by_indicator.setdefault(each.indicator_id, []).append(each)
    return [_card(visit, areas, id_, some, told) for id_, some in by_indicator.items()]


def teams_in(session: Snapshot, areas: Areas, area: str) -> list[str]:
    """The teams in a municipality; of the country an empty name, which means all."""
    if area in COUNTRY:
        return [""]
    every = teams.all_teams(session)
    return [t.id for t in every if areas.called(t.municipality, "municipality").code == area]


def stories_of(session: Snapshot, who: Coordinator, some_teams: Sequence[str]) -> dict[str, int]:
    """The stories of each week that somebody may read, of these teams: exact."""
    found: Counter[str] = Counter()
    for team in some_teams:
        found.update(reading.counted(session, who, team=team))
    return dict(found)


def _changed(session: Snapshot, area: str, at: datetime) -> bool:
    """Whether an import since a moment changed figures of an area, or added some."""
    then, now = (
        {(e.indicator_id, e.figure.period, e.version) for e in some}
        for some in (figures.of_areas(session, [area], at), figures.of_areas(session, [area]))
    )
    return then != now


def _card(
    visit: Visit,
    areas: Areas,
    indicator_id: str,
    kept: Sequence[KeptFigure],
    told: Mapping[str, int],
) -> BesideCard:
    said = visit.words
    newest = sorted(kept, key=lambda each: first_day(each.figure.period), reverse=True)[:PERIODS]
    indicator = kept[0].figure.indicator
    periods = [each.figure.period for each in newest]
    first, last = first_day(periods[-1]), last_day(periods[0])
    return BesideCard(
        indicator_id,
        indicator.title,
        source_sentence(said, indicator),
        [
            BesideRow(
                period_words(said, each.figure.period),
                value_sentence(said, each.figure),
                certainty_sentence(said, each.figure),
                told_in(told, each.figure.period),
                each.figure.value is not None,
            )
            for each in newest
        ],
        [remark_sentence(said, r) for r in remarks_on(areas, kept[0].figure.area, first, last)],
    )
