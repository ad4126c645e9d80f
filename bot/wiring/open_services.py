"""The store with its guides and teams: what commands need that plan meetings or make files, and
talk with nobody themselves."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.authoring.overlays.overlay_files import read_overlays
from bot.clock import Clock
from bot.guides import GuideStore, follow_published
from bot.services import Services
from bot.settings import Settings
from bot.wiring.opening import open_store
from conversations.guide.loading import load_guides
from storage.coordinators import teams
from storage.engine.database import Database


@dataclass(frozen=True, slots=True)
class OpenServices:
    """A store that is open, and the services of a process in which no conversation goes on."""

    settings: Settings
    clock: Clock
    database: Database
    services: Services


def shelf_of(settings: Settings) -> GuideStore:
    """The guides, with what teams add to them in files. Raises GuideError."""
    return GuideStore(load_guides(), read_overlays(settings.guides.overlays, load_guides()))


async def refresh(database: Database, shelf: GuideStore) -> None:
    """Read the teams and the published guides again."""
    shelf.follow(await database.read(teams.all_teams))
    await follow_published(database, shelf)


@contextlib.asynccontextmanager
async def open_services(settings: Settings, clock: Clock) -> AsyncIterator[OpenServices]:
    """Open and unlocked, beside a Vertelbot that runs; closed at the end. Raises what `open_store`
    does, and GuideError."""
    async with open_store(settings, clock, exclusive=False) as store:
        services = Services(store.vault, store.erased, shelf_of(settings), settings)
        await store.database.write(services.shelf.remember)
        await refresh(store.database, services.shelf)
        yield OpenServices(settings, clock, store.database, services)
