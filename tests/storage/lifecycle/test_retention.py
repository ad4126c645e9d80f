"""What is forgotten when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from storage import narrowings
from storage.coordinators import coordinators, logins
from storage.engine.transaction import Transaction
from storage.lifecycle.retention import RetentionPolicy, purge
from storage.outbox import outbox, queue
from storage.people import people, states
from storage.stories import consents, stories
from storage.weeks import months_before, week_of, weeks_before
from tests.storage.people.test_states import state
from tests.storage.stores import NOW, Store, next_timer

DAY = timedelta(days=1)


async def purged(
    store: Store, at: timedelta, policy: RetentionPolicy | None = None
) -> dict[str, int]:
    went = await store.database.write(lambda c: purge(c, NOW + at, policy or RetentionPolicy()))
    return {what: count for what, count in went.items() if count}


async def talk(store: Store, address: str, at: datetime) -> str:
    """Someone who was asked something at that moment."""
    person = await store.person(address)

    def say(connection: Transaction) -> None:
        row = outbox.put(connection, person.id, {}, 1, "say", "reply", at)
        queue.mark_sent(connection, row, "m", at, tried=0)
        states.save(connection, person.id, state(), at)
        states.set_timer(connection, person.id, "forget", 1, at + 7 * DAY)

    await store.database.write(say)
    return person.id


async def test_nothing_goes_before_its_time(store: Store) -> None:
    await talk(store, "1", NOW)
    await store.story()
    assert await purged(store, 6 * DAY) == {}


async def test_a_draft_left_alone_goes_with_its_timers_and_messages(store: Store) -> None:
    old = await talk(store, "1", NOW)
    fresh = await talk(store, "2", NOW + 5 * DAY)
    assert await purged(store, 8 * DAY) == {"drafts": 1, "messages": 1}
    read = store.database.read
    assert await read(lambda s: states.load(s, old)) is None
    assert await read(lambda s: states.load(s, fresh)) is not None
    assert await read(next_timer) == NOW + 12 * DAY
    assert await read(lambda s: outbox.log(s, old)) == []


async def test_the_messages_of_a_conversation_that_goes_on_stay(store: Store) -> None:
    alice = await talk(store, "1", NOW)
    await store.database.write(lambda c: states.save(c, alice, state(), NOW + 9 * DAY))
    assert await purged(store, 10 * DAY) == {}
    assert len(await store.database.read(lambda s: outbox.log(s, alice))) == 1


async def test_what_still_waits_to_be_sent_is_not_forgotten(store: Store) -> None:
    alice = await store.person()
    await store.database.write(lambda c: outbox.put(c, alice.id, {}, 1, "say", "prompt", NOW))
    assert await purged(store, 60 * DAY) == {}


async def test_ids_of_updates_are_remembered_for_a_month(store: Store) -> None:
    await store.database.write(lambda c: states.accept(c, "telegram", "1", NOW))
    await store.database.write(lambda c: states.hold(c, "telegram", "2", {}, NOW))
    assert await purged(store, 29 * DAY) == {}
    assert await purged(store, 31 * DAY) == {"inbox": 1}
    with pytest.raises(ValueError, match="2 days"):
        RetentionPolicy(inbox=DAY)


async def test_a_story_goes_after_two_years(store: Store) -> None:
    old, _ = await store.story()
    young, _ = await store.story()
    await store.database.write(
        lambda c: c.execute(
            update(stories.STORY).where(stories.STORY.c.id == old).values(week="2024-W46")
        )
    )
    assert await purged(store, timedelta(0)) == {"stories": 1}
    read = store.database.read
    assert await read(lambda s: stories.read(s, old)) is None
    assert await read(lambda s: stories.read(s, young)) is not None
    [past] = await read(lambda s: consents.history(s, old))
    assert (past.event, past.record) == ("given", None)
    assert await read(narrowings.newest) == 0  # nobody could read it


async def test_a_person_not_seen_for_two_years_goes(store: Store) -> None:
    alice = await store.person("1")
    bob = await store.person("2")
    await store.database.write(lambda c: people._set(c, alice.id, seen_week="2024-W46"))
    assert await purged(store, timedelta(0)) == {"people": 1}
    read = store.database.read
    assert await read(lambda s: people.by_id(s, alice.id)) is None
    assert await read(lambda s: people.by_id(s, bob.id)) is not None


async def test_links_and_sessions_that_ended_go(store: Store) -> None:
    def log_in(connection: Transaction) -> None:
        bob = coordinators.add(connection, "association", "Bob")
        logins.make_link(connection, bob.id, NOW)
        logins.open_session(connection, bob.id, NOW, DAY)

    await store.database.write(log_in)
    assert await purged(store, DAY) == {}
    assert await purged(store, 1.5 * DAY) == {"logins": 1}
    assert await purged(store, 3 * DAY) == {"logins": 1}


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        ("2026-11-22T22:59:00+00:00", "2026-W47"),
        ("2026-11-22T23:00:00+00:00", "2026-W48"),  # Monday in Amsterdam
        ("2027-01-03T12:00:00+00:00", "2026-W53"),
        ("2026-03-29T22:00:00+00:00", "2026-W14"),  # summer time began
    ],
)
def test_a_week_is_that_of_amsterdam(moment: str, week: str) -> None:
    assert week_of(datetime.fromisoformat(moment)) == week


def test_weeks_are_counted_back_over_the_year() -> None:
    assert weeks_before("2027-W01", 1) == "2026-W53"
    assert weeks_before("2026-W47", 104) == "2024-W47"


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(0, 400),
)
def test_months_are_counted_back_to_a_day_that_exists(moment: datetime, months: int) -> None:
    before = months_before(moment, months)
    apart = (moment.year - before.year) * 12 + moment.month - before.month
    assert apart == months
    assert before.day <= moment.day
    assert before.day == moment.day or (before + DAY).day == 1
