"""The queue and the process beside the chat: killed, silent, broken, stopped half-way, too late."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.media import transcription_queue
from bot.settings import Speech
from tests.botapi import BotApi
from tests.end_to_end.kit import House, Phone, running, settings
from tests.end_to_end.scripts import YES_TO_ALL, Say, Tap
from tests.end_to_end.tellers import WebTeller
from tests.media.parrot import SENTENCE
from tests.media.test_telegram import AFTER_IT, TO_THE_STORY, does, says

Clip = Callable[[str], bytes]

BEGIN = """
import json, pathlib, sys, time
count = pathlib.Path(__file__).with_suffix(".count")

def jobs():
    print(json.dumps({"ready": True}), flush=True)
    for line in iter(sys.stdin.buffer.readline, b""):
        sys.stdin.buffer.read(json.loads(line)["bytes"])
        number = int(count.read_text()) + 1 if count.exists() else 1
        count.write_text(str(number))
        yield number

def says(text):
    said = {"text": text, "language": "nl", "seconds": 3.0, "problem": ""}
    print(json.dumps(said), flush=True)

for number in jobs():
"""
"""A worker that is not one: it only speaks as one does."""


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Replaces the process: what it does with each job, by its number. Returns where it counts."""
    monkeypatch.setattr(transcription_queue, "POLL", 0.05)

    def replace(deed: str) -> Path:
        script = tmp_path / "worker.py"
        script.write_text(BEGIN + "".join(f"    {line}\n" for line in deed.splitlines()))
        monkeypatch.setattr(transcription_queue, "WORKER", (str(script),))
        return script.with_suffix(".count")

    return replace


async def speaks(alice: Phone, clip: Clip) -> None:
    await does(alice, *TO_THE_STORY)
    await alice.act("voice", data=clip("asked"), seconds=4)


