"""The page of enough: by team, over what may be read, and never below twenty stories."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.figures import figures
from storage.figures.model import Figure, Indicator
from tests.coordinators.office import Office

PAGE = "/coordinator/figures/enough"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LONELY = Indicator("Ernstig eenzaam", "GGD", "", "%", 1, "percentage")


async def test_a_team_that_told_enough_is_told_so(office: Office) -> None:
    share = Figure(LONELY, "GM0193", "2024", 11.2, "modelled", lower=10.1, upper=12.4)
    await office.store.database.write(lambda c: figures.save(c, [share], NOW))
    for number in range(24):
        answers = {"promise": [("own_life", "tailored")[number % 2]]}
        await office.tell("Oost", "network" if number < 19 else "team", answers=answers)
    for _ in range(3):
        await office.tell("West", "team", answers={"promise": ["together"]})
    team = await office.login("team", "Oost")
    _, page = await team.get(PAGE)
    assert "van de soorten verhalen. Dat blijkt uit 24 verhalen." in page
    assert "Dit team heeft genoeg verteld" in page
    assert "nog niet gehoord:" in page
    assert "Ernstig eenzaam: 11,2% (2024; GGD; geschat: tussen 10,1 en 12,4)" in page
    assert "West, Zwolle" not in page
    association = await office.login("association")
    _, page = await association.get(PAGE)
    assert "19 verhalen: te weinig om iets te zeggen." in page  # those that it may read
    assert "0 verhalen: te weinig om iets te zeggen." in page  # West shares none with it
    assert "Dit team heeft genoeg verteld" not in page
