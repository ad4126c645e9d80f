"""From joining to the answer, in Telegram: one prompt, at the right time, and never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.meetings.prompts import sending
from bot.meetings.prompts.prompt_lane import PromptLane
from bot.turns import conversation
from bot.turns.commit import commit
from bot.turns.context import TurnContext
from storage.engine.transaction import Transaction
from storage.meetings import prompts
from storage.outbox import queue
from storage.people import people
from tests.end_to_end.kit import Phone
from tests.meetings.prompts.kit import TUESDAY, Meetings, group, meeting

PROMPT = "Je was te gast bij Wijkteam Oost."


async def joined(bot: Meetings, phone: Phone, **changes: object) -> str:
    """Join a visit as a guest; its code."""
    made = await bot.plan(meeting(**changes))
    await phone.say(f"/start {made.code}")
    await phone.tap("Ik ben te gast")
    return made.code


async def test_a_prompt_is_answered_before_what_was_asked_earlier(
    bot: Meetings, alice: Phone
) -> None:
    await joined(bot, alice)
    await alice.say("/wissen")
    await bot.until(TUESDAY + timedelta(hours=20))
    assert PROMPT in alice.read
    await alice.act("sticker")
    assert PROMPT in alice.read
    await alice.say("ja")
    assert await bot.house.count("person") == 1
    assert "Doe je mee?" in alice.read


async def test_two_hours_after_the_end_the_prompt_comes(bot: Meetings, alice: Phone) -> None:
    await joined(bot, alice)
    await bot.until(TUESDAY + timedelta(hours=3, minutes=59))
    assert PROMPT not in alice.read
    await bot.until(TUESDAY + timedelta(hours=4))
    assert PROMPT in alice.read
    assert alice.last.labels == ["Nu", "Vanavond", "Morgen", "Deze keer niet", "Nooit meer vragen"]
    assert (await bot.states())[0] == ("ask", "sent")


async def test_now_begins_the_guide_of_ones_side_and_knows_the_team(
    bot: Meetings, alice: Phone
) -> None:
    await bot.house.team("Wijkteam Zuid", "Zwolle")
    await joined(bot, alice)
    await bot.until(TUESDAY + timedelta(hours=4))
    await alice.tap("Nu")
    said = " ".join(alice.sentences)
    assert "Je was te gast bij Wijkteam Oost, als kritische vriend." in said
    assert (await bot.states())[0] == ("ask", "answered")
    await alice.tap("Ja, ik doe mee")


async def test_who_does_not_answer_is_reminded_once(bot: Meetings, alice: Phone) -> None:
    await joined(bot, alice)
    await bot.until(TUESDAY + timedelta(days=20))
    reminders = [text for text in alice.sentences if "Een paar dagen terug" in text]
    assert len(reminders) == 1
    assert sum(PROMPT in text for text in alice.sentences) == 1
    await bot.until(TUESDAY + timedelta(days=50))
    assert not any("Zes weken terug" in text for text in alice.sentences)
    assert dict(await bot.states())["follow_up"] == "cancelled"


async def test_who_answered_is_not_reminded_but_asked_what_came_of_it(
    bot: Meetings, alice: Phone
) -> None:
    await joined(bot, alice)
    await bot.until(TUESDAY + timedelta(hours=4))
    await alice.tap("Nu")
    await alice.tap("Liever niet")
    await bot.until(TUESDAY + timedelta(days=50))
    assert not any("Een paar dagen terug" in text for text in alice.sentences)
    assert sum("Zes weken terug" in text for text in alice.sentences) == 1


async def test_this_evening_means_half_past_seven(bot: Meetings, alice: Phone) -> None:
    await joined(bot, alice)
    await bot.until(TUESDAY + timedelta(hours=4))
    await alice.tap("Vanavond")
    assert "Vanavond rond 19:30" in alice.read
    await bot.until(datetime(2026, 11, 24, 18, 29, tzinfo=UTC))
    assert PROMPT not in alice.read
    await bot.until(datetime(2026, 11, 24, 18, 30, tzinfo=UTC))
    assert PROMPT in alice.read
    asked = alice.user.messages[-1]
    assert [each.text for each in asked.buttons][:2] == ["Nu", "Morgen"]


async def test_tomorrow_means_nine_in_the_morning(bot: Meetings, alice: Phone) -> None:
    await joined(bot, alice)
    await bot.until(TUESDAY + timedelta(hours=4))
    await alice.tap("Morgen")
    assert "Morgen rond 09:00" in alice.read
    await bot.until(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    assert PROMPT in alice.read


async def test_an_answer_may_also_be_typed(bot: Meetings, alice: Phone) -> None:
    await joined(bot, alice)
    await bot.until(TUESDAY + timedelta(hours=4))
    await alice.say("morgen")
    assert "Morgen rond 09:00" in alice.read


async def test_never_again_may_be_typed_at_any_time(bot: Meetings, alice: Phone) -> None:
    await joined(bot, alice)
    await alice.say("Nooit meer vragen")
    assert "niets meer" in alice.read
    count = len(alice.sentences)
    await bot.until(TUESDAY + timedelta(days=50))
    assert alice.since(count) == []


async def test_not_this_time_may_be_typed_after_this_evening(bot: Meetings, alice: Phone) -> None:
    await joined(bot, alice)
    await bot.until(TUESDAY + timedelta(hours=4))
    await alice.say("vanavond", "deze keer niet")
    assert "Hierover vraag ik niets meer" in alice.read
    count = len(alice.sentences)
    await bot.until(TUESDAY + timedelta(days=50))
    assert alice.since(count) == []


async def test_not_this_time_ends_it_for_this_meeting_only(bot: Meetings, alice: Phone) -> None:
    await joined(bot, alice)
    later = await bot.plan(group(start=TUESDAY + timedelta(days=7)))
    await alice.say(f"/start {later.code}")
    await bot.until(TUESDAY + timedelta(hours=4))
    await alice.tap("Deze keer niet")
    await bot.until(TUESDAY + timedelta(days=7, hours=4))
    assert "Je was bij Leergroep Jeugd." in alice.read
    assert not any("Een paar dagen terug" in text for text in alice.sentences)


async def test_never_again_ends_all_of_it_until_it_is_turned_on(
    bot: Meetings, alice: Phone
) -> None:
    await joined(bot, alice)
    later = await bot.plan(group(start=TUESDAY + timedelta(days=7)))
    await alice.say(f"/start {later.code}")
    await bot.until(TUESDAY + timedelta(hours=4))
    await alice.tap("Nooit meer vragen")
    count = len(alice.sentences)
    await bot.until(TUESDAY + timedelta(days=6))
    assert alice.since(count) == []
    await alice.say("/bijeenkomst")
    await alice.tap("Weer vragen")
    await bot.until(TUESDAY + timedelta(days=7, hours=4))
    assert "Je was bij Leergroep Jeugd." in alice.read


async def test_a_prompt_waits_for_the_end_of_an_open_story(bot: Meetings, alice: Phone) -> None:
    await joined(bot, alice)
    await alice.say("/start resident")
    await alice.tap("Ja, ik doe mee")
    await bot.until(TUESDAY + timedelta(hours=5))
    assert not any(PROMPT in text for text in alice.sentences)
    await alice.say("/stop")
    await alice.tap("Gooi alles weg")
    await bot.tick()
    assert PROMPT in alice.read


async def test_two_meetings_on_one_day_are_asked_about_in_one_message(
    bot: Meetings, alice: Phone
) -> None:
    await joined(bot, alice)
    made = await bot.plan(group(start=TUESDAY + timedelta(hours=3)))
    await alice.say(f"/start {made.code}")
    await bot.until(TUESDAY + timedelta(days=1))
    asked = [text for text in alice.sentences if "Eén is genoeg" in text]
    assert len(asked) == 1
    assert "de visite bij Wijkteam Oost" in asked[0]
    assert "Leergroep Jeugd" in asked[0]
    assert asked[0].index("de visite") < asked[0].index("Leergroep")
    assert not any(PROMPT in text for text in alice.sentences)
    await alice.say("nu")
    assert "Eén is genoeg" in alice.read
    await alice.tap("Leergroep Jeugd")
    await alice.tap("De visite bij Wijkteam Oost")
    assert any("Je was te gast bij Wijkteam Oost, als" in text for text in alice.sentences)
    await bot.until(TUESDAY + timedelta(days=20))
    assert not any("Een paar dagen terug" in text for text in alice.sentences)


async def test_a_moved_meeting_moves_its_prompt_and_people_hear_so(
    bot: Meetings, alice: Phone
) -> None:
    made = await bot.plan(meeting())
    await alice.say(f"/start {made.code}")
    await alice.tap("Ik ben te gast")
    moved = timedelta(days=2)
    await bot.change(replace(made, start=made.start + moved, end=made.end + moved, state="moved"))
    assert "is verzet" in alice.read
    await bot.until(TUESDAY + timedelta(hours=12))
    assert not any(PROMPT in text for text in alice.sentences)
    await bot.until(TUESDAY + moved + timedelta(hours=4))
    assert PROMPT in alice.read


async def test_a_cancelled_meeting_is_not_asked_about_and_people_hear_so(
    bot: Meetings, alice: Phone
) -> None:
    made = await bot.plan(meeting())
    await alice.say(f"/start {made.code}")
    await alice.tap("Wij ontvangen")
    await bot.change(replace(made, state="cancelled"))
    assert "gaat niet door" in alice.read
    await bot.until(TUESDAY + timedelta(days=50))
    assert not any("visite" in text for text in alice.sentences[3:])


async def test_a_prompt_more_than_five_days_late_is_not_sent_but_reported(
    bot: Meetings, alice: Phone, clock: object
) -> None:
    await joined(bot, alice)
    bot.clock.move(days=6)
    await bot.tick()
    assert not any(PROMPT in text for text in alice.sentences)
    assert (await bot.states())[0] == ("ask", "expired")


async def test_a_day_of_downtime_only_delays_a_prompt(bot: Meetings, alice: Phone) -> None:
    await joined(bot, alice)
    bot.clock.move(days=1)
    await bot.tick()
    assert PROMPT in alice.read


async def test_an_old_tap_is_answered_kindly_and_telling_is_still_possible(
    bot: Meetings, alice: Phone
) -> None:
    await joined(bot, alice)
    await bot.until(TUESDAY + timedelta(hours=4))
    bot.clock.move(days=30)
    await alice.tap("Nu")
    assert "al wat ouder" in alice.read
    await alice.tap("Ik vertel nu")
    await alice.tap("Ja, ik doe mee")


async def test_erasing_takes_meetings_and_prompts_along(bot: Meetings, alice: Phone) -> None:
    await joined(bot, alice)
    await alice.say("/wissen")
    await alice.tap("Ja, wis alles")
    assert await bot.house.count("member") == 0
    assert await bot.house.count("prompt") == 0


async def test_what_is_known_of_ones_meetings_can_be_asked_for(bot: Meetings, alice: Phone) -> None:
    await joined(bot, alice)
    await alice.say("/mijngegevens")
    readable, data = (
        call.params["document"][1].decode() for call in bot.house.api.called("sendDocument")
    )
    assert "De visite bij Wijkteam Oost" in readable
    assert '"side": "guest"' in data


async def test_a_story_begun_while_a_prompt_waits_in_the_outbox_is_not_interrupted(
    bot: Meetings, alice: Phone
) -> None:
    await joined(bot, alice)
    bot.clock.move(hours=6)
    app, now = bot.house.app, bot.clock.now()
    meeting_id = (await bot.prompts())[0].meeting_id

    def between(connection: Transaction) -> bool:
        """The prompt is in the outbox, the story begins, and then it is the prompt's turn."""
        sending.take(connection, app.services, now, "telegram")
        rows = prompts.of_meeting(connection, meeting_id)
        (claimed,) = (row for row in rows if row.state == "claimed")
        person = people.by_id(connection, claimed.person_id)
        assert person is not None
        context = TurnContext(app.services, connection, person, now)
        conversation.begin(context, "resident")
        commit(context)
        assert claimed.outbox_id is not None
        went = PromptLane(app.services).may_send(connection, claimed.outbox_id, now)
        queue.drop(connection, claimed.outbox_id)
        return went

    assert not await app.database.write(between)
    (waiting, *_) = await bot.prompts()
    assert (waiting.state, waiting.waits) == ("planned", True)