async def settled(house: House) -> None:
    """Wait until nothing is to be transcribed."""
    async with asyncio.timeout(60):
        while await house.count("blob WHERE state <> ''"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await house.settle()


async def test_a_worker_that_dies_is_replaced_and_nothing_is_lost(
    worker: Callable[[str], Path], house: House, alice: Phone, clip: Clip
) -> None:
    count = worker("sys.exit(1) if number == 1 else says('Zij luisterde een uur.')")
    await speaks(alice, clip)
    await does(alice, Tap("Klaar"), *AFTER_IT)
    await says(alice, "Zij luisterde een uur.")
    assert count.read_text() == "2"


async def test_a_recording_that_kills_every_worker_is_given_up_kindly(
    worker: Callable[[str], Path], house: House, alice: Phone, clip: Clip
) -> None:
    count = worker("sys.exit(1)")
    await speaks(alice, clip)
    await says(alice, "Die opname kon ik niet verstaan.")
    assert count.read_text() == str(transcription_queue.TRIES)
    await settled(house)
    assert await house.count("blob") == 1


async def test_a_worker_that_says_nothing_is_stopped(
    worker: Callable[[str], Path],
    house: House,
    alice: Phone,
    clip: Clip,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transcription_queue, "SILENT", 1.0)
    worker("time.sleep(60) if number == 1 else says('Zij luisterde een uur.')")
    await speaks(alice, clip)
    await does(alice, Tap("Klaar"), *AFTER_IT)
    await says(alice, "Zij luisterde een uur.")


async def test_stopped_half_way_it_goes_on_after_the_next_start(
    worker: Callable[[str], Path], tmp_path: Path, api: BotApi, model: Path, clip: Clip
) -> None:
    speech = Speech(model=str(model), threads=1)
    given = settings(tmp_path, telegram=api).model_copy(update={"speech": speech})
    count = worker("time.sleep(60) if number == 1 else says('Zij luisterde een uur.')")
    async with running(tmp_path, api, given=given) as house:
        before = house.phone("Alice")
        await speaks(before, clip)
        async with asyncio.timeout(60):
            while not count.exists():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    async with running(tmp_path, api, given=given) as house:
        alice = Phone(house, before.user)
        await does(alice, Tap("Klaar"), *AFTER_IT)
        await says(alice, "Zij luisterde een uur.")
        assert await house.count("blob") == 1


async def test_who_is_erased_meanwhile_hears_nothing_more(
    worker: Callable[[str], Path], house: House, alice: Phone, clip: Clip
) -> None:
    count = worker("time.sleep(0.6)\nsays('Zij luisterde een uur.')")
    await speaks(alice, clip)
    async with asyncio.timeout(60):
        while not count.exists():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await alice.say("/wissen")
    await alice.tap("Ja, wis alles")
    said = len(alice.sentences)
    await asyncio.sleep(1.0)
    await house.settle()
    assert alice.sentences[said:] == []
    assert await house.count("blob") == 0


async def test_a_citizen_number_that_was_spoken_is_taken_out_with_its_sound(
    worker: Callable[[str], Path], house: House, alice: Phone, clip: Clip
) -> None:
    worker("says('Mijn nummer is 123456782 en ik belde.')")
    await speaks(alice, clip)
    await says(alice, "Er stond een BSN in uw bericht.")
    await does(alice, Tap("Klaar"), *AFTER_IT)
    assert "Mijn nummer is [BSN] en ik belde." in alice.read
    assert await house.count("blob") == 0
    await alice.tap("Zo klopt het")
    assert "Mag de opname" not in alice.read


async def test_a_recording_that_says_a_replaced_name_is_asked_about_plainly(
    worker: Callable[[str], Path], house: House, alice: Phone, clip: Clip
) -> None:
    worker("says('Mijn buurvrouw Fatima kwam en luisterde een uur.')")
    await speaks(alice, clip)
    await does(alice, Tap("Klaar"), *AFTER_IT)
    await says(alice, "Mijn buurvrouw Fatima kwam")
    await does(alice, Tap("Zo klopt het"), Tap("Ja, overal"))
    assert "In de opname zijn ze nog te horen." in alice.read
    assert await house.count("blob") == 1
    await does(alice, Tap("Nee, wis de opname"), Tap("Zo klopt het"), *YES_TO_ALL)
    assert await house.count("blob") == 0
    story = await house.story()
    assert story.telling.text == "Mijn buurvrouw [naam] kwam en luisterde een uur."


async def test_a_name_that_is_replaced_goes_from_the_typed_correction_on_the_page_too(
    worker: Callable[[str], Path], house: House, clip: Clip
) -> None:
    worker("says('Mijn buurvrouw Fatiha kwam en luisterde een uur.')")
    async with WebTeller(house) as carol:
        await carol.say("/start")
        for deed in TO_THE_STORY[1:]:
            await (carol.say(deed.text) if isinstance(deed, Say) else carol.tap(deed.label))
        await carol.speak(clip("asked"))
        await settled(house)
        for deed in (Tap("Klaar"), *AFTER_IT):
            await (carol.say(deed.text) if isinstance(deed, Say) else carol.tap(deed.label))
        await carol.say("Mijn buurvrouw Fatima kwam en luisterde een uur.")
        await carol.tap("Ja, overal")
        page = {row["ref"]: row for row in carol.rows if row["op"] == "echo" and row.get("ref")}
        assert "Fatima" not in json.dumps(page)
        assert [row.get("kind") for row in page.values()].count("voice") == 1
        await carol.close()


async def test_a_very_long_text_is_shown_whole_and_looked_at_to_its_end(
    worker: Callable[[str], Path], house: House, alice: Phone, clip: Clip
) -> None:
    worker("says('Zij luisterde. ' * 600 + 'Toen kwam Fatima binnen.')")
    await speaks(alice, clip)
    await does(alice, Tap("Klaar"), *AFTER_IT)
    await says(alice, "Toen kwam Fatima binnen.")
    shown = [message.text for message in alice.user.messages]
    assert max(len(text) for text in shown) <= 4096
    assert "".join(shown).count("Zij luisterde.") == 600
    await alice.tap("Zo klopt het")
    assert "‘Fatima’ → [naam]" in alice.read
    await does(alice, Tap("Ja, overal"), Tap("Nee, wis de opname"), Tap("Zo klopt het"))
    await does(alice, *YES_TO_ALL)
    assert (await house.story()).telling.text.endswith("Zij luisterde. Toen kwam [naam] binnen.")


async def test_recordings_are_written_out_one_after_the_other(
    worker: Callable[[str], Path], house: House, clip: Clip
) -> None:
    worker("says(f'Opname {number} ging over mijn zus.')")
    people = [house.phone(name) for name in ("Alice", "Bob", "Chris")]
    for person in people:
        await speaks(person, clip)
    await settled(house)
    for person in people:
        await does(person, Tap("Klaar"), *AFTER_IT)
    heard = sorted(person.read.split("\n\n")[1] for person in people)
    assert heard == [f"Opname {number} ging over mijn zus." for number in (1, 2, 3)]


async def test_how_far_it_is_can_be_seen(
    worker: Callable[[str], Path], house: House, alice: Phone, clip: Clip
) -> None:
    worker("print(json.dumps({'done': 1.5, 'of': 4.0}), flush=True)\ntime.sleep(0.5)\nsays('Ja.')")
    await speaks(alice, clip)
    seen = set()
    async with asyncio.timeout(60):
        while await house.count("blob WHERE state <> ''"):
            seen.add((house.app.listener.done, house.app.listener.of))
            await asyncio.sleep(0.02)
    assert (1.5, 4.0) in seen
    assert (house.app.listener.done, house.app.listener.of) == (0.0, 0.0)


async def test_the_next_in_the_queue_hears_how_many_are_before(
    worker: Callable[[str], Path], house: House, alice: Phone, clip: Clip
) -> None:
    worker("time.sleep(60)")
    await speaks(alice, clip)
    assert "schrijf hem uit" in alice.read
    bob = house.phone("Bob")
    await speaks(bob, clip)
    assert "In de rij ervoor: 1." in bob.read


async def test_when_the_queue_is_full_the_next_one_hears_so(
    worker: Callable[[str], Path], tmp_path: Path, api: BotApi, model: Path, clip: Clip
) -> None:
    speech = Speech(model=str(model), threads=1, queue=1)
    given = settings(tmp_path, telegram=api).model_copy(update={"speech": speech})
    worker("time.sleep(60)")
    async with running(tmp_path, api, given=given) as house:
        await speaks(house.phone("Alice"), clip)
        bob = house.phone("Bob")
        await speaks(bob, clip)
        assert "wachten nu veel opnamen" in "".join(bob.sentences[-2:])
        assert await house.count("blob") == 1


async def test_a_model_that_cannot_be_loaded_stops_nobody(
    tmp_path: Path,
    api: BotApi,
    model: Path,
    clip: Clip,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transcription_queue, "POLL", 0.05)
    broken = tmp_path / "model"
    broken.mkdir()
    for name in ("config.json", "tokenizer.json"):
        (broken / name).write_bytes((model / name).read_bytes())
    (broken / "model.bin").write_bytes(b"no model")
    given = settings(tmp_path, telegram=api)
    given = given.model_copy(update={"speech": Speech(model=str(broken))})
    async with running(tmp_path, api, given=given) as house:
        alice = house.phone("Alice")
        await speaks(alice, clip)
        await says(alice, "Die opname kon ik niet verstaan.")
    assert "put a faster-whisper model there" in caplog.text


async def test_what_is_said_of_recordings_names_nobody(
    house: House, alice: Phone, clip: Clip, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await speaks(alice, clip)
    await settled(house)
    for secret in (SENTENCE, str(alice.user.id), house.api.token):
        assert secret not in caplog.text
