"""What an author sees of a step is what each channel sends of it."""

from __future__ import annotations

import pytest

from bot.authoring.channel_previews import ChannelPreview, channel_previews
from bot.authoring.rehearsal import as_shown
from bot.channels.whatsapp.assembly import shape_words
from conversations.authoring.trial_start import said_at
from conversations.engine.effects import Button, Say
from conversations.guide.loading import load_guides
from conversations.guide.model import Guide

GUIDES = load_guides()
WORDS = shape_words(GUIDES, "nl")


def shown(say: Say) -> dict[str, ChannelPreview]:
    return {each.channel: each for each in channel_previews(say, WORDS)}


def labels(preview: ChannelPreview) -> list[str]:
    last = preview.messages[-1]
    return [*(label for row in last.rows for label in row), *(title for title, _ in last.listed)]


@pytest.mark.parametrize("name", sorted(GUIDES.ids))
def test_every_channel_shows_all_of_a_step(name: str) -> None:
    guide: Guide = GUIDES.get(name, "nl")
    seen = 0
    for step in guide.steps:
        say = said_at(guide, step, {})
        if say is None:
            continue
        seen += 1
        say = as_shown(say, "vijf woorden")
        every = shown(say)
        assert list(every) == ["web", "telegram", "whatsapp"]
        for each in every.values():
            text = "".join("".join(m.text.split()) for m in each.messages)
            card = ("card", 0) in each.notes  # drawn by the web chat, below the first lines
            wanted = say.text.partition("\n\n")[0] if card else say.text
            assert "".join(wanted.split()) in text, (step, each.channel)
            assert all(gauge.used >= 0 and gauge.most > 0 for gauge in each.gauges)
        assert labels(every["telegram"]) == [each.label for each in say.buttons]
        notes = dict(every["whatsapp"].notes)
        assert bool(every["whatsapp"].messages[-1].opens) == bool({"list", "list_long"} & {*notes})
    assert seen > len(guide.steps) / 2


def question(*names: str, text: str = "Wat hielp?") -> dict[str, ChannelPreview]:
    buttons = tuple(Button(f"o:{n}", label) for n, label in enumerate(names))
    return shown(Say(text, buttons, turn=1))


@pytest.mark.parametrize(
    ("names", "notes", "gauge"),
    [
        (("Ja", "Nee"), [], ("button", 3, 20)),
        (("Ja", "Nee", "Weet ik niet", "Soms"), ["list"], ("row", 12, 24)),
        (("Iemand die echt luistert", "Nee"), ["list_long"], ("row", 24, 24)),
        (tuple(f"Antwoord {n}" for n in range(12)), ["list", "pages", "numbers"], ("row", 11, 24)),
    ],
)
def test_whatsapp_says_what_becomes_of_the_buttons(
    names: tuple[str, ...], notes: list[str], gauge: tuple[str, int, int]
) -> None:
    found = question(*names)["whatsapp"]
    assert [name for name, _ in found.notes] == notes
    assert gauge in [(each.name, each.used, each.most) for each in found.gauges]


def test_a_text_that_does_not_fit_is_said_to_be_more_messages() -> None:
    found = question("Ja", "Nee", text="Een zin van een verhaal. " * 60)
    assert dict(found["whatsapp"].notes)["messages"] == 2
    assert next(each for each in found["whatsapp"].gauges if each.name == "body").over
    assert found["telegram"].notes == found["web"].notes == ()
