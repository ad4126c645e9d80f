"""The workbench of guides, for the wiring to hand in as a room of the dashboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.authoring.draft_pages import DraftPages
from bot.authoring.exchange.bundle_pages import BundlePages
from bot.authoring.guide_desk import GuideDesk
from bot.authoring.overlays.overlay_pages import OverlayPages
from bot.authoring.overlays.overlay_trials import OverlayTrials
from bot.authoring.prover import Prove, prove
from bot.authoring.publish_pages import PublishPages
from bot.authoring.publishing import Announce, Publisher
from bot.authoring.saves.save_pages import SavePages
from bot.authoring.step_pages import StepPages
from bot.authoring.translations.translation_pages import TranslationPages
from bot.authoring.trial_pages import TrialPages
from bot.authoring.workbench_pages import WorkbenchPages
from bot.coordinators.pages.rooms import PagePart, Room
from bot.coordinators.pages.site import Site

HERE = Path(__file__).parent


async def _alone() -> None:
    """There is no other process."""


def workbench(
    announce: Announce = _alone,
    proves: Prove = prove,
    made: Callable[[Publisher], None] = lambda _: None,
) -> Room:
    """Its room. `announce` tells other processes of a publication; `proves` proves the promises of
    a guide; `made` hears who publishes."""

    def pages(site: Site) -> Sequence[PagePart]:
        services, desk = site.services, GuideDesk(site)
        publisher = Publisher(site.database, services.shelf, site.clock, proves, announce)
        made(publisher)
        trials = TrialPages(site, desk)
        overlays = OverlayPages(site, desk, announce)
        return [
            DraftPages(site, desk),
            WorkbenchPages(site, desk, trials.phone),
            SavePages(site, desk),
            StepPages(site, desk),
            PublishPages(site, desk, publisher),
            BundlePages(site, desk),
            TranslationPages(site, desk),
            overlays,
            OverlayTrials(desk, overlays, trials),
            trials,
        ]

    return Room(HERE / "templates", pages)
