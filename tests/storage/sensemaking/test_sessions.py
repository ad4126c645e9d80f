"""Sessions: cards hold stories by id, the record rests on them from both sides, and what
participants did goes when a session closes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from storage import tables
from storage.coordinators import coordinators, teams
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Reads
from storage.engine.types import TableModel, core
from storage.sensemaking import patterns, record, rounds, session_cards, sessions
from storage.sensemaking.patterns import TooFewReadings
from storage.sensemaking.record import Grounds
from storage.sensemaking.sessions import SenseSession
from storage.stories import uses, withdrawals
from tests.storage.stores import FLAGS, WEEK, Store, shelve, telling

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@dataclass
class Made:
    store: Store
    who: Coordinator
    session: SenseSession

    async def write(self, fn: Any, *rest: Any, **named: Any) -> Any:
        return await self.store.database.write(lambda c: fn(c, *rest, **named))

    async def read(self, fn: Any, *rest: Any, **named: Any) -> Any:
        return await self.store.database.read(lambda s: fn(s, *rest, **named))


async def made(store: Store) -> Made:
    def prepare(connection: Any) -> tuple[Coordinator, SenseSession]:
        team = teams.add(connection, "Oost", "Zwolle")
        who = coordinators.add(connection, "team", "Bob", team=team.id)
        session = sessions.draft(who, NOW, title="Herfst", question="rings", query="", sits="team")
        sessions.add(connection, session)
        return who, session

    return Made(store, *await store.database.write(prepare))


async def told(at: Made, who: str = "team") -> str:
    """A story of the session's own team, which these may read."""
    flags = FLAGS[who]
    story = replace(telling(), team=at.who.team)
    (story_id,) = await at.store.database.write(lambda c: shelve(c, [(WEEK, story)], **flags))
    return story_id


def rows_of(reads: Reads, model: type[TableModel]) -> int:
    return int(reads.execute(select(func.count()).select_from(core(model))).scalar_one())


async def test_a_session_is_found_by_its_code_and_by_its_own_team(store: Store) -> None:
    at = await made(store)
    assert await at.read(sessions.by_code, at.session.code.lower()) == at.session
    assert await at.read(sessions.listed, at.who) == [at.session]
    other = await at.write(coordinators.add, "association", "Ans")
    assert await at.read(sessions.by_id, other, at.session.id) is None


async def test_a_card_is_taken_out_when_its_story_is_withdrawn(store: Store) -> None:
    at = await made(store)
    ids = [await told(at) for _ in range(3)]
    await at.write(session_cards.put, at.session, ids)
    table = await at.read(session_cards.on_table, at.session, None)
    assert [card.story.id for card in table] == ids
    await at.write(session_cards.note_printed, [card.id for card in table])
    assert await at.read(session_cards.is_valid, table[1].code)
    await store.database.write(lambda c: withdrawals.withdraw(c, ids[1], store.log, WEEK))
    assert not await at.read(session_cards.is_valid, table[1].code)
    assert await at.read(session_cards.to_take_out, at.session) == [(2, table[1].code)]
    table = await at.read(session_cards.on_table, at.session, at.who)
    assert [card.story and card.story.id for card in table] == [ids[0], None, ids[2]]


async def test_a_use_that_its_teller_took_back_is_out_of_the_session(store: Store) -> None:
    at = await made(store)
    one, other = await told(at), await told(at)
    await at.write(session_cards.put, at.session, [one, other])
    for kind in ("pack", "session"):
        await at.write(uses.write, kind, "team", at.session.id, [one, other], NOW)
    table = await at.read(session_cards.on_table, at.session, None)
    await at.write(session_cards.note_printed, [card.id for card in table])
    (pack, _) = await at.read(uses.of_story, one)
    assert await at.write(uses.take_back, one, [pack], NOW) == 1
    table = await at.read(session_cards.on_table, at.session, at.who)
    assert [card.story is None for card in table] == [True, False]
    assert await at.read(session_cards.to_take_out, at.session) == [(1, table[0].code)]


