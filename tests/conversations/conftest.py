"""Guides as the bot would have them: with places to choose from, and slots to fill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from conversations.guide.library import Library
from conversations.guide.loading import load_guides
from conversations.guide.model import Guide, Option, Places, Town
from conversations.redaction.find import find

ZWOLLE = Town(Option("zwolle", "Zwolle"), (Option("noord", "Noord"), Option("zuid", "Zuid")))
ZWARTSLUIS = Town(Option("zwartsluis", "Zwartsluis"), (Option("sluis", "Team Sluis"),))
RAALTE = Town(Option("raalte", "Raalte"))
PLACES = Places((ZWOLLE, ZWARTSLUIS, RAALTE))
MANY_PLACES = Places(
    (ZWOLLE, ZWARTSLUIS, *(Town(Option(f"dorp{n}", f"Dorp {n}")) for n in range(12)))
)

OLDER = sorted((Path(__file__).parent / "older_guides").glob("*.json"))
"""Guides of before."""
ONE_BY_ONE = [path for path in OLDER if '"consent_team"' in path.read_text(encoding="utf-8")]
"""Those in which every consent is a question of its own; the others have a screen of switches."""


def older_guide(path: Path) -> Guide:
    """A guide of before in Dutch, as a conversation finds it that began with it."""
    library = Library.from_source(path.read_text(encoding="utf-8").rstrip("\n"), load_guides())
    guide_id, _, fingerprint = path.stem.rpartition("_")
    assert library.fingerprint(guide_id) == fingerprint
    return library.get(guide_id, "nl").with_places(PLACES)


def facts_of(guide: Guide) -> Mapping[str, str]:
    """What fills the slots when nothing is configured. Where a guide does not ask for the team, the
    link said which it is."""
    slots = ("association", "team", "host_team", "guest_team", "learning_group", "meeting")
    known = {slot: guide.phrase(f"{slot}_default") for slot in slots}
    if not any(step.fill == "team" for step in guide.steps.values()):
        known["team_id"] = "noord"
    return {**known, "retention": guide.phrase("retention.years", {"n": "2"}), "days": "5"}


@pytest.fixture(scope="session")
def library() -> Library:
    return load_guides()


@pytest.fixture(scope="session")
def guides(library: Library) -> Callable[[str, str], Guide]:
    """A guide in a language, with three municipalities, before someone who looks for names."""

    def guide(name: str, language: str) -> Guide:
        return library.get(name, language).with_places(PLACES).with_finder(find)

    return guide


@pytest.fixture(scope="session")
def resident(guides: Callable[[str, str], Guide]) -> Guide:
    return guides("resident", "nl")


@pytest.fixture(scope="session")
def professional(guides: Callable[[str, str], Guide]) -> Guide:
    return guides("professional", "nl")
