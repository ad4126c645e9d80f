"""What a team adds to a guide leaves its consents, and what compares, as they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.authoring.overlays.overlay_files import read_overlays
from bot.guides import GuideStore
from conversations.authoring.overlay import (
    NoOverlay,
    Overlay,
    OwnQuestion,
    optional,
    overlay_problems,
    places,
    read_overlay,
    with_overlay,
)
from conversations.checks.walk.explore import explore
from conversations.guide.library import Library
from conversations.guide.loading import load_guides
from conversations.guide.model import Guide
from conversations.guide.problems import GuideError
from storage.coordinators.teams import Team
from storage.engine.transaction import Transaction
from tests.storage.stores import Store

FILE = """
team = "Wijkteam Oost"
guide = "follow_up"
off = ["factor"]

[[question]]
after = "feeling"
id = "own_waiting"
kind = "choice"
say = "Moest je lang wachten?"
short = "Wachten"
options = [{ id = "no", label = "Nee" }, { id = "yes", label = "Ja" }]
texts.en = { say = "Did you wait long?", "option.yes" = "Yes" }
"""
OWN = {
    "id": "own_one",
    "kind": "choice",
    "say": "Moest u wachten?",
    "short": "Wachten",
    "options": [{"id": "no", "label": "Nee"}, {"id": "yes", "label": "Ja"}],
}


def agreeing(guide: Any) -> list[Any]:
    """Everything from the card on, and all up to the story: word for word."""
    steps = guide["step"]
    kinds = [step["kind"] for step in steps]
    return [steps[: kinds.index("tell")], steps[kinds.index("review") :]]


@pytest.mark.parametrize("guide_id", load_guides().ids)
def test_at_every_allowed_place_consent_and_ids_stay(guide_id: str) -> None:
    source = load_guides().sources[guide_id]
    guide, lot = source["guide"], Random(guide_id)
    assert places(guide)
    assert optional(guide)
    for after in places(guide):
        may = [name for name in optional(guide) if name != after]
        off = tuple(lot.sample(may, lot.randrange(len(may) + 1)))
        overlay = Overlay(guide_id, "oost", off, (OwnQuestion(after, OWN, {}),))
        made, texts = with_overlay(guide, source["texts"], overlay)
        assert agreeing(made) == agreeing(guide)
        ids = [step["id"] for step in made["step"]]
        kept = [step["id"] for step in guide["step"] if step["id"] not in off]
        assert [name for name in ids if name != "own_one"] == kept
        assert ids[ids.index(after) + 1] == "own_one"
        told = {step["id"]: step for step in guide["step"]}
        for step in made["step"]:
            if step["id"] in told:
                before = told[step["id"]]
                assert {**step, "goto": ""} == {**before, "goto": ""}
        assert texts == source["texts"]


def test_the_walk_proves_a_guide_with_an_overlay() -> None:
    library = load_guides()
    source = library.sources["follow_up"]
    made, texts = with_overlay(source["guide"], source["texts"], read_overlay(FILE))
    _, text = library.made_of(made, texts)
    guide = Library.from_source(text, library).get("follow_up", "nl")
    assert "own_waiting" in guide.steps
    assert "factor" not in guide.steps
    assert guide.overlay == "Wijkteam Oost"
    assert explore(guide).problems == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('after = "feeling"', 'after = "start"'), "not-here"),
        (('after = "feeling"', 'after = "consent_keep"'), "not-here"),
        (('off = ["factor"]', 'off = ["consent_keep"]'), "not-optional"),
        (('off = ["factor"]', 'off = ["tell"]'), "not-optional"),
        (('off = ["factor"]', 'off = ["feeling"]'), "after-left-out"),
        (('id = "own_waiting"', 'id = "feeling"'), "own-id"),
        (('kind = "choice"', 'kind = "consent"'), "kind"),
        (('label = "Nee" }', 'label = "Nee", goto = "tell" }'), "options"),
        (('short = "Wachten"', 'purpose = "keep"'), "unknown-key"),
        (('short = "Wachten"', 'short = "Wachten"\nmax = inf'), "max"),
        (('short = "Wachten"', 'short = "Wachten"\nmax = true'), "max"),
        (('short = "Wachten"', 'short = "Wachten"\nother = "ja"'), "other"),
        (("team =", "team ="), ""),
    ],
)
def test_what_weakens_a_guide_is_refused(change: tuple[str, str], code: str) -> None:
    try:
        overlay = read_overlay(FILE.replace(*change))
        codes = {
            each.code
            for each in overlay_problems(load_guides().sources["follow_up"]["guide"], overlay)
        }
    except NoOverlay as error:
        codes = {each.code for each in error.problems}
    assert code in codes if code else codes == set()


async def test_who_tells_for_the_team_hears_its_questions(sqlite_store: Store) -> None:
    shelf = GuideStore(load_guides(), [read_overlay(FILE)])
    shelf.follow(
        [Team("oost", "Wijkteam Oost", "Zwolle", "c1"), Team("west", "West", "Zwolle", "c2")]
    )

    def ask(team: str) -> Callable[[Transaction], Guide]:
        return lambda c: shelf.for_team(c, "follow_up", "en", team)

    told = {team: await sqlite_store.database.write(ask(team)) for team in ("oost", "west", "")}

    def steps(team: str) -> list[str]:
        return list(told[team].steps)

    assert "own_waiting" in steps("oost")
    mark = shelf.shipped.phrases("en").get("in_dutch")  # the answer "Nee" is not translated
    assert told["oost"].steps["own_waiting"].say == f"Did you wait long?\n\n{mark}"
    assert steps("west") == steps("") == list(shelf.today("follow_up", "en").steps)
    assert told["oost"].fingerprint != told["west"].fingerprint
    before = GuideStore(load_guides())
    (again,) = await sqlite_store.database.read(
        lambda s: before.versions(s, [("follow_up", told["oost"].fingerprint)], "nl")
    )
    assert again.overlay == "oost"
    assert "own_waiting" in again.steps


def test_a_folder_is_read_whole_or_refused_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "oost.toml").write_text(FILE)
    assert [each.team for each in read_overlays(str(tmp_path), load_guides())] == ["Wijkteam Oost"]
    (tmp_path / "west.toml").write_text(FILE.replace("feeling", "consent_keep"))
    with pytest.raises(GuideError, match=r"west\.toml"):
        read_overlays(str(tmp_path), load_guides())
    assert read_overlays("", load_guides()) == ()
