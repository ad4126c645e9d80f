"""Of which areas a coordinator sees figures, and may change them: the association of all, a team of
its own municipality."""

from __future__ import annotations

from pathlib import Path

from bot.coordinators.pages.site import Site, Visit
from bot.sensemaking.figures.areas import Areas, areas_in
from storage.coordinators import teams
from storage.engine.transaction import Snapshot


def areas_of(site: Site) -> Areas:
    """The table of areas that is set, or the one that comes along. Raises AreasProblem."""
    chosen = site.services.settings.figures.areas
    return areas_in(Path(chosen) if chosen else None)


async def own_municipality(site: Site, visit: Visit) -> str:
    """The code of the municipality of a coordinator's team; empty for the association, and for a
    team in a place that is none."""
    if not visit.who.team:
        return ""

    def find(session: Snapshot) -> str:
        named = [t.municipality for t in teams.all_teams(session) if t.id == visit.who.team]
        return named[0] if named else ""

    name = await site.database.read(find)
    return areas_of(site).called(name, "municipality").code if name else ""


def sees(visit: Visit, own: str, areas: Areas, area: str) -> bool:
    """Whether figures of an area are for this coordinator; `own` is their municipality."""
    return visit.who.role == "association" or (bool(own) and areas.municipality(area) == own)
