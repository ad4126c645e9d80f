"""Voice messages and photos in Telegram, over the Bot API, to a kept story."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable

import pytest
from PIL import Image

from bot.settings import Pictures, Speech
from storage.stories import blobs, consents
from storage.stories.blobs import Content
from storage.stories.stories import Story
from tests.botapi import BotApi
from tests.botapi.faults import Fault
from tests.end_to_end.kit import House, Phone, running, settings
from tests.end_to_end.scripts import RESIDENT, YES_TO_ALL, Deed, Say, Tap
from tests.media.images import PLACE, bomb, photo
from tests.media.parrot import SENTENCE

Clip = Callable[[str], bytes]
TO_THE_STORY = RESIDENT[:5]
AFTER_IT = RESIDENT[8:-1]
"""From the name of the story to the card."""


async def does(phone: Phone, *deeds: Deed) -> None:
    for deed in deeds:
        await (phone.say(deed.text) if isinstance(deed, Say) else phone.tap(deed.label))


async def says(phone: Phone, words: str, seconds: float = 20.0) -> str:
    """Wait until the bot says this of itself."""
    return (await phone.user.wait_for(words, seconds)).text


async def content(house: House, blob_id: str) -> Content | None:
    return await house.app.database.read(lambda s: blobs.read(s, blob_id))


async def agreed(house: House, story: Story) -> list[tuple[str, str]]:
    past = await house.app.database.read(lambda s: consents.history(s, story.id))
    return [(each.purpose, each.event) for each in past]


async def test_a_story_is_spoken_checked_and_kept_without_its_sound(
    house: House, alice: Phone, clip: Clip
) -> None:
    await does(alice, *TO_THE_STORY)
    assert "Typ of spreek in." in alice.read
    await alice.act("voice", data=clip("monday"), seconds=5)
    assert "schrijf hem uit" in alice.read
    await does(alice, Tap("Klaar"), *AFTER_IT)
    assert SENTENCE in await says(alice, "Zo heb ik het gehoord.")
    await alice.tap("Nee, ik typ het")
    await alice.say("Ik belde op maandag, en op woensdag zat er iemand bij mij aan tafel.")
    assert "Mag de opname zelf ook blijven?" in alice.read
    await alice.tap("Nee, wis de opname")
    assert await house.count("blob") == 0
    assert await house.count("blobchunk") == 0
    await does(alice, Tap("Zo klopt het"), *YES_TO_ALL)
    story = await house.story()
    assert story.telling.text.startswith("Ik belde op maandag")
    assert story.telling.parts == [{"kind": "voice", "text": story.telling.text, "blob": ""}]
    assert "voice" not in story.purposes


async def test_sound_that_may_stay_is_kept_with_its_own_consent_until_it_is_withdrawn(
    house: House, alice: Phone, clip: Clip
) -> None:
    await does(alice, *TO_THE_STORY)
    await alice.act("voice", data=clip("monday"), seconds=5)
    await does(alice, Tap("Klaar"), *AFTER_IT)
    await says(alice, "Zo heb ik het gehoord.")
    await does(alice, Tap("Zo klopt het"), Tap("Ja, dat mag"), Tap("Zo klopt het"), *YES_TO_ALL)
    story = await house.story()
    assert story.telling.text == SENTENCE
    assert ("voice", "given") in await agreed(house, story)
    [part] = story.telling.parts
    heard = await content(house, part["blob"])
    assert heard == Content("voice", "audio/ogg", clip("monday"), 5)
    assert await house.count("blob WHERE person_id IS NOT NULL") == 0

    await does(alice, Say("/mijnverhalen"), Tap("De stoel bij het raam"), Tap("Wie mag het lezen"))
    await alice.tap("✓ De opname blijft erbij", "Zo is het goed")
    assert await house.count("blob") == 0
    story = await house.story()
    assert story.telling.text == SENTENCE
    assert ("voice", "withdrawn") in await agreed(house, story)


async def test_the_sound_goes_with_the_story(house: House, alice: Phone, clip: Clip) -> None:
    await does(alice, *TO_THE_STORY)
    await alice.act("voice", data=clip("monday"), seconds=5)
    await does(alice, Tap("Klaar"), *AFTER_IT)
    await says(alice, "Zo heb ik het gehoord.")
    await does(alice, Tap("Zo klopt het"), Tap("Ja, dat mag"), Tap("Zo klopt het"), *YES_TO_ALL)
    await does(alice, Say("/wissen"), Tap("Ja, wis alles"))
    assert await house.stories() == []
    assert await house.count("blob") == 0


async def test_a_draft_that_is_thrown_away_takes_its_files(
    house: House, alice: Phone, clip: Clip
) -> None:
    await does(alice, *TO_THE_STORY)
    await alice.act("voice", data=clip("monday"), seconds=5)
    await alice.act("photo", data=photo())
    assert await house.count("blob") == 2
    await does(alice, Say("/stop"), Tap("Gooi alles weg"))
    assert await house.count("blob") == 0


async def test_silence_can_be_left_out_and_said_again(
    house: House, alice: Phone, clip: Clip
) -> None:
    await does(alice, *TO_THE_STORY)
    await alice.act("voice", data=clip("silence"), seconds=3)
    await says(alice, "Die opname kon ik niet verstaan.")
    await alice.act("voice", data=clip("asked"), seconds=4)
    await does(alice, Tap("Klaar"), *AFTER_IT)
    await says(alice, "Bij deze opname heb ik geen tekst.")
    await alice.tap("Haal hem weg")
    await says(alice, SENTENCE)


@pytest.mark.parametrize(
    ("data", "seconds", "words"),
    [
        (b"OggS" + b"x" * 50, 301, "te lang voor mij"),
        (b"MZ this is no sound", 3, "kan ik niet openen"),
    ],
)
async def test_what_cannot_be_heard_is_said_at_once_and_not_stored(
    house: House, alice: Phone, data: bytes, seconds: int, words: str
) -> None:
    await does(alice, *TO_THE_STORY)
    await alice.act("voice", data=data, seconds=seconds)
    assert words in "".join(alice.sentences[-2:])
    assert await house.count("blob") == 0


async def test_a_broken_recording_is_found_out_while_writing(house: House, alice: Phone) -> None:
    await does(alice, *TO_THE_STORY)
    await alice.act("voice", data=b"OggS" + bytes(range(256)) * 40, seconds=3)
    await says(alice, "Die opname kon ik niet verstaan.")


async def test_a_file_that_cannot_be_fetched_is_asked_for_again(
    house: House, alice: Phone, clip: Clip, api: BotApi
) -> None:
    await does(alice, *TO_THE_STORY)
    api.faults.add(Fault("getFile", "error", times=3))
    await alice.act("voice", data=clip("monday"), seconds=5)
    assert "kwam niet goed aan" in "".join(alice.sentences[-2:])
    await alice.act("voice", data=clip("monday"), seconds=5)
    assert "schrijf hem uit" in alice.read


async def test_a_recording_at_another_question_is_not_stored(
    house: House, alice: Phone, clip: Clip
) -> None:
    await does(alice, *TO_THE_STORY[:3])
    await alice.act("voice", data=clip("monday"), seconds=5)
    assert "kan alleen bij het verhaal zelf" in "".join(alice.sentences[-2:])
    assert await house.count("blob") == 0


async def test_a_photo_is_kept_without_what_it_tells_of_place_and_time(
    house: House, alice: Phone
) -> None:
    await does(alice, *TO_THE_STORY)
    assert PLACE in photo()
    await alice.act("photo", caption="Dit is de stoel bij het raam, daar zaten wij.", data=photo())
    assert "gezicht" in "".join(alice.sentences[-3:])
    await does(alice, Tap("Klaar"), *AFTER_IT)
    assert "Mag de foto bij uw verhaal blijven?" in alice.read
    await does(alice, Tap("Ja, dat mag"))
    assert "Foto: 1 erbij" in alice.read
    await does(alice, Tap("Zo klopt het"), *YES_TO_ALL)
    story = await house.story()
    assert ("photo", "given") in await agreed(house, story)
    picture, words = story.telling.parts
    assert words["text"].startswith("Dit is de stoel")
    kept = await content(house, picture["blob"])
    assert kept is not None
    opened = Image.open(io.BytesIO(kept.data))
    assert (opened.size, opened.format, dict(opened.getexif())) == ((640, 480), "JPEG", {})
    assert PLACE not in kept.data


async def test_nothing_of_a_photo_or_recording_lies_in_the_files(
    house: House, alice: Phone, clip: Clip
) -> None:
    await does(alice, *TO_THE_STORY)
    await alice.act("photo", data=photo())
    await alice.act("voice", data=clip("monday"), seconds=5)
    assert await house.count("blob") == 2
    needles = [PLACE, b"Planted Camera", b"OggS", b"OpusHead", b"JFIF", clip("monday")[200:260]]
    for file in house.folder.iterdir():
        if file.is_file():
            data = file.read_bytes()
            assert [needle for needle in needles if needle in data] == [], file.name


@pytest.mark.parametrize("data", [bomb, lambda: b"GIF89a not a photo"], ids=["bomb", "no photo"])
async def test_a_bomb_or_no_photo_at_all_is_refused(
    house: House, alice: Phone, data: Callable[[], bytes]
) -> None:
    await does(alice, *TO_THE_STORY)
    await alice.act("photo", data=data())
    assert "kan ik niet openen" in "".join(alice.sentences[-2:])
    assert await house.count("blob") == 0


async def test_more_than_a_dozen_do_not_fit(house: House, alice: Phone) -> None:
    await does(alice, *TO_THE_STORY)
    for number in range(13):
        await alice.act("photo", data=photo(40 + number, 30))
    assert "passen er niet bij" in "".join(alice.sentences[-2:])
    assert await house.count("blob") == 12


@pytest.mark.parametrize("deed", ["video", "document"])
async def test_other_files_get_a_kind_no(house: House, alice: Phone, deed: str) -> None:
    await does(alice, *TO_THE_STORY)
    await alice.act(deed)
    assert "Dit kan ik niet aannemen." in "".join(alice.sentences[-2:])


async def test_without_a_model_the_sound_may_go_along_without_text(
    tmp_path_factory: pytest.TempPathFactory, clip: Clip
) -> None:
    folder = tmp_path_factory.mktemp("house")
    async with BotApi() as api, running(folder, api) as house:
        alice = house.phone("Alice")
        await does(alice, *TO_THE_STORY)
        assert "inspreken" not in alice.read
        await alice.act("voice", data=clip("monday"), seconds=5)
        assert "blijft geluid" in alice.read
        await does(alice, Tap("Klaar"), *AFTER_IT)
        assert "Bij deze opname heb ik geen tekst." in alice.read
        await does(alice, Tap("Laat de opname zo"), Tap("Ja, dat mag"))
        assert "Opname: 1 erbij" in alice.read
        await does(alice, Tap("Zo klopt het"), *YES_TO_ALL)
        story = await house.story()
        assert story.telling.text == ""
        assert story.telling.parts[0]["blob"]


async def test_where_they_are_off_recordings_and_photos_get_a_kind_no(
    tmp_path_factory: pytest.TempPathFactory, clip: Clip
) -> None:
    folder = tmp_path_factory.mktemp("house")
    off = {"speech": Speech(recordings=False), "pictures": Pictures(allowed=False)}
    async with BotApi() as api:
        given = settings(folder, telegram=api).model_copy(update=off)
        async with running(folder, api, given=given) as house:
            alice = house.phone("Alice")
            await does(alice, *TO_THE_STORY)
            await alice.act("voice", data=clip("monday"), seconds=5)
            assert "Inspreken kan hier niet." in "".join(alice.sentences[-2:])
            await alice.act("photo", data=photo())
            assert "Een foto kan hier niet bij." in "".join(alice.sentences[-2:])
            assert not [call for call in api.calls if call.method == "getFile"]


async def test_own_data_holds_what_was_sent(house: House, alice: Phone, clip: Clip) -> None:
    await does(alice, *TO_THE_STORY)
    await alice.act("voice", data=clip("monday"), seconds=5)
    await alice.say("/mijngegevens")
    files = dict(house.api.world.files.values())
    [file] = json.loads(files["vertelbot.json"])["files"]
    assert base64.b64decode(file["base64"]) == clip("monday")
    assert (file["kind"], file["media_type"]) == ("voice", "audio/ogg")
