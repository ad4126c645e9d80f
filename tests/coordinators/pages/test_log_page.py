"""The page of the audit log: what is asked for, and nothing that is another team's."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import get_args

from bot.coordinators.pages.oversight.log_page import DEEDS
from storage.coordinators import audit
from storage.coordinators.audit import Action
from storage.engine.transaction import Transaction
from tests.coordinators.office import Office, Person

HERE = "/coordinator/log"


def test_every_deed_is_of_one_kind() -> None:
    counted = Counter(action for actions in DEEDS.values() for action in actions)
    assert counted == dict.fromkeys(get_args(Action), 1)


async def lines(person: Person, query: str = "") -> int:
    status, page = await person.get(f"{HERE}{query}")
    assert status == 200
    return page.count("<time ")


async def test_the_log_shows_what_was_chosen_and_never_another_team(office: Office) -> None:
    west = await office.coordinator("team", "West", "Cas")

    async def note(*actions: Action) -> None:
        def write(connection: Transaction) -> None:
            for action in actions:
                now = office.clock.now()
                told = "12/40" if action == "search" else ""
                audit.note(connection, west, action, now, detail=told)

        await office.store.database.write(write)

    await note("search", "held", "held")
    today = office.clock.now().date()
    office.clock.move(hours=48)
    await note("closed", "sessions_ended")
    chief = await office.login("association", name="Alice")
    team = await office.login("team", "Oost", name="Bob")
    assert [await lines(chief, f"?deed={deed}") for deed in ("read", "moderated", "taken")] == [
        1, 3, 0,
    ]  # fmt: skip
    assert await lines(chief, f"?who={west.id}") == 5
    assert await lines(chief, f"?who={west.id}&last={today}") == 3
    tomorrow = today + timedelta(days=1)
    assert await lines(chief, f"?who={west.id}&first={tomorrow}") == 2
    assert await lines(chief, f"?deed=moderated&who={west.id}&first={tomorrow}") == 1
    for odd in ("?deed=x&who='&first=31&last=9999-12-31", "?first=0001-01-01", "?before=x"):
        assert await lines(chief, odd) >= 0
    assert await lines(team, f"?who={west.id}") == 0
    assert "Cas" not in (await team.get(HERE))[1]
    _, page = await chief.get(HERE)
    assert re.search(r">\d{4}-\d\d-\d\d", page) is None
