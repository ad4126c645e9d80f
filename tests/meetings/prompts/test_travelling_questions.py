"""A question that a guest leaves travels: to the team that was visited, then to the next visit."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

from bot.meetings import invitations
from bot.meetings.model.rows import from_row
from storage.engine.transaction import Transaction
from storage.meetings import meetings
from storage.stories import relays, uses, withdrawals
from storage.stories.relays import TravellingQuestion
from tests.end_to_end.kit import Phone
from tests.end_to_end.scripts import Deed, Say, Tap, tell
from tests.end_to_end.test_own import code
from tests.meetings.prompts.kit import TUESDAY, Meetings, meeting
from tests.meetings.prompts.mailbox import Mailbox

ASKED = "Wie belt er bij jullie terug?"
GUEST: tuple[Deed, ...] = (
    Tap("Nu"), Tap("Ja, ik doe mee"), Tap("Wat schuurde"),
    Say("Aan tafel viel het stil toen het over de wachtlijst ging."), Tap("Klaar"),
    Say("Het viel stil"), Tap("Onzeker"), Tap("Klaar met kiezen"),
    Tap("De buurt"), Tap("Klaar met kiezen"), Tap("Ja"), Say("Een stoel erbij."), Say(ASKED),
    Tap("Past hier niet"), Tap("Weet ik niet"), Tap("Past hier niet"), Tap("Weet ik niet"),
    Tap("Past hier niet"), Tap("Past hier niet"), Tap("Zeg ik liever niet"), Tap("Zo klopt het"),
    Tap("Ja, dat mag"),
)  # fmt: skip


async def left(bot: Meetings, alice: Phone) -> tuple[str, str]:
    """Alice was a guest at Oost, and left a question that may travel. Where, and the next visit of
    Oost."""
    for name in ("Wijkteam Oost", "Wijkteam Zuid", "Wijkteam West"):
        await bot.house.team(name, "Zwolle")
    first = await bot.plan(meeting())
    following = await bot.plan(
        meeting(start=TUESDAY + timedelta(days=9), guest_team="Wijkteam West")
    )
    await alice.say(f"/start {first.code}")
    await alice.tap("Ik ben te gast")
    await bot.until(TUESDAY + timedelta(hours=4))
    await tell(alice, GUEST, (Tap("Mijn vraag reist mee"), Tap("Zo is het goed")))
    return first.id, following.id


async def found(bot: Meetings, meeting_id: str) -> list[TravellingQuestion]:
    return await bot.house.app.database.read(lambda s: relays.left_at(s, [meeting_id]))


async def test_it_goes_to_the_host_then_opens_the_next_visit_and_goes_with_its_code(
    bot: Meetings, alice: Phone
) -> None:
    first, following = await left(bot, alice)
    (question,) = await found(bot, first)
    assert (question.text, question.state) == (ASKED, "offered")
    assert (question.left_id, question.next_id) == (first, following)
    story, app = await bot.house.story(), bot.house.app
    stored = "".join(map(str, await bot.house.rows("relayedquestion")))
    assert story.id not in stored
    assert ASKED not in stored
    used = await app.database.read(lambda s: uses.of_story(s, story.id))
    assert [(each.kind, each.reference) for each in used] == [("relay", question.id)]

    bob, row = bot.house.phone("Bob"), await bot.house.rows("meeting")
    joins = next(str(each[2]) for each in row if each[0] == following)
    await bob.say(f"/start {joins}")
    await bob.tap("Wij ontvangen")
    assert not any(ASKED in said for said in bob.sentences)  # without a yes of Oost it waits
    await app.database.write(lambda c: relays.move(c, question.id, "travels", following))
    carol = bot.house.phone("Carol")
    await carol.say(f"/start {joins}")
    await carol.tap("Ik ben te gast")
    assert any(ASKED in said for said in carol.sentences)
    assert not any("wachtlijst" in said for said in carol.sentences)
    assert [each.state for each in await found(bot, first)] == ["opened"]

    secret = code(alice)
    await carol.say(secret)
    await carol.tap("Weghalen")
    await carol.tap("Ja, haal het weg")
    assert await found(bot, first) == []
    assert await bot.house.count("relayedquestion") == 0


async def test_taken_back_in_the_passport_it_travels_no_more(bot: Meetings, alice: Phone) -> None:
    first, following = await left(bot, alice)
    (question,) = await found(bot, first)
    await bot.house.app.database.write(lambda c: relays.move(c, question.id, "travels", following))
    await alice.say("/mijnverhalen")
    await alice.tap("Het viel stil", "Waar is het gebruikt", "Haal 1 terug", "Ja, haal het terug")
    assert await found(bot, first) == []


async def invite(bot: Meetings, meeting_id: str, language: str = "nl") -> None:
    app = bot.house.app

    def work(connection: Transaction) -> None:
        row = meetings.by_id(connection, meeting_id)
        assert row is not None
        address = f"{language}@example.nl"
        invitations.invite(
            connection, app.services, from_row(row), [address], bot.clock.now(), language=language
        )

    await app.database.write(work)
    app.outbox.wake()


def both(letter: EmailMessage) -> tuple[str, str]:
    """What is read of a letter, with and without markup."""
    parts = [letter.get_body((kind,)) for kind in ("plain", "html")]
    plain, html = (str(part.get_content()) if part is not None else "" for part in parts)
    return plain, html


async def test_with_a_yes_it_stands_in_the_invitation_in_every_language(
    bot: Meetings, alice: Phone, box: Mailbox
) -> None:
    first, following = await left(bot, alice)
    (question,) = await found(bot, first)
    await invite(bot, following, "nl")  # Oost has not said yes: it waits
    await bot.house.settle()
    await bot.house.app.database.write(lambda c: relays.move(c, question.id, "travels", following))
    for language in ("en", "tr", "ar"):
        await invite(bot, following, language)
    await bot.house.settle()
    early, *later = [both(letter) for letter in box.letters]
    assert ASKED not in early[0] + early[1]
    assert len(later) == 3
    for plain, html in later:
        assert plain.count(ASKED) == html.count(ASKED) == 1
        assert "{" not in plain
        assert "wachtlijst" not in plain + html
    assert [each.state for each in await found(bot, first)] == ["opened"]


async def test_taken_back_while_an_invitation_waits_it_goes_without_it(
    bot: Meetings, alice: Phone, box: Mailbox
) -> None:
    first, following = await left(bot, alice)
    (question,) = await found(bot, first)
    app = bot.house.app
    await app.database.write(lambda c: relays.move(c, question.id, "travels", following))
    await bot.until(TUESDAY + timedelta(hours=8))  # the evening: letters wait for the morning
    await invite(bot, following)
    assert box.letters == []
    story, services = await bot.house.story(), app.services
    await app.database.write(
        lambda c: withdrawals.withdraw(c, story.id, services.erased, "2026-W47")
    )
    await bot.until(TUESDAY + timedelta(days=1))
    plain, html = both(box.letters[-1])
    assert "visite bij Wijkteam Oost" in plain
    assert ASKED not in plain + html
    assert "{" not in plain
