"""What people and coordinators do while prompts are on their way: nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery.lanes import Outcome
from bot.meetings import agenda, membership
from bot.meetings.model.meeting import Meeting, Override
from bot.meetings.prompts import answers, sending
from bot.meetings.prompts.planning import drop_member, plan_member
from bot.meetings.prompts.prompt_lane import PromptLane
from bot.meetings.prompts.schedule import PromptRules
from bot.turns.commit import commit
from bot.turns.context import TurnContext
from storage.engine.transaction import Transaction
from storage.meetings import meetings, prompts
from storage.outbox import queue
from storage.outbox.outbox import OUTBOX
from storage.people import people
from tests.end_to_end.kit import Phone
from tests.meetings.prompts.kit import TUESDAY, Meetings, group, meeting

ASK = "Wat bleef je bij? Het"
REMINDER = "Een paar dagen terug"
GROUP = "Je was bij Leergroep Jeugd."
BOTH = "Eén is genoeg"
LATER = timedelta(days=1)


async def two(bot: Meetings, alice: Phone) -> tuple[Meeting, Meeting]:
    """Alice joins a visit and, later that day, a learning group."""
    visit = await bot.plan(meeting())
    other = await bot.plan(group(start=TUESDAY + timedelta(hours=1)))
    for made in (visit, other):
        await alice.say(f"/start {made.code}")
    return visit, other


def drop(connection: Transaction, meeting_id: str, person_id: str, now: datetime) -> None:
    meetings.leave(connection, meeting_id, person_id)
    drop_member(connection, meeting_id, person_id, now)


async def meanwhile(bot: Meetings, act: Callable[[Transaction, datetime], object]) -> None:
    """The prompts that are due are in the outbox; this happens before they leave it."""
    bot.clock.move(hours=6)
    app, now = bot.house.app, bot.clock.now()

    def between(connection: Transaction) -> None:
        assert sending.take(connection, app.services, now, "telegram")["claimed"]
        act(connection, now)

    await app.database.write(between)
    await bot.tick()


async def on_its_way(
    bot: Meetings, act: Callable[[TurnContext, prompts.StoredPrompt], object], end: Outcome
) -> None:
    """The call goes out; this happens before its answer, `end`, is heard."""
    bot.clock.move(hours=6)
    app, now = bot.house.app, bot.clock.now()

    def between(connection: Transaction) -> None:
        sending.take(connection, app.services, now, "telegram")
        outbox_id = (
            connection.execute(
                OUTBOX.select().where(OUTBOX.c.lane == "prompt", OUTBOX.c.state == "pending")
            )
            .one()
            .id
        )
        assert PromptLane(app.services).may_send(connection, outbox_id, now)
        row = prompts.by_outbox(connection, outbox_id)
        assert row is not None
        person = people.by_id(connection, row.person_id)
        assert person is not None
        context = TurnContext(app.services, connection, person, now)
        act(context, row)
        commit(context)
        PromptLane(app.services).settle(connection, outbox_id, end, now)
        if end == "later":
            queue.later(connection, outbox_id, now, 1)
        else:
            queue.mark_failed(connection, outbox_id)

    await app.database.write(between)


async def test_a_tap_that_is_faster_than_the_answer_of_the_channel_keeps_its_time(
    bot: Meetings, alice: Phone
) -> None:
    made = await bot.plan(group())
    await alice.say(f"/start {made.code}")
    await on_its_way(bot, lambda s, row: answers.handle_tap(s, "tomorrow", row.id), "sent")
    row = (await bot.prompts())[0]
    assert (row.state, row.next_at) == ("snoozed", datetime(2026, 11, 25, 8, tzinfo=UTC))


async def test_a_meeting_that_moves_while_its_prompt_is_in_the_outbox_is_asked_about_once(
    bot: Meetings, alice: Phone
) -> None:
    made = await bot.plan(group())
    await alice.say(f"/start {made.code}")
    app = bot.house.app
    moved = replace(made, start=made.start + LATER, end=made.end + LATER)
    await meanwhile(bot, lambda c, now: agenda.change(c, app.services, moved, now))
    assert not any(GROUP in text for text in alice.sentences)
    await bot.until(TUESDAY + LATER + timedelta(hours=4))
    assert sum(GROUP in text for text in alice.sentences) == 1


@pytest.mark.parametrize("number", [0, 1])
async def test_what_was_to_be_asked_with_a_meeting_that_is_called_off_is_asked_alone(
    bot: Meetings, alice: Phone, number: int
) -> None:
    both, app = await two(bot, alice), bot.house.app
    await meanwhile(bot, lambda c, now: agenda.cancel(c, app.services, both[number], now))
    await bot.until(TUESDAY + LATER)
    assert sum(ASK in text for text in alice.sentences) == 1
    assert not any(BOTH in text for text in alice.sentences)


@pytest.mark.parametrize("number", [0, 1])
async def test_what_was_to_be_asked_with_a_meeting_that_one_leaves_is_asked_alone(
    bot: Meetings, alice: Phone, number: int
) -> None:
    both = await two(bot, alice)
    (person,) = {row.person_id for row in await bot.prompts()}
    await meanwhile(bot, lambda c, now: drop(c, both[number].id, person, now))
    await bot.until(TUESDAY + LATER)
    assert sum(ASK in text for text in alice.sentences) == 1
    assert not any(BOTH in text for text in alice.sentences)


async def test_who_leaves_and_joins_again_while_the_prompt_is_in_the_outbox_is_asked_once(
    bot: Meetings, alice: Phone
) -> None:
    made = await bot.plan(group())
    await alice.say(f"/start {made.code}")
    rules = PromptRules()
    (person,) = {row.person_id for row in await bot.prompts()}

    def leave_and_join(connection: Transaction, now: datetime) -> None:
        drop(connection, made.id, person, now)
        row = meetings.by_id(connection, made.id)
        assert row is not None
        meetings.join(connection, made.id, person, "member")
        plan_member(connection, row, person, now, rules)

    await meanwhile(bot, leave_and_join)
    await bot.until(TUESDAY + LATER)
    assert sum(GROUP in text for text in alice.sentences) == 1


async def test_a_question_about_two_meetings_comes_back_about_both(
    bot: Meetings, alice: Phone
) -> None:
    await two(bot, alice)
    await bot.until(TUESDAY + timedelta(hours=5))
    await alice.tap("Morgen")
    await bot.until(TUESDAY + LATER)
    assert sum(BOTH in text for text in alice.sentences) == 2
    assert not any(ASK in text for text in alice.sentences)
    await alice.tap("Leergroep Jeugd")
    await bot.until(TUESDAY + timedelta(days=20))
    assert not any(REMINDER in text for text in alice.sentences)


async def test_two_questions_that_were_put_off_to_the_same_hour_come_as_one(
    bot: Meetings, alice: Phone
) -> None:
    visit = await bot.plan(meeting(start=TUESDAY - LATER))
    other = await bot.plan(group())
    for made in (visit, other):
        await alice.say(f"/start {made.code}")
    await bot.until(TUESDAY)
    await alice.tap("Vanavond")
    await bot.until(TUESDAY + timedelta(hours=4, minutes=1))
    await alice.tap("Vanavond")
    await bot.until(TUESDAY + timedelta(hours=12))
    assert sum(BOTH in text for text in alice.sentences) == 1


async def test_the_reminder_comes_three_days_after_the_last_time_it_was_asked(
    bot: Meetings, alice: Phone
) -> None:
    made = await bot.plan(group(start=TUESDAY + timedelta(days=1)))
    await alice.say(f"/start {made.code}")
    await bot.until(TUESDAY + timedelta(days=1, hours=4))
    for days in (2, 3):  # Thursday, Friday; then it is Monday
        await alice.tap("Morgen")
        await bot.until(TUESDAY + timedelta(days=days))
    await alice.tap("Morgen")
    await bot.until(TUESDAY + timedelta(days=8))
    assert not any(REMINDER in text for text in alice.sentences)
    await bot.until(TUESDAY + timedelta(days=20))
    assert sum(REMINDER in text for text in alice.sentences) == 1


async def test_ask_and_reminder_put_off_to_the_same_hour_are_one_question(
    bot: Meetings, alice: Phone
) -> None:
    made = await bot.plan(group())
    await alice.say(f"/start {made.code}")
    await bot.until(TUESDAY + timedelta(days=4))
    assert REMINDER in alice.read
    ask, remind = (row for row in await bot.prompts() if row.kind != "follow_up")
    app, count = bot.house.app, len(alice.sentences)

    def later(connection: Transaction) -> None:
        person = people.by_id(connection, ask.person_id)
        assert person is not None
        context = TurnContext(app.services, connection, person, bot.clock.now())
        for row in (ask, remind):
            answers.handle_tap(context, "tomorrow", row.id)
        commit(context)

    await app.database.write(later)
    await bot.until(TUESDAY + timedelta(days=30))
    assert sum("Leergroep Jeugd" in text for text in alice.since(count)) == 1


@pytest.mark.parametrize("end", ["sent", "lost", "later"])
async def test_who_leaves_while_the_call_is_out_is_not_asked_again_or_reminded(
    bot: Meetings, alice: Phone, end: Outcome
) -> None:
    made = await bot.plan(group())
    await alice.say(f"/start {made.code}")
    await on_its_way(bot, lambda s, row: membership.handle_tap(s, "leave", row.meeting_id), end)
    await bot.until(TUESDAY + timedelta(days=30))
    assert not any(ASK in text or REMINDER in text for text in alice.sentences)


@pytest.mark.parametrize("end", ["sent", "later"])
async def test_a_meeting_called_off_while_the_call_is_out_is_not_asked_about_again(
    bot: Meetings, alice: Phone, end: Outcome
) -> None:
    made = await bot.plan(group(rrule="FREQ=MONTHLY"))
    await alice.say(f"/start {made.code}")
    day = TUESDAY.date()
    app = bot.house.app
    await on_its_way(
        bot, lambda s, row: agenda.cancel(s.connection, app.services, made, s.now, day), end
    )
    await bot.until(TUESDAY + timedelta(days=20))
    assert not any(ASK in text or REMINDER in text for text in alice.sentences)


async def test_who_turned_prompts_on_again_is_asked_only_about_what_is_still_held(
    bot: Meetings, alice: Phone
) -> None:
    first = await bot.plan(group(start=TUESDAY + LATER, title="Af"))
    second = await bot.plan(group(start=TUESDAY + 2 * LATER, title="Weg"))
    third = await bot.plan(group(start=TUESDAY + 3 * LATER, title="Later"))
    past = await bot.plan(meeting())
    for made in (first, second, third, past):
        await alice.say(f"/start {made.code}")
    await bot.until(TUESDAY + timedelta(hours=4))
    await alice.tap("Nooit meer vragen")
    await bot.change(replace(first, state="cancelled"))
    await alice.say("/bijeenkomst")
    await alice.tap("Leergroep Weg")
    later = timedelta(days=7)
    await bot.change(replace(third, start=third.start + later, end=third.end + later))
    await alice.say("/bijeenkomst")
    await alice.tap("Weer vragen")
    count = len(alice.sentences)
    await bot.until(TUESDAY + 7 * LATER)
    assert alice.since(count) == []
    await bot.until(TUESDAY + 3 * LATER + later + timedelta(hours=4))
    assert len(alice.since(count)) == 1
    assert "Je was bij Leergroep Later." in alice.read


async def test_of_a_series_people_hear_which_day_is_off_or_moved(
    bot: Meetings, alice: Phone
) -> None:
    made = await bot.plan(group(start=TUESDAY + LATER, rrule="FREQ=WEEKLY"))
    await alice.say(f"/start {made.code}")
    first, second = made.start, made.start + timedelta(days=7)
    off = Override(first, first, first + timedelta(hours=2), "Jeugd", cancelled=True)
    made = replace(made, overrides=(off,))
    await bot.change(made)
    assert "Leergroep Jeugd gaat niet door op woensdag 25 november." in alice.read
    moved = Override(second, second + LATER, second + LATER + timedelta(hours=1), "Jeugd")
    await bot.change(replace(made, overrides=(off, moved)))
    assert "van woensdag 2 december is verzet naar donderdag 3 december 14:00–15:00" in alice.read


async def test_who_asked_for_silence_hears_no_news(bot: Meetings, alice: Phone) -> None:
    made = await bot.plan(group(start=TUESDAY + 3 * LATER))
    past = await bot.plan(group())
    for one in (made, past):
        await alice.say(f"/start {one.code}")
    await bot.until(TUESDAY + timedelta(hours=4))
    await alice.tap("Nooit meer vragen")
    count = len(alice.sentences)
    await bot.change(replace(made, state="cancelled"))
    await bot.until(TUESDAY + LATER)
    assert alice.since(count) == []
