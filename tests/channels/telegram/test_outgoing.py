"""The Telegram channel sends: messages, changes to them, and what failures mean."""

from __future__ import annotations

import io
import json
import logging

import pytest
from telegram.error import TelegramError

from bot.channels.base import Echo, Outgoing, Refused, SendError, TryLater, Uncertain, Unreachable
from bot.channels.telegram import outgoing as telegram_sending
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.client import RedactToken
from bot.channels.telegram.profile import Profile
from bot.channels.telegram.request import Parameters, Request
from conversations.engine.effects import Button, Mark, Progress, Say, Tick
from tests.botapi import BotApi, Limits, User
from tests.channels.telegram.kit import QUESTION, YES_NO, to


async def test_a_question_has_its_buttons_and_anything_else_the_fixed_ones(
    telegram: Telegram, alice: User
) -> None:
    menu = ("Hulp nu", "Stoppen")
    await telegram.send(to(alice, QUESTION, menu=menu))
    assert (alice.last.labels, alice.keyboard) == (["Ja", "Nee"], [])
    await telegram.send(to(alice, Say("Vertel maar", turn=4), menu=menu))
    assert (alice.last.text, alice.last.labels) == ("Vertel maar", [])
    assert alice.keyboard == ["Hulp nu", "Stoppen"]


async def test_what_is_still_to_come_stands_below_the_question(
    telegram: Telegram, alice: User
) -> None:
    await telegram.send(to(alice, Say("Hoe?", turn=4, progress=Progress(4, 30, "Nog 4 vragen."))))
    assert alice.last.text == "Hoe?\nNog 4 vragen."


async def test_text_is_plain_and_shows_no_preview(
    api: BotApi, telegram: Telegram, alice: User
) -> None:
    await telegram.send(to(alice, Say("<b>1 < 2</b> & https://example.org")))
    assert alice.last.text == "<b>1 < 2</b> & https://example.org"
    params = api.called("sendMessage")[0].params
    assert "parse_mode" not in params
    assert params["link_preview_options"] == {"is_disabled": True}


async def test_a_long_text_is_sent_in_pieces_with_the_buttons_under_the_last(
    telegram: Telegram, alice: User
) -> None:
    long = Say("\n\n".join(["een " * 400, "twee " * 400, "drie " * 400]).strip(), YES_NO, turn=1)
    sent = await telegram.send(to(alice, long))
    assert [message.labels for message in alice.messages] == [[], ["Ja", "Nee"]]
    assert sent == ",".join(str(message.id) for message in alice.messages)
    await telegram.send(to(alice, Mark(1, "Ja"), asked=long, ref=sent))
    assert alice.last.text.endswith("drie\n\n✓ Ja")


async def test_a_piece_that_went_is_not_sent_again(
    api: BotApi, telegram: Telegram, alice: User
) -> None:
    long = Say(f"{'a' * 4000}\n\n{'b' * 4000}")
    api.fault("sendMessage", "error", skip=1, status=429, retry_after=3)
    with pytest.raises(TryLater):
        await telegram.send(to(alice, long))
    await telegram.send(to(alice, long))
    assert [message.text[0] for message in alice.messages] == ["a", "b"]


async def test_pieces_of_what_will_never_go_on_are_forgotten(
    api: BotApi, telegram: Telegram, alice: User
) -> None:
    long = Say(f"{'a' * 4000}\n\n{'b' * 4000}")
    for status, error in ((403, Unreachable), (400, Refused)):
        api.fault("sendMessage", "error", skip=1, status=status)
        with pytest.raises(error):
            await telegram.send(to(alice, long))
        assert not telegram._sender._pieces_sent


