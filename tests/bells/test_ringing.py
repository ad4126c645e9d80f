"""One prompt, several bells: in their order, each once at most, and only what certainly failed
passes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.base import Bell, Refused, Uncertain, Unreachable, Withheld
from bot.meetings.prompts.answers import decline_all
from storage.people import people
from tests.bells.kit import bench


async def test_push_is_gone_whatsapp_undeliverable_and_mail_comes_last(tmp_path: Path) -> None:
    async with bench(tmp_path) as house:
        ann = await house.teller("ann", "push", "whatsapp", "mail")
        house.channels["push"].does.append(Unreachable("410 from the push service"))
        await house.prompt()
        await house.deliver()
        assert await house.attempts(ann) == [
            ("push", "failed", "410 from the push service"),
            ("whatsapp", "rung", ""),
        ]
        (message,) = house.channels["whatsapp"].sent
        now = house.clock.now()
        assert await house.write(lambda c: house.lane.failed(c, message.id, Refused("131026"), now))
        await house.deliver()
        assert await house.attempts(ann) == [
            ("push", "failed", "410 from the push service"),
            ("whatsapp", "failed", "131026"),
            ("mail", "rung", ""),
        ]
        assert house.rung("ann") == ["whatsapp", "mail"]


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("again", [False, True])
async def test_what_is_withheld_is_tried_once_more_after_a_day_and_then_passes_on(
    tmp_path: Path, again: bool, later: bool
) -> None:
    """Whether it is told at once or later."""
    async with bench(tmp_path) as house:
        ann = await house.teller("ann", "whatsapp", "mail")
        whatsapp = house.channels["whatsapp"]
        withheld = Withheld("131049")
        whatsapp.does.extend([] if later else [withheld] * (1 + again))
        await house.prompt()
        await house.deliver()
        if later:
            now, first = house.clock.now(), whatsapp.sent[-1].id
            assert await house.write(lambda c: house.lane.failed(c, first, withheld, now))
        house.clock.move(hours=23)
        await house.deliver()
        assert await house.attempts(ann) == [("whatsapp", "waiting", "131049")]
        house.clock.move(hours=2)
        await house.deliver()
        if later and again:
            now, second = house.clock.now(), whatsapp.sent[-1].id
            assert second != first
            assert await house.write(lambda c: house.lane.failed(c, second, withheld, now))
            await house.deliver()
        rung = [(channel, state) for channel, state, _ in await house.attempts(ann)]
        passed = [("whatsapp", "failed"), ("mail", "rung")]
        assert rung == (passed if again else [("whatsapp", "rung")])


async def test_what_is_uncertain_passes_on_to_nobody(tmp_path: Path) -> None:
    async with bench(tmp_path) as house:
        ann = await house.teller("ann", "push", "mail")
        house.channels["push"].does.append(Uncertain("no answer"))
        await house.prompt()
        await house.deliver()
        await house.deliver()
        assert await house.attempts(ann) == [("push", "uncertain", "")]
        assert house.rung("ann") == ["push"]


async def test_a_bell_says_nothing_of_what_is_asked(tmp_path: Path) -> None:
    async with bench(tmp_path) as house:
        await house.teller("ann", "whatsapp")
        await house.prompt()
        await house.deliver()
        (message,) = house.channels["whatsapp"].sent
        assert isinstance(message.effect, Bell)
        assert message.effect.text == "Er staat een vraag klaar."
        assert message.effect.link.startswith("http://127.0.0.1:8080/v/")
        (asked,) = house.channels["web"].sent
        assert "Leergroep Jeugd" in str(asked.effect)


@pytest.mark.parametrize("refused", [Refused("400"), Unreachable("410")])
async def test_without_a_bell_that_is_left_it_ends(tmp_path: Path, refused: Exception) -> None:
    async with bench(tmp_path) as house:
        ann = await house.teller("ann", "push")
        house.channels["push"].does.append(refused)
        await house.prompt()
        await house.deliver()
        assert await house.attempts(ann) == [("push", "failed", str(refused))]
        assert house.rung("ann") == []


async def test_nothing_rings_in_the_quiet_hours_of_a_person(tmp_path: Path) -> None:
    async with bench(tmp_path) as house:
        ann = await house.teller("ann", "push")
        quiet = ann.remembering(quiet=("09:00", "11:30"))  # it is half past ten there
        await house.write(lambda c: people.save(c, quiet))
        await house.prompt()
        await house.deliver()
        assert [state for _, state, _ in await house.attempts(ann)] == ["waiting"]
        assert house.rung("ann") == []
        house.clock.move(minutes=61)
        await house.deliver()
        assert house.rung("ann") == ["push"]


async def test_who_answers_first_is_not_rung(tmp_path: Path) -> None:
    async with bench(tmp_path) as house:
        ann = await house.teller("ann", "push", "mail")
        quiet = ann.remembering(quiet=("09:00", "11:30"))
        await house.write(lambda c: people.save(c, quiet))
        await house.prompt()
        await house.deliver()
        await house.write(lambda c: decline_all(c, [ann.id]))
        house.clock.move(minutes=61)
        await house.deliver()
        assert await house.attempts(ann) == [("push", "needless", "")]
        assert house.rung("ann") == []
