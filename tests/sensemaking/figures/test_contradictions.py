"""The page of contradictions: an expectation first, a card only where it is clear."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from storage.figures import figures
from storage.figures.model import Figure, Indicator
from storage.weeks import quarter_of, week_of
from tests.coordinators.office import Office, Person

PAGE = "/coordinator/figures/contradictions"
TOWNS = ("Zwolle", "Deventer", "Kampen", "Almelo", "Hengelo", "Enschede", "Raalte")
CODES = ("GM0193", "GM0150", "GM0166", "GM0141", "GM0164", "GM0153", "GM0177")
WMO = Indicator("Wmo-gebruik", "CBS", "86158NED", "%", 1, "percentage")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


async def fill(office: Office, per_area: int, *, against: bool, reviewed: bool = False) -> None:
    """Figures that rise from town to town, and a scale that falls (or rises) with them."""
    every = [Figure(WMO, code, "2025", 5.0 + at) for at, code in enumerate(CODES)]
    await office.store.database.write(lambda c: figures.save(c, every, office.clock.now()))
    for at, town in enumerate(TOWNS):
        await office.team(f"Team {town}", town)
        for number in range(per_area):
            place = 12 * at + number * 2 + 5
            await office.tell(
                f"Team {town}",
                week="2025-W30",
                reviewed=reviewed,
                answers={"movement_problems_strengths": 95 - place if against else place},
            )


async def state(who: Person, expected: str = "more") -> None:
    _, page = await who.get(PAGE)
    indicator = re.findall(r'<option value="(\w{32})">', page)[0]
    answers = re.findall(r'<option value="([^"]*movement_problems_strengths\|[^"]+)">', page)
    form = {"indicator": indicator, "expected": expected, "answer": answers[-1]}
    assert (await who.post(PAGE, form)).status == 303
    assert (await who.post(PAGE, form)).status == 400  # looked at already


async def test_a_card_is_made_where_both_are_clear(office: Office) -> None:
    await fill(office, 5, against=True)
    who = await office.login("association")
    await state(who)
    _, page = await who.get(PAGE)
    assert "Wat zou beide waar maken?" in page
    assert "Maar waar Wmo-gebruik hoger is, wordt juist minder vaak" in page
    assert "Dit gaat over 7 gemeenten, met cijfers van 2025" in page


async def test_the_expected_direction_is_no_card(office: Office) -> None:
    await fill(office, 5, against=False)
    who = await office.login("association")
    await state(who)
    _, page = await who.get(PAGE)
    assert "Wat zou beide waar maken?" not in page
    assert "Cijfer en verhalen wijzen dezelfde kant op." in page


async def test_areas_below_the_threshold_do_not_count(office: Office) -> None:
    await fill(office, 4, against=True)
    who = await office.login("association")
    await state(who)
    _, page = await who.get(PAGE)
    assert "te weinig gebieden of periodes met genoeg verhalen" in page
    assert "Wat zou beide waar maken?" not in page


async def test_a_team_states_for_itself_and_a_reader_only_looks(office: Office) -> None:
    await fill(office, 1, against=True)
    team = await office.login("team", "Team Zwolle")
    await state(team, "less")
    for role, name, there in (("team", "Team Zwolle", True), ("team", "Team Kampen", False),
                              ("reader", "Team Zwolle", True)):  # fmt: skip
        someone = await office.login(role, name)  # type: ignore[arg-type]
        _, page = await someone.get(PAGE)
        assert ("Verwacht: waar Wmo-gebruik" in page) is there
        assert ("Opschrijven en kijken" in page) is (role == "team")
    assert quarter_of(week_of(NOW)) == "2026-Q4"