async def test_pieces_are_remembered_of_the_newest_messages_only(
    api: BotApi, telegram: Telegram, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_sending, "MOST_IN_PIECES", 2)
    long = Say(f"{'a' * 4000}\n\n{'b' * 4000}")
    for row in range(1, 5):
        api.fault("sendMessage", "error", skip=1, status=429, retry_after=3)
        with pytest.raises(TryLater):
            await telegram.send(Outgoing(row, str(alice.id), long))
    assert list(telegram._sender._pieces_sent) == [3, 4]
    await telegram.send(Outgoing(4, str(alice.id), long))
    assert [message.text[0] for message in alice.messages] == ["a", "a", "a", "a", "b"]


async def test_an_answered_question_shows_the_answer_and_loses_its_buttons(
    telegram: Telegram, alice: User
) -> None:
    sent = await telegram.send(to(alice, QUESTION))
    mark = to(alice, Mark(3, "Ja"), asked=QUESTION, ref=sent)
    assert await telegram.send(mark) == sent
    assert (alice.last.text, alice.last.buttons) == ("Wil je vertellen?\n\n✓ Ja", [])
    await telegram.send(mark)
    assert alice.last.edits == 1


async def test_a_question_answered_in_words_stays_as_it_is(
    api: BotApi, telegram: Telegram, alice: User
) -> None:
    asked = Say("Om welke zin draait het?", turn=5)
    sent = await telegram.send(to(alice, asked, menu=("Hulp nu",)))
    await telegram.send(to(alice, Mark(5, "De tuin"), asked=asked, ref=sent))
    assert [call.method for call in api.calls if call.method != "getUpdates"] == ["sendMessage"]


@pytest.mark.parametrize("chosen", ["", "x" * 4090])
async def test_a_mark_without_room_or_words_only_takes_the_buttons_away(
    telegram: Telegram, alice: User, chosen: str
) -> None:
    sent = await telegram.send(to(alice, QUESTION))
    await telegram.send(to(alice, Mark(3, chosen), asked=QUESTION, ref=sent))
    assert (alice.last.text, alice.last.buttons) == (QUESTION.text, [])


async def test_ticks_change_only_the_buttons(telegram: Telegram, alice: User) -> None:
    sent = await telegram.send(to(alice, QUESTION))
    ticked = (Button("o:yes", "Ja", picked=True), Button("o:no", "Nee"))
    for _ in range(2):
        await telegram.send(to(alice, Tick(3, ticked), asked=QUESTION, ref=sent))
    assert (alice.last.text, alice.last.labels) == (QUESTION.text, ["✓ Ja", "Nee"])
    assert alice.last.buttons[0].data == "3:o:yes"


async def test_changing_a_message_that_is_not_there_is_no_trouble(
    api: BotApi, telegram: Telegram, alice: User
) -> None:
    await telegram.send(to(alice, Mark(3, "Ja"), asked=QUESTION, ref="9999"))
    await telegram.send(to(alice, Mark(3, "Ja"), asked=QUESTION))
    await telegram.send(to(alice, Tick(3, YES_NO), asked=QUESTION))
    await telegram.send(to(alice, Echo("dag", "1")))
    assert len([call for call in api.calls if call.method != "getUpdates"]) == 1


async def failure(telegram: Telegram, outgoing: Outgoing) -> SendError:
    with pytest.raises(SendError) as caught:
        await telegram.send(outgoing)
    error = caught.value
    assert "token" not in str(error)
    assert outgoing.address not in str(error)
    assert error.__cause__ is None
    return error


async def test_a_429_says_when_to_try_again(api: BotApi, telegram: Telegram, alice: User) -> None:
    api.limits = Limits(per_chat=0.5, burst=1)
    await telegram.send(to(alice, Say("een")))
    error = await failure(telegram, to(alice, Say("twee")))
    assert isinstance(error, TryLater)
    assert error.after == 2.0


async def test_no_connection_means_nothing_was_sent(
    api: BotApi, telegram: Telegram, alice: User
) -> None:
    await api.stop()
    error = await failure(telegram, to(alice, Say("dag")))
    assert (type(error), getattr(error, "after", 0)) == (TryLater, None)


