"""What leaves a session leaves once; what a teller took back from it counts nowhere in it; and a
session is there with its cards or not at all."""

from __future__ import annotations

import re
from typing import NoReturn

import pytest
from sqlalchemy import func, select

from bot.sensemaking.sessions.story_pick import stories_of
from storage import tables
from storage.coordinators import coordinators
from storage.engine.types import core
from storage.sensemaking import patterns, rounds, session_cards
from storage.stories import uses
from tests.coordinators.office import Office
from tests.coordinators.test_sessions import HERE, PATTERN, QUESTION, key_of, prepared
from tests.sensemaking.sessions.test_session_chat import Phone, act, led, opened


async def test_a_story_taken_back_from_a_session_counts_in_no_chart_of_it(office: Office) -> None:
    person, path = await prepared(office, 8)
    session, now = await opened(office, path), office.clock.now()
    (who,) = [
        each
        for each in await office.store.database.read(coordinators.listed)
        if each.id == session.facilitator
    ]

    async def there() -> set[str]:
        told = await office.store.database.read(lambda s: stories_of(s, who, session))
        return {each.id for each in told}

    every = await there()
    left = sorted(every)
    for gone in sorted(every)[:4]:
        left.remove(gone)

        def take_back(connection: object, gone: str = gone) -> None:
            uses.write(connection, "session", "team", session.id, [gone], now)  # type: ignore[arg-type]
            used = uses.of_story(connection, gone)  # type: ignore[arg-type]
            uses.take_back(connection, gone, used, now)  # type: ignore[arg-type]

        await office.store.database.write(take_back)
        assert await there() == set(left)
        _, page = await person.get(f"{path}/pattern?a={PATTERN['a']}")
        assert f"{len(left)} " in page
        assert (await person.post(f"{path}/pack.pdf")).status == 200
    # it still counts in a session from which it was not taken back
    form = {"question": await key_of(person, QUESTION), "sits": "team", "weeks": "0"}
    other = await opened(office, (await person.post(HERE, form)).headers["Location"])
    told = await office.store.database.read(lambda s: stories_of(s, who, other))
    assert {each.id for each in told} == every


async def test_a_session_is_there_with_its_cards_or_not_at_all(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, _ = await prepared(office, 3)
    form = {"question": await key_of(person, QUESTION), "sits": "team", "weeks": "0"}

    def crash(*_: object) -> NoReturn:
        raise RuntimeError("the power went")

    monkeypatch.setattr(session_cards, "put", crash)
    assert (await person.post(HERE, form)).status == 500
    count = select(func.count()).select_from(core(tables.SenseSession))
    assert await office.store.database.read(lambda s: s.execute(count).scalar_one()) == 1


async def test_the_same_asked_again_shows_what_left_before(office: Office) -> None:
    """Else one more phone, and the difference of two results, would tell what it said."""
    person, path, session, phones = await led(office, 6)
    await person.post(f"{path}/pattern", PATTERN | {"text0": " het TEAM kijkt naar kracht!"})
    for round_, answer in (("predict", "2"), ("vote", "Kan kloppen")):
        for again in range(2):
            if again:
                late = Phone(office, f"late {round_}")
                await late.sit(session, "resident")
            listed = await office.store.database.read(lambda s: patterns.listed(s, session.id))
            wanted = listed[again].id
            await person.post(f"{path}/lead", {"act": round_, "pattern": wanted})
            for phone in (*phones, *([late] if again else [])):
                said = "9" if again and round_ == "predict" else answer
                said = "Klopt niet" if again and round_ == "vote" else said
                asked = await phone.last()
                for _ in range(1 if round_ == "predict" else 2):
                    asked = await phone.tap(asked, said)
            await act(person, path, "end")
    left = await office.store.database.read(lambda s: rounds.results(s, session.id))
    one, two = (each.id for each in listed)
    assert left[f"predict:{one}"] == left[f"predict:{two}"]
    assert left[f"predict:{one}"]["spread"]
    for first, second in zip(listed[0].interpretations, listed[1].interpretations, strict=True):
        assert left[f"vote:{one}"][first.id] == left[f"vote:{two}"][second.id]
    assert not re.search("klopt niet minstens", (await person.get(f"{path}/lead"))[1])
