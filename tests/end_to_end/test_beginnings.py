"""The first words, and words that are none of a story: a welcome before the warning, languages,
unknown commands, codes that were mistyped, coming back."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.channels.base import Account
from bot.channels.command_parser import KNOWN, parse
from bot.settings import TelegramSettings, WebSettings
from bot.turns.conversation import is_reachable
from tests.botapi import BotApi
from tests.end_to_end.kit import House, Phone, free_port, running, settings
from tests.end_to_end.scripts import ONLY_KEEP, RESIDENT, tell
from tests.end_to_end.tellers import WebTeller


async def test_the_first_words_are_a_welcome_and_the_notice_follows_in_the_right_form(
    house: House, alice: Phone
) -> None:
    await alice.say("/start")
    assert [each for each in alice.sentences if "Telegram" in each] == []
    assert alice.sentences[0].startswith("Welkom.")
    await alice.tap("Een inwoner")
    (notice,) = [each for each in alice.sentences if "Telegram" in each]
    assert notice.startswith("U zit nu in Telegram.")
    assert "127.0.0.1" not in " ".join(alice.sentences)
    bob = house.phone("Bob")
    await bob.say("/start")
    await bob.tap("Iemand van een team")
    (notice,) = [each for each in bob.sentences if "Telegram" in each]
    assert notice.startswith("Je zit nu in Telegram.")


async def test_where_a_phone_can_reach_the_pages_the_notice_names_them(
    tmp_path: Path, api: BotApi
) -> None:
    given = settings(tmp_path, telegram=api)
    given = given.model_copy(
        update={
            "telegram": TelegramSettings(token=SecretStr(api.token), base_url=api.url),
            "web": WebSettings(port=free_port(), public_url="https://verhaal.example.nl"),
        }
    )
    async with running(tmp_path, api, given=given) as house:
        alice = house.phone("Alice")
        await alice.say("/start resident")
        (notice,) = [each for each in alice.sentences if "Telegram" in each]
        assert notice.endswith("https://verhaal.example.nl.")
        assert alice.sentences.index(notice) == 1


@pytest.mark.parametrize(
    ("url", "reachable"),
    [
        ("https://verhaal.example.nl", True),
        ("http://verhaal.example.nl", False),
        ("https://127.0.0.1:8080", False),
        ("https://10.1.2.3", False),
        ("https://localhost", False),
        ("https://bot.local", False),
    ],
)
def test_which_addresses_a_phone_can_reach(url: str, reachable: bool) -> None:
    assert is_reachable(url) == reachable


@pytest.mark.parametrize("language", ["de", "pl", "pt-br", "zh-hans"])
async def test_a_phone_in_a_language_that_is_not_spoken_sees_those_that_are(
    house: House, language: str
) -> None:
    phone = house.phone(f"Eva-{language}", language)
    await phone.say("/start")
    assert {"English", "Türkçe", "العربية"} <= {each.rstrip(" *") for each in phone.last.labels}
    await phone.tap("English")
    assert "Welcome" in phone.read


@pytest.mark.parametrize("text", ["/onzin", "/mijnverhaal", "/help@other_bot", "/onzin nu", "/"])
async def test_an_unknown_command_is_named_and_no_part_of_the_story(
    house: House, alice: Phone, text: str
) -> None:
    await tell(alice, RESIDENT[:6])
    before = len(alice.sentences)
    await alice.say(text)
    word = text.split()[0].removeprefix("/").partition("@")[0]
    told = alice.since(before)
    assert any(each.startswith(f"De opdracht /{word} ken ik niet.") for each in told)
    assert ("niet bewaard" in told[0]) == (" " in text)
    await tell(alice, RESIDENT[6:], ONLY_KEEP)
    assert text.split()[0] not in (await house.story()).telling.text


@pytest.mark.parametrize("command", sorted({*KNOWN, "onzin"} - {"start", "taal", "language"}))
async def test_words_behind_a_command_are_heard_and_said_not_to_be_kept(
    house: House, alice: Phone, command: str
) -> None:
    await tell(alice, RESIDENT[:6])
    before = len(alice.sentences)
    await alice.say(f"/{command} ik wil dood")
    told = alice.since(before)
    assert "113" in told[0]
    assert any("niet bewaard" in each for each in told)


@pytest.mark.parametrize(("language", "text"), [("tr", "/yardım"), ("ar", "/مساعدة")])
async def test_a_command_for_help_in_a_language_that_is_spoken_shows_who_can_help(
    house: House, language: str, text: str
) -> None:
    phone = house.phone(f"Help-{language}", language)
    await phone.say("/start", text)
    assert any("113" in each for each in phone.sentences)


def test_words_behind_a_slash_that_are_somebodys_own_stay_words() -> None:
    assert parse("/onzin") == Account("unknown", "onzin")
    assert parse("/ ja") is None
    assert parse("//") is None
    assert parse("/of ik nou wilde of niet, het hielp") is None


async def test_a_mistyped_code_is_answered_with_the_word_that_is_not_known(
    house: House, alice: Phone
) -> None:
    await alice.say("aanbod fiets akker appel avond")
    assert "Welkom" not in alice.read
    (said,) = [each for each in alice.sentences if "ken ik niet" in each]
    assert "fiets" in said


async def test_a_mistyped_code_in_the_web_chat(house: House) -> None:
    async with WebTeller(house) as page:
        await page.say("/start")
        await page.say("aanbod fietsbel akker appel avond")
        assert any("fietsbel" in each for each in page.sentences), page.sentences


async def test_after_unblocking_the_open_story_is_offered_first(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:6])
    await alice.act("block")
    before = len(alice.sentences)
    await alice.act("unblock")
    said = alice.since(before)
    assert said[0].startswith("Fijn dat u er weer bent.")
    assert "Beginnen" not in alice.last.labels
    await alice.say("ik ben er weer")
    await house.settle()
    assert "verder" in said[0].lower()


async def test_after_keeping_an_edit_shows_the_button_my_stories(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT, ONLY_KEEP)
    await alice.edit("De stoel bij het raam", "De stoel bij de deur")
    shown = [m for m in alice.user.messages if "Mijn verhalen" in m.labels]
    assert shown