@pytest.mark.parametrize("kind", ["before", "after", "error", "lost"])
async def test_a_lost_answer_or_a_broken_gateway_leaves_it_uncertain(
    api: BotApi, telegram: Telegram, alice: User, kind: str
) -> None:
    api.fault("sendMessage", kind, status=502)
    assert isinstance(await failure(telegram, to(alice, Say("dag"))), Uncertain)
    assert len(alice.messages) == (kind in ("after", "lost"))


async def test_a_person_who_blocked_the_bot_is_unreachable(telegram: Telegram, alice: User) -> None:
    sent = await telegram.send(to(alice, QUESTION))
    await alice.block()
    assert isinstance(await failure(telegram, to(alice, Say("dag"))), Unreachable)
    mark = to(alice, Mark(3, "Ja"), asked=QUESTION, ref=sent)
    assert isinstance(await failure(telegram, mark), Unreachable)


async def test_what_telegram_will_never_take_is_refused(api: BotApi, telegram: Telegram) -> None:
    nobody = User(api.world, 99, "Nobody", "")
    del api.world.chats[99]
    error = await failure(telegram, to(nobody, Say("dag")))
    assert isinstance(error, Refused)
    assert str(error) == "400 from the Bot API: chat not found"


async def test_commands_and_descriptions_are_set_per_language(
    api: BotApi, telegram: Telegram
) -> None:
    dutch = Profile("nl", [("stop", "Even stoppen")], "Een verhaal in vijf minuten.", "Vertel.")
    english = Profile("en", [("stop", "Take a break")], "A story in five minutes.", "Tell.")
    await telegram.prepare([dutch, english])
    settings = api.world.settings
    assert sorted(settings) == ["", "en", "nl"]
    assert settings[""] == settings["nl"]
    assert settings["en"]["commands"] == [{"command": "stop", "description": "Take a break"}]
    assert await telegram.username() == api.world.bot["username"]


@pytest.mark.parametrize("kind", ["before", "after", "error"])
async def test_commands_are_set_again_until_they_are_set(
    api: BotApi, telegram: Telegram, kind: str
) -> None:
    for method in ("getMe", "setMyCommands", "setMyShortDescription"):
        api.fault(method, kind, status=502, times=3)
    await telegram.prepare([Profile("nl", [("stop", "Even stoppen")], "Lang.", "Kort.")])
    assert api.faults.waiting == []
    for settings in api.world.settings.values():
        assert settings["commands"] == [{"command": "stop", "description": "Even stoppen"}]
        assert settings["short_description"] == "Kort."
    assert telegram.own_name == api.world.bot["username"]


async def test_trouble_with_descriptions_does_not_stop_the_start(
    api: BotApi, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    api.fault("setMyDescription", "error", status=500)
    await telegram.prepare([Profile("nl", [], "", "")])
    assert "could not set the commands" in caplog.text


async def test_the_token_is_taken_out_of_any_log_line(api: BotApi) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactToken(api.token))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    logger.warning("GET %s/bot%s/getMe", api.url, api.token)
    error = OSError(f"bot{api.token}")
    logger.error("failed", exc_info=error)
    assert stream.getvalue().count("<token>") == 2
    assert api.token not in stream.getvalue()


async def test_the_libraries_say_nothing_of_urls_and_texts(
    api: BotApi, telegram: Telegram, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await telegram.send(to(alice, Say("geheim verhaal")))
    assert api.token not in caplog.text
    assert "geheim" not in caplog.text


def test_a_keyboard_goes_out_as_json_and_an_answer_comes_in_without_half_characters() -> None:
    keys = {"inline_keyboard": [[{"text": "heel \U0001f642", "callback_data": "1:on"}]]}
    sent = Parameters({"chat_id": 7, "text": "Dag", "reply_markup": keys, "caption": None})
    assert json.loads(sent.body()["data"]) == {"chat_id": 7, "text": "Dag", "reply_markup": keys}
    assert Request.parse_json_payload(b'{"result": "half \\ud83d"}') == {"result": "half ?"}
    with pytest.raises(TelegramError):
        Request.parse_json_payload(b"<html>")