async def test_a_swapped_story_keeps_its_code_and_number(store: Store) -> None:
    at = await made(store)
    one, other = await told(at), await told(at)
    await at.write(session_cards.put, at.session, [one])
    (first,) = await at.read(session_cards.on_table, at.session, None)
    await at.write(session_cards.swap, at.session, first.id, other)
    (second,) = await at.read(session_cards.on_table, at.session, None)
    assert (second.story_id, second.place, second.number) == (other, 0, 2)
    await at.write(session_cards.swap, at.session, second.id, one)
    assert await at.read(session_cards.on_table, at.session, None) == [first]


async def test_what_not_everybody_in_the_session_may_read_is_no_card(store: Store) -> None:
    at = await made(store)
    mine = await told(at)
    only = await told(at, "coordinator")
    await at.write(session_cards.put, at.session, [mine, only])
    table = await at.read(session_cards.on_table, at.session, at.who)
    assert [card.story is not None for card in table] == [True, False]


async def test_the_record_rests_on_cards_and_interpretations_from_both_sides(store: Store) -> None:
    at = await made(store)
    story_id = await told(at)
    readings = [("Het is te druk", "team"), ("Men weet het niet", "inwoner")]
    await at.write(patterns.add, at.session.id, "rings", "", "Lang", readings)
    (pattern,) = await at.read(patterns.listed, at.session.id)
    grounds = Grounds((story_id,), (pattern.interpretations[0].id,))
    await at.write(record.add_outcome, at.session.id, "urgent", "Druk", grounds)
    decided = await at.write(
        record.add_decision, at.session.id, "Bellen", "Bob", "2027-01-15", grounds, NOW
    )
    (outcome,) = await at.read(record.outcomes, at.session.id)
    assert (outcome.kind, outcome.text, outcome.grounds) == ("urgent", "Druk", grounds)
    (decision,) = await at.read(record.decisions, at.session.id)
    assert (decision.id, decision.owner, decision.grounds) == (decided, "Bob", grounds)
    await store.database.write(lambda c: withdrawals.withdraw(c, story_id, store.log, WEEK))
    (left,) = await at.read(record.decisions, at.session.id)
    assert left.grounds.stories == ()


@pytest.mark.parametrize(
    "readings", [[], [("Druk", "team")], [("Druk", "team"), (" druk ", "inwoner")]]
)
async def test_a_pattern_needs_two_interpretations(
    sqlite_store: Store, readings: list[tuple[str, str]]
) -> None:
    at = await made(sqlite_store)
    with pytest.raises(TooFewReadings):
        await at.write(patterns.add, at.session.id, "rings", "", "Lang", readings)


async def test_what_participants_did_goes_when_the_session_closes(store: Store) -> None:
    at = await made(store)
    session = at.session
    person = await store.person("1")
    readings = [("Het is te druk", "team"), ("Men weet het niet", "inwoner")]
    pattern = await at.write(patterns.add, session.id, "rings", "", "Lang", readings)
    await at.write(rounds.take_seat, session.id, person.id, "resident")
    await at.write(rounds.take_seat, session.id, person.id, "professional")
    assert await at.read(rounds.taking_part, session.id) == 1
    seat = await at.read(rounds.seat_of, session.id, person.id)
    for value in (20, 70):
        await at.write(rounds.predict, seat, pattern, value)
    assert await at.read(rounds.predictions, pattern) == {"professional": [70]}
    for result in ({"n": 1}, {"n": 2}):
        await at.write(rounds.keep_result, session.id, pattern, result)
    await at.write(sessions.go_to, session, "open", NOW)
    assert await at.write(sessions.close_forgotten, NOW) == 0
    assert await at.write(sessions.close_forgotten, NOW + timedelta(seconds=1)) == 1
    assert await at.read(rounds.results, session.id) == {pattern: {"n": 1}}
    left = [
        await at.read(rows_of, model)
        for model in (tables.SessionSeat, tables.Participant, tables.Prediction, tables.Vote)
    ]
    assert left == [0, 0, 0, 0]
