"""Joining a meeting, choosing and changing sides, and leaving."""

from __future__ import annotations

from datetime import timedelta

from tests.end_to_end.kit import Phone
from tests.meetings.prompts.kit import TUESDAY, Meetings, group, meeting


async def test_who_scans_the_code_joins_and_says_on_which_side(bot: Meetings, alice: Phone) -> None:
    made = await bot.plan(meeting())
    await alice.say(f"/start {made.code}")
    assert "de visite bij Wijkteam Oost" in alice.read
    assert alice.last.labels == ["Ik ben te gast", "Wij ontvangen", "Toch niet"]
    await alice.tap("Ik ben te gast")
    assert await bot.states() == [("ask", "planned"), ("follow_up", "planned")]


async def test_on_which_side_somebody_is_stays_asked_whatever_is_typed(
    bot: Meetings, alice: Phone
) -> None:
    made = await bot.plan(meeting())
    await alice.say(f"/start {made.code}")
    for words in ("wat bedoel je?", "ja"):
        await alice.say(words)
        assert alice.last.labels == ["Ik ben te gast", "Wij ontvangen", "Toch niet"]
    await alice.say("ik ben te gast")
    assert await bot.states() == [("ask", "planned"), ("follow_up", "planned")]


async def test_the_code_on_the_wall_may_also_be_typed(bot: Meetings, alice: Phone) -> None:
    made = await bot.plan(group())
    for typed in (made.code, made.code.lower().replace("-", " ")):
        await alice.say(typed)
        assert "Je doet mee met Leergroep Jeugd." in alice.read
    await alice.say("K7MF-3QX")
    assert "Leergroep" not in alice.read


async def test_leaving_is_one_tap_and_nothing_is_asked(bot: Meetings, alice: Phone) -> None:
    made = await bot.plan(meeting())
    await alice.say(f"/start {made.code}")
    await alice.tap("Toch niet")
    assert "niets meer van mij" in alice.read
    await bot.until(TUESDAY + timedelta(days=50))
    assert not any("Wat bleef je bij" in text for text in alice.sentences)


async def test_who_changes_sides_is_asked_as_who_they_are_now(bot: Meetings, alice: Phone) -> None:
    made = await bot.plan(meeting())
    await alice.say(f"/start {made.code}")
    await alice.tap("Ik ben te gast")
    assert "Je bent te gast." in alice.read
    assert alice.last.labels == ["Wij ontvangen", "Toch niet"]
    await alice.tap("Wij ontvangen")
    assert "Jullie ontvangen." in alice.read
    await bot.until(TUESDAY + timedelta(hours=4))
    assert "Wijkteam Zuid was bij jullie op visite" in alice.read
    assert [row.kind for row in await bot.prompts() if row.state == "sent"] == ["ask"]


async def test_who_joins_long_after_the_end_may_tell_at_once(bot: Meetings, alice: Phone) -> None:
    made = await bot.plan(group(start=TUESDAY - timedelta(days=10)))
    await alice.say(f"/start {made.code}")
    assert "is al geweest" in alice.read
    await alice.tap("Ja, ik vertel nu")
    assert any("Je was bij Leergroep Jeugd." in text for text in alice.sentences)


async def test_the_members_of_a_series_are_asked_after_every_meeting(
    bot: Meetings, alice: Phone
) -> None:
    made = await bot.plan(group(rrule="FREQ=WEEKLY;COUNT=3"))
    await alice.say(f"/start {made.code}")
    for week in range(3):
        await bot.until(TUESDAY + timedelta(days=7 * week, hours=4))
        assert sum("Je was bij Leergroep Jeugd." in text for text in alice.sentences) == week + 1
        await alice.tap("Deze keer niet")
