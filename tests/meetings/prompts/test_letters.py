"""By mail: invited, asked, and answered through a personal link, without an account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from bot.meetings import invitations
from bot.meetings.model.meeting import Meeting
from storage.meetings import links as personal_links
from storage.people import people
from tests.end_to_end.tellers import WebTeller
from tests.meetings.prompts.kit import TUESDAY, Meetings, group, meeting
from tests.meetings.prompts.mailbox import Mailbox, links

ALICE = "alice@example.nl"


async def invited(bot: Meetings, made: Meeting, **how: object) -> None:
    app = bot.house.app
    await app.database.write(
        lambda c: invitations.invite(c, app.services, made, [ALICE], bot.clock.now(), **how)  # type: ignore[arg-type]
    )
    app.outbox.wake()
    await bot.house.settle()


def payload(link: str) -> str:
    return link.rpartition("/v/")[2]


async def test_an_invitation_says_what_it_is_and_asks_for_the_side(
    bot: Meetings, box: Mailbox
) -> None:
    await invited(bot, await bot.plan(meeting()))
    letter = box.letters[0]
    assert letter["Subject"] == "Doe je mee met de visite bij Wijkteam Oost?"
    guest, host, leave, stop = links(letter)
    assert guest.endswith("-guest")
    assert host.endswith("-host")
    assert leave.endswith("-leave")
    assert "/u/" in stop


async def test_inviting_twice_sends_one_letter(bot: Meetings, box: Mailbox) -> None:
    made = await bot.plan(meeting())
    await invited(bot, made)
    await invited(bot, made)
    assert len(box.letters) == 1


async def test_the_link_in_a_prompt_begins_the_guide_of_the_side_that_was_said(
    bot: Meetings, box: Mailbox
) -> None:
    await invited(bot, await bot.plan(meeting()))
    async with WebTeller(bot.house) as page:
        await page.open(payload(links(box.letters[0])[0]))
        assert "Je bent te gast. Na afloop heb ik één vraag." in page.sentences[-1]
    await bot.until(TUESDAY + timedelta(hours=4))
    letter = box.letters[1]
    assert letter["Subject"] == "Hoe was de visite bij Wijkteam Oost?"
    async with WebTeller(bot.house) as page:
        await page.open(payload(links(letter)[0]))
        assert any("Je was te gast bij Wijkteam Oost, als" in each for each in page.sentences)
    assert (await bot.states())[0] == ("ask", "answered")


async def test_who_never_said_a_side_is_asked_for_it_first(bot: Meetings, box: Mailbox) -> None:
    await invited(bot, await bot.plan(meeting()))
    await bot.until(TUESDAY + timedelta(hours=4))
    async with WebTeller(bot.house) as page:
        await page.open(payload(links(box.letters[1])[0]))
        await page.tap("Wij ontvingen")
        assert any("Wijkteam Zuid" in each for each in page.sentences)


async def test_tomorrow_can_be_clicked_in_the_letter_and_brings_a_new_one(
    bot: Meetings, box: Mailbox
) -> None:
    await invited(bot, await bot.plan(group()))
    await bot.until(TUESDAY + timedelta(hours=4))
    tomorrow = next(link for link in links(box.letters[1]) if link.endswith("-tomorrow"))
    async with WebTeller(bot.house) as page:
        await page.open(payload(tomorrow))
        assert "Morgen rond 09:00" in page.sentences[-1]
    await bot.until(TUESDAY + timedelta(days=1))
    assert len(box.letters) == 3


async def test_one_click_in_the_mail_program_ends_all_letters(bot: Meetings, box: Mailbox) -> None:
    made = await bot.plan(group())
    await invited(bot, made)
    address = str(box.letters[0]["List-Unsubscribe"]).strip("<>")
    async with aiohttp.ClientSession() as session:
        async with session.get(address) as page:
            assert "Wil je geen mail meer van mij?" in await page.text()
        async with session.post(address, data={"List-Unsubscribe": "One-Click"}) as page:
            assert page.status == 200
    await invited(bot, await bot.plan(meeting()))
    await bot.change(replace(made, state="cancelled"))
    await bot.until(TUESDAY + timedelta(days=1))
    assert len(box.letters) == 1


async def test_a_letter_of_years_ago_ends_all_letters_too(bot: Meetings, box: Mailbox) -> None:
    await invited(bot, await bot.plan(group()))
    address, app = str(box.letters[0]["List-Unsubscribe"]).strip("<>"), bot.house.app
    later = TUESDAY + timedelta(days=900)
    await app.database.write(lambda c: personal_links.forget(c, later) and None)
    bot.clock.move(days=900)
    async with aiohttp.ClientSession() as session, session.post(address) as page:
        assert "geen mail meer" in await page.text()
    await invited(bot, await bot.plan(group(start=later + timedelta(days=9), title="Nieuw")))
    assert len(box.letters) == 1


@pytest.mark.parametrize("made_up", ["a" * 43, f"{'0' * 32}-{'0' * 64}"])
async def test_a_link_that_is_not_known_says_so_and_not_that_it_ended_something(
    bot: Meetings, made_up: str
) -> None:
    async with aiohttp.ClientSession() as session:
        for method in ("get", "post"):
            url = f"{bot.house.url}/u/{made_up}"
            async with session.request(method, url) as page:
                assert page.status == 404
                assert "Deze link ken ik niet meer." in await page.text()


async def test_an_address_that_does_not_exist_is_marked(bot: Meetings, box: Mailbox) -> None:
    box.refuse = "550 5.1.1 no such user"
    await invited(bot, await bot.plan(group()))
    box.refuse = ""
    await bot.until(TUESDAY + timedelta(days=1))
    assert box.letters == []
    assert ("ask", "failed") in await bot.states()


async def test_erasing_the_page_erases_the_person_of_the_letters(
    bot: Meetings, box: Mailbox
) -> None:
    await invited(bot, await bot.plan(group()))
    async with WebTeller(bot.house) as page:
        await page.open(payload(links(box.letters[0])[0]))
        await page.say("/wissen")
        await page.tap("Ja, wis alles")
    app = bot.house.app
    found = await app.database.read(lambda s: people.find(s, "mail", ALICE))
    assert found is None
    assert await bot.house.count("personallink") == 0


async def test_a_moved_meeting_is_told_by_mail_too(bot: Meetings, box: Mailbox) -> None:
    made = await bot.plan(group())
    await invited(bot, made)
    later = timedelta(days=1)
    await bot.change(replace(made, start=made.start + later, end=made.end + later))
    assert box.letters[1]["Subject"] == "Verzet: Leergroep Jeugd"


async def test_the_web_chat_shows_an_open_prompt_when_its_person_returns(bot: Meetings) -> None:
    made = await bot.plan(group())
    async with WebTeller(bot.house) as page:
        await page.open(made.code)
        await page.tap("Ik doe mee")
        await page.close()
        await bot.until(TUESDAY + timedelta(hours=4))
        await page.open()
        assert "Je was bij Leergroep Jeugd." in page.sentences[-1]
        await page.tap("Nu")
        assert any("Daar leren teams van." in each for each in page.sentences)


async def test_the_web_chat_shows_all_that_was_asked_in_one_message(bot: Meetings) -> None:
    both = [await bot.plan(group()), await bot.plan(meeting())]
    async with WebTeller(bot.house) as page:
        for made in both:
            await page.open(made.code)
        await page.close()
        await bot.until(TUESDAY + timedelta(hours=4))
        await page.open()
        assert "Eén is genoeg" in page.sentences[-1]
        await page.tap("Leergroep Jeugd")
        assert any("Daar leren teams van." in each for each in page.sentences)


async def test_no_address_and_no_link_stands_in_the_database(bot: Meetings, box: Mailbox) -> None:
    await invited(bot, await bot.plan(group()))
    token = payload(links(box.letters[0])[0])[:43].encode()
    folder = bot.house.folder
    stored = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
    for needle in (ALICE.encode(), token, b"Jeugd"):
        assert needle not in stored
