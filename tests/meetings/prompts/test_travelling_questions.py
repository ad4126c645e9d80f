"""A question that a guest leaves travels: to the team that was visited, then to the next visit."""

from __future__ import annotations

from datetime import timedelta

from storage.stories import relays, uses
from storage.stories.relays import TravellingQuestion
from tests.end_to_end.kit import Phone
from tests.end_to_end.scripts import Deed, Say, Tap, tell
from tests.end_to_end.test_own import code
from tests.meetings.prompts.kit import TUESDAY, Meetings, meeting

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