async def test_an_answer_typed_at_once_begins_the_guide_of_that_meeting(
    bot: Meetings, alice: Phone
) -> None:
    made = await bot.plan(group())
    await alice.say(f"/start {made.code}")
    await alice.tap("Ik doe mee")
    await bot.until(TUESDAY + timedelta(hours=4))
    await alice.say("Het bleef me bij hoe open iedereen vertelde.")
    assert "als begin van je verhaal" in "\n".join(alice.sentences)
    assert ("ask", "answered") in await bot.states()
    while "Klaar" not in alice.last.labels:
        await alice.tap(alice.last.labels[0])
    await alice.tap("Klaar")
    await tell_on(alice)
    assert "Het bleef me bij hoe open iedereen vertelde." in "\n".join(alice.sentences)


async def tell_on(phone: Phone) -> None:
    """Skip until the card is shown."""
    while "Zo klopt het" not in phone.last.labels:
        skip = [each for each in phone.last.labels if each in ("Sla over", "Weet ik niet")]
        await phone.tap((skip or phone.last.labels)[-1 if not skip else 0])


async def test_a_sign_at_a_prompt_begins_no_story_and_the_prompt_comes_again(
    bot: Meetings, alice: Phone
) -> None:
    await joined(bot, alice)
    await bot.until(TUESDAY + timedelta(hours=4))
    for sign in ("👍", "❤️", "..."):
        await alice.say(sign)
        assert "een teken alleen" in alice.sentences[-2]
        assert alice.last.labels[0] == "Nu"
    await alice.say("Het ging goed, de koffie was warm.")
    assert "als begin van je verhaal" in "\n".join(alice.sentences)


