"""What stands on a public page: numbers that left through the gate, sentences, changes, justice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.coordinators.digest.gaps import PROMISES
from bot.coordinators.pages.site import Site
from bot.coordinators.phrases import CoordinatorPhrases
from bot.sensemaking.figures.scope import areas_of
from storage.coordinators import teams
from storage.engine.transaction import Snapshot
from storage.gate import publications
from storage.gate.counts import PROMISE
from storage.gate.publications import Publishable
from storage.sensemaking import public_pages
from storage.sensemaking.changes import Justice
from storage.sensemaking.public_pages import ChosenSentence, OfferedChange, PublicEdition
from storage.weeks import quarter_before

QUARTERS = 4
"""Quarters that a page looks back."""


@dataclass(frozen=True, slots=True)
class PublicPlaces:
    """The municipalities with teams, by code: their names, and the place of each team. A team in a
    place that is no municipality counts with all only."""

    names: Mapping[str, str]
    of_team: Mapping[str, str]

    def teams(self, place: str) -> set[str] | None:
        """The teams of a place; None: all."""
        return {team for team, code in self.of_team.items() if code == place} if place else None


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """What a page shows. `stories`: at least so many (0: too few to say), `promises` how many of
    those, at least, are about each promise, the most first."""

    name: str
    since: str
    until: str
    stories: int
    promises: Sequence[tuple[str, int]]
    sentences: Sequence[ChosenSentence]
    changes: Sequence[OfferedChange]
    justice: Justice | None


def places_of(site: Site, session: Snapshot) -> PublicPlaces:
    areas = areas_of(site)
    found = {
        team.id: areas.called(team.municipality, "municipality").code
        for team in teams.all_teams(session)
    }
    codes = {code for code in found.values() if code}
    names = {code: areas.name(code) for code in codes}
    return PublicPlaces(
        dict(sorted(names.items(), key=lambda each: each[1])),
        {team: code for team, code in found.items() if code},
    )


def quarters_until(quarter: str) -> list[str]:
    """The quarters before this one that a page looks back, first to last."""
    found = [quarter_before(quarter)]
    while len(found) < QUARTERS:
        found.append(quarter_before(found[-1]))
    return found[::-1]


def numbers_of(
    session: Snapshot,
    quarters: Sequence[str],
    place: str,
    k: int,
    coming: Sequence[Publishable] = (),
) -> tuple[int, list[tuple[str, int]]]:
    """How many stories a page tells of at least, and of each promise; with what would leave now."""
    found = publications.public_numbers(session, quarters, place, k, coming)
    promises = [
        (value, count) for (dimension, value), count in found.items() if dimension == PROMISE
    ]
    known = [each for each in promises if each[0] in PROMISES]
    return found.get(("story", ""), 0), sorted(known, key=lambda each: (-each[1], each[0]))


def facts_of(site: Site, session: Snapshot, edition: PublicEdition, name: str) -> PublicFacts:
    """A page as it stands now."""
    k = site.services.settings.privacy.small_number
    told, promises = numbers_of(session, edition.quarters, edition.place, k)
    return PublicFacts(
        name,
        edition.quarters[0],
        edition.quarters[-1],
        told,
        promises,
        public_pages.standing(session, edition),
        public_pages.standing_changes(session, edition),
        edition.justice,
    )


def quarter_words(said: CoordinatorPhrases, quarter: str) -> str:
    return said("public.quarter", n=quarter[6:], year=quarter[:4])
