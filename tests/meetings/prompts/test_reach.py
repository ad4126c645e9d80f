"""Who has only a page, which cannot ring, says how to be reached later; and is reached."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest
from icalendar import Calendar

from bot.meetings.invitations import invite
from bot.turns import conversation
from storage.meetings import meetings
from storage.stories import stories
from tests.end_to_end.kit import Phone
from tests.end_to_end.scripts import RESIDENT, YES_TO_ALL, Deed, Say, Tap, tell
from tests.end_to_end.tellers import WebTeller
from tests.meetings.prompts.kit import TUESDAY, Meetings, group, meeting
from tests.meetings.prompts.mailbox import Mailbox, links

ALICE = "alice@example.nl"
SEEN = "Bij hen zit de inwoner altijd zelf aan tafel, ook als het spannend is."
AS_GUEST: tuple[Deed, ...] = (
    Tap("Ja, ik doe mee"),
    Tap("Een spiegel voor ons"),
    Say(SEEN),
    Tap("Klaar"),
    Tap("Sla over"),
    Tap("Sla over"),
    Tap("Sla over"),
    Tap("Nee"),
    Tap("Zo klopt het"),
    Tap("Ja, dat mag"),
    Tap("Zo is het goed"),
)
"""A guest of a visit, up to the code."""


async def give_address(page: WebTeller, address: str = ALICE) -> None:
    await page.tap("Per e-mail")
    await page.say(address)


async def joined(bot: Meetings, page: WebTeller, code: str) -> None:
    await page.open(f"{code}-guest")
    assert "Hoe kan ik je later bereiken?" in page.sentences[-1]


async def test_a_page_that_was_closed_is_followed_by_a_letter_after_the_meeting(
    bot: Meetings, box: Mailbox
) -> None:
    made = await bot.plan(meeting())
    async with WebTeller(bot.house) as page:
        await joined(bot, page, made.code)
        await give_address(page, " Alice@Example.nl ")
        assert page.sentences[-1] == "Goed. Je hoort het per mail."
    first = await box.received(1)
    assert (first["To"], first["Subject"]) == (ALICE, "Na de visite bij Wijkteam Oost")
    await bot.until(TUESDAY + timedelta(hours=4))
    asked = await box.received(2)
    assert asked["Subject"] == "Hoe was de visite bij Wijkteam Oost?"
    states = [row.state for row in await bot.prompts() if row.kind == "ask"]
    assert sorted(states) == ["cancelled", "sent"]
    async with WebTeller(bot.house) as elsewhere:
        await elsewhere.open(links(asked)[0].rpartition("/v/")[2])
        assert any("Je was te gast bij Wijkteam Oost" in each for each in elsewhere.sentences)
        await tell(elsewhere, AS_GUEST)
        assert any("Je code:" in each for each in elsewhere.sentences)
    kept = await bot.house.story()
    assert (kept.telling.guide, kept.telling.text) == ("after_visit_guest", SEEN)
    assert [row.state for row in await bot.prompts() if row.kind == "remind"] == ["answered"]


async def test_a_stranger_whose_address_was_given_can_refuse_with_one_tap(
    bot: Meetings, box: Mailbox
) -> None:
    made = await bot.plan(group())
    async with WebTeller(bot.house) as page:
        await page.open(f"{made.code}-member")
        await give_address(page)
    letter = await box.received(1)
    async with WebTeller(bot.house) as stranger:
        await stranger.open(links(letter)[1].rpartition("/v/")[2])
        assert "niets meer van mij" in stranger.sentences[-1]
    await bot.until(TUESDAY + timedelta(hours=4))
    assert len(box.letters) == 1


@pytest.mark.parametrize("typed", ["alice", "alice@", "a@b@c.nl", "bel mij maar"])
async def test_what_is_no_address_is_asked_again(bot: Meetings, box: Mailbox, typed: str) -> None:
    made = await bot.plan(meeting())
    async with WebTeller(bot.house) as page:
        await joined(bot, page, made.code)
        await page.tap("Per e-mail")
        await page.say(typed)
        assert "geen e-mailadres" in page.sentences[-1]
        await page.say(ALICE)
        assert page.sentences[-1] == "Goed. Je hoort het per mail."


async def test_who_comes_back_by_themselves_finds_the_question_on_the_page(
    bot: Meetings, box: Mailbox
) -> None:
    made = await bot.plan(meeting())
    async with WebTeller(bot.house) as page:
        await joined(bot, page, made.code)
        await page.tap("Ik kom zelf terug")
        assert "op deze pagina" in page.sentences[-1]
        await bot.until(TUESDAY + timedelta(hours=4))
        await page.open()
        assert any(
            "Je was te gast bij Wijkteam Oost. Wat bleef je bij?" in each for each in page.sentences
        )
    assert not box.letters


async def test_a_date_for_the_own_calendar_holds_the_moment_and_the_way_back(
    bot: Meetings,
) -> None:
    made = await bot.plan(meeting())
    async with WebTeller(bot.house) as page:
        await joined(bot, page, made.code)
        await page.tap("In mijn agenda")
        link = next(word for word in page.sentences[-1].split() if word.endswith(".ics"))
    path = link.partition("/agenda/")[2]
    async with aiohttp.ClientSession() as browser:
        async with browser.get(f"{bot.house.url}/agenda/{path}") as answer:
            assert answer.status == 200
            (event,) = Calendar.from_ical(await answer.text()).walk("VEVENT")
        async with browser.get(f"{bot.house.url}/agenda/{path}?taal=en") as answer:
            assert "How was" in await answer.text()
        async with browser.get(
            f"{bot.house.url}/agenda/{path.replace(made.code, 'AAAA-AAA')}"
        ) as answer:
            assert answer.status == 404
    assert event["SUMMARY"] == "Hoe was de visite bij Wijkteam Oost?"
    assert str(event["URL"]).endswith(f"/m/{made.code}")
    asks = [row.due_at for row in await bot.prompts() if row.kind == "ask"]
    assert [event.decoded("DTSTART")] == asks


async def test_one_page_cannot_send_letters_to_many(bot: Meetings, box: Mailbox) -> None:
    async with WebTeller(bot.house) as page:
        for number in range(5):
            made = await bot.plan(group(uid=f"g{number}@test", title=f"Groep {number}"))
            await page.open(f"{made.code}-member")
            await give_address(page, f"someone{number}@example.nl")
    await bot.house.settle()
    assert len(box.letters) == 3


async def test_a_question_that_was_put_off_comes_by_letter_at_that_moment(
    bot: Meetings, box: Mailbox
) -> None:
    made = await bot.plan(meeting())
    async with WebTeller(bot.house) as page:
        await joined(bot, page, made.code)
        await page.tap("Ik kom zelf terug")
        await bot.until(TUESDAY + timedelta(hours=4))
        await page.open()
        await page.tap("Morgen")
        assert "Hoe kan ik je later bereiken?" in page.sentences[-1]
        await give_address(page)
    await box.received(1)
    await bot.until(TUESDAY + timedelta(days=1))
    letter = await box.received(2)
    assert letter["Subject"] == "Hoe was de visite bij Wijkteam Oost?"
    states = [row.state for row in await bot.prompts() if row.kind == "ask"]
    assert sorted(states) == ["cancelled", "sent"]


async def test_who_wants_to_hear_of_a_story_hears_by_letter_what_was_done_with_it(
    bot: Meetings, box: Mailbox
) -> None:
    app = bot.house.app
    async with WebTeller(bot.house) as page:
        await tell(page, RESIDENT, YES_TO_ALL)
        assert "Hoe kan ik u later bereiken?" in page.sentences[-1]
        await give_address(page)
        assert page.sentences[-2] == "Goed. U hoort het per mail."
        assert "Maak daarna dit scherm leeg." in page.sentences[-1]
    story = await bot.house.story()
    back = await app.database.read(lambda s: stories.return_address(s, story.id))
    assert back is not None
    assert (back.channel, back.address) == ("mail", ALICE)


async def test_a_story_that_waits_is_brought_to_mind_by_a_letter_without_a_word_of_it(
    bot: Meetings, box: Mailbox
) -> None:
    async with WebTeller(bot.house) as page:
        await tell(page, RESIDENT[:5])
        await page.say("/stop")
        await page.tap("Later verder")
        assert "Hoe kan ik u later bereiken?" in page.sentences[-1]
        await give_address(page)
    bot.clock.move(days=3)
    await bot.house.app.runner.take_due()
    await bot.tick()
    letter = await box.received(1)
    assert letter["Subject"] == "Wilt u verder vertellen?"
    assert bot.house.url in str(letter.get_body(("plain",)))


async def test_a_story_that_waits_is_brought_to_mind_in_telegram_without_a_word_of_it(
    bot: Meetings, alice: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "is_reachable", lambda url: True)
    async with WebTeller(bot.house) as page:
        await tell(page, (*RESIDENT[:5], Say("Zij kwam op dinsdag langs.")))
        await page.say("/stop")
        await page.tap("Later verder")
        payload = await link_into_telegram(page)
    await alice.say(f"/start {payload}")
    assert "één keer aan je verhaal" in alice.sentences[-1]
    for _ in range(2):
        bot.clock.move(days=3)
        await bot.house.app.runner.take_due()
        await bot.tick()
    assert alice.read.count("Het staat nog op slot klaar") == 1
    assert bot.house.url in alice.read
    assert "dinsdag" not in alice.read


async def test_telegram_is_no_way_back_where_a_message_cannot_lead_to_the_page(
    bot: Meetings, box: Mailbox
) -> None:
    async with WebTeller(bot.house) as page:
        await tell(page, RESIDENT[:5])
        await page.say("/stop")
        await page.tap("Later verder")
        labels = {each["label"] for each in page.rows[-1]["buttons"]}
        assert {"Per e-mail", "Ik kom zelf terug"} <= labels
        assert "In Telegram" not in labels


async def test_who_leaves_it_for_later_and_comes_back_alone_goes_on(bot: Meetings) -> None:
    async with WebTeller(bot.house) as page:
        await tell(page, RESIDENT[:5])
        await page.say("/stop")
        await page.tap("Later verder")
        await page.tap("Ik kom zelf terug")
        assert any("op dit toestel" in each for each in page.sentences[-2:])
        await page.tap("Verder")
        await page.say("Zij kwam op woensdag langs, en dat hielp.")
        assert any("Ik heb het" in each for each in page.sentences[-2:])


async def test_typing_the_address_of_another_shows_and_changes_nothing_of_theirs(
    bot: Meetings, box: Mailbox
) -> None:
    app = bot.house.app
    theirs = await bot.plan(group(uid="theirs@test", title="Schulden"))
    await app.database.write(lambda c: invite(c, app.services, theirs, [ALICE], bot.clock.now()))
    made = await bot.plan(group())
    async with WebTeller(bot.house) as page:
        await page.open(f"{made.code}-member")
        await give_address(page)
        await page.say("/bijeenkomst")
        assert not any("Schulden" in each for each in page.sentences)
        await page.say("/wissen")
        await page.tap("Ja, wis alles")
    members = await app.database.read(meetings.counts)
    assert members == {theirs.id: 1, made.id: 1}


async def test_an_address_that_was_only_typed_here_is_erased_with_everything_else(
    bot: Meetings, box: Mailbox
) -> None:
    made = await bot.plan(group())
    async with WebTeller(bot.house) as page:
        await page.open(f"{made.code}-member")
        await give_address(page)
        await page.say("/wissen")
        await page.tap("Ja, wis alles")
    assert await bot.house.rows("person") == []


@pytest.mark.parametrize("about", ["story", "prompt", "meeting"])
async def test_a_button_that_was_made_up_reaches_nothing_of_another(
    bot: Meetings, box: Mailbox, about: str
) -> None:
    app = bot.house.app
    made = await bot.plan(meeting())
    async with WebTeller(bot.house) as teller, WebTeller(bot.house) as stranger:
        await tell(teller, RESIDENT, YES_TO_ALL)
        await teller.open(f"{made.code}-guest")
        story = await bot.house.story()
        prompt = (await bot.prompts())[0]
        its_id = {"story": story.id, "prompt": prompt.id, "meeting": made.id}[about]
        await stranger.open()
        for way in ("mail", "telegram", "self"):
            await stranger.do("tap", turn=0, button=f"d:reach:{way}:{about}:{its_id}", label="x")
            assert "hoort bij een eerdere vraag" in "".join(stranger.sentences[-2:])
        await stranger.say(ALICE)
    back = await app.database.read(lambda s: stories.return_address(s, story.id))
    assert back is not None
    assert back.channel == "web"
    assert not box.letters


async def test_help_is_heard_while_an_address_is_asked_for(bot: Meetings) -> None:
    made = await bot.plan(meeting())
    async with WebTeller(bot.house) as page:
        await joined(bot, page, made.code)
        await page.tap("Per e-mail")
        before = len(page.sentences)
        await page.say("Hulp nu")
        assert "113" in "".join(page.sentences[before:])
        await page.say(ALICE)
        assert page.sentences[-1] == "Goed. Je hoort het per mail."


async def link_into_telegram(page: WebTeller) -> str:
    """What follows `/start` in the link."""
    await page.tap("In Telegram")
    said = next(each for each in reversed(page.sentences) if "?start=" in each)
    return said.partition("?start=")[2].split()[0]


async def test_who_has_only_a_page_is_asked_in_telegram_after_the_meeting(
    bot: Meetings, alice: Phone
) -> None:
    bob = bot.house.phone("Bob")
    made = await bot.plan(meeting())
    async with WebTeller(bot.house) as page:
        await joined(bot, page, made.code)
        payload = await link_into_telegram(page)
        assert len(payload) <= 64
    await alice.say(f"/start {payload}")
    assert "Na de visite bij Wijkteam Oost heb ik één vraag." in alice.read
    await bob.say(f"/start {payload}")  # it works once
    assert "Deze link ken ik niet meer" in "".join(bob.sentences)
    await bot.until(TUESDAY + timedelta(hours=4))
    assert "Je was te gast bij Wijkteam Oost" in alice.read
    assert "te gast" not in bob.read
    states = [row.state for row in await bot.prompts() if row.kind == "ask"]
    assert sorted(states) == ["cancelled", "sent"]


async def test_a_link_into_telegram_opens_nothing_on_a_page(bot: Meetings, alice: Phone) -> None:
    made = await bot.plan(meeting())
    async with WebTeller(bot.house) as page, WebTeller(bot.house) as stranger:
        await joined(bot, page, made.code)
        first = await link_into_telegram(page)
        again = await link_into_telegram(page)
        for payload in (first, again, again.removeprefix("w-")):
            await stranger.open(payload)
            assert "Deze link ken ik niet meer" in "".join(stranger.sentences[-2:])
    await alice.say(f"/start {first}")  # a newer one was made since
    assert "Deze link ken ik niet meer" in "".join(alice.sentences)
    await alice.say(f"/start {again}")
    assert "heb ik één vraag" in alice.read


async def test_news_of_a_story_comes_in_telegram_and_shows_nothing_of_it(
    bot: Meetings, alice: Phone
) -> None:
    app = bot.house.app
    async with WebTeller(bot.house) as page:
        await tell(page, RESIDENT, YES_TO_ALL)
        payload = await link_into_telegram(page)
    story = await bot.house.story()
    await alice.say(f"/start {payload}")
    assert "Hier hoor je wat er met je verhaal gebeurt" in alice.read
    back = await app.database.read(lambda s: stories.return_address(s, story.id))
    assert back is not None
    assert back.channel == "telegram"
    await alice.say("/mijnverhalen")
    assert story.telling.headline not in alice.read