async def test_no_thank_you_to_a_prompt_means_not_this_time(bot: Meetings, alice: Phone) -> None:
    await joined(bot, alice)
    await bot.until(TUESDAY + timedelta(hours=4))
    await alice.say("nee bedankt")
    assert "Hierover vraag ik niets meer" in alice.read
    assert "Welkom" not in alice.read


async def test_an_answer_whose_guide_is_not_clear_is_said_not_to_be_kept(
    bot: Meetings, alice: Phone
) -> None:
    made = await bot.plan(meeting())
    await alice.say(f"/start {made.code}")  # and says not on which side
    await bot.until(TUESDAY + timedelta(hours=4))
    await alice.say("Het was een mooie middag met veel open vragen.")
    assert "heb ik nog niet bewaard" in "\n".join(alice.sentences[-2:])
    assert alice.last.labels[0] == "Nu"


NO_STORY = (
    "stop", "terug", "later", "niet nu", "ik heb nu geen tijd", "hallo", "2", "👍",
    "wat bedoel je?",
)  # fmt: skip


async def test_what_is_no_story_begins_none_and_leaves_the_prompt_open(
    bot: Meetings, alice: Phone
) -> None:
    """Where the guide is known, so that words of a story would begin it; help comes as always."""
    made = await bot.plan(group())
    await alice.say(f"/start {made.code}")
    await alice.tap("Ik doe mee")
    await bot.until(TUESDAY + timedelta(hours=4))
    for words in NO_STORY:
        await alice.say(words)
        assert "Wat bleef je bij?" in alice.read, words
        assert await bot.house.count("conversation") == 0, words
    await alice.say("hulp")
    assert "bel 113" in alice.read
    assert (await bot.states())[0] == ("ask", "sent")
    await alice.say("Morgen dan")
    assert (await bot.states())[0] == ("ask", "snoozed")
    for words in ("dankjewel", "👍", "tot morgen"):
        await alice.say(words)
        assert alice.read.startswith("Goed. Dank je wel."), words
    await alice.say("Hoe open iedereen vertelde, dat bleef hangen.")
    assert "begin van je verhaal" in alice.since(5)[-5]
