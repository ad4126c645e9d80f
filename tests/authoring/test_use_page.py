"""The page that shows how a guide is used."""

from __future__ import annotations

import re
from random import Random

import pytest

from bot.authoring.learning.flow import WIDTH, flow_of
from bot.authoring.step_names import names_told
from bot.coordinators.phrases import words
from bot.use_tally import UseTally, Version
from conversations.checks.draw import draw
from conversations.engine.way import trail
from conversations.guide.loading import load_guides
from storage.guides import use_counts
from storage.guides.use_counts import UseCount, VersionUse
from tests.authoring.walks import walk
from tests.conversations.conftest import facts_of
from tests.coordinators.office import Office


def counted(guide_id: str, seed: int = 3, days: int = 6) -> list[UseCount]:
    """Sums of conversations by lot, as the job writes them."""
    guide, lot, tally = load_guides().get(guide_id, "nl"), Random(seed), UseTally()
    version = Version(guide_id, guide.fingerprint)
    for n in range(days * 12):
        over, expired = walk(guide, lot)
        if marks := trail.counted_marks(guide, over, expired=expired):
            tally.add((str(n), ""), version, "2026-11-10", marks)
    written = tally.take(5, "2026-11-11")["2026-11-10"]
    return [
        UseCount(guide_id, version.fingerprint, *_halves(mark), n)
        for (_, mark), n in written.items()
    ]


def _halves(mark: str) -> tuple[str, str]:
    step, how = mark.split(" ")
    return step, how


async def test_the_page_shows_the_guide_with_its_sums(office: Office) -> None:
    counts = counted("resident")
    who = await office.login("association")
    _, empty = await who.get("/coordinator/guides/resident/use")
    assert "nog niets geteld" in empty
    await office.store.database.write(lambda c: use_counts.add(c, "2026-11-10", counts))
    status, page = await who.get("/coordinator/guides/resident/use")
    assert status == 200
    assert "10 november 2026" in page
    for key in ("Kregen de vraag", "Overgeslagen", "<svg", "flowchart TD"):
        assert key in page
    came = next(each for each in counts if (each.step, each.how) == ("door", "came"))
    assert f"<td>{came.conversations}</td>" in page
    assert (await who.get("/coordinator/guides/nothing/use"))[0] == 404


async def test_sums_of_an_earlier_version_stay_apart(office: Office) -> None:
    old = [UseCount("resident", "old", "door", "came", 35)]
    await office.store.database.write(lambda c: use_counts.add(c, "2026-10-01", old))
    await office.store.database.write(lambda c: use_counts.add(c, "2026-10-02", old))
    new = [UseCount("resident", "new", "door", "came", 10)]
    await office.store.database.write(lambda c: use_counts.add(c, "2026-11-01", new))
    who = await office.login("team", "Oost")
    _, page = await who.get("/coordinator/guides/resident/use?version=old")
    assert "Geteld van 1 oktober 2026 tot en met 2 oktober 2026." in page
    assert "<td>35</td>" not in page
    assert "<td>70</td>" in page


@pytest.mark.parametrize("guide_id", load_guides().ids)
def test_every_question_stands_in_the_diagram_with_who_came(guide_id: str) -> None:
    guide = load_guides().get(guide_id, "nl")
    marks: dict[str, dict[str, int]] = {}
    for each in counted(guide_id, days=2):
        marks.setdefault(each.step, {})[each.how] = each.conversations
    use = VersionUse(guide.fingerprint, "", "", marks)
    names = names_told(words("nl"), guide, facts_of(guide))
    flow = flow_of(guide, use, names)
    assert {row.id for row in flow.rows} >= set(marks)
    for row in flow.rows:
        assert row.came == use.of(row.id, "came")
        assert sum(row.widths) <= WIDTH + 2
    drawn = draw(guide, marks)
    for step, hows in marks.items():
        if "came" in hows:
            boxes = re.findall(rf"^    s_{step}\W.*<br/>.*$", drawn, re.MULTILINE)
            (box,) = [each for each in boxes if not re.match(r" +\w+ -", each)]
            assert f"<br/>{hows['came']} ×" in box
    assert draw(guide).count("×") == 0
