"""Stories are kept with consent only, read for the purposes that were given, and withdrawn."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.engine.transaction import Transaction
from storage.gate.counts import of_week
from storage.outbox import outbox
from storage.people import people, states
from storage.stories import consents, moderation, stories, withdrawals
from storage.stories.consents import CONSENT, ConsentMissing
from storage.stories.stories import STORY, NoStory, ReturnAddress
from storage.vault.vault import SealBroken, new_id
from tests.storage.people.test_states import state
from tests.storage.stores import NOW, WEEK, Store, consent, telling

BACK = ReturnAddress("p1", "telegram", "4711", "nl")


async def record(store: Store, story_id: str, *answers: tuple[Any, str]) -> None:
    def add(connection: Transaction) -> None:
        for purpose, answer in answers:
            stories.record(connection, story_id, consent(purpose, answer), BACK)

    await store.database.write(add)


async def purposes(store: Store, story_id: str) -> tuple[str, ...]:
    story = await store.database.read(lambda s: stories.read(s, story_id))
    assert story is not None
    return story.purposes


async def counted(store: Store, audience: str) -> dict[tuple[str, str], int]:
    found = await store.database.read(lambda s: of_week(s, audience, WEEK))
    return {(each.dimension, each.value): each.count for each in found}


# -- keeping


async def test_a_kept_story_reads_back_and_is_found_by_its_code(store: Store) -> None:
    story_id, code = await store.story()
    read = store.database.read
    story = await read(lambda s: stories.read(s, story_id))
    assert story is not None
    assert (story.telling, story.week, story.purposes) == (telling(), WEEK, ("keep",))
    assert await read(lambda s: stories.by_code(s, code.upper())) == story_id
    assert await read(lambda s: stories.code_of(s, story_id)) == code
    assert await read(lambda s: stories.by_code(s, "dit is geen code hoor")) is None


@pytest.mark.parametrize("given", [("keep", "no"), ("team", "yes")])
async def test_without_a_yes_to_keeping_nothing_is_kept(store: Store, given: Any) -> None:
    with pytest.raises(ConsentMissing):
        await store.database.write(lambda c: stories.keep(c, telling(), consent(*given), WEEK))
    assert (await store.database.read(stories.counts))["all"] == 0
    assert await counted(store, "zwolle-oost") == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"keep_record": "made-up"},
        {"keep_record": "refused"},
        {"keep_record": "refused", "keep_answer": "no"},
        {"keep_record": "for-the-team", "keep_purpose": "team"},
        {"keep_record": None},
        {"keep_answer": None},
    ],
)
async def test_the_database_itself_refuses_a_story_without_consent(
    store: Store, changes: dict[str, str | None]
) -> None:
    story_id, _ = await store.story()

    def by_hand(connection: Transaction) -> None:
        row = dict(connection.execute(select(STORY)).mappings().one())
        given = dict(connection.execute(select(CONSENT)).mappings().one())
        refused = {"id": "refused", "answer": "no", "event": "refused"}
        for other in (refused, {"id": "for-the-team", "purpose": "team"}):
            connection.execute(insert(CONSENT).values(given | other))
        connection.execute(insert(STORY).values(row | {"id": "x", "code_hash": "x"} | changes))

    with pytest.raises(IntegrityError):
        await store.database.write(by_hand)
    assert (await store.database.read(stories.counts))["all"] == 1
    assert await purposes(store, story_id) == ("keep",)


async def test_a_consent_can_be_added_and_emptied_but_never_changed(store: Store) -> None:
    await store.story()
    forbidden = [
        update(CONSENT).values(answer="coordinator"),
        update(CONSENT).values(notice_sha256="other"),
        update(CONSENT).values(story_hash="other", sealed=None),
        update(CONSENT).values(sealed=b"\x01other"),
        CONSENT.delete(),
    ]
    for statement in forbidden:
        with pytest.raises(DBAPIError, match="append-only"):
            await store.database.write(lambda c, s=statement: c.execute(s))  # type: ignore[misc]
    await store.database.write(lambda c: c.execute(update(CONSENT).values(sealed=None)))
    with pytest.raises(DBAPIError, match="append-only"):
        await store.database.write(lambda c: c.execute(update(CONSENT).values(sealed=b"\x02x")))


async def test_postgresql_does_not_let_the_consents_be_truncated(postgres_store: Store) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        await postgres_store.database.write(lambda c: c.execute(text("TRUNCATE consent CASCADE")))


async def test_a_changed_story_keeps_id_and_code_and_asks_all_purposes_again(
    store: Store,
) -> None:
    story_id, code = await store.story()
    await record(store, story_id, ("team", "yes"), ("network", "yes"), ("contact", "yes"))
    changed = telling(text="Anders verteld", answers={"feelings": ["sad"]}, team="")
    again = await store.database.write(
        lambda c: stories.keep(c, changed, consent(), "2026-W48", story_id=story_id)
    )
    assert again == (story_id, code)
    story = await store.database.read(lambda s: stories.read(s, story_id))
    assert story is not None
    assert (story.telling, story.week, story.purposes) == (changed, WEEK, ("keep",))


async def test_a_story_is_counted_by_its_closed_answers_for_who_may_read_it(store: Store) -> None:
    answers: dict[str, Any] = {"promise": ["together", "context"], "movement_chains_networks": 10}
    story_id, _ = await store.story(answers=answers)
    await record(store, story_id, ("team", "yes"))
    assert await counted(store, "association") == {}
    assert await counted(store, "zwolle-oost") == {
        ("story", ""): 1,
        ("language", "nl"): 1,
        ("channel", "telegram"): 1,
        ("answer:promise", "together"): 1,
        ("answer:promise", "context"): 1,
        ("answer:movement_chains_networks", "0"): 1,
    }
    await record(store, story_id, ("network", "yes"))
    assert (await counted(store, "association"))["story", ""] == 1
    assert await counted(store, "everyone") == {}
    await store.database.write(lambda c: moderation.clear(c, story_id))
    assert (await counted(store, "everyone"))["story", ""] == 1
    await store.database.write(lambda c: moderation.set_state(c, story_id, "held"))
    assert await counted(store, "everyone") == await counted(store, "association") == {}


# -- purposes


async def test_each_purpose_opens_with_its_own_yes(store: Store) -> None:
    story_id, _ = await store.story()
    assert await purposes(store, story_id) == ("keep",)
    await record(store, story_id, ("team", "yes"))
    assert await purposes(store, story_id) == ("keep", "team")
    await record(store, story_id, ("network", "yes"), ("quote", "yes"), ("relay", "yes"))
    assert await store.database.read(stories.counts) == {
        "all": 1, "team": 1, "network": 1, "quote": 1, "relay": 1, "contact": 0,
    }  # fmt: skip


async def test_a_no_to_the_team_closes_what_goes_beyond_it(store: Store) -> None:
    story_id, _ = await store.story()
    await record(store, story_id, ("team", "yes"), ("network", "yes"), ("quote", "yes"))
    await record(store, story_id, ("contact", "yes"), ("team", "no"))
    assert await purposes(store, story_id) == ("keep", "contact")


async def test_the_database_refuses_a_network_without_the_team(store: Store) -> None:
    story_id, _ = await store.story()
    with pytest.raises(IntegrityError):
        await record(store, story_id, ("network", "yes"))
    with pytest.raises(IntegrityError):
        await record(store, story_id, ("team", "coordinator"), ("quote", "yes"))


async def test_contact_holds_a_sealed_address_until_it_is_taken_back(store: Store) -> None:
    story_id, _ = await store.story()
    await record(store, story_id, ("contact", "yes"))
    read = store.database.read
    assert await read(lambda s: stories.return_address(s, story_id)) == BACK
    await record(store, story_id, ("contact", "no"))
    assert await read(lambda s: stories.return_address(s, story_id)) is None
    with pytest.raises(ValueError, match="return address"):
        await store.database.write(lambda c: stories.record(c, story_id, consent("contact")))


async def test_the_record_keeps_the_exact_words_and_every_change(store: Store) -> None:
    story_id, _ = await store.story()
    await record(store, story_id, ("team", "no"), ("team", "yes"), ("team", "no"))
    past = await store.database.read(lambda s: consents.history(s, story_id))
    assert sorted((entry.purpose, entry.event) for entry in past) == [
        ("keep", "given"), ("team", "given"), ("team", "refused"), ("team", "withdrawn"),
    ]  # fmt: skip
    kept = next(entry for entry in past if entry.purpose == "keep")
    assert kept.record == consent()
    assert kept.week == WEEK
    assert len(kept.notice_sha256) == 64


async def test_a_purpose_of_no_story_is_refused(store: Store) -> None:
    with pytest.raises(NoStory):
        await record(store, new_id(), ("team", "yes"))
    story_id, _ = await store.story()
    with pytest.raises(ValueError, match="keep"):
        await record(store, story_id, ("keep", "no"))


# -- going


async def test_a_withdrawn_story_is_gone_with_all_that_it_came_from(store: Store) -> None:
    alice = await store.person()
    await store.database.write(
        lambda c: outbox.put(c, alice.id, {"text": "card"}, 1, "say", "reply", NOW)
    )
    await store.database.write(lambda c: states.save(c, alice.id, state(), NOW))
    story_id, code = await store.story(alice)
    await record(store, story_id, ("contact", "yes"))
    assert await store.database.write(lambda c: withdrawals.withdraw(c, story_id, store.log, WEEK))
    read = store.database.read
    assert await read(lambda s: stories.read(s, story_id)) is None
    assert await read(lambda s: stories.by_code(s, code)) is None
    assert await read(lambda s: outbox.log(s, alice.id)) == []
    assert await read(lambda s: states.load(s, alice.id)) is None
    assert await counted(store, "zwolle-oost") == {}
    past = await read(lambda s: consents.history(s, story_id))
    assert [entry.record for entry in past] == [None, None, None]
    assert past[-1].event == "withdrawn"
    person = await read(lambda s: people.by_id(s, alice.id))
    assert person is not None
    assert await read(lambda s: stories.for_person(s, person.stories)) == []
    assert not await store.database.write(
        lambda c: withdrawals.withdraw(c, story_id, store.log, WEEK)
    )


async def test_withdrawing_one_story_leaves_the_messages_of_another(store: Store) -> None:
    alice = await store.person()

    async def say(text: str, story: str = "") -> None:
        await store.database.write(
            lambda c: outbox.put(c, alice.id, {"text": text}, 1, "say", "reply", NOW, story=story)
        )

    await say("first card")
    first, _ = await store.story(alice)
    await say("code of the first", first)
    await say("second card")
    second, _ = await store.story(alice)
    await store.database.write(lambda c: withdrawals.withdraw(c, first, store.log, WEEK))
    log = await store.database.read(lambda s: outbox.log(s, alice.id))
    assert [row.effect["text"] for row in log] == ["second card"]
    left = await store.database.read(lambda s: stories.for_person(s, [first, second]))
    assert [story.id for story in left] == [second]


async def test_what_was_sealed_for_one_story_does_not_open_for_another(store: Store) -> None:
    first, _ = await store.story()
    second, _ = await store.story()

    def swap(connection: Transaction) -> None:
        sealed = connection.scalar(select(STORY.c.sealed).where(STORY.c.id == first))
        connection.execute(update(STORY).where(STORY.c.id == second).values(sealed=sealed))

    await store.database.write(swap)
    with pytest.raises(SealBroken):
        await purposes(store, second)
