"""The pages of learning from use, for the wiring to hand in."""

from __future__ import annotations

from pathlib import Path

from bot.authoring.learning.dry_run_page import DryRunPage
from bot.authoring.learning.use_page import UsePage
from bot.coordinators.pages.rooms import Room


def learning_room() -> Room:
    """All of them."""
    return Room(Path(__file__).parent / "templates", lambda site: [UsePage(site), DryRunPage(site)])
